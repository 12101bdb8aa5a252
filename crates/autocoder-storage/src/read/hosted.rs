//! Webhooks, tokens, messages about specs and proposals.

use autocoder_core::ids::{FeatureId, PhaseId, ProjectId, TokenId, WebhookId};
use autocoder_core::note::Note;
use autocoder_core::ports::Out;
use autocoder_core::spec::{Proposal, SpecMessage};
use autocoder_core::token::Token;
use autocoder_core::webhook::Webhook;

use super::{every, first};
use crate::entity::{columns, note, proposal, spec_message, token, webhook};
use crate::link::Link;

pub(crate) async fn webhook(link: &Link, id: WebhookId) -> Out<Option<Webhook>> {
    let sql = format!("SELECT {} FROM webhooks w WHERE w.id = $1", columns::<webhook::Entity>("w", ""));
    let row = link.one("loading a webhook", &sql, [id.0.into()]).await?;
    first::<webhook::Model, _>(row.as_ref(), "")
}

pub(crate) async fn webhooks(link: &Link) -> Out<Vec<Webhook>> {
    let sql = format!("SELECT {} FROM webhooks w ORDER BY w.id", columns::<webhook::Entity>("w", ""));
    every::<webhook::Model, _>(&link.all("loading webhooks", &sql, []).await?, "")
}

pub(crate) async fn token(link: &Link, id: TokenId) -> Out<Option<Token>> {
    let sql = format!("SELECT {} FROM tokens k WHERE k.id = $1", columns::<token::Entity>("k", ""));
    let row = link.one("loading a token", &sql, [id.0.into()]).await?;
    first::<token::Model, _>(row.as_ref(), "")
}

pub(crate) async fn tokens(link: &Link) -> Out<Vec<Token>> {
    let sql = format!(
        "SELECT {} FROM tokens k WHERE k.revoked_at IS NULL AND k.run_id IS NULL ORDER BY k.id",
        columns::<token::Entity>("k", "")
    );
    every::<token::Model, _>(&link.all("loading tokens", &sql, []).await?, "")
}

pub(crate) async fn messages(link: &Link, project: ProjectId, feature: FeatureId) -> Out<Vec<SpecMessage>> {
    let sql = of_feature("spec_messages", &columns::<spec_message::Entity>("x", "x_"));
    let rows = link.all("loading messages", &sql, [project.0.into(), feature.0.into()]).await?;
    every::<spec_message::Model, _>(&rows, "x_")
}

pub(crate) async fn notes(link: &Link, project: ProjectId, phase: Option<PhaseId>) -> Out<Vec<Note>> {
    let columns = columns::<note::Entity>("x", "x_");
    let select = format!("SELECT {columns} FROM notes x WHERE x.project_id = $1");
    let rows = match phase {
        Some(phase) => {
            let sql = format!("{select} AND x.phase_id = $2 ORDER BY x.id");
            link.all("loading notes", &sql, [project.0.into(), phase.0.into()]).await?
        }
        None => link.all("loading notes", &format!("{select} ORDER BY x.id"), [project.0.into()]).await?,
    };
    every::<note::Model, _>(&rows, "x_")
}

pub(crate) async fn proposals(link: &Link, project: ProjectId, feature: FeatureId) -> Out<Vec<Proposal>> {
    let sql = of_feature("proposals", &columns::<proposal::Entity>("x", "x_"));
    let rows = link.all("loading proposals", &sql, [project.0.into(), feature.0.into()]).await?;
    every::<proposal::Model, _>(&rows, "x_")
}

fn of_feature(table: &str, columns: &str) -> String {
    format!(
        "SELECT {columns} FROM {table} x JOIN features f ON f.id = x.feature_id \
         WHERE f.project_id = $1 AND x.feature_id = $2 ORDER BY x.id"
    )
}
