//! Work that is counted, bounded and stopped: everything whose cost a definition decides is paid for here.
//!
//! Nothing depends on a clock: the same input costs the same everywhere, so work stops at the same place.

mod limits;

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

pub use limits::BYTES_OF_A_UNIT;
use limits::{MAX_BUILT_BYTES, MAX_BUILT_BYTES_PER_BYTE, MAX_SORTED_AT_ONCE, MAX_UNITS, MAX_UNITS_PER_BYTE};

/// Says that the caller no longer waits for a result. Copies share one flag.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<Flag>);

#[derive(Debug, Default)]
struct Flag {
    is_set: AtomicBool,
    /// How often it is read before it sets itself.
    looks: Option<AtomicU64>,
}

impl Cancel {
    /// A flag that sets itself when it has been read this many times, which stops work at the same place each
    /// time, without a clock.
    #[must_use]
    pub fn after(looks: u64) -> Self {
        Cancel(Arc::new(Flag { is_set: AtomicBool::new(false), looks: Some(AtomicU64::new(looks)) }))
    }

    /// From now on the result is not needed.
    pub fn cancel(&self) {
        self.0.is_set.store(true, Ordering::Relaxed);
    }

    /// Whether the result is no longer needed.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        if let Some(looks) = &self.0.looks {
            let left = looks.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
            if left.is_err() {
                self.cancel();
            }
        }
        self.0.is_set.load(Ordering::Relaxed)
    }
}

/// The limit of work is exceeded, or the caller no longer waits for the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exhausted;

/// A part of the way from a definition to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reading JSON.
    Reading,
    /// From JSON to a state machine.
    Parsing,
    /// Following values through the state machine.
    Values,
    /// From states to permissions.
    Needs,
    /// From permissions to findings.
    Findings,
    /// From permissions to statements.
    Merging,
    /// Checking the documents.
    Checking,
    /// Packing statements into documents.
    Packing,
    /// Explaining the statements.
    Explaining,
    /// Comparing with policies.
    Comparing,
}

impl Phase {
    /// All of them.
    pub const ALL: [Phase; 10] = [
        Phase::Reading,
        Phase::Parsing,
        Phase::Values,
        Phase::Needs,
        Phase::Findings,
        Phase::Merging,
        Phase::Checking,
        Phase::Packing,
        Phase::Explaining,
        Phase::Comparing,
    ];
}

/// What was done in a phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// All units.
    pub units: u64,
    /// The most units between two looks at the flag that cancels the work.
    pub gap: u64,
}

/// The work that one analysis may do, and has done.
#[derive(Debug, Default)]
pub struct Work {
    phase: Cell<Option<Phase>>,
    phases: [Cell<Done>; Phase::ALL.len()],
    /// The units since the last look.
    since: Cell<u64>,
    cancel: Cancel,
    limit: Limit,
    units: Cell<u64>,
    bytes: Cell<u64>,
    counted: Cell<u64>,
    vain: Cell<u64>,
}

/// How much work there is for values that have to be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Units: a node visited, a value built or looked at, or [`BYTES_OF_A_UNIT`] of text copied or compared.
    pub units: u64,
    /// Bytes of text built.
    pub bytes: u64,
}

impl Limit {
    /// The budget for a definition of that many bytes. The constant part is enough for a small definition
    /// that computes much; the other part keeps the work linear.
    #[must_use]
    pub fn for_definition(bytes: usize) -> Self {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        Limit {
            units: MAX_UNITS.saturating_add(bytes.saturating_mul(MAX_UNITS_PER_BYTE)),
            bytes: MAX_BUILT_BYTES.saturating_add(bytes.saturating_mul(MAX_BUILT_BYTES_PER_BYTE)),
        }
    }
}

impl Default for Limit {
    /// For a definition of a few kilobytes.
    fn default() -> Self {
        Limit::for_definition(0)
    }
}

impl Work {
    /// Work within a limit, until it is cancelled.
    #[must_use]
    pub fn new(cancel: Cancel, limit: Limit) -> Self {
        Work { cancel, limit, ..Work::default() }
    }

    /// The same limit and flag, with nothing done yet.
    #[must_use]
    pub fn again(&self) -> Self {
        Work::new(self.cancel.clone(), self.limit)
    }

    /// The flag that stops it.
    #[must_use]
    pub fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// From here on, work belongs to a phase.
    pub fn begin(&self, phase: Phase) {
        self.phase.set(Some(phase));
    }

