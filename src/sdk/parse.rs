//! Reads the lines of the catalogue, which `catalog/README.md` describes.
//!
//! A line that is not as described is ignored; the tests read every line.

use super::catalog::Service;
use super::model::{
    Action, Binding, Condition, Confidence, Kind, Operation, Owner, Path, Piece, Presence, Rule, Status,
    Support, Tagged, Target, Template, Test, Transform, TypeName, Wide, Without,
};
use crate::call::resource::Reader;

/// A service from its lines.
pub(super) fn service(text: &'static str) -> Option<Service> {
    let (head, mut rest) = text.split_once('\n')?;
    let mut words = head.strip_prefix("service ")?.split(' ');
    let (segment, prefix, status) = (words.next()?, words.next()?, words.next()?);
    let status = match status {
        "listed" => Status::Listed,
        "unlisted" => Status::Unlisted,
        "retired" => Status::Retired,
        other => Status::Removed(other.strip_prefix("removed-")?),
    };
    let passed_to = match words.next() {
        Some(word) => word.strip_prefix("passed-to=")?.split(',').collect(),
        None => Vec::new(),
    };
    let mut types = Vec::new();
    while let Some(line) = rest.strip_prefix(" type ") {
        let (line, after) = line.split_once('\n')?;
        let (name, template) = line.split_once(' ')?;
        types.push((TypeName(name), template));
        rest = after;
    }
    let mut operations = Vec::new();
    while let Some(line) = rest.strip_prefix(' ') {
        let end = end_of_operation(rest)?;
        let (lines, after) = rest.split_at_checked(end)?;
        operations.push((line.split([' ', '\n']).next()?, lines));
        rest = after;
    }
    rest.is_empty().then(|| Service::new((segment, prefix), status, passed_to, types, operations))
}

/// Where the next line begins that is indented by one blank.
fn end_of_operation(text: &str) -> Option<usize> {
    let mut end = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if number > 0 && !line.starts_with("  ") {
            break;
        }
        end += line.len();
    }
    (end > 0).then_some(end)
}

/// An operation from its lines.
pub(super) fn operation(service: &Service, text: &'static str) -> Option<Operation> {
    let mut lines = text.lines();
    let mut words = lines.next()?.strip_prefix(' ')?.split(' ');
    let mut operation = Operation {
        name: words.next()?,
        rule: Rule::SameName,
        wide: None,
        support: Support::Supported,
        actions: Vec::new(),
        roles: Vec::new(),
        possible_roles: Vec::new(),
        passed_to: None,
    };
    for word in words {
        match word {
            "unsupported" => operation.support = Support::Unsupported,
            "doubtful" => operation.support = Support::Doubtful,
            _ => match word.strip_prefix('~') {
                Some(reason) => operation.wide = Some(wide(reason)?),
                None => operation.rule = rule(word)?,
            },
        }
    }
    for line in lines {
        if let Some(line) = line.strip_prefix("  + ") {
            operation.actions.push(action(line)?);
        } else if let Some(path) = line.strip_prefix("  passes ") {
            operation.roles.push(Path(path));
        } else if let Some(path) = line.strip_prefix("  may-pass ") {
            operation.possible_roles.push(Path(path));
        } else if let Some(services) = line.strip_prefix("  to ") {
            operation.passed_to = Some(services.split(',').filter(|service| *service != "*").collect());
        } else {
            let target = target(service, line.strip_prefix("   ")?)?;
            if operation.actions.is_empty() {
                operation.actions.push(own_action(service, &operation));
            }
            operation.actions.last_mut()?.targets.push(target);
        }
    }
    // An action of the operation's own name has no line of its own unless there is more to say about it.
    let implied = matches!(operation.rule, Rule::SameName | Rule::Withdrawn | Rule::Assumed);
    let first_is_own = operation.actions.first().is_some_and(|action| action.kind == Kind::Own);
    if implied && !first_is_own {
        operation.actions.insert(0, own_action(service, &operation));
    }
    Some(operation)
}

fn own_action(service: &Service, operation: &Operation) -> Action {
    let listed = operation.rule == Rule::SameName;
    Action {
        name: format!("{}:{}", service.prefix, operation.name).into(),
        kind: Kind::Own,
        confidence: if listed { Confidence::High } else { Confidence::Low },
        listed,
        when: Vec::new(),
        decided: false,
        passed_to: Vec::new(),
        via: Vec::new(),
        conditions: Vec::new(),
        tagged: None,
        targets: Vec::new(),
        note: "",
    }
}

