//! Tools on the agent's own task: take it, pass it, hand it back, put it off, ask about it.

use autocoder_core::ids::TaskId;
use autocoder_core::scheduler::Claim;
use autocoder_core::task::{Branch, Question};
use autocoder_core::view::{ClaimView, TaskCard};
use autocoder_core::workflow::{Claiming, Fence, ask_task, check_claim, claim_task, release_task, skip_task};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::arguments::Id;
use crate::claim::Hold;
use crate::reply::{Reply, ToolError};
use crate::tools::{Caller, Tool};
use crate::verification::mark_passing;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::tools) struct GetNext {}

impl Tool for GetNext {
    const NAME: &'static str = "task_get_next";
    const ABOUT: &'static str = "Claim your next task; the same one while you hold it. When `task` is null, `reason` says why and `advice` what to do.";
    const HOT: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let session = &caller.connection.session;
        let claiming = match (session.fence, caller.connection.held()) {
            (None, _) => claim_task(&caller.context(), session.project, &session.agent, session.run).await?,
            (Some(_), Some(hold)) => Claiming::Task(Box::new(given(caller, &hold).await?)),
            (Some(_), None) => {
                return Ok(json!({ "task": null, "reason": "run_finished", "advice": "stop", "retry_at": null }));
            }
        };
        Ok(json!(match claiming {
            Claiming::Task(claim) => {
                caller.connection.remember((claim.task.id, claim.attempt()));
                ClaimView::from(*claim)
            }
            Claiming::None(idle) => ClaimView::from(*idle),
        }))
    }
}

/// The task that the supervisor claimed for this session.
async fn given(caller: &Caller, hold: &Hold) -> Result<Claim, ToolError> {
    let fence = caller.connection.fence(hold.attempt);
    match check_claim(&caller.context(), caller.project(), hold.task, &fence).await {
        Ok(Branch { phase, feature, task }) => Ok(Claim { task, feature, phase }),
        Err(lost) => caller.connection.ended(hold, Err(lost)),
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::tools) struct MarkPassing {
    task_id: Id,
}

impl Tool for MarkPassing {
    const NAME: &'static str = "task_mark_passing";
    const ABOUT: &'static str =
        "Your task is done: it is verified, then passes. An error reports what to fix; the task stays yours.";
    const HOT: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let task = mark_passing(&caller.connection, TaskId(self.task_id.0), &caller.client).await?;
        Ok(json!({ "task": TaskCard::of(task) }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::tools) struct Release {
    task_id: Id,
    /// What you found, for the next try.
    reason: String,
}

impl Tool for Release {
    const NAME: &'static str = "task_release";
    const ABOUT: &'static str = "Hand your task back unfinished.";
    const HOT: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let (hold, fence) = caller.free_hand(self.task_id)?;
        let released = release_task(&caller.context(), caller.project(), hold.task, &fence, &self.reason).await;
        Ok(json!({ "task": TaskCard::of(caller.connection.ended(&hold, released)?) }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::tools) struct Skip {
    task_id: Id,
    reason: String,
}

impl Tool for Skip {
    const NAME: &'static str = "task_skip";
    const ABOUT: &'static str = "Put your task behind the others of its feature.";
    const HOT: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let (hold, fence) = caller.free_hand(self.task_id)?;
        let skipped = skip_task(&caller.context(), caller.project(), hold.task, &fence, &self.reason).await;
        Ok(json!({ "task": TaskCard::of(caller.connection.ended(&hold, skipped)?) }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::tools) struct Ask {
    task_id: Id,
    question: String,
    /// Answers to choose from.
    #[serde(default)]
    choices: Vec<String>,
    /// What you would do.
    recommendation: Option<String>,
}

impl Tool for Ask {
    const NAME: &'static str = "task_ask";
    const ABOUT: &'static str = "Ask a person; your task waits for the answer and is not yours meanwhile.";
    const HOT: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let (hold, fence) = caller.free_hand(self.task_id)?;
        let Self { question: text, choices, recommendation, .. } = self;
        let question = Question { text, choices, recommendation };
        let asked = ask_task(&caller.context(), caller.project(), hold.task, &fence, question).await;
        Ok(json!({ "task": TaskCard::of(caller.connection.ended(&hold, asked)?) }))
    }
}

impl Caller {
    /// The claim on the task, when it is held and nothing verifies it at the moment.
    fn free_hand(&self, task: Id) -> Result<(Hold, Fence), ToolError> {
        self.connection.verification.must_be_idle()?;
        let hold = self.connection.hold_on(TaskId(task.0))?;
        let fence = self.connection.fence(hold.attempt);
        Ok((hold, fence))
    }
}
