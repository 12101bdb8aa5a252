//! A repository that wants programs run and files written elsewhere: agents work in it, a person reviews and merges, and
//! nothing runs and nothing is written outside.
#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

#[path = "hostile_repository/traps.rs"]
mod traps;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use autocoder_tests::{Autocoder, Output, Server, python, script};
use traps::{TRAPS, Trap, git};

/// One agent, two runs: what the first one does meets the second.
const PLAN: &str = "\
version: 1
project: {}
phases:
  - name: One
    features: [{name: Page, tasks: [{name: A}, {name: B}]}]
";

struct Hostile {
    autocoder: Autocoder,
    folder: PathBuf,
    /// The program that leaves a mark.
    spring: PathBuf,
    outside: PathBuf,
}

impl Hostile {
    fn new(files: &[(&str, &str)]) -> Self {
        let autocoder = Autocoder::new();
        let (folder, outside, trap) = (autocoder.folder("p"), autocoder.folder("outside"), autocoder.folder("trap"));
        let spring = trap.join("spring");
        fs::write(&spring, format!("#!/bin/sh\necho \"$@\" >> {}/ran\n", trap.display())).unwrap();
        fs::set_permissions(&spring, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(outside.join("victim"), "untouched\n").unwrap();
        let hostile = Self { autocoder, folder, spring, outside };
        git(&hostile.folder, "init --quiet --initial-branch=main");
        fs::write(hostile.folder.join("mine.txt"), "mine\n").unwrap();
        for (name, text) in files {
            fs::write(hostile.folder.join(hostile.told(name).replace('/', "_")), hostile.told(text)).unwrap();
        }
        git(&hostile.folder, "add --all .");
        git(&hostile.folder, "commit --quiet --message Start");
        hostile
    }

    fn with(trap: &Trap) -> Self {
        let hostile = Self::new(trap.files);
        (trap.more)(&hostile.folder, &hostile.spring, &hostile.outside);
        for (key, value) in trap.config {
            let value = hostile.told(value);
            let set = Command::new("git").current_dir(&hostile.folder).args(["config", "--add", key, &value]).status();
            assert!(set.unwrap().success(), "{key}");
        }
        hostile
    }

    fn told(&self, text: &str) -> String {
        text.replace("{spring}", self.spring.to_str().unwrap())
    }

    fn planned(self) -> Self {
        let folder = self.folder.to_str().unwrap();
        self.autocoder.ok(&["init", folder, "--name", "p", "--verify", "grep -q '^[A-Z]$' work.txt"]);
        let plan = self.autocoder.file("plan.yaml", PLAN);
        self.autocoder.ok(&["plan", "import", plan.to_str().unwrap(), "--project", "p"]);
        self
    }

    /// Agents that first do this in their worktree, then work.
    fn run(&self, first: &str) -> Output {
        let first = format!("{first}\nexec \"$@\"");
        let (python, agent) = (python(), script("agent.py"));
        let run = ["run", "--project", "p", "--agent", "command", "--", "sh", "-c", &first, "sh"];
        self.autocoder.run(&[&run[..], &[python.to_str().unwrap(), &agent, "{mcp_config}"]].concat())
    }

    #[track_caller]
    fn nothing_ran(&self, when: &str) {
        let ran = fs::read_to_string(self.spring.with_file_name("ran")).unwrap_or_default();
        assert_eq!(ran, "", "{when}");
        let outside: Vec<_> = fs::read_dir(&self.outside).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(outside, ["victim"], "{when}");
        assert_eq!(fs::read_to_string(self.outside.join("victim")).unwrap(), "untouched\n", "{when}");
    }

    /// The person's files, index and branches, without git's help.
    fn checkout(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let files = fs::read_dir(&self.folder).unwrap().map(|entry| entry.unwrap().path());
        let own = ["HEAD", "index", "refs/heads/main"].map(|name| self.folder.join(".git").join(name));
        let mut files: Vec<_> = files.filter(|path| path.is_file()).chain(own).collect();
        files.sort();
        files.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    }

    /// Looks at the work as a person does: the review, the worktrees.
    fn review(&self) -> String {
        let server = Server::start(&self.autocoder);
        let review = server.get(&format!("/projects/p/phases/{}/review", self.gate()));
        let _ = self.autocoder.json(&["worktree", "list", "--project", "p"]);
        review["diff"]["patch"].as_str().unwrap_or_default().to_owned()
    }

    fn gate(&self) -> String {
        self.autocoder.id("phase", "One")
    }

    fn merge(&self, expected: Result<(), &str>) {
        let approve = ["phase", "approve", &self.gate(), "--project", "p", "--merge"];
        match expected {
            Ok(()) => drop(self.autocoder.ok(&approve)),
            Err(message) => self.autocoder.bad(4, &approve, message),
        }
    }
}

/// Agents work, a person reviews, merges and cleans up.
fn works_and_runs_nothing(name: &str) {
    let trap = TRAPS.iter().find(|trap| trap.name == name).unwrap();
    let hostile = Hostile::with(trap).planned();
    hostile.nothing_ran(name);
    let before = hostile.checkout();
    let ended = hostile.run("");
    hostile.nothing_ran(name);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("PHASE COMPLETE: One"), "{ended:?}");
    assert_eq!(hostile.checkout(), before);
    assert!(hostile.review().contains("+++ b/work.txt"));
    hostile.nothing_ran(name);
    (trap.meanwhile)(&hostile.folder);
    hostile.merge(trap.merge);
    let _ = hostile.autocoder.json(&["worktree", "clean", "--project", "p", "--force"]);
    hostile.nothing_ran(name);
    let missing = git(&hostile.folder, "rev-list --count main..autocoder/main");
    assert_eq!(missing == "0\n", trap.merge.is_ok(), "{missing}");
}