fn rule(word: &str) -> Option<Rule> {
    Some(match word {
        "exception" => Rule::Exception,
        "none" => Rule::NoPermission,
        "rest" => Rule::HttpMethod,
        "link" => Rule::ApiLink,
        "text" => Rule::Documentation,
        "affix" => Rule::Affix,
        "map" => Rule::Map,
        "closed" => Rule::Withdrawn,
        "assumed" => Rule::Assumed,
        _ => return None,
    })
}

fn wide(word: &str) -> Option<Wide> {
    Some(match word {
        "created" => Wide::Created,
        "listed" => Wide::Listed,
        "partial" => Wide::Partial,
        "hidden" => Wide::Hidden,
        _ => return None,
    })
}

fn action(line: &'static str) -> Option<Action> {
    let (line, note) = line.split_once(" -- ").unwrap_or((line, ""));
    let (line, conditions) = line.split_once(" if ").unwrap_or((line, ""));
    let mut words = line.split(' ');
    let mut action = Action {
        name: words.next()?.into(),
        kind: Kind::Own,
        confidence: Confidence::High,
        listed: true,
        when: conditions.split_terminator(' ').map(condition).collect::<Option<_>>()?,
        decided: false,
        passed_to: Vec::new(),
        via: Vec::new(),
        conditions: Vec::new(),
        tagged: None,
        targets: Vec::new(),
        note,
    };
    for word in words {
        if let Some(services) = word.strip_prefix("to=") {
            action.passed_to = services.split(',').collect();
            continue;
        }
        if let Some(services) = word.strip_prefix("via=") {
            action.via = services.split(',').collect();
            continue;
        }
        if let Some(tagged) = word.strip_prefix("tagged=") {
            let mut parts = tagged.split(',');
            let (key, keys, values) = (parts.next()?, Path(parts.next()?), Path(parts.next()?));
            action.tagged = Some(Tagged { key, keys, values });
            continue;
        }
        if let Some(condition) = word.strip_prefix("where=") {
            action.conditions.push(condition.split_once('=')?);
            continue;
        }
        match word {
            "dependent" => action.kind = Kind::Dependent,
            "tag" => action.kind = Kind::Tag,
            "extra" => action.kind = Kind::Extra,
            "optional" => action.kind = Kind::Optional,
            "advice" => action.kind = Kind::Advice,
            "error" => action.kind = Kind::Error,
            "key" => action.kind = Kind::Key,
            "service-linked-role" => action.kind = Kind::ServiceLinkedRole,
            "medium" => action.confidence = Confidence::Medium,
            "low" => action.confidence = Confidence::Low,
            "unlisted" => action.listed = false,
            "decided" => action.decided = true,
            _ => return None,
        }
    }
    Some(action)
}

fn condition(word: &'static str) -> Option<Condition> {
    let (negated, word) = match word.strip_prefix('!') {
        Some(word) => (true, word),
        None => (false, word),
    };
    let (paths, test) = match word.find(['=', '~', ':', '^']).and_then(|place| word.split_at_checked(place)) {
        None => (word, Test::Present),
        Some((paths, test)) => {
            let (sign, text) = test.split_at_checked(1)?;
            let test = match (sign, text.strip_suffix('$')) {
                ("=", _) => Test::Equals(text),
                ("~", Some(text)) => Test::Ends(text),
                ("~", None) => Test::Contains(text),
                (":", _) => Test::Verb(text),
                ("^", _) => Test::Statement(text),
                _ => return None,
            };
            (paths, test)
        }
    };
    Some(Condition { negated, paths: paths.split(',').map(Path).collect(), test })
}

