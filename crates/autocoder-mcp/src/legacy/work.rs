//! Tools on the feature at hand: claim it, pass it, hand it back, put it off.

use autocoder_core::error::Refused;
use autocoder_core::ids::TaskId;
use autocoder_core::task::TaskStatus;
use autocoder_core::view::TaskView;
use autocoder_core::workflow::{
    Fence, check_claim, claim_named_task, release_task, report_regression, skip_task, why_task,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::shape;
use crate::arguments::Id;
use crate::claim::Hold;
use crate::reply::{Reply, ToolError};
use crate::tools::{Caller, Tool};
use crate::verification::mark_passing;

/// What is kept as the reason when a tool takes none.
const FAILING: &str = "an agent marked it as failing";
const CLEARED: &str = "";

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClaimAndGet {
    feature_id: Id,
}

impl Tool for ClaimAndGet {
    const NAME: &'static str = "feature_claim_and_get";
    const ABOUT: &'static str = "Claim a feature and get it whole; it is yours until you pass it or hand it back.";
    const HOT: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let before = caller.named(self.feature_id).await?;
        let after = caller.claim(&before).await?;
        let already = before.in_progress && before.attempt == after.attempt;
        let mut feature = shape::whole(caller.numbers().await?, after);
        feature["already_claimed"] = json!(already);
        Ok(feature)
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MarkInProgress {
    feature_id: Id,
}

impl Tool for MarkInProgress {
    const NAME: &'static str = "feature_mark_in_progress";
    const ABOUT: &'static str = "Claim a feature before you work on it.";
    const HOT: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let before = caller.named(self.feature_id).await?;
        let after = caller.claim(&before).await?;
        Ok(shape::whole(caller.numbers().await?, after))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MarkPassing {
    feature_id: Id,
}

impl Tool for MarkPassing {
    const NAME: &'static str = "feature_mark_passing";
    const ABOUT: &'static str =
        "Your feature is done: it is verified, then passes. An error reports what to fix; the feature stays yours.";
    const HOT: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let (task, number) = (caller.named(self.feature_id).await?, self.feature_id.0);
        if caller.connection.passed(task.id).is_none() {
            caller.own(&task, number)?;
        }
        match mark_passing(&caller.connection, task.id, &caller.client).await {
            Ok(task) => Ok(json!({ "success": true, "feature_id": number, "name": task.name })),
            Err(error) => Err(worded(error, number)),
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MarkFailing {
    feature_id: Id,
}

impl Tool for MarkFailing {
    const NAME: &'static str = "feature_mark_failing";
    const ABOUT: &'static str = "A feature does not work: it is open again. Answers the one that carries the repair.";

    async fn call(self, caller: &Caller) -> Reply {
        let task = caller.named(self.feature_id).await?;
        let id = match task.status {
            TaskStatus::Passing => {
                let opened = report_regression(&caller.context(), caller.project(), task.id, FAILING).await;
                opened?.id
            }
            TaskStatus::InProgress => caller.hand_back(&task, self.feature_id.0, FAILING).await?,
            TaskStatus::Pending | TaskStatus::NeedsInput | TaskStatus::Blocked => task.id,
        };
        let feature = caller.shown(id).await?;
        Ok(json!({ "message": "the feature is open", "feature": feature }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClearInProgress {
    feature_id: Id,
}

impl Tool for ClearInProgress {
    const NAME: &'static str = "feature_clear_in_progress";
    const ABOUT: &'static str = "Hand your feature back unfinished.";
    const HOT: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let task = caller.named(self.feature_id).await?;
        if task.in_progress {
            caller.hand_back(&task, self.feature_id.0, CLEARED).await?;
        }
        caller.shown(task.id).await
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Skip {
    feature_id: Id,
}

impl Tool for Skip {
    const NAME: &'static str = "feature_skip";
    const ABOUT: &'static str = "Put your feature behind the others.";
    const HOT: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let task = caller.named(self.feature_id).await?;
        let (hold, fence) = caller.free_own(&task, self.feature_id.0)?;
        let skipped = skip_task(&caller.context(), caller.project(), task.id, &fence, "").await;
        let skipped = caller.ended(&hold, self.feature_id.0, skipped)?;
        Ok(json!({
            "id": self.feature_id.0,
            "name": skipped.name,
            "old_priority": task.priority,
            "new_priority": skipped.priority,
            "message": "the feature comes after the others now",
        }))
    }
}

impl Caller {
    /// Claims the task, or finds that this session has it.
    async fn claim(&self, task: &TaskView) -> Result<TaskView, ToolError> {
        let session = &self.connection.session;
        self.connection.verification.must_be_idle()?;
        if session.fence.is_some() {
            let number = self.numbers().await?.of_task(task.id);
            let (hold, fence) = self.own(task, number)?;
            let checked = check_claim(&self.context(), session.project, task.id, &fence).await;
            self.ended(&hold, number, checked)?;
        } else {
            let cx = self.context();
            let claim = claim_named_task(&cx, session.project, &session.agent, session.run, task.id).await?;
            let Some(claim) = claim else { return Err(self.why_not(task).await?) };
            self.connection.remember((claim.task.id, claim.attempt()));
            if claim.task.id != task.id {
                return Err(other_in_hand(self.numbers().await?.of_task(claim.task.id)));
            }
        }
        let after = self.queries().task(session.project, task.id).await?;
        after.ok_or_else(|| ToolError::missing("feature", task.id))
    }

    /// What is in the way of a claim.
    async fn why_not(&self, task: &TaskView) -> Result<ToolError, ToolError> {
        let numbers = self.numbers().await?;
        let why = why_task(&self.context(), self.project(), task.id).await?;
        let open = task.depends_on.iter().filter(|link| link.status != TaskStatus::Passing);
        let open: Vec<_> = open.map(|link| numbers.of_task(link.id).to_string()).collect();
        let mut reasons: Vec<String> =
            why.reasons.into_iter().filter(|reason| reason.code != "dependency").map(|reason| reason.text).collect();
        if !open.is_empty() {
            reasons.push(format!("it waits for {}", open.join(", ")));
        }
        if reasons.is_empty() {
            reasons.push("another agent works there".to_owned());
        }
        let message = format!("feature `{}` cannot be claimed: {}", numbers.of_task(task.id), reasons.join("; "));
        Ok(ToolError::new("not_ready", message).hint("`feature_get_ready` has those that can be worked on"))
    }

    /// The claim on the task, when this session holds it.
    fn own(&self, task: &TaskView, number: i64) -> Result<(Hold, Fence), ToolError> {
        let Some(hold) = self.connection.held().filter(|hold| hold.task == task.id) else {
            return Err(ToolError::new("not_your_task", format!("feature `{number}` is not yours"))
                .hint("claim it first with `feature_claim_and_get`"));
        };
        let fence = self.connection.fence(hold.attempt);
        Ok((hold, fence))
    }

    /// The same, when nothing verifies it at the moment either.
    pub(super) fn free_own(&self, task: &TaskView, number: i64) -> Result<(Hold, Fence), ToolError> {
        self.connection.verification.must_be_idle()?;
        self.own(task, number)
    }

    async fn hand_back(&self, task: &TaskView, number: i64, reason: &str) -> Result<TaskId, ToolError> {
        let (hold, fence) = self.free_own(task, number)?;
        let released = release_task(&self.context(), self.project(), task.id, &fence, reason).await;
        Ok(self.ended(&hold, number, released)?.id)
    }

    /// Forgets the claim when it ended, or turned out to be lost.
    pub(super) fn ended<T>(&self, hold: &Hold, number: i64, result: Result<T, Refused>) -> Result<T, ToolError> {
        self.connection.ended(hold, result).map_err(|error| worded(error, number))
    }

    pub(super) async fn shown(&self, id: TaskId) -> Result<Value, ToolError> {
        let task = self.queries().task(self.project(), id).await?.ok_or_else(|| ToolError::missing("feature", id))?;
        Ok(shape::whole(self.numbers().await?, task))
    }
}

fn other_in_hand(number: i64) -> ToolError {
    ToolError::new("not_your_task", format!("you hold feature `{number}`"))
        .hint("finish it, or hand it back with `feature_clear_in_progress`, before you claim another")
}

/// A lost claim in the words of this session.
fn worded(error: ToolError, number: i64) -> ToolError {
    if error.code() != "lease_lost" {
        return error;
    }
    ToolError::new("lease_lost", format!("feature `{number}` is not yours any more"))
        .hint("nothing was changed; claim it again with `feature_claim_and_get`, or take another one")
}
