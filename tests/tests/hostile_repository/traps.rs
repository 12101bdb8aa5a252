//! What a hostile repository sets: programs that git would run, and paths that lead out.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

/// A way to set traps in a repository, given a program that leaves a mark when it runs and a folder outside.
pub(crate) struct Trap {
    pub(crate) name: &'static str,
    /// Committed files; `{spring}` stands for the program.
    pub(crate) files: &'static [(&'static str, &'static str)],
    /// Settings of the repository, made after the commit.
    pub(crate) config: &'static [(&'static str, &'static str)],
    /// What else there is.
    pub(crate) more: fn(&Path, &Path, &Path),
    /// What the person does before they merge.
    pub(crate) meanwhile: fn(&Path),
    /// What a person's plain git would have run it by; none: git is never made to do it.
    pub(crate) sprung_by: &'static [&'static str],
    /// What the merge at the gate comes to: done, or a refusal with this in its message.
    pub(crate) merge: Result<(), &'static str>,
}

const PLAIN: Trap =
    Trap { name: "", files: &[], config: &[], more: |_, _, _| {}, meanwhile: |_| {}, sprung_by: &[], merge: Ok(()) };

const HOOKS: [&str; 24] = [
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "pre-commit",
    "pre-merge-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-rebase",
    "post-checkout",
    "post-merge",
    "pre-push",
    "pre-receive",
    "update",
    "proc-receive",
    "post-receive",
    "post-update",
    "reference-transaction",
    "push-to-checkout",
    "pre-auto-gc",
    "post-rewrite",
    "sendemail-validate",
    "fsmonitor-watchman",
    "post-index-change",
];