fn target(service: &Service, line: &'static str) -> Option<Target> {
    if let Some(arn) = line.strip_prefix("= ") {
        return template(arn, |hole| Some(Piece::Hole { variable: "", bindings: bindings(hole)? }))
            .map(Target::Expression);
    }
    let mut words = line.split(' ');
    let word = words.next()?;
    let (name, presence) = match (word.strip_suffix('?'), word.strip_suffix('!')) {
        (Some(name), _) => (name, Presence::Optional),
        (_, Some(name)) => (name, Presence::Always),
        _ => (word, Presence::Needed),
    };
    let (mut whole, mut region, mut owner, mut filled) = (Vec::new(), None, None, Vec::new());
    let mut without = Without::Open;
    for word in words {
        if let Some(meaning) = word.strip_prefix("without:") {
            without = match meaning {
                "all" => Without::All,
                "created" => Without::Created,
                _ => return None,
            };
            continue;
        }
        let (sign, rest) = word.split_at_checked(1)?;
        match sign {
            "@" => whole = bindings(rest)?,
            "^" => region = Some(bindings(rest)?),
            "&" => {
                let (path, takes_others) = rest.strip_suffix('?').map_or((rest, false), |path| (path, true));
                owner = Some(Owner { path: Path(path), takes_others });
            }
            _ => filled.push(word.split_once('=').unwrap_or((word, word))),
        }
    }
    let place = service.types.binary_search_by_key(&TypeName(name), |&(name, _)| name).ok()?;
    let &(name, arn) = service.types.get(place)?;
    let mut template = template(arn, |variable| {
        let paths = filled.iter().find(|(name, _)| *name == variable).map(|(_, paths)| paths);
        Some(Piece::Hole { variable, bindings: paths.map_or(Some(Vec::new()), |paths| bindings(paths))? })
    })?;
    if let Some(bindings) = region {
        let places = template.pieces.iter_mut().filter(|piece| **piece == Piece::Region);
        places.for_each(|piece| *piece = Piece::Hole { variable: "Region", bindings: bindings.clone() });
    }
    Some(Target::Type { name, presence, without, owner, whole, template })
}

/// A type's ARN without anything that fills its holes.
pub(super) fn bare(arn: &'static str) -> Option<Template> {
    template(arn, |variable| Some(Piece::Hole { variable, bindings: Vec::new() }))
}