macro_rules! runs_nothing {
    ($($test:ident: $name:literal,)*) => {
        $(#[test]
        fn $test() {
            works_and_runs_nothing($name);
        })*

        #[test]
        fn every_trap_is_tried() {
            assert_eq!(TRAPS.iter().map(|trap| trap.name).collect::<Vec<_>>(), [$($name),*]);
        }
    };
}

runs_nothing! {
    hooks_do_not_run: "hooks",
    hooks_in_a_folder_of_their_own_do_not_run: "hooks in a folder of their own",
    hooks_in_the_configuration_do_not_run: "hooks in the configuration",
    filters_do_not_run_and_their_files_are_not_merged: "filters",
    a_filter_that_stays_does_not_run: "a filter that stays",
    a_file_monitor_does_not_run: "fsmonitor",
    programs_for_diffs_do_not_run: "diffs",
    merge_drivers_do_not_run: "merge drivers",
    transports_do_not_run: "transports",
    signers_pagers_and_editors_do_not_run: "signatures, pagers, editors, other programs",
    included_configuration_runs_nothing: "included configuration",
    nothing_is_written_through_links: "symbolic links out of the tree",
    files_that_look_like_options_are_files: "files that look like options",
    a_submodule_is_not_fetched: "a submodule",
}

#[test]
fn prompts_behind_a_link_are_refused() {
    let hostile = Hostile::new(&[]).planned();
    std::os::unix::fs::symlink(hostile.outside.join("prompts"), hostile.folder.join(".autocoder")).unwrap();
    let ended = hostile.run("");
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.stderr.contains("is reached by a symbolic link"), "{ended:?}");
    hostile.nothing_ran("prompts");
}

#[test]
fn plain_git_would_have_run_it() {
    for trap in TRAPS {
        let hostile = Hostile::with(trap);
        git(&hostile.folder, "branch --force autocoder/main HEAD");
        fs::write(hostile.folder.join("mine.txt"), "changed\n").unwrap();
        git(
            &hostile.folder,
            "-c filter.evil.required=false -c filter.evil.clean= -c filter.evil.one.process= commit --quiet --all --message x",
        );
        let _ = fs::remove_file(hostile.spring.with_file_name("ran"));
        for line in trap.sprung_by {
            let identity = ["-c", "user.name=T", "-c", "user.email=t@t"];
            let mut plain = Command::new("git");
            let _ = plain.current_dir(&hostile.folder).args(identity).args(line.split(' ')).output().unwrap();
            let ran = fs::read_to_string(hostile.spring.with_file_name("ran")).unwrap_or_default();
            assert_ne!(ran, "", "{}: git {line}", trap.name);
        }
    }
}

