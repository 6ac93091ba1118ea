//! Where each state of a graph is drawn: in layers, from the first state downwards.
//!
//! A state is one layer below the lowest of those that lead to it. Lines between neighbouring layers are
//! direct; longer ones run down a lane on the left, and those that lead back up a lane on the right. Lines to
//! one state share its lane, so there are never more lanes than states, and everything is linear in the size
//! of the graph but for sorting.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use super::graph::{Flow, Node, Way};
use super::ranks::ranks;
use crate::cli::limits::MAX_SWEEPS;

/// Sizes in pixels. Our own choice: two lines of text, and room for lines between boxes.
pub(super) const WIDTH: i32 = 220;
pub(super) const HEIGHT: i32 = 50;
const GAP_X: i32 = 26;
const GAP_Y: i32 = 36;
const LANE: i32 = 12;
const PADDING: i32 = 16;
const DOT: i32 = 18;
/// From the middle of a box to where long lines begin and end.
const ASIDE: i32 = 18;

/// A picture of a graph. Places are from the left and from the top.
#[derive(Debug, Default)]
pub(super) struct Picture<'g> {
    pub(super) width: i32,
    pub(super) height: i32,
    /// Outer ones before those inside.
    pub(super) boxes: Vec<Placed<'g>>,
    pub(super) lines: Vec<Line>,
    /// Where workflows begin, and where they end.
    pub(super) dots: Vec<Dot>,
}

/// A state in the picture.
#[derive(Debug)]
pub(super) struct Placed<'g> {
    pub(super) node: &'g Node,
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// A line from state to state, with an arrow at its end.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) points: Vec<(i32, i32)>,
    pub(super) way: Way,
}

/// A beginning or an end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dot {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) is_end: bool,
}

impl<'g> Picture<'g> {
    /// Lays out a graph.
    pub(super) fn of(flow: &'g Flow) -> Picture<'g> {
        let inner: Vec<Vec<Picture<'g>>> =
            flow.nodes.iter().map(|node| node.flows.iter().map(Picture::of).collect()).collect();
        let sizes: Vec<(i32, i32)> = inner.iter().map(|pictures| size(pictures)).collect();
        let layers = ordered(flow, ranks(flow));
        let mut rank = vec![0_usize; flow.nodes.len()];
        for (at, layer) in layers.iter().enumerate() {
            for node in layer {
                if let Some(rank) = rank.get_mut(*node) {
                    *rank = at;
                }
            }
        }
        let width = |node: usize| sizes.get(node).map_or(WIDTH, |size| size.0);
        let lefts = lefts(flow, &layers, &rank, &width);
        let lanes = Lanes::of(flow, &rank);
        let tops = tops(&layers, &sizes, &lanes);
        let place = Places { rank: &rank, lefts: &lefts, sizes: &sizes, tops: &tops, lanes: &lanes };
        place.picture(flow, inner)
    }

    fn moved(mut self, x: i32, y: i32) -> Picture<'g> {
        for one in &mut self.boxes {
            (one.x, one.y) = (one.x + x, one.y + y);
        }
        for point in self.lines.iter_mut().flat_map(|line| &mut line.points) {
            *point = (point.0 + x, point.1 + y);
        }
        for dot in &mut self.dots {
            (dot.x, dot.y) = (dot.x + x, dot.y + y);
        }
        self
    }
}

