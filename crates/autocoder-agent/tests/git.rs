//! Git on repositories that try to run something, and on checkouts that are in use.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

#[path = "git/queue.rs"]
mod queue;
#[path = "git/trees.rs"]
mod trees;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use autocoder_agent::git::{DiffStat, Merge, Repository, Worktree};
use autocoder_core::ids::{FeatureId, TaskId};

const FEATURE: FeatureId = FeatureId(1);

/// A person's project and the place for our worktree.
struct Project {
    dir: tempfile::TempDir,
}

impl Project {
    fn empty() -> Self {
        let project = Self { dir: tempfile::tempdir().unwrap() };
        std::fs::create_dir(project.top()).unwrap();
        project.git(&["init", "-q", "-b", "trunk"]);
        project
    }

    fn with_a_commit() -> Self {
        let project = Self::empty();
        project.write("a.txt", "one\ntwo\n");
        project.git(&["add", "-A"]);
        project.git(&["commit", "-qm", "first"]);
        project
    }

    fn top(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join("project")
    }

    fn place(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join("data/worktrees/todo/f-1")
    }

    fn write(&self, name: &str, contents: &str) {
        std::fs::write(self.top().join(name), contents).unwrap();
    }

    fn git(&self, args: &[&str]) -> String {
        git_in(&self.top(), args)
    }

    async fn repository(&self) -> Repository {
        Repository::discover(&self.top(), &environment()).await.unwrap().unwrap()
    }

    async fn worktree(&self) -> Worktree {
        self.worktree_of(1).await
    }

    async fn worktree_of(&self, feature: i64) -> Worktree {
        let place = self.place().with_file_name(format!("f-{feature}"));
        self.repository().await.prepare_worktree(&place, FeatureId(feature)).await.unwrap()
    }

    /// What the queue does with finished work that meets no conflict.
    async fn bring_in(&self, worktree: &Worktree) -> String {
        let repository = self.repository().await;
        let main = repository.integration_commit().await.unwrap().unwrap();
        let Merge::Merged(merged) = worktree.merge_integration(&main).await.unwrap() else { panic!("a conflict") };
        assert!(repository.advance_integration(worktree, &main, &merged).await.unwrap());
        merged
    }
}

