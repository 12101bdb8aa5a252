//! What a person at a gate sees of the integration branch: how it differs from their own, with nothing touched.

use super::{DiffStat, GitError, INTEGRATION_BRANCH, Repository};

/// How the integration branch differs from the person's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The person's branch; their commit when they are on none.
    pub base: String,
    /// The commit that the integration branch stands on.
    pub commit: String,
    /// How much.
    pub stat: DiffStat,
    /// The beginning of the patch; bytes that are no UTF-8 are replaced.
    pub patch: String,
    /// Whether the patch goes on.
    pub cut: bool,
}

impl Repository {
    /// What the integration branch has that the person's checkout has not, with at most `most` bytes of patch; none before
    /// the first commit of an agent.
    ///
    /// # Errors
    /// Whatever keeps git from answering.
    pub async fn review(&self, most: usize) -> Result<Option<Review>, GitError> {
        let Some(commit) = self.integration_commit().await? else { return Ok(None) };
        let stat = self.diff_stat("HEAD").await?;
        let range = format!("HEAD...refs/heads/{INTEGRATION_BRANCH}");
        let flags = [
            "diff",
            "--no-color",
            "--no-ext-diff",
            "--no-textconv",
            "--ignore-submodules=all",
            "--src-prefix=a/",
            "--dst-prefix=b/",
            "--end-of-options",
        ];
        let (bytes, cut) = self.git().beginning(&[flags.as_slice(), &[&range, "--"]].concat(), most).await?;
        let patch = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Some(Review { base: self.own_branch().await?, commit, stat, patch, cut }))
    }

    /// The files below `dir` that the integration branch changes; none before the first commit of an agent.
    ///
    /// # Errors
    /// Whatever keeps git from answering.
    pub async fn changed_below(&self, dir: &str) -> Result<Vec<String>, GitError> {
        if self.integration_commit().await?.is_none() {
            return Ok(Vec::new());
        }
        let range = format!("HEAD...refs/heads/{INTEGRATION_BRANCH}");
        let flags = ["diff", "--name-only", "-z", "--no-ext-diff", "--no-textconv", "--no-renames", "--end-of-options"];
        let names = self.git().run(&[flags.as_slice(), &[&range, "--", dir]].concat()).await?;
        Ok(names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    async fn own_branch(&self) -> Result<String, GitError> {
        match self.git().run(&["symbolic-ref", "--quiet", "--short", "HEAD"]).await {
            Ok(name) => Ok(name.trim().to_owned()),
            Err(GitError::Failed { .. }) => self.head_commit().await,
            Err(error) => Err(error),
        }
    }
}
