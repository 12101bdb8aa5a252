//! What a run of Claude Code came to: from `is_error`, `terminal_reason` and the last API error, never from the exit code
//! or `subtype` alone, because a rate limit says `success` and a missing tool server exits with 0.

use autocoder_core::run::RunOutcome;
use serde_json::Value;

use super::super::api_error::outcome_of_status;
use super::super::event::{LastWords, cut};
use super::super::json::text;
use super::super::{Ending, Exit, ModelTotal};
use super::totals::{add_totals, totals_of_models};

/// What matters for the end.
#[derive(Default)]
pub(super) struct Facts {
    /// Why the run could not work as set up.
    pub(super) misconfigured: Option<String>,
    result: Option<ResultLine>,
    api_error: Option<ApiError>,
    /// The error that the agent was retrying when it was last heard of.
    retrying: Option<ApiError>,
    /// Sums of what results say was used since the result before.
    since_last: Option<Vec<ModelTotal>>,
    pub(super) last_words: LastWords,
}

struct ResultLine {
    is_error: bool,
    terminal_reason: String,
    refused: bool,
    text: String,
    api_status: Option<u64>,
    models: Vec<ModelTotal>,
}

#[derive(Default)]
struct ApiError {
    error: String,
    kind: String,
    status: Option<u64>,
}

impl Facts {
    pub(super) fn retrying(&mut self, error: &str, status: Option<u64>) {
        self.retrying = Some(ApiError { error: error.to_owned(), kind: String::new(), status });
    }

    /// The model answered, so earlier errors are over.
    pub(super) fn answered(&mut self) {
        self.retrying = None;
        self.api_error = None;
    }

    pub(super) fn api_error(&mut self, line: &Value) {
        let error = text(line, "/error").to_owned();
        let kind = text(line, "/api_error_type").to_owned();
        self.api_error =
            Some(ApiError { error, kind, status: line.pointer("/api_error_status").and_then(Value::as_u64) });
    }

    pub(super) fn result(&mut self, line: &Value) {
        if let Some(used) = line.get("model_usage_since_last_result").filter(|used| used.is_object()) {
            add_totals(self.since_last.get_or_insert_default(), totals_of_models(used));
        }
        let first_error = text(line, "/errors/0");
        self.result = Some(ResultLine {
            is_error: line.get("is_error").and_then(Value::as_bool).unwrap_or_default(),
            terminal_reason: text(line, "/terminal_reason").to_owned(),
            refused: text(line, "/stop_reason") == "refusal",
            text: cut(if first_error.is_empty() { text(line, "/result") } else { first_error }, LastWords::BYTES),
            api_status: line.get("api_error_status").and_then(Value::as_u64),
            models: totals_of_models(line.get("modelUsage").unwrap_or(&Value::Null)),
        });
    }

    pub(super) fn ending(mut self, exit: Exit) -> Ending {
        let (outcome, detail) = match (self.misconfigured.take(), &self.result) {
            (Some(reason), _) => (RunOutcome::Misconfigured, reason),
            (None, Some(result)) => (self.outcome_of(result), result.text.clone()),
            (None, None) => self.without_a_result(exit),
        };
        let last = self.result.map(|result| result.models).unwrap_or_default();
        Ending {
            outcome,
            detail: Some(detail).filter(|detail| !detail.is_empty()),
            totals: self.since_last.unwrap_or(last),
        }
    }

    fn without_a_result(&self, exit: Exit) -> (RunOutcome, String) {
        let known = self.api_error.as_ref().or(self.retrying.as_ref()).map(ApiError::outcome);
        (known.unwrap_or(RunOutcome::Crashed), self.last_words.after(&format!("`claude` {exit} without a result")))
    }

    fn outcome_of(&self, result: &ResultLine) -> RunOutcome {
        match result.terminal_reason.as_str() {
            "prompt_too_long" | "blocking_limit" | "rapid_refill_breaker" => RunOutcome::ContextFull,
            "max_turns" => RunOutcome::Turns,
            "budget_exhausted" => RunOutcome::Budget,
            "aborted_streaming" | "aborted_tools" | "hook_stopped" | "stop_hook_prevented" => RunOutcome::Aborted,
            "tool_deferred_unavailable" | "turn_setup_failed" => RunOutcome::Misconfigured,
            _ if !result.is_error => RunOutcome::Completed,
            _ if result.refused => RunOutcome::Refused,
            _ => {
                let by_status = ApiError { status: result.api_status, ..ApiError::default() };
                self.api_error.as_ref().unwrap_or(&by_status).outcome()
            }
        }
    }
}

impl ApiError {
    fn outcome(&self) -> RunOutcome {
        match self.error.as_str() {
            "rate_limit" => RunOutcome::LimitReached,
            "overloaded" | "server_error" => RunOutcome::Overloaded,
            "billing_error" => RunOutcome::Billing,
            "authentication_failed"
            | "oauth_org_not_allowed"
            | "account_on_hold"
            | "verification_required"
            | "cloud_credential_error" => RunOutcome::Auth,
            "model_not_found" => RunOutcome::Misconfigured,
            _ if self.kind == "overloaded_error" => RunOutcome::Overloaded,
            _ => self.status.and_then(outcome_of_status).unwrap_or(RunOutcome::Failed),
        }
    }
}
