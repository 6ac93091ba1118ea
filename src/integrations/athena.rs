//! Amazon Athena: run queries. Athena reads S3, Glue and Lake Formation as the caller, so the role needs
//! those too.

mod query;

use super::dsl::{
    Api, GrantRule, Guard, RUN_JOB, Resource, Service, allow, arn, computed, each, hidden, present,
};
use crate::asl::IntegrationPattern::{RequestResponse, RunJob};
use crate::call::Call;
use crate::iam::Pattern;
use query::{elsewhere, elsewhere_catalog, writes};

pub(super) const SERVICE: Service = Service {
    name: "athena",
    title: "Amazon Athena",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html",
    sdk: &["athena"],
    apis: &[
        Api {
            name: "getQueryExecution",
            patterns: &[RequestResponse],
            documented: Some(&[allow(&["athena:GetQueryExecution"]).on(&[WORKGROUPS])]),
            least_privilege: &[allow(&["athena:GetQueryExecution"]).on(&[OF_QUERY])],
            notes: &[],
        },
        Api {
            name: "getQueryResults",
            patterns: &[RequestResponse],
            documented: Some(&[
                allow(&["athena:GetQueryResults"]).on(&[WORKGROUPS]),
                allow(&["s3:GetObject"]).on(&[EVERY_BUCKET]),
            ]),
            least_privilege: &[
                allow(&["athena:GetQueryResults"]).on(&[OF_QUERY]),
                allow(&["s3:GetObject"])
                    .on(&[hidden("the location of the query's results").or(&["arn:{partition}:s3:::*"])]),
            ],
            notes: &["Athena reads the results from S3 as the caller."],
        },
        Api {
            name: "startQueryExecution",
            patterns: &[RequestResponse, RunJob],
            documented: Some(DOCUMENTED),
            least_privilege: LEAST,
            notes: &[
                "Database and table permissions keep to one database if QueryString is a literal that names no other, and to reading if it begins \
                 with a verb that only reads.",
                "A workgroup that enforces its configuration overrides OutputLocation; the definition does not show it, and the location must then be added.",
                "The tables' locations in S3 are not in the definition: until they are named, every bucket can be read.",
                "Connectors of federated catalogs (lambda:InvokeFunction) and catalogs of AWS Glue other than the account's default one (catalog/NAME) \
                 are not covered, and must be added.",
                "AWS's template names buckets, so `template` does not cover an OutputLocation with the alias of an access point; `least_privilege` does.",
            ],
        },
        Api {
            name: "stopQueryExecution",
            patterns: &[RequestResponse],
            documented: Some(&[allow(&["athena:StopQueryExecution"]).on(&[WORKGROUPS])]),
            least_privilege: &[allow(&["athena:StopQueryExecution"]).on(&[OF_QUERY])],
            notes: &[],
        },
    ],
};

const DOCUMENTED: &[GrantRule] = &[
    allow(&["athena:GetDataCatalog", "athena:StartQueryExecution"]).on(&[WORKGROUP, CATALOGS]),
    allow(&[
        "athena:BatchGetQueryExecution",
        "athena:GetQueryExecution",
        "athena:GetQueryResults",
        "athena:GetWorkGroup",
        "athena:ListQueryExecutions",
        "athena:StopQueryExecution",
    ])
    .on(&[WORKGROUP, CATALOGS])
    .when(&[RUN_JOB]),
    allow(READ_BUCKET).on(&[EVERY_BUCKET]),
    allow(WRITE_OBJECTS).on(&[EVERY_BUCKET]),
    allow(&["s3:CreateBucket", "s3:GetObject"]).on(&[EVERY_BUCKET]),
    allow(READ_DATABASES).on(EVERY_TABLE),
    allow(READ_TABLES).on(EVERY_TABLE),
    allow(WRITE_DATABASES).on(EVERY_TABLE),
    allow(DELETE_DATABASE).on(EVERY_TABLE),
    allow(WRITE_TABLES).on(EVERY_TABLE),
    allow(&["lakeformation:GetDataAccess"]).on_anything(NO_TYPE),
    RESULT_KEY.correction("encrypted results need their key, which AWS's template leaves out"),
];

