//! What an operation of the SDK needs with the arguments of a task.

use std::collections::BTreeMap;

use super::accepted::{self, Rejected};
use super::actions;
use super::arn::{CREATED, Extent, Filled, Literal, filled};
use super::catalog::Service;
use super::certain::{is_any_needed, is_needed_anyway, is_ruled_out};
use super::conditions::{all_of, holds};
use super::evidence::Basis;
use super::model::{Action, Binding, Kind, Operation, PASS_ROLE, Path, Presence as Counts, Target, Wide};
use crate::call::resource::{Named, Reader, alias, iam};
use crate::call::{Call, Pending, Presence};
use crate::iam::{ArnFields, Condition, Grant, Operator, Pattern, Unresolved, WildcardReason};

/// What is allowed, and how it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Granted {
    /// What is allowed.
    pub grant: Grant,
    /// By which rule it is known, and how sure that is.
    pub basis: Basis,
    /// Which parts of it depend on tokens whose values are not known yet.
    pub pending: Pending,
}

/// All that a call of the operation needs, and the literals that name nothing of what they are read for: the
/// parameter and the text.
#[must_use]
pub fn granted(
    service: &Service,
    operation: &Operation,
    call: &Call<'_, '_>,
) -> (Vec<Granted>, Vec<Rejected>) {
    let mut all = Vec::new();
    let mut read = Vec::new();
    for action in operation.actions.iter().filter(|action| action.kind.is_granted()) {
        call.forget();
        let is_granted = is_granted(action, call);
        let mut pending = Pending { existence: call.depends(), ..Pending::default() };
        if !is_granted {
            if pending.existence && !is_ruled_out(action, call) {
                all.push(pending_grant(&action.name, operation.basis(action)));
            }
            continue;
        }
        let conditions = conditions(action, call);
        pending.conditions = call.depends();
        let resources = resources((service, operation), action, call, &mut read);
        pending.resources = call.depends();
        if pending.resources && may_have_condition(action) {
            pending.number = true;
            pending.conditions = true;
        }
        push(&mut all, &action.name, resources, &conditions, operation.basis(action), pending);
    }
    pass_roles(service, operation, call, &mut all);
    for one in all.iter_mut().filter(|one| one.pending.existence) {
        one.pending.is_by_type =
            one.grant.actions.iter().all(|action| is_needed_anyway(operation, action, call));
    }
    if all.iter().all(|one| one.pending.existence) && is_any_needed(operation, call) {
        all.iter_mut().for_each(|one| one.pending.is_one_of_several = true);
    }
    let (taken, rejected) = sorted_out(read);
    accept(&mut all, &taken);
    let rejected =
        rejected.into_iter().map(|(parameter, text)| Rejected { parameter, text, is_certain: false });
    let mut rejected: Vec<Rejected> = rejected.collect();
    // What a page of AWS rejects is rejected wherever else it is read.
    rejected.extend(accepted::misread(service, operation, call));
    rejected.sort();
    rejected.dedup();
    (all, rejected)
}

/// A parameter and a literal in it.
type Given = (String, String);

/// The literals that fit somewhere, since one of several types may have what another one does not, and those
/// that fit nowhere.
fn sorted_out(read: Vec<Literal>) -> (Vec<Given>, Vec<Given>) {
    let mut fits: BTreeMap<Given, bool> = BTreeMap::new();
    for one in read {
        *fits.entry((one.parameter, one.text)).or_default() |= one.fits;
    }
    let (taken, rejected): (Vec<_>, Vec<_>) = fits.into_iter().partition(|(_, fits)| *fits);
    let literals = |of: Vec<(Given, bool)>| of.into_iter().map(|(literal, _)| literal).collect();
    (literals(taken), literals(rejected))
}

/// What a call accepts is no mistake where it names nothing: it leaves the resource open.
fn accept(all: &mut [Granted], taken: &[Given]) {
    const OTHER: &str = "a resource of another type";
    let is_taken = |parameter: &String, text: &String| {
        taken.binary_search_by(|(own, given)| (own, given).cmp(&(parameter, text))).is_ok()
    };
    let is_accepted = |why: &WildcardReason| matches!(why, WildcardReason::Run { parameter, cause: Unresolved::Malformed(text) } if is_taken(parameter, text));
    let other = |why: &WildcardReason| match why {
        WildcardReason::Run { parameter, .. } if is_accepted(why) => {
            WildcardReason::Run { parameter: parameter.clone(), cause: Unresolved::Undecided(OTHER) }
        }
        _ => why.clone(),
    };
    for resource in all.iter_mut().flat_map(|one| &mut one.grant.resources) {
        if resource.reasons().any(is_accepted) {
            *resource = resource.with_reasons(other);
        }
    }
}

