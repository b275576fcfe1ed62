//! FHIRPath (<http://hl7.org/fhirpath/N1/>): the language in which HL7 and the authors of profiles
//! write what must hold between the elements of a resource.
//!
//! An expression is read once into a tree and then evaluated on any number of elements. Evaluation
//! is a function of its arguments: no clock (`now()` and its like are unknown here), nothing looked
//! up, a bounded number of steps. What it cannot do is a [`Fault`], never a wrong answer.

mod ast;
mod compare;
mod element;
mod evaluate;
mod functions;
mod lexer;
mod operators;
mod parser;
mod temporal;
#[cfg(test)]
mod tests;
mod types;
mod value;

use std::fmt;

pub use element::Element;
pub use evaluate::{Environment, Steps};
pub use value::{Quantity, Value};

use ast::Expr;

/// An expression, read.
#[derive(Debug, Clone)]
pub struct Expression {
    tree: Expr,
}

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where, in bytes from the beginning.
    pub at: usize,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at {})", self.what, self.at + 1)
    }
}

impl std::error::Error for SyntaxError {}

/// Why an expression has no answer on some element.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// One value is needed where several are.
    #[error("{0} needs one value and there are several")]
    Several(&'static str),
    /// A value is of a type that cannot be used there.
    #[error("{0} cannot be used on such a value")]
    Unfit(&'static str),
    /// A variable that is not defined.
    #[error("nothing is called %{0}")]
    Variable(String),
    /// A regular expression that cannot be read.
    #[error("a regular expression cannot be read")]
    Pattern,
    /// A value set, profile or type that is not at hand.
    #[error("{0} is not at hand")]
    Unknown(String),
    /// The work would not end in reasonable time.
    #[error("it takes too many steps on a resource of this size")]
    TooMuch,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// Where it is no FHIRPath, or asks for a function that is not known here.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        let tree = parser::parse(text)?;
        Ok(Self { tree })
    }

    /// What the expression gives on an element.
    ///
    /// # Errors
    /// Where it has no answer, or the steps are used up.
    pub fn evaluate<'d>(
        &'d self,
        focus: &Element<'d>,
        environment: &Environment<'d>,
        steps: &mut Steps,
    ) -> Result<Vec<Value<'d>>, Fault> {
        evaluate::evaluate(&self.tree, focus, environment, steps)
    }

    /// Whether the expression holds on an element; `None` where it gives nothing, and so does not
    /// say.
    ///
    /// # Errors
    /// As for [`Expression::evaluate`], and where it gives several values.
    pub fn holds<'d>(
        &'d self,
        focus: &Element<'d>,
        environment: &Environment<'d>,
        steps: &mut Steps,
    ) -> Result<Option<bool>, Fault> {
        let found = self.evaluate(focus, environment, steps)?;
        value::truth(&found, "an invariant")
    }
}
