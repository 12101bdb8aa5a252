//! Merges: what goes together, what does not, and who moves the integration branch.

use std::path::Path;
use std::time::Duration;

use autocoder_agent::git::{Merge, Worktree};
use autocoder_core::ids::TaskId;

use super::{Project, git_in};

async fn commit(worktree: &Worktree, file: &str, text: &str, task: i64) -> String {
    write(worktree, file, text);
    worktree.commit_all("Work", TaskId(task)).await.unwrap().unwrap()
}

fn write(worktree: &Worktree, file: &str, text: &str) {
    std::fs::write(worktree.dir.join(file), text).unwrap();
}

fn read(dir: &Path, file: &str) -> String {
    std::fs::read_to_string(dir.join(file)).unwrap()
}

/// Two features of which each changed the line that the other changed; the first is merged.
async fn at_odds(project: &Project) -> (Worktree, String) {
    let (one, two) = (project.worktree_of(1).await, project.worktree_of(2).await);
    commit(&one, "a.txt", "mine\ntwo\n", 1).await;
    commit(&two, "a.txt", "yours\ntwo\n", 2).await;
    let main = project.bring_in(&one).await;
    (two, main)
}

#[tokio::test]
async fn two_features_are_worked_on_apart_and_come_together() {
    let project = Project::with_a_commit();
    let (one, two) = (project.worktree_of(1).await, project.worktree_of(2).await);
    commit(&one, "one.txt", "1", 1).await;
    commit(&two, "two.txt", "2", 2).await;
    assert!(!one.dir.join("two.txt").exists());
    project.bring_in(&one).await;
    let merged = project.bring_in(&two).await;
    assert_eq!(project.git(&["rev-parse", "autocoder/main"]).trim(), merged);
    let names = project.git(&["ls-tree", "--name-only", "autocoder/main"]);
    assert_eq!(names.lines().collect::<Vec<_>>(), ["a.txt", "one.txt", "two.txt"]);
    assert_eq!(project.bring_in(&two).await, merged, "once more changes nothing");
    let trailers = "--format=%(trailers:key=Autocoder-Task,valueonly,separator=)";
    let tasks = project.git(&["log", trailers, "trunk..autocoder/main"]);
    assert_eq!(tasks.split_whitespace().collect::<Vec<_>>(), ["2", "1"]);
}

#[tokio::test]
async fn a_second_try_is_one_commit_with_the_first_until_it_is_merged() {
    let project = Project::with_a_commit();
    let tree = project.worktree().await;
    commit(&tree, "a.txt", "broken\n", 7).await;
    commit(&tree, "a.txt", "mended\n", 7).await;
    let count = || project.git(&["rev-list", "--count", "trunk..autocoder/f-1"]).trim().to_owned();
    assert_eq!(count(), "1");
    commit(&tree, "a.txt", "one\ntwo\n", 7).await;
    assert_eq!(count(), "1", "also when nothing is left of it");
    commit(&tree, "a.txt", "next\n", 8).await;
    assert_eq!(count(), "2");
    project.bring_in(&tree).await;
    commit(&tree, "a.txt", "later\n", 8).await;
    assert_eq!(count(), "3");
}

#[tokio::test]
async fn what_an_agent_committed_by_itself_gets_the_tasks_name() {
    let project = Project::with_a_commit();
    let tree = project.worktree().await;
    write(&tree, "a.txt", "mine\n");
    git_in(&tree.dir, &["commit", "-qam", "By hand"]);
    let commit = tree.commit_all("Work", TaskId(7)).await.unwrap().unwrap();
    let trailer = project.git(&["log", "-1", "--format=%(trailers:key=Autocoder-Task,valueonly)", &commit]);
    assert_eq!(trailer.trim(), "7");
    assert_eq!(tree.commit_all("Work", TaskId(7)).await.unwrap(), None);
}

#[tokio::test]
async fn a_conflict_waits_until_its_marks_are_gone() {
    let project = Project::with_a_commit();
    let (two, main) = at_odds(&project).await;
    assert_eq!(two.merge_integration(&main).await.unwrap(), Merge::Conflict(vec!["a.txt".into()]));
    assert!(two.is_merging());
    assert_eq!(two.unresolved().await.unwrap(), ["a.txt"]);
    let again = project.worktree_of(2).await;
    assert_eq!((again.is_merging(), again.unmerged().await.unwrap()), (true, vec!["a.txt".to_owned()]), "it is kept");

    git_in(&two.dir, &["add", "a.txt"]);
    assert_eq!(two.unresolved().await.unwrap(), ["a.txt"], "added as it is");
    git_in(&two.dir, &["commit", "-qm", "as it is"]);
    assert_eq!(two.unresolved().await.unwrap(), ["a.txt"], "committed as it is");

    write(&two, "a.txt", "both\ntwo\n");
    assert_eq!(two.unresolved().await.unwrap(), [] as [&str; 0]);
    two.commit_all("Mended", TaskId(2)).await.unwrap().unwrap();
    project.bring_in(&two).await;
    assert_eq!(project.git(&["show", "autocoder/main:a.txt"]), "both\ntwo\n");
}

