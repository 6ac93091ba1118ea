//! Tokens to tree, by operator precedence.

mod infix;

use super::ast::{Node, NodeKind};
use super::lexer::{Lexeme, Lexer, Token};
use super::{Misspelt, SyntaxError};
use crate::asl::limits::MAX_EXPRESSION_NESTING;

/// An expression, read.
#[derive(Debug)]
pub(super) struct Parsed<'a> {
    pub(super) root: Node<'a>,
    /// Byte offsets of what makes the path around it impossible to evaluate: `%`, `@`, `#` and doubtful
    /// groupings.
    pub(super) opaque: Vec<usize>,
    /// Nothing of it can be evaluated.
    pub(super) is_opaque: bool,
}

/// Why there is no tree.
#[derive(Debug)]
pub(super) enum Failure {
    /// The text is not an expression.
    Syntax(SyntaxError),
    /// It may be one, but too large for us.
    TooLarge,
}

impl From<SyntaxError> for Failure {
    fn from(error: SyntaxError) -> Self {
        Failure::Syntax(error)
    }
}

/// Reads a whole expression.
pub(super) fn parse(text: &str) -> Result<Parsed<'_>, Failure> {
    let mut lexer = Lexer::new(text);
    let current = lexer.next(true)?;
    let mut parser = Parser {
        text,
        lexer,
        current,
        last_end: 0,
        nesting: 0,
        operators: 0,
        opaque: Vec::new(),
        bindings: 0,
        plain_bindings: 0,
    };
    let mut root = parser.expression(0)?;
    if !matches!(parser.current.token, Token::End) {
        return Err(parser.unexpected());
    }
    parser.settle_binding(&root);
    root.shrink();
    // A conditional binding would leave every later use of the name in doubt.
    let is_opaque = parser.lexer.has_lone_surrogate || parser.bindings != parser.plain_bindings;
    Ok(Parsed { root, opaque: parser.opaque, is_opaque })
}

struct Parser<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    current: Lexeme<'a>,
    last_end: usize,
    nesting: usize,
    operators: usize,
    opaque: Vec<usize>,
    bindings: usize,
    /// Bindings that are made whenever the block or function around them is.
    plain_bindings: usize,
}

