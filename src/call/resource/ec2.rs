//! Resources of Amazon EC2.

use crate::call::{Call, begins_as};
use crate::iam::Pattern;

/// What the ID of a resource begins with, and the type of the resource in its ARN.
///
/// Source: the IDs in the API reference of Amazon EC2, and the resource types of the action `ec2:CreateTags`.
const TYPES: [(&str, &str); 37] = [
    ("acl-", "network-acl"),
    ("ami-", "image"),
    ("cgw-", "customer-gateway"),
    ("cr-", "capacity-reservation"),
    ("cvpn-endpoint-", "client-vpn-endpoint"),
    ("dopt-", "dhcp-options"),
    ("eice-", "instance-connect-endpoint"),
    ("eigw-", "egress-only-internet-gateway"),
    ("eipalloc-", "elastic-ip"),
    ("eni-", "network-interface"),
    ("fl-", "vpc-flow-log"),
    ("fleet-", "fleet"),
    ("h-", "dedicated-host"),
    ("i-", "instance"),
    ("igw-", "internet-gateway"),
    ("key-", "key-pair"),
    ("lt-", "launch-template"),
    ("nat-", "natgateway"),
    ("pcx-", "vpc-peering-connection"),
    ("pg-", "placement-group"),
    ("pl-", "prefix-list"),
    ("rtb-", "route-table"),
    ("sfr-", "spot-fleet-request"),
    ("sg-", "security-group"),
    ("sgr-", "security-group-rule"),
    ("sir-", "spot-instances-request"),
    ("snap-", "snapshot"),
    ("subnet-", "subnet"),
    ("tgw-", "transit-gateway"),
    ("tgw-attach-", "transit-gateway-attachment"),
    ("tgw-rtb-", "transit-gateway-route-table"),
    ("vgw-", "vpn-gateway"),
    ("vol-", "volume"),
    ("vpc-", "vpc"),
    ("vpce-", "vpc-endpoint"),
    ("vpce-svc-", "vpc-endpoint-service"),
    ("vpn-", "vpn-connection"),
];

/// Those that have no account in their ARN.
const WITHOUT_ACCOUNT: [&str; 2] = ["image", "snapshot"];

/// The types of resources at which a path of Reachability Analyzer begins or ends.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/reachability/how-reachability-analyzer-works.html>.
const ENDS: [&str; 9] = [
    "instance",
    "internet-gateway",
    "network-interface",
    "transit-gateway",
    "transit-gateway-attachment",
    "vpc-endpoint",
    "vpc-endpoint-service",
    "vpc-peering-connection",
    "vpn-gateway",
];

/// The resource with this ID; for an ID that does not show its type, one of any type.
pub(crate) fn resource(call: &Call<'_, '_>, id: &Pattern) -> Vec<Pattern> {
    of_types(call, id, None)
}

/// The resource at an end of a path; for an ID that does not show its type, one of each that can be there.
/// Empty for any other type.
pub(crate) fn end_of_path(call: &Call<'_, '_>, id: &Pattern) -> Vec<Pattern> {
    of_types(call, id, Some(&ENDS))
}

/// Whether a literal can be at an end of a path: its ARN or its ID shows no other type.
pub(crate) fn may_be_end_of_path(id: &str) -> bool {
    let id = Pattern::literal(id);
    let kind = of_id(id.beginning()).map(|(_, kind)| kind);
    if id.is_arn() {
        ENDS.iter().any(|kind| is_arn_of(&id, kind))
    } else {
        kind.is_none_or(|kind| ENDS.contains(&kind))
    }
}

/// The type of an ID that shows it. The longest beginning is the one that is meant; what follows it has no
/// hyphen.
fn of_id(id: &str) -> Option<(&'static str, &'static str)> {
    let is_of = |row: &&(&str, &str)| id.strip_prefix(row.0).is_some_and(|rest| !rest.contains('-'));
    TYPES.iter().find(is_of).copied()
}

fn is_arn_of(arn: &Pattern, kind: &str) -> bool {
    begins_as(arn, &format!("arn::ec2:::{kind}/"))
}

