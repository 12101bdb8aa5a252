//! The graph of dependencies: circles and the critical path. Iterative, so that no depth can overflow the stack.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::TaskId;
use crate::task::Edge;

/// A circle among `edges`, first task first and repeated at the end; none when there is none.
#[must_use]
pub fn find_cycle(edges: &[Edge]) -> Option<Vec<TaskId>> {
    let graph = by_task(edges);
    let mut done = BTreeSet::new();
    for &start in graph.keys() {
        let mut path: Vec<(TaskId, usize)> = vec![(start, 0)];
        let mut on_path = BTreeSet::from([start]);
        while let Some((task, next)) = path.last_mut() {
            let task = *task;
            let found = graph.get(&task).and_then(|list| list.get(*next)).copied();
            *next += 1;
            match found {
                Some(to) if on_path.contains(&to) => {
                    let mut circle: Vec<_> = path.iter().map(|(id, _)| *id).skip_while(|id| *id != to).collect();
                    circle.push(to);
                    return Some(circle);
                }
                Some(to) if done.contains(&to) => {}
                Some(to) => {
                    path.push((to, 0));
                    on_path.insert(to);
                }
                None => {
                    path.pop();
                    on_path.remove(&task);
                    done.insert(task);
                }
            }
        }
    }
    None
}

/// The chain of dependent tasks with the largest sum of `weights`, in the order of work; ties go to lower ids.
/// Tasks without a weight count 0. `edges` must be acyclic.
#[must_use]
pub fn critical_path(weights: &BTreeMap<TaskId, u64>, edges: &[Edge]) -> Vec<TaskId> {
    let graph = by_task(edges);
    let mut best: BTreeMap<TaskId, (u64, Option<TaskId>)> = BTreeMap::new();
    for &start in weights.keys() {
        let mut open = vec![start];
        while let Some(&task) = open.last() {
            let before = graph.get(&task).map_or(&[][..], Vec::as_slice);
            let missing: Vec<_> = before.iter().copied().filter(|id| !best.contains_key(id)).collect();
            if missing.is_empty() {
                let heaviest =
                    before.iter().map(|id| (best[id].0, *id)).max_by_key(|(sum, id)| (*sum, std::cmp::Reverse(*id)));
                let own = weights.get(&task).copied().unwrap_or(0);
                best.insert(task, (own + heaviest.map_or(0, |(sum, _)| sum), heaviest.map(|(_, id)| id)));
                open.pop();
            } else {
                open.extend(missing);
            }
        }
    }
    let last = best.iter().max_by_key(|(id, (sum, _))| (*sum, std::cmp::Reverse(**id))).map(|(id, _)| *id);
    let mut path: Vec<_> = std::iter::successors(last, |id| best.get(id).and_then(|(_, before)| *before)).collect();
    path.reverse();
    path
}

fn by_task(edges: &[Edge]) -> BTreeMap<TaskId, Vec<TaskId>> {
    let mut graph: BTreeMap<TaskId, Vec<TaskId>> = BTreeMap::new();
    for edge in edges {
        graph.entry(edge.task).or_default().push(edge.depends_on);
    }
    for list in graph.values_mut() {
        list.sort_unstable();
    }
    graph
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(pairs: &[(i64, i64)]) -> Vec<Edge> {
        pairs.iter().map(|(task, on)| Edge { task: TaskId(*task), depends_on: TaskId(*on) }).collect()
    }

    #[test]
    fn a_circle_is_named_in_order() {
        for (pairs, circle) in [
            (&[][..], None),
            (&[(1, 2), (2, 3), (1, 3)][..], None),
            (&[(1, 1)][..], Some(vec![1, 1])),
            (&[(1, 2), (2, 3), (3, 2)][..], Some(vec![2, 3, 2])),
        ] {
            assert_eq!(find_cycle(&edges(pairs)), circle.map(|ids| ids.into_iter().map(TaskId).collect()), "{pairs:?}");
        }
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_tasks_is_no_problem() {
        let chain: Vec<_> = (1..100_000).map(|id| (id, id + 1)).collect();
        assert_eq!(find_cycle(&edges(&chain)), None);
    }

    #[test]
    fn the_critical_path_is_the_heaviest_chain() {
        let weights = [(1, 3), (2, 1), (3, 1), (4, 5)].map(|(id, weight)| (TaskId(id), weight)).into();
        assert_eq!(critical_path(&weights, &edges(&[(2, 1), (3, 2)])), [1, 2, 3].map(TaskId));
        assert_eq!(critical_path(&weights, &edges(&[(3, 2), (4, 2)])), [2, 4].map(TaskId));
    }
}
