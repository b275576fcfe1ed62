//! The functions (<http://hl7.org/fhirpath/N1/#functions>), by what they are about.

mod combine;
mod convert;
mod existence;
mod filter;
mod markup;
mod math;
mod resource;
mod text;

use std::fmt;
use std::ops::RangeInclusive;

use super::Fault;
use super::ast::Expr;
use super::evaluate::Evaluation;
use super::value::{Collection, Value};

/// What a function does with the values before it and its arguments.
type Run =
    for<'d> fn(&mut Evaluation<'d, '_>, &[Value<'d>], &'d [Expr]) -> Result<Collection<'d>, Fault>;

/// A function.
pub(super) struct Function {
    name: &'static str,
    /// How many arguments it takes.
    pub(super) args: RangeInclusive<usize>,
    /// Whether its first argument is a regular expression.
    pub(super) takes_pattern: bool,
    /// What it does.
    pub(super) run: Run,
}

impl Function {
    const fn new(name: &'static str, args: RangeInclusive<usize>, run: Run) -> Self {
        Self {
            name,
            args,
            takes_pattern: false,
            run,
        }
    }

    /// A function whose first argument is a regular expression.
    const fn of_pattern(name: &'static str, args: RangeInclusive<usize>, run: Run) -> Self {
        Self {
            name,
            args,
            takes_pattern: true,
            run,
        }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The function of a name.
pub(super) fn named(name: &str) -> Option<&'static Function> {
    let groups = [
        existence::FUNCTIONS,
        filter::FUNCTIONS,
        combine::FUNCTIONS,
        text::FUNCTIONS,
        convert::FUNCTIONS,
        math::FUNCTIONS,
        resource::FUNCTIONS,
    ];
    groups
        .into_iter()
        .flatten()
        .find(|function| function.name == name)
}

/// An argument that must be there, which the parser has counted.
fn arg(args: &[Expr], place: usize) -> Result<&Expr, Fault> {
    args.get(place).ok_or(Fault::Unfit("a missing argument"))
}
