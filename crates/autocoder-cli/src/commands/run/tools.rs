//! How the agents of a run reach their tools: each at a socket of its own, served by this process.
//!
//! So an agent in a sandbox needs no way to the database, and a run that ended has no tools any more.

use std::collections::HashMap;
use std::io;
use std::net::Shutdown;
use std::os::unix::net::UnixStream as StdStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use autocoder_agent::crew::{Identity, Tools};
use autocoder_agent::runner::McpEndpoint;
use autocoder_core::agent::{Isolation, RunnerKind};
use autocoder_core::error::Refused;
use autocoder_core::ids::RunId;
use autocoder_core::ports::{Store, StoreError, UsageMeter, Verifier};
use autocoder_mcp::{Session, serve};
use tempfile::TempDir;
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;

use crate::commands::mcp::verifier;
use crate::exit::Failure;
use crate::installation::Installation;
use crate::output::Output;
use crate::root::{self, Root};

/// The path of a socket has 108 bytes on Linux and 104 on macOS.
const LONGEST_FOLDER: usize = 75;
/// An agent that opens more connections loses its oldest.
const CONNECTIONS: usize = 16;

/// The sockets of the runs that live.
pub(super) struct SocketTools {
    program: PathBuf,
    folder: Folder,
    store: Arc<dyn Store>,
    usage: Arc<dyn UsageMeter>,
    verifier: Arc<dyn Verifier>,
    output: Output,
    doors: Mutex<HashMap<RunId, Door>>,
}

/// Where sockets are; only we may enter it.
enum Folder {
    Data(PathBuf),
    Short(TempDir),
}

/// The tools of one run.
struct Door {
    accepting: JoinHandle<()>,
    streams: Streams,
}

type Streams = Arc<Mutex<Vec<StdStream>>>;

impl SocketTools {
    pub(super) fn new(
        root: &Root,
        installation: &Installation,
        (runner, isolation): (RunnerKind, Option<Isolation>),
    ) -> Result<Self, Failure> {
        let store = Arc::clone(&installation.store);
        let data = (root.config.data_dir.value.clone(), root.config.environment.clone());
        Ok(Self {
            program: super::own_program()?,
            folder: Folder::of(&root.config.data_dir.value)?,
            usage: root::meter(Arc::clone(&store), runner),
            verifier: verifier((runner, isolation), &data),
            store,
            output: root.output.clone(),
            doors: Mutex::default(),
        })
    }

    fn session(&self, identity: &Identity) -> Session {
        let output = self.output.clone();
        Session {
            store: Arc::clone(&self.store),
            usage: Arc::clone(&self.usage),
            verifier: Arc::clone(&self.verifier),
            project: identity.project,
            project_name: identity.project_name.clone(),
            agent: identity.agent.clone(),
            role: Some(identity.role),
            run: Some(identity.run),
            fence: identity.claim,
            log: Arc::new(move |line| output.note(line)),
        }
    }

    fn doors(&self) -> MutexGuard<'_, HashMap<RunId, Door>> {
        self.doors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Tools for SocketTools {
    async fn endpoint(&self, identity: &Identity) -> Result<McpEndpoint, Refused> {
        let socket = self.folder.socket(identity.run);
        let failed = |error: io::Error| StoreError::Failed { step: "opening a socket", detail: error.to_string() };
        let listener = UnixListener::bind(&socket).map_err(failed)?;
        let streams = Streams::default();
        let accepting = tokio::spawn(accept(listener, self.session(identity), Arc::clone(&streams)));
        self.doors().insert(identity.run, Door { accepting, streams });
        Ok(McpEndpoint::bridged(self.program.clone(), &socket))
    }

    async fn done(&self, identity: &Identity) {
        if let Some(door) = self.doors().remove(&identity.run) {
            door.close();
        }
        // Also that of a run whose supervisor was killed.
        let _ = std::fs::remove_file(self.folder.socket(identity.run));
    }
}

impl Folder {
    fn of(data_dir: &Path) -> io::Result<Self> {
        let folder = data_dir.join("tools");
        if folder.as_os_str().len() > LONGEST_FOLDER {
            return Ok(Self::Short(tempfile::Builder::new().prefix("autocoder-").tempdir()?));
        }
        std::fs::create_dir_all(&folder)?;
        Ok(Self::Data(folder))
    }

    fn socket(&self, run: RunId) -> PathBuf {
        let folder = match self {
            Self::Data(folder) => folder,
            Self::Short(folder) => folder.path(),
        };
        folder.join(format!("{run}.sock"))
    }
}

impl Door {
    /// Hangs up, so that each session ends as if its agent had closed it: heartbeat and verification end with it.
    fn close(self) {
        self.accepting.abort();
        for stream in self.streams.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

async fn accept(listener: UnixListener, session: Session, streams: Streams) {
    while let Ok((stream, _)) = listener.accept().await {
        let Ok((stream, own)) = twice(stream) else { continue };
        keep(&mut streams.lock().unwrap_or_else(PoisonError::into_inner), own);
        let (session, log) = (session.clone(), Arc::clone(&session.log));
        tokio::spawn(async move {
            let (read, write) = stream.into_split();
            if let Err(error) = serve(session, read, write).await {
                log(&error.to_string());
            }
        });
    }
}

fn keep(streams: &mut Vec<StdStream>, stream: StdStream) {
    if streams.len() == CONNECTIONS {
        let _ = streams.remove(0).shutdown(Shutdown::Both);
    }
    streams.push(stream);
}

/// The stream, and a hold on it to hang up by.
fn twice(stream: UnixStream) -> io::Result<(UnixStream, StdStream)> {
    let stream = stream.into_std()?;
    let own = stream.try_clone()?;
    Ok((UnixStream::from_std(stream)?, own))
}
