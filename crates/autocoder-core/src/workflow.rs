//! Use cases: load what a rule needs, decide, commit one change. Named by the domain's verbs.

mod agent;
mod assign;
mod at_work;
mod budget;
mod claim;
mod conflict;
mod crew;
mod dependency;
mod errand;
mod feature;
mod finish;
mod inbox;
mod independence;
mod note;
mod phase;
mod plan;
mod project;
mod proposal;
mod regression;
mod schedule;
mod settle;
mod spec;
mod task;
mod token;
mod webhook;
mod why;

pub use agent::{AgentPatch, delete_agent, edit_agent, note_agent, register_agent};
pub use assign::{assign_feature, assign_feature_to_new};
pub use at_work::agents_at_work;
pub use budget::{add_budget, delete_budget, edit_budget};
pub use claim::{Claiming, claim_named_task, claim_task, held_task, peek_task, reap_lapsed, renew_claim};
pub use conflict::{Conflicted, forget_conflicts, meet_conflict};
pub use crew::{CREW_TTL_S, join_crew, leave_crew};
pub use dependency::set_dependencies;
pub use errand::{Errands, next_errand};
pub use feature::{add_feature, create_tasks, delete_feature, edit_feature, set_spec};
pub use finish::{Fence, ask_task, check_claim, fail_task, pass_task, release_task, skip_task};
pub use inbox::inbox;
pub use independence::can_run_independently;
pub use note::add_note;
pub use phase::{
    Rejection, add_phase, approve_phase, check_approval, delete_phase, edit_phase, reject_phase, reopen_phase,
    start_phase, submit_phase,
};
pub use plan::{ImportReport, export_plan, import_plan};
pub use project::{
    archive_project, create_project, delete_project, edit_project, pause_project, resume_project, start_project,
};
pub use proposal::{decide_proposals, propose_tasks};
pub use regression::{pick_for_regression, report_regression};
pub use schedule::{add_schedule, delete_schedule, edit_schedule};
pub use spec::{add_spec_message, end_spec_turn, request_spec, start_spec, stop_spec};
pub use task::{add_task, answer_task, delete_task, edit_task, reopen_task, skip_task_as_person};
pub use token::{create_token, revoke_token};
pub use webhook::{add_webhook, delete_webhook, disable_webhook, edit_webhook};
pub use why::{WhyReason, WhyView, why_task};

use crate::changes::Changes;
use crate::error::Refused;
use crate::event::Actor;
use crate::ids::ProjectId;
use crate::phase::{Phase, PhaseStatus};
use crate::ports::{Scope, Store, UnitOfWork, UsageMeter};
use crate::request::Request;
use crate::time::Timestamp;

/// Who asks, and what the use cases work with.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Where the plan is kept.
    pub store: &'a dyn Store,
    /// How much may still be used.
    pub usage: &'a dyn UsageMeter,
    /// Who asks.
    pub actor: &'a Actor,
    /// The conditions of the request, for frontends that carry them.
    pub request: Option<&'a Request>,
}

impl Context<'_> {
    async fn begin(&self, project: ProjectId) -> Result<(Box<dyn UnitOfWork>, Changes), Refused> {
        let unit = self.store.begin(Scope::Project(project)).await?;
        let changes = self.changes(project, unit.now());
        Ok((unit, changes))
    }

    fn changes(&self, project: ProjectId, now: Timestamp) -> Changes {
        Changes::new(project, self.actor.clone(), now).on_request(self.request)
    }

    fn person(&self, action: &'static str) -> Result<(), Refused> {
        if self.actor.is_person() { Ok(()) } else { Err(Refused::PersonNeeded { action }) }
    }
}

/// Refuses when nothing may be added to, reopened in or taken out of the phase.
fn must_be_open(phase: &Phase) -> Result<(), Refused> {
    match phase.status {
        PhaseStatus::Pending | PhaseStatus::InProgress => Ok(()),
        PhaseStatus::AwaitingApproval => Err(Refused::AtGate { phase: phase.id, name: phase.name.clone() }),
        PhaseStatus::Completed => Err(Refused::PhaseClosed { name: phase.name.clone() }),
    }
}
