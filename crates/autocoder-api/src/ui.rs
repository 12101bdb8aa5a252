//! The web UI: the built files of `ui/` out of the binary, and a plain page where none were built.

use actix_web::http::header::{self, AcceptEncoding, ContentEncoding, Encoding, EntityTag, Header, IfNoneMatch};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::{Embed, EmbeddedFile};

use crate::reply::Answer;
use crate::routes::nothing_here;

/// A debug build reads the folder at every request.
#[derive(Embed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Built;

/// Logs in, lists the projects, and says how the UI is built.
#[derive(Embed)]
#[folder = "page"]
struct Plain;

const PAGE: &str = "index.html";
/// Their names carry a hash of what is inside.
const HASHED: &str = "assets/";

/// Answers every path that is not the API's.
pub(crate) async fn ui(request: HttpRequest) -> Answer {
    let guarded = ["/api", "/mcp"].iter().any(|below| request.path().starts_with(below));
    if guarded || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return nothing_here(request).await;
    }
    let find = if Built::get(PAGE).is_some() { Built::get } else { Plain::get };
    match answer(&request, find) {
        Some(response) => Ok(response),
        None => nothing_here(request).await,
    }
}

fn answer(request: &HttpRequest, find: impl Fn(&str) -> Option<EmbeddedFile>) -> Option<HttpResponse> {
    let path = request.path().trim_start_matches('/');
    let hidden = path.split('/').any(|part| part.starts_with('.'));
    let (name, file) = match find(path).filter(|_| !hidden && !path.is_empty()) {
        Some(file) => (path, file),
        None if is_file(path) => return None,
        // Every other address is a screen of the page.
        None => (PAGE, find(PAGE)?),
    };
    let (coding, bytes) = match packed(request, name, &find) {
        Some((coding, packed)) => (coding, packed.data),
        None => (ContentEncoding::Identity, file.data),
    };
    let tag = EntityTag::new_strong(format!("{}-{}", hex(&file.metadata.sha256_hash()), coding.as_str()));
    let mut response = HttpResponse::build(StatusCode::OK);
    let immutable = name.starts_with(HASHED);
    response.insert_header((
        header::CACHE_CONTROL,
        if immutable { "public, max-age=31536000, immutable" } else { "no-cache" },
    ));
    response.insert_header((header::VARY, "accept-encoding")).insert_header(header::ETag(tag.clone()));
    if is_known(request, &tag) {
        return Some(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    if coding != ContentEncoding::Identity {
        response.insert_header((header::CONTENT_ENCODING, coding.as_str()));
    }
    let kind = file.metadata.mimetype();
    let charset = if kind.starts_with("text/") { "; charset=utf-8" } else { "" };
    Some(response.content_type(format!("{kind}{charset}")).body(bytes.into_owned()))
}

/// Files stand at the root and below `assets/`: a name like `a.b` further down may be an agent's.
fn is_file(path: &str) -> bool {
    path.starts_with(HASHED) || (!path.contains('/') && path.contains('.'))
}

/// What the UI's build packed, in a coding that the client takes.
fn packed(
    request: &HttpRequest,
    name: &str,
    find: impl Fn(&str) -> Option<EmbeddedFile>,
) -> Option<(ContentEncoding, EmbeddedFile)> {
    let accepted = AcceptEncoding::parse(request).ok()?;
    let known = [(ContentEncoding::Brotli, "br"), (ContentEncoding::Gzip, "gz")];
    let supported = [Encoding::brotli(), Encoding::gzip(), Encoding::identity()];
    let best = accepted.negotiate(supported.iter())?;
    let (coding, ending) = known.into_iter().find(|(coding, _)| best == Encoding::Known(*coding))?;
    Some((coding, find(&format!("{name}.{ending}"))?))
}

fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key(header::IF_NONE_MATCH),
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}

fn hex(hash: &[u8; 32]) -> String {
    hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderMap;
    use actix_web::test::TestRequest;

    use super::*;

    /// The plain page's files under the names of a build.
    fn built(name: &str) -> Option<EmbeddedFile> {
        match name {
            "assets/a-1.js" | "assets/a-1.js.br" | "assets/a-1.js.gz" | ".vite/manifest.json" => Plain::get("page.js"),
            other => Plain::get(other),
        }
    }

    fn asked(path: &str, headers: &[(&'static str, &str)]) -> Option<HttpResponse> {
        let plain = TestRequest::with_uri(path);
        let request = headers.iter().fold(plain, |request, (name, value)| request.insert_header((*name, *value)));
        answer(&request.to_http_request(), built)
    }

    fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
        headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[test]
    fn every_screen_is_the_page_and_no_missing_file_is() {
        for path in ["/", "/index.html", "/p/shop", "/p/shop/phases/1/review", "/usage?days=30", "/p/x/agents/a.b"] {
            let found = asked(path, &[]).unwrap_or_else(|| panic!("{path}"));
            assert_eq!(text(found.headers(), "content-type"), "text/html; charset=utf-8", "{path}");
            assert_eq!(text(found.headers(), "cache-control"), "no-cache", "{path}");
        }
        for path in ["/assets/gone-2.js", "/assets/", "/favicon.ico", "/assets/../index.html"] {
            assert!(asked(path, &[]).is_none(), "{path}");
        }
        let hidden = asked("/.vite/manifest.json", &[]).unwrap();
        assert_eq!(text(hidden.headers(), "content-type"), "text/html; charset=utf-8");
    }

    #[test]
    fn a_packed_file_goes_to_who_takes_it() {
        for (accepted, coding) in [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("", ""), ("br;q=0, gzip", "gzip")] {
            let found = asked("/assets/a-1.js", &[("accept-encoding", accepted)]).unwrap();
            let headers = found.headers();
            assert_eq!(text(headers, "content-encoding"), coding, "{accepted}");
            assert_eq!(text(headers, "content-type"), "text/javascript; charset=utf-8");
            assert_eq!(text(headers, "cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(text(headers, "vary"), "accept-encoding");
        }
        assert_eq!(text(asked("/", &[("accept-encoding", "br")]).unwrap().headers(), "content-encoding"), "");
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let tag = |coding| text(asked("/", &[("accept-encoding", coding)]).unwrap().headers(), "etag").to_owned();
        let known = tag("identity");
        let again = asked("/", &[("if-none-match", &known)]).unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(text(again.headers(), "etag"), known);
        assert_eq!(asked("/", &[("if-none-match", "\"other\"")]).unwrap().status(), StatusCode::OK);
    }
}