/// The size of a box around pictures side by side.
fn size(pictures: &[Picture<'_>]) -> (i32, i32) {
    let widths: i32 = pictures.iter().map(|picture| picture.width + PADDING).sum();
    match pictures.iter().map(|picture| picture.height).max() {
        None => (WIDTH, HEIGHT),
        Some(height) => ((widths + PADDING).max(WIDTH), HEIGHT + height + PADDING),
    }
}

/// The states of each layer in an order in which few lines cross.
fn ordered(flow: &Flow, rank: Vec<usize>) -> Vec<Vec<usize>> {
    let mut layers: Vec<Vec<usize>> = vec![Vec::new(); rank.iter().max().map_or(0, |last| last + 1)];
    for (node, rank) in rank.iter().enumerate() {
        if let Some(layer) = layers.get_mut(*rank) {
            layer.push(node);
        }
    }
    let mut up: Vec<Vec<usize>> = vec![Vec::new(); flow.nodes.len()];
    let mut down = up.clone();
    for edge in &flow.edges {
        let of = |node: usize| rank.get(node).copied().unwrap_or_default();
        if of(edge.to) == of(edge.from) + 1 {
            up.get_mut(edge.to).into_iter().for_each(|list| list.push(edge.from));
            down.get_mut(edge.from).into_iter().for_each(|list| list.push(edge.to));
        }
    }
    let mut position = vec![0_usize; flow.nodes.len()];
    for sweep in 0..MAX_SWEEPS {
        let neighbours = if sweep % 2 == 0 { &up } else { &down };
        let count = layers.len();
        for step in 0..count {
            let at = if sweep % 2 == 0 { step } else { count - 1 - step };
            let Some(layer) = layers.get_mut(at) else { continue };
            let mut keyed: Vec<(usize, usize, usize)> = layer
                .iter()
                .enumerate()
                .map(|(own, node)| {
                    let places =
                        neighbours.get(*node).into_iter().flatten().filter_map(|one| position.get(*one));
                    let mut places: Vec<usize> = places.copied().collect();
                    places.sort_unstable();
                    // The median, in thousandths, so that states without neighbours stay between others.
                    (places.get(places.len() / 2).map_or(own * 1000, |place| place * 1000), own, *node)
                })
                .collect();
            keyed.sort_unstable();
            *layer = keyed.into_iter().map(|(_, _, node)| node).collect();
            for (own, node) in layer.iter().enumerate() {
                if let Some(place) = position.get_mut(*node) {
                    *place = own;
                }
            }
        }
    }
    layers
}

/// The left side of each state: where the leftmost of those is that lead to it, or next to its neighbour. So
/// the main path is one column on the left, even on a narrow page.
fn lefts(flow: &Flow, layers: &[Vec<usize>], rank: &[usize], width: &dyn Fn(usize) -> i32) -> Vec<i32> {
    let of = |node: usize| rank.get(node).copied().unwrap_or_default();
    let mut up: Vec<Vec<usize>> = vec![Vec::new(); flow.nodes.len()];
    for edge in flow.edges.iter().filter(|edge| of(edge.to) == of(edge.from) + 1) {
        up.get_mut(edge.to).into_iter().for_each(|list| list.push(edge.from));
    }
    let mut lefts = vec![0_i32; flow.nodes.len()];
    for layer in layers {
        let mut free = 0;
        for node in layer {
            let before = up.get(*node).into_iter().flatten().filter_map(|one| lefts.get(*one));
            let left = before.min().copied().unwrap_or_default().max(free);
            free = left + width(*node) + GAP_X;
            if let Some(place) = lefts.get_mut(*node) {
                *place = left;
            }
        }
    }
    lefts
}

/// The lanes beside the layers, and the tracks between them.
struct Lanes {
    /// For each state that long lines lead down to, and up to: the number of its lane.
    down: BTreeMap<usize, usize>,
    up: BTreeMap<usize, usize>,
    /// The tracks of the gap above each layer, by the state that they lead to and whether they lead up.
    tracks: BTreeMap<(usize, (usize, bool)), i32>,
    /// How many tracks there are above each layer.
    counts: BTreeMap<usize, i32>,
}

impl Lanes {
    fn of(flow: &Flow, rank: &[usize]) -> Lanes {
        let of = |node: usize| rank.get(node).copied().unwrap_or_default();
        // From the highest to the lowest layer of the lines of each state.
        let mut spans: BTreeMap<(bool, usize), (usize, usize)> = BTreeMap::new();
        let mut tracks = BTreeMap::new();
        let mut counts: BTreeMap<usize, i32> = BTreeMap::new();
        for edge in &flow.edges {
            let (from, to) = (of(edge.from), of(edge.to));
            if to == from + 1 {
                continue;
            }
            let is_up = to <= from;
            let span = spans.entry((is_up, edge.to)).or_insert((to, to));
            *span = (span.0.min(from + 1).min(to), span.1.max(from + 1).max(to));
            for gap in [from + 1, to] {
                tracks.entry((gap, (edge.to, is_up))).or_insert_with(|| {
                    let count = counts.entry(gap).or_default();
                    *count += 1;
                    *count
                });
            }
        }
        let lanes = |wanted: bool| {
            let mut own: Vec<(usize, usize, usize)> = spans
                .iter()
                .filter(|((is_up, _), _)| *is_up == wanted)
                .map(|((_, node), (top, bottom))| (*top, *bottom, *node))
                .collect();
            own.sort_unstable();
            // The first lane that is free again.
            let mut ends: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            let (mut free, mut count, mut found) = (BTreeSet::new(), 0, BTreeMap::new());
            for (top, bottom, node) in own {
                let still = ends.split_off(&top);
                free.extend(mem::replace(&mut ends, still).into_values().flatten());
                let lane = free.pop_first().unwrap_or_else(|| {
                    count += 1;
                    count - 1
                });
                found.insert(node, lane);
                ends.entry(bottom).or_default().push(lane);
            }
            found
        };
        Lanes { down: lanes(false), up: lanes(true), tracks, counts }
    }

    /// The room for lanes on the left or on the right.
    fn room(lanes: &BTreeMap<usize, usize>) -> i32 {
        let count = lanes.values().max().map_or(0, |last| last + 1);
        if count == 0 { 0 } else { i32::try_from(count).unwrap_or_default() * LANE + LANE }
    }
}

/// The top of each layer, and after the last one that of the end.
fn tops(layers: &[Vec<usize>], sizes: &[(i32, i32)], lanes: &Lanes) -> Vec<i32> {
    let mut tops = Vec::with_capacity(layers.len() + 1);
    let mut y = 0;
    for at in 0..=layers.len() {
        let tracks = lanes.counts.get(&at).copied().unwrap_or_default() * LANE;
        y += tracks + room(at);
        tops.push(y);
        let heights =
            layers.get(at).into_iter().flatten().filter_map(|node| sizes.get(*node)).map(|size| size.1);
        y += heights.max().unwrap_or_default();
    }
    tops
}

/// Everything that is known about positions.
struct Places<'p> {
    rank: &'p [usize],
    lefts: &'p [i32],
    sizes: &'p [(i32, i32)],
    tops: &'p [i32],
    lanes: &'p Lanes,
}

