//! The policy in as few documents as keep its services together: each within a limit, and in the order of the
//! services, so that a change leaves the documents of earlier services as they are.

use crate::iam::{FRAME, Policy, Statement, text_size};
use crate::work::{Phase, Work};

/// A permission that is larger than a document may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unfitting {
    pub(super) action: String,
    pub(super) resource: String,
    /// The characters of a document with nothing else in it.
    pub(super) size: u64,
}

/// Packs parts of a policy: whole ones where they fit, a larger one by its statements, and a larger statement
/// by its resources or its actions, of whichever there is more text.
///
/// # Errors
/// The largest permission, if it does not fit into a document of its own.
pub(super) fn packed<'p>(
    parts: impl Iterator<Item = &'p Policy> + Clone,
    limit: u64,
    work: &Work,
) -> Result<Vec<Policy>, Unfitting> {
    work.begin(Phase::Packing);
    let statements = || parts.clone().flat_map(|part| &part.statements).take_while(|_| work.count(1).is_ok());
    let mut packer = Packer { limit, work, done: Vec::new(), open: Vec::new(), size: FRAME };
    // Most policies fit into one document, and then nothing has to be weighed.
    let all = statements().map(|one| one.size() + 1).sum::<u64>().saturating_sub(1);
    if FRAME + all <= limit {
        packer.put(statements().cloned().collect(), all);
        packer.close();
        return Ok(packer.done);
    }
    let largest = statements().map(largest).max_by_key(|one| one.size);
    if let Some(largest) = largest.filter(|one| one.size > limit) {
        return Err(largest);
    }
    for part in parts.clone() {
        let own = part.statements.iter().map(|one| one.size() + 1).sum::<u64>().saturating_sub(1);
        if packer.makes_room(own) {
            packer.put(part.statements.clone(), own);
            continue;
        }
        for statement in part.statements.iter().take_while(|_| work.count(1).is_ok()) {
            packer.place(statement);
        }
    }
    packer.close();
    Ok(packer.done)
}

/// The largest permission of a statement.
pub(super) fn largest(statement: &Statement) -> Unfitting {
    let longest =
        |texts: &[String]| texts.iter().max_by_key(|text| text_size(text)).cloned().unwrap_or_default();
    let (action, resource) = (longest(&statement.actions), longest(&statement.resources));
    let one = Statement {
        actions: vec![action.clone()],
        resources: vec![resource.clone()],
        conditions: statement.conditions.clone(),
    };
    Unfitting { action, resource, size: FRAME + one.size() }
}

/// The document that is filled, and those that are full.
struct Packer<'w> {
    limit: u64,
    work: &'w Work,
    done: Vec<Policy>,
    open: Vec<Statement>,
    /// The characters of the document that is filled.
    size: u64,
}

