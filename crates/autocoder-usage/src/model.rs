//! Names of models: one model is spelled in several ways by providers, and must be counted and priced as one.

/// The provider-neutral name of `model`: for Claude models without the region or vendor before it, and without the
/// release date, revision and context size after it. Any other name stays as it is.
#[must_use]
pub fn canonical(model: &str) -> &str {
    let Some(name) = model.find("claude-").and_then(|start| model.get(start..)) else {
        return model;
    };
    let name = name.split(['@', ':', '[']).next().unwrap_or(name);
    let name = name.strip_suffix("-v1").or_else(|| name.strip_suffix("-v2")).unwrap_or(name);
    match name.rsplit_once('-') {
        Some((family, date)) if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) => family,
        Some(_) | None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_model_have_one_name() {
        for (spelling, name) in [
            ("claude-sonnet-4-5", "claude-sonnet-4-5"),
            ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
            ("claude-sonnet-4-5[1m]", "claude-sonnet-4-5"),
            ("claude-sonnet-4-5-20250929[1m]", "claude-sonnet-4-5"),
            ("claude-opus-4@20250514", "claude-opus-4"),
            ("claude-opus-4-20250514", "claude-opus-4"),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
            ("anthropic/claude-haiku-4-5", "claude-haiku-4-5"),
            ("claude-", "claude-"),
            ("gpt-6", "gpt-6"),
            ("qwen3:8b", "qwen3:8b"),
            ("", ""),
        ] {
            assert_eq!(canonical(spelling), name, "{spelling}");
        }
    }
}
