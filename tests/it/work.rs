//! What a definition may cost: work is counted in units and bytes, is bounded, and can be cancelled.

use std::rc::Rc;

use sfniam::asl::flow::{Assumptions, analyse};
use sfniam::asl::template::Arguments;
use sfniam::asl::{Json, Kind, StateMachine, parse};
use sfniam::generator::{Partition, Unknown, generate_unless, generate_within, problems};
use sfniam::permissions::Mode;
use sfniam::work::{Cancel, Limit, Work};

use crate::support::kinds::KINDS;
use crate::support::request;

/// What the analysis of a definition spends: units and bytes.
fn spent(definition: &str) -> (u64, u64) {
    let work = Rc::new(Work::new(Cancel::default(), Limit::for_definition(definition.len())));
    let json = Json::read(definition).expect("JSON");
    let (machine, problems) = parse(&json);
    assert_eq!(problems, [], "{definition}");
    let assumptions = Assumptions { work: Rc::clone(&work), ..Assumptions::default() };
    let _ = analyse(&machine, &assumptions);
    (work.units(), work.bytes())
}

/// A JSONata machine with one state, which assigns and computes.
fn computing(expression: &str) -> String {
    format!(
        r#"{{"QueryLanguage": "JSONata", "StartAt": "A", "States": {{"A": {{"Type": "Pass", "End": true, "Output": "{{% {expression} %}}"}}}}}}"#
    )
}

/// 250,000 characters, in two steps because `$pad` makes at most 10,000.
const LONG: &str = "$t := $pad('x', 9999); $s := $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t & $t;";

/// Expressions that once took a gigabyte or many seconds, each in a few hundred bytes.
fn hostile() -> Vec<String> {
    let of_long = |rest: &str| computing(&format!("({LONG} {rest})"));
    vec![
        of_long("[1..5].[[1..999].$uppercase($s)]"),
        of_long("[1..999].$lowercase($s)"),
        of_long("[1..999].$trim($s)"),
        of_long("[1..999].$replace($s, 'x', 'yy')"),
        of_long("[1..999].$substring($s, 1)"),
        of_long("[1..999].$string([$s, $s])"),
        of_long("[1..999].$base64encode($s)"),
        of_long("[1..999].$split($s, 'y')"),
        of_long("[1..999].$pad($s, 9000)"),
        of_long("[1..999].($s & $string($))"),
        of_long("$distinct([1..999].($s & $string($)))"),
        of_long("$sort([1..999].($s & $string($)))"),
        of_long("($a := [1..15].($s & $string($)); [1..400].($s & '1' in $a))"),
        of_long("($a := [1..400].($s & $string($)); [1..400].($s & '1' in $a))"),
        of_long("($a := $s & '1'; $b := $s & '2'; [1..999].[[1..999].($a = $b)])"),
        of_long("$join([1..999].$s, ',')"),
        of_long("[1..999].$contains($s, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy')"),
        of_long("[1..999].$hash($s, 'SHA-512')"),
        of_long("[1..900].{$s & $string($): 1}"),
        computing("$distinct([1..999].[[1..40].{'a': $}])"),
        computing("$merge([1..900].{'k' & $string($): $})"),
        computing("[1..999].[[1..999].$count([1..999])]"),
        computing("($f := function($n) { $n > 0 ? $f($n - 1) + $f($n - 1) : 1 }; $f(40))"),
    ]
}

#[test]
fn one_expression_spends_no_more_than_its_budget() {
    for definition in hostile() {
        let (units, bytes) = spent(&definition);
        // One evaluation, and what the state's own texts cost.
        assert!(units <= 60_000, "{units} units: {definition}");
        assert!(bytes <= 4 << 20, "{bytes} bytes: {definition}");
    }
}

#[test]
fn what_is_small_is_worked_out_in_full() {
    for (expression, limit) in [
        ("$uppercase('abc')", 100),
        ("$join([1..100].$string($), ',')", 3_000),
        ("$distinct([1..300].('name-' & $string($ % 7)))", 8_000),
        ("$map([1..100], function($v) { $v * 2 })", 3_000),
        ("$sort(['b', 'a', 'c'])", 100),
    ] {
        let (units, _) = spent(&computing(expression));
        assert!(units < limit, "{units}: {expression}");
    }
}

