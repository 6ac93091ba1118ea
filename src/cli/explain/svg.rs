//! Lines and texts of a picture, as SVG has them.

use std::fmt::Write as _;

/// How far from a corner a line begins to bend.
const BEND: i32 = 7;

/// The path of a line: three points are a curve between neighbouring layers, more are corners, which are
/// round.
pub(super) fn path(points: &[(i32, i32)]) -> String {
    let mut path = String::new();
    let Some(((x, y), rest)) = points.split_first() else { return path };
    // Writing to a String cannot fail.
    let _ = write!(path, "M{x} {y}");
    if let [(over, edge), (to, end)] = rest {
        let middle = edge + (end - edge) / 2;
        let _ = write!(path, "L{over} {edge}C{over} {middle} {to} {middle} {to} {end}");
        return path;
    }
    for (at, (x, y)) in rest.iter().enumerate() {
        let (Some(before), Some(after)) = (points.get(at), rest.get(at + 1)) else {
            let _ = write!(path, "L{x} {y}");
            continue;
        };
        let (bx, by) = near((*x, *y), *before);
        let (ax, ay) = near((*x, *y), *after);
        let _ = write!(path, "L{bx} {by}Q{x} {y} {ax} {ay}");
    }
    path
}

/// A point on the way from a corner to its neighbour.
fn near(corner: (i32, i32), other: (i32, i32)) -> (i32, i32) {
    let step = |from: i32, to: i32| {
        from + (to - from).clamp(-BEND, BEND).clamp(-((to - from).abs() / 2), (to - from).abs() / 2)
    };
    (step(corner.0, other.0), step(corner.1, other.1))
}

/// A text that is at most so many pixels wide, where a letter of a Latin alphabet has so many; others, such
/// as Chinese ones, have twice that.
pub(super) fn cut(text: &str, width: i32, letter: i32) -> String {
    let (mut made, mut left) = (String::new(), width);
    for one in text.chars() {
        left -= if u32::from(one) < 0x1100 { letter } else { 2 * letter };
        if left < 0 {
            made.pop();
            made.push('…');
            break;
        }
        made.push(one);
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit() {
        assert_eq!(cut("Ship it", 56, 8), "Ship it");
        assert_eq!(cut("Ship it!", 56, 8), "Ship i…");
        assert_eq!(cut("出荷する", 48, 8), "出荷…");
        assert_eq!(cut("", 0, 8), "");
    }

    #[test]
    fn lines_have_round_corners() {
        assert_eq!(path(&[(0, 0), (0, 40)]), "M0 0L0 40");
        assert_eq!(path(&[(0, 0), (0, 10), (20, 40)]), "M0 0L0 10C0 25 20 25 20 40");
        assert_eq!(
            path(&[(0, 0), (0, 20), (40, 20), (40, 60)]),
            "M0 0L0 13Q0 20 7 20L33 20Q40 20 40 27L40 60"
        );
    }
}
