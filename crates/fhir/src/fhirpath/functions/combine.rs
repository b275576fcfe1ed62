//! Making one collection of two.

use super::super::compare::{distinct, keys, value_key};
use super::super::value::{Value, truth};
use super::{Function, arg};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("union", 1..=1, |evaluation, input, args| {
        let other = evaluation.argument(arg(args, 0)?)?;
        let all = input.iter().cloned().chain(other).collect();
        distinct(all, evaluation.steps)
    }),
    Function::new("combine", 1..=1, |evaluation, input, args| {
        let other = evaluation.argument(arg(args, 0)?)?;
        Ok(input.iter().cloned().chain(other).collect())
    }),
    Function::new("intersect", 1..=1, |evaluation, input, args| {
        let other = keys(&evaluation.argument(arg(args, 0)?)?);
        let is_common = |value: &&Value<'_>| other.contains(&value_key(value));
        let common = input.iter().filter(is_common).cloned().collect();
        distinct(common, evaluation.steps)
    }),
    Function::new("exclude", 1..=1, |evaluation, input, args| {
        let other = keys(&evaluation.argument(arg(args, 0)?)?);
        let is_own = |value: &&Value<'_>| !other.contains(&value_key(value));
        Ok(input.iter().filter(is_own).cloned().collect())
    }),
    // The arguments begin from the values before it, even where there are none.
    Function::new("iif", 2..=3, |evaluation, input, args| {
        let is_so = evaluation.of(arg(args, 0)?, input)?;
        let chosen = match truth(&is_so, "iif")? {
            Some(true) => args.get(1),
            _ => args.get(2),
        };
        match chosen {
            Some(chosen) => evaluation.of(chosen, input),
            None => Ok(Vec::new()),
        }
    }),
    // What is traced is shown to nobody here.
    Function::new("trace", 1..=2, |_, input, _| Ok(input.to_vec())),
];