/// The same for some types, or for all.
fn of_types(call: &Call<'_, '_>, id: &Pattern, types: Option<&[&str]>) -> Vec<Pattern> {
    const UNCLEAR: &str = "the ID does not show the type of the resource";
    let takes = |kind: &str| types.is_none_or(|types| types.contains(&kind));
    if id.is_arn() {
        let is_of = |(_, kind): &(&str, &str)| takes(kind) && is_arn_of(id, kind);
        return if TYPES.iter().any(is_of) { vec![id.clone()] } else { Vec::new() };
    }
    let begun = id.beginning();
    if let Some(own) = of_id(begun) {
        // What follows in the execution may make it another one.
        let may_be = |row: &&(&str, &str)| **row == own || id.known().is_none() && row.0.starts_with(begun);
        let kinds = TYPES.iter().filter(may_be).map(|(_, kind)| *kind).filter(|kind| takes(kind));
        return kinds.map(|kind| of_type(call, id, kind)).collect();
    }
    match types {
        Some(types) => types
            .iter()
            .flat_map(|kind| {
                let template = format!("arn:{{partition}}:ec2:{{region}}:{{account}}:{kind}/{{}}");
                call.named(&template, id, UNCLEAR)
            })
            .collect(),
        None => call.named("arn:{partition}:ec2:{region}:{account}:*/{}", id, UNCLEAR),
    }
}

/// The ARN of a resource of this type.
fn of_type(call: &Call<'_, '_>, id: &Pattern, kind: &str) -> Pattern {
    let place = match WITHOUT_ACCOUNT.contains(&kind) {
        true => "arn:{partition}:ec2:{region}::{}/",
        false => "arn:{partition}:ec2:{region}:{account}:{}/",
    };
    let mut arn = call.arn(place, Some(&Pattern::literal(kind)), "");
    arn.push(id);
    arn
}

#[cfg(test)]
mod tests {
    use super::{ENDS, TYPES, end_of_path, resource};
    use crate::call::testing::{made, text};

    #[test]
    fn the_id_tells_the_type() {
        let own = "arn:aws:ec2:eu-west-1:111122223333:";
        for (id, arn) in [
            ("i-0abc", format!("{own}instance/i-0abc")),
            ("i-*", format!("{own}instance/i-*")),
            ("tgw-rtb-0abc", format!("{own}transit-gateway-route-table/tgw-rtb-0abc")),
            ("tgw-0abc", format!("{own}transit-gateway/tgw-0abc")),
            ("snap-0abc", "arn:aws:ec2:eu-west-1::snapshot/snap-0abc".to_owned()),
            ("new-0abc", format!("{own}*/new-0abc")),
            (&format!("{own}vpc/vpc-1"), format!("{own}vpc/vpc-1")),
        ] {
            assert_eq!(made(&[], |call| resource(call, &text(id))), [arn], "{id}");
        }
        assert!(made(&[], |call| resource(call, &text("https://x/y"))).is_empty());
        let open = made(&[], |call| resource(call, &text("tgw-*")));
        assert_eq!(
            open,
            ["", "-attachment", "-route-table"].map(|kind| format!("{own}transit-gateway{kind}/tgw-*"))
        );
    }

    #[test]
    fn paths_end_at_some_types() {
        let ends = |id: &str| made(&[], |call| end_of_path(call, &text(id)));
        let own = "arn:aws:ec2:eu-west-1:111122223333:";
        assert_eq!(ends("igw-0abc"), [format!("{own}internet-gateway/igw-0abc")]);
        assert_eq!(ends("new-0abc"), ENDS.map(|kind| format!("{own}{kind}/new-0abc")));
        assert_eq!(ends(&format!("{own}vpc-endpoint/vpce-1")), [format!("{own}vpc-endpoint/vpce-1")]);
        for other in ["eipalloc-0abc", "https://x/y", "arn:aws:ec2:eu-west-1:1:vpc/vpc-1"] {
            assert!(ends(other).is_empty(), "{other}");
        }
        assert!(ENDS.iter().all(|end| TYPES.iter().any(|(_, kind)| kind == end)) && ENDS.is_sorted());
    }

    #[test]
    fn rows_are_sorted() {
        assert!(TYPES.is_sorted());
    }
}
