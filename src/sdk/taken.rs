//! Of which types of resources a parameter takes ARNs.

use super::catalog::Service;
use super::model::{Action, Binding, Operation, Piece, Target, Template};
use super::parse;
use crate::call::begins_as;
use crate::iam::{ArnFields, Pattern};

/// Further types of which a parameter takes ARNs, which the catalogue does not show: the service, the
/// operation, or `""` for all that have the parameter, the parameter, and how the resources begin.
///
/// Source: the parameter and its pattern on these pages:
/// <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateModelCustomizationJob.html>,
/// <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateModelInvocationJob.html>,
/// <https://docs.aws.amazon.com/controltower/latest/APIReference/API_GetBaseline.html>,
/// <https://docs.aws.amazon.com/controltower/latest/controlreference/control-identifiers.html>,
/// <https://docs.aws.amazon.com/billingconductor/latest/APIReference/API_BatchAssociateResourcesToCustomLineItem.html>,
/// <https://docs.aws.amazon.com/payment-cryptography/latest/APIReference/API_GetKey.html>,
/// <https://docs.aws.amazon.com/payment-cryptography/latest/APIReference/API_ExportKey.html>,
/// <https://docs.aws.amazon.com/iot/latest/apireference/API_AttachSecurityProfile.html>; for Clean Rooms ML,
/// Oracle Database@AWS, Roles Anywhere, tags of Amazon Bedrock, prompt routers and the second version of
/// EventBridge, the pattern of the parameter in botocore.
const FURTHER: [(&str, &str, &str, &[&str]); 16] = [
    ("iot", "", "SecurityProfileTargetArn", &["all/"]),
    ("bedrock", "", "ResourceARN", &["fine-tuning-job/", "project/"]),
    ("billingconductor", "", "ResourceArns[]", &["billinggroup/"]),
    ("bedrock", "DeletePromptRouter", "PromptRouterArn", &["default-prompt-router/"]),
    ("cleanroomsml", "ListTagsForResource", "ResourceArn", &["membership/", "configured-model-algorithm/"]),
    ("eventbridgev2", "RevokeResource", "Arn", &["subscriber/", "event-sourcev2/"]),
    ("odb", "", "ResourceArn", &["exadb-vm-cluster/"]),
    ("bedrock", "CreateModelCustomizationJob", "BaseModelIdentifier", &["custom-model/"]),
    (
        "bedrock",
        "CreateModelInvocationJob",
        "ModelId",
        &["inference-profile/", "application-inference-profile/"],
    ),
    ("controltower", "", "BaselineIdentifier", &["baseline/"]),
    ("controltower", "", "ControlIdentifier", &["control/"]),
    ("paymentcryptography", "", "ExportKeyIdentifier", &["alias/"]),
    ("paymentcryptography", "", "KeyIdentifier", &["alias/"]),
    ("rolesanywhere", "", "CrlId", &["alias/crl/"]),
    ("rolesanywhere", "", "ProfileId", &["alias/profile/"]),
    ("rolesanywhere", "", "TrustAnchorId", &["alias/trust-anchor/"]),
];

/// Services of whose resources a parameter takes ARNs, though IAM checks the call on none of them: the
/// service, the operation, or `""` for all that have the parameter, the parameter, and the ARN's service.
///
/// Source: the parameter on these pages:
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html>,
/// <https://docs.aws.amazon.com/controlcatalog/latest/APIReference/API_GetControl.html>,
/// <https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html>,
/// <https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_RestoreFromSnapshot.html>,
/// <https://docs.aws.amazon.com/waf/latest/APIReference/API_wafRegional_AssociateWebACL.html>.
const OF_OTHERS: [(&str, &str, &str, &str); 6] = [
    ("codeconnections", "CreateRepositoryLink", "ConnectionArn", "codestar-connections"),
    ("controlcatalog", "GetControl", "ControlArn", "controltower"),
    ("elasticache", "CreateCacheCluster", "SnapshotArns[]", "s3"),
    ("elasticache", "CreateReplicationGroup", "SnapshotArns[]", "s3"),
    ("redshiftserverless", "RestoreFromSnapshot", "SnapshotArn", "redshift"),
    ("wafregional", "", "ResourceArn", "apigateway"),
];

