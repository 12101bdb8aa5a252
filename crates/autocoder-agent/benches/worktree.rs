//! A worktree of a repository with 10,000 files: made as agents get it, beside git alone, and prepared again for a task.

#![expect(clippy::unwrap_used, reason = "a benchmark ends where it cannot measure")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};

use autocoder_agent::git::Repository;
use autocoder_core::ids::FeatureId;
use divan::Bencher;
use tokio::runtime::Runtime;

const FILES: usize = 10_000;

fn main() {
    divan::main();
}

struct Seeded {
    runtime: Runtime,
    repository: Repository,
    numbers: AtomicI64,
    dir: tempfile::TempDir,
}

impl Seeded {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().join("project");
        for number in 0..FILES {
            let folder = top.join(format!("src/{}", number / 100));
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(format!("{number}.rs")), format!("// file {number}\n").repeat(40)).unwrap();
        }
        git(&top, &["init", "-q"]);
        git(&top, &["add", "-A"]);
        git(&top, &["commit", "-qm", "first"]);
        git(&top, &["branch", "autocoder/main"]);
        let runtime = Runtime::new().unwrap();
        let environment = BTreeMap::from([("PATH".to_owned(), std::env::var("PATH").unwrap())]);
        let repository = runtime.block_on(Repository::discover(&top, &environment)).unwrap().unwrap();
        Self { runtime, repository, numbers: AtomicI64::new(1), dir }
    }

    fn place(&self) -> (FeatureId, PathBuf) {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        (FeatureId(number), self.dir.path().join(format!("trees/f-{number}")))
    }

    fn prepare(&self, (feature, place): &(FeatureId, PathBuf)) {
        self.runtime.block_on(self.repository.prepare_worktree(place, *feature)).unwrap();
    }
}

fn git(folder: &Path, args: &[&str]) {
    let identity = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"];
    let status = Command::new("git").current_dir(folder).args(identity).args(args).status().unwrap();
    assert!(status.success(), "{args:?}");
}

#[divan::bench(sample_count = 15, sample_size = 1)]
fn make(bencher: Bencher) {
    let seeded = Seeded::new();
    bencher.with_inputs(|| seeded.place()).bench_values(|place| seeded.prepare(&place));
}

#[divan::bench(sample_count = 15, sample_size = 1)]
fn make_by_git_alone(bencher: Bencher) {
    let seeded = Seeded::new();
    bencher.with_inputs(|| seeded.place()).bench_values(|(feature, place)| {
        let (branch, place) = (format!("f-{feature}"), place.display().to_string());
        git(seeded.repository.top(), &["worktree", "add", "-q", "-b", &branch, &place, "autocoder/main"]);
    });
}

#[divan::bench(sample_count = 15, sample_size = 1)]
fn prepare_again(bencher: Bencher) {
    let seeded = Seeded::new();
    let place = seeded.place();
    seeded.prepare(&place);
    bencher.bench_local(|| seeded.prepare(&place));
}