/// On what an action would be allowed.
pub(super) fn subjects(of: (&Service, &Operation), action: &Action, call: &Call<'_, '_>) -> Vec<Pattern> {
    let resources = resources(of, action, call, &mut Vec::new());
    resources.into_iter().map(|resource| resource.arn).collect()
}

/// The roles that a call passes.
fn pass_roles(service: &Service, operation: &Operation, call: &Call<'_, '_>, all: &mut Vec<Granted>) {
    call.forget();
    let mut roles: Vec<Named> = operation.roles.iter().flat_map(|path| roles(*path, call)).collect();
    let mut resources = call.depends();
    // A text always names a role.
    let given: Vec<Presence> = operation.roles.iter().map(|path| call.presence(path.as_str())).collect();
    let mut existence = call.depends();
    let mut certain = given.contains(&Presence::Always);
    for path in &operation.possible_roles {
        let possible = possible_roles(*path, call);
        let is_open = call.depends();
        certain |= !is_open && !possible.is_empty();
        // The text may turn out to be none of a role.
        existence |= is_open;
        resources |= is_open;
        roles.extend(possible);
    }
    let existence = existence && !certain;
    if roles.is_empty() && existence {
        return all.push(pending_grant(PASS_ROLE, Basis::ROLE));
    }
    let conditions: Vec<Condition> = passed_to(service.takers(operation)).into_iter().collect();
    let pending = Pending { existence, resources, ..Pending::default() };
    push(all, PASS_ROLE, roles, &conditions, Basis::ROLE, pending);
}

/// In place of what may be granted, of which only the action is known.
fn pending_grant(action: &str, basis: Basis) -> Granted {
    let any = WildcardReason::Run { parameter: String::new(), cause: Unresolved::Pending(String::new()) };
    let grant = Grant {
        actions: vec![action.to_owned()],
        resources: vec![Pattern::anything(any)],
        conditions: Vec::new(),
    };
    Granted { grant, basis, pending: Pending::ALL }
}

/// Whether a value can name a resource of the action under a condition of its own.
fn may_have_condition(action: &Action) -> bool {
    action.targets.iter().any(|target| {
        let (whole, template) = match target {
            Target::Expression(template) => (&[][..], template),
            Target::Type { whole, template, .. } => (whole.as_slice(), template),
        };
        let mut readers = whole.iter().chain(template.bindings()).filter_map(Binding::reader);
        readers.any(Reader::may_have_condition)
    })
}

/// Whether a call comes under the conditions of an action.
pub(super) fn needed(action: &Action, call: &Call<'_, '_>) -> Presence {
    if is_about_managed_keys(action, call) {
        return Presence::Never;
    }
    all_of(action.when.iter().map(|when| holds(when, call)))
}

/// Whether it is for keys that a service manages: their policies admit everybody in the account who calls
/// through the service.
fn is_about_managed_keys(action: &Action, call: &Call<'_, '_>) -> bool {
    let is_about_keys = action.kind != Kind::Own && action.name.starts_with("kms:");
    let paths = action.when.first().filter(|_| is_about_keys).map(|when| when.paths.as_slice());
    let mut keys = paths.unwrap_or_default().iter().flat_map(|path| call.texts(path.as_str())).peekable();
    keys.peek().is_some() && keys.all(|key| key.known().is_some_and(|key| key.contains("alias/aws/")))
}

impl Action {
    /// Whether a call can come under its conditions.
    #[must_use]
    pub fn may_be_needed(&self, call: &Call<'_, '_>) -> bool {
        needed(self, call) != Presence::Never
    }

    /// Whether a service makes grants on a key with the caller's permissions. The caller itself must not.
    #[must_use]
    pub fn makes_grants(&self) -> bool {
        self.name == "kms:CreateGrant" && self.kind != Kind::Own
    }
}

