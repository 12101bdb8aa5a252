//! Development commands of the workspace: `cargo xtask VERB`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]

mod bench;
mod cluster;
mod codegen;
mod demo;
mod process;
mod test;
mod tidy;
mod ui;
mod workspace;

use std::env;
use std::process::ExitCode;

use workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask VERB

  demo           build autocoder, serve a sample plan that rehearsal agents play to its gate, and open it in the browser
  test [FILTER]  install what the tests need, then format, clippy, tidy and all tests; FILTER: only the tests so named
  tidy           the rules of the workspace that no compiler checks
  ui             build the web UI that the server shows (needs Node)
  codegen        write docs/openapi.json from the code, and the UI's types from that
  bench          the figures, in the bench profile
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments[..] {
        [] | ["help" | "-h" | "--help"] => {
            print!("{USAGE}");
            Ok(())
        }
        ["demo"] => Workspace::read().and_then(|workspace| demo::run(&workspace)),
        ["test"] => Workspace::read().and_then(|workspace| test::run(&workspace, None)),
        ["test", filter] => Workspace::read().and_then(|workspace| test::run(&workspace, Some(filter))),
        ["codegen"] => Workspace::read().and_then(|workspace| codegen::run(&workspace)),
        ["ui"] => Workspace::read().and_then(|workspace| ui::run(&workspace)),
        ["tidy"] => Workspace::read().and_then(|workspace| tidy::run(&workspace)),
        ["bench"] => Workspace::read().and_then(|workspace| bench::run(&workspace)),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) if message.is_empty() => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
