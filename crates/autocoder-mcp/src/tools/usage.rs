//! Tools on usage: what is left, and whether to go on.

use autocoder_core::ports::Scope;
use autocoder_core::scheduler::{Band, UsageLevel};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Tool};
use crate::advice::{Holding, advise, holds};
use crate::reply::Reply;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetRemaining {}

impl Tool for GetRemaining {
    const NAME: &'static str = "usage_get_remaining";
    const ABOUT: &'static str = "What is left of the tightest budget, and when it resets.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let level =
            caller.connection.session.usage.level_for(caller.project(), &caller.connection.session.agent).await?;
        let UsageLevel { available_bp, thresholds, resets_at, blocked_until, closed_until, .. } = level;
        Ok(json!({
            "limited": available_bp.is_some(),
            "available_percent": percent(available_bp),
            "band": Band::of(available_bp, &thresholds),
            "bands_percent": {
                "critical": percent(Some(thresholds.critical_bp)),
                "low": percent(Some(thresholds.low_bp)),
                "moderate": percent(Some(thresholds.moderate_bp)),
            },
            "resets_at": resets_at,
            "blocked_until": blocked_until,
            "closed_until": closed_until,
        }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ShouldContinue {}

impl Tool for ShouldContinue {
    const NAME: &'static str = "usage_should_continue";
    const ABOUT: &'static str = "Whether to go on: `action` is continue, finish_current or stop.";
    const HOT: bool = true;
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let session = &caller.connection.session;
        let level = session.usage.level_for(session.project, &session.agent).await?;
        let mut unit = session.store.begin(Scope::Project(session.project)).await?;
        let standing = unit.standing(Some(&session.agent)).await?;
        let now = unit.now();
        drop(unit);
        let holding = caller.holding();
        let live = standing.held.as_ref().filter(|_| holds(&standing, now));
        let mut answer = json!(advise(&standing, &session.agent, &level, now, holding));
        answer["band"] = json!(Band::of(level.available_bp, &level.thresholds));
        answer["available_percent"] = percent(level.available_bp);
        answer["checked_at"] = json!(now);
        answer["current_task"] = json!(live.map(|task| task.id));
        answer["lease"] = json!({
            "valid": live.is_some(),
            "expires_at": live.and_then(|task| task.lease.as_ref()).map(|lease| lease.expires),
        });
        Ok(answer)
    }
}

impl Caller {
    fn holding(&self) -> Holding {
        match self.connection.held() {
            Some(hold) => Holding::Claim(hold.task, hold.attempt),
            None if self.connection.session.fence.is_some() => Holding::Finished,
            None => Holding::Nothing,
        }
    }
}

/// Basis points as percent; null: there is no limit.
fn percent(bp: Option<u32>) -> Value {
    json!(bp.map(|bp| f64::from(bp) / 100.0))
}