impl Packer<'_> {
    /// Whether so many characters of statements fit into the open document, or into the next one, which is
    /// then open.
    fn makes_room(&mut self, own: u64) -> bool {
        if FRAME + own > self.limit {
            return false;
        }
        if !self.has_room(own) {
            self.close();
        }
        true
    }

    fn has_room(&self, own: u64) -> bool {
        self.size + self.comma() + own <= self.limit
    }

    fn comma(&self) -> u64 {
        u64::from(!self.open.is_empty())
    }

    fn put(&mut self, statements: Vec<Statement>, own: u64) {
        let texts: usize = statements.iter().map(|one| one.actions.len() + one.resources.len()).sum();
        if (0..texts).any(|_| self.work.count(1).is_err()) {
            return;
        }
        self.size += self.comma() + own;
        self.open.extend(statements);
    }

    fn close(&mut self) {
        self.size = FRAME;
        let mut statements = std::mem::take(&mut self.open);
        statements.sort();
        if !statements.is_empty() {
            self.done.push(Policy { statements });
        }
    }

    fn place(&mut self, statement: &Statement) {
        let own = statement.size();
        if self.makes_room(own) {
            self.put(vec![statement.clone()], own);
        } else {
            self.split(statement);
        }
    }

    /// Places a statement in pieces. Each of its permissions fits into a document.
    fn split(&mut self, statement: &Statement) {
        let size = |texts: &[String]| texts.iter().map(|text| text_size(text) + 1).sum::<u64>();
        let (actions, resources) = (&statement.actions, &statement.resources);
        let by_actions = resources.len() < 2 || (actions.len() > 1 && size(actions) > size(resources));
        let all = if by_actions { actions } else { resources };
        // Of the list that is split only the texts of the piece are copied.
        let with = |texts: Vec<String>| {
            let (actions, resources) =
                if by_actions { (texts, resources.clone()) } else { (actions.clone(), texts) };
            Statement { actions, resources, conditions: statement.conditions.clone() }
        };
        let rest = with(Vec::new()).size();
        let (mut piece, mut own) = (Vec::new(), rest);
        for text in all {
            let more = text_size(text);
            if FRAME + rest + more > self.limit {
                self.put_piece(with(std::mem::take(&mut piece)), own);
                own = rest;
                // If this side has only one text, the other side is split.
                self.split(&with(vec![text.clone()]));
                continue;
            }
            let joined = own + more + u64::from(!piece.is_empty());
            if self.has_room(joined) {
                own = joined;
            } else {
                self.put_piece(with(std::mem::take(&mut piece)), own);
                self.close();
                own = rest + more;
            }
            piece.push(text.clone());
        }
        self.put_piece(with(piece), own);
    }

    fn put_piece(&mut self, piece: Statement, own: u64) {
        if !piece.actions.is_empty() && !piece.resources.is_empty() {
            self.put(vec![piece], own);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::iam::{Condition, Operator, Pattern};

    fn statement(service: &str, actions: usize, resources: usize) -> Statement {
        let numbered = |of: &str, count: usize| (0..count).map(|number| format!("{of}{number:03}")).collect();
        Statement {
            actions: numbered(&format!("{service}:Action"), actions),
            resources: numbered(&format!("arn:aws:{service}:::\"ü"), resources),
            conditions: Vec::new(),
        }
    }

    fn parts(statements: &[Statement]) -> BTreeMap<String, Policy> {
        let mut parts: BTreeMap<String, Policy> = BTreeMap::new();
        for one in statements {
            let service = one.actions[0].split(':').next().unwrap_or_default().to_owned();
            parts.entry(service).or_default().statements.push(one.clone());
        }
        parts
    }

    /// How many actions and resources each statement of each document has.
    fn shape(documents: &[Policy]) -> Vec<Vec<(usize, usize)>> {
        let statements = |document: &Policy| {
            document.statements.iter().map(|one| (one.actions.len(), one.resources.len())).collect()
        };
        documents.iter().map(statements).collect()
    }

    fn packed(parts: &BTreeMap<String, Policy>, limit: u64) -> Result<Vec<Policy>, Unfitting> {
        super::packed(parts.values(), limit, &Work::default())
    }

    /// The characters of a document with this statement alone.
    fn alone(one: &Statement) -> u64 {
        Policy { statements: vec![one.clone()] }.size()
    }

    #[test]
    fn sizes_of_parts_add_up_to_that_of_the_document() {
        let mut one = statement("s3", 2, 3);
        one.conditions = vec![Condition::new(Operator::StringEquals, "aws:k", &[Pattern::literal("ü")])];
        let two = statement("sns", 1, 1);
        let both = Policy { statements: vec![one.clone(), two.clone()] };
        assert_eq!(both.size(), FRAME + one.size() + 1 + two.size());
        let rest = Statement { actions: Vec::new(), ..two.clone() };
        assert_eq!(two.size(), rest.size() + text_size(&two.actions[0]));
    }

    #[test]
    fn services_stay_whole_where_they_fit() {
        let (one, two, three) = (statement("a", 1, 1), statement("b", 1, 1), statement("c", 1, 1));
        let all = parts(&[one.clone(), two.clone(), three]);
        let both = Policy { statements: vec![one.clone(), two.clone()] }.size();
        assert_eq!(shape(&packed(&all, u64::MAX).unwrap()), [[(1, 1); 3].to_vec()]);
        assert_eq!(shape(&packed(&all, both).unwrap()), [vec![(1, 1), (1, 1)], vec![(1, 1)]]);
        assert_eq!(shape(&packed(&all, both - 1).unwrap()), [[(1, 1)]; 3].map(Vec::from));
        assert_eq!(packed(&BTreeMap::new(), 1), Ok(Vec::new()));
        // Two statements of a service that fill a document are not split by what precedes them.
        let limit = Policy { statements: vec![two.clone(), statement("b", 1, 2)] }.size();
        let whole = packed(&parts(&[one, two, statement("b", 1, 2)]), limit).unwrap();
        assert_eq!(shape(&whole), [vec![(1, 1)], vec![(1, 1), (1, 2)]]);
    }

    #[test]
    fn a_large_service_is_split_by_statements_then_by_the_longer_list() {
        let of =
            |one: &Statement, limit: u64| shape(&packed(&parts(std::slice::from_ref(one)), limit).unwrap());
        let two = [statement("a", 1, 4), statement("a", 2, 4)];
        let limit = alone(&two[1]);
        assert_eq!(shape(&packed(&parts(&two), limit).unwrap()), [[(1, 4)], [(2, 4)]].map(Vec::from));

        let wide = statement("a", 2, 9);
        let limit = alone(&statement("a", 2, 4));
        assert_eq!(of(&wide, limit), [[(2, 4)], [(2, 4)], [(2, 1)]].map(Vec::from));
        let tall = statement("a", 9, 2);
        assert_eq!(of(&tall, alone(&statement("a", 4, 2))), [[(4, 2)], [(4, 2)], [(1, 2)]].map(Vec::from));
        // Not even all actions on one resource fit.
        let square = statement("a", 3, 3);
        assert_eq!(of(&square, alone(&statement("a", 2, 1))).len(), 6);
        assert_eq!(of(&square, alone(&statement("a", 1, 1))), vec![vec![(1, 1)]; 9]);
    }

    #[test]
    fn a_permission_that_does_not_fit_is_told() {
        let one = statement("a", 1, 1);
        let size = alone(&one);
        let error = packed(&parts(&[one.clone(), statement("b", 1, 1)]), size - 1).unwrap_err();
        assert_eq!((error.size, error.action.as_str()), (size, "b:Action000"));
        assert!(packed(&parts(&[one]), size).is_ok());
    }
}
