//! What stands between two sides (<http://hl7.org/fhirpath/N1/#operations>).

use std::borrow::Cow;
use std::cmp::Ordering;

use super::Fault;
use super::ast::{Expr, Operator};
use super::compare::{distinct, equal, equivalent, keys, order, value_key};
use super::evaluate::Evaluation;
use super::value::{Collection, Moment, Quantity, Value, of_truth, single, text_of, truth};

/// An operator on what its two sides give.
pub(super) fn binary<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    operator: Operator,
    left: &'d Expr,
    right: &'d Expr,
    input: &[Value<'d>],
) -> Result<Collection<'d>, Fault> {
    let left = evaluation.of(left, input)?;
    if let Some(settled) = settled(operator, &left)? {
        return Ok(vec![Value::Boolean(settled)]);
    }
    let right = evaluation.of(right, input)?;
    match operator {
        Operator::And | Operator::Or | Operator::Xor | Operator::Implies => {
            let left = truth(&left, "a condition")?;
            let right = truth(&right, "a condition")?;
            Ok(of_truth(logic(operator, left, right)))
        }
        Operator::Equal => Ok(of_truth(equal(&left, &right))),
        Operator::NotEqual => Ok(of_truth(equal(&left, &right).map(|equal| !equal))),
        Operator::Equivalent => Ok(of_truth(Some(equivalent(&left, &right)))),
        Operator::NotEquivalent => Ok(of_truth(Some(!equivalent(&left, &right)))),
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            in_order(operator, &left, &right)
        }
        Operator::In => has(&right, &left),
        Operator::Contains => has(&left, &right),
        Operator::Union => {
            let all = left.into_iter().chain(right).collect();
            distinct(all, evaluation.steps)
        }
        Operator::Join => {
            let left = text_of(&left, "&")?.unwrap_or_default();
            let right = text_of(&right, "&")?.unwrap_or_default();
            Ok(vec![Value::Text(Cow::Owned(format!("{left}{right}")))])
        }
        _ => arithmetic(operator, &left, &right),
    }
}

/// The answer, where the left side settles it.
fn settled(operator: Operator, left: &[Value<'_>]) -> Result<Option<bool>, Fault> {
    Ok(match operator {
        Operator::And if truth(left, "and")? == Some(false) => Some(false),
        Operator::Or if truth(left, "or")? == Some(true) => Some(true),
        Operator::Implies if truth(left, "implies")? == Some(false) => Some(true),
        _ => None,
    })
}

/// Logic of three values: true, false and not known (<http://hl7.org/fhirpath/N1/#boolean-logic>).
fn logic(operator: Operator, left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match operator {
        Operator::And => match (left, right) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Operator::Or => match (left, right) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Operator::Implies => match (left, right) {
            (Some(false), _) | (_, Some(true)) => Some(true),
            (Some(true), right) => right,
            _ => None,
        },
        _ => Some(left? != right?),
    }
}

fn in_order<'d>(
    operator: Operator,
    left: &[Value<'d>],
    right: &[Value<'d>],
) -> Result<Collection<'d>, Fault> {
    let sides = (
        single(left, "a comparison")?,
        single(right, "a comparison")?,
    );
    let (Some(left), Some(right)) = sides else {
        return Ok(Vec::new());
    };
    let found = order(left, right)?;
    Ok(of_truth(found.map(|found| match operator {
        Operator::Less => found == Ordering::Less,
        Operator::LessOrEqual => found != Ordering::Greater,
        Operator::Greater => found == Ordering::Greater,
        _ => found != Ordering::Less,
    })))
}

/// Whether a collection has a value.
fn has<'d>(list: &[Value<'d>], value: &[Value<'d>]) -> Result<Collection<'d>, Fault> {
    let Some(value) = single(value, "in")? else {
        return Ok(Vec::new());
    };
    let found = match list {
        [only] => value_key(only) == value_key(value),
        list => keys(list).contains(&value_key(value)),
    };
    Ok(vec![Value::Boolean(found)])
}

fn arithmetic<'d>(
    operator: Operator,
    left: &[Value<'d>],
    right: &[Value<'d>],
) -> Result<Collection<'d>, Fault> {
    let sides = (single(left, "a sum")?, single(right, "a sum")?);
    let (Some(left), Some(right)) = sides else {
        return Ok(Vec::new());
    };
    let (left, right) = (left.plain(), right.plain());
    let found = match (left.as_ref(), right.as_ref()) {
        (Value::Text(left), Value::Text(right)) if operator == Operator::Add => {
            Some(Value::Text(Cow::Owned(format!("{left}{right}"))))
        }
        (Value::Integer(left), Value::Integer(right)) => whole(operator, *left, *right),
        (Value::Temporal(moment), Value::Quantity(quantity)) => later(operator, moment, quantity)?,
        (Value::Quantity(left), Value::Quantity(right)) if left.unit == right.unit => {
            let value = decimal(operator, left.value, right.value);
            let unit = left.unit.clone();
            value.map(|value| Value::Quantity(Quantity { value, unit }))
        }
        (left, right) => match (left.number(), right.number()) {
            (Some(left), Some(right)) => {
                decimal(operator, left, right).map(|found| match operator {
                    Operator::DivideWhole => Value::Integer(found as i64),
                    _ => Value::Decimal(found),
                })
            }
            _ => return Err(Fault::Unfit("a sum")),
        },
    };
    Ok(found.into_iter().collect())
}

fn later<'d>(
    operator: Operator,
    moment: &Moment,
    quantity: &Quantity,
) -> Result<Option<Value<'d>>, Fault> {
    let amount = quantity.value.trunc() as i64;
    let amount = match operator {
        Operator::Add => amount,
        Operator::Subtract => amount.saturating_neg(),
        _ => return Err(Fault::Unfit("a sum")),
    };
    let moved = moment.0.plus(amount, &quantity.unit);
    Ok(moved.map(|moved| Value::Temporal(Moment(moved))))
}

/// Whole numbers; nothing where the result is too great, or divided by nothing.
fn whole<'d>(operator: Operator, left: i64, right: i64) -> Option<Value<'d>> {
    let found = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::DivideWhole => left.checked_div(right),
        Operator::Modulo => left.checked_rem(right),
        _ => return decimal(operator, left as f64, right as f64).map(Value::Decimal),
    };
    found.map(Value::Integer)
}

fn decimal(operator: Operator, left: f64, right: f64) -> Option<f64> {
    let found = match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
        Operator::DivideWhole => (left / right).trunc(),
        _ => left % right,
    };
    found.is_finite().then_some(found)
}

/// A number with the other sign.
pub(super) fn negative<'d>(values: &[Value<'d>]) -> Result<Collection<'d>, Fault> {
    let Some(one) = single(values, "-")? else {
        return Ok(Vec::new());
    };
    match one.plain().as_ref() {
        Value::Integer(whole) => Ok(whole
            .checked_neg()
            .map(Value::Integer)
            .into_iter()
            .collect()),
        Value::Decimal(number) => Ok(vec![Value::Decimal(-number)]),
        Value::Quantity(Quantity { value, unit }) => Ok(vec![Value::Quantity(Quantity {
            value: -value,
            unit: unit.clone(),
        })]),
        _ => Err(Fault::Unfit("-")),
    }
}
