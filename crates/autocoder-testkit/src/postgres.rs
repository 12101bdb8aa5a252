//! A private PostgreSQL cluster: its own directory, a Unix socket only, gone when its owner is gone.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio, id};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use nix::unistd::{User, geteuid};

/// Names the socket directory of a running cluster, so that a whole test run shares one.
pub const SOCKET_DIR_VARIABLE: &str = "AUTOCODER_TEST_POSTGRES";

const PROGRAMS: [&str; 5] = ["initdb", "pg_ctl", "postgres", "psql", "createdb"];

/// Stops and removes the cluster in `$1` once standard input ends, however its owner ended.
const KEEPER: &str = r#"trap "" HUP INT TERM; read -r _; pg_ctl stop -s -m immediate -D "$1/data"; rm -rf "$1""#;

/// Why there is no cluster or no database.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PostgresError {
    /// A program of the server package was not found.
    #[error("PostgreSQL is missing: apt-get install postgresql")]
    Missing,
    /// A program of PostgreSQL ended with an error.
    #[error("`{program}` failed: {output}")]
    Program {
        /// The program's name.
        program: &'static str,
        /// What it printed, or why it did not start.
        output: String,
    },
    /// The cluster's directory could not be prepared.
    #[error("cannot prepare the cluster's directory: {0}")]
    Directory(String),
}

impl From<io::Error> for PostgresError {
    fn from(error: io::Error) -> Self {
        Self::Directory(error.to_string())
    }
}

/// Whether a commit reaches the disk before it is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// For tests: nothing is synced.
    Volatile,
    /// For figures: the server's own defaults.
    Durable,
}

/// A running cluster, reached through the socket in its directory as the superuser `postgres`.
#[derive(Debug)]
pub struct PostgresCluster {
    programs: Programs,
    socket_dir: PathBuf,
    keeper: Option<Child>,
}

impl PostgresCluster {
    /// Creates and starts a cluster of its own, which takes one to two seconds.
    ///
    /// # Errors
    /// When PostgreSQL is missing or does not start.
    pub fn start(durability: Durability) -> Result<Self, PostgresError> {
        let programs = Programs::find()?;
        // TMPDIR may be deep: a socket's path has at most 107 bytes.
        let socket_dir = tempfile::Builder::new().prefix("autocoder-pg-").tempdir_in("/tmp")?.keep();
        if let Some(user) = &programs.user {
            chown(&socket_dir, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
        }
        let keeper = programs.keep(&socket_dir)?;
        let cluster = Self { programs, socket_dir, keeper: Some(keeper) };
        cluster.launch(durability)?;
        Ok(cluster)
    }

    /// The cluster whose socket is in `socket_dir`, which somebody else stops.
    ///
    /// # Errors
    /// When PostgreSQL's programs are missing.
    pub fn running_in(socket_dir: impl Into<PathBuf>) -> Result<Self, PostgresError> {
        Ok(Self { programs: Programs::find()?, socket_dir: socket_dir.into(), keeper: None })
    }

    /// One volatile cluster a process: the one that [`SOCKET_DIR_VARIABLE`] names, else its own.
    ///
    /// # Errors
    /// The same at every call, when PostgreSQL is missing or does not start.
    pub fn shared() -> Result<&'static Self, PostgresError> {
        static SHARED: OnceLock<Result<PostgresCluster, PostgresError>> = OnceLock::new();
        SHARED
            .get_or_init(|| match env::var_os(SOCKET_DIR_VARIABLE) {
                Some(socket_dir) => Self::running_in(socket_dir),
                None => Self::start(Durability::Volatile),
            })
            .as_ref()
            .map_err(Clone::clone)
    }

    /// Whether this machine has the programs that a cluster needs.
    #[must_use]
    pub fn is_installed() -> bool {
        Programs::find().is_ok()
    }

    /// The directory of the cluster's socket.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// The URL of `database` for sqlx and sea-orm.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.socket_dir.display())
    }

    /// Creates an empty database with a name of its own and answers that name.
    ///
    /// # Errors
    /// When `createdb` fails.
    pub fn create_database(&self) -> Result<String, PostgresError> {
        static CREATED: AtomicU32 = AtomicU32::new(0);
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_nanos());
        let name = format!("t{nanos}_{}_{}", id(), CREATED.fetch_add(1, Ordering::Relaxed));
        self.run("createdb", &["--username=postgres", &name])?;
        Ok(name)
    }

    /// Runs `sql` in `database` and answers the bare rows, as `psql -At` prints them.
    ///
    /// # Errors
    /// When `psql` fails.
    pub fn query(&self, database: &str, sql: &str) -> Result<String, PostgresError> {
        self.run("psql", &["-XqAt", "--set=ON_ERROR_STOP=1", "--username=postgres", "--command", sql, database])
    }

    fn launch(&self, durability: Durability) -> Result<(), PostgresError> {
        let data = self.socket_dir.join("data").display().to_string();
        let log = self.socket_dir.join("log").display().to_string();
        self.run("initdb", &["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync", "-D", &data])?;
        let mut settings = OpenOptions::new().append(true).open(self.socket_dir.join("data/postgresql.conf"))?;
        writeln!(settings, "listen_addresses = ''\nmax_connections = 200")?;
        writeln!(settings, "unix_socket_directories = '{}'", self.socket_dir.display())?;
        if durability == Durability::Volatile {
            writeln!(settings, "fsync = off\nsynchronous_commit = off\nfull_page_writes = off")?;
        }
        self.run("pg_ctl", &["start", "-s", "-w", "-D", &data, "-l", &log]).map(drop).map_err(|error| {
            let output = fs::read_to_string(&log).unwrap_or_else(|_| error.to_string());
            PostgresError::Program { program: "pg_ctl", output }
        })
    }

    fn run(&self, program: &'static str, arguments: &[&str]) -> Result<String, PostgresError> {
        let fail = |output: String| PostgresError::Program { program, output };
        let output = self.programs.command(program, &self.socket_dir).args(arguments).stdin(Stdio::null()).output();
        let output = output.map_err(|error| fail(error.to_string()))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(fail(text(&output.stderr))) }
    }
}

