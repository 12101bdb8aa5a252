//! `GET /runs/{id}/log`.

use std::path::PathBuf;

use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use actix_web::web::{Path, block};
use actix_web::{HttpRequest, HttpResponse, web};
use autocoder_agent::logs::{Part, read_range};
use serde::Deserialize;

use super::find;
use super::follow::follow;
use crate::body::Params;
use crate::call::Call;
use crate::live::Hub;
use crate::problem::Problem;
use crate::reply::Answer;
use crate::security::over;

/// The bytes of one answer.
const MOST: u64 = 1024 * 1024;

/// Which part of a log is wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// The first byte.
    #[param(nullable = false, default = 0)]
    offset: Option<u64>,
    /// At most so many bytes, 1 to 1,048,576.
    #[param(nullable = false, minimum = 1, maximum = 1_048_576, default = 1_048_576)]
    limit: Option<u64>,
}

/// The log of a run, or what is added to it
///
/// A part by `offset` and `limit`, or by `Range: bytes=…`; `X-Next-Offset` says where the rest begins. With
/// `Accept: text/event-stream` it is followed until the run ends: events `log` with the text, and their `id` is the
/// offset behind it, so that `Last-Event-ID` goes on there; then one event `end`.
#[utoipa::path(
    get, path = "/runs/{id}/log", operation_id = "getRunLog",
    params(
        ("id" = i64, Path, description = "The run"), Wanted,
        ("Range" = Option<String>, Header, description = "One range of bytes: `bytes=0-499` or `bytes=500-`"),
    ),
    responses(
        (status = 200, description = "A part of the log", content((String = "text/plain"), (String = "text/event-stream"))),
        (status = 206, description = "The range asked for", body = String, content_type = "text/plain"),
    ),
)]
pub(super) async fn handle(
    call: Call,
    hub: web::Data<Hub>,
    request: HttpRequest,
    id: Path<i64>,
    wanted: Params<Wanted>,
) -> Answer {
    let (run, _) = find(&call, *id).await?;
    let path = PathBuf::from(run.log_path.ok_or_else(|| Problem::missing("log of run", *id))?);
    let offset = wanted.0.offset.unwrap_or(0);
    if header(&request, ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/event-stream")) {
        let from = header(&request, "last-event-id").and_then(|seen| seen.parse().ok()).unwrap_or(offset);
        let until = over(hub.into_inner(), call.caller.token);
        return Ok(follow(call.app, until, run.id, path, from));
    }
    let range = header(&request, RANGE.as_str()).and_then(range);
    let (offset, limit) = range.unwrap_or((offset, wanted.0.limit.unwrap_or(MOST)));
    if !(1..=MOST).contains(&limit) && range.is_none() {
        return Err(Problem::field("limit", format!("is `{limit}`, must be from 1 to {MOST}")));
    }
    let read = block(move || read_range(&path, offset, limit.min(MOST))).await;
    // A log may be gone: people tidy up, and another machine has its own.
    let part = read.ok().and_then(Result::ok).ok_or_else(|| Problem::missing("log of run", *id))?;
    Ok(answer(part, offset, range.is_some()))
}

fn answer(part: Part, offset: u64, ranged: bool) -> HttpResponse {
    let (mut reply, total) = (HttpResponse::Ok(), part.total);
    if ranged && part.bytes.is_empty() {
        return HttpResponse::RangeNotSatisfiable().insert_header((CONTENT_RANGE, format!("bytes */{total}"))).finish();
    }
    if ranged {
        reply = HttpResponse::PartialContent();
        let last = offset + part.bytes.len() as u64 - 1;
        reply.insert_header((CONTENT_RANGE, format!("bytes {offset}-{last}/{total}")));
    }
    reply
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("x-next-offset", part.next_offset))
        .insert_header(("x-total-bytes", total))
        .body(part.bytes)
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// Offset and limit of one range; another sort of range is ignored, as RFC 9110 allows.
fn range(text: &str) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let first: u64 = first.parse().ok()?;
    let last: u64 = if last.is_empty() { u64::MAX } else { last.parse().ok()? };
    (last >= first).then(|| (first, (last - first).saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_of_bytes_is_understood() {
        for (text, expected) in [
            ("bytes=0-499", Some((0, 500))),
            ("bytes=500-", Some((500, u64::MAX - 499))),
            ("bytes=0-", Some((0, u64::MAX))),
            ("bytes=5-4", None),
            ("bytes=-5", None),
            ("bytes=0-1,3-4", None),
            ("lines=0-1", None),
        ] {
            assert_eq!(range(text), expected, "{text}");
        }
    }
}
