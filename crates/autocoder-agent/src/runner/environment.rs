//! Which variables an agent's process gets: it starts from none, and only the listed names are added.

use std::collections::BTreeMap;

use super::RunSpec;

/// The variable that marks every process of a run, by which the sweep finds orphans.
pub const RUN_ID_VARIABLE: &str = "AUTOCODER_RUN_ID";

const ALWAYS: [&str; 15] = [
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TERM",
    "TZ",
    "USER",
    "LOGNAME",
    "SHELL",
    "TMPDIR",
    "XDG_*",
    "SSL_CERT_*",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
];

/// Those variables of `from` that every process may have, and those that `also` names; `*` at the end of a name stands
/// for any ending.
#[must_use]
pub fn allowed_environment<'a>(
    from: &BTreeMap<String, String>,
    also: impl IntoIterator<Item = &'a str>,
) -> BTreeMap<String, String> {
    let patterns: Vec<&str> = ALWAYS.into_iter().chain(also).collect();
    let allowed = |name: &str| patterns.iter().any(|pattern| matches(pattern, name));
    from.iter().filter(|(name, _)| allowed(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The environment of the run `spec`: what its runner and its caller allow, what the runner sets, and the run's mark.
pub(super) fn run_environment(spec: &RunSpec, passed: &[&str], set: &[(&str, &str)]) -> BTreeMap<String, String> {
    let also = passed.iter().copied().chain(spec.allow.iter().map(String::as_str));
    let mut env = allowed_environment(&spec.environment, also);
    env.extend(set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    env.insert(RUN_ID_VARIABLE.to_owned(), spec.run_id.clone());
    env
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_variables_pass() {
        for (name, passes) in [
            ("PATH", true),
            ("XDG_CONFIG_HOME", true),
            ("SSL_CERT_FILE", true),
            ("ANTHROPIC_API_KEY", true),
            ("MY_KEY_1", true),
            ("PATHS", false),
            ("LD_PRELOAD", false),
            ("GIT_DIR", false),
            ("ANTHROPIC_API_KEY_OLD", false),
            ("OPENAI_API_KEY", false),
        ] {
            let from = BTreeMap::from([(name.to_owned(), "value".to_owned())]);
            let passed = allowed_environment(&from, ["ANTHROPIC_API_KEY", "MY_KEY_*"]);
            assert_eq!(passed.contains_key(name), passes, "{name}");
        }
    }
}