/// An ARN taken apart at its holes; `hole` says what to do with those that are not of the environment.
fn template(mut rest: &'static str, hole: impl Fn(&'static str) -> Option<Piece>) -> Option<Template> {
    let mut pieces = Vec::new();
    while let Some((text, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}')?;
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        pieces.push(match name {
            "Partition" => Piece::Partition,
            "Region" => Piece::Region,
            "Account" => Piece::Account,
            _ => hole(name)?,
        });
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Some(Template { pieces })
}

fn bindings(words: &'static str) -> Option<Vec<Binding>> {
    words.split(',').map(binding).collect()
}

fn binding(word: &'static str) -> Option<Binding> {
    if let Some(text) = word.strip_prefix('=') {
        return Some(Binding::Constant(text));
    }
    let mut parts = word.split('|');
    let path = Path(parts.next()?);
    Some(Binding::Parameter { path, transforms: parts.map(transform).collect::<Option<_>>()? })
}

fn transform(word: &'static str) -> Option<Transform> {
    let (name, argument) = match word.split_once('(') {
        Some((name, argument)) => (name, argument.strip_suffix(')')?),
        None => (word, ""),
    };
    let character = || {
        let mut characters = argument.chars();
        characters.next().filter(|_| characters.next().is_none())
    };
    Some(match name {
        "last" => Transform::AfterLast(character()?),
        "nameof" => Transform::NameAfterLast(character()?),
        "cutlast" => Transform::BeforeLast(character()?),
        "first" => Transform::BeforeFirst(character()?),
        "ltrim" => Transform::TrimStart(character()?),
        "prefix" => Transform::TrimPrefix(argument),
        "after" => Transform::AfterPrefix(argument),
        "unless" => Transform::Unless(argument),
        "default" => Transform::Default(argument),
        "add" => Transform::Append(argument),
        "lower" => Transform::LowerCase,
        "wafscope" => Transform::WafScope,
        "sesidentity" => Transform::EmailIdentity,
        "copysource" => Transform::CopySource,
        "below" => Transform::Below,
        _ => Transform::Read(Reader::of(name)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "service widget wgt listed passed-to=a.amazonaws.com,b.amazonaws.com
 type big_thing arn:${Partition}:wgt:${Region}:${Account}:thing/${Name}
 Make ~created
   big_thing! without:all &Box.Owner? @Arn,OldArn Name=Box.Name|prefix(x://)|add(*),=none
  + s3:GetObject extra medium decided to=x.amazonaws.com via=y,z where=a:b=c if Box !Mode,OldMode=A Text:select Text~end$ !Text^show-it -- the data
   = ${Source|copysource}
  passes Box.Role
  may-pass Box.Credentials
  to c.amazonaws.com
 Send
  passes Role
  to *
 Stop none unsupported
";

    fn parameter(path: &'static str, transforms: &[Transform]) -> Binding {
        Binding::Parameter { path: Path(path), transforms: transforms.to_vec() }
    }

    #[test]
    fn lines_of_a_service() {
        let widget = service(LINES).expect("a service");
        assert_eq!((widget.segment, widget.prefix, widget.status), ("widget", "wgt", Status::Listed));
        assert_eq!(widget.passed_to, ["a.amazonaws.com", "b.amazonaws.com"]);
        assert_eq!(widget.operations().collect::<Vec<_>>(), ["Make", "Send", "Stop"]);
        let stop = widget.operation("stop").expect("an operation");
        assert_eq!(
            (stop.rule, stop.support, stop.actions.len()),
            (Rule::NoPermission, Support::Unsupported, 0)
        );
    }

    #[test]
    fn lines_of_an_operation() {
        let widget = service(LINES).expect("a service");
        let make = widget.operation("make").expect("an operation");
        assert_eq!(
            (make.rule, make.wide, make.roles.clone(), make.possible_roles.clone()),
            (Rule::SameName, Some(Wide::Created), vec![Path("Box.Role")], vec![Path("Box.Credentials")])
        );
        assert_eq!(widget.takers(make), ["c.amazonaws.com"]);
        assert!(widget.takers(widget.operation("send").expect("an operation")).is_empty());
        let stop = widget.operation("stop").expect("an operation");
        assert_eq!(widget.takers(stop), ["a.amazonaws.com", "b.amazonaws.com"]);
        let [own, data] = make.actions.as_slice() else { panic!("{:?}", make.actions) };
        assert_eq!((own.name.as_ref(), own.kind, own.confidence), ("wgt:Make", Kind::Own, Confidence::High));
        let [Target::Type { presence, without, owner, whole, template, .. }] = own.targets.as_slice() else {
            panic!("{own:?}")
        };
        assert_eq!((*presence, *without), (Presence::Always, Without::All));
        assert_eq!(*owner, Some(Owner { path: Path("Box.Owner"), takes_others: true }));
        assert_eq!(*whole, [parameter("Arn", &[]), parameter("OldArn", &[])]);
        let transforms = [Transform::TrimPrefix("x://"), Transform::Append("*")];
        let name = vec![parameter("Box.Name", &transforms), Binding::Constant("none")];
        assert_eq!(template.pieces.last(), Some(&Piece::Hole { variable: "Name", bindings: name }));
        assert_eq!((data.kind, data.confidence, data.note), (Kind::Extra, Confidence::Medium, "the data"));
        assert_eq!(
            (data.passed_to.as_slice(), data.via.as_slice()),
            (&["x.amazonaws.com"][..], &["y", "z"][..])
        );
        assert_eq!((data.conditions.as_slice(), data.decided), (&[("a:b", "c")][..], true));
        let modes = vec![Path("Mode"), Path("OldMode")];
        assert_eq!(
            data.when,
            [
                Condition { negated: false, paths: vec![Path("Box")], test: Test::Present },
                Condition { negated: true, paths: modes, test: Test::Equals("A") },
                Condition { negated: false, paths: vec![Path("Text")], test: Test::Verb("select") },
                Condition { negated: false, paths: vec![Path("Text")], test: Test::Ends("end") },
                Condition { negated: true, paths: vec![Path("Text")], test: Test::Statement("show-it") },
            ]
        );
    }

    #[test]
    fn other_lines_give_nothing() {
        for text in ["", "service a", "service a b strange\n", "service a b listed\n One\nTwo\n"] {
            assert!(service(text).is_none(), "{text}");
        }
        for line in [" One strange", " One ~strange", " One\n   no_type", " One\n  + a:B strange"] {
            let text: &'static str = format!("service a a listed\n{line}\n").leak();
            assert!(service(text).is_some_and(|found| found.operation("One").is_none()), "{line}");
        }
    }
}
