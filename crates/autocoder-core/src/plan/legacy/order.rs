//! What waits for what in the legacy list: every dependency that can be kept, and a word about each that cannot.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{LegacyRow, Reading};
use crate::limits::DEPENDENCIES;

impl Reading {
    /// The dependencies of every row that lead to another one and close no circle.
    pub(super) fn edges(&mut self, rows: &[LegacyRow]) -> BTreeMap<i64, Vec<i64>> {
        let known: BTreeSet<i64> = rows.iter().map(|row| row.id).collect();
        let mut edges: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for row in rows {
            let wanted = self.numbers(row);
            for on in wanted {
                if on == row.id {
                    self.tell(row.id, "its dependency on itself is left out");
                } else if !known.contains(&on) {
                    self.tell(row.id, format!("its dependency on task {on} is left out: there is no such task"));
                } else {
                    edges.entry(row.id).or_default().push(on);
                }
            }
        }
        self.without_circles(&mut edges);
        for (id, on) in &mut edges {
            if on.len() > DEPENDENCIES {
                self.tell(*id, format!("only its first {DEPENDENCIES} dependencies are kept"));
                on.truncate(DEPENDENCIES);
            }
        }
        self.counts.dependencies = edges.values().map(Vec::len).sum();
        edges
    }

    /// Leaves out each dependency that leads back to a task on the way to it: one walk, however many circles there are.
    fn without_circles(&mut self, edges: &mut BTreeMap<i64, Vec<i64>>) {
        let (mut done, mut closing) = (BTreeSet::new(), BTreeSet::new());
        for start in edges.keys() {
            let mut way: Vec<(i64, usize)> = vec![(*start, 0)];
            let mut on_way = BTreeSet::from([*start]);
            while let Some((id, next)) = way.last_mut() {
                let from = *id;
                match edges.get(&from).filter(|_| !done.contains(&from)).and_then(|on| on.get(*next)).copied() {
                    Some(on) => {
                        *next += 1;
                        if on_way.contains(&on) {
                            closing.insert((from, on));
                        } else if !done.contains(&on) {
                            on_way.insert(on);
                            way.push((on, 0));
                        }
                    }
                    None => {
                        done.insert(from);
                        on_way.remove(&from);
                        way.pop();
                    }
                }
            }
        }
        for (id, on) in closing {
            self.tell(id, format!("its dependency on task {on} is left out: it closes a circle"));
            edges.entry(id).or_default().retain(|other| *other != on);
        }
    }

    fn numbers(&mut self, row: &LegacyRow) -> Vec<i64> {
        let text = row.dependencies.as_deref().unwrap_or("null");
        let list = match serde_json::from_str::<Value>(text) {
            Ok(Value::Null) => return Vec::new(),
            Ok(Value::Array(list)) => list,
            _ => {
                self.tell(row.id, "its dependencies cannot be read and are left out");
                return Vec::new();
            }
        };
        let mut numbers: Vec<i64> = Vec::new();
        for item in list {
            match item.as_i64().or_else(|| item.as_str()?.trim().parse().ok()) {
                Some(number) if !numbers.contains(&number) => numbers.push(number),
                Some(_) => {}
                None => self.tell(row.id, format!("its dependency `{item}` is no id and is left out")),
            }
        }
        numbers
    }
}