    /// What was done in a phase.
    #[must_use]
    pub fn done(&self, phase: Phase) -> Done {
        self.phases.get(phase as usize).map(Cell::get).unwrap_or_default()
    }

    /// Notes units before the flag is looked at.
    fn note(&self, units: u64) {
        self.since.set(self.since.get().saturating_add(units));
        if let Some(done) = self.phase.get().and_then(|phase| self.phases.get(phase as usize)) {
            let Done { units: before, gap } = done.get();
            done.set(Done { units: before.saturating_add(units), gap: gap.max(self.since.get()) });
        }
    }

    /// Pays for something before it is done.
    ///
    /// # Errors
    /// If it must not be done: the limit would be exceeded, or the caller no longer waits.
    pub fn spend(&self, units: u64) -> Result<(), Exhausted> {
        self.note(units);
        self.pay(&self.units, self.limit.units, units)
    }

    /// Counts work that is bounded by the size of the definition, so that no limit is needed.
    ///
    /// # Errors
    /// If the caller no longer waits for it; then it may be left undone.
    pub fn count(&self, units: usize) -> Result<(), Exhausted> {
        let units = u64::try_from(units).unwrap_or(u64::MAX);
        self.counted.set(self.counted.get().saturating_add(units));
        self.note(units);
        if self.is_in_vain() { Err(Exhausted) } else { Ok(()) }
    }

    /// Counts work that was counted apart, with the same flag.
    ///
    /// # Errors
    /// As [`Work::count`].
    pub fn include(&self, other: &Work) -> Result<(), Exhausted> {
        let units = other.units().saturating_add(other.counted());
        self.counted.set(self.counted.get().saturating_add(units));
        if self.is_in_vain() { Err(Exhausted) } else { Ok(()) }
    }

    /// Pays for text before it is built; see [`Work::spend`].
    ///
    /// # Errors
    /// As there.
    pub fn build(&self, bytes: usize) -> Result<(), Exhausted> {
        self.pay(&self.bytes, self.limit.bytes, u64::try_from(bytes).unwrap_or(u64::MAX))
    }

