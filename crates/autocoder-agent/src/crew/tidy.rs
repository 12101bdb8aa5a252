//! Takes the worktrees of finished features away. One with work in it that is merged nowhere stays.

use autocoder_core::feature::FeatureStatus;
use autocoder_core::ids::FeatureId;

use super::Crew;
use super::ports::release_ports;
use super::workplace::worktrees_dir;
use crate::git::{GitError, Listed, Repository};

/// Removes the worktrees of all features that are completed.
pub(super) async fn tidy_all(crew: &Crew) {
    // What cannot be removed now is looked at by the next crew.
    let _ = tidy(crew, |_| true).await;
}

/// Removes the worktree of `feature`, when it is completed.
pub(super) async fn tidy_feature(crew: &Crew, feature: FeatureId) {
    let _ = tidy(crew, |listed| listed.feature() == Some(feature)).await;
}

async fn tidy(crew: &Crew, wanted: impl Fn(&Listed) -> bool) -> Result<(), GitError> {
    let folder = worktrees_dir(&crew.data_dir, &crew.project.name);
    let Ok(folder) = folder.canonicalize() else { return Ok(()) };
    let found = Repository::discover(std::path::Path::new(&crew.project.path), &crew.environment).await?;
    let Some(repository) = found else { return Ok(()) };
    for listed in repository.worktrees().await? {
        if let Some(feature) = listed.feature().filter(|_| listed.path.parent() == Some(&folder) && wanted(&listed)) {
            // Nobody prepares it between the look at the feature and the end of its worktree.
            let _turn = repository.worktree_turn().await?;
            if is_completed(crew, feature).await && repository.remove_in_turn(&listed.path).await.is_ok() {
                release_ports(&crew.data_dir, &listed.path);
            }
        }
    }
    Ok(())
}

async fn is_completed(crew: &Crew, feature: FeatureId) -> bool {
    let found = crew.store.queries().feature(crew.id(), feature).await;
    found.is_ok_and(|feature| feature.is_some_and(|feature| feature.status == FeatureStatus::Completed))
}