/// Whether a parameter takes an ARN of a type that the catalogue does not show, so that the call is right
/// and its resource open.
pub(super) fn takes_further(
    (service, operation): (&Service, &Operation),
    path: &str,
    arn: &Pattern,
    partition: &str,
) -> bool {
    let fields = ArnFields::of(arn.beginning());
    let whole = fields.service.zip(fields.resource).filter(|_| is_whole(&fields, partition));
    let Some((of, resource)) = whole else { return false };
    let is_here = |segment: &str, only: &str, parameter: &str| {
        segment == service.segment && (only.is_empty() || only == operation.name) && parameter == path
    };
    let is_own = |segment: &str, only: &str, parameter: &str, beginnings: &[&str]| {
        is_here(segment, only, parameter)
            && of == service.prefix
            && beginnings.iter().any(|beginning| resource.starts_with(beginning))
    };
    FURTHER.iter().any(|(segment, only, parameter, beginnings)| is_own(segment, only, parameter, beginnings))
        || OF_OTHERS
            .iter()
            .any(|(segment, only, parameter, taken)| is_here(segment, only, parameter) && *taken == of)
}

/// Whether a parameter can take an ARN. Only ARNs of the service are rejected whose resources it names, and
/// only those whose type is certain. `partition` is that of the state machine.
pub(super) fn takes(
    (service, operation): (&Service, &Operation),
    path: &str,
    arn: &Pattern,
    partition: &str,
) -> bool {
    let begun = arn.beginning();
    let fields = ArnFields::of(begun);
    // The colons of a token that is not yet replaced do not separate fields.
    let Some(of) = fields.service.filter(|_| fields.resource.is_some() && !begun.contains("${")) else {
        return true;
    };
    let (mut types, mut is_of_target) = (Vec::new(), false);
    for target in operation.actions.iter().flat_map(|action: &Action| &action.targets) {
        let Some(named) = named_by(service, target, path) else { return true };
        // What the parameter names may belong to another service than what it names in turn.
        is_of_target |= !named.is_empty() && template_of(target).service().is_some_and(|own| own == of);
        types.extend(named.into_iter().filter(|template| template.service().is_some_and(|own| own == of)));
    }
    types.is_empty() && !is_of_target
        || types.iter().any(|template| is_of_type(arn, template, service))
        || takes_further((service, operation), path, arn, partition)
}

/// Whether the fields of an ARN are those of a resource; where it is in the policy, more is said of them.
fn is_whole(fields: &ArnFields<'_>, partition: &str) -> bool {
    let mut places = [fields.region, fields.account].into_iter().flatten();
    fields.partition == Some(partition) && places.all(|field| !field.contains(['*', '?']))
}

/// Whether an ARN can be of a type of its service. Where no word precedes the name, it is not of the type if
/// it has the word of another, or a place that the type has not; but an access point stands for its bucket.
fn is_of_type(arn: &Pattern, template: &Template, service: &Service) -> bool {
    let beginning = template.beginning();
    let given = ArnFields::of(arn.beginning());
    let word = ArnFields::of(&beginning).resource;
    let is_word = word.is_some_and(|word| word.ends_with(['/', ':']));
    let has_no_name = arn.known().is_some() && is_word && given.resource == word;
    if !begins_as(arn, &beginning) || has_no_name {
        return false;
    }
    let has_word = |beginning: &str| ArnFields::of(beginning).resource.is_some_and(|word| !word.is_empty());
    let is_point = given.resource.is_none_or(|resource| resource.starts_with("accesspoint/"));
    if is_point || word.is_none_or(|word| !word.is_empty()) {
        return true;
    }
    let has_place = template.pieces.iter().any(|piece| matches!(piece, Piece::Region | Piece::Account));
    let is_elsewhere = !has_place && [given.region, given.account].iter().any(|field| *field != Some(""));
    let types = service.types.iter().filter_map(|(_, other)| parse::bare(other));
    let mut words = types.map(|other| other.beginning()).filter(|other| has_word(other));
    !is_elsewhere && !words.any(|other| begins_as(arn, &other))
}

