//! Worktrees over time: views, older layouts, agents that leave their branch, and the end of a worktree.

use std::path::Path;

use autocoder_agent::git::{Listed, Repository, WorktreeState};
use autocoder_core::ids::{FeatureId, TaskId};

use super::{FEATURE, Project, git_in};

async fn listed(repository: &Repository, dir: &Path) -> Option<Listed> {
    repository.worktrees().await.unwrap().into_iter().find(|listed| listed.path == dir)
}

#[tokio::test]
async fn a_view_follows_what_is_merged_and_holds_no_branch() {
    let project = Project::with_a_commit();
    let repository = project.repository().await;
    let place = project.place().with_file_name("main-tester-1");
    let view = repository.prepare_view(&place).await.unwrap();
    assert_eq!(view.branch, None);
    std::fs::write(view.dir.join("a.txt"), "scribbled").unwrap();
    std::fs::write(view.dir.join("cache"), "kept").unwrap();
    git_in(&view.dir, &["checkout", "-q", "autocoder/main"]);

    let worktree = project.worktree().await;
    std::fs::write(worktree.dir.join("new.txt"), "x").unwrap();
    worktree.commit_all("New", TaskId(1)).await.unwrap().unwrap();
    project.bring_in(&worktree).await;
    let view = repository.prepare_view(&place).await.unwrap();
    let read = |name: &str| std::fs::read_to_string(view.dir.join(name)).unwrap();
    assert_eq!((read("a.txt"), read("new.txt"), read("cache")), ("one\ntwo\n".into(), "x".into(), "kept".into()));
    assert_eq!(listed(&repository, &place).await.unwrap().branch, None);
}

#[tokio::test]
async fn an_agent_on_another_features_branch_keeps_nobody_from_it() {
    let project = Project::with_a_commit();
    let (one, two) = (project.worktree_of(1).await, project.worktree_of(2).await);
    git_in(&one.dir, &["checkout", "-q", "--ignore-other-worktrees", "autocoder/f-2"]);
    std::fs::remove_dir_all(&two.dir).unwrap();
    let two = project.worktree_of(2).await;
    assert_eq!(git_in(&two.dir, &["branch", "--show-current"]).trim(), "autocoder/f-2");
    project.worktree_of(1).await;
    assert_eq!(git_in(&one.dir, &["branch", "--show-current"]).trim(), "autocoder/f-1");
}

#[tokio::test]
async fn a_person_on_the_integration_branch_is_told() {
    let project = Project::with_a_commit();
    let worktree = project.worktree().await;
    std::fs::write(worktree.dir.join("new.txt"), "x").unwrap();
    let commit = worktree.commit_all("New", TaskId(1)).await.unwrap().unwrap();
    project.git(&["checkout", "-q", "autocoder/main"]);
    let repository = project.repository().await;
    let main = repository.integration_commit().await.unwrap().unwrap();
    let refused = repository.advance_integration(&worktree, &main, &commit).await.unwrap_err();
    assert_eq!(refused.code(), "branch_in_use");
    assert!(refused.to_string().contains(&project.top().display().to_string()), "{refused}");
    assert_eq!(repository.integration_commit().await.unwrap(), Some(main));
}

#[tokio::test]
async fn the_one_worktree_of_an_older_version_makes_room() {
    for (written, kept) in [(None, false), (Some("half"), true)] {
        let project = Project::with_a_commit();
        let folder = project.place().parent().unwrap().to_owned();
        project.git(&["branch", "autocoder/main"]);
        project.git(&["worktree", "add", "-q", &folder.display().to_string(), "autocoder/main"]);
        if let Some(text) = written {
            std::fs::write(folder.join("work.txt"), text).unwrap();
        }
        let worktree = project.worktree().await;
        assert_eq!(git_in(&worktree.dir, &["branch", "--show-current"]).trim(), "autocoder/f-1");
        let older = folder.join("older");
        assert_eq!(older.join("work.txt").exists(), kept);
        assert_eq!(listed(&project.repository().await, &older).await.map(|listed| listed.branch), kept.then_some(None));
        project.worktree_of(2).await;
        assert_eq!(older.join("work.txt").exists(), kept);
    }
}