/// Whether a call is granted an action: a dangerous one only if it is certainly needed.
pub(super) fn is_granted(action: &Action, call: &Call<'_, '_>) -> bool {
    match needed(action, call) {
        Presence::Never => false,
        Presence::Maybe => action.kind.is_granted() && !action.decided,
        Presence::Always => action.kind.is_granted(),
    }
}

fn conditions(action: &Action, call: &Call<'_, '_>) -> Vec<Condition> {
    let fixed = action.conditions.iter().filter_map(|(key, value)| {
        let values = match value.strip_prefix("${").and_then(|hole| hole.strip_suffix('}')) {
            Some(path) => {
                let values = known(path, call)?.into_iter();
                values.map(|text| alias::on_outpost(call, &text).unwrap_or(text)).collect()
            }
            None => vec![Pattern::literal(*value)],
        };
        let is_exact = values.iter().all(|value| value.known().is_some());
        let operator = if is_exact { Operator::StringEquals } else { Operator::StringLike };
        Some(Condition::new(operator, *key, &values))
    });
    let named = [passed_to(&action.passed_to), via(&action.via, call), for_a_service(action)];
    named.into_iter().flatten().chain(fixed).chain(tags(action, call)).collect()
}

/// The values of a parameter, if it is given and all of them are known.
fn known(path: &str, call: &Call<'_, '_>) -> Option<Vec<Pattern>> {
    let texts = call.texts(path);
    let certain = call.presence(path) == Presence::Always && texts.iter().all(|text| text.known().is_some());
    certain.then_some(texts)
}

fn for_a_service(action: &Action) -> Option<Condition> {
    let value = [Pattern::literal("true")];
    action.makes_grants().then(|| Condition::new(Operator::Bool, "kms:GrantIsForAWSResource", &value))
}

/// The tags by which a call selects, where all keys are known: a resource must have every one of them.
fn tags(action: &Action, call: &Call<'_, '_>) -> Vec<Condition> {
    let Some(tagged) = action.tagged else { return Vec::new() };
    let (keys, values) = (call.texts(tagged.keys.as_str()), call.texts(tagged.values.as_str()));
    let known: Option<Vec<String>> = keys.iter().map(|key| key.known().map(ToOwned::to_owned)).collect();
    let selecting = known.unwrap_or_default().into_iter().filter_map(|key| {
        let key = key.strip_prefix("tag:")?;
        Some(Condition::new(Operator::StringEquals, format!("{}{key}", tagged.key), &values))
    });
    selecting.collect()
}

/// Why it is not certain that a call selects by tags: a key that is not known, or by which none can select.
fn not_selecting(action: &Action, call: &Call<'_, '_>) -> Option<WildcardReason> {
    let parameter = action.tagged?.keys.as_str();
    call.texts(parameter).iter().find_map(|key| match key.known() {
        Some(text) if selects(text) => None,
        Some(text) => {
            let cause = Unresolved::Malformed(text.to_owned());
            Some(WildcardReason::Run { parameter: parameter.to_owned(), cause })
        }
        None => key.reasons().next().cloned(),
    })
}

/// Whether nodes can be selected by a key.
///
/// Source: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Target.html>.
fn selects(key: &str) -> bool {
    const OTHERS: [&str; 4] =
        ["InstanceIds", "resource-groups:Name", "resource-groups:ResourceTypeFilters", "tag-key"];
    key.strip_prefix("tag:").is_some_and(|tag| !tag.is_empty()) || OTHERS.contains(&key)
}

