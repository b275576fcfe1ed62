//! Whether there is something, and whether it is so.

use super::super::Fault;
use super::super::ast::Expr;
use super::super::compare::{distinct, keys, value_key};
use super::super::evaluate::Evaluation;
use super::super::value::{Collection, Value, of_truth, truth};
use super::{Function, arg};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("empty", 0..=0, |_, input, _| told(input.is_empty())),
    Function::new("exists", 0..=1, exists),
    Function::new("all", 1..=1, all),
    Function::new("not", 0..=0, |_, input, _| {
        Ok(of_truth(truth(input, "not")?.map(|truth| !truth)))
    }),
    Function::new("allTrue", 0..=0, |_, input, _| every(input, true)),
    Function::new("allFalse", 0..=0, |_, input, _| every(input, false)),
    Function::new("anyTrue", 0..=0, |_, input, _| any(input, true)),
    Function::new("anyFalse", 0..=0, |_, input, _| any(input, false)),
    Function::new("count", 0..=0, |_, input, _| {
        let count = i64::try_from(input.len()).unwrap_or(i64::MAX);
        Ok(vec![Value::Integer(count)])
    }),
    Function::new("distinct", 0..=0, |evaluation, input, _| {
        distinct(input.to_vec(), evaluation.steps)
    }),
    Function::new("isDistinct", 0..=0, |evaluation, input, _| {
        let kept = distinct(input.to_vec(), evaluation.steps)?;
        told(kept.len() == input.len())
    }),
    Function::new("subsetOf", 1..=1, |evaluation, input, args| {
        let other = evaluation.argument(arg(args, 0)?)?;
        told(is_within(input, &other))
    }),
    Function::new("supersetOf", 1..=1, |evaluation, input, args| {
        let other = evaluation.argument(arg(args, 0)?)?;
        told(is_within(&other, input))
    }),
];

fn told<'d>(truth: bool) -> Result<Collection<'d>, Fault> {
    Ok(vec![Value::Boolean(truth)])
}

fn exists<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    args: &'d [Expr],
) -> Result<Collection<'d>, Fault> {
    let Some(criterion) = args.first() else {
        return told(!input.is_empty());
    };
    let mut is_found = false;
    evaluation.for_each(input, criterion, &mut |_, found| {
        is_found = truth(&found, "exists")? == Some(true);
        Ok(!is_found)
    })?;
    told(is_found)
}

fn all<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    args: &'d [Expr],
) -> Result<Collection<'d>, Fault> {
    let mut is_all = true;
    evaluation.for_each(input, arg(args, 0)?, &mut |_, found| {
        is_all = truth(&found, "all")? == Some(true);
        Ok(is_all)
    })?;
    told(is_all)
}

fn truths(input: &[Value<'_>]) -> Result<Vec<bool>, Fault> {
    let truth_of = |value: &Value<'_>| match value.plain().as_ref() {
        Value::Boolean(truth) => Ok(*truth),
        _ => Err(Fault::Unfit("a list of conditions")),
    };
    input.iter().map(truth_of).collect()
}

fn every<'d>(input: &[Value<'d>], wanted: bool) -> Result<Collection<'d>, Fault> {
    told(truths(input)?.iter().all(|truth| *truth == wanted))
}

fn any<'d>(input: &[Value<'d>], wanted: bool) -> Result<Collection<'d>, Fault> {
    told(truths(input)?.contains(&wanted))
}

fn is_within(inner: &[Value<'_>], outer: &[Value<'_>]) -> bool {
    let outer = keys(outer);
    inner.iter().all(|value| outer.contains(&value_key(value)))
}
