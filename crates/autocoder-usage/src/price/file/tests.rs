//! Good and bad price files.

use serde_json::json;

use super::*;

#[test]
fn our_shape_is_read_exactly_and_completed_by_rule() {
    let document = json!({ "version": "mine-1", "models": {
        "claude-sonnet-9-20270101": { "input": 3, "output": "15.000001", "cache_read": 0.3 },
        "gpt-6": { "input": "1", "output": 2, "cache_read": 0, "cache_write_5m": 1, "cache_write_1h": 1 },
    }});
    let found = parse(&document).unwrap();
    assert_eq!(found.version, "mine-1");
    let price = found.models["claude-sonnet-9"];
    let counts = [price.input, price.output, price.cache_read, price.cache_write_5m, price.cache_write_1h];
    assert_eq!(counts, [3_000_000, 15_000_001, 300_000, 3_750_000, 6_000_000]);
    assert_eq!(found.models["gpt-6"].cache_write_1h, 1_000_000);
}

#[test]
fn the_table_of_litellm_is_read_without_what_has_no_price() {
    let document = json!({
        "sample_spec": { "input_cost_per_token": 0.0, "output_cost_per_token": 0.0 },
        "claude-opus-9": {
            "input_cost_per_token": 5e-06, "output_cost_per_token": 2.5e-05, "cache_read_input_token_cost": 5e-07,
            "cache_creation_input_token_cost": 6.25e-06, "cache_creation_input_token_cost_above_1hr": 6e-06,
            "litellm_provider": "anthropic", "max_tokens": 64000,
        },
        "eu.anthropic.claude-opus-9-20270101-v1:0": { "input_cost_per_token": 5.5e-06, "output_cost_per_token": 2.75e-05 },
        "embedding": { "input_cost_per_token": 1e-07 },
        "image": { "input_cost_per_pixel": 1e-07 },
    });
    let found = parse(&document).unwrap();
    assert_eq!(found.models.keys().collect::<Vec<_>>(), ["claude-opus-9"]);
    let price = found.models["claude-opus-9"];
    assert_eq!((price.input, price.cache_write_5m, price.cache_write_1h), (5_000_000, 6_250_000, 10_000_000));
    assert!(found.version.starts_with("litellm-"), "{}", found.version);
    assert_eq!(parse(&document), Ok(found));
}

#[test]
fn every_bad_field_is_named() {
    let model = |model: Value| json!({ "version": "v", "models": { "m": model } });
    for (document, fields) in [
        (json!(null), vec!["models"]),
        (json!([]), vec!["models"]),
        (json!({}), vec!["models"]),
        (json!({ "version": "v", "models": {} }), vec!["models"]),
        (json!({ "version": "v", "models": [] }), vec!["models"]),
        (json!({ "models": { "m": { "input": 1, "output": 1 } } }), vec!["version"]),
        (json!({ "version": PRICE_VERSION, "models": { "m": { "input": 1, "output": 1 } } }), vec!["version"]),
        (json!({ "version": "a b", "x": 1, "models": { "m": { "input": 1, "output": 1 } } }), vec!["x", "version"]),
        (model(json!(1)), vec!["models.m"]),
        (model(json!({})), vec!["models.m.input", "models.m.output"]),
        (model(json!({ "input": -1, "output": "x" })), vec!["models.m.input", "models.m.output"]),
        (model(json!({ "input": true, "output": 1, "in": 1 })), vec!["models.m.in", "models.m.input"]),
        (model(json!({ "input": 0.000_000_1, "output": 1_000_001 })), vec!["models.m.input", "models.m.output"]),
        (json!({ "version": "v", "models": { "": { "input": 1, "output": 1 } } }), vec!["models."]),
        (
            json!({ "version": "v", "models": {
                "claude-a": { "input": 1, "output": 1 }, "x/claude-a": { "input": 1, "output": 1 } } }),
            vec!["models.x/claude-a"],
        ),
        (
            json!({ "gpt": { "input_cost_per_token": "much", "output_cost_per_token": 1 } }),
            vec!["gpt.input_cost_per_token"],
        ),
    ] {
        let found = parse(&document).err().unwrap_or_default();
        assert_eq!(found.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), fields, "{document}");
    }
}
