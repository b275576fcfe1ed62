//! Choosing among values, and going on from them.

use std::collections::HashSet;

use super::super::Fault;
use super::super::ast::Expr;
use super::super::compare::value_key;
use super::super::evaluate::{Evaluation, is_of, of_type};
use super::super::value::{Collection, Value, truth, whole_of};
use super::{Function, arg};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("where", 1..=1, filtered),
    Function::new("select", 1..=1, select),
    Function::new("repeat", 1..=1, repeat),
    Function::new("ofType", 1..=1, |_, input, args| {
        of_type(input, &named_type(args)?)
    }),
    // R4's own invariants ask `as` of several values, where it chooses those of the type.
    Function::new("as", 1..=1, |_, input, args| {
        of_type(input, &named_type(args)?)
    }),
    Function::new("is", 1..=1, |_, input, args| {
        is_of(input, &named_type(args)?)
    }),
    Function::new("single", 0..=0, |_, input, _| match input.len() {
        0 | 1 => Ok(input.to_vec()),
        _ => Err(Fault::Several("single")),
    }),
    Function::new("first", 0..=0, |_, input, _| Ok(part(input, 0, 1))),
    Function::new("last", 0..=0, |_, input, _| {
        Ok(input.last().cloned().into_iter().collect())
    }),
    Function::new("tail", 0..=0, |_, input, _| Ok(part(input, 1, usize::MAX))),
    Function::new("skip", 1..=1, |evaluation, input, args| {
        Ok(part(input, number(evaluation, args)?, usize::MAX))
    }),
    Function::new("take", 1..=1, |evaluation, input, args| {
        Ok(part(input, 0, number(evaluation, args)?))
    }),
    Function::new("aggregate", 1..=2, aggregate),
    Function::new("children", 0..=0, |evaluation, input, _| {
        children(evaluation, input)
    }),
    Function::new("descendants", 0..=0, descendants),
];

fn part<'d>(input: &[Value<'d>], from: usize, most: usize) -> Collection<'d> {
    input.iter().skip(from).take(most).cloned().collect()
}

/// The argument as how many; below zero is none.
fn number<'d>(evaluation: &mut Evaluation<'d, '_>, args: &'d [Expr]) -> Result<usize, Fault> {
    let given = evaluation.argument(arg(args, 0)?)?;
    let whole = whole_of(&given, "skip or take")?.unwrap_or(0);
    Ok(usize::try_from(whole).unwrap_or(0))
}

fn named_type(args: &[Expr]) -> Result<super::super::ast::TypeName, Fault> {
    let name = arg(args, 0)?.type_name();
    name.ok_or(Fault::Unfit("an argument that is no type"))
}

fn filtered<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    args: &'d [Expr],
) -> Result<Collection<'d>, Fault> {
    let mut kept = Vec::new();
    evaluation.for_each(input, arg(args, 0)?, &mut |value, found| {
        if truth(&found, "where")? == Some(true) {
            kept.push(value.clone());
        }
        Ok(true)
    })?;
    Ok(kept)
}

fn select<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    args: &'d [Expr],
) -> Result<Collection<'d>, Fault> {
    let mut all = Vec::new();
    evaluation.for_each(input, arg(args, 0)?, &mut |_, found| {
        all.extend(found);
        Ok(true)
    })?;
    Ok(all)
}

/// What the argument gives, and what it gives of that, until nothing new comes.
fn repeat<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    args: &'d [Expr],
) -> Result<Collection<'d>, Fault> {
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    let mut from = input.to_vec();
    while !from.is_empty() {
        let mut next = Vec::new();
        evaluation.for_each(&from, arg(args, 0)?, &mut |_, found| {
            next.extend(found);
            Ok(true)
        })?;
        next.retain(|value| seen.insert(value_key(value)));
        all.extend(next.iter().cloned());
        from = next;
    }
    Ok(all)
}

fn aggregate<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    args: &'d [Expr],
) -> Result<Collection<'d>, Fault> {
    let first = match args.get(1) {
        Some(first) => evaluation.argument(first)?,
        None => Vec::new(),
    };
    let outer = std::mem::replace(&mut evaluation.total, first);
    let step = arg(args, 0)?;
    let mut outcome = Ok(());
    for value in input {
        let mut total = Vec::new();
        let one = std::slice::from_ref(value);
        outcome = evaluation.for_each(one, step, &mut |_, found| {
            total = found;
            Ok(true)
        });
        if outcome.is_err() {
            break;
        }
        evaluation.total = total;
    }
    let total = std::mem::replace(&mut evaluation.total, outer);
    outcome.map(|()| total)
}

fn children<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
) -> Result<Collection<'d>, Fault> {
    let mut all = Vec::new();
    for value in input {
        if let Value::Element(element) = value {
            element.each(None, &mut |child| all.push(Value::Element(child.element)));
        }
    }
    evaluation.steps.spend(all.len())?;
    Ok(all)
}

fn descendants<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    _: &'d [Expr],
) -> Result<Collection<'d>, Fault> {
    let mut all = Vec::new();
    let mut from = children(evaluation, input)?;
    while !from.is_empty() {
        let next = children(evaluation, &from)?;
        all.append(&mut from);
        from = next;
    }
    Ok(all)
}
