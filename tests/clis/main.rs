//! The provider under the real Terraform and OpenTofu: every test runs in each of them, and its name begins
//! with the tool, such as `tofu-1.12.6::count_and_for_each`.
//!
//! `SFNIAM_CLIS` names the executables, separated as in the PATH; without it each `terraform` and `tofu` on
//! the PATH is taken.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod analyze;
mod cli;
mod commands;
mod configuration;
mod data_source;
#[cfg(unix)]
mod debug;
mod examples;
mod functions;
#[cfg(unix)]
mod guides;
mod installation;
mod language;
mod messages;
mod passing_on;
#[allow(dead_code, reason = "the other binary uses the rest")]
#[path = "../it/support"]
mod support {
    mod cases;

    pub(crate) use cases::{all, compare_or_bless, files, tests_folder};
}
mod workspace;
mod yaml;

use std::io::Write;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use cli::{Cli, Feature, Tool};
#[cfg(unix)]
use guides::{hosts, policy_as_code, recipes};

/// A test, and what a command line tool must be able to do for it.
struct Test {
    name: &'static str,
    needs: Option<Feature>,
    run: fn(&Cli),
}

macro_rules! test {
    ($module:ident::$function:ident $(needs $need:ident)?) => {
        Test {
            name: stringify!($function),
            needs: None$(.or(Some(Feature::$need)))?,
            run: $module::$function,
        }
    };
}

fn tests() -> Vec<Test> {
    vec![
        test!(yaml::yaml_is_decoded_as_the_command_line_decodes_it),
        test!(analyze::an_error_comes_at_validate_whatever_option_is_not_known needs Functions),
        test!(analyze::an_error_comes_at_validate_whether_values_are_known_or_not needs Functions),
        test!(analyze::options_that_are_not_known_leave_the_actions_known needs Functions),
        test!(analyze::sensitive_values_are_unmarked_one_by_one needs Functions),
        test!(analyze::the_first_plan_shows_what_the_role_may_do needs Functions),
        test!(analyze::tokens_give_the_text_that_templatefile_gives needs Functions),
        test!(commands::every_command_takes_the_data_source),
        test!(commands::the_console_reads_the_data_source),
        test!(commands::what_the_provider_does_not_have_is_an_error),
        test!(data_source::a_changed_definition_shows_only_what_changed needs TerraformData),
        test!(data_source::a_definition_known_only_after_apply_is_read_then needs TerraformData),
        test!(data_source::a_warning_is_said_once_and_can_be_answered),
        test!(data_source::apply_keeps_the_policy_and_a_second_plan_changes_nothing needs TerraformData),
        test!(data_source::count_and_for_each),
        #[cfg(unix)]
        test!(debug::hosts_attach_to_a_provider_that_waits_for_them),
        test!(data_source::every_data_source_shows_its_own_warning),
        test!(data_source::the_explanation_is_there_on_demand),
        test!(data_source::the_provider_block_serves_all_data_sources_that_say_nothing_else),
        test!(examples::every_scenario_plans_and_gives_the_policies_that_stand_beside_it),
        test!(examples::the_examples_are_formatted needs Functions),
        test!(examples::the_comparison_of_the_example_is_true needs Functions),
        test!(examples::the_function_gives_the_document needs Functions),
        test!(examples::the_smaller_examples_are_valid),
        test!(functions::a_comparison_of_unknown_values_waits_for_them needs Functions),
        test!(functions::a_comparison_tells_what_differs needs Functions),
        test!(functions::an_error_of_a_comparison_names_the_argument needs Functions),
        test!(functions::an_error_of_the_function_names_the_argument needs Functions),
        test!(functions::options_may_be_late_or_sensitive needs Functions),
        test!(functions::the_guide_to_existing_roles_is_true needs Functions),
        test!(functions::the_function_takes_its_options_as_they_come needs Functions),
        #[cfg(unix)]
        test!(hosts::a_lock_file_has_the_entry_of_its_tool_alone),
        #[cfg(unix)]
        test!(hosts::late_accounts_and_secrets_are_as_the_guide_says needs TerraformData),
        #[cfg(unix)]
        test!(hosts::one_local_value_serves_all_calls needs Functions),
        test!(installation::every_process_ends_when_it_is_asked_to),
        test!(installation::the_host_understands_the_whole_schema),
        test!(installation::the_lock_file_pins_the_provider),
        test!(installation::without_a_mirror_by_dev_overrides),
        test!(language::a_check_warns_where_a_plan_would_stop needs Checks),
        test!(language::a_configuration_in_json),
        test!(language::a_function_works_wherever_an_expression_does needs Functions),
        test!(language::features_of_opentofu needs OnlyOpenTofu),
        test!(language::modules_take_providers_counts_and_hints needs OptionalMembers),
        test!(language::what_is_late_is_read_during_apply needs TerraformData),
        test!(messages::a_task_that_is_not_known_is_refused_by_plan),
        test!(messages::what_the_provider_block_makes_of_findings_counts_at_validate),
        test!(messages::wrong_arguments_are_refused_at_their_places),
        test!(messages::wrong_definitions_are_refused_by_validate),
        #[cfg(unix)]
        test!(policy_as_code::plans_have_the_values_where_the_guide_says needs TerraformData),
        #[cfg(unix)]
        test!(recipes::mocks_are_as_the_recipe_says needs Mocks),
        test!(recipes::lists_in_mocks_are_as_the_recipe_says needs Mocks),
        #[cfg(unix)]
        test!(recipes::modules_take_the_policy needs TerraformData),
        #[cfg(unix)]
        test!(recipes::the_program_for_cdktf_names_attributes),
        #[cfg(unix)]
        test!(recipes::the_shell_lines_of_sam_work),
        #[cfg(unix)]
        test!(recipes::the_tests_of_the_recipe_pass needs Tests),
        test!(passing_on::a_data_source_moves_into_a_module needs Moved),
        test!(passing_on::the_lock_file_is_made_from_a_mirror),
    ]
}

