//! Amazon DynamoDB: read and write one item.

use super::dsl::{Api, GrantRule, Resource, Service, allow, named};
use crate::asl::IntegrationPattern::RequestResponse;

pub(super) const SERVICE: Service = Service {
    name: "dynamodb",
    title: "Amazon DynamoDB",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html",
    sdk: &["dynamodb"],
    apis: &[
        Api {
            name: "deleteItem",
            patterns: &[RequestResponse],
            documented: Some(ITEMS),
            least_privilege: &[allow(&["dynamodb:DeleteItem"]).on(&[TABLE.or(TABLES)])],
            notes: NOTES,
        },
        Api {
            name: "getItem",
            patterns: &[RequestResponse],
            documented: Some(ITEMS),
            least_privilege: &[allow(&["dynamodb:GetItem"]).on(&[TABLE.or(TABLES)])],
            notes: NOTES,
        },
        Api {
            name: "putItem",
            patterns: &[RequestResponse],
            documented: Some(ITEMS),
            least_privilege: &[allow(&["dynamodb:PutItem"]).on(&[TABLE.or(TABLES)])],
            notes: NOTES,
        },
        Api {
            name: "updateItem",
            patterns: &[RequestResponse],
            documented: Some(ITEMS),
            least_privilege: &[allow(&["dynamodb:UpdateItem"]).on(&[TABLE.or(TABLES)])],
            notes: NOTES,
        },
    ],
};

const NOTES: &[&str] = &[
    "AWS's template allows all four actions on an item, whichever the task uses.",
    "The key of an encrypted table is not in the definition: kms:Decrypt on it must be added.",
];

/// AWS documents one policy for the four.
const ITEMS: &[GrantRule] =
    &[allow(&["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"])
        .on(&[TABLE.or(&["*"])])];

const TABLE: Resource = named("TableName", "arn:{partition}:dynamodb:{region}:{account}:table/{}");
const TABLES: &[&str] = &["arn:{partition}:dynamodb:{region}:{account}:table/*"];
