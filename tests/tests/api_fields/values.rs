//! The bad and the odd values that every field and parameter gets.

use serde_json::{Value, json};

use super::fields::kind;

/// What stands in a body where text of no JSON value goes.
pub(crate) const HOLE: &str = "@@HOLE@@";

/// JSON that no value of `serde_json` writes; all of it must be refused.
pub(crate) const RAW: [&str; 8] =
    ["1e400", "-1e400", "NaN", "Infinity", r#""\ud800""#, r#""\udc00\ud800""#, "\"\u{1}\"", "\"\\x41\""];

/// Texts for every field of text.
const TEXTS: [&str; 40] = [
    "",
    " ",
    "\t",
    "\n \r\n",
    "\0",
    "a\0b",
    "\u{1}",
    "a\u{1b}[31mb",
    "\u{7f}",
    "\u{85}",
    "\u{9f}",
    "e\u{301}",
    "\u{e9}",
    "\u{202e}abc",
    "\u{2066}x\u{2069}",
    "\u{200b}",
    "a\u{200d}b",
    "\u{feff}",
    "\u{fffd}\u{ffff}",
    "👩‍👩‍👧‍👦",
    "..",
    "../../etc/passwd",
    "/etc/passwd\0.png",
    "a/b",
    "a\\b",
    "%2e%2e",
    "%00",
    "con",
    "name\n",
    "-rf",
    "--help",
    "A",
    "' OR 1=1 --",
    "\"; DROP TABLE tasks; --",
    "$(touch /tmp/x) `id` ; |",
    "<script>alert(1)</script>",
    "{{7*7}} ${7*7} %s%n",
    "1",
    "null",
    "http://169.254.169.254/",
];

/// Texts for fields that are a time, a time of day or a time zone.
const TIMES: [&str; 10] = [
    "2026-01-01T00:00:00",
    "9999-12-31T23:59:59Z",
    "+10000-01-01T00:00:00Z",
    "-0001-01-01T00:00:00Z",
    "2026-12-31T23:59:60Z",
    "2026-02-30T00:00:00Z",
    "2026-01-01",
    "0",
    "24:00",
    "Mars/Olympus",
];

/// What a parameter gets, as it stands in the URL.
pub(crate) const IN_URL: [&str; 36] = [
    "",
    "%20",
    "%00",
    "%01",
    "%0A",
    "a%0A",
    "%C2%85",
    "%FF",
    "%E2%80%AE",
    "%E2%80%8B",
    "%F0%9F%91%A9",
    "e%CC%81",
    "..%2F..%2Fetc",
    "a%2Fb",
    "%252e%252e",
    "con",
    "-x",
    "UPPER",
    "'%20OR%201=1%20--",
    "%22;DROP%20TABLE%20tasks",
    "%25%25%5F",
    "-1",
    "0",
    "1.5",
    "1e400",
    "NaN",
    "+7",
    "0x10",
    "2147483648",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "yes",
    "null",
    "%5B%5D",
];

/// Whatever a body gets at a field of this schema.
pub(crate) fn values(schema: &Value, item: &Value) -> Vec<Value> {
    let mut values = vec![json!(null), json!(true), json!("x"), json!(1.5), json!({}), json!([[]]), json!({ "a": 1 })];
    values.extend([json!(-1), json!(0), json!(1), json!(i64::MAX)]);
    let open = kind(schema).is_empty();
    if open || kind(schema) == "string" {
        values.extend(TEXTS.iter().chain(&TIMES).map(|text| json!(text)));
        let most = schema["maxLength"].as_u64().unwrap_or(255);
        let most = usize::try_from(most).expect("a length is short");
        values.extend([1, most, most + 1].map(|length| json!("a".repeat(length))));
        values.push(json!("é".repeat(most)));
        values.push(json!("z".repeat(1024 * 1024)));
        values.push(json!(format!("/{}", "p/".repeat(2048))));
        let wrong_case = |word: &Value| word.as_str().map(|word| json!(word.to_uppercase()));
        values.extend(schema["enum"].as_array().into_iter().flatten().take(1).filter_map(wrong_case));
    }
    if open || matches!(kind(schema), "integer" | "number") {
        values.extend([json!(1_i64 << 31), json!((1_i64 << 53) + 1), json!(1_u64 << 63), json!(u64::MAX)]);
        values.extend([json!(i64::MIN), json!(1e18), json!(-1e308), json!(3.0), json!(0.1), json!("1")]);
        let near = [(schema["minimum"].as_i64(), -1), (schema["maximum"].as_i64(), 1)];
        values.extend(near.into_iter().filter_map(|(limit, step)| limit.map(|limit| json!(limit + step))));
    }
    if open || kind(schema) == "array" {
        let many = |count| Value::Array(vec![item.clone(); count]);
        values.extend([json!([]), json!([null]), json!([item, 7, "x"]), many(2), many(10_000)]);
    }
    values.push((0..40).fold(json!(1), |inner, _| json!([inner])));
    values
}
