//! Tools that check finished tasks again.

use autocoder_core::ids::TaskId;
use autocoder_core::view::TaskCard;
use autocoder_core::workflow::{pick_for_regression, report_regression};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::arguments::{Id, Whole};
use crate::reply::Reply;
use crate::tools::{Caller, Tool};

/// How many tasks are handed out unless the caller says.
const PICKED: u64 = 3;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::tools) struct GetForRegression {
    /// Default 3.
    limit: Option<Whole<1, 100>>,
}

impl Tool for GetForRegression {
    const NAME: &'static str = "task_get_for_regression";
    const ABOUT: &'static str = "Passing tasks to test again, least recently verified first.";

    async fn call(self, caller: &Caller) -> Reply {
        let limit = self.limit.map_or(PICKED, |limit| limit.0.unsigned_abs());
        let tasks = pick_for_regression(&caller.context(), caller.project(), limit).await?;
        Ok(json!({ "tasks": tasks }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::tools) struct ReportRegression {
    task_id: Id,
    /// What you did and what happened.
    evidence: String,
}

impl Tool for ReportRegression {
    const NAME: &'static str = "task_report_regression";
    const ABOUT: &'static str = "A passing task does not work any more. Answers the task that carries the repair.";

    async fn call(self, caller: &Caller) -> Reply {
        let id = TaskId(self.task_id.0);
        let repair = report_regression(&caller.context(), caller.project(), id, &self.evidence).await?;
        Ok(json!({ "task": TaskCard::of(repair) }))
    }
}
