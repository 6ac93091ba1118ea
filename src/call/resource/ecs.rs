//! Task definitions and tasks of Amazon ECS.

use crate::call::{Call, is_of_type};
use crate::iam::{Arn, Pattern, Piece};

pub(crate) const TASK_ID: &str = "the ID of a task exists only at run time";

/// A family, with or without a revision, or the ARN of one.
pub(crate) fn definition(call: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    let arns = call.named("arn:{partition}:ecs:{region}:{account}:task-definition/{}", value, "");
    let revision = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains(':'));
    let is_named = |arn: &Pattern| !arn.split_at("/").is_some_and(|(_, family)| family.is_empty());
    let with_revision = |arn: Pattern| match arn.split_at("/") {
        Some((_, family)) if !family.pieces().iter().any(revision) => {
            call.arn("{}:*", Some(&arn), "without a revision the latest one runs")
        }
        // Where too little of an ARN is known to find the family, it stays as it is.
        _ => arn,
    };
    arns.into_iter().filter(is_named).map(with_revision).collect()
}

/// The template of a cluster's ARN.
pub(crate) const CLUSTER: &str = "arn:{partition}:ecs:{region}:{account}:cluster/{}";

/// The ARNs of tasks have the name of the cluster, whether the task names it or gives its ARN.
pub(crate) fn tasks(call: &Call<'_, '_>, cluster: &Pattern) -> Vec<Pattern> {
    // Of an ARN that is known, the tasks are where the cluster is.
    if let Some(arn) = cluster.known().and_then(Arn::of) {
        let name = arn.resource.strip_prefix("cluster/").filter(|name| !name.is_empty());
        let of =
            |name| call.arn("{}/*", Some(&Pattern::literal(format!("{}:task/{name}", arn.place()))), TASK_ID);
        return name.map(of).into_iter().collect();
    }
    if cluster.is_arn() && !is_of_type(cluster, CLUSTER) {
        return Vec::new();
    }
    let name = match cluster.split_at("/") {
        Some((_, name)) => name,
        None if cluster.beginning().starts_with("arn:") => return Vec::new(),
        // No cluster has this name, and `task//*` would name nothing.
        None if cluster.known().is_some_and(str::is_empty) => call.unfit("Cluster", cluster),
        None => cluster.clone(),
    };
    vec![call.arn("arn:{partition}:ecs:{region}:{account}:task/{}/*", Some(&name), TASK_ID)]
}

#[cfg(test)]
mod tests {
    use super::{definition, tasks};
    use crate::call::testing::{made, text};

    #[test]
    fn a_definition_without_revision_has_all() {
        const DEFINITIONS: &str = "arn:aws:ecs:eu-west-1:111122223333:task-definition/";
        for (value, tail) in [
            ("report", "report:*"),
            ("report:3", "report:3"),
            ("report:*", "report:*"),
            ("report-*", "report-*:*"),
            ("*-report", "*-report:*"),
            ("*:3", "*:3"),
            ("arn:aws:ecs:eu-west-1:111122223333:task-definition/report", "report:*"),
            ("arn:aws:ecs:eu-west-1:111122223333:task-definition/report:3", "report:3"),
            ("arn:aws:ecs:eu-west-1:111122223333:task-definition/report-*", "report-*:*"),
        ] {
            assert_eq!(
                made(&[], |call| definition(call, &text(value))),
                [format!("{DEFINITIONS}{tail}")],
                "{value}"
            );
        }
        for (value, tails) in [
            ("*/report", ["*/report:*", "report:*"]),
            ("*:task-definition/report:3", ["*:task-definition/report:3", "report:3"]),
        ] {
            let arns = tails.map(|tail| format!("{DEFINITIONS}{tail}"));
            assert_eq!(made(&[], |call| definition(call, &text(value))), arns, "{value}");
        }
        assert_eq!(made(&[], |call| definition(call, &text("arn:aws:ecs:*"))), ["arn:aws:ecs:*"]);
    }

    #[test]
    fn tasks_have_the_name_of_the_cluster() {
        for (cluster, name) in [
            ("shop", "shop"),
            ("arn:aws:ecs:eu-west-1:111122223333:cluster/shop", "shop"),
            ("arn:aws:ecs:*:*:cluster/shop-*", "shop-*"),
            ("*-shop", "*-shop"),
        ] {
            let arn = format!("arn:aws:ecs:eu-west-1:111122223333:task/{name}/*");
            assert_eq!(made(&[], |call| tasks(call, &text(cluster))), [arn], "{cluster}");
        }
        assert!(made(&[], |call| tasks(call, &text("arn:aws:ecs:*"))).is_empty());
        // With the reason that makes it an error.
        let unnamed = ["arn:aws:ecs:eu-west-1:111122223333:task/*/*"];
        assert_eq!(made(&[], |call| tasks(call, &text(""))), unnamed);
    }
}
