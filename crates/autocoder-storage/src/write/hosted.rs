//! Writes what the hosted API keeps: receipts, webhooks, tokens, and how specs come about.

use autocoder_core::changes::Row;
use autocoder_core::ids::ProjectId;
use autocoder_core::note::Note;
use autocoder_core::ports::{Out, StoreError};
use autocoder_core::request::Receipt;
use autocoder_core::spec::{Proposal, SpecMessage};
use autocoder_core::token::Token;
use autocoder_core::webhook::Webhook;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter};

use super::{insert, sorted, update};
use crate::entity::{note, proposal, receipt, spec_message, token, webhook};
use crate::link::Link;

pub(super) async fn receipt(link: &Link, receipt: Option<Receipt>) -> Out<()> {
    let Some(receipt) = receipt else { return Ok(()) };
    let name = receipt.key.key.clone();
    let row = receipt::Model::from(receipt).into_active_model();
    insert(link, "writing a receipt", std::iter::once(row)).await.map_err(|error| match error {
        StoreError::Taken { .. } => StoreError::Taken { noun: "idempotency key", name },
        other => other,
    })
}

pub(super) async fn messages(link: &Link, rows: Vec<SpecMessage>) -> Out<()> {
    let rows = rows.into_iter().map(|row| spec_message::Model::from(row).into_active_model());
    insert(link, "writing messages", rows).await
}

pub(super) async fn notes(link: &Link, rows: Vec<Note>) -> Out<()> {
    insert(link, "writing notes", rows.into_iter().map(|row| note::Model::from(row).into_active_model())).await
}

pub(super) async fn proposals(link: &Link, rows: Vec<Row<Proposal>>) -> Out<()> {
    let (new, changed) = sorted(rows, |proposal| proposal.id.0);
    let new = new.into_iter().map(|row| proposal::Model::from(row).into_active_model());
    insert(link, "writing proposals", new).await?;
    for (id, row) in changed {
        let row = proposal::ActiveModel { id: NotSet, ..proposal::Model::from(row).into_active_model().reset_all() };
        let query = proposal::Entity::update_many().set(row).filter(proposal::Column::Id.eq(id));
        update(link, "proposal", id, query).await?;
    }
    Ok(())
}

pub(super) async fn webhooks(link: &Link, rows: Vec<Row<Webhook>>) -> Out<()> {
    let (new, changed) = sorted(rows, |webhook| webhook.id.0);
    for row in new {
        must_have(link, row.project).await?;
        insert(link, "writing a webhook", std::iter::once(webhook::Model::from(row).into_active_model())).await?;
    }
    for (id, row) in changed {
        let version = row.version;
        let row = webhook::ActiveModel {
            id: NotSet,
            version: Set(version + 1),
            ..webhook::Model::from(row).into_active_model().reset_all()
        };
        let query = webhook::Entity::update_many().set(row);
        let query = query.filter(webhook::Column::Id.eq(id)).filter(webhook::Column::Version.eq(version));
        update(link, "webhook", id, query).await?;
    }
    Ok(())
}

pub(super) async fn tokens(link: &Link, tokens: Vec<Token>) -> Out<()> {
    for row in tokens {
        must_have(link, row.project).await?;
        let row = token::Model::from(row).into_active_model();
        let over = OnConflict::column(token::Column::Id).update_columns(token::Column::iter().skip(1)).to_owned();
        link.run_built("writing a token", &token::Entity::insert_many([row]).on_conflict(over)).await?;
    }
    Ok(())
}

/// Refuses when the project is gone, and keeps it from going until the end of the transaction.
async fn must_have(link: &Link, project: Option<ProjectId>) -> Out<()> {
    let Some(id) = project else { return Ok(()) };
    let lock = if link.is_sqlite() { "" } else { "FOR KEY SHARE" };
    let sql = format!("SELECT id FROM projects WHERE id = $1 {lock}");
    let found = link.one("looking for a project", &sql, [id.0.into()]).await?;
    found.map(drop).ok_or_else(|| StoreError::Stale { noun: "project", id: id.to_string() })
}