fn git_in(dir: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=person", "-c", "user.email=p@localhost"])
        .args(args)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn environment() -> BTreeMap<String, String> {
    BTreeMap::from([("PATH".to_owned(), std::env::var("PATH").unwrap())])
}

#[tokio::test]
async fn work_is_committed_on_a_branch_of_our_own() {
    let project = Project::with_a_commit();
    let repository = project.repository().await;
    let worktree = project.worktree().await;
    assert_eq!((worktree.dir.clone(), worktree.branch.as_deref()), (project.place(), Some("autocoder/f-1")));
    assert_eq!(worktree.commit_all("Nothing", TaskId(1)).await.unwrap(), None);

    std::fs::write(worktree.workdir.join("a.txt"), "one\nthree\nfour\n").unwrap();
    std::fs::write(worktree.workdir.join("-b ü.txt"), "new\n").unwrap();
    let commit = worktree.commit_all("Add a form\n\n# not a comment", TaskId(42)).await.unwrap().unwrap();
    assert_eq!(worktree.head_commit().await.unwrap(), commit);
    assert_ne!(repository.integration_commit().await.unwrap(), Some(commit.clone()), "it is not merged yet");
    project.bring_in(&worktree).await;
    assert_eq!(repository.integration_commit().await.unwrap(), Some(commit.clone()));
    assert_eq!(repository.diff_stat("HEAD").await.unwrap(), DiffStat { files: 2, insertions: 3, deletions: 1 });
    let shown = project.git(&["log", "-1", "--format=%an <%ae>%n%B%n%(trailers:key=Autocoder-Task)", &commit]);
    assert!(
        shown.starts_with("autocoder <autocoder@localhost>\nAdd a form\n\n# not a comment\n\nAutocoder-Task: 42\n"),
        "{shown}"
    );
    assert_eq!(worktree.commit_all("Again", TaskId(42)).await.unwrap(), None);
}

#[tokio::test]
async fn a_dirty_checkout_its_index_and_its_branches_are_left_alone() {
    let project = Project::with_a_commit();
    project.git(&["branch", "other"]);
    project.write("a.txt", "unstaged\n");
    project.write("staged.txt", "staged\n");
    project.git(&["add", "staged.txt"]);
    project.write("new.txt", "untracked\n");
    let look = || {
        let index = std::fs::read(project.top().join(".git/index")).unwrap();
        let branches = project.git(&[
            "for-each-ref",
            "--format=%(refname) %(objectname)",
            "refs/heads",
            "--exclude=refs/heads/autocoder",
        ]);
        let head = std::fs::read_to_string(project.top().join(".git/HEAD")).unwrap();
        (index, branches, head, std::fs::read_to_string(project.top().join("a.txt")).unwrap())
    };
    let status = project.git(&["--no-optional-locks", "status", "--porcelain"]);
    let before = look();

    let worktree = project.worktree().await;
    assert_eq!(std::fs::read_to_string(worktree.workdir.join("a.txt")).unwrap(), "one\ntwo\n");
    std::fs::write(worktree.workdir.join("mine.txt"), "x").unwrap();
    worktree.commit_all("Mine", TaskId(1)).await.unwrap().unwrap();
    project.repository().await.diff_stat("HEAD").await.unwrap();

    assert_eq!(look(), before);
    assert_eq!(project.git(&["--no-optional-locks", "status", "--porcelain"]), status);
}

/// Everything a repository can be told to run, each leaving a mark.
fn make_hostile(project: &Project) {
    let mark = |name: &str| format!("touch {}", project.dir.path().join(format!("mark-{name}")).display());
    let hooks = project.top().join(".git/hooks");
    std::fs::create_dir_all(&hooks).unwrap();
    for hook in [
        "post-checkout",
        "pre-commit",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
        "reference-transaction",
        "post-index-change",
        "pre-auto-gc",
        "post-rewrite",
        "fsmonitor-watchman",
    ] {
        let path = hooks.join(hook);
        std::fs::write(&path, format!("#!/bin/sh\n{}\n", mark(&format!("hook-{hook}")))).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    project.git(&["config", "extensions.worktreeConfig", "true"]);
    for (key, value) in [
        ("core.fsmonitor", mark("fsmonitor")),
        ("core.hooksPath", hooks.display().to_string()),
        ("core.pager", mark("pager")),
        ("core.editor", mark("editor")),
        ("core.sshCommand", mark("ssh")),
        ("commit.gpgSign", "true".into()),
        ("gpg.program", mark("gpg")),
        ("diff.external", mark("diff-external")),
        ("diff.evil.command", mark("diff-command")),
        ("diff.evil.textconv", mark("textconv")),
        ("filter.evil.clean", mark("clean")),
        ("filter.evil.smudge", mark("smudge")),
        ("filter.evil.required", "true".into()),
        ("filter.Evil=2.x.process", mark("process")),
        ("hook.evil.command", mark("hook-config")),
        ("hook.evil.event", "pre-commit".into()),
        ("merge.evil.driver", mark("merge-driver")),
        ("branch.autocoder/f-2.mergeOptions", "--no-commit --strategy=evil".into()),
        ("merge.verifySignatures", "true".into()),
    ] {
        project.git(&["config", key, &value]);
    }
    let included = project.top().join(".git/included");
    std::fs::write(&included, format!("[filter \"included\"]\n\tclean = {0}\n\tsmudge = {0}\n", mark("included")))
        .unwrap();
    project.git(&["config", "include.path", &included.display().to_string()]);
    project.git(&["config", "--worktree", "filter.tree.smudge", &mark("tree-smudge")]);
    project.git(&["config", "--worktree", "filter.tree.clean", &mark("tree-clean")]);
}

fn marks(project: &Project) -> Vec<String> {
    let names =
        std::fs::read_dir(project.dir.path()).unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("mark-")).collect()
}

#[tokio::test]
async fn nothing_that_a_repository_brings_is_run() {
    let project = Project::with_a_commit();
    let attributes =
        "a.txt filter=evil diff=evil merge=evil\nb.txt filter=Evil=2.x\nc.txt filter=tree\nd.txt filter=included\n";
    for name in ["b.txt", "c.txt", "d.txt"] {
        project.write(name, "text\n");
    }
    project.write(".gitattributes", attributes);
    project.git(&["add", "-A"]);
    project.git(&["commit", "-qm", "attributes"]);
    make_hostile(&project);

    let worktree = project.worktree().await;
    for name in ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"] {
        std::fs::write(worktree.workdir.join(name), "changed\n").unwrap();
    }
    worktree.commit_all("Change", TaskId(1)).await.unwrap().unwrap();
    let other = project.worktree_of(2).await;
    std::fs::write(other.workdir.join("a.txt"), "one\ntwo\nthree\n").unwrap();
    other.commit_all("Append", TaskId(2)).await.unwrap().unwrap();
    project.bring_in(&worktree).await;
    let repository = project.repository().await;
    let main = repository.integration_commit().await.unwrap().unwrap();
    let conflict = Merge::Conflict(vec!["a.txt".to_owned()]);
    assert_eq!(other.merge_integration(&main).await.unwrap(), conflict, "git's own way to merge text is used");
    assert_eq!(other.unresolved().await.unwrap(), ["a.txt"]);
    assert_eq!(repository.diff_stat("HEAD").await.unwrap(), DiffStat { files: 5, insertions: 5, deletions: 5 });
    repository.prepare_worktree(&project.place(), FEATURE).await.unwrap();
    assert_eq!(marks(&project), [] as [&str; 0]);

    // The same repository does run things for an unguarded git, so the proof above is one.
    project.write("a.txt", "person\n");
    Command::new("git")
        .args(["add", "-A"])
        .current_dir(project.top())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    let run = marks(&project);
    assert!(run.iter().any(|mark| mark == "mark-clean") && run.len() >= 2, "{run:?}");
}

