//! Writes one change, in the order of its fields, inside the transaction of a unit of work.

pub(crate) mod accounting;
mod edge;
mod feature;
mod hosted;
mod plain;
mod task;

use std::collections::BTreeMap;

use autocoder_core::changes::{ChangeSet, Row};
use autocoder_core::ports::{Out, StoreError};
use autocoder_core::time::Timestamp;
use sea_orm::{ActiveModelTrait, EntityTrait, Iterable, UpdateMany};

use crate::entity::{event, evidence};
use crate::link::Link;

/// Parameters that one statement may carry: SQLite allows 32,766, PostgreSQL 65,535.
const PARAMETERS: (usize, usize) = (30_000, 60_000);

pub(crate) async fn apply(link: &Link, mut set: ChangeSet, now: Timestamp) -> Out<()> {
    hosted::receipt(link, set.receipt).await?;
    plain::projects(link, set.projects).await?;
    plain::crews(link, set.crews).await?;
    plain::phases(link, set.phases).await?;
    feature::write(link, set.features, set.tallies).await?;
    task::write(link, set.tasks, &mut set.prerequisites).await?;
    plain::agents(link, set.agents).await?;
    task::shift_prerequisites(link, set.prerequisites).await?;
    edge::remove(link, &set.edges_removed).await?;
    edge::add(link, &set.edges_added).await?;
    task::renew(link, &set.renewals).await?;
    task::verify(link, &set.verified, now).await?;
    insert(link, "writing evidence", set.evidence.into_iter().map(evidence::ActiveModel::from)).await?;
    hosted::messages(link, set.messages).await?;
    hosted::notes(link, set.notes).await?;
    hosted::proposals(link, set.proposals).await?;
    hosted::webhooks(link, set.webhooks).await?;
    hosted::tokens(link, set.tokens).await?;
    accounting::budgets(link, set.budgets).await?;
    accounting::schedules(link, set.schedules).await?;
    accounting::settings(link, set.settings).await?;
    plain::delete(link, &set.deleted).await?;
    plain::delete_agents(link, set.agents_deleted).await?;
    insert(link, "writing events", set.events.into_iter().map(event::ActiveModel::from)).await
}

/// Inserts rows, as many a statement as it may carry.
pub(crate) async fn insert<A: ActiveModelTrait + Send>(
    link: &Link,
    step: &'static str,
    rows: impl Iterator<Item = A> + Send,
) -> Out<()> {
    let width = <A::Entity as EntityTrait>::Column::iter().count();
    let most = if link.is_sqlite() { PARAMETERS.0 } else { PARAMETERS.1 } / width;
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        link.run_built(step, &A::Entity::insert_many(rows.by_ref().take(most).collect::<Vec<_>>())).await?;
    }
    Ok(())
}

/// New rows, and changed ones by id; of a row that changed twice the last form counts.
fn sorted<T>(rows: Vec<Row<T>>, id: impl Fn(&T) -> i64) -> (Vec<T>, BTreeMap<i64, T>) {
    let (mut new, mut changed) = (Vec::new(), BTreeMap::new());
    for row in rows {
        match row {
            Row::New(row) => new.push(row),
            Row::Changed(row) => {
                changed.insert(id(&row), row);
            }
        }
    }
    (new, changed)
}

/// Runs an update that names one row in the version that was loaded.
async fn update<E: EntityTrait>(link: &Link, noun: &'static str, id: i64, query: UpdateMany<E>) -> Out<()> {
    must_hit(link.run_built("writing a change", &query).await?, noun, id)
}

fn must_hit(rows: u64, noun: &'static str, id: i64) -> Out<()> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Stale { noun, id: id.to_string() }) }
}