impl Places<'_> {
    /// Puts everything together; inside of each box are the pictures of its branches.
    fn picture<'g>(&self, flow: &'g Flow, inner: Vec<Vec<Picture<'g>>>) -> Picture<'g> {
        let left = Lanes::room(&self.lanes.down);
        let right = (0..flow.nodes.len()).map(|node| self.left(node) + self.size(node).0).max();
        let right = right.unwrap_or_default();
        let mut picture = Picture {
            width: right + Lanes::room(&self.lanes.up),
            height: self.tops.last().copied().unwrap_or_default(),
            ..Picture::default()
        };
        for (at, (node, pictures)) in flow.nodes.iter().zip(inner).enumerate() {
            let (width, height) = self.size(at);
            let (x, y) = (self.left(at), self.top(at));
            picture.boxes.push(Placed { node, x, y, width, height });
            let mut inside = x + PADDING;
            for one in pictures {
                let next = inside + one.width + PADDING;
                let one = one.moved(inside, y + HEIGHT);
                picture.boxes.extend(one.boxes);
                picture.lines.extend(one.lines);
                picture.dots.extend(one.dots);
                inside = next;
            }
            if node.is_end {
                let x = self.center(at);
                picture.dots.push(Dot { x, y: y + height + DOT / 2, is_end: true });
            }
        }
        if let Some(start) = flow.start {
            let x = self.center(start);
            picture.dots.push(Dot { x, y: DOT / 2, is_end: false });
            picture.lines.push(Line { points: vec![(x, DOT / 2), (x, self.top(start))], way: Way::Next });
        }
        for edge in &flow.edges {
            let (from, to) = (self.rank(edge.from), self.rank(edge.to));
            let bottom = self.top(edge.from) + self.size(edge.from).1;
            let points = if to == from + 1 {
                let (start, end) = (self.center(edge.from), self.center(edge.to));
                vec![(start, bottom), (start, self.gap(to)), (end, self.top(edge.to))]
            } else {
                let is_up = to <= from;
                let (lanes, aside) = if is_up { (&self.lanes.up, ASIDE) } else { (&self.lanes.down, -ASIDE) };
                let lane = lanes.get(&edge.to).and_then(|lane| i32::try_from(*lane).ok()).unwrap_or_default();
                let lane = if is_up { right + LANE * (lane + 1) } else { left - LANE * (lane + 1) };
                let (start, end) = (self.center(edge.from) + aside, self.center(edge.to) + aside);
                let key = (edge.to, is_up);
                let (first, last) = (self.track(from + 1, key), self.track(to, key));
                vec![
                    (start, bottom),
                    (start, first),
                    (lane, first),
                    (lane, last),
                    (end, last),
                    (end, self.top(edge.to)),
                ]
            };
            picture.lines.push(Line { points, way: edge.way });
        }
        picture
    }

    fn rank(&self, node: usize) -> usize {
        self.rank.get(node).copied().unwrap_or_default()
    }

    fn size(&self, node: usize) -> (i32, i32) {
        self.sizes.get(node).copied().unwrap_or_default()
    }

    fn top(&self, node: usize) -> i32 {
        self.tops.get(self.rank(node)).copied().unwrap_or_default()
    }

    fn left(&self, node: usize) -> i32 {
        Lanes::room(&self.lanes.down) + self.lefts.get(node).copied().unwrap_or_default()
    }

    /// Where lines from neighbouring layers begin and end, which is the same for boxes of all widths.
    fn center(&self, node: usize) -> i32 {
        self.left(node) + WIDTH / 2
    }

    /// The top of the gap above a layer.
    fn gap(&self, layer: usize) -> i32 {
        let tracks = self.lanes.counts.get(&layer).copied().unwrap_or_default() * LANE;
        self.tops.get(layer).copied().unwrap_or_default() - tracks - room(layer)
    }

    /// A track in the gap above a layer.
    fn track(&self, layer: usize, key: (usize, bool)) -> i32 {
        let number = self.lanes.tracks.get(&(layer, key)).copied().unwrap_or_default();
        self.gap(layer) + DOT / 2 + number * LANE
    }
}