    /// Whether the caller no longer waits for the result.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.since.set(0);
        self.cancel.is_cancelled()
    }

    /// Puts items in order, counting each time that one is put in its place. If the caller no longer waits,
    /// the order is another one.
    pub fn sort<T: Ord>(&self, items: &mut Vec<T>) {
        if items.len() <= MAX_SORTED_AT_ONCE {
            items.sort();
            // Nothing is left to be left undone.
            let _ = self.count(items.len());
            return;
        }
        let Some(order) = self.sorted(items) else { return };
        if order.is_sorted() {
            return;
        }
        let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
        items.extend(order.into_iter().filter_map(|at| taken.get_mut(at)?.take()));
    }

    /// The places of items in their order, those of equals in the order of the places: short runs that are
    /// sorted at once, merged until there is one. `None` if the caller no longer waits.
    fn sorted<T: Ord>(&self, items: &[T]) -> Option<Vec<usize>> {
        let item = |place: &usize| items.get(*place);
        let mut order: Vec<usize> = (0..items.len()).collect();
        for run in order.chunks_mut(MAX_SORTED_AT_ONCE) {
            self.count(run.len()).ok()?;
            run.sort_by(|one, two| item(one).cmp(&item(two)));
        }
        let mut length = MAX_SORTED_AT_ONCE;
        while length < order.len() {
            let mut merged = Vec::with_capacity(order.len());
            for runs in order.chunks(length * 2) {
                let (mut one, mut two) = runs.split_at_checked(length).unwrap_or((runs, &[]));
                // Most items come in their order, so that one run follows the other.
                let follows = one.last().map(item) <= two.first().map(item);
                while let ([first, ones @ ..], [second, twos @ ..]) = (one, two)
                    && !follows
                {
                    if merged.len() % MAX_SORTED_AT_ONCE == 0 {
                        self.count(MAX_SORTED_AT_ONCE).ok()?;
                    }
                    if item(second) < item(first) {
                        merged.push(*second);
                        two = twos;
                    } else {
                        merged.push(*first);
                        one = ones;
                    }
                }
                merged.extend(one.iter().chain(two));
            }
            order = merged;
            length *= 2;
        }
        Some(order)
    }

    /// The units paid for so far.
    #[must_use]
    pub fn units(&self) -> u64 {
        self.units.get()
    }

    /// The units counted so far, those that were paid for left out.
    #[must_use]
    pub fn counted(&self) -> u64 {
        self.counted.get()
    }

    /// The bytes built so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.get()
    }

    /// How often work was requested after the caller had stopped waiting.
    #[must_use]
    pub fn in_vain(&self) -> u64 {
        self.vain.get()
    }

    fn is_in_vain(&self) -> bool {
        let is_cancelled = self.is_cancelled();
        if is_cancelled {
            self.vain.set(self.vain.get().saturating_add(1));
        }
        is_cancelled
    }

    fn pay(&self, paid: &Cell<u64>, limit: u64, price: u64) -> Result<(), Exhausted> {
        if self.is_in_vain() {
            return Err(Exhausted);
        }
        match paid.get().checked_add(price).filter(|sum| *sum <= limit) {
            Some(sum) => {
                paid.set(sum);
                Ok(())
            }
            None => Err(Exhausted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_sorted_with_looks_in_between() {
        for count in [0, 1, 32, 33, 1_000] {
            let work = Work::default();
            work.begin(Phase::Findings);
            // Equal items keep their order.
            let mut items: Vec<(usize, usize)> = (0..count).map(|at| (at * 7_919 % 101, at)).collect();
            let mut expected = items.clone();
            expected.sort();
            work.sort(&mut items);
            assert_eq!(items, expected);
            let done = work.done(Phase::Findings);
            assert!(done.gap <= 33 && done.units >= u64::try_from(count).expect("a number"), "{done:?}");
        }
    }

    #[test]
    fn nothing_is_lost_when_sorting_is_cancelled() {
        let all: Vec<usize> = (0..1_000).rev().collect();
        for looks in [0, 1, 40, 200] {
            let mut items = all.clone();
            Work::new(Cancel::after(looks), Limit::default()).sort(&mut items);
            items.sort_unstable();
            assert!(items.iter().rev().eq(&all), "{looks}");
        }
    }

    #[test]
    fn work_ends_at_its_limit_and_costs_nothing_beyond() {
        let work = Work::new(Cancel::default(), Limit { units: 3, bytes: 2 });
        assert_eq!((work.spend(2), work.spend(2), work.spend(1)), (Ok(()), Err(Exhausted), Ok(())));
        assert_eq!((work.build(3), work.build(2)), (Err(Exhausted), Ok(())));
        assert_eq!((work.units(), work.bytes()), (3, 2));
    }

    #[test]
    fn work_ends_when_it_is_cancelled() {
        let cancel = Cancel::default();
        let work = Work::new(cancel.clone(), Limit::default());
        assert_eq!(work.spend(1), Ok(()));
        assert_eq!((work.count(7), work.units(), work.counted()), (Ok(()), 1, 7));
        cancel.cancel();
        assert_eq!(
            (work.spend(1), work.build(0), work.count(1)),
            (Err(Exhausted), Err(Exhausted), Err(Exhausted))
        );
        assert!(work.is_cancelled());
        assert_eq!(work.in_vain(), 3);
    }

    #[test]
    fn the_units_between_two_looks_are_known() {
        let work = Work::default();
        work.begin(Phase::Parsing);
        assert_eq!((work.count(3), work.count(5), work.spend(2)), (Ok(()), Ok(()), Ok(())));
        work.begin(Phase::Checking);
        assert_eq!(work.count(4), Ok(()));
        assert_eq!(work.done(Phase::Parsing), Done { units: 10, gap: 5 });
        assert_eq!(work.done(Phase::Checking), Done { units: 4, gap: 4 });
        assert_eq!(work.done(Phase::Packing), Done::default());
    }

    #[test]
    fn a_flag_can_set_itself() {
        let cancel = Cancel::after(2);
        let other = cancel.clone();
        assert_eq!(
            [cancel.is_cancelled(), other.is_cancelled(), cancel.is_cancelled()],
            [false, false, true]
        );
        assert!(other.is_cancelled());
    }

    #[test]
    fn the_limit_grows_as_the_definition_does() {
        let (small, large) = (Limit::for_definition(1_000), Limit::for_definition(1_000_000));
        assert_eq!(large.units - small.units, 20 * 999_000);
        assert_eq!(Limit::for_definition(usize::MAX).units, u64::MAX);
    }
}
