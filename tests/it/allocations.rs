//! What is allocated grows as the definition does, whatever is in it: a law without a clock, over doublings
//! of each kind. It sees the loops whose work nobody counts, as far as they allocate, and what is copied
//! again for each of many.

use allocation_counter::{AllocationInfo, measure};
use sfniam::generator::{
    Partition, Request, Role, Unknown, analyze, compare_role, generate, problems, tokens,
};
use sfniam::permissions::Mode;
use sfniam::work::Cancel;

use crate::growth::{COMPARED, POLICIES, definition, policy};
use crate::support::kinds::{KINDS, Kind};
use crate::support::{in_parallel, request, sweeping};

/// Of how many of a kind it is measured.
fn sizes() -> [usize; 3] {
    if sweeping() { [250, 500, 1_000] } else { [40, 80, 160] }
}

/// What is counted of a thread: blocks, the bytes of all of them together, and the most bytes at a time.
type Counted = [u64; 3];

fn counted(work: impl FnOnce()) -> Counted {
    let AllocationInfo { count_total, bytes_total, bytes_max, .. } = measure(work);
    [count_total, bytes_total, bytes_max]
}

/// Whether what is counted over doublings grows about as the sizes do. If it is quadratic, the second step is
/// four times the first one. A little more than twice is allowed for containers that grow by doubling, and
/// blocks and bytes for one of them that begins to be used. The most at a time may be at another moment of
/// larger definitions, at which one container has just grown: it may be three times the first step.
fn is_linear(counted: [Counted; 3]) -> bool {
    let [small, middle, large] = counted;
    let slack: Counted = [100, 16_384, 16_384];
    let halves: Counted = [5, 5, 6];
    (0..slack.len()).all(|at| {
        let (first, second) = (middle[at].saturating_sub(small[at]), large[at].saturating_sub(middle[at]));
        second <= first * halves[at] / 2 + slack[at]
    })
}

/// The ways in which a definition is asked about, beside comparing.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// The whole answer.
    Answer,
    /// The answer in documents of few permissions each.
    Pack,
    /// What is known while all tokens are unknown.
    Analyze,
    /// What is wrong while nothing beside the definition is known.
    Validate,
}

impl Way {
    const ALL: [Way; 4] = [Way::Answer, Way::Pack, Way::Analyze, Way::Validate];

    /// What is counted for a request. What is refused allocates too.
    fn counted(self, mut request: Request) -> Counted {
        let unknown = Unknown {
            tokens: tokens(&request.definition).map(|token| token.name.to_owned()).collect(),
            ..Unknown::default()
        };
        let cancel = Cancel::default();
        // What is packed into one document begins to be packed into several at some size.
        request.document_size_limit = if matches!(self, Way::Pack) { 300 } else { u64::MAX };
        match self {
            Way::Answer | Way::Pack => counted(|| drop(generate(&request))),
            Way::Analyze => counted(|| drop(analyze(&request, &unknown, &cancel))),
            Way::Validate => counted(|| drop(problems(&request, &unknown, Partition::OfDefinition, &cancel))),
        }
    }
}

/// What grows too fast of a kind, in the ways it can be asked about.
fn faults(kind: &Kind) -> Vec<String> {
    let mut faults = Vec::new();
    for mode in Mode::ALL {
        for way in Way::ALL {
            // What is unpacked or made once in a process is no part of it.
            let _ = way.counted(kind.request(2, mode));
            let counted = sizes().map(|count| way.counted(kind.request(count, mode)));
            if !is_linear(counted) {
                faults.push(format!("{}, {mode:?}, {way:?}: {counted:?}", kind.name));
            }
        }
    }
    faults
}

#[test]
fn twice_as_many_take_about_twice_the_memory() {
    let faults = in_parallel(KINDS, faults).concat();
    assert!(faults.is_empty(), "blocks, bytes of all and the most bytes at a time:\n{}", faults.join("\n"));
}

/// What a comparison allocates, the reading of the definition included.
fn counted_to_compare(definition: &str, policy: String) -> Counted {
    let (machines, policies) = ([request(definition, Mode::LeastPrivilege)], [policy]);
    let role = Role { machines: &machines, policies: &policies, boundary: None };
    counted(|| drop(compare_role(role, &Cancel::default())))
}

#[test]
fn twice_the_states_and_statements_take_about_twice_the_memory_to_compare() {
    let faults = in_parallel(&COMPARED, |name| {
        let mut faults = Vec::new();
        for way in POLICIES {
            let of = |states: usize| {
                let definition = definition(name, states);
                let policy = policy(&definition, way)?;
                Some(counted_to_compare(&definition, policy))
            };
            let _ = of(2);
            if let [Some(small), Some(middle), Some(large)] = sizes().map(of) {
                let counted = [small, middle, large];
                if !is_linear(counted) {
                    faults.push(format!("{name}, {way}: {counted:?}"));
                }
            }
        }
        faults
    });
    assert!(faults.concat().is_empty(), "{}", faults.concat().join("\n"));
}

/// What copies for each item all those before it, as no part of the product does it, does not pass the law:
/// not if it keeps the copies, nor if it drops them at once, nor if it makes many small ones.
#[test]
fn copying_all_for_each_is_seen() {
    let items = |count: usize| (0..count).map(|number| format!("item {number:05}")).collect::<Vec<_>>();
    let [plain, kept, dropped, small] = [
        (|items| drop(items.to_vec())) as fn(&[String]),
        |items| drop((0..items.len()).map(|to| items[..to].concat()).collect::<Vec<_>>()),
        |items| (0..items.len()).for_each(|to| drop(items[..to].concat())),
        |items| items.iter().for_each(|_| items.iter().for_each(|one| drop(one.clone()))),
    ];
    let of = |work: fn(&[String])| {
        sizes().map(|count| {
            let items = items(count);
            counted(|| work(&items))
        })
    };
    assert!(is_linear(of(plain)));
    for work in [kept, dropped, small] {
        assert!(!is_linear(of(work)), "{:?}", of(work));
    }
}