const LEAST: &[GrantRule] = &[
    allow(&["athena:StartQueryExecution"]).on(&[WORKGROUP]),
    allow(&["athena:GetQueryExecution", "athena:StopQueryExecution"]).on(&[WORKGROUP]).when(&[RUN_JOB]),
    allow(&["athena:GetDataCatalog"]).on(&[CATALOG]),
    allow(READ_BUCKET).on(&[each("ResultConfiguration.OutputLocation", "the bucket of the results", bucket)
        .or(&["arn:{partition}:s3:::*"])]),
    allow(WRITE_OBJECTS).on(&[RESULTS]).because(NAMES_OF_RESULTS),
    allow(&["s3:GetObject"]).on(&[RESULTS]).because(NAMES_OF_RESULTS),
    allow(&["s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"]).on(&[SOURCES]),
    // Results are not the only thing written: INSERT, CREATE TABLE AS and UNLOAD write where their tables
    // are, or to another place.
    allow(WRITE_OBJECTS).on(&[SOURCES]).when(&[WRITES]),
    allow(READ_TABLES).on(&[ROOT_CATALOG, TABLES]).because(IN_QUERY),
    // Athena reads the database named default, whichever one the query uses.
    allow(READ_DATABASES)
        .on(&[ROOT_CATALOG, DATABASES, arn("arn:{partition}:glue:{region}:{account}:database/default")])
        .because(IN_QUERY),
    allow(WRITE_DATABASES).on(&[ROOT_CATALOG, DATABASES]).because(IN_QUERY).when(&[WRITES]),
    allow(DELETE_DATABASE).on(&[ROOT_CATALOG, TABLES, FUNCTIONS]).because(IN_QUERY).when(&[WRITES]),
    allow(WRITE_TABLES).on(&[ROOT_CATALOG, TABLES]).because(IN_QUERY).when(&[WRITES]),
    allow(&["lakeformation:GetDataAccess"]).on_anything(NO_TYPE),
    RESULT_KEY,
];

const NO_TYPE: &str = "lakeformation:GetDataAccess has no resource type";
const IN_QUERY: &str = "only the query names the tables";
const NAMES_OF_RESULTS: &str = "Athena names the objects of the results";

