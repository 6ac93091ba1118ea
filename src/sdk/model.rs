//! The data model of the catalogue: what an operation needs, on what, and how certain that is.

use std::borrow::Cow;

use crate::call::resource::Reader;
use crate::iam::ArnFields;

pub(super) const PASS_ROLE: &str = "iam:PassRole";

/// Whether Step Functions offers a service. Its lists grow between two updates of the catalogue, so this
/// never rejects a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is in Step Functions' list.
    Listed,
    /// It was taken off the list; the month as `2026-06`.
    Removed(&'static str),
    /// There is an API, but no list of Step Functions names it.
    Unlisted,
    /// AWS has closed the service.
    Retired,
}

/// What an operation needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// As the API spells it: `StartExecution`.
    pub name: &'static str,
    /// Where its actions come from.
    pub rule: Rule,
    /// Why its resource cannot be determined exactly; `None` if it can.
    pub wide: Option<Wide>,
    /// Whether Step Functions can call it.
    pub support: Support,
    /// What is checked; empty if nothing is.
    pub actions: Vec<Action>,
    /// The parameters that hold a role, for `iam:PassRole`.
    pub roles: Vec<Path>,
    /// The parameters that hold the ARN of a role, which the call passes, or of something else.
    pub possible_roles: Vec<Path>,
    /// The values of `iam:PassedToService` for these roles, if others than those of the service; empty for
    /// any service.
    pub passed_to: Option<Vec<&'static str>>,
}

/// How the actions of an operation were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The authorization data lists an action with the operation's name.
    SameName,
    /// A reviewed table has another action.
    Exception,
    /// IAM checks nothing.
    NoPermission,
    /// API Gateway: the HTTP method on the request's path.
    HttpMethod,
    /// The API reference link of the action is the operation's page.
    ApiLink,
    /// The operation's documentation names the action.
    Documentation,
    /// The action of the name without `Batch`, `V2` or a similar part.
    Affix,
    /// A mapping from 2022.
    Map,
    /// The operation's name; the action was listed once.
    Withdrawn,
    /// The operation's name; nothing lists the action.
    Assumed,
}

/// Why a resource cannot be narrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wide {
    /// The service gives the id of what the call creates.
    Created,
    /// The call reads all resources of a type.
    Listed,
    /// Part of the ARN is known to the service alone.
    Partial,
    /// The parameters name something else.
    Hidden,
}

/// Whether Step Functions can call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// Nothing says it cannot.
    Supported,
    /// It is like those that it cannot call.
    Doubtful,
    /// AWS says that it cannot.
    Unsupported,
}

/// An action that is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Such as `states:StartExecution`.
    pub name: Cow<'static, str>,
    /// Why it is needed.
    pub kind: Kind,
    /// How sure that is.
    pub confidence: Confidence,
    /// Whether the authorization data lists it.
    pub listed: bool,
    /// When it is needed: all of these hold.
    pub when: Vec<Condition>,
    /// It is so dangerous that it is allowed only if known values fulfil the conditions.
    pub decided: bool,
    /// The values of `iam:PassedToService` under which alone it is allowed; empty for any.
    pub passed_to: Vec<&'static str>,
    /// The services that call AWS KMS for the caller, as `kms:ViaService` names them; empty if that is not
    /// known.
    pub via: Vec<&'static str>,
    /// Further conditions under which alone it is allowed: a condition key and its value.
    pub conditions: Vec<(&'static str, &'static str)>,
    /// The parameters with the tags that select the resources.
    pub tagged: Option<Tagged>,
    /// On what; empty for `*`.
    pub targets: Vec<Target>,
    /// More about it, for a person.
    pub note: &'static str,
}

/// Resources that a call selects by their tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tagged {
    /// The condition key, to which the key of the tag is added: `ssm:resourceTag/`.
    pub key: &'static str,
    /// The parameter with the keys, as `tag:KEY`.
    pub keys: Path,
    /// The parameter with the values.
    pub values: Path,
}

