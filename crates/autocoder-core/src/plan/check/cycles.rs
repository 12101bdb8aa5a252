//! Finds the cycles of a directed graph without recursion, in time linear in its nodes and edges.

/// A graph whose edges are added node after node.
pub(super) struct Graph {
    /// Where the edges of each node end.
    ends: Vec<usize>,
    /// The target of each edge, and its label.
    edges: Vec<(usize, usize)>,
}

impl Graph {
    pub(super) fn with_nodes(count: usize) -> Self {
        Self { ends: Vec::with_capacity(count), edges: Vec::new() }
    }

    /// Adds an edge from the current node.
    pub(super) fn add_edge(&mut self, target: usize, label: usize) {
        self.edges.push((target, label));
    }

    /// Goes on to the next node.
    pub(super) fn end_node(&mut self) {
        self.ends.push(self.edges.len());
    }

    fn first_edge(&self, node: usize) -> usize {
        node.checked_sub(1).map_or(0, |before| self.ends[before])
    }
}

#[derive(Clone, Copy)]
enum Mark {
    New,
    /// On the path that is being followed, at this position.
    Open(usize),
    Done,
}

/// Calls `found` for every edge that closes a cycle: with the nodes from its target to its source, and its label.
pub(super) fn cycles(graph: &Graph, mut found: impl FnMut(&[usize], usize)) {
    let mut marks = vec![Mark::New; graph.ends.len()];
    let mut path: Vec<usize> = Vec::new();
    // For each node of the path, the edge to follow next.
    let mut next: Vec<usize> = Vec::new();
    for root in 0..marks.len() {
        if matches!(marks[root], Mark::New) {
            marks[root] = Mark::Open(0);
            path.push(root);
            next.push(graph.first_edge(root));
        }
        while let (Some(&node), Some(edge)) = (path.last(), next.last_mut()) {
            if *edge == graph.ends[node] {
                marks[node] = Mark::Done;
                path.pop();
                next.pop();
                continue;
            }
            let (target, label) = graph.edges[*edge];
            *edge += 1;
            match marks[target] {
                Mark::Done => {}
                Mark::Open(position) => found(&path[position..], label),
                Mark::New => {
                    marks[target] = Mark::Open(path.len());
                    path.push(target);
                    next.push(graph.first_edge(target));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(edges: &[&[usize]]) -> Vec<(Vec<usize>, usize)> {
        let mut graph = Graph::with_nodes(edges.len());
        for targets in edges {
            targets.iter().enumerate().for_each(|(label, target)| graph.add_edge(*target, label));
            graph.end_node();
        }
        let mut all = Vec::new();
        cycles(&graph, |nodes, label| all.push((nodes.to_vec(), label)));
        all
    }

    #[test]
    fn every_closing_edge_is_found_and_a_diamond_is_no_cycle() {
        assert_eq!(found(&[]), []);
        assert_eq!(found(&[&[1, 2], &[3], &[3], &[]]), []);
        assert_eq!(found(&[&[], &[0, 2], &[3], &[0, 1]]), [(vec![1, 2, 3], 1)]);
        assert_eq!(found(&[&[1], &[0], &[3], &[2]]), [(vec![0, 1], 0), (vec![2, 3], 0)]);
        assert_eq!(found(&[&[0]]), [(vec![0], 0)]);
    }

    #[test]
    fn a_chain_of_a_million_nodes_needs_no_deep_stack() {
        let count = 1_000_000;
        let mut graph = Graph::with_nodes(count);
        for node in 0..count {
            graph.add_edge((node + 1) % count, 0);
            graph.end_node();
        }
        let mut lengths = Vec::new();
        cycles(&graph, |nodes, _| lengths.push(nodes.len()));
        assert_eq!(lengths, [count]);
    }
}
