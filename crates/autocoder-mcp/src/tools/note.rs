//! Tools on notes: what agents tell those who work on the same phase after them, and a reviewer's report.

use autocoder_core::ids::{FeatureId, PhaseId};
use autocoder_core::note::NoteKind;
use autocoder_core::view::NoteView;
use autocoder_core::workflow::add_note;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::json;

use super::{Caller, Tool};
use crate::arguments::{Id, Whole};
use crate::reply::{Reply, ToolError};

/// How many notes a list has unless the caller says; an agent's context pays for each.
const LISTED: i64 = 20;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Add {
    #[schemars(schema_with = "kind_words")]
    kind: Told,
    text: String,
}

/// What an agent may note; a report is the reviewer's.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Decision,
    Interface,
}

fn kind_words(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({ "enum": ["decision", "interface"] })
}

impl Tool for Add {
    const NAME: &'static str = "note_add";
    const ABOUT: &'static str = "Tell later agents of this phase a decision or an interface, shortly.";

    async fn call(self, caller: &Caller) -> Reply {
        let kind = match self.kind {
            Told::Decision => NoteKind::Decision,
            Told::Interface => NoteKind::Interface,
        };
        let phase = caller.own_phase().await?;
        let note = add_note(&caller.context(), caller.project(), phase, kind, &self.text).await?;
        Ok(json!({ "note": NoteView::from(note) }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    limit: Option<Whole<1, 200>>,
}

impl Tool for List {
    const NAME: &'static str = "note_list";
    const ABOUT: &'static str = "What earlier agents of this phase noted, newest first.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let phase = match caller.own_phase().await? {
            Some(phase) => Some(phase),
            None => caller.active_phase().await?.map(|phase| phase.id),
        };
        let Some(phase) = phase else { return Ok(json!({ "notes": [], "count": 0 })) };
        let notes = caller.queries().notes(caller.project(), Some(phase)).await?;
        let limit = self.limit.map_or(LISTED, |limit| limit.0).unsigned_abs() as usize;
        let count = notes.len();
        let newest: Vec<NoteView> = notes.into_iter().rev().take(limit).map(NoteView::from).collect();
        Ok(json!({ "notes": newest, "count": count }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    phase_id: Id,
    /// Markdown.
    report: String,
}

impl Tool for Report {
    const NAME: &'static str = "phase_report";
    const ABOUT: &'static str = "Leave the report on a phase for the person who decides about it.";

    async fn call(self, caller: &Caller) -> Reply {
        let phase = Some(PhaseId(self.phase_id.0));
        let note = add_note(&caller.context(), caller.project(), phase, NoteKind::Report, &self.report).await?;
        Ok(json!({ "note_id": note.id, "message": "a person reads it at the gate; end your session" }))
    }
}

impl Caller {
    /// The phase of the feature that this session's run is for; none: the one that is worked on.
    async fn own_phase(&self) -> Result<Option<PhaseId>, ToolError> {
        let Some(feature) = self.run_feature().await? else { return Ok(None) };
        Ok(self.queries().feature(self.project(), feature).await?.map(|feature| feature.phase_id))
    }

    /// The feature that this session's run is for.
    async fn run_feature(&self) -> Result<Option<FeatureId>, ToolError> {
        let session = &self.connection.session;
        let Some(run) = session.run else { return Ok(None) };
        Ok(session.store.ledger().run(run).await?.and_then(|run| run.feature))
    }

    /// Refuses a feature that is not the one the session's run was started for.
    pub(super) async fn must_be_own(&self, id: FeatureId) -> Result<(), ToolError> {
        match self.run_feature().await? {
            Some(own) if own != id => {
                let message = format!("feature `{id}` is not yours, you write the spec of feature `{own}`");
                Err(ToolError::new("not_your_feature", message).hint("leave it to its own spec writer"))
            }
            Some(_) | None => Ok(()),
        }
    }
}