#[tokio::test]
async fn only_a_worktree_without_work_of_its_own_goes() {
    let project = Project::with_a_commit();
    let repository = project.repository().await;
    let worktree = project.worktree().await;
    let state = || async { repository.state_of(&listed(&repository, &worktree.dir).await.unwrap()).await.unwrap() };
    let refusal = || async { repository.remove_worktree(&worktree.dir).await.unwrap_err().code() };

    std::fs::write(worktree.dir.join("new.txt"), "x").unwrap();
    assert_eq!(state().await, WorktreeState { uncommitted: true, merging: false, ahead: 0 });
    assert_eq!(refusal().await, "uncommitted_work");
    worktree.commit_all("New", TaskId(1)).await.unwrap().unwrap();
    assert_eq!(state().await, WorktreeState { uncommitted: false, merging: false, ahead: 1 });
    assert_eq!(refusal().await, "unmerged_work");
    project.bring_in(&worktree).await;
    assert_eq!(state().await, WorktreeState::default());

    repository.remove_worktree(&worktree.dir).await.unwrap();
    assert!(!worktree.dir.exists() && listed(&repository, &worktree.dir).await.is_none());
    assert_eq!(project.git(&["branch", "--list", "autocoder/f-*"]), "");
    repository.remove_worktree(&worktree.dir).await.unwrap();
    assert!(project.worktree().await.dir.join("new.txt").exists(), "it is made again from what is merged");
}

#[tokio::test]
async fn a_discarded_worktree_leaves_unmerged_commits_on_their_branch() {
    let project = Project::with_a_commit();
    let repository = project.repository().await;
    let worktree = project.worktree().await;
    std::fs::write(worktree.dir.join("new.txt"), "x").unwrap();
    let commit = worktree.commit_all("New", TaskId(1)).await.unwrap().unwrap();
    std::fs::write(worktree.dir.join("half.txt"), "lost").unwrap();
    std::fs::write(worktree.dir.join(".git"), "gitdir: /nowhere\n").unwrap();
    git_in(&project.top(), &["worktree", "lock", &worktree.dir.display().to_string()]);
    repository.discard_worktree(&worktree.dir).await.unwrap();
    assert!(!worktree.dir.exists());
    assert_eq!(project.git(&["rev-parse", "autocoder/f-1"]).trim(), commit);
    assert_eq!(project.worktree().await.head_commit().await.unwrap(), commit);
}

#[tokio::test]
async fn the_persons_own_checkout_is_never_removed() {
    let project = Project::with_a_commit();
    let repository = project.repository().await;
    repository.discard_worktree(&project.top()).await.unwrap();
    repository.remove_worktree(&project.top()).await.unwrap();
    assert!(project.top().join("a.txt").exists());
}

#[tokio::test]
async fn an_emptied_worktree_is_made_again_and_a_link_is_not_followed() {
    let project = Project::with_a_commit();
    let worktree = project.worktree().await;
    std::fs::remove_file(worktree.dir.join("a.txt")).unwrap();
    std::fs::remove_file(worktree.dir.join(".git")).unwrap();
    assert!(project.worktree().await.dir.join("a.txt").exists());

    let outside = project.dir.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::remove_dir_all(&worktree.dir).unwrap();
    std::os::unix::fs::symlink(&outside, &worktree.dir).unwrap();
    let refused = project.repository().await.prepare_worktree(&project.place(), FEATURE).await.unwrap_err();
    assert_eq!(refused.code(), "path_taken");
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);

    let two = project.worktree_of(2).await;
    std::fs::remove_file(two.dir.join(".git")).unwrap();
    std::os::unix::fs::symlink(outside.join("written"), two.dir.join(".git")).unwrap();
    project.worktree_of(2).await;
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
    assert_eq!(Repository::feature_branch(FeatureId(2)), "autocoder/f-2");
}