/// What an agent does to the repository before its work.
const ATTACKS: &[(&str, &str, Result<(), &str>)] = &[
    (
        "the configuration",
        "at=$(git rev-parse --path-format=absolute --git-common-dir)\n\
         printf '[core]\\n\\tfsmonitor = {spring}\\n\\thooksPath = {trap}/hooks\\n[filter \"evil\"]\\n\\tclean = \
         {spring} clean; cat\\n\\tsmudge = {spring} smudge; cat\\n[include]\\n\\tpath = {trap}/more\\n' >> \"$at/config\"\n\
         mkdir -p {trap}/hooks && cp {spring} {trap}/hooks/pre-commit && cp {spring} {trap}/hooks/reference-transaction\n\
         printf '[merge \"evil\"]\\n\\tdriver = {spring}\\n[gpg]\\n\\tprogram = {spring}\\n[commit]\\n\\tgpgSign = true\\n' \
         > {trap}/more\n\
         mkdir -p \"$at/info\" && echo '*.bin filter=evil merge=evil diff=evil' > \"$at/info/attributes\"",
        Ok(()),
    ),
    (
        "the hooks",
        "at=$(git rev-parse --path-format=absolute --git-common-dir)/hooks\n\
         mkdir -p \"$at\"; for name in pre-commit post-commit pre-merge-commit post-merge post-checkout \
         reference-transaction post-index-change; do cp {spring} \"$at/$name\"; done",
        Ok(()),
    ),
    ("the place of the files", "git config core.worktree {outside}", Err("lies outside")),
    (
        "the place of the worktree's files",
        "git config extensions.worktreeConfig true\ngit config --worktree core.worktree {outside}",
        Ok(()),
    ),
    ("the link to the repository", "rm .git && printf 'gitdir: {trap}/evil.git\\n' > .git", Ok(())),
    ("the link, gone", "rm -f .git", Ok(())),
    (
        "the link, a repository of its own",
        "rm -rf .git && git init --quiet . && git config core.fsmonitor {spring}",
        Ok(()),
    ),
    ("the link, out of the tree", "rm -rf .git && ln -s {trap}/evil.git .git", Ok(())),
];

#[track_caller]
fn leads_nowhere(name: &str) {
    let (_, attack, merge) = ATTACKS.iter().find(|(known, ..)| *known == name).unwrap();
    let hostile = Hostile::new(&[]).planned();
    let trap = hostile.spring.parent().unwrap().to_owned();
    let evil = evil_repository(&hostile, &trap);
    let before = hostile.checkout();
    let attack = hostile.told(attack).replace("{trap}", trap.to_str().unwrap());
    let ended = hostile.run(&attack.replace("{outside}", hostile.outside.to_str().unwrap()));
    hostile.nothing_ran("run");
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("PHASE COMPLETE: One"), "{ended:?}");
    assert_eq!(hostile.checkout(), before);
    let commits = git(&hostile.folder, "--git-dir=.git rev-list --no-merges --count main..autocoder/main");
    assert_eq!(commits, "2\n");
    assert_eq!(fs::read(evil.join("HEAD")).unwrap(), b"ref: refs/heads/main\n");
    assert!(!evil.join("index").exists() && !evil.join("refs/heads/main").exists());
    assert!(hostile.review().contains("+++ b/work.txt"));
    hostile.nothing_ran("review");
    hostile.merge(*merge);
    let _ = hostile.autocoder.json(&["worktree", "clean", "--project", "p", "--force"]);
    hostile.nothing_ran("merge");
    assert_eq!(hostile.folder.join("work.txt").exists(), merge.is_ok());
}

macro_rules! attacks {
    ($($test:ident: $name:literal,)*) => {
        $(#[test]
        fn $test() {
            leads_nowhere($name);
        })*

        #[test]
        fn every_attack_is_tried() {
            assert_eq!(ATTACKS.iter().map(|(name, ..)| *name).collect::<Vec<_>>(), [$($name),*]);
        }
    };
}

attacks! {
    an_agent_that_writes_configuration_gets_nothing_run: "the configuration",
    an_agent_that_writes_hooks_gets_nothing_run: "the hooks",
    an_agent_that_moves_the_checkout_gets_nothing_written_there: "the place of the files",
    an_agent_that_moves_its_worktree_gets_nothing_written_there: "the place of the worktree's files",
    an_agent_that_points_its_worktree_elsewhere_is_not_followed: "the link to the repository",
    an_agent_that_cuts_its_worktree_off_is_not_followed: "the link, gone",
    an_agent_that_makes_a_repository_of_its_own_is_not_followed: "the link, a repository of its own",
    an_agent_that_links_its_repository_elsewhere_is_not_followed: "the link, out of the tree",
}

/// A repository elsewhere that an agent would like us to use.
fn evil_repository(hostile: &Hostile, trap: &Path) -> PathBuf {
    let evil = trap.join("evil.git");
    git(trap, "init --quiet --bare --initial-branch=main evil.git");
    fs::write(
        evil.join("config"),
        hostile.told(
            "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfsmonitor = {spring}\n\thooksPath = hooks\n",
        ),
    )
    .unwrap();
    fs::create_dir_all(evil.join("hooks")).unwrap();
    for name in ["pre-commit", "reference-transaction", "post-checkout"] {
        fs::copy(&hostile.spring, evil.join("hooks").join(name)).unwrap();
    }
    evil
}