#[test]
fn all_expressions_together_have_an_end_that_grows_with_the_definition() {
    let states = |count: usize| {
        let state = |number: usize| {
            format!(
                r#""S{number}": {{"Type": "Pass", "Next": "S{}", "Output": "{{% [1..999].[[1..40].$] %}}"}}"#,
                number + 1
            )
        };
        let states: Vec<String> = (0..count).map(state).collect();
        format!(
            r#"{{"QueryLanguage": "JSONata", "StartAt": "S0", "States": {{{}, "S{count}": {{"Type": "Succeed"}}}}}}"#,
            states.join(", ")
        )
    };
    for count in [100, 1_000] {
        let definition = states(count);
        let (units, bytes) = spent(&definition);
        let limit = Limit::for_definition(definition.len());
        assert!(units <= limit.units && bytes <= limit.bytes, "{count} states");
    }
    // As long as the limit is not reached, all work is granted.
    assert!(spent(&states(100)).0 > 50 * spent(&states(2)).0 / 3);
}

#[test]
fn an_expression_is_worked_out_once_however_often_it_is_asked_for() {
    let definition = r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::sns:publish", "Arguments": "{% {'TopicArn': $join([1..100].$string($), '-')} %}"}}}"#;
    let json = Json::read(definition).expect("JSON");
    let (machine, _) = parse(&json);
    let work = Rc::new(Work::default());
    let flow = analyse(&machine, &Assumptions { work: Rc::clone(&work), ..Assumptions::default() });
    let (scope, template) = arguments(&machine, &flow);
    let arguments = Arguments::new(template, &scope);
    let before = work.units();
    let _ = arguments.get("TopicArn");
    let once = work.units();
    let _ = arguments.get("TopicArn");
    let _ = arguments.clone().get("Message");
    assert!(before < once);
    assert_eq!(work.units(), once);
}

fn arguments<'m, 'a>(
    machine: &'m StateMachine<'a>,
    flow: &sfniam::asl::flow::Flow<'a>,
) -> (sfniam::asl::Scope<'a>, Option<&'m sfniam::asl::Template<'a>>) {
    let state = machine.workflow.states.first().expect("a state");
    let Kind::Task(task) = &state.kind else { panic!("no task") };
    (flow.scope(state), task.arguments.as_ref())
}

#[test]
fn nothing_is_spent_after_a_cancellation_and_nothing_comes_of_it() {
    let cancel = Cancel::default();
    cancel.cancel();
    for definition in hostile() {
        let asked = request(&definition, Mode::LeastPrivilege);
        let faults = generate_unless(&asked, &cancel).expect_err("a result that nobody waits for");
        assert_eq!(faults[0].summary, "Interrupted");
        assert_eq!(problems(&asked, &Unknown::default(), Partition::OfSettings, &cancel), []);
    }
    let work = Rc::new(Work::new(cancel, Limit::default()));
    let definition = computing("[1..999].$");
    let json = Json::read(&definition).expect("JSON");
    let _ = analyse(&parse(&json).0, &Assumptions { work: Rc::clone(&work), ..Assumptions::default() });
    assert_eq!(work.units(), 0);
}

/// Wherever the flag is set, almost no more work is requested, and there is no result.
#[test]
fn at_most_a_thousand_units_are_asked_for_after_a_cancellation() {
    let of_kinds = KINDS.iter().map(|kind| kind.request(40, Mode::LeastPrivilege));
    let of_hostile = hostile().into_iter().map(|definition| request(&definition, Mode::LeastPrivilege));
    let mut stopped = 0;
    for asked in of_hostile.chain(of_kinds) {
        let mut looks = 1;
        loop {
            let cancel = Cancel::after(looks);
            let work = Rc::new(Work::new(cancel.clone(), Limit::for_definition(asked.definition.len())));
            let made = generate_within(&asked, &work);
            let asked_for = work.in_vain();
            assert!(asked_for <= 1_000, "{asked_for} after {looks} looks: {:.300}", asked.definition);
            match made {
                // The work was finished before the flag was set.
                Ok(_) => break,
                Err(faults) if faults[0].summary == "Interrupted" => stopped += 1,
                Err(_) => break,
            }
            looks *= 7;
        }
    }
    assert!(stopped > 200, "{stopped}");
}