const READ_BUCKET: &[&str] = &["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"];
const WRITE_OBJECTS: &[&str] = &["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"];
const READ_DATABASES: &[&str] = &["glue:GetDatabase", "glue:GetDatabases"];
const READ_TABLES: &[&str] =
    &["glue:BatchGetPartition", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"];
const WRITE_DATABASES: &[&str] = &["glue:CreateDatabase", "glue:UpdateDatabase"];
/// Tables and functions go with their database.
const DELETE_DATABASE: &[&str] = &["glue:DeleteDatabase"];
const WRITE_TABLES: &[&str] = &[
    "glue:BatchCreatePartition",
    "glue:BatchDeletePartition",
    "glue:BatchDeleteTable",
    "glue:CreatePartition",
    "glue:CreateTable",
    "glue:DeletePartition",
    "glue:DeleteTable",
    "glue:UpdatePartition",
    "glue:UpdateTable",
];

const WORKGROUP: Resource = arn("arn:{partition}:athena:{region}:{account}:workgroup/{WorkGroup|primary}");
const WORKGROUPS: Resource = arn("arn:{partition}:athena:{region}:{account}:workgroup/*");
const OF_QUERY: Resource =
    hidden("the workgroup of the query").or(&["arn:{partition}:athena:{region}:{account}:workgroup/*"]);
const CATALOGS: Resource = arn("arn:{partition}:athena:{region}:{account}:datacatalog/*");
const CATALOG: Resource = computed("the data catalog; all, if the query may name others", catalog)
    .certain()
    .or(&["arn:{partition}:athena:{region}:{account}:datacatalog/*"]);

const EVERY_BUCKET: Resource = arn("arn:{partition}:s3:::*");
const RESULTS: Resource = each("ResultConfiguration.OutputLocation", "the objects of the results", objects)
    .or(&["arn:{partition}:s3:::*"]);
const SOURCES: Resource = hidden("the locations of the tables").or(&["arn:{partition}:s3:::*"]);

const ROOT_CATALOG: Resource = arn("arn:{partition}:glue:{region}:{account}:catalog");
const EVERY_TABLE: &[Resource] = &[
    ROOT_CATALOG,
    arn("arn:{partition}:glue:{region}:{account}:database/*"),
    arn("arn:{partition}:glue:{region}:{account}:table/*"),
    arn("arn:{partition}:glue:{region}:{account}:userDefinedFunction/*"),
];
const TABLES: Resource = computed("the database and its tables; all, if the query may name others", tables)
    .or(&[
        "arn:{partition}:glue:{region}:{account}:database/*",
        "arn:{partition}:glue:{region}:{account}:table/*",
    ]);
const DATABASES: Resource = computed("the database; all, if the query may name others", |call| {
    in_each(call, elsewhere(call), databases, &["arn:{partition}:glue:{region}:{account}:database/{}"])
})
.or(&["arn:{partition}:glue:{region}:{account}:database/*"]);
const FUNCTIONS: Resource =
    computed("the functions of the database; all, if the query may name others", functions)
        .or(&["arn:{partition}:glue:{region}:{account}:userDefinedFunction/*"]);

const WRITES: Guard = Guard::Holds("`QueryString` is known only at run time, or may write", writes);

/// The key that the task itself names. The policy must have the key's ARN, which an alias does not show.
const RESULT_KEY: GrantRule = allow(&["kms:Decrypt", "kms:GenerateDataKey"])
    .on(&[each(KMS_KEY, "the key", key).or(&["arn:{partition}:kms:{region}:{account}:key/*"])])
    .when(&[present(KMS_KEY)]);
const KMS_KEY: &str = "ResultConfiguration.EncryptionConfiguration.KmsKey";

fn key(call: &Call<'_, '_>, key: &Pattern) -> Vec<Pattern> {
    if key.split_at("alias/").is_some() {
        return Vec::new();
    }
    call.named("arn:{partition}:kms:{region}:{account}:key/{}", key, "")
}

/// What follows `s3://`: the bucket and, after a slash, the prefix.
fn location(location: &Pattern) -> Option<Pattern> {
    location.strip_prefix("s3://").filter(|rest| !rest.is_empty())
}

/// The bucket. If a wildcard may contain the slash after it, its name is open from there on.
fn bucket(call: &Call<'_, '_>, output: &Pattern) -> Vec<Pattern> {
    let Some(rest) = location(output) else { return Vec::new() };
    let name = match (rest.split_once('/'), rest.reasons().next()) {
        (Some((name, _)), _) => name,
        (None, None) => rest.clone(),
        (None, Some(why)) => {
            let mut name = Pattern::literal(rest.beginning());
            name.push_wildcard("*", why.clone());
            name
        }
    };
    vec![call.arn("arn:{partition}:s3:::{}", Some(&name), "")]
}

fn objects(call: &Call<'_, '_>, output: &Pattern) -> Vec<Pattern> {
    let Some(mut path) = location(output) else { return Vec::new() };
    if path.known().is_some_and(|path| !path.contains('/')) {
        path.push_literal("/");
    }
    vec![call.arn("arn:{partition}:s3:::{}*", Some(&path), NAMES_OF_RESULTS)]
}

fn catalog(call: &Call<'_, '_>) -> Vec<Pattern> {
    in_each(
        call,
        elsewhere_catalog(call),
        |call| call.required(query::CATALOG),
        &["arn:{partition}:athena:{region}:{account}:datacatalog/{}"],
    )
}

fn tables(call: &Call<'_, '_>) -> Vec<Pattern> {
    in_each(
        call,
        elsewhere(call),
        databases,
        &[
            "arn:{partition}:glue:{region}:{account}:database/{}",
            "arn:{partition}:glue:{region}:{account}:table/{}/*",
        ],
    )
}

fn functions(call: &Call<'_, '_>) -> Vec<Pattern> {
    in_each(
        call,
        elsewhere(call),
        databases,
        &["arn:{partition}:glue:{region}:{account}:userDefinedFunction/{}/*"],
    )
}

/// The databases as the task spells them, and in lower case, which is how AWS Glue stores them; Athena
/// accepts both.
fn databases(call: &Call<'_, '_>) -> Vec<Pattern> {
    let mut names = call.required(query::DATABASE);
    let lower: Vec<Pattern> =
        names.iter().map(Pattern::to_lowercase).filter(|name| !names.contains(name)).collect();
    names.extend(lower);
    names
}

/// The templates for each name, unless the query or the name leaves everything open.
fn in_each(
    call: &Call<'_, '_>,
    elsewhere: Option<Pattern>,
    names: impl FnOnce(&Call<'_, '_>) -> Vec<Pattern>,
    templates: &[&str],
) -> Vec<Pattern> {
    // What the task names does not matter where the query leaves everything open.
    if let Some(open) = elsewhere {
        return vec![open];
    }
    let names = names(call);
    if let Some(open) = names.iter().find(|name| name.is_unknown()) {
        return vec![open.clone()];
    }
    let arns = |name| templates.iter().map(move |template| call.arn(template, Some(name), IN_QUERY));
    names.iter().flat_map(arns).collect()
}

#[cfg(test)]
mod tests {
    use super::{bucket, key, objects};
    use crate::call::testing::{made, text};

    #[test]
    fn results_have_a_bucket_and_a_prefix() {
        for (location, name, path) in [
            ("s3://results/athena/", "results", "results/athena/*"),
            ("s3://results/athena", "results", "results/athena*"),
            ("s3://results", "results", "results/*"),
            ("s3://results/*/athena", "results", "results/*/athena*"),
            ("s3://results-*", "results-*", "results-*"),
            ("s3://*-results/athena/", "*", "*-results/athena/*"),
        ] {
            let arn = |tail| format!("arn:aws:s3:::{tail}");
            assert_eq!(made(&[], |call| bucket(call, &text(location))), [arn(name)], "{location}");
            assert_eq!(made(&[], |call| objects(call, &text(location))), [arn(path)], "{location}");
        }
        for location in ["", "s3://", "results/athena", "*/athena"] {
            assert!(made(&[], |call| bucket(call, &text(location))).is_empty(), "{location}");
            assert!(made(&[], |call| objects(call, &text(location))).is_empty(), "{location}");
        }
    }

    #[test]
    fn an_alias_does_not_tell_the_key() {
        let id = "arn:aws:kms:eu-west-1:111122223333:key/1";
        assert_eq!(made(&[], |call| key(call, &text("1"))), [id]);
        assert_eq!(made(&[], |call| key(call, &text(id))), [id]);
        assert!(made(&[], |call| key(call, &text("alias/results"))).is_empty());
        assert!(
            made(&[], |call| key(call, &text("arn:aws:kms:eu-west-1:111122223333:alias/results"))).is_empty()
        );
    }
}
