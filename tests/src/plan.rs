//! Plans to test with.

/// Two phases: the first has the features "Page" (tasks A and B, B waits for A) and "Store" (task C), the second has
/// the feature "Later" (task D).
pub const SMALL_PLAN: &str = "\
version: 1
project:
  name: small
phases:
  - name: One
    features:
      - name: Page
        key: page
        priority: 10
        spec: |
          # Page
          A page.
        tasks:
          - {name: A, key: a, category: functional, complexity: 1, steps: [Open it, See it]}
          - {name: B, key: b, category: style, complexity: 2, depends_on: [a]}
      - name: Store
        key: store
        tasks:
          - {name: C, key: c}
  - name: Two
    features:
      - name: Later
        key: later
        tasks:
          - {name: D, key: d}
";

/// A plan of one phase, "Phase 1", with `features` features of `tasks` tasks each.
#[must_use]
pub fn plan_of(features: usize, tasks: usize) -> String {
    let mut text = String::from("version: 1\nproject: {}\nphases:\n  - name: Phase 1\n    features:\n");
    for feature in 1..=features {
        text.push_str(&format!("      - name: Feature {feature}\n        key: f{feature}\n        tasks:\n"));
        for task in 1..=tasks {
            let complexity = 1 + (feature + task) % 5;
            text.push_str(&format!("          - name: Task {feature}.{task}\n            key: t{feature}-{task}\n"));
            text.push_str(&format!("            description: Makes part {task} of feature {feature}.\n"));
            text.push_str(&format!("            complexity: {complexity}\n"));
            if task % 4 == 0 {
                text.push_str(&format!("            depends_on: [t{feature}-{}]\n", task - 1));
            }
        }
    }
    text
}

/// A plan of `phases` phases of `features` features of `tasks` small tasks each; each task waits for the one before it.
#[must_use]
pub fn phased_plan(phases: usize, features: usize, tasks: usize) -> String {
    let mut text = String::from("version: 1\nproject: {}\nphases:\n");
    for phase in 1..=phases {
        text.push_str(&format!("  - name: Phase {phase}\n    features:\n"));
        for feature in 1..=features {
            text.push_str(&format!("      - name: Feature {phase}.{feature}\n        tasks:\n"));
            for task in 1..=tasks {
                let waits =
                    if task == 1 { String::new() } else { format!(", depends_on: [t{phase}-{feature}-{}]", task - 1) };
                let key = format!("t{phase}-{feature}-{task}");
                text.push_str(&format!(
                    "          - {{name: T{phase}.{feature}.{task}, key: {key}, complexity: 1{waits}}}\n"
                ));
            }
        }
    }
    text
}
