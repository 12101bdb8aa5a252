//! Makes the folder of the built web UI exist, and a release build notice when the UI was built anew.

use std::{env, fs};

const BUILT_UI: &str = "../../ui/dist";

fn main() {
    // An empty folder has no page, which the server says; where it cannot be made, the derive allows that it is missing.
    let _ = fs::create_dir_all(BUILT_UI);
    println!("cargo::rerun-if-changed=build.rs");
    // A debug build reads the folder at every request.
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed={BUILT_UI}");
    }
}
