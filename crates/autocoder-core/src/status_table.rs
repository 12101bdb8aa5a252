//! Test part: compares a status machine with a table written by hand, for every pair of status and action.

use std::collections::BTreeMap;
use std::fmt::Display;

/// `table` has a line for each status: its word, then `action→status` for each transition there is.
pub(crate) fn check<S: Display + Copy, A: Display + Copy>(
    table: &str,
    statuses: &[S],
    actions: &[A],
    apply: impl Fn(S, A) -> Option<S>,
) {
    let mut expected: BTreeMap<(String, String), String> = BTreeMap::new();
    for line in table.lines().filter(|line| !line.trim().is_empty()) {
        let mut words = line.split_whitespace();
        let from = words.next().unwrap();
        for transition in words {
            let (action, to) = transition.split_once('→').unwrap();
            expected.insert((from.to_owned(), action.to_owned()), to.to_owned());
        }
    }
    for from in statuses {
        for action in actions {
            let found = apply(*from, *action).map(|to| to.to_string());
            let wanted = expected.remove(&(from.to_string(), action.to_string()));
            assert_eq!(found, wanted, "{from} {action}");
        }
    }
    assert!(expected.is_empty(), "the table names what does not exist: {expected:?}");
}
