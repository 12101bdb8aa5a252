//! `cargo xtask bench`: the figures, in the bench profile.

use std::path::Path;

use crate::cluster::{Cluster, SOCKET_DIR_VARIABLE};
use crate::process::{self, Outcome};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Outcome {
    process::run(&mut workspace.cargo(&["build", "--release", "--locked", "--package", "autocoder-cli"]))?;
    process::run(&mut workspace.cargo(&["build", "--locked", "--package", "xtask", "--example", "private_postgres"]))?;
    let cluster = Cluster::start(&workspace.built("debug", "examples/private_postgres"), "durable")?;
    for package in benched(workspace) {
        let mut bench = workspace.cargo(&["bench", "--locked", "--package", package, "--benches"]);
        bench.env("AUTOCODER_BIN", workspace.built("release", "autocoder"));
        process::run(bench.env(SOCKET_DIR_VARIABLE, &cluster.socket_dir))?;
    }
    Ok(())
}

/// The packages that have a `benches` directory.
fn benched(workspace: &Workspace) -> impl Iterator<Item = &str> {
    let packages = workspace.metadata["packages"].as_array().into_iter().flatten();
    packages.filter_map(|package| {
        let manifest = Path::new(package["manifest_path"].as_str()?);
        manifest.with_file_name("benches").is_dir().then(|| package["name"].as_str())?
    })
}
