//! The kinds of findings: each has a code that stays the same while messages change.

use super::Severity;
use super::rows::{
    Row, argument, command_line, definition, integration, location, member, setting, value, wildcard,
};

/// Defines the enum and the way from a code to its row.
macro_rules! codes {
    ($($code:ident => $row:path,)*) => {
        /// The kind of a finding. Declared in the order of severity, the most severe first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("See [`", stringify!($row), "`].")] $code,)*
        }

        impl Code {
            /// All codes, the most severe first.
            pub const ALL: &[Code] = &[$(Code::$code,)*];

            /// What the code means.
            #[must_use]
            pub const fn row(self) -> &'static Row {
                match self {
                    $(Code::$code => &$row,)*
                }
            }
        }
    };
}

codes! {
    Defect => argument::DEFECT,
    RefusedPolicy => argument::REFUSED_POLICY,
    Interrupted => argument::INTERRUPTED,
    // The text is not a state machine.
    UnreadableFile => command_line::UNREADABLE_FILE,
    InvalidYaml => command_line::INVALID_YAML,
    InvalidPolicy => command_line::INVALID_POLICY,
    MissingPermission => command_line::MISSING_PERMISSION,
    InvalidJson => definition::INVALID_JSON,
    DuplicateKey => definition::DUPLICATE_KEY,
    NotADefinition => definition::NOT_A_DEFINITION,
    InvalidWorkflow => definition::INVALID_WORKFLOW,
    InvalidState => definition::INVALID_STATE,
    InvalidResource => definition::INVALID_RESOURCE,
    InvalidCredentials => definition::INVALID_CREDENTIALS,
    InvalidMap => definition::INVALID_MAP,
    InvalidTransfer => definition::INVALID_TRANSFER,
    InvalidLanguage => definition::INVALID_LANGUAGE,
    InvalidJsonata => member::INVALID_JSONATA,
    InvalidDynamicMember => member::INVALID_DYNAMIC_MEMBER,
    InvalidIntrinsic => member::INVALID_INTRINSIC,
    CloudformationFunction => member::CLOUDFORMATION_FUNCTION,
    DuplicateMember => member::DUPLICATE_MEMBER,
    InvalidTransition => member::INVALID_TRANSITION,
    InvalidRule => member::INVALID_RULE,
    MissingState => member::MISSING_STATE,
    DuplicateStateName => member::DUPLICATE_STATE_NAME,
    UnreachableState => member::UNREACHABLE_STATE,
    UnknownMember => member::UNKNOWN_MEMBER,
    // What a task calls does not exist, or is elsewhere.
    UnknownService => integration::UNKNOWN_SERVICE,
    UnknownApi => integration::UNKNOWN_API,
    UnknownPattern => integration::UNKNOWN_PATTERN,
    ExpressUnsupported => integration::EXPRESS_UNSUPPORTED,
    InvalidCharacter => value::INVALID_CHARACTER,
    ImpossibleValue => value::IMPOSSIBLE_VALUE,
    WrongPartition => location::WRONG_PARTITION,
    WrongRegion => location::WRONG_REGION,
    WrongAccount => location::WRONG_ACCOUNT,
    // Arguments.
    InvalidArgument => argument::INVALID_ARGUMENT,
    MissingSubstitution => argument::MISSING_SUBSTITUTION,
    TemplateConstruct => argument::TEMPLATE_CONSTRUCT,
    InvalidInput => argument::INVALID_INPUT,
    InvalidKey => setting::INVALID_KEY,
    InvalidHint => argument::INVALID_HINT,
    HintWithoutState => argument::HINT_WITHOUT_STATE,
    HintWithoutMatch => argument::HINT_WITHOUT_MATCH,
    HintTwice => argument::HINT_TWICE,
    HintTooWide => argument::HINT_TOO_WIDE,
    PolicyTooLarge => argument::POLICY_TOO_LARGE,
    PermissionTooLarge => argument::PERMISSION_TOO_LARGE,
    // The policy is generated, and should be reviewed.
    OpenTrust => setting::OPEN_TRUST,
    OpenHost => wildcard::OPEN_HOST,
    DangerousWildcard => wildcard::DANGEROUS_WILDCARD,
    UnresolvedResource => wildcard::UNRESOLVED_RESOURCE,
    AllowedUnknownApi => integration::ALLOWED_UNKNOWN_API,
    NeedlessUnknownApi => integration::NEEDLESS_UNKNOWN_API,
    AssumedAction => integration::ASSUMED_ACTION,
    NotGranted => integration::NOT_GRANTED,
    UnwritableCharacter => value::UNWRITABLE_CHARACTER,
    LiteralWildcard => value::LITERAL_WILDCARD,
    LeftOverToken => argument::LEFT_OVER_TOKEN,
    UnsupportedApi => integration::UNSUPPORTED_API,
    RetiredService => integration::RETIRED_SERVICE,
    UndocumentedCredentials => integration::UNDOCUMENTED_CREDENTIALS,
    UndocumentedBucketArn => integration::UNDOCUMENTED_BUCKET_ARN,
    ParquetVersion => integration::PARQUET_VERSION,
    WrongCase => member::WRONG_CASE,
    LiteralExpression => member::LITERAL_EXPRESSION,
    KeyAlias => setting::KEY_ALIAS,
    UnusedActivityKey => setting::UNUSED_ACTIVITY_KEY,
    InvalidLogDestination => setting::INVALID_LOG_DESTINATION,
    MissingSetting => setting::MISSING_SETTING,
    ExcessPermission => command_line::EXCESS_PERMISSION,
    NotChecked => command_line::NOT_CHECKED,
    // Information for a review.
    OpenPart => wildcard::OPEN_PART,
    AcceptedWildcard => wildcard::ACCEPTED_WILDCARD,
    HintedWildcard => wildcard::HINTED_WILDCARD,
    AwsWildcard => wildcard::AWS_WILDCARD,
    CrossAccount => location::CROSS_ACCOUNT,
    CrossRegion => location::CROSS_REGION,
    ClusterAccess => integration::CLUSTER_ACCESS,
    AbsentObject => integration::ABSENT_OBJECT,
    CallbackWorker => integration::CALLBACK_WORKER,
    AssumedTagging => integration::ASSUMED_TAGGING,
    UnnamedKey => integration::UNNAMED_KEY,
    ServiceLinkedRole => integration::SERVICE_LINKED_ROLE,
    NoPermission => integration::NO_PERMISSION,
    HintWithoutEffect => argument::HINT_WITHOUT_EFFECT,
    OversizedPart => argument::OVERSIZED_PART,
    UndecidedPermission => command_line::UNDECIDED_PERMISSION,
    ChangedPolicy => command_line::CHANGED_POLICY,
    UnusedSubstitution => argument::UNUSED_SUBSTITUTION,
}

impl Code {
    /// The name in configurations, messages and the guide, such as `unresolved-resource`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The code of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// How severe it is unless `on_finding` says otherwise.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.row().severity
    }

    /// Whether `on_finding` may make it less severe.
    #[must_use]
    pub const fn may_be_lowered(self) -> bool {
        self.row().may_be_lowered
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_in_kebab_case() {
        let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            let name = code.name();
            assert!(
                name.split('-')
                    .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())),
                "{name}"
            );
            assert_eq!(Code::of(name), Some(*code));
        }
        assert_eq!(Code::of("no-such-code"), None);
    }

    #[test]
    fn the_gravest_come_first() {
        for pair in Code::ALL.windows(2) {
            let [one, two] = pair else { continue };
            assert!(one.severity() <= two.severity() && one < two, "{one:?} {two:?}");
        }
    }
}
