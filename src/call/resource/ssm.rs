//! Documents and parameters of AWS Systems Manager.

use crate::iam::{ArnFields, Pattern};

/// What AWS owns has an ARN without an account: documents whose names begin with `AWS`, and public
/// parameters, those below `/aws/service/`.
///
/// Source:
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html>.
const OF_AWS: [(&str, &str); 3] =
    [("document/", "AWS"), ("automation-definition/", "AWS"), ("parameter/", "aws/service/")];

/// Nobody else can change what AWS publishes.
const WRITES: [&str; 14] = [
    "ssm:AddTagsToResource",
    "ssm:CreateDocument",
    "ssm:DeleteDocument",
    "ssm:DeleteParameter",
    "ssm:DeleteParameters",
    "ssm:DeleteResourcePolicy",
    "ssm:LabelParameterVersion",
    "ssm:ModifyDocumentPermission",
    "ssm:PutParameter",
    "ssm:PutResourcePolicy",
    "ssm:RemoveTagsFromResource",
    "ssm:UnlabelParameterVersion",
    "ssm:UpdateDocument",
    "ssm:UpdateDocumentDefaultVersion",
];

/// Whether an action can be one on a document or a parameter that AWS publishes.
pub(crate) fn reads_what_aws_publishes(action: &str) -> bool {
    !WRITES.contains(&action)
}

/// The ARNs that are meant by an ARN of the account: itself, that of what AWS owns instead, or both if the
/// name is not certain.
pub(crate) fn of_account_or_aws(arn: Pattern) -> Vec<Pattern> {
    match without_account(&arn) {
        None => vec![arn],
        Some((own, false)) => vec![arn, own],
        Some((own, true)) => vec![own],
    }
}

/// The ARN without its account if AWS owns what it names, or may own it; and whether that is certain and AWS
/// alone can. The names of documents are not reserved so strictly, so the account's own document counts too.
fn without_account(arn: &Pattern) -> Option<(Pattern, bool)> {
    let beginning = arn.beginning();
    let fields = ArnFields::of(beginning);
    let (partition, "ssm", region) = (fields.partition?, fields.service?, fields.region?) else {
        return None;
    };
    let resource = fields.resource?;
    let (kind, prefix) = OF_AWS.iter().find(|(kind, _)| resource.starts_with(kind))?;
    let name = resource.strip_prefix(kind)?;
    let owned = name.starts_with(prefix);
    let maybe = arn.known().is_none() && prefix.starts_with(name);
    let mut without = Pattern::literal(format!("arn:{partition}:ssm:{region}::{kind}"));
    if owned {
        without.push_literal(name);
        without.push(&arn.strip_prefix(beginning)?);
    } else if maybe && *kind == "parameter/" {
        without.push_literal(prefix);
        without.push_piece(arn.pieces().get(1)?);
    } else if maybe {
        without.push_literal(name);
        without.push(&arn.strip_prefix(beginning)?);
    } else {
        return None;
    }
    Some((without, owned && *kind == "parameter/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::testing::text;

    #[test]
    fn what_aws_owns_has_no_account() {
        const OWN: &str = "arn:aws:ssm:eu-west-1:111122223333:";
        const AWS: &str = "arn:aws:ssm:eu-west-1::";
        for (name, arns) in [
            ("parameter/shop", vec![format!("{OWN}parameter/shop")]),
            ("parameter/aws/service/ecs/ami", vec![format!("{AWS}parameter/aws/service/ecs/ami")]),
            ("parameter/*", vec![format!("{OWN}parameter/*"), format!("{AWS}parameter/aws/service/*")]),
            (
                "parameter/aws/*",
                vec![format!("{OWN}parameter/aws/*"), format!("{AWS}parameter/aws/service/*")],
            ),
            ("parameter/aws-*", vec![format!("{OWN}parameter/aws-*")]),
            (
                "document/AWS-RunShell",
                vec![format!("{OWN}document/AWS-RunShell"), format!("{AWS}document/AWS-RunShell")],
            ),
            ("document/mine", vec![format!("{OWN}document/mine")]),
            ("document/*", vec![format!("{OWN}document/*"), format!("{AWS}document/*")]),
        ] {
            let made: Vec<String> =
                of_account_or_aws(text(&format!("{OWN}{name}"))).iter().map(Pattern::to_text).collect();
            assert_eq!(made, arns, "{name}");
        }
    }
}