#[tokio::test]
async fn what_an_agent_does_to_its_git_file_leads_nowhere() {
    let project = Project::with_a_commit();
    let worktree = project.worktree().await;
    let trap = project.dir.path().join("trap");
    std::fs::create_dir(&trap).unwrap();
    git_in(&trap, &["init", "-q"]);
    git_in(&trap, &["config", "core.fsmonitor", &format!("touch {}", project.dir.path().join("mark-trap").display())]);
    std::fs::write(worktree.dir.join(".git"), format!("gitdir: {}\n", trap.join(".git").display())).unwrap();
    std::fs::write(worktree.dir.join("new.txt"), "x").unwrap();
    let commit = worktree.commit_all("New", TaskId(1)).await.unwrap().unwrap();
    assert_eq!(project.git(&["rev-parse", "autocoder/f-1"]).trim(), commit);
    assert_eq!(marks(&project), [] as [&str; 0]);
}

#[tokio::test]
async fn a_worktree_is_reused_with_the_work_in_it() {
    let project = Project::with_a_commit();
    let first = project.worktree().await;
    std::fs::write(first.workdir.join("half.txt"), "done").unwrap();
    git_in(&first.dir, &["checkout", "-q", "-b", "strayed"]);
    std::fs::write(project.top().join(".git/worktrees/f-1/index.lock"), "").unwrap();
    let again = project.worktree().await;
    assert_eq!(again, first);
    let commit = again.commit_all("Half", TaskId(1)).await.unwrap().unwrap();
    assert_eq!(project.git(&["rev-parse", "autocoder/f-1"]).trim(), commit);
}

#[tokio::test]
async fn a_deleted_or_moved_worktree_is_made_again() {
    let project = Project::with_a_commit();
    let worktree = project.worktree().await;
    std::fs::write(worktree.workdir.join("kept.txt"), "x").unwrap();
    let commit = worktree.commit_all("Kept", TaskId(1)).await.unwrap().unwrap();
    std::fs::remove_dir_all(&worktree.dir).unwrap();
    let again = project.worktree().await;
    assert_eq!((again.head_commit().await.unwrap(), again.dir.join("kept.txt").exists()), (commit, true));

    std::fs::remove_dir_all(&again.dir).unwrap();
    let elsewhere = project.dir.path().canonicalize().unwrap().join("elsewhere");
    let moved = project.repository().await.prepare_worktree(&elsewhere, FEATURE).await.unwrap();
    assert!(moved.dir.join("kept.txt").exists());

    std::fs::remove_file(moved.dir.join(".git")).unwrap();
    project.repository().await.prepare_worktree(&elsewhere, FEATURE).await.unwrap();
    assert_eq!(git_in(&elsewhere, &["branch", "--show-current"]).trim(), "autocoder/f-1");
}

