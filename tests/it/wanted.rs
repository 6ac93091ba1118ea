//! Who wants the policy alone gets the same policy and the same errors, and nothing else is made.

use std::fs;

use sfniam::finding::{Code, Finding, Level, OnFinding};
use sfniam::generator::{Output, Request, generate};
use sfniam::permissions::Mode;

use crate::support::{case_name, files, request, sweeping, tests_folder};

/// The same, of which only the policy is wanted.
fn alone(asked: &Request) -> Result<Output, Vec<Finding>> {
    generate(&Request { explain: false, parts: false, remarks: false, ..asked.clone() })
}

/// What the function `policy` makes an error of.
fn missing(output: &Output) -> Vec<&Finding> {
    output.findings.iter().filter(|finding| finding.code == Code::MissingSetting).collect()
}

#[test]
fn the_policy_alone_is_that_with_everything_beside_it() {
    let raised = [
        None,
        Some(Code::OversizedPart),
        Some(Code::UnresolvedResource),
        Some(Code::OpenPart),
        Some(Code::AwsWildcard),
    ];
    let step = if sweeping() { 1 } else { 29 };
    let (mut made, mut refused) = (0, 0);
    for folder in ["integrations", "machines", "problems", "sdk"] {
        for (number, case) in
            files(&tests_folder().join(folder), ".asl.json").iter().enumerate().step_by(step)
        {
            let definition = fs::read_to_string(case).expect("a case");
            for mode in Mode::ALL {
                for (at, code) in raised.iter().enumerate() {
                    let mut on_finding = OnFinding::default();
                    if let Some(code) = code {
                        on_finding.set(*code, Level::Error).expect("a code that may be raised");
                    }
                    let (size_limit, document_size_limit) =
                        [(u64::MAX, 6_144), (300, 250), (10_240, 200)][(number + at) % 3];
                    let asked =
                        Request { on_finding, size_limit, document_size_limit, ..request(&definition, mode) };
                    let name = format!("{}, {mode:?}, {code:?}, {size_limit}", case_name(case));
                    match (generate(&asked), alone(&asked)) {
                        (Ok(all), Ok(alone)) => {
                            assert_eq!((&alone.policy, alone.size), (&all.policy, all.size), "{name}");
                            assert_eq!(missing(&alone), missing(&all), "{name}");
                            made += 1;
                        }
                        (Err(all), Err(alone)) => {
                            assert_eq!(alone, all, "{name}");
                            refused += 1;
                        }
                        (all, alone) => panic!("{name}: {all:?}, and alone {alone:?}"),
                    }
                }
            }
        }
    }
    assert!(made > 50 && refused > 50, "{made} made, {refused} refused");
}

#[test]
fn nothing_is_made_beside_the_policy() {
    let definition = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn.$": "$.topic", "Message": "m"}}}}"#;
    let asked = request(definition, Mode::LeastPrivilege);
    let (all, alone) = (generate(&asked).expect("a policy"), alone(&asked).expect("a policy"));
    let count = |output: &Output| {
        [output.by_service.len(), output.documents.len(), output.findings.len(), output.explanation.len()]
    };
    assert!(count(&all).iter().all(|count| *count > 0), "{all:?}");
    let [by_service, documents, findings, explanation] = count(&alone);
    assert_eq!([by_service, documents, explanation], [0; 3]);
    assert!(findings < all.findings.len(), "{alone:?}");
}