fn template_of(target: &Target) -> &Template {
    match target {
        Target::Expression(template) | Target::Type { template, .. } => template,
    }
}

/// The types of which a target's parameter holds names or ARNs; `None` if a reader decides.
fn named_by(service: &Service, target: &Target, path: &str) -> Option<Vec<Template>> {
    let (whole, template) = match target {
        Target::Expression(template) => (&[][..], template),
        Target::Type { whole, template, .. } => (whole.as_slice(), template),
    };
    let is_it =
        |binding: &&Binding| matches!(binding, Binding::Parameter { path: own, .. } if own.as_str() == path);
    let mut all = whole.iter().chain(template.bindings()).filter(is_it);
    if all.any(|binding| binding.reader().is_some()) {
        return None;
    }
    let mut types = Vec::new();
    if whole.iter().any(|binding| is_it(&binding)) {
        types.push(template.clone());
    }
    for (index, piece) in template.pieces.iter().enumerate() {
        let Piece::Hole { variable, bindings } = piece else { continue };
        if !bindings.iter().any(|binding| is_it(&binding)) {
            continue;
        }
        let mut behind = template.pieces.iter().skip(index + 1).filter_map(|piece| match piece {
            Piece::Hole { bindings, .. } => Some(bindings),
            _ => None,
        });
        let is_other = |bindings: &Vec<Binding>| bindings.iter().any(|binding| !is_it(&binding));
        let is_named_behind = behind.clone().any(is_other);
        let above = if behind.next().is_some() { above(service, variable) } else { Vec::new() };
        // Where other parameters name what follows, this one names what it belongs to.
        if !is_named_behind || above.is_empty() {
            types.push(template.clone());
        }
        types.extend(above);
    }
    Some(types)
}