fn passed_to(services: &[&'static str]) -> Option<Condition> {
    let values: Vec<Pattern> = services.iter().map(|value| Pattern::literal(*value)).collect();
    (!values.is_empty()).then(|| Condition::new(Operator::StringEquals, "iam:PassedToService", &values))
}

/// The suffix of `kms:ViaService` is known only for these partitions.
const VIA_AMAZONAWS_COM: [&str; 2] = ["aws", "aws-us-gov"];

fn via(services: &[&'static str], call: &Call<'_, '_>) -> Option<Condition> {
    let known = VIA_AMAZONAWS_COM.contains(&call.aws.partition.as_str());
    let value =
        |service: &&'static str| call.arn("{}.{region}.amazonaws.com", Some(&Pattern::literal(*service)), "");
    let values: Vec<Pattern> = services.iter().map(value).collect();
    (known && !values.is_empty()).then(|| Condition::new(Operator::StringEquals, "kms:ViaService", &values))
}

/// The resources under the same condition share a grant.
fn push(
    all: &mut Vec<Granted>,
    action: &str,
    mut resources: Vec<Named>,
    conditions: &[Condition],
    basis: Basis,
    pending: Pending,
) {
    resources.sort_by(|one, two| one.condition.cmp(&two.condition).then_with(|| one.arn.cmp(&two.arn)));
    resources.dedup();
    for group in resources.chunk_by(|one, two| one.condition == two.condition) {
        let own = group.first().and_then(|resource| resource.condition.clone());
        let mut conditions: Vec<Condition> = conditions.iter().cloned().chain(own).collect();
        conditions.sort();
        let resources = group.iter().map(|resource| resource.arn.clone()).collect();
        let grant = Grant { actions: vec![action.to_owned()], resources, conditions };
        all.push(Granted { grant, basis, pending });
    }
}

/// The ARNs of an action. A type that is required always counts; one of several alternatives unless
/// parameters name another, and less fully than that no more than not at all: without the name of an index no
/// index is read; one that is optional if parameters name it wholly. A dependent action has at least its own
/// types.
fn resources(
    of: (&Service, &Operation),
    action: &Action,
    call: &Call<'_, '_>,
    read: &mut Vec<Literal>,
) -> Vec<Named> {
    let (_, operation) = of;
    let all: Vec<(Counts, Filled)> = action
        .targets
        .iter()
        .map(|target| {
            let counts = match target {
                Target::Expression(_) => Counts::Always,
                Target::Type { presence, .. } => *presence,
            };
            let because = not_selecting(action, call).unwrap_or_else(|| because(operation, action, target));
            (counts, filled(of, target, action, &because, call))
        })
        .collect();
    read.extend(all.iter().flat_map(|(_, filled)| filled.read.iter().cloned()));
    let best = |extent: Extent| {
        all.iter().any(|(counts, filled)| *counts == Counts::Needed && filled.extent == extent)
    };
    let (one_is_whole, one_is_part) = (best(Extent::Whole), best(Extent::Part));
    let of = |counts: &dyn Fn(Counts, Extent) -> bool| -> Vec<Named> {
        let chosen = all.iter().filter(|(presence, filled)| counts(*presence, filled.extent));
        chosen.flat_map(|(_, filled)| filled.resources.clone()).collect()
    };
    let named = of(&|counts, extent| match counts {
        Counts::Always => true,
        Counts::Needed if one_is_whole => extent == Extent::Whole,
        Counts::Needed if one_is_part => extent == Extent::Part,
        Counts::Needed => true,
        Counts::Optional => extent == Extent::Whole,
    });
    let misfits = || of(&|_, extent| extent == Extent::Misfit);
    // A dependent action has no wider resource than its own types.
    let own = || if action.kind == Kind::Own { Vec::new() } else { of(&|_, _| true) };
    let anything = || {
        let why = undecided(operation, action, call).unwrap_or_else(|| of_anything(operation, action));
        vec![Pattern::anything(why).into()]
    };
    [named, misfits(), own(), anything()].into_iter().find(|chosen| !chosen.is_empty()).unwrap_or_default()
}

/// Why it is not known on which type an action is checked: a parameter decides whether on one, and its value
/// is not known.
fn undecided(operation: &Operation, action: &Action, call: &Call<'_, '_>) -> Option<WildcardReason> {
    const A_TOKEN: &str = "a token without a value";
    let decides = |other: &Action| other.name == action.name && !other.targets.is_empty();
    if !operation.actions.iter().any(decides) {
        return None;
    }
    let open = action.when.iter().filter(|when| holds(when, call) == Presence::Maybe);
    let mut reasons = open.flat_map(|when| &when.paths).flat_map(|path| {
        let of_text = |text: &Pattern| match text.written(false) {
            // A token is plain text until it is replaced.
            Some(_) => Some(WildcardReason::Run {
                parameter: path.as_str().to_owned(),
                cause: Unresolved::Undecided(A_TOKEN),
            }),
            None => text.reasons().find(|why| matches!(why, WildcardReason::Run { .. })).cloned(),
        };
        call.texts(path.as_str()).iter().filter_map(of_text).collect::<Vec<_>>()
    });
    reasons.next()
}

/// Why an action is allowed on everything: its types are optional, or it has none.
fn of_anything(operation: &Operation, action: &Action) -> WildcardReason {
    let bindings = action.targets.iter().flat_map(|target| match target {
        Target::Expression(template) => template.bindings().collect::<Vec<_>>(),
        Target::Type { whole, template, .. } => whole.iter().chain(template.bindings()).collect(),
    });
    let parameter = bindings.into_iter().find_map(|binding| match binding {
        Binding::Parameter { path, .. } => Some(path.as_str().to_owned()),
        Binding::Constant(_) => None,
    });
    match parameter.filter(|_| operation.wide != Some(Wide::Listed)) {
        Some(parameter) => WildcardReason::Run { parameter, cause: Unresolved::NotGiven },
        // For a closed service, only the names of its actions are known.
        None if operation.wide == Some(Wide::Hidden) && !actions::is_without_type(&action.name) => {
            WildcardReason::Run { parameter: "resource".to_owned(), cause: Unresolved::NoParameter }
        }
        None => {
            WildcardReason::Aws("no resource type is required for the action, and no parameter names one")
        }
    }
}

fn roles(path: Path, call: &Call<'_, '_>) -> Vec<Named> {
    let texts = call.texts(path.as_str());
    let arns = texts.iter().flat_map(|text| {
        let named = iam::roles(call, text);
        // If too little is known of an ARN, its account is still that of the state machine.
        if named.is_empty() { vec![iam::any_role(call, path.as_str(), text)] } else { named }
    });
    arns.map(Named::from).collect()
}

/// The roles in a parameter that can also hold something else: `arn:aws:iam::*:user/*` means the caller, a
/// word something that the service knows, and an empty text nothing.
fn possible_roles(path: Path, call: &Call<'_, '_>) -> Vec<Named> {
    let is_of_word = |one: u8| one.is_ascii_alphanumeric() || b"_-".contains(&one);
    let is_other = |text: &str| text.ends_with(CALLER) || text.bytes().all(is_of_word);
    let texts = call.texts(path.as_str());
    let texts = texts.iter().filter(|text| !text.known().is_some_and(is_other));
    let roles = texts.flat_map(|text| {
        let is_certain = text.known().is_some() || text.has_unwritable() || text.is_arn();
        // Of an unknown beginning, it is not known either whether it is a role.
        if !is_certain && text.beginning().is_empty() && !text.is_unknown() {
            return Vec::new();
        }
        match iam::roles(call, text) {
            none if none.is_empty() && is_certain => vec![iam::any_role(call, path.as_str(), text)],
            roles => roles,
        }
    });
    roles.map(Named::from).collect()
}

/// How the ARN ends that means the caller.
const CALLER: &str = ":iam::*:user/*";

/// Why the part of a target that no parameter fills is a wildcard: the resource does not exist before the
/// call, the call is about all of them, or it exists and nothing names it.
fn because(operation: &Operation, action: &Action, target: &Target) -> WildcardReason {
    // The role exists, and the note says where it is.
    if !action.passed_to.is_empty() && !action.note.is_empty() {
        return WildcardReason::Run {
            parameter: "the role to pass".to_owned(),
            cause: Unresolved::Elsewhere(action.note),
        };
    }
    if action.tagged.is_some() {
        return WildcardReason::Aws("the call selects resources by their tags");
    }
    let own = operation.actions.iter().filter(|one| one.kind == Kind::Own).flat_map(|one| &one.targets);
    let is_own = action.kind == Kind::Own || own.map(title).any(|one| one == title(target));
    match operation.wide.filter(|_| is_own) {
        _ if action.kind == Kind::Tag => WildcardReason::Aws(CREATED),
        Some(Wide::Created) => WildcardReason::Aws(CREATED),
        Some(Wide::Listed) => WildcardReason::Aws("the call reads all resources of the type"),
        Some(Wide::Partial | Wide::Hidden) | None => {
            WildcardReason::Run { parameter: title(target), cause: Unresolved::NoParameter }
        }
    }
}

/// The resource type of a target, from the authorization data or from the ARN.
fn title(target: &Target) -> String {
    match target {
        Target::Type { name, .. } => name.title().into_owned(),
        Target::Expression(template) => {
            let written = template.beginning();
            let resource = ArnFields::of(&written).resource.unwrap_or_default();
            let kind = resource.split(['/', ':']).next().unwrap_or_default();
            if kind.is_empty() { "resource".to_owned() } else { kind.to_owned() }
        }
    }
}
