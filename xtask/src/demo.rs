//! `cargo xtask demo`: a sample plan, played by rehearsal agents under a server; the person looks on in the browser and approves.

mod server;

use std::io::{IsTerminal, stdout};
use std::path::{Path, PathBuf};
use std::process::{Command, id};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{env, fs};

use serde_json::Value;

use self::server::Server;
use crate::process::{self, Outcome};
use crate::ui;
use crate::workspace::{Workspace, is_ci};

const PROJECT: &str = "todo-app";
const AGENTS: [&str; 2] = ["coder-1", "coder-2"];
/// How long the first phase may take, which is a quarter of a minute on an idle machine.
const PATIENCE: Duration = Duration::from_secs(300);

pub(crate) fn run(workspace: &Workspace) -> Outcome {
    build(workspace)?;
    let start = Instant::now();
    let somebody_looks = stdout().is_terminal() && !is_ci();
    let demo = Demo::new(workspace)?;
    println!("A throw-away demo in {} (kept: delete it when you like).\n", demo.directory.display());
    demo.make_project()?;
    let project = demo.project().display().to_string();
    let plan = workspace.root.join("examples/todo-app.yaml").display().to_string();
    demo.show(&["init", &project, "--name", PROJECT])?;
    demo.show(&["plan", "import", &plan, "--project", PROJECT])?;
    let server = demo.serve()?;
    if somebody_looks {
        demo.show(&["open"])?;
    }
    demo.start_agents(if somebody_looks { "12" } else { "60" })?;
    if somebody_looks {
        println!(
            "The agents work at {}: watch them there. The phase stops at its gate; approve it in the browser,",
            server.url
        );
        println!("and the next one starts. Ctrl-C ends the demo.");
        return server.wait();
    }
    demo.wait_for_gate()?;
    demo.show(&["status", "--project", PROJECT])?;
    println!("The demo took {:.1} s; its server was {}.\n", start.elapsed().as_secs_f64(), server.url);
    server.stop()?;
    demo.say_what_is_next();
    Ok(())
}

/// The binary, and the web UI where Node is; without it the server shows a plain page.
fn build(workspace: &Workspace) -> Outcome {
    process::run(&mut workspace.cargo(&["build", "--locked", "--package", "autocoder-cli"]))?;
    let built = if ui::has_node() { ui::run(workspace) } else { Err("Node is not here".to_owned()) };
    if let Err(why) = built {
        println!("The demo goes on without the web UI: {why}");
    }
    Ok(())
}

struct Demo {
    program: PathBuf,
    directory: PathBuf,
}

impl Demo {
    fn new(workspace: &Workspace) -> Outcome<Self> {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs());
        let directory = env::temp_dir().join(format!("autocoder-demo-{seconds}-{}", id()));
        fs::create_dir(&directory).map_err(|error| format!("cannot create `{}`: {error}", directory.display()))?;
        Ok(Self { program: workspace.built("debug", "autocoder"), directory })
    }

    fn project(&self) -> PathBuf {
        self.directory.join(PROJECT)
    }

    /// A git project with one commit, as a person would bring it.
    fn make_project(&self) -> Outcome {
        let project = self.project();
        let readme = "# To-do\n\nA single-page to-do list.\n";
        let write = || fs::create_dir(&project).and_then(|()| fs::write(project.join("README.md"), readme));
        write().map_err(|error| format!("cannot write `{}`: {error}", project.display()))?;
        let identity = ["-c", "user.name=Demo", "-c", "user.email=demo@example.invalid", "-c", "commit.gpgSign=false"];
        let commit = ["commit", "--quiet", "--message", "Start the to-do list"];
        for arguments in [&["init", "--quiet", "--initial-branch=main"][..], &["add", "README.md"], &commit] {
            process::run(Command::new("git").current_dir(&project).args(identity).args(arguments))?;
        }
        Ok(())
    }

    fn autocoder(&self, program: impl AsRef<Path>, arguments: &[&str]) -> Command {
        let mut command = Command::new(program.as_ref());
        command.arg("--data-dir").arg(self.directory.join("data")).args(arguments);
        command
    }

    /// Echoes the command, then runs it.
    fn show(&self, arguments: &[&str]) -> Outcome {
        println!("$ {}", process::shown(&self.autocoder("autocoder", arguments)));
        process::run(&mut self.autocoder(&self.program, arguments))?;
        println!();
        Ok(())
    }

    /// Starts the server, as a person would in another terminal.
    fn serve(&self) -> Outcome<Server> {
        println!("$ {}", process::shown(&self.autocoder("autocoder", &["serve"])));
        let server = Server::start(self.autocoder(&self.program, &["--json", "serve", "--port", "0"]))?;
        println!("serving {}\n", server.url);
        Ok(server)
    }

    fn start_agents(&self, speed: &str) -> Outcome {
        for agent in AGENTS {
            let add = ["agent", "add", agent, "--runner", "rehearsal", "--speed", speed, "--project", PROJECT];
            self.show(&add)?;
            self.show(&["agent", "start", agent, "--project", PROJECT])?;
        }
        Ok(())
    }

    fn wait_for_gate(&self) -> Outcome {
        let start = Instant::now();
        while self.waiting_phase().is_none() {
            if start.elapsed() > PATIENCE {
                return Err(format!("no phase reached its gate within {} s", PATIENCE.as_secs()));
            }
            sleep(Duration::from_millis(300));
        }
        Ok(())
    }

    fn say_what_is_next(&self) {
        let typed = |arguments: &[&str]| process::shown(&self.autocoder(self.typed_program(), arguments));
        let phase = self.waiting_phase().unwrap_or_else(|| "PHASE_ID".into());
        println!("The phase waits for you. Type next, to approve it in the browser and watch the next one:\n");
        println!("  {}", typed(&["serve"]));
        println!("  {}   (in another terminal)", typed(&["open"]));
        println!("\nor here, to approve it, to send it back, or to see all that needs you:\n");
        println!("  {}", typed(&["phase", "approve", &phase, "--project", PROJECT, "--note", "looks good"]));
        println!("  {}", typed(&["phase", "reject", &phase, "--project", PROJECT, "--reason", "the title is missing"]));
        println!("  {}", typed(&["inbox"]));
    }

    /// The built program's path, short when it is below this directory.
    fn typed_program(&self) -> PathBuf {
        let here = env::current_dir().unwrap_or_default();
        self.program.strip_prefix(here).unwrap_or(&self.program).to_owned()
    }

    fn waiting_phase(&self) -> Option<String> {
        let list = self.autocoder(&self.program, &["--json", "phase", "list", "--project", PROJECT]).output().ok()?;
        waiting_in(&serde_json::from_slice(&list.stdout).ok()?)
    }
}

fn waiting_in(list: &Value) -> Option<String> {
    let phases = list["items"].as_array().or_else(|| list.as_array())?;
    Some(phases.iter().find(|phase| phase["status"] == "awaiting_approval")?["id"].to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_phase_at_its_gate_is_found() {
        let phases = json!([{"id": 1, "status": "completed"}, {"id": 7, "status": "awaiting_approval"}]);
        assert_eq!(waiting_in(&phases).as_deref(), Some("7"));
        assert_eq!(waiting_in(&json!({ "items": phases })).as_deref(), Some("7"));
        assert_eq!(waiting_in(&json!({"items": []})), None);
    }
}