/// Why an action is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It is the operation's own.
    Own,
    /// The authorization data says that the operation depends on it.
    Dependent,
    /// The call tags what it creates.
    Tag,
    /// The service acts with the caller's permissions.
    Extra,
    /// It is needed only with a key of the customer.
    Optional,
    /// It may be needed on the key that a parameter names, but no source settles it: a finding, not a grant.
    Key,
    /// The operation can depend on it, but no parameter shows when: advice, not a grant.
    Advice,
    /// It only determines which error the call returns: a finding, not a grant.
    Error,
    /// The first call in an account creates the service's role.
    ServiceLinkedRole,
}

impl Kind {
    /// Whether the policy allows it: not what no parameter shows, what only some accounts need, and what only
    /// a first call needs.
    #[must_use]
    pub const fn is_granted(self) -> bool {
        !matches!(self, Kind::Advice | Kind::Error | Kind::Key | Kind::Optional | Kind::ServiceLinkedRole)
    }
}

/// How sure an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// AWS documents it, or two sources agree.
    High,
    /// One source, or a family of operations that agree.
    Medium,
    /// A reasoned guess.
    Low,
}

/// A resource of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An ARN made of parameters.
    Expression(Template),
    /// A resource type.
    Type {
        /// Its name in the authorization data, such as `statemachine`.
        name: TypeName,
        /// When it counts.
        presence: Presence,
        /// What it means that no parameter names it.
        without: Without,
        /// The parameter with the account that owns it.
        owner: Option<Owner>,
        /// Parameters that hold the whole ARN; a value that is not an ARN of the type is ignored.
        whole: Vec<Binding>,
        /// The ARN with its holes.
        template: Template,
    },
}

impl Target {
    /// The parameter with the account that owns it. An ARN made of parameters has none beside them.
    #[must_use]
    pub fn owner(&self) -> Option<Owner> {
        match self {
            Target::Type { owner, .. } => *owner,
            Target::Expression(_) => None,
        }
    }
}

/// Which parameter has the account that owns a resource. Without it, that is the caller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The parameter.
    pub path: Path,
    /// Whether it also takes what is no account number, which means something of the caller's.
    pub takes_others: bool,
}

/// What it means that no parameter names a resource if optional parameters could.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Without {
    /// The call fails, or a parameter that does not show the resource is used instead.
    Open,
    /// The call is about every resource of the type.
    All,
    /// The call makes one, and the service names it.
    Created,
}

/// When a resource type counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Unless no parameter fills it and another that is needed in its place is filled.
    Needed,
    /// Always: the authorization data calls it required, or the call creates it.
    Always,
    /// Only if a parameter fills it.
    Optional,
}

/// The name of a resource type in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeName(pub(super) &'static str);

impl TypeName {
    /// The name as the authorization data has it.
    #[must_use]
    pub fn title(&self) -> Cow<'static, str> {
        let name = self.0.trim_end_matches('+');
        let name = name.split_once('/').map_or(name, |(_, name)| name);
        if name.contains('_') { name.replace('_', " ").into() } else { name.into() }
    }
}

/// The number of colons before the resource of an ARN.
const FIELDS: usize = 5;

/// An ARN with holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// From left to right.
    pub pieces: Vec<Piece>,
}

impl Template {
    /// What fills the holes, from left to right.
    pub fn bindings(&self) -> impl Iterator<Item = &Binding> {
        let bindings = self.pieces.iter().map(|piece| match piece {
            Piece::Hole { bindings, .. } => bindings.as_slice(),
            _ => &[],
        });
        bindings.flatten()
    }

    /// Whether parameters fill every hole.
    pub(super) fn is_filled(&self) -> bool {
        self.pieces.iter().all(|piece| !matches!(piece, Piece::Hole { bindings, .. } if bindings.is_empty()))
    }

    /// Whether a parameter that fills a hole is among others.
    pub(super) fn shares_parameter(&self, others: &[Binding]) -> bool {
        let path = |binding: &Binding| match binding {
            Binding::Parameter { path, .. } => Some(*path),
            Binding::Constant(_) => None,
        };
        let mut own = self.bindings().filter_map(path);
        own.any(|own| others.iter().any(|other| path(other) == Some(own)))
    }

