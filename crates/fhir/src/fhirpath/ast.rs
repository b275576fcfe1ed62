//! The tree of an expression.

use regex::Regex;

use super::functions::Function;
use super::temporal::Temporal;
use super::value::Quantity;

/// An expression or a part of one.
#[derive(Debug, Clone)]
pub(super) enum Expr {
    /// A value as written; nothing for `{}`.
    Literal(Option<Literal>),
    /// A regular expression as written.
    Pattern(Regex),
    /// `%name`
    Variable(String),
    /// `$this`
    This,
    /// `$index`
    Index,
    /// `$total`
    Total,
    /// An element by its name, or a type.
    Name(String),
    /// A function of what stands before it.
    Call(&'static Function, Vec<Expr>),
    /// `a.b`
    Then(Box<Expr>, Box<Expr>),
    /// `a[b]`
    Item(Box<Expr>, Box<Expr>),
    /// `-a`
    Negative(Box<Expr>),
    /// Two sides and what is between them.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `a is T`
    Is(Box<Expr>, TypeName),
    /// `a as T`
    As(Box<Expr>, TypeName),
}

/// A value as written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Boolean(bool),
    Integer(i64),
    Decimal(f64),
    Text(String),
    Temporal(Temporal),
    Quantity(Quantity),
}

/// What may stand between two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Join,
    Multiply,
    Divide,
    DivideWhole,
    Modulo,
    Union,
    Equal,
    NotEqual,
    Equivalent,
    NotEquivalent,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Contains,
    And,
    Or,
    Xor,
    Implies,
}

/// The name of a type, with the namespace where one is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypeName {
    /// `FHIR` or `System`.
    pub(super) namespace: Option<String>,
    /// The name in it.
    pub(super) name: String,
}

impl Expr {
    /// The type that an argument names, as in `ofType(FHIR.Patient)`.
    pub(super) fn type_name(&self) -> Option<TypeName> {
        match self {
            Self::Name(name) => Some(TypeName {
                namespace: None,
                name: name.clone(),
            }),
            Self::Then(space, name) => match (space.as_ref(), name.as_ref()) {
                (Self::Name(space), Self::Name(name)) => Some(TypeName {
                    namespace: Some(space.clone()),
                    name: name.clone(),
                }),
                _ => None,
            },
            _ => None,
        }
    }
}