/// A test that needs another program too. It runs once, in the newest of the tools.
struct WithTool {
    name: &'static str,
    tool: &'static str,
    run: fn(&Cli, &Tool),
}

fn tests_with_tools() -> Vec<WithTool> {
    macro_rules! with {
        ($tool:literal, $module:ident::$function:ident) => {
            WithTool { name: stringify!($function), tool: $tool, run: $module::$function }
        };
    }
    vec![
        with!("tflint", examples::the_examples_pass_the_linter),
        #[cfg(unix)]
        with!("checkov", policy_as_code::checkov_reports_what_the_guide_says),
        #[cfg(unix)]
        with!("opa", policy_as_code::the_rule_in_rego_denies),
        #[cfg(unix)]
        with!("jq", recipes::definitions_come_out_of_templates),
        #[cfg(unix)]
        with!("node", recipes::the_program_for_pulumi_gives_the_policy),
    ]
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    let mut skipped = Vec::new();
    let clis = Cli::all();
    for cli in &clis {
        for test in tests() {
            if let Some(need) = test.needs.filter(|need| !cli.can(*need)) {
                skipped.push(format!("{}::{}: {need}", cli.label(), test.name));
                continue;
            }
            let (cli, run) = (cli.clone(), test.run);
            trials.push(Trial::test(format!("{}::{}", cli.label(), test.name), move || {
                run(&cli);
                Ok(())
            }));
        }
    }
    if clis.len() > 1 {
        let clis = clis.clone();
        trials.push(Trial::test("passing_on::a_state_passes_from_tool_to_tool", move || {
            passing_on::a_state_passes_from_tool_to_tool(&clis);
            Ok(())
        }));
    } else {
        skipped.push("a_state_passes_from_tool_to_tool: there is only one tool".to_owned());
    }
    for test in tests_with_tools() {
        match (clis.last().cloned(), Tool::find(test.tool)) {
            (Some(cli), Some(tool)) => {
                let run = test.run;
                trials.push(Trial::test(format!("{}::{}", test.tool, test.name), move || {
                    run(&cli, &tool);
                    Ok(())
                }));
            }
            (_, None) => skipped.push(format!("{}: {} is not here", test.name, test.tool)),
            (None, _) => {}
        }
    }
    if clis.is_empty() {
        let reason = "there is neither terraform nor tofu on the PATH";
        let insists = ["CI", "SFNIAM_REQUIRE_TERRAFORM"]
            .iter()
            .any(|name| std::env::var(name).is_ok_and(|value| value == "1" || value == "true"));
        if insists {
            trials.push(Trial::test("a_command_line_tool_is_there", move || Err(Failed::from(reason))));
        } else {
            skipped.push(format!("the tests with Terraform and OpenTofu: {reason}"));
        }
    }
    // On the standard error of the process itself, which no test runner captures.
    for one in skipped.iter().filter(|_| !arguments.list) {
        let _ = writeln!(std::io::stderr(), "SKIPPED {one}");
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}
