//! Which crate may see which: DESIGN.md section 2.

use serde_json::Value;

use super::Finding;

/// A package and the packages of the workspace that it may depend on.
const ARROWS: [(&str, &[&str]); 11] = [
    ("migration", &[]),
    ("autocoder-core", &[]),
    ("autocoder-usage", &["autocoder-core"]),
    ("autocoder-storage", &["autocoder-core", "migration"]),
    ("autocoder-agent", &["autocoder-core", "autocoder-usage"]),
    ("autocoder-mcp", &["autocoder-core", "autocoder-usage"]),
    ("autocoder-api", &["autocoder-core", "autocoder-usage", "autocoder-agent", "autocoder-mcp"]),
    (
        "autocoder-cli",
        &[
            "autocoder-core",
            "autocoder-usage",
            "autocoder-agent",
            "autocoder-mcp",
            "autocoder-api",
            "autocoder-storage",
        ],
    ),
    ("autocoder-testkit", &["autocoder-core", "autocoder-usage"]),
    ("autocoder-tests", &["autocoder-core", "autocoder-usage", "autocoder-storage", "autocoder-testkit"]),
    ("xtask", &["autocoder-storage", "autocoder-testkit"]),
];

/// A foreign crate and the only packages that may use it in the product.
const FOREIGN: [(&str, &[&str]); 6] = [
    ("sea-orm", &["autocoder-storage"]),
    ("sea-orm-migration", &["autocoder-storage", "migration"]),
    ("sqlx", &["autocoder-storage"]),
    ("actix-web", &["autocoder-api"]),
    ("rmcp", &["autocoder-mcp", "autocoder-agent"]),
    ("clap", &["autocoder-cli"]),
];

/// Dependencies of tests (`dev`) are free.
pub(super) fn check(metadata: &Value) -> Vec<Finding> {
    list(&metadata["packages"]).flat_map(package_findings).collect()
}

fn package_findings(package: &Value) -> Vec<Finding> {
    let name = text(&package["name"]);
    let finding = |message: String| Finding { path: format!("package {name}"), line: 1, message };
    let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| *from == name) else {
        return vec![finding("no arrows are drawn for this package in xtask/src/tidy/arrows.rs".into())];
    };
    let product = list(&package["dependencies"]).filter(|dependency| dependency["kind"] != "dev");
    let judged = product.filter_map(|dependency| {
        let on = text(&dependency["name"]);
        if dependency["path"].is_string() && !allowed.contains(&on) {
            return Some(finding(format!("must not depend on `{on}`: it may see only {allowed:?}")));
        }
        let (_, rooms) = FOREIGN.iter().find(|(foreign, rooms)| *foreign == on && !rooms.contains(&name))?;
        Some(finding(format!("must not depend on `{on}`: that belongs to {rooms:?}")))
    });
    judged.collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(package: &str, dependency: &Value) -> usize {
        check(&json!({"packages": [{"name": package, "dependencies": [dependency]}]})).len()
    }

    #[test]
    fn arrows_point_inward() {
        let inner = |name: &str| json!({"name": name, "path": "/x", "kind": null});
        let foreign = |name: &str| json!({"name": name, "path": null, "kind": null});
        for (package, dependency, findings) in [
            ("autocoder-usage", inner("autocoder-core"), 0),
            ("autocoder-core", inner("autocoder-usage"), 1),
            ("autocoder-mcp", inner("autocoder-storage"), 1),
            ("autocoder-cli", inner("autocoder-storage"), 0),
            ("autocoder-core", json!({"name": "autocoder-testkit", "path": "/x", "kind": "dev"}), 0),
            ("autocoder-storage", foreign("sea-orm"), 0),
            ("autocoder-agent", foreign("sea-orm"), 1),
            ("autocoder-core", foreign("serde"), 0),
            ("autocoder-unknown", foreign("serde"), 1),
        ] {
            assert_eq!(told(package, &dependency), findings, "{package} on {dependency}");
        }
    }
}