/// The types of a service whose names a variable stands for: it is their last.
fn above(service: &Service, variable: &str) -> Vec<Template> {
    let ending = format!("${{{variable}}}");
    let is_last =
        |template: &&str| template.split_once(&ending).is_some_and(|(_, behind)| !behind.contains("${"));
    let all = service.types.iter().map(|(_, template)| *template);
    all.filter(|_| !variable.is_empty()).filter(is_last).filter_map(parse::bare).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::WildcardReason;
    use crate::sdk::catalog;

    #[test]
    fn which_arns_parameters_take() {
        const PLACE: &str = "eu-west-1:111122223333";
        for (segment, operation, path, arn, taken) in [
            ("ecs", "UpdateService", "Service", "ecs:{}:service/c/s", true),
            ("ecs", "UpdateService", "Service", "ecs:{}:cluster/c", false),
            ("ecs", "UpdateService", "Service", "sns:{}:cluster/c", true),
            ("ecs", "UpdateService", "Cluster", "ecs:{}:cluster/c", true),
            ("ecs", "UpdateService", "Cluster", "ecs:{}:service/c/s", false),
            ("eks", "DescribeNodegroup", "NodegroupName", "eks:{}:cluster/c", false),
            ("vpclattice", "UpdateListener", "ServiceIdentifier", "vpc-lattice:{}:service/s", true),
            ("rds", "RestoreDBClusterFromSnapshot", "SnapshotIdentifier", "rds:{}:snapshot:s", true),
            ("rds", "RestoreDBClusterFromSnapshot", "SnapshotIdentifier", "rds:{}:cluster:s", false),
            ("rolesanywhere", "GetProfile", "ProfileId", "rolesanywhere:{}:alias/profile/p", true),
            ("rolesanywhere", "GetProfile", "ProfileId", "rolesanywhere:{}:crl/p", false),
            ("rolesanywhere", "GetProfile", "ProfileId", "rolesanywhere:{}:alias/crl/p", false),
            ("rds", "CreateIntegration", "SourceArn", "rds:{}:db:d", true),
            ("rds", "CreateIntegration", "SourceArn", "rds:{}:snapshot:s", false),
            ("synthetics", "AssociateResource", "ResourceArn", "synthetics:{}:canary:c", true),
            (
                "bedrock",
                "GetInferenceProfile",
                "InferenceProfileIdentifier",
                "bedrock:{}:application-inference-profile/p",
                true,
            ),
            ("paymentcryptography", "GetKey", "KeyIdentifier", "payment-cryptography:{}:alias/a", true),
            ("bedrockruntime", "CountTokens", "ModelId", "bedrock:{}:inference-profile/p", false),
            ("s3", "GetObject", "Bucket", "s3:{}:accesspoint/a", true),
            ("dynamodb", "ExportTableToPointInTime", "S3Bucket", "s3:{}:accesspoint/a", true),
            ("dynamodb", "ExportTableToPointInTime", "S3Bucket", "s3:{}:job/j", false),
            ("dynamodb", "ExportTableToPointInTime", "S3Bucket", "s3:::b", true),
            ("ec2", "CopySnapshot", "SourceSnapshotId", "ec2:eu-west-1::snapshot/s", true),
            ("ec2", "CopySnapshot", "SourceSnapshotId", "ec2:{}:export-instance-task/t", false),
            ("codepipeline", "StartPipelineExecution", "Name", "codepipeline:{}:p", true),
            ("codepipeline", "StartPipelineExecution", "Name", "codepipeline:{}:webhook:w", false),
        ] {
            let service = catalog::service(segment).expect(segment);
            let called = service.operation(operation).expect(operation);
            let text = format!("arn:aws:{}", arn.replace("{}", PLACE));
            assert_eq!(
                takes((service, called), path, &Pattern::literal(&*text), "aws"),
                taken,
                "{operation} {text}"
            );
        }
    }

    #[test]
    fn which_further_arns_parameters_take() {
        for (segment, operation, path, arn, taken) in [
            ("controlcatalog", "GetControl", "ControlArn", "controltower:eu-west-1::control/c", true),
            ("controlcatalog", "GetControl", "ControlArn", "config:eu-west-1::control/c", false),
            ("elasticache", "CreateCacheCluster", "SnapshotArns[]", "s3:::b/k", true),
            ("elasticache", "CreateCacheCluster", "SnapshotArns[]", "sqs:eu-west-1:111122223333:q", false),
            ("bedrock", "TagResource", "ResourceARN", "bedrock:eu-west-1:111122223333:project/p", true),
            ("bedrock", "TagResource", "ResourceARN", "bedrock:eu-west-1:111122223333:prompt/p", false),
        ] {
            let service = catalog::service(segment).expect(segment);
            let called = service.operation(operation).expect(operation);
            let text = format!("arn:aws:{arn}");
            let given = takes_further((service, called), path, &Pattern::literal(&*text), "aws");
            assert_eq!(given, taken, "{operation} {text}");
        }
    }

    #[test]
    fn a_type_that_is_not_certain_is_taken() {
        let service = catalog::service("rds").expect("RDS");
        let delete = service.operation("DeleteDBInstance").expect("the operation");
        for (begun, taken) in [
            ("arn:aws:rds:eu-west-1:111122223333:", true),
            ("arn:aws:rds:eu-west-1:111122223333:d", true),
            ("arn:aws:rds:eu-west-1:111122223333:db:", true),
            ("arn:aws:rds:eu-west-1:111122223333:cluster", false),
            ("arn:aws:rds:${Region}:${Account}:cluster:c", true),
        ] {
            let mut text = Pattern::literal(begun);
            text.push_wildcard("*", WildcardReason::Aws("test"));
            assert_eq!(takes((service, delete), "DbInstanceIdentifier", &text, "aws"), taken, "{begun}");
        }
    }
}
