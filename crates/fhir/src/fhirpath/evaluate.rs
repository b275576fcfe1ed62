//! Walks the tree of an expression over elements.

use super::Fault;
use super::ast::{Expr, Literal, TypeName};
use super::element::Element;
use super::operators;
use super::types;
use super::value::{Collection, Moment, Value, single, whole_of};
use std::borrow::Cow;

/// What an expression may refer to beside the element that it is evaluated on.
#[derive(Debug, Clone, Copy)]
pub struct Environment<'d> {
    /// `%resource`: the resource that has the element.
    pub resource: Element<'d>,
    /// `%rootResource`: the same, or the one that contains it.
    pub root: Element<'d>,
    /// The Bundle in which the resource came, where `resolve()` may look.
    pub bundle: Option<Element<'d>>,
}

impl<'d> Environment<'d> {
    /// What holds within a resource that is an element of another: contained resources have it as
    /// their root, those of a Bundle stand by themselves.
    pub(crate) fn within(&self, parent: &Element<'d>, inner: &Element<'d>, name: &str) -> Self {
        let (root, bundle) = match (name, parent.of()) {
            ("contained", _) => (self.root, self.bundle),
            (_, of) if of.starts_with("Bundle.") => (*inner, Some(self.resource)),
            _ => (*inner, self.bundle),
        };
        Self {
            resource: *inner,
            root,
            bundle,
        }
    }
}

/// How much work may still be done; shared by all that is asked about one resource.
#[derive(Debug, Clone, Copy)]
pub struct Steps(u64);

impl Steps {
    /// So many steps, of which each visits one value.
    #[must_use]
    pub fn new(steps: u64) -> Self {
        Self(steps)
    }

    /// Uses steps up.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Fault> {
        let left = self.0.checked_sub(steps as u64 + 1);
        self.0 = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Fault::TooMuch)
    }
}

pub(super) fn evaluate<'d>(
    tree: &'d Expr,
    focus: &Element<'d>,
    environment: &Environment<'d>,
    steps: &mut Steps,
) -> Result<Collection<'d>, Fault> {
    let focus = Value::Element(*focus);
    let mut evaluation = Evaluation {
        environment: *environment,
        context: focus.clone(),
        this: vec![focus.clone()],
        index: None,
        total: Vec::new(),
        steps,
    };
    evaluation.of(tree, &[focus])
}

/// An evaluation under way.
pub(super) struct Evaluation<'d, 's> {
    pub(super) environment: Environment<'d>,
    /// `%context`
    context: Value<'d>,
    /// `$this`, from which names and functions begin that follow nothing.
    pub(super) this: Collection<'d>,
    /// `$index`
    index: Option<usize>,
    /// `$total`
    pub(super) total: Collection<'d>,
    pub(super) steps: &'s mut Steps,
}

