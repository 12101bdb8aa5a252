//! What a handler answers: JSON with its ETag, a creation with its place, or a part of a list.

use actix_web::HttpResponse;
use actix_web::http::header::{ETAG, LOCATION};
use autocoder_core::view::{FeatureView, Page, PhaseView, ProjectView, TaskView, TaskWithEvidence, WebhookView};
use autocoder_usage::view::{BudgetView, ScheduleView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;

/// What every handler gives.
pub(crate) type Answer = Result<HttpResponse, Problem>;

/// A view that counts its edits.
pub(crate) trait Versioned: Serialize {
    fn version(&self) -> i64;
}

macro_rules! versioned {
    ($($view:ty),* $(,)?) => { $( impl Versioned for $view {
        fn version(&self) -> i64 {
            self.version
        }
    } )* };
}
versioned!(ProjectView, PhaseView, FeatureView, TaskView, WebhookView, BudgetView, ScheduleView);

impl Versioned for TaskWithEvidence {
    fn version(&self) -> i64 {
        self.task.version
    }
}

/// 200 with the view and its ETag.
pub(crate) fn shown(view: &impl Versioned) -> Answer {
    Ok(HttpResponse::Ok().insert_header((ETAG, format!("\"{}\"", view.version()))).json(view))
}

/// 201 with the view, its ETag and where it is found.
pub(crate) fn created(view: &impl Versioned, place: String) -> Answer {
    let etag = (ETAG, format!("\"{}\"", view.version()));
    Ok(HttpResponse::Created().insert_header(etag).insert_header((LOCATION, place)).json(view))
}

/// 200 with what is shown around a row of that version, and its ETag.
pub(crate) fn shown_with(version: i64, value: &impl Serialize) -> Answer {
    Ok(HttpResponse::Ok().insert_header((ETAG, format!("\"{version}\""))).json(value))
}

/// 201 with something that has no version and no place of its own.
pub(crate) fn made(value: &impl Serialize) -> Answer {
    Ok(HttpResponse::Created().json(value))
}

/// 200 with something that has no version.
pub(crate) fn plain(value: &impl Serialize) -> Answer {
    Ok(HttpResponse::Ok().json(value))
}

/// How many rows went with a deletion.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Deleted {
    /// Tasks that went too.
    pub(crate) deleted_tasks: usize,
}

/// Whether to delete what an agent holds.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Force {
    /// Delete even when an agent holds a task in it.
    #[serde(default)]
    pub(crate) force: bool,
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Part {
    /// At most so many, 1 to 1000.
    #[param(minimum = 1, maximum = 1000, default = 100, nullable = false)]
    pub(crate) limit: Option<u64>,
    /// Where to go on: the `next_cursor` of the part before.
    #[param(nullable = false)]
    pub(crate) cursor: Option<String>,
}

/// The items that are asked for when nobody says how many.
pub(crate) const DEFAULT_LIMIT: u64 = 100;

/// A checked limit.
pub(crate) fn limit(wanted: Option<u64>) -> Result<u64, Problem> {
    match wanted {
        None => Ok(DEFAULT_LIMIT),
        Some(limit @ 1..=1000) => Ok(limit),
        Some(limit) => Err(Problem::field("limit", format!("is `{limit}`, must be from 1 to 1000"))),
    }
}

/// A cursor that is an id.
pub(crate) fn cursor(text: Option<&str>) -> Result<Option<i64>, Problem> {
    let read = |text: &str| text.parse::<i64>().ok().filter(|id| *id >= 0);
    text.map(|text| read(text).ok_or_else(|| Problem::field("cursor", "must be the `next_cursor` of the part before")))
        .transpose()
}

impl Part {
    /// The wanted part of a whole list. `place` names an item; the part begins behind the item that the cursor names.
    pub(crate) fn of<T>(&self, items: Vec<T>, place: impl Fn(&T) -> String) -> Result<Page<T>, Problem> {
        let limit = usize::try_from(limit(self.limit)?).unwrap_or(usize::MAX);
        let start = match &self.cursor {
            None => 0,
            Some(cursor) => {
                let found = items.iter().position(|item| place(item) == *cursor);
                found.ok_or_else(|| Problem::field("cursor", "must be the `next_cursor` of the part before"))? + 1
            }
        };
        let more = items.len() > start + limit;
        let items: Vec<T> = items.into_iter().skip(start).take(limit).collect();
        let next_cursor = items.last().filter(|_| more).map(place);
        Ok(Page { items, next_cursor })
    }
}