impl<'a> Parser<'a> {
    fn expression(&mut self, power: u8) -> Result<Node<'a>, Failure> {
        if self.nesting == MAX_EXPRESSION_NESTING {
            return Err(Failure::TooLarge);
        }
        self.nesting += 1;
        let mut left = self.prefix()?;
        while power < self.power() {
            left = self.infix(left)?;
        }
        self.nesting -= 1;
        Ok(left)
    }

    /// How strongly the current token binds what is left of it.
    fn power(&self) -> u8 {
        let Token::Operator(operator) = self.current.token else { return 0 };
        match operator {
            "[" | "(" | "@" | "#" => 80,
            "." => 75,
            "{" => 70,
            "*" | "/" | "%" => 60,
            "+" | "-" | "&" => 50,
            "=" | "!=" | "<" | "<=" | ">" | ">=" | "^" | "~>" | "in" => 40,
            "and" => 30,
            "or" => 25,
            "?" => 20,
            ":=" => 10,
            _ => 0,
        }
    }

    fn prefix(&mut self) -> Result<Node<'a>, Failure> {
        let start = self.current.start;
        let kind = match self.current.token.clone() {
            Token::Operator(operator) => match operator {
                "and" | "or" | "in" => return self.name(operator),
                "-" => return self.negation(),
                "(" => return self.block(),
                "[" => self.array()?,
                "{" => {
                    self.advance(true)?;
                    NodeKind::Object(self.pairs()?)
                }
                "*" => self.leaf(NodeKind::Wildcard)?,
                "**" => self.leaf(NodeKind::Descendant)?,
                "%" => {
                    self.opaque.push(start);
                    self.leaf(NodeKind::Opaque)?
                }
                "|" => self.transform()?,
                _ => return Err(self.unexpected()),
            },
            Token::Name(name) => return self.name(name),
            Token::Variable(name) => self.leaf(NodeKind::Variable(name))?,
            Token::String(text) => self.leaf(NodeKind::String(text.into()))?,
            Token::Number(number) => self.leaf(NodeKind::Number(number))?,
            Token::Bool(value) => self.leaf(NodeKind::Bool(value))?,
            Token::Null => self.leaf(NodeKind::Null)?,
            Token::Regex => self.leaf(NodeKind::Opaque)?,
            Token::End => return Err(self.unexpected()),
        };
        Ok(self.node(kind, start))
    }

    fn name(&mut self, name: &'a str) -> Result<Node<'a>, Failure> {
        let start = self.current.start;
        self.advance(false)?;
        let step = self.node(NodeKind::Name(name.into()), start);
        Ok(self.node(NodeKind::Path { steps: vec![step], keep_singleton: false }, start))
    }

    fn leaf(&mut self, kind: NodeKind<'a>) -> Result<NodeKind<'a>, Failure> {
        self.advance(false)?;
        Ok(kind)
    }

    fn negation(&mut self) -> Result<Node<'a>, Failure> {
        let start = self.current.start;
        self.advance(true)?;
        let mut operand = self.expression(70)?;
        // A literal is negated before its predicates see it.
        if let NodeKind::Number(number) = &mut operand.kind {
            *number = -*number;
            operand.start = start;
            return Ok(operand);
        }
        Ok(self.node(NodeKind::Negate(Box::new(operand)), start))
    }

    fn block(&mut self) -> Result<Node<'a>, Failure> {
        let start = self.current.start;
        self.advance(true)?;
        let mut statements = Vec::new();
        while !self.at(")") {
            let statement = self.expression(0)?;
            self.settle_binding(&statement);
            statements.push(statement);
            if !self.at(";") {
                break;
            }
            self.advance(true)?;
        }
        self.expect(")", false)?;
        let cons = statements.iter().any(|statement| {
            statement.cons
                || matches!(&statement.kind, NodeKind::Path { steps, .. } if steps.first().is_some_and(|step| step.cons))
        });
        let mut block = self.node(NodeKind::Block(statements), start);
        block.cons = cons;
        Ok(block)
    }

    fn array(&mut self) -> Result<NodeKind<'a>, Failure> {
        self.advance(true)?;
        let mut items = Vec::new();
        if !self.at("]") {
            loop {
                let start = self.current.start;
                let mut item = self.expression(0)?;
                if self.at("..") {
                    self.advance(true)?;
                    let last = self.expression(0)?;
                    item = self.node(NodeKind::Range(Box::new((item, last))), start);
                }
                items.push(item);
                if !self.at(",") {
                    break;
                }
                self.advance(true)?;
            }
        }
        self.expect("]", false)?;
        Ok(NodeKind::Array(items))
    }

    /// What follows `{`.
    fn pairs(&mut self) -> Result<Vec<(Node<'a>, Node<'a>)>, Failure> {
        let mut pairs = Vec::new();
        if !self.at("}") {
            loop {
                let key = self.expression(0)?;
                self.expect(":", true)?;
                pairs.push((key, self.expression(0)?));
                if !self.at(",") {
                    break;
                }
                self.advance(true)?;
            }
        }
        self.expect("}", false)?;
        Ok(pairs)
    }

    fn transform(&mut self) -> Result<NodeKind<'a>, Failure> {
        self.advance(true)?;
        self.expression(0)?;
        self.expect("|", true)?;
        self.expression(0)?;
        if self.at(",") {
            self.advance(true)?;
            self.expression(0)?;
        }
        self.expect("|", false)?;
        Ok(NodeKind::Transform)
    }

    /// Counts a binding whose place is always reached.
    fn settle_binding(&mut self, node: &Node<'a>) {
        if matches!(node.kind, NodeKind::Bind(..)) {
            self.plain_bindings += 1;
        }
    }

    fn node(&self, kind: NodeKind<'a>, start: usize) -> Node<'a> {
        Node::new(kind, start, self.last_end)
    }

    fn at(&self, operator: &str) -> bool {
        matches!(self.current.token, Token::Operator(current) if current == operator)
    }

    /// Goes to the next token; `operand` says whether an operand can follow the current one.
    fn advance(&mut self, operand: bool) -> Result<(), Failure> {
        self.last_end = self.current.end;
        self.current = self.lexer.next(operand)?;
        Ok(())
    }

    fn expect(&mut self, operator: &'static str, operand: bool) -> Result<(), Failure> {
        if self.at(operator) {
            return self.advance(operand);
        }
        let wrong = match self.current.token {
            Token::End => Misspelt::EndsBefore(operator),
            _ => Misspelt::Missing(operator),
        };
        Err(self.error_at(self.current.start, wrong))
    }

    fn unexpected(&self) -> Failure {
        let word = self.text.get(self.current.start..self.current.end).unwrap_or_default();
        let wrong = match self.current.token {
            Token::End => Misspelt::EndsEarly,
            _ => Misspelt::Unexpected(word.to_owned()),
        };
        self.error_at(self.current.start, wrong)
    }

    fn error_at(&self, position: usize, wrong: Misspelt) -> Failure {
        Failure::Syntax(SyntaxError::new(self.text, position, wrong))
    }
}
