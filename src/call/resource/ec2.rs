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

/// The resource with this ID; for an ID that does not show its type, one of any type.
pub(crate) fn resource(call: &Call<'_, '_>, id: &Pattern) -> Vec<Pattern> {
    if id.is_arn() {
        let is_of = |(_, kind): &(&str, &str)| begins_as(id, &format!("arn::ec2:::{kind}/"));
        return if TYPES.iter().any(is_of) { vec![id.clone()] } else { Vec::new() };
    }
    let begun = id.beginning();
    // The longest beginning is the one that is meant. What follows it has no hyphen.
    let of = |row: &&(&str, &str)| begun.strip_prefix(row.0).is_some_and(|rest| !rest.contains('-'));
    let (place, kind) = match TYPES.iter().find(of) {
        Some((_, kind)) if WITHOUT_ACCOUNT.contains(kind) => ("arn:{partition}:ec2:{region}::{}/", *kind),
        Some((_, kind)) => ("arn:{partition}:ec2:{region}:{account}:{}/", *kind),
        None => {
            let template = "arn:{partition}:ec2:{region}:{account}:*/{}";
            return call.named(template, id, "the ID does not show the type of the resource");
        }
    };
    let mut arn = call.arn(place, Some(&Pattern::literal(kind)), "");
    arn.push(id);
    vec![arn]
}

#[cfg(test)]
mod tests {
    use super::{TYPES, resource};
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
    }

    #[test]
    fn rows_are_sorted() {
        assert!(TYPES.is_sorted());
    }
}
