use super::super::show::show;
use super::super::template::Arguments;
use super::super::{Kind, parse};
use super::*;
use crate::finding::{Code, Finding, Severity};

/// What the tasks of a definition call their `T`, in the order of the states: name of the state and value.
fn topics(definition: &str, assumptions: &Assumptions<'_>) -> Vec<String> {
    let json = Json::read(definition).unwrap();
    let (machine, problems) = parse(&json);
    let lost = [Code::MissingState, Code::UnreachableState];
    let fits = |one: &Finding| one.severity != Severity::Error || lost.contains(&one.code);
    assert!(problems.iter().all(fits), "{problems:?}");
    // The assumptions live longer than the definition of a test.
    let flow = analyse(&machine, &assumptions.clone());
    let mut found = Vec::new();
    for state in machine.states() {
        if let Kind::Task(task) = &state.kind {
            let scope = flow.scope(state);
            let arguments = Arguments::new(task.arguments.as_ref(), &scope);
            found.push(format!("{} {}", state.name, show(&arguments.get("T"))));
        }
    }
    found
}

/// A task that calls something with `T` from a path or a call.
fn task(value: &str, rest: &str) -> String {
    format!(
        r#"{{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {{"T.$": "{value}"}}, {rest}}}"#
    )
}

fn check(states: &str, expected: &[&str]) {
    let definition = format!(r#"{{"StartAt": "A", "States": {{{states}}}}}"#);
    assert_eq!(topics(&definition, &Assumptions::default()), expected, "{states}");
}

#[test]
fn pass_states_give_constants() {
    let end = task("$.t", r#""End": true"#);
    for (pass, expected) in [
        (r#""Result": {"t": "x"}"#, "T \"x\""),
        (r#""Result": {"t.$": "x"}"#, "T *"),
        (r#""Parameters": {"t": "x"}"#, "T \"x\""),
        (r#""Parameters": {"t.$": "States.Format('a-{}', $.u)"}"#, "T \"a-*\""),
        (r#""Parameters": {"t": "x"}, "Result": {"t": "y"}"#, "T \"y\""),
        (r#""Result": "x", "ResultPath": "$.t""#, "T \"x\""),
        (r#""Result": {"t": "x"}, "ResultPath": "$.deep.er""#, "T *"),
        (r#""Result": {"t": "x"}, "ResultPath": null"#, "T *"),
        (r#""Result": {"a": {"t": "x"}}, "OutputPath": "$.a""#, "T \"x\""),
        (r#""Result": {"t": "x"}, "OutputPath": null"#, "T *"),
        (r#""Result": {"t": "x"}, "OutputPath": "$$.Execution.Input""#, "T *"),
        (r#""InputPath": "$.a""#, "T *"),
        ("\"Comment\": \"\"", "T *"),
    ] {
        check(&format!(r#""A": {{"Type": "Pass", {pass}, "Next": "T"}}, "T": {end}"#), &[expected]);
    }
}

#[test]
fn input_path_does_not_touch_what_result_path_keeps() {
    let states = |pass: &str| {
        format!(
            r#""A": {{"Type": "Pass", "Result": {{"t": "x", "in": {{"t": "y"}}}}, "Next": "B"}},
               "B": {{"Type": "Pass", "InputPath": "$.in", {pass}, "Next": "T"}},
               "T": {}"#,
            task("$.t", r#""End": true"#)
        )
    };
    check(&states(r#""Comment": """#), &["T \"y\""]);
    check(&states(r#""ResultPath": "$.out""#), &["T \"x\""]);
    check(&states(r#""ResultPath": null"#), &["T \"x\""]);
}

#[test]
fn results_of_tasks_are_known_only_to_the_run() {
    let states = |members: &str| {
        let first = task("x", &format!(r#"{members}, "Next": "T""#)).replace("T.$", "t");
        format!(
            r#""A": {{"Type": "Pass", "Result": {{"t": "x", "u": "y"}}, "Next": "B"}}, "B": {first}, "T": {}"#,
            task("$.t", r#""End": true"#)
        )
    };
    for (members, expected) in [
        (r#""Comment": """#, "T *"),
        (r#""ResultPath": "$.t""#, "T *"),
        (r#""ResultPath": "$.t.more""#, "T *"),
        (r#""ResultPath": "$""#, "T *"),
        (r#""ResultPath": "$.other""#, "T \"x\""),
        (r#""ResultPath": null"#, "T \"x\""),
        (r#""ResultSelector": {"t": "fixed", "v.$": "$.v"}"#, "T \"fixed\""),
        (r#""ResultSelector": {"t.$": "$.t"}"#, "T *"),
        (r#""ResultSelector": {"n": 1}, "ResultPath": "$.other""#, "T \"x\""),
    ] {
        check(&states(members), &["B \"x\"", expected]);
    }
}

#[test]
fn without_parameters_the_input_is_the_request() {
    let bare = r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true}"#;
    check(
        &format!(r#""A": {{"Type": "Pass", "Result": {{"t": "x"}}, "Next": "B"}}, "B": {bare}"#),
        &["B \"x\""],
    );
    check(&format!(r#""A": {bare}"#), &["A *"]);
    let half = r#"{"Type": "Pass", "Result": "x", "ResultPath": "$.t", "Next": "B"}"#;
    check(&format!(r#""A": {half}, "B": {bare}"#), &["B *"]);
    let whole = half.replace("$.t", "$.T");
    check(&format!(r#""A": {whole}, "B": {bare}"#), &["B \"x\""]);
}

#[test]
fn variables_keep_their_values() {
    let end = task("$v", r#""End": true"#);
    let assign =
        |value: &str, next: &str| format!(r#"{{"Type": "Pass", "Assign": {{{value}}}, "Next": "{next}"}}"#);
    check(&format!(r#""A": {}, "T": {end}"#, assign(r#""v": "x""#, "T")), &["T \"x\""]);
    // Within the state that sets it, the old value counts.
    let both = task("$v", r#""Assign": {"v": "y"}, "Next": "T""#);
    check(
        &format!(r#""A": {}, "B": {both}, "T": {end}"#, assign(r#""v": "x""#, "B")),
        &["B \"x\"", "T \"y\""],
    );
    // A task's result is not known, its input is not meant.
    let result = task("$v", r#""Assign": {"v.$": "$.t"}, "Next": "T""#);
    check(
        &format!(
            r#""A": {{"Type": "Pass", "Result": {{"t": "x"}}, "Assign": {{"v.$": "$.t"}}, "Next": "B"}}, "B": {result}, "T": {end}"#
        ),
        &["B \"x\"", "T *"],
    );
    // Not assigned anywhere, or assigned on one way only.
    check(&format!(r#""A": {{"Type": "Wait", "Seconds": 1, "Next": "T"}}, "T": {end}"#), &["T *"]);
}

#[test]
fn where_ways_meet_values_are_sets() {
    let end = task("$v", r#""End": true"#);
    let choice = |one: &str, two: &str| {
        format!(
            r#""A": {{"Type": "Choice", "Choices": [{{"Variable": "$.n", "NumericEquals": 1, "Next": "B"}}], "Default": "C"}},
               "B": {{"Type": "Pass", {one}, "Next": "T"}}, "C": {{"Type": "Pass", {two}, "Next": "T"}}, "T": {end}"#
        )
    };
    check(&choice(r#""Assign": {"v": "x"}"#, r#""Assign": {"v": "x"}"#), &["T \"x\""]);
    check(&choice(r#""Assign": {"v": "x"}"#, r#""Assign": {"v": "y"}"#), &["T \"x\"|\"y\""]);
    check(&choice(r#""Assign": {"v": "x"}"#, r#""Assign": {"v.$": "$.v"}"#), &["T *"]);
    check(&choice(r#""Assign": {"v": "x"}"#, r#""Assign": {"w": "y"}"#), &["T *"]);
}

#[test]
fn a_catcher_skips_what_the_state_assigns() {
    let states = |catcher: &str| {
        format!(
            r#""A": {{"Type": "Pass", "Result": {{"t": "in"}}, "Assign": {{"v": "x"}}, "Next": "B"}},
               "B": {}, "T": {}, "U": {}"#,
            task(
                "$v",
                &format!(
                    r#""Assign": {{"v": "y"}}, "Next": "T", "OutputPath": "$.o", "Catch": [{{"ErrorEquals": ["States.ALL"], "Next": "T" {catcher}}}]"#
                )
            ),
            task("$v", r#""Next": "U", "ResultPath": null"#),
            task("$.t", r#""End": true"#),
        )
    };
    check(&states(""), &["B \"x\"", "T \"x\"|\"y\"", "U *"]);
    check(&states(r#", "Assign": {"v": "z"}"#), &["B \"x\"", "T \"z\"|\"y\"", "U *"]);
    check(&states(r#", "Assign": {"v.$": "$.Cause"}"#), &["B \"x\"", "T *", "U *"]);
    // What the error replaces of the input, seen where only the catcher leads.
    let only = |path: &str| {
        format!(
            r#""A": {{"Type": "Pass", "Result": {{"t": "in"}}, "Next": "B"}},
               "B": {}, "T": {}"#,
            task(
                "$.t",
                &format!(r#""End": true, "Catch": [{{"ErrorEquals": ["States.ALL"], "Next": "T" {path}}}]"#)
            ),
            task("$.t", r#""End": true"#),
        )
    };
    check(&only(""), &["B \"in\"", "T *"]);
    check(&only(r#", "ResultPath": "$.error""#), &["B \"in\"", "T \"in\""]);
    check(&only(r#", "ResultPath": "$.t""#), &["B \"in\"", "T *"]);
    check(&only(r#", "ResultPath": null"#), &["B \"in\"", "T \"in\""]);
}

#[test]
fn loops_come_to_an_end_and_stay_sound() {
    let looped = |change: &str| {
        format!(
            r#""A": {{"Type": "Pass", "Result": {{"n": 0, "t": "x"}}, "Next": "B"}},
               "B": {},
               "C": {{"Type": "Pass", "Parameters": {change}, "Next": "B"}}"#,
            task("$.t", r#""Next": "C", "ResultPath": null"#)
        )
    };
    check(&looped(r#"{"n.$": "States.MathAdd($.n, 1)", "t.$": "$.t"}"#), &["B \"x\""]);
    check(&looped(r#"{"n": 1, "t": "y"}"#), &["B \"x\"|\"y\""]);
    check(&looped(r#"{"n": 1, "t.$": "States.Format('x{}', $.t)"}"#), &["B \"x*\""]);
    check(&looped(r#"{"n.$": "$", "t.$": "$.n"}"#), &["B *"]);
    check(&looped(r#"{"t.$": "States.Format('{}', $.n)", "n.$": "States.MathAdd($.n, 1)"}"#), &["B \"*\""]);
}

#[test]
fn choices_narrow_what_they_test() {
    let states = |rule: &str| {
        format!(
            r#""A": {{"Type": "Choice", "Choices": [{{{rule}, "Next": "T"}}], "Default": "U"}}, "T": {}, "U": {}"#,
            task("$.t", r#""End": true"#),
            task("$.t", r#""End": true"#)
        )
    };
    let is = |text: &str| format!(r#""Variable": "$.t", "StringEquals": "{text}""#);
    check(&states(&is("x")), &["T \"x\"", "U *"]);
    check(
        &states(&format!(r#""And": [{{{}}}, {{"Variable": "$.u", "IsPresent": true}}]"#, is("x"))),
        &["T \"x\"", "U *"],
    );
    check(&states(&format!(r#""Or": [{{{}}}, {{{}}}]"#, is("x"), is("y"))), &["T \"x\"|\"y\"", "U *"]);
    check(
        &states(&format!(r#""Or": [{{{}}}, {{"Variable": "$.u", "IsPresent": true}}]"#, is("x"))),
        &["T *", "U *"],
    );
    check(&states(&format!(r#""Not": {{{}}}"#, is("x"))), &["T *", "U \"x\""]);
    check(&states(r#""Variable": "$.t", "StringMatches": "x*""#), &["T *", "U *"]);
    check(&states(r#""Variable": "$.t", "StringEqualsPath": "$.u""#), &["T *", "U *"]);
    check(&states(r#""Variable": "$.t", "BooleanEquals": true"#), &["T true", "U *"]);
    check(&states(r#""Variable": "$.t", "IsNull": true"#), &["T null", "U *"]);
}

#[test]
fn choices_know_what_is_left() {
    let states = format!(
        r#""A": {{"Type": "Choice", "Choices": [{{"Variable": "$.n", "NumericEquals": 1, "Next": "B"}}], "Default": "C"}},
           "B": {{"Type": "Pass", "Assign": {{"v": "x"}}, "Result": {{"kind": "b", "t": 1}}, "Next": "D"}},
           "C": {{"Type": "Pass", "Assign": {{"v": "y"}}, "Result": {{"kind": "c", "t": 2}}, "Next": "D"}},
           "D": {{"Type": "Choice", "Choices": [{{"Variable": "$v", "StringEquals": "x", "Next": "T"}}], "Default": "U"}},
           "T": {}, "U": {}, "V": {{"Type": "Choice", "Choices": [{{"Variable": "$.kind", "StringEquals": "b", "Next": "W"}}], "Default": "X"}},
           "W": {}, "X": {}"#,
        task("$v", r#""Next": "V", "ResultPath": null"#),
        task("$v", r#""Next": "V", "ResultPath": null"#),
        task("$.t", r#""End": true"#),
        task("$.t", r#""End": true"#),
    );
    check(&states, &["T \"x\"", "U \"y\"", "W 1", "X 2"]);
}

#[test]
fn choices_assign() {
    let states = |rule: &str, own: &str| {
        format!(
            r#""A": {{"Type": "Choice", "Choices": [{{"Variable": "$.t", "IsPresent": true, {rule} "Next": "T"}}], {own} "Default": "U"}},
               "T": {}, "U": {}"#,
            task("$v", r#""End": true"#),
            task("$v", r#""End": true"#)
        )
    };
    check(&states(r#""Assign": {"v": "x"},"#, r#""Assign": {"v": "y"},"#), &["T \"x\"", "U \"y\""]);
    check(&states(r#""Assign": {"v": "x"},"#, ""), &["T \"x\"", "U *"]);
    check(&states("", r#""Assign": {"v": "y"},"#), &["T *", "U \"y\""]);
}

#[test]
fn branches_see_variables_and_give_an_array() {
    let states = |members: &str, path: &str| {
        format!(
            r#""A": {{"Type": "Pass", "Assign": {{"v": "x"}}, "Result": {{"t": "in"}}, "Next": "P"}},
               "P": {{"Type": "Parallel", {members} "Branches": [
                 {{"StartAt": "Q", "States": {{"Q": {}}}}},
                 {{"StartAt": "R", "States": {{"R": {{"Type": "Pass", "Result": {{"t": "r"}}, "Assign": {{"w": "y"}}, "End": true}}}}}}], "Next": "T"}},
               "T": {}, "U": {}"#,
            task("States.Format('{} {}', $v, $.t)", r#""End": true"#),
            task(path, r#""Next": "U", "ResultPath": null"#),
            task("$w", r#""End": true"#)
        )
    };
    check(&states("", "$[1].t"), &["Q \"x in\"", "T \"r\"", "U *"]);
    check(&states("", "$[0].t"), &["Q \"x in\"", "T *", "U *"]);
    check(&states(r#""Parameters": {"t": "p"},"#, "$[1].t"), &["Q \"x p\"", "T \"r\"", "U *"]);
    check(
        &states(r#""ResultSelector": {"r.$": "$[1].t"}, "ResultPath": "$.out","#, "$.out.r"),
        &["Q \"x in\"", "T \"r\"", "U *"],
    );
    check(&states(r#""ResultPath": "$.out","#, "$.t"), &["Q \"x in\"", "T \"in\"", "U *"]);
    check(&states(r#""Assign": {"w.$": "$[1].t"},"#, "$w"), &["Q \"x in\"", "T \"r\"", "U \"r\""]);
}

#[test]
fn items_of_a_map() {
    let states = |members: &str, mode: &str, inner: &str| {
        format!(
            r#""A": {{"Type": "Pass", "Assign": {{"v": "x"}}, "Result": {{"t": "in", "list": [{{"t": "1"}}, {{"t": "2"}}]}}, "Next": "M"}},
               "M": {{"Type": "Map", {members} "ItemProcessor": {{{mode} "StartAt": "I", "States": {{"I": {}}}}}, "Next": "T"}},
               "T": {}"#,
            task(inner, r#""End": true"#),
            task("$.t", r#""End": true"#)
        )
    };
    let distributed = r#""ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},"#;
    let list = r#""ItemsPath": "$.list","#;
    let select = |value: &str| format!(r#"{list} "ItemSelector": {{"s.$": "{value}", "c": "fix"}},"#);
    check(&states("", "", "$.t"), &["I *", "T *"]);
    check(&states(list, "", "$.t"), &["I \"1\"|\"2\"", "T *"]);
    check(&states(list, "", "$v"), &["I \"x\"", "T *"]);
    check(&states(list, "", "$$.Map.Item.Value.t"), &["I \"1\"|\"2\"", "T *"]);
    check(&states(list, "", "$$.Map.Item.Index"), &["I *", "T *"]);
    check(&states(&select("$.t"), "", "$.s"), &["I \"in\"", "T *"]);
    check(&states(&select("$$.Map.Item.Value.t"), "", "$.s"), &["I \"1\"|\"2\"", "T *"]);
    check(&states(&select("$.t"), "", "$.c"), &["I \"fix\"", "T *"]);
    check(&states(&format!(r#"{list} "ResultPath": null,"#), "", "$.t"), &["I \"1\"|\"2\"", "T \"in\""]);
    // Children of a Distributed Map: no variables, an input of their own.
    check(&states(list, distributed, "$v"), &["I *", "T *"]);
    check(&states(list, distributed, "$.t"), &["I \"1\"|\"2\"", "T *"]);
    check(&states(list, distributed, "$$.Execution.Input.t"), &["I \"1\"|\"2\"", "T *"]);
    check(&states(&select("$v"), distributed, "$.s"), &["I \"x\"", "T *"]);
    let batch = r#""ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"b.$": "$.t"}},"#;
    check(&states(&format!("{list}{batch}"), distributed, "$.BatchInput.b"), &["I \"in\"", "T *"]);
    check(&states(&format!("{list}{batch}"), distributed, "$.t"), &["I *", "T *"]);
    let reader =
        r#""ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b"}},"#;
    check(&states(&format!("{list}{reader}"), distributed, "$.t"), &["I *", "T *"]);
}

#[test]
fn a_map_may_have_no_items() {
    check(
        &format!(
            r#""A": {{"Type": "Map", "Assign": {{"v": "x"}}, "ItemProcessor": {{"StartAt": "I", "States": {{"I": {{"Type": "Fail"}}}}}}, "Next": "T"}}, "T": {}"#,
            task("$v", r#""End": true"#)
        ),
        &["T \"x\""],
    );
}

#[test]
fn inner_items_hide_outer_ones() {
    let inner = task("$$.Map.Item.Value", r#""End": true"#);
    check(
        &format!(
            r#""A": {{"Type": "Pass", "Result": ["o"], "Next": "M"}},
               "M": {{"Type": "Map", "End": true, "ItemProcessor": {{"StartAt": "N", "States": {{
                 "N": {{"Type": "Map", "ItemsPath": "$.unknown", "End": true, "ItemProcessor": {{"StartAt": "I", "States": {{"I": {inner}}}}}}}}}}}}}"#
        ),
        &["I *"],
    );
}

#[test]
fn nothing_is_known_where_nothing_leads() {
    let end = task("$.t", r#""End": true"#);
    check(&format!(r#""A": {{"Type": "Pass", "Result": {{"t": "x"}}, "End": true}}, "T": {end}"#), &["T *"]);
    check(
        &format!(
            r#""A": {{"Type": "Parallel", "Branches": [{{"StartAt": "F", "States": {{"F": {{"Type": "Fail"}}}}}}], "Next": "T"}}, "T": {end}"#
        ),
        &["T *"],
    );
    let definition = format!(r#"{{"StartAt": "?", "States": {{"T": {end}}}}}"#);
    assert_eq!(topics(&definition, &Assumptions::default()), ["T *"]);
}

#[test]
fn assumptions_fix_parts_of_the_input() {
    let input = Json::read(r#"{"t": "x", "list": [1], "deep": {"u": "y"}}"#).unwrap();
    let assumptions = Assumptions { input: contract(&input), ..Assumptions::default() };
    let start = |value: &str| {
        let definition =
            format!(r#"{{"StartAt": "A", "States": {{"A": {}}}}}"#, task(value, r#""End": true"#));
        topics(&definition, &assumptions).remove(0)
    };
    assert_eq!(start("$.t"), "A \"x\"");
    assert_eq!(start("$.deep.u"), "A \"y\"");
    assert_eq!(start("$.list[0]"), "A 1");
    assert_eq!(start("$.deep.v"), "A *");
    assert_eq!(start("$.other"), "A *");
    assert_eq!(start("$$.Execution.Input.t"), "A \"x\"");
}

#[test]
fn the_state_machine_knows_its_name() {
    let mut assumptions = Assumptions { state_machine_name: Some("orders"), ..Assumptions::default() };
    let start = |assumptions: &Assumptions<'_>, value: &str| {
        let map = r#""ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "I", "States": {"I":"#;
        let one = task(value, r#""Next": "M""#);
        let two = task(value, r#""End": true"#);
        let definition = format!(
            r#"{{"StartAt": "A", "States": {{"A": {one}, "M": {{"Type": "Map", "End": true, {map} {two}}}}}}}}}}}"#
        );
        topics(&definition, assumptions).join(", ")
    };
    assert_eq!(start(&assumptions, "$$.StateMachine.Name"), "A \"orders\", I \"orders*\"");
    assert_eq!(start(&assumptions, "$$.State.Name"), "A \"A\", I \"I\"");
    assert_eq!(
        start(&assumptions, "$$.StateMachine.Id"),
        "A \"arn:*:states:*:*:stateMachine:orders\", I \"arn:*:states:*:*:stateMachine:orders*\""
    );
    assumptions.partition = Some("aws");
    assumptions.region = Some("eu-west-1");
    assumptions.account = Some("111122223333");
    assert_eq!(
        start(&assumptions, "$$.StateMachine.Id"),
        "A \"arn:aws:states:eu-west-1:111122223333:stateMachine:orders\", \
         I \"arn:aws:states:eu-west-1:111122223333:stateMachine:orders*\""
    );
    assert_eq!(start(&assumptions, "$$.Execution.Id"), "A *, I *");
}

#[test]
fn jsonata_states_pass_values_on() {
    let jsonata = |members: &str| format!(r#"{{"QueryLanguage": "JSONata", {members}}}"#);
    let task = |value: &str, rest: &str| {
        jsonata(&format!(
            r#""Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Arguments": {{"T": "{{% {value} %}}"}}, {rest}"#
        ))
    };
    let input = task("$states.input.t", r#""End": true"#);
    let variable = task("$v", r#""End": true"#);
    for (members, last, expected) in [
        (r#""Type": "Pass", "Output": {"t": "x"}"#, &input, "T \"x\""),
        (r#""Type": "Pass", "Output": {"t": "{% 'a-' & $states.input.u %}"}"#, &input, "T \"a-*\""),
        (r#""Type": "Pass""#, &input, "T *"),
        (r#""Type": "Wait", "Seconds": 1, "Output": "{% {'t': 'x'} %}""#, &input, "T \"x\""),
        (r#""Type": "Pass", "Assign": {"v": "{% ['x', 'y'][1] %}"}"#, &variable, "T \"y\""),
        (
            r#""Type": "Pass", "Assign": {"v": "{% $states.input.u ? 'x' : 'y' %}"}"#,
            &variable,
            "T \"x\"|\"y\"",
        ),
        (r#""Type": "Pass", "Assign": {"v": "{% $states.input.u %}"}"#, &variable, "T *"),
        (r#""Type": "Pass", "Assign": {"v": "{% $states.context.State.Name %}"}"#, &variable, "T \"A\""),
    ] {
        let first = jsonata(&format!(r#"{members}, "Next": "T""#));
        check(&format!(r#""A": {first}, "T": {last}"#), &[expected]);
    }
    // Results and errors are known only at run time; what Output and Assign make of them may be known before.
    let work = |rest: &str| {
        task(
            "'first'",
            &format!(
                r#"{rest} "Next": "T", "Catch": [{{"ErrorEquals": ["States.ALL"], "Output": {{"t": "caught"}}, "Next": "U"}}]"#
            ),
        )
    };
    let catcher = task("$states.input.t", r#""End": true"#);
    for (rest, expected) in [
        ("", "T *"),
        (r#""Output": "{% $states.result %}","#, "T *"),
        (r#""Output": "{% $states.input %}","#, "T *"),
        (r#""Output": {"t": "x", "r": "{% $states.result %}"},"#, "T \"x\""),
    ] {
        let states = format!(r#""A": {}, "T": {input}, "U": {catcher}"#, work(rest));
        check(&states, &["A \"first\"", expected, "U \"caught\""]);
    }
    let choice = jsonata(
        r#""Type": "Choice", "Choices": [{"Condition": "{% $states.input.n > 1 %}", "Output": {"t": "x"}, "Next": "T"}],
           "Output": {"t": "y"}, "Default": "U""#,
    );
    check(&format!(r#""A": {choice}, "T": {input}, "U": {input}"#), &["T \"x\"", "U \"y\""]);
    let map = jsonata(&format!(
        r#""Type": "Map", "Items": ["x", "y"], "ItemSelector": {{"t": "{{% $states.context.Map.Item.Value & '!' %}}"}},
           "ItemProcessor": {{"StartAt": "I", "States": {{"I": {input}}}}}, "End": true"#
    ));
    check(&format!(r#""A": {map}"#), &["I \"x!\"|\"y!\""]);
    let parallel = jsonata(&format!(
        r#""Type": "Parallel", "Arguments": {{"t": "p"}}, "Branches": [{{"StartAt": "I", "States": {{"I": {input}}}}},
           {{"StartAt": "J", "States": {{"J": {{"Type": "Pass", "Result": "j", "End": true}}}}}}],
           "Output": {{"t": "{{% $states.result[1] %}}"}}, "Next": "T""#
    ));
    check(&format!(r#""A": {parallel}, "T": {input}"#), &["I \"p\"", "T \"j\""]);
}

#[test]
fn a_variable_hides_the_function_of_its_name() {
    let pass = r#"{"QueryLanguage": "JSONata", "Type": "Pass", "Assign": {"uppercase": "{% $states.input.f %}"}, "Next": "T"}"#;
    let task = r#"{"QueryLanguage": "JSONata", "Type": "Task", "Resource": "arn:aws:states:::sns:publish",
                   "Arguments": {"T": "{% $uppercase('x') %}"}, "End": true}"#;
    check(&format!(r#""A": {pass}, "T": {task}"#), &["T *"]);
    check(&format!(r#""A": {task}"#), &["A \"X\""]);
}

#[test]
fn values_that_share_their_parts_do_not_unfold() {
    let mut states = String::from(r#""A": {"Type": "Pass", "Result": "x", "Next": "B0"}"#);
    for number in 0..500 {
        let next = number + 1;
        states += &format!(
            r#", "B{number}": {{"Type": "Pass", "Parameters": {{"a.$": "$", "b.$": "$"}}, "Next": "B{next}"}}"#
        );
    }
    for number in 501..1000 {
        let next = number + 1;
        states += &format!(r#", "B{number}": {{"Type": "Pass", "ResultPath": "$.x", "Next": "B{next}"}}"#);
    }
    states = states.replace("\"B500\"", "\"B501\"");
    states += &format!(r#", "B1000": {}"#, task("$.a", r#""End": true"#));
    check(&states, &["B1000 *"]);
}
