//! One type made of another, and whether that can be done.

use std::borrow::Cow;

use super::super::Fault;
use super::super::temporal::{Kind, Temporal};
use super::super::value::{Collection, Moment, Quantity, Value, single};
use super::Function;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("toBoolean", 0..=0, |_, input, _| made(input, boolean)),
    Function::new("toInteger", 0..=0, |_, input, _| made(input, integer)),
    Function::new("toDecimal", 0..=0, |_, input, _| made(input, decimal)),
    Function::new("toString", 0..=0, |_, input, _| made(input, text)),
    Function::new("toDate", 0..=0, |_, input, _| made(input, date)),
    Function::new("toDateTime", 0..=0, |_, input, _| made(input, date_time)),
    Function::new("toTime", 0..=0, |_, input, _| made(input, time)),
    Function::new("toQuantity", 0..=1, |_, input, _| made(input, quantity)),
    Function::new("convertsToBoolean", 0..=0, |_, input, _| {
        can(input, boolean)
    }),
    Function::new("convertsToInteger", 0..=0, |_, input, _| {
        can(input, integer)
    }),
    Function::new("convertsToDecimal", 0..=0, |_, input, _| {
        can(input, decimal)
    }),
    Function::new("convertsToString", 0..=0, |_, input, _| can(input, text)),
    Function::new("convertsToDate", 0..=0, |_, input, _| can(input, date)),
    Function::new("convertsToDateTime", 0..=0, |_, input, _| {
        can(input, date_time)
    }),
    Function::new("convertsToTime", 0..=0, |_, input, _| can(input, time)),
    Function::new("convertsToQuantity", 0..=1, |_, input, _| {
        can(input, quantity)
    }),
];

/// What a value becomes; nothing if it cannot.
type Make = for<'d> fn(&Value<'d>) -> Option<Value<'d>>;

fn made<'d>(input: &[Value<'d>], make: Make) -> Result<Collection<'d>, Fault> {
    let one = single(input, "a conversion")?;
    Ok(one.and_then(make).into_iter().collect())
}

fn can<'d>(input: &[Value<'d>], make: Make) -> Result<Collection<'d>, Fault> {
    let one = single(input, "a conversion")?;
    let can = one.map(|one| Value::Boolean(make(one).is_some()));
    Ok(can.into_iter().collect())
}

fn boolean<'d>(value: &Value<'d>) -> Option<Value<'d>> {
    let truth = match value.plain().as_ref() {
        Value::Boolean(truth) => *truth,
        Value::Text(text) => match text.to_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => true,
            "false" | "f" | "no" | "n" | "0" | "0.0" => false,
            _ => return None,
        },
        other => match other.number()? {
            1.0 => true,
            0.0 => false,
            _ => return None,
        },
    };
    Some(Value::Boolean(truth))
}

fn integer<'d>(value: &Value<'d>) -> Option<Value<'d>> {
    let whole = match value.plain().as_ref() {
        Value::Integer(whole) => *whole,
        Value::Boolean(truth) => i64::from(*truth),
        Value::Text(text) => text.parse::<i32>().ok()?.into(),
        _ => return None,
    };
    Some(Value::Integer(whole))
}

fn decimal<'d>(value: &Value<'d>) -> Option<Value<'d>> {
    let number = match value.plain().as_ref() {
        Value::Boolean(truth) => f64::from(u8::from(*truth)),
        Value::Text(text) => {
            let is_plain = |letter: char| letter.is_ascii_digit() || "+-.".contains(letter);
            text.parse().ok().filter(|_| text.chars().all(is_plain))?
        }
        other => other.number()?,
    };
    Some(Value::Decimal(number))
}

/// Elements keep the digits that they are written with.
fn text<'d>(value: &Value<'d>) -> Option<Value<'d>> {
    let text = match value {
        Value::Element(element) => element.written()?,
        Value::Boolean(truth) => Cow::Owned(truth.to_string()),
        Value::Integer(whole) => Cow::Owned(whole.to_string()),
        Value::Decimal(number) => Cow::Owned(number.to_string()),
        Value::Text(text) => text.clone(),
        Value::Quantity(Quantity { value, unit }) => Cow::Owned(format!("{value} '{unit}'")),
        Value::Temporal(_) => return None,
    };
    Some(Value::Text(text))
}

fn temporal<'d>(value: &Value<'d>) -> Option<Temporal> {
    match value.plain().as_ref() {
        Value::Temporal(moment) => Some(moment.0.clone()),
        Value::Text(text) => Temporal::parse(text),
        _ => None,
    }
}

fn moment<'d>(temporal: Temporal) -> Value<'d> {
    Value::Temporal(Moment(temporal))
}

fn date<'d>(value: &Value<'d>) -> Option<Value<'d>> {
    let found = temporal(value).filter(|found| found.kind == Kind::Date);
    found.map(moment)
}

fn date_time<'d>(value: &Value<'d>) -> Option<Value<'d>> {
    let found = temporal(value).filter(|found| found.kind != Kind::Time);
    found.map(moment)
}

fn time<'d>(value: &Value<'d>) -> Option<Value<'d>> {
    let found = temporal(value).filter(|found| found.kind == Kind::Time);
    found.map(moment)
}

fn quantity<'d>(value: &Value<'d>) -> Option<Value<'d>> {
    let plain = value.plain();
    let found = match plain.as_ref() {
        Value::Quantity(quantity) => quantity.clone(),
        Value::Text(text) => {
            let (number, unit) = text.split_once(' ').unwrap_or((text, "1"));
            Quantity {
                value: number.parse().ok()?,
                unit: unit.trim_matches('\'').to_owned(),
            }
        }
        other => Quantity {
            value: other.number()?,
            unit: "1".to_owned(),
        },
    };
    Some(Value::Quantity(found))
}