/// The room between a layer and the one above without the tracks.
const fn room(layer: usize) -> i32 {
    if layer == 0 { DOT + PADDING } else { GAP_Y }
}

#[cfg(test)]
mod tests {
    use super::super::graph::{Edge, Reach};
    use super::*;

    fn node(id: usize, flows: Vec<Flow>) -> Node {
        Node {
            id,
            name: format!("S{id}"),
            path: String::new(),
            pointer: String::new(),
            kind: "Pass",
            calls: String::new(),
            is_end: false,
            flows,
            reach: Reach::Nothing,
            open: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// A workflow of this many states with random edges, the same in every run.
    fn random(count: usize, seed: usize) -> Flow {
        let mut number = seed * 7919 + 17;
        let mut next = |below: usize| {
            number = (number * 1_103_515_245 + 12_345) % 2_147_483_648;
            number / 65_536 % below
        };
        let edges = (0..count)
            .flat_map(|from| [(from, (from + 1) % count), (from, next(count)), (next(count), from)]);
        let edges = edges.map(|(from, to)| Edge { from, to, way: Way::Next }).collect();
        let inner = |at: usize| {
            if at % 5 == 3 && count > 4 { vec![random(count / 3, at), random(2, at)] } else { Vec::new() }
        };
        Flow { start: Some(next(count)), edges, nodes: (0..count).map(|at| node(at, inner(at))).collect() }
    }

    #[test]
    fn boxes_are_apart_or_one_in_the_other_and_lines_end_at_boxes() {
        for seed in 0..40 {
            let flow = random(1 + seed % 23, seed);
            let picture = Picture::of(&flow);
            let inside = |one: &Placed<'_>, two: &Placed<'_>| {
                one.x >= two.x
                    && one.y >= two.y
                    && one.x + one.width <= two.x + two.width
                    && one.y + one.height <= two.y + two.height
            };
            for (at, one) in picture.boxes.iter().enumerate() {
                assert!(one.x >= 0 && one.y >= 0, "{seed}: {one:?}");
                assert!(one.x + one.width <= picture.width && one.y + one.height <= picture.height, "{seed}");
                for two in &picture.boxes[at + 1..] {
                    let apart = one.x + one.width <= two.x
                        || two.x + two.width <= one.x
                        || one.y + one.height <= two.y
                        || two.y + two.height <= one.y;
                    assert!(apart || inside(one, two) || inside(two, one), "{seed}: {one:?} {two:?}");
                }
            }
            for line in &picture.lines {
                let (x, y) = *line.points.last().unwrap();
                let is_top = |one: &Placed<'_>| one.y == y && one.x <= x && x <= one.x + one.width;
                assert!(picture.boxes.iter().any(is_top), "{seed}: {line:?}");
                let in_picture =
                    |(x, y): &(i32, i32)| (0..=picture.width).contains(x) && (0..=picture.height).contains(y);
                assert!(line.points.iter().all(in_picture), "{seed}: {line:?}");
            }
        }
    }

    #[test]
    fn a_chain_is_one_column() {
        let edges = (0..9).map(|from| Edge { from, to: from + 1, way: Way::Next }).collect();
        let flow = Flow { start: Some(0), edges, nodes: (0..10).map(|at| node(at, Vec::new())).collect() };
        let picture = Picture::of(&flow);
        assert_eq!(picture.width, WIDTH);
        assert!(picture.boxes.iter().all(|one| one.x == 0) && picture.boxes.is_sorted_by_key(|one| one.y));
    }
}
