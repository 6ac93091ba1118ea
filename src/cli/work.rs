//! Files side by side, on all processors.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// The result for each item, in the order of the items. `done` is called with the number of finished ones.
///
/// # Errors
/// The first in the order of the items.
pub(super) fn side_by_side<T: Sync, R: Send, E: Send>(
    items: &[T],
    work: &(dyn Fn(&T) -> Result<R, E> + Sync),
    done: &mut dyn FnMut(usize),
) -> Result<Vec<R>, E> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    let mut results: Vec<Option<Result<R, E>>> = items.iter().map(|_| None).collect();
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            let run = || move_results(items, work, &next, sender);
            // If no further thread can be started, the existing ones do the work; one is this very thread.
            if thread::Builder::new().spawn_scoped(scope, run).is_err() {
                break;
            }
        }
        drop(sender);
        for (count, (at, result)) in receiver.iter().enumerate() {
            if let Some(slot) = results.get_mut(at) {
                *slot = Some(result);
            }
            done(count + 1);
        }
    });
    // What no thread took, because none could be started.
    for (item, slot) in items.iter().zip(&mut results) {
        slot.get_or_insert_with(|| work(item));
    }
    results.into_iter().flatten().collect()
}

fn move_results<T, R, E>(
    items: &[T],
    work: &(dyn Fn(&T) -> Result<R, E> + Sync),
    next: &AtomicUsize,
    sender: mpsc::Sender<(usize, Result<R, E>)>,
) {
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(item) = items.get(at) else { return };
        if sender.send((at, work(item))).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..500).collect();
        let mut seen = Vec::new();
        let doubled =
            side_by_side(&items, &|item| Ok::<_, String>(item * 2), &mut |count| seen.push(count)).unwrap();
        assert_eq!(doubled, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        assert_eq!(seen, (1..=500).collect::<Vec<_>>());
        let refused =
            side_by_side(&items, &|item| if *item < 7 { Ok(()) } else { Err(item.to_string()) }, &mut |_| ());
        assert_eq!(refused, Err("7".to_owned()));
        assert_eq!(side_by_side(&[] as &[usize], &|_| Ok::<_, String>(()), &mut |_| ()), Ok(Vec::new()));
    }
}
