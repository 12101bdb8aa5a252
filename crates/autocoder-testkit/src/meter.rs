//! A meter that always shows the same.

use async_trait::async_trait;
use autocoder_core::ids::ProjectId;
use autocoder_core::ports::{Out, UsageMeter};
use autocoder_core::scheduler::UsageLevel;

/// Shows one level for every project.
#[derive(Clone, Copy, Debug, Default)]
pub struct FixedMeter(pub UsageLevel);

impl FixedMeter {
    /// There is no limit.
    #[must_use]
    pub fn unlimited() -> Self {
        Self::default()
    }

    /// So many basis points of the limit are left.
    #[must_use]
    pub fn left(available_bp: u32) -> Self {
        Self(UsageLevel { available_bp: Some(available_bp), ..UsageLevel::default() })
    }
}

#[async_trait]
impl UsageMeter for FixedMeter {
    async fn level(&self, _: ProjectId) -> Out<UsageLevel> {
        Ok(self.0)
    }
}
