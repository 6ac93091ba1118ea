//! The layers of a graph.

use super::graph::Flow;

/// The layer of each state: below all that lead to it, but for what leads back. What the first state does not
/// lead to has layers of its own from the top.
pub(super) fn ranks(flow: &Flow) -> Vec<usize> {
    let count = flow.nodes.len();
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); count];
    for edge in &flow.edges {
        if let Some(list) = next.get_mut(edge.from) {
            list.push(edge.to);
        }
    }
    // For each state, the root from which it was found, and its position after all states that it leads to.
    let mut places: Vec<Option<(usize, usize)>> = vec![None; count];
    let mut seen = vec![false; count];
    let mut ranks = vec![0; count];
    for root in flow.start.into_iter().chain(0..count) {
        let order = behind(root, &next, &mut seen);
        for (position, node) in order.iter().enumerate() {
            if let Some(place) = places.get_mut(*node) {
                *place = Some((root, position));
            }
        }
        for node in order.iter().rev() {
            let place = places.get(*node).copied().flatten();
            let below = ranks.get(*node).map_or(0, |rank| rank + 1);
            for to in next.get(*node).into_iter().flatten() {
                let is_before = match (places.get(*to).copied().flatten(), place) {
                    (Some((its, later)), Some((own, position))) => its == own && later < position,
                    _ => false,
                };
                if let Some(rank) = ranks.get_mut(*to).filter(|_| is_before) {
                    *rank = below.max(*rank);
                }
            }
        }
    }
    ranks
}

/// The unvisited states that a state leads to, each after all states that it leads to itself.
fn behind(root: usize, next: &[Vec<usize>], seen: &mut [bool]) -> Vec<usize> {
    let mut order = Vec::new();
    let mut path: Vec<(usize, usize)> = Vec::new();
    let enter = |node: usize, seen: &mut [bool]| match seen.get_mut(node) {
        Some(seen) if !*seen => {
            *seen = true;
            true
        }
        _ => false,
    };
    if enter(root, seen) {
        path.push((root, 0));
    }
    while let Some((node, at)) = path.pop() {
        match next.get(node).and_then(|list| list.get(at)) {
            None => order.push(node),
            Some(to) => {
                path.push((node, at + 1));
                if enter(*to, seen) {
                    path.push((*to, 0));
                }
            }
        }
    }
    order
}
