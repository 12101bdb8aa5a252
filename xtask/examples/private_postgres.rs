//! Holds a private PostgreSQL cluster until standard input ends: prints its socket directory.

use std::io::{Read, Write, stdin, stdout};
use std::{env, error};

use autocoder_testkit::postgres::{Durability, PostgresCluster};

fn main() -> Result<(), Box<dyn error::Error>> {
    let durable = env::args().nth(1).is_some_and(|argument| argument == "durable");
    let cluster = PostgresCluster::start(if durable { Durability::Durable } else { Durability::Volatile })?;
    writeln!(stdout(), "{}", cluster.socket_dir().display())?;
    stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
