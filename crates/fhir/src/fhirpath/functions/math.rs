//! Numbers.

use super::super::Fault;
use super::super::value::{Collection, Value, single};
use super::Function;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abs", 0..=0, |_, input, _| {
        changed(
            input,
            |number| Value::Decimal(number.abs()),
            i64::checked_abs,
        )
    }),
    Function::new("ceiling", 0..=0, |_, input, _| {
        changed(input, |number| Value::Integer(number.ceil() as i64), Some)
    }),
    Function::new("floor", 0..=0, |_, input, _| {
        changed(input, |number| Value::Integer(number.floor() as i64), Some)
    }),
    Function::new("truncate", 0..=0, |_, input, _| {
        changed(input, |number| Value::Integer(number.trunc() as i64), Some)
    }),
];

/// A number changed, decimal or whole.
fn changed<'d>(
    input: &[Value<'d>],
    of_decimal: fn(f64) -> Value<'d>,
    of_whole: fn(i64) -> Option<i64>,
) -> Result<Collection<'d>, Fault> {
    let Some(one) = single(input, "a function of numbers")? else {
        return Ok(Vec::new());
    };
    match one.plain().as_ref() {
        Value::Integer(whole) => Ok(of_whole(*whole).map(Value::Integer).into_iter().collect()),
        Value::Decimal(number) => Ok(vec![of_decimal(*number)]),
        _ => Err(Fault::Unfit("a function of numbers")),
    }
}