#[tokio::test]
async fn a_mended_merge_is_ended_by_the_next_commit() {
    for mended in ["mine\ntwo\n", "yours\ntwo\n", "both\ntwo\n"] {
        let project = Project::with_a_commit();
        let (two, main) = at_odds(&project).await;
        two.merge_integration(&main).await.unwrap();
        write(&two, "a.txt", mended);
        assert_eq!(two.unresolved().await.unwrap(), [] as [&str; 0]);
        let commit = two.commit_all("Mended", TaskId(2)).await.unwrap().unwrap();
        let parents = project.git(&["rev-list", "--parents", "-1", &commit]);
        assert_eq!((parents.split_whitespace().count(), two.is_merging()), (3, false), "{mended}");
        assert_eq!(project.bring_in(&two).await, commit);
        assert_eq!(project.git(&["show", "autocoder/main:a.txt"]), mended);
    }
}

#[tokio::test]
async fn a_file_that_one_side_deleted_is_named_too() {
    let project = Project::with_a_commit();
    let (one, two) = (project.worktree_of(1).await, project.worktree_of(2).await);
    std::fs::remove_file(one.dir.join("a.txt")).unwrap();
    one.commit_all("Delete", TaskId(1)).await.unwrap().unwrap();
    commit(&two, "a.txt", "changed\n", 2).await;
    let main = project.bring_in(&one).await;
    assert_eq!(two.merge_integration(&main).await.unwrap(), Merge::Conflict(vec!["a.txt".into()]));
    assert_eq!(two.unresolved().await.unwrap(), [] as [&str; 0], "it has no marks: the agent was told and decides");
    two.commit_all("Keep", TaskId(2)).await.unwrap().unwrap();
    project.bring_in(&two).await;
    assert_eq!(project.git(&["show", "autocoder/main:a.txt"]), "changed\n");
}

#[tokio::test]
async fn a_worktree_is_brought_up_to_date_when_that_goes_by_itself() {
    let project = Project::with_a_commit();
    let (one, two, three) = (project.worktree_of(1).await, project.worktree_of(2).await, project.worktree_of(3).await);
    commit(&two, "a.txt", "yours\ntwo\n", 2).await;
    write(&three, "half.txt", "done");
    commit(&one, "a.txt", "mine\ntwo\n", 1).await;
    let main = project.bring_in(&one).await;

    let fresh = project.worktree_of(4).await;
    for tree in [&fresh, &two, &three] {
        tree.bring_up_to_date(&main).await.unwrap();
    }
    assert_eq!(read(&fresh.dir, "a.txt"), "mine\ntwo\n");
    assert_eq!((read(&two.dir, "a.txt"), two.is_merging()), ("yours\ntwo\n".into(), false), "a conflict is put off");
    assert!(two.is_clean().await.unwrap());
    assert_eq!(read(&three.dir, "a.txt"), "one\ntwo\n", "half work is left alone");
    assert_eq!(read(&three.dir, "half.txt"), "done");
    three.commit_all("Half", TaskId(3)).await.unwrap().unwrap();
    three.bring_up_to_date(&main).await.unwrap();
    assert_eq!(read(&three.dir, "a.txt"), "mine\ntwo\n");
}

#[tokio::test]
async fn the_branch_moves_only_from_where_it_was_seen() {
    let project = Project::with_a_commit();
    let repository = project.repository().await;
    let (one, two) = (project.worktree_of(1).await, project.worktree_of(2).await);
    let seen = repository.integration_commit().await.unwrap().unwrap();
    let first = commit(&one, "one.txt", "1", 1).await;
    let second = commit(&two, "two.txt", "2", 2).await;
    assert!(repository.advance_integration(&one, &seen, &first).await.unwrap());
    assert!(!repository.advance_integration(&two, &seen, &second).await.unwrap());
    assert_eq!(repository.integration_commit().await.unwrap(), Some(first));
}

#[tokio::test]
async fn one_at_a_time_has_the_turn_to_merge() {
    let project = Project::with_a_commit();
    let (one, other) = (project.repository().await, project.repository().await);
    let turn = one.merge_turn().await.unwrap();
    assert!(tokio::time::timeout(Duration::from_millis(100), other.merge_turn()).await.is_err());
    project.worktree().await;
    drop(turn);
    other.merge_turn().await.unwrap();

    let lock = one.common_dir().join("autocoder-merge.lock");
    std::fs::remove_file(&lock).unwrap();
    std::os::unix::fs::symlink(project.dir.path().join("outside"), &lock).unwrap();
    assert_eq!(one.merge_turn().await.unwrap_err().code(), "io");
    assert!(!project.dir.path().join("outside").exists());
}
