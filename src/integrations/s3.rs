//! Amazon S3 as the reader and the writer of a Distributed Map. Tasks reach it through the AWS SDK instead.

use super::dsl::{
    Actions, Api, ConditionRule, GrantRule, Guard, Resource, Service, absent, allow, computed, present,
};
use crate::asl::IntegrationPattern::RequestResponse;
use crate::call::Call;
use crate::call::resource::s3::{buckets, objects};
use crate::iam::{Condition, Operator, Pattern, Unresolved, WildcardReason};

pub(super) const SERVICE: Service = Service {
    name: "s3",
    title: "Amazon S3 (reader and writer of a Distributed Map)",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html",
    sdk: &[],
    apis: &[GET_OBJECT, LIST_OBJECTS, PUT_OBJECT],
};

const GET_OBJECT: Api = Api {
    name: "getObject",
    patterns: &[RequestResponse],
    documented: Some(&[
        READ.on(&[FILE]),
        VERSION.correction("a named version is read as s3:GetObjectVersion"),
        READ.on(&[INVENTORY]).when(INVENTORY_BY_INPUT_TYPE),
        READ.on(&[INVENTORY]).when(&[INVENTORY_BY_MANIFEST_TYPE]),
        READ.on(&[UNLOADED]).when(&[ATHENA]),
    ]),
    least_privilege: &[
        READ.on(&[FILE]),
        VERSION,
        READ.on(&[INVENTORY]).when(INVENTORY_BY_INPUT_TYPE),
        READ.on(&[INVENTORY]).when(&[INVENTORY_BY_MANIFEST_TYPE]),
        READ.on(&[UNLOADED]).when(&[ATHENA]),
    ],
    notes: &[
        "The files of an inventory are in the folder data beside the manifests of the same configuration.",
        "The manifest of an Athena UNLOAD names files that may be in another bucket, and the definition does not say which: the manifest's own \
         bucket is granted, and a finding says so.",
        "For encrypted buckets, list the key in kms_key_arns.",
    ],
};

const LIST_OBJECTS: Api = Api {
    name: "listObjectsV2",
    patterns: &[RequestResponse],
    documented: Some(&[
        allow(&["s3:ListBucket"]).on(&[BUCKET]).only_if(&[ConditionRule::Computed("s3:prefix", |call| {
            prefix_condition(call, Operator::StringLike)
        })]),
        READ.on(&[LISTED]).when(&[LOADED]),
    ]),
    least_privilege: &[
        allow(&["s3:ListBucket"]).on(&[BUCKET]).only_if(&[ConditionRule::Computed("s3:prefix", |call| {
            prefix_condition(call, Operator::StringEquals)
        })]),
        READ.on(&[LISTED]).when(&[LOADED]),
    ],
    notes: &[
        "A prefix is the beginning of keys and not a folder: logs also matches logs-old/. End it with a slash if a folder is meant.",
        "The bucket must be in the state machine's own account and Region.",
    ],
};

const PUT_OBJECT: Api = Api {
    name: "putObject",
    patterns: &[RequestResponse],
    documented: Some(&[WRITE]),
    least_privilege: &[WRITE],
    notes: &[
        "Results are below the prefix, in a folder that is named after the Map Run. Large ones are uploaded in parts.",
        "A ResultWriter without a Resource shapes the output only and needs nothing.",
    ],
};

const READ: Actions = allow(&["s3:GetObject"]);

const VERSION: GrantRule = allow(&["s3:GetObjectVersion"]).on(&[FILE]).when(&[present("VersionId")]);

const WRITE: GrantRule =
    allow(&["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"])
        .on(&[computed("everything below the prefix", written).certain().or(ANY_OBJECT)]);

const INVENTORY_BY_INPUT_TYPE: &[Guard] =
    &[Guard::Is("ReaderConfig.InputType", "MANIFEST"), absent("ReaderConfig.ManifestType")];
const INVENTORY_BY_MANIFEST_TYPE: Guard = Guard::Is("ReaderConfig.ManifestType", "S3_INVENTORY");
const ATHENA: Guard = Guard::Is("ReaderConfig.ManifestType", "ATHENA_DATA");
const LOADED: Guard = Guard::Is("ReaderConfig.Transformation", "LOAD_AND_FLATTEN");

const ANY_OBJECT: &[&str] = &["arn:{partition}:s3:::*/*"];

const BUCKET: Resource =
    computed("the bucket", |call| buckets(call, None)).certain().or(&["arn:{partition}:s3:::*"]);

const FILE: Resource = computed("the file, or the manifest", |call| objects(call, &call.required("Key")))
    .certain()
    .or(ANY_OBJECT);

const INVENTORY: Resource = computed("the files of the inventory", |call| {
    let keys: Vec<Pattern> = call.required("Key").iter().map(inventory_files).collect();
    objects(call, &keys)
})
.certain()
.or(ANY_OBJECT);

const UNLOADED: Resource = computed("the bucket of the manifest", |call| {
    let target = WildcardReason::Run {
        parameter: "the target of UNLOAD".to_owned(),
        cause: Unresolved::NotInDefinition,
    };
    objects(call, &[Pattern::anything(target)])
})
.certain()
.or(ANY_OBJECT);

const LISTED: Resource = computed("the objects whose keys begin with the prefix", |call| {
    let prefixes = call.required("Prefix|");
    let begun = |prefix: &Pattern| {
        let mut keys = prefix.clone();
        keys.push_wildcard("*", WildcardReason::Aws("the keys are listed at run time"));
        keys
    };
    objects(call, &prefixes.iter().map(begun).collect::<Vec<_>>())
})
.certain()
.or(ANY_OBJECT);

/// `…/CONFIGURATION/DATE/manifest.json` has its files in `…/CONFIGURATION/data`.
fn inventory_files(manifest: &Pattern) -> Pattern {
    let mut files = Pattern::default();
    if let Some((folder, _)) = manifest.rsplit_once('/') {
        if let Some((configuration, _)) = folder.rsplit_once('/') {
            files = configuration.then("/data/");
        } else if folder.known().is_some() {
            files = Pattern::literal("data/");
        }
    }
    files.push_wildcard("*", WildcardReason::Aws("the manifest names the files of an inventory"));
    files
}

/// Below a prefix, which is a folder here: a slash follows it.
fn written(call: &Call<'_, '_>) -> Vec<Pattern> {
    let below = |prefix: &Pattern| {
        let prefix = match prefix.rsplit_once('/') {
            Some((folder, rest)) if rest.is_empty() => folder,
            _ => prefix.clone(),
        };
        let mut keys = if prefix.is_empty() || prefix.is_unknown() { prefix } else { prefix.then("/") };
        keys.push_wildcard("*", WildcardReason::Aws("the folder is named after the Map Run"));
        keys
    };
    objects(call, &call.required("Prefix|").iter().map(below).collect::<Vec<_>>())
}

/// AWS compares the prefix of the request. One that may be absent is not a condition.
fn prefix_condition(call: &Call<'_, '_>, operator: Operator) -> Option<Condition> {
    let prefixes = call.required("Prefix|");
    let certain = !prefixes.iter().any(|prefix| prefix.is_unknown() || prefix.is_empty());
    certain.then(|| Condition::new(operator, "s3:prefix", &prefixes))
}
