//! The `autocoder` command: plans for coding agents, with a person in charge.

mod arguments;
mod cli;
mod commands;
mod config;
mod exit;
mod input;
mod installation;
mod next_steps;
mod notify;
mod output;
mod root;
mod running_server;
mod signals;
mod token_file;
mod views;

fn main() -> std::process::ExitCode {
    cli::main(std::env::args_os().collect())
}
