//! From an Amazon States Language definition to the IAM policy of its execution role.
//!
//! The entry is [`generator::generate`]. It takes a [`generator::Request`]: the text of the definition, and
//! the [`permissions::Settings`] with what the definition does not say. The [`generator::Output`] has the
//! policy, what a reviewer should know about it, and which states need each of its statements.
//!
//! ```
//! use sfniam::generator::{Request, generate};
//! use sfniam::iam::Location;
//! use sfniam::permissions::{Mode, Settings};
//!
//! let definition = r#"{
//!   "StartAt": "Price",
//!   "States": {
//!     "Price": {
//!       "Type": "Task",
//!       "Resource": "arn:aws:states:::lambda:invoke",
//!       "Parameters": {"FunctionName": "price", "Payload.$": "$"},
//!       "End": true
//!     }
//!   }
//! }"#;
//! let aws = Location {
//!     partition: "aws".into(),
//!     region: Some("eu-west-1".into()),
//!     account: Some("111122223333".into()),
//! };
//! let settings = Settings { aws, mode: Mode::LeastPrivilege, ..Settings::default() };
//!
//! let output = generate(&Request::new(definition, settings)).expect("the definition is correct");
//! let statement = &output.policy.statements[0];
//! assert_eq!(statement.actions, ["lambda:InvokeFunction"]);
//! assert_eq!(statement.resources, ["arn:aws:lambda:eu-west-1:111122223333:function:price"]);
//! assert_eq!(output.explanation[0].states[0].0, "States.Price");
//!
//! let findings = generate(&Request::new("{}", Settings::default())).expect_err("there are no states");
//! assert_eq!(findings[0].place.argument.name, "definition");
//! ```
//!
//! The way there, module by module, upwards: [`json`] reads text, [`asl`] reads the definition and works out
//! which values are known in which state, [`integrations`] and the catalogue of the AWS SDK say what each
//! call needs, [`permissions`] determines that for every state, [`iam`] merges it into statements, and
//! [`document`] reads the written policy again and decides what it allows.
//!
//! On top of the generator are two front ends: [`provider`] is the Terraform provider, in terms of the values
//! and schemas of [`protocol`], which [`plugin`] serves as a process; [`cli`] is the command line. The binary
//! joins them.

pub mod asl;
pub mod call;
pub mod cli;
pub mod compare;
pub mod document;
pub mod finding;
pub mod generator;
pub mod iam;
pub mod integrations;
pub mod json;
pub mod permissions;
pub mod plugin;
pub mod protocol;
pub mod provider;
pub mod sdk;
pub mod source;
pub mod work;