#[tokio::test]
async fn a_project_below_the_top_of_its_repository_is_worked_on_there() {
    let project = Project::with_a_commit();
    std::fs::create_dir(project.top().join("app")).unwrap();
    project.write("app/main.txt", "x\n");
    project.git(&["add", "-A"]);
    project.git(&["commit", "-qm", "app"]);
    let repository = Repository::discover(&project.top().join("app"), &environment()).await.unwrap().unwrap();
    assert_eq!(repository.top(), project.top());
    let worktree = repository.prepare_worktree(&project.place(), FEATURE).await.unwrap();
    assert_eq!(worktree.workdir, project.place().join("app"));
    std::fs::write(worktree.dir.join("outside.txt"), "x").unwrap();
    assert!(worktree.commit_all("Outside", TaskId(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn what_stands_in_the_way_is_named() {
    let plain = tempfile::tempdir().unwrap();
    assert!(Repository::discover(plain.path(), &environment()).await.unwrap().is_none());
    let missing = Repository::discover(plain.path(), &BTreeMap::from([("PATH".into(), "/nowhere".into())])).await;
    assert_eq!(missing.unwrap_err().code(), "git_missing");

    let empty = Project::empty();
    assert_eq!(
        empty.repository().await.prepare_worktree(&empty.place(), FEATURE).await.unwrap_err().code(),
        "no_commit"
    );

    let taken = Project::with_a_commit();
    std::fs::create_dir_all(taken.place()).unwrap();
    std::fs::write(taken.place().join("file"), "").unwrap();
    assert_eq!(
        taken.repository().await.prepare_worktree(&taken.place(), FEATURE).await.unwrap_err().code(),
        "path_taken"
    );

    let busy = Project::with_a_commit();
    busy.git(&["checkout", "-q", "-b", "autocoder/main"]);
    assert_eq!(
        busy.repository().await.prepare_worktree(&busy.place(), FEATURE).await.unwrap_err().code(),
        "branch_in_use"
    );
    assert_eq!(busy.repository().await.diff_stat("no-such-branch").await.unwrap_err().code(), "git_failed");
}

#[tokio::test]
async fn a_review_shows_what_the_integration_branch_adds() {
    let project = Project::with_a_commit();
    let repository = project.repository().await;
    assert_eq!(repository.review(1_000).await.unwrap(), None);
    let worktree = project.worktree().await;
    std::fs::write(worktree.workdir.join("ü.txt"), "new\n").unwrap();
    let commit = worktree.commit_all("Add", TaskId(1)).await.unwrap().unwrap();
    project.bring_in(&worktree).await;

    let whole = repository.review(1_000).await.unwrap().unwrap();
    assert_eq!((whole.base.as_str(), whole.commit.as_str(), whole.cut), ("trunk", commit.as_str(), false));
    assert_eq!(whole.stat, DiffStat { files: 1, insertions: 1, deletions: 0 });
    assert!(whole.patch.starts_with("diff --git a/ü.txt b/ü.txt\n"), "{}", whole.patch);
    assert!(whole.patch.ends_with("+new\n"), "{}", whole.patch);

    let part = repository.review(20).await.unwrap().unwrap();
    assert_eq!((part.patch.as_bytes(), part.cut), (&whole.patch.as_bytes()[..20], true));

    project.git(&["checkout", "-q", "--detach"]);
    let detached = repository.review(1_000).await.unwrap().unwrap();
    assert_eq!(detached.base, project.git(&["rev-parse", "HEAD"]).trim());
    assert_eq!(detached.patch, whole.patch);
}

#[tokio::test]
async fn a_long_review_is_cut_and_its_git_ends() {
    let project = Project::with_a_commit();
    let worktree = project.worktree().await;
    std::fs::write(worktree.workdir.join("long.txt"), "a line\n".repeat(1_000_000)).unwrap();
    worktree.commit_all("Add", TaskId(1)).await.unwrap().unwrap();
    project.bring_in(&worktree).await;
    let review = project.repository().await.review(262_144).await.unwrap().unwrap();
    assert_eq!((review.patch.len(), review.cut, review.stat.insertions), (262_144, true, 1_000_000));
}
