//! Price files: our own shape, in USD per million tokens, and LiteLLM's table, in USD a token.

use autocoder_core::limits::InvalidField;
use autocoder_core::price::{ModelPrices, Price};
use serde_json::{Map, Value};

use super::PRICE_VERSION;
use super::decimal::scaled;
use crate::model::canonical;

/// The most models of one version.
const MODELS: usize = 20_000;
/// The longest name of a model.
const NAME_CHARS: usize = 200;
/// The longest name of a version.
const VERSION_CHARS: usize = 64;
/// The most faults that are told.
const FAULTS: usize = 100;

const OURS: [&str; 5] = ["input", "output", "cache_read", "cache_write_5m", "cache_write_1h"];
const LITELLM: [&str; 4] =
    ["input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost", "cache_creation_input_token_cost"];

type Object = Map<String, Value>;

/// A version of prices that is not kept yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPrices {
    /// Its name.
    pub version: String,
    /// The prices, by the canonical name of the model.
    pub models: ModelPrices,
}

/// Reads a price file.
///
/// # Errors
/// Every field that breaks a rule, the first hundred.
pub fn parse(document: &Value) -> Result<NewPrices, Vec<InvalidField>> {
    let mut faults = Vec::new();
    let found = match document.as_object() {
        Some(object) if object.contains_key("models") => ours(object, &mut faults),
        Some(object) if object.values().any(is_litellm) => litellm(object, &mut faults),
        _ => {
            let rule = "must be an object of models with `input` and `output` in USD per million tokens";
            return Err(vec![fault("models", rule)]);
        }
    };
    if found.models.is_empty() && faults.is_empty() {
        faults.push(fault("models", "must have at least one model with a price of input and output"));
    }
    if found.models.len() > MODELS {
        faults.push(fault("models", &format!("must be at most {MODELS}")));
    }
    faults.truncate(FAULTS);
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

fn ours(object: &Object, faults: &mut Vec<InvalidField>) -> NewPrices {
    for name in object.keys().filter(|name| !["version", "source", "models"].contains(&name.as_str())) {
        faults.push(fault(name, "is not known; use `version` and `models`"));
    }
    let version = object.get("version").and_then(Value::as_str).unwrap_or_default();
    let known = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if version.is_empty() || version.chars().count() > VERSION_CHARS || !version.chars().all(known) {
        faults.push(fault("version", "must be 1 to 64 letters, digits, `.`, `_` or `-`, for example `2026-11-23`"));
    }
    if version == PRICE_VERSION {
        faults.push(fault("version", "names the built-in prices; choose another name"));
    }
    let mut models = ModelPrices::new();
    let given = object.get("models").and_then(Value::as_object);
    if given.is_none() {
        faults.push(fault("models", "must be an object with a name for each model"));
    }
    for (name, value) in given.into_iter().flatten() {
        let path = format!("models.{}", name.chars().take(NAME_CHARS).collect::<String>());
        let Some(price) = our_price(&path, value, faults) else { continue };
        if !is_name(name) {
            faults.push(fault(&path, "must have a name of 1 to 200 characters, none of them a control character"));
        } else if models.insert(canonical(name).to_owned(), price).is_some() {
            faults.push(fault(&path, &format!("is there twice: it is another spelling of `{}`", canonical(name))));
        }
    }
    NewPrices { version: version.to_owned(), models }
}

fn our_price(path: &str, value: &Value, faults: &mut Vec<InvalidField>) -> Option<Price> {
    let Some(object) = value.as_object() else {
        faults.push(fault(path, "must be an object with `input` and `output`"));
        return None;
    };
    let before = faults.len();
    for name in object.keys().filter(|name| !OURS.contains(&name.as_str())) {
        faults.push(fault(&format!("{path}.{name}"), &format!("is not known; use {}", OURS.join(", "))));
    }
    let mut read = |field: &str, needed: bool| match object.get(field) {
        None | Some(Value::Null) if !needed => None,
        value => match value.map_or(Err("is missing"), |value| number(value, 6, false)) {
            Ok(price) => Some(price),
            Err(rule) => {
                faults.push(fault(&format!("{path}.{field}"), rule));
                None
            }
        },
    };
    let [input, output, cache_read, short, long] = OURS.map(|field| read(field, ["input", "output"].contains(&field)));
    (faults.len() == before).then_some(())?;
    Some(completed(input?, output?, cache_read, short, long))
}

/// LiteLLM's table. What has no price of input and output, such as a model of images, is left out. The price of an hour
/// in the cache is not taken from it, since it is wrong for many models: twice the input is the rule.
fn litellm(object: &Object, faults: &mut Vec<InvalidField>) -> NewPrices {
    let mut models = ModelPrices::new();
    for (name, row) in object.iter().filter(|(name, row)| is_litellm(row) && *name != "sample_spec") {
        let mut read = |field: &str| match row.get(field) {
            None | Some(Value::Null) => None,
            Some(value) => {
                let wrong = |rule| faults.push(fault(&format!("{}.{field}", shown(name)), rule));
                number(value, 12, true).map_err(wrong).ok()
            }
        };
        let [Some(input), Some(output), cache_read, short] = LITELLM.map(&mut read) else { continue };
        if !is_name(name) {
            faults.push(fault(&shown(name), "must have a name of 1 to 200 characters"));
            continue;
        }
        let price = completed(input, output, cache_read, short, None);
        // Of several spellings of one model (regions, resellers) the plain name counts.
        let plain = canonical(name);
        if plain == name || !object.contains_key(plain) {
            models.entry(plain.to_owned()).or_insert(price);
        }
    }
    NewPrices { version: format!("litellm-{:016x}", fingerprint(&models)), models }
}

/// A price with what is left out: reading costs the input, writing 1.25 times (five minutes) or twice (an hour) of it.
fn completed(input: u64, output: u64, cache_read: Option<u64>, short: Option<u64>, long: Option<u64>) -> Price {
    Price {
        input,
        output,
        cache_read: cache_read.unwrap_or(input),
        cache_write_5m: short.unwrap_or_else(|| (input * 5).div_ceil(4)),
        cache_write_1h: long.unwrap_or(input * 2),
    }
}

/// A JSON number is taken by its shortest decimal form, which is the one that was written.
fn number(value: &Value, places: i32, rounds: bool) -> Result<u64, &'static str> {
    match value {
        Value::String(text) => scaled(text, places, rounds),
        Value::Number(number) => scaled(&number.to_string(), places, rounds),
        _ => Err("must be a number, or one in quotes"),
    }
}

fn is_litellm(row: &Value) -> bool {
    row.get("input_cost_per_token").is_some()
}

fn is_name(name: &str) -> bool {
    (1..=NAME_CHARS).contains(&name.chars().count()) && !name.chars().any(char::is_control)
}

fn shown(name: &str) -> String {
    name.chars().take(NAME_CHARS).collect()
}

fn fault(field: &str, rule: &str) -> InvalidField {
    InvalidField { field: field.to_owned(), rule: rule.to_owned() }
}

/// FNV-1a, so that the same table always has the same version.
fn fingerprint(models: &ModelPrices) -> u64 {
    let text = format!("{models:?}");
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests;