    /// The text before the first hole or wildcard of the resource; the fields before it are left empty where
    /// they are not written.
    #[must_use]
    pub fn beginning(&self) -> String {
        let mut written = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => match text.split_once('*') {
                    // A wildcard between two of the first colons is a field that can be anything.
                    Some((before, after))
                        if before.ends_with(':')
                            && after.starts_with(':')
                            && written.matches(':').count() + before.matches(':').count() < FIELDS =>
                    {
                        written.push_str(before);
                        written.push_str(after);
                    }
                    Some((before, _)) => {
                        written.push_str(before);
                        return written;
                    }
                    None => written.push_str(text),
                },
                Piece::Hole { .. } if written.matches(':').count() >= FIELDS => return written,
                Piece::Hole { .. } | Piece::Partition | Piece::Region | Piece::Account => {}
            }
        }
        written
    }

    /// The service in the ARN; `None` if it is not fixed.
    #[must_use]
    pub fn service(&self) -> Option<String> {
        let written = self.beginning();
        ArnFields::of(&written).service.filter(|service| !service.is_empty()).map(str::to_owned)
    }
}

/// A stretch of an ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These characters; `*` and `?` are wildcards.
    Text(&'static str),
    /// The partition of the state machine.
    Partition,
    /// Its region.
    Region,
    /// Its account.
    Account,
    /// What parameters say.
    Hole {
        /// The variable of the authorization data, such as `StateMachineName`; empty in an expression.
        variable: &'static str,
        /// What fills it; all that are present count. Empty if nothing does.
        bindings: Vec<Binding>,
    },
}

/// What fills a hole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// Always this text.
    Constant(&'static str),
    /// A parameter.
    Parameter {
        /// Where it is.
        path: Path,
        /// What is done with its value, one after the other, unless it is an ARN that fits the template.
        transforms: Vec<Transform>,
    },
}

impl Binding {
    /// The reader of the parameter, if it names the whole resource in a way of its own.
    #[must_use]
    pub fn reader(&self) -> Option<Reader> {
        let Binding::Parameter { transforms, .. } = self else { return None };
        transforms.iter().find_map(|transform| match transform {
            Transform::Read(reader) => Some(*reader),
            _ => None,
        })
    }
}

/// What is done with a parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transform {
    /// The text after the last such character.
    AfterLast(char),
    /// Of an ARN, the text after the last such character; a name as it is.
    NameAfterLast(char),
    /// The text before the last such character.
    BeforeLast(char),
    /// The text before the first such character.
    BeforeFirst(char),
    /// One such character at the start is dropped.
    TrimStart(char),
    /// This text at the start is dropped if it is there.
    TrimPrefix(&'static str),
    /// This text at the start is dropped; a value without it does not count.
    AfterPrefix(&'static str),
    /// The value, unless it has this prefix.
    Unless(&'static str),
    /// This text if there is no value.
    Default(&'static str),
    /// This text is appended.
    Append(&'static str),
    /// In lower case, for the ARN has it so.
    LowerCase,
    /// The scope of AWS WAF, which ARNs have as `regional` and `global`.
    WafScope,
    /// The e-mail address without the name before it, and its domain: two values, either can be the identity.
    EmailIdentity,
    /// Bucket and key of an S3 copy source.
    CopySource,
    /// The path without a slash at its end, and everything below it: two values.
    Below,
    /// The value names the whole resource in a way of its own.
    Read(Reader),
}

/// When an action is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The test must fail.
    pub negated: bool,
    /// Parameters, of which one has to pass.
    pub paths: Vec<Path>,
    /// What is asked of them.
    pub test: Test,
}

/// A question about a parameter. Case does not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// Is it given?
    Present,
    /// Is it this text?
    Equals(&'static str),
    /// Does it contain this text?
    Contains(&'static str),
    /// Does it end with this text?
    Ends(&'static str),
    /// Is it a PartiQL statement with this verb?
    Verb(&'static str),
    /// Is it a statement of Amazon Timestream that begins with these words, which have hyphens between them?
    Statement(&'static str),
}

/// Where a parameter is, as Step Functions spells it: `DbInstanceIdentifier`, `Entries[].EventBusName`,
/// `RequestItems{}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub(super) &'static str);

impl Path {
    /// The path as a person writes it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_by_their_own_names() {
        assert_eq!(TypeName("stream_group").title(), "stream group");
        assert_eq!(TypeName("s3express/bucket").title(), "bucket");
        assert_eq!(TypeName("bot+").title(), "bot");
    }
}