impl Drop for PostgresCluster {
    fn drop(&mut self) {
        if let Some(keeper) = &mut self.keeper {
            drop(keeper.stdin.take());
            // Nobody is left to hear of a failure.
            let _ = keeper.wait();
        }
    }
}

/// Where PostgreSQL's programs are, and who runs them.
#[derive(Debug)]
struct Programs {
    path: String,
    user: Option<User>,
}

impl Programs {
    fn find() -> Result<Self, PostgresError> {
        let path = env::var("PATH").unwrap_or_default();
        let directories = env::split_paths(&path).chain(debian_directories());
        // Debian's `createdb` on the PATH is a slow wrapper: the real one stands beside the real `initdb`.
        let beside_initdb = directories
            .filter_map(|directory| fs::canonicalize(directory.join("initdb")).ok()?.parent().map(Path::to_owned))
            .find(|directory| PROGRAMS.iter().all(|program| directory.join(program).is_file()));
        let directory = beside_initdb.ok_or(PostgresError::Missing)?;
        // The server refuses to run as root.
        let unprivileged = |name: &str| User::from_name(name).ok().flatten();
        let user = geteuid().is_root().then(|| ["postgres", "nobody"].iter().find_map(|name| unprivileged(name)));
        Ok(Self { path: format!("{}:{path}", directory.display()), user: user.flatten() })
    }

    fn command(&self, program: &str, socket_dir: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", &self.path).env("LC_ALL", "C").env("TZ", "UTC");
        command.env("PGHOST", socket_dir).current_dir(socket_dir);
        if let Some(user) = &self.user {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        command
    }

    fn keep(&self, socket_dir: &Path) -> io::Result<Child> {
        let mut command = self.command("sh", socket_dir);
        command.args(["-c", KEEPER, "keeper"]).arg(socket_dir).current_dir("/");
        // Its own group: the signal that ends a whole test must not end the keeper.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
    }
}

/// `/usr/lib/postgresql/*/bin`, newest version first.
fn debian_directories() -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let mut versions: Vec<_> = entries.map(|entry| entry.path()).collect();
    versions.sort_by_key(|path| std::cmp::Reverse(version(path)));
    versions.into_iter().map(|path| path.join("bin"))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use super::*;

    const OWNER_VARIABLE: &str = "AUTOCODER_TEST_POSTGRES_OWNER";

    fn gone_in_time(directory: &Path) -> bool {
        let end = Instant::now() + Duration::from_secs(20);
        while directory.exists() && Instant::now() < end {
            sleep(Duration::from_millis(20));
        }
        !directory.exists()
    }

    #[test]
    fn a_dropped_cluster_leaves_nothing_behind() {
        let cluster = PostgresCluster::start(Durability::Volatile).unwrap();
        let directory = cluster.socket_dir().to_owned();
        let server = fs::read_to_string(directory.join("data/postmaster.pid")).unwrap();
        let server = PathBuf::from("/proc").join(server.lines().next().unwrap()).join("cmdline");
        assert_eq!(cluster.query("postgres", "SHOW fsync").unwrap(), "off");
        assert!(!fs::read(&server).unwrap().is_empty());
        drop(cluster);
        assert!(!directory.exists());
        // A dead process that nobody has collected yet still has its empty entry.
        assert!(fs::read(&server).is_ok_and(|command| command.is_empty()) || !server.exists());
    }

    #[test]
    fn every_database_is_empty_and_has_its_own_name() {
        let cluster = PostgresCluster::shared().unwrap();
        let [first, second] = [cluster.create_database().unwrap(), cluster.create_database().unwrap()];
        cluster.query(&first, "CREATE TABLE here (id int)").unwrap();
        let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
        assert_eq!(cluster.query(&first, tables).unwrap(), "1");
        assert_eq!(cluster.query(&second, tables).unwrap(), "0");
        let refused = cluster.query(&second, "SELECT nothing").unwrap_err().to_string();
        assert!(refused.starts_with("`psql` failed: ERROR:"), "{refused}");
    }

    #[test]
    fn a_killed_owner_leaves_nothing_behind() {
        if env::var_os(OWNER_VARIABLE).is_some() {
            let cluster = PostgresCluster::start(Durability::Durable).unwrap();
            writeln!(io::stdout(), "\nsocket={}", cluster.socket_dir().display()).unwrap();
            io::stdin().read_to_end(&mut Vec::new()).unwrap();
            return;
        }
        let mut owner = Command::new(env::current_exe().unwrap());
        owner.args(["--exact", "postgres::tests::a_killed_owner_leaves_nothing_behind", "--nocapture"]);
        let mut owner = owner.env(OWNER_VARIABLE, "1").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(owner.stdout.take().unwrap()).lines().map_while(Result::ok);
        let directory = lines.into_iter().find_map(|line| Some(line.strip_prefix("socket=")?.to_owned())).unwrap();
        assert!(Path::new(&directory).join(".s.PGSQL.5432").exists());
        owner.kill().unwrap();
        owner.wait().unwrap();
        assert!(gone_in_time(Path::new(&directory)));
    }

    #[test]
    fn the_url_names_the_database_and_the_socket() {
        let cluster = PostgresCluster::running_in("/tmp/here").unwrap();
        assert_eq!(cluster.url("plans"), "postgres://postgres@localhost/plans?host=/tmp/here");
    }
}
