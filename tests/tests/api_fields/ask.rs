//! Sends every case of one operation.

use std::sync::LazyLock;

use autocoder_tests::{Answer, Server};
use reqwest::blocking::RequestBuilder;
use serde_json::{Value, json};

use super::fields::{Walker, kind, spoken, with, without};
use super::judge::Expected::{self, Anything, Blames, Refused};
use super::judge::Judge;
use super::values::{HOLE, IN_URL, RAW, values};

static MANY_FIELDS: LazyLock<String> =
    LazyLock::new(|| (0..100_000).map(|number| (format!("k{number}"), json!(1))).collect::<Value>().to_string());

/// One operation of the document, and all that its cases need.
pub(crate) struct Asker<'a> {
    pub(crate) server: &'a Server,
    pub(crate) judge: &'a Judge<'a>,
    pub(crate) walker: &'a Walker<'a>,
    pub(crate) method: String,
    /// The path behind `/api`, with names in braces.
    pub(crate) path: String,
    /// What stands for the names in braces.
    pub(crate) parts: Vec<(String, String)>,
    pub(crate) said: &'a Value,
    /// A body of an operation that leaves its fields open.
    pub(crate) example: Option<Value>,
}

impl Asker<'_> {
    /// All cases.
    pub(crate) fn ask_all(&self) {
        for parameter in self.said["parameters"].as_array().into_iter().flatten() {
            match parameter["in"].as_str() {
                Some("path") => self.path_cases(parameter),
                Some("query") => self.query_cases(parameter),
                _ => self.header_cases(parameter),
            }
        }
        let content = &self.said["requestBody"]["content"]["application/json"]["schema"];
        if content.is_object() {
            self.body_cases(content);
            self.field_cases(content);
        }
    }

    fn path_cases(&self, parameter: &Value) {
        let name = parameter["name"].as_str().expect("a parameter has a name");
        let long = "a".repeat(4096);
        let all: Vec<_> = IN_URL.iter().copied().chain([long.as_str()]).filter(|value| !value.is_empty()).collect();
        for value in self.judge.share(&parameter.to_string(), all) {
            let path = self.path.replace(&format!("{{{name}}}"), value);
            let expected = if self.fits(parameter, value) { Anything } else { Refused };
            self.ask(&format!("{name} {value}"), self.request(&self.filled(&path), &self.valid()), &expected);
        }
    }

    fn query_cases(&self, parameter: &Value) {
        let name = parameter["name"].as_str().expect("a parameter has a name");
        let needed = self.said["parameters"].as_array().into_iter().flatten();
        let needed = needed.filter(|one| one["in"] == "query" && one["required"] == true && one["name"] != name);
        let needed: String = needed.map(|one| format!("&{}=x", one["name"].as_str().unwrap_or_default())).collect();
        let path = self.filled(&self.path);
        let long = "a".repeat(4096);
        let all = IN_URL.iter().copied().chain([long.as_str()]).collect();
        for value in self.judge.share(&parameter.to_string(), all) {
            let expected = if self.fits(parameter, value) { Anything } else { Blames(name.to_owned()) };
            let path = format!("{path}?{name}={value}{needed}");
            self.ask(&format!("{name}={value}"), self.request(&path, &self.valid()), &expected);
        }
        let twice = format!("{path}?{name}=1&{name}=1{needed}");
        self.ask(&twice, self.request(&twice, &self.valid()), &Blames(name.to_owned()));
    }

    fn header_cases(&self, parameter: &Value) {
        let name = parameter["name"].as_str().expect("a parameter has a name");
        let long = "a".repeat(4096);
        let all =
            vec!["", " ", "x", "\"0\"", "\"-1\"", "\"99999999999999999999\"", "W/\"1\"", "é", "-1", "1e400", &long];
        for value in self.judge.share(&parameter.to_string(), all) {
            let request = self.request(&self.filled(&self.path), &self.valid()).header(name, value);
            self.ask(&format!("{name}: {value}"), request, &Anything);
        }
    }

    /// What is wrong with the body as a whole.
    fn body_cases(&self, schema: &Value) {
        let valid = self.valid();
        self.whole("a valid body", &valid, "application/json", &Anything);
        let keys = MANY_FIELDS.as_str();
        let (deep, open) = (format!("{}{}", "[".repeat(200), "]".repeat(200)), "[".repeat(100_000));
        for bad in ["", "{", "{\"", "nul", "{}}", "\u{feff}{}", "\0", "'x'", "{a:1}", "{\"a\":1,}", &deep, &open] {
            let optional = bad.is_empty() && self.said["requestBody"]["required"] != true;
            self.whole(bad, bad, "application/json", if optional { &Anything } else { &Refused });
        }
        let open = self.example.is_some();
        self.whole("100,000 fields", keys, "application/json", if open { &Anything } else { &Refused });
        self.whole("trailing bytes", &format!("{valid} x"), "application/json", &Refused);
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json", "x", ""] {
            self.whole(kind, &valid, kind, &Refused);
        }
        let zipped = self.request(&self.filled(&self.path), &valid).header("content-encoding", "gzip");
        self.ask("said to be zipped", zipped, &Anything);
        for other in [json!(null), json!([]), json!([{}]), json!("x"), json!(5), json!(true)] {
            let expected = if self.judge.allows(schema, &other) { Anything } else { Refused };
            self.whole(&other.to_string(), &other.to_string(), "application/json", &expected);
        }
    }

    fn whole(&self, what: &str, body: &str, kind: &str, expected: &Expected) {
        let request = self.server.request(&self.method, &self.filled(&self.path));
        self.ask(what, request.header("content-type", kind).body(body.to_owned()), expected);
    }

    fn field_cases(&self, schema: &Value) {
        let path = self.filled(&self.path);
        for field in self.walker.fields(schema, self.example.as_ref()) {
            let (name, body) = (spoken(&field.pointer), &field.body);
            let send = |what: String, text: &str, expected: &Expected| {
                self.ask(&format!("{name} {what}"), self.request(&path, text), expected);
            };
            let weigh = |body: &Value| {
                // No limit of a text is a pattern's: matching one against a megabyte only takes time.
                let long = body.pointer(&field.pointer).and_then(Value::as_str).is_some_and(|text| text.len() > 10_000);
                let limit = field.schema["maxLength"].is_number();
                let allowed = if long { !limit } else { self.judge.allows(schema, body) };
                if allowed { Anything } else { Blames(name.clone()) }
            };
            let item = field.schema.get("items").map_or(json!("x"), |items| self.walker.smallest(items));
            for value in self.judge.share(&field.schema.to_string(), values(&field.schema, &item)) {
                let bad = with(body, &field.pointer, value.clone());
                send(format!("= {:.80}", value.to_string()), &bad.to_string(), &weigh(&bad));
            }
            let hole = with(body, &field.pointer, json!(HOLE)).to_string();
            // A plan file is read as YAML, which JSON is a part of: there these are texts.
            let raw_expected = if self.example.is_some() { Anything } else { Refused };
            for raw in self.judge.share("raw", RAW.to_vec()) {
                send(format!("= {raw}"), &hole.replace(&format!("\"{HOLE}\""), raw), &raw_expected);
            }
            let missing = without(body, &field.pointer);
            send("missing".to_owned(), &missing.to_string(), &weigh(&missing));
            if let Some(key) = field.pointer.rsplit('/').next().filter(|key| *key != "0") {
                let (once, value) = (format!("\"{key}\":\"{HOLE}\""), body.pointer(&field.pointer));
                let twice = format!("\"{key}\":{0},\"{key}\":{0}", value.expect("the body has the field"));
                send("twice".to_owned(), &hole.replace(&once, &twice), &Blames(name.clone()));
            }
            if kind(&field.schema) == "object" || kind(&field.schema).is_empty() {
                let unknown = format!("{}/surprise", field.pointer);
                if body.pointer(&field.pointer).is_some_and(Value::is_object) {
                    let bad = with(body, &unknown, json!(1));
                    send("with an unknown field".to_owned(), &bad.to_string(), &weigh(&bad));
                }
            }
        }
    }

    /// Whether the document allows this in a URL.
    fn fits(&self, parameter: &Value, value: &str) -> bool {
        let name = parameter["name"].as_str().unwrap_or_default();
        // A cursor is opaque; bytes that are no UTF-8 are read as U+FFFD; a path may say `+7` for 7.
        let lenient = name.ends_with("cursor") || value == "%FF" || (parameter["in"] == "path" && value == "+7");
        if lenient {
            return true;
        }
        let decoded = percent_decoded(value);
        let schema = self.walker.resolved(&parameter["schema"]);
        let read = match kind(&schema) {
            "string" => decoded.map(Value::from),
            _ => decoded.and_then(|text| serde_json::from_str(&text).ok()),
        };
        read.is_some_and(|read| self.judge.allows(&schema, &read))
    }

    /// The text of a body without fault.
    fn valid(&self) -> String {
        let schema = &self.said["requestBody"]["content"]["application/json"]["schema"];
        let smallest = || if schema.is_object() { self.walker.smallest(schema).to_string() } else { String::new() };
        self.example.as_ref().map_or_else(smallest, Value::to_string)
    }

    fn filled(&self, path: &str) -> String {
        self.parts.iter().fold(path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value))
    }

    fn request(&self, path: &str, body: &str) -> RequestBuilder {
        let request = self.server.request(&self.method, path);
        if body.is_empty() { request } else { request.header("content-type", "application/json").body(body.to_owned()) }
    }

    fn ask(&self, what: &str, request: RequestBuilder, expected: &Expected) {
        // Whoever sends wrong codes is told to wait, by address.
        let number = u32::try_from(what.len()).unwrap_or(0) ^ std::process::id();
        let address = std::net::Ipv4Addr::from(0x0a00_0000 | (number.wrapping_mul(2_654_435_761) >> 8));
        let response = request.header("x-forwarded-for", address.to_string()).send().expect("the server lives");
        let endless = response.headers().get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let answer = if endless { unread(&response) } else { Answer::of(response) };
        self.judge.look_at(self.said, what, &answer, expected);
    }
}

/// An answer without end, of which only the head counts.
fn unread(response: &reqwest::blocking::Response) -> Answer {
    let headers = vec![("content-type".to_owned(), "text/event-stream".to_owned())];
    Answer { status: response.status().as_u16(), headers, body: Value::Null, text: String::new() }
}

fn percent_decoded(text: &str) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::new(), text.bytes());
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let code = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&code).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