fn hooks(folder: &Path, spring: &Path) {
    fs::create_dir_all(folder).unwrap();
    for name in HOOKS {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{} {name}\n", spring.display())).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

pub(crate) const TRAPS: &[Trap] = &[
    Trap {
        name: "hooks",
        more: |at, spring, _| hooks(&at.join(".git/hooks"), spring),
        sprung_by: &["commit --quiet --allow-empty --message x"],
        ..PLAIN
    },
    Trap {
        name: "hooks in a folder of their own",
        config: &[("core.hooksPath", "hooks")],
        more: |at, spring, _| hooks(&at.join("hooks"), spring),
        sprung_by: &["commit --quiet --allow-empty --message x"],
        ..PLAIN
    },
    Trap {
        name: "hooks in the configuration",
        config: &[
            ("hook.evil.command", "{spring} hook"),
            ("hook.evil.event", "pre-commit"),
            ("hook.evil.event", "post-checkout"),
            ("hook.evil.event", "reference-transaction"),
        ],
        ..PLAIN
    },
    Trap {
        name: "filters",
        files: &[(".gitattributes", "* filter=evil\n")],
        config: &[
            ("filter.evil.clean", "{spring} clean; cat"),
            ("filter.evil.smudge", "{spring} smudge; cat"),
            ("filter.evil.required", "true"),
        ],
        sprung_by: &["add --renormalize ."],
        merge: Err("kept by a filter"),
        ..PLAIN
    },
    Trap {
        name: "a filter that stays",
        files: &[(".gitattributes", "*.txt filter=evil.one\n")],
        config: &[("filter.evil.one.process", "{spring} process")],
        sprung_by: &["add --renormalize ."],
        merge: Err("kept by a filter"),
        ..PLAIN
    },
    Trap {
        name: "fsmonitor",
        config: &[("core.fsmonitor", "{spring} fsmonitor"), ("core.fsmonitorHookVersion", "1")],
        sprung_by: &["status"],
        ..PLAIN
    },
    Trap {
        name: "diffs",
        files: &[(".gitattributes", "* diff=evil\n")],
        config: &[
            ("diff.external", "{spring} external"),
            ("diff.evil.command", "{spring} command"),
            ("diff.evil.textconv", "{spring} textconv"),
            ("diff.evil.cachetextconv", "true"),
            ("interactive.diffFilter", "{spring} interactive"),
        ],
        sprung_by: &["diff HEAD autocoder/main"],
        ..PLAIN
    },
    Trap {
        name: "merge drivers",
        files: &[(".gitattributes", "* merge=evil\n")],
        config: &[("merge.evil.driver", "{spring} driver"), ("merge.default", "evil"), ("merge.tool", "evil")],
        meanwhile: |at| {
            fs::write(at.join("work.txt"), "mine\n").unwrap();
            git(at, "add work.txt");
            git(at, "commit --quiet --message Mine");
        },
        merge: Err("both changed: `work.txt`"),
        ..PLAIN
    },
    Trap {
        name: "transports",
        config: &[
            ("core.sshCommand", "{spring} ssh"),
            ("core.gitProxy", "{spring} proxy"),
            ("core.askPass", "{spring}"),
            ("credential.helper", "!{spring} credential"),
            ("remote.origin.url", "ext::{spring} remote"),
            ("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"),
            ("remote.origin.promisor", "true"),
            ("remote.origin.uploadpack", "{spring} uploadpack"),
            ("protocol.ext.allow", "always"),
            ("branch.main.remote", "origin"),
        ],
        sprung_by: &["fetch --quiet origin"],
        ..PLAIN
    },
    Trap {
        name: "signatures, pagers, editors, other programs",
        config: &[
            ("gpg.program", "{spring}"),
            ("gpg.ssh.program", "{spring}"),
            ("commit.gpgSign", "true"),
            ("tag.gpgSign", "true"),
            ("merge.verifySignatures", "true"),
            ("log.showSignature", "true"),
            ("core.pager", "{spring} pager"),
            ("core.editor", "{spring} editor"),
            ("sequence.editor", "{spring} sequence"),
            ("alias.merge-tree", "!{spring} alias"),
            ("branch.main.mergeOptions", "--strategy=evil"),
            ("core.alternateRefsCommand", "{spring} alternate"),
            ("uploadpack.packObjectsHook", "{spring} pack"),
        ],
        sprung_by: &["commit --quiet --allow-empty --message x"],
        ..PLAIN
    },
    Trap {
        name: "included configuration",
        config: &[("include.path", "../included"), ("includeIf.gitdir:**.path", "../included")],
        files: &[
            (".gitattributes", "*.md filter=evil\n"),
            ("README.md", "kept by a filter\n"),
            (
                "included",
                "[core]\n\tfsmonitor = {spring} fsmonitor\n\tsshCommand = {spring} ssh\n[filter \"evil\"]\n\t\
                 clean = {spring} clean; cat\n\tsmudge = {spring} smudge; cat\n",
            ),
        ],
        sprung_by: &["status"],
        ..PLAIN
    },
    Trap {
        name: "symbolic links out of the tree",
        more: |at, _, outside| {
            for (link, target) in [("link", ""), ("linked.txt", "victim")] {
                symlink(outside.join(target), at.join(link)).unwrap();
            }
            git(at, "add .");
            git(at, "commit --quiet --message Links");
        },
        ..PLAIN
    },
    Trap {
        name: "files that look like options",
        files: &[
            ("--help", "help\n"),
            ("-rf", "rf\n"),
            ("--upload-pack={spring}", "x\n"),
            ("--output=victim", "x\n"),
            (":(exclude)*", "x\n"),
        ],
        ..PLAIN
    },
    Trap {
        name: "a submodule",
        files: &[(
            ".gitmodules",
            "[submodule \"evil\"]\n\tpath = evil\n\turl = ext::{spring} submodule\n\tupdate = !{spring} update\n",
        )],
        config: &[
            ("submodule.recurse", "true"),
            ("submodule.evil.url", "ext::{spring} submodule"),
            ("submodule.evil.active", "true"),
            ("submodule.evil.update", "!{spring} update"),
            ("protocol.allow", "always"),
        ],
        more: |at, _, _| {
            let head = git(at, "rev-parse HEAD");
            git(at, &format!("update-index --add --cacheinfo 160000,{},evil", head.trim()));
            git(at, "commit --quiet --message Submodule");
            fs::create_dir(at.join("evil")).unwrap();
        },
        ..PLAIN
    },
];

/// Git as careful as a test needs it.
pub(crate) fn git(folder: &Path, line: &str) -> String {
    let calm =
        ["core.hooksPath=/dev/null", "core.fsmonitor=false", "commit.gpgSign=false", "user.name=T", "user.email=t@t"];
    let mut command = Command::new("git");
    for setting in calm {
        command.args(["-c", setting]);
    }
    let output = command.current_dir(folder).args(line.split(' ')).output().unwrap();
    assert!(output.status.success(), "git {line}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}