impl<'d> Evaluation<'d, '_> {
    /// What an expression gives when it begins from some values.
    pub(super) fn of(
        &mut self,
        expr: &'d Expr,
        input: &[Value<'d>],
    ) -> Result<Collection<'d>, Fault> {
        self.steps.spend(input.len())?;
        match expr {
            Expr::Literal(literal) => Ok(literal.iter().map(value_of).collect()),
            Expr::Pattern(regex) => Ok(vec![Value::Text(Cow::Borrowed(regex.as_str()))]),
            Expr::Variable(name) => self.variable(name),
            Expr::This => Ok(self.this.clone()),
            Expr::Index => {
                let index = self.index.and_then(|index| i64::try_from(index).ok());
                Ok(index.map(Value::Integer).into_iter().collect())
            }
            Expr::Total => Ok(self.total.clone()),
            Expr::Name(name) => Ok(self.named(name, input)),
            Expr::Call(function, args) => (function.run)(self, input, args),
            Expr::Then(first, next) => {
                let first = self.of(first, input)?;
                self.of(next, &first)
            }
            Expr::Item(list, index) => {
                let list = self.of(list, input)?;
                let index = self.argument(index)?;
                let place = whole_of(&index, "[ ]")?.and_then(|at| usize::try_from(at).ok());
                Ok(place
                    .and_then(|at| list.get(at).cloned())
                    .into_iter()
                    .collect())
            }
            Expr::Negative(inner) => {
                let inner = self.of(inner, input)?;
                operators::negative(&inner)
            }
            Expr::Binary(operator, left, right) => {
                operators::binary(self, *operator, left, right, input)
            }
            Expr::Is(value, of) => {
                let value = self.of(value, input)?;
                is_of(&value, of)
            }
            Expr::As(value, of) => {
                let value = self.of(value, input)?;
                of_type(&value, of)
            }
        }
    }

    /// What an argument gives, which begins from `$this` and not from the function's input.
    pub(super) fn argument(&mut self, expr: &'d Expr) -> Result<Collection<'d>, Fault> {
        let this = self.this.clone();
        self.of(expr, &this)
    }

    /// What an expression gives for each of some values, each being `$this` in its turn. `visit` says
    /// whether to go on.
    pub(super) fn for_each(
        &mut self,
        input: &[Value<'d>],
        expr: &'d Expr,
        visit: &mut dyn FnMut(&Value<'d>, Collection<'d>) -> Result<bool, Fault>,
    ) -> Result<(), Fault> {
        let outer = (self.index, std::mem::take(&mut self.this));
        let mut result = Ok(());
        for (index, one) in input.iter().enumerate() {
            self.this = vec![one.clone()];
            self.index = Some(index);
            let found = self.of(expr, std::slice::from_ref(one));
            match found.and_then(|found| visit(one, found)) {
                Ok(true) => {}
                Ok(false) => break,
                Err(fault) => {
                    result = Err(fault);
                    break;
                }
            }
        }
        (self.index, self.this) = outer;
        result
    }

    /// Elements of a name below each value; or the value itself where its type is named.
    fn named(&self, name: &str, input: &[Value<'d>]) -> Collection<'d> {
        let mut found = Vec::new();
        // Elements are small, types capital.
        let is_type = name.starts_with(|first: char| first.is_ascii_uppercase());
        for value in input {
            let Value::Element(element) = value else {
                continue;
            };
            if !is_type {
                element.each(Some(name), &mut |child| {
                    found.push(Value::Element(child.element));
                });
            } else if types::is_a(element.of(), name) {
                found.push(value.clone());
            }
        }
        found
    }

    fn variable(&self, name: &str) -> Result<Collection<'d>, Fault> {
        const SETS: &str = "http://hl7.org/fhir/ValueSet/";
        const EXTENSIONS: &str = "http://hl7.org/fhir/StructureDefinition/";
        let text = |text: &str| vec![Value::Text(Cow::Owned(text.to_owned()))];
        Ok(match name {
            "context" => vec![self.context.clone()],
            "resource" => vec![Value::Element(self.environment.resource)],
            "rootResource" => vec![Value::Element(self.environment.root)],
            "ucum" => text("http://unitsofmeasure.org"),
            "sct" => text("http://snomed.info/sct"),
            "loinc" => text("http://loinc.org"),
            _ => match (name.strip_prefix("vs-"), name.strip_prefix("ext-")) {
                (Some(set), _) => text(&format!("{SETS}{set}")),
                (_, Some(extension)) => text(&format!("{EXTENSIONS}{extension}")),
                _ => return Err(Fault::Variable(name.to_owned())),
            },
        })
    }
}

fn value_of<'d>(literal: &'d Literal) -> Value<'d> {
    match literal {
        Literal::Boolean(truth) => Value::Boolean(*truth),
        Literal::Integer(whole) => Value::Integer(*whole),
        Literal::Decimal(number) => Value::Decimal(*number),
        Literal::Text(text) => Value::Text(Cow::Borrowed(text)),
        Literal::Temporal(temporal) => Value::Temporal(Moment(temporal.clone())),
        Literal::Quantity(quantity) => Value::Quantity(quantity.clone()),
    }
}

/// Whether the one value is of a type.
pub(super) fn is_of<'d>(values: &[Value<'d>], of: &TypeName) -> Result<Collection<'d>, Fault> {
    known(of)?;
    let one = single(values, "is")?;
    let truth = one.map(|one| Value::Boolean(types::is_of(one, of)));
    Ok(truth.into_iter().collect())
}

/// Those of the values that are of a type.
pub(super) fn of_type<'d>(values: &[Value<'d>], of: &TypeName) -> Result<Collection<'d>, Fault> {
    known(of)?;
    let own = values.iter().filter(|value| types::is_of(value, of));
    Ok(own.cloned().collect())
}

fn known(of: &TypeName) -> Result<(), Fault> {
    match types::is_known(of) {
        true => Ok(()),
        false => Err(Fault::Unknown(format!("the type {}", of.name))),
    }
}
