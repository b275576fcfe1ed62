//! What an expression gives: elements of a resource, and values that follow from them.

use std::borrow::Cow;

use super::Fault;
use super::element::Element;
use super::temporal::Temporal;

/// One value.
#[derive(Debug, Clone)]
pub enum Value<'d> {
    /// An element of the resource.
    Element(Element<'d>),
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with decimals, exact to fifteen digits.
    Decimal(f64),
    /// A text.
    Text(Cow<'d, str>),
    /// A date, a time with its day, or a time of day.
    Temporal(Moment),
    /// A number with its unit.
    Quantity(Quantity),
}

/// A date or time.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment(pub(super) Temporal);

/// A number with its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The number.
    pub value: f64,
    /// The unit: a UCUM code, a word of the calendar, or as it is written.
    pub unit: String,
}

/// Values in their order.
pub(super) type Collection<'d> = Vec<Value<'d>>;

impl<'d> Value<'d> {
    /// The value that an element of a primitive type, or a quantity, stands for; all else as it is.
    pub(super) fn plain(&self) -> Cow<'_, Value<'d>> {
        match self {
            Self::Element(element) => match element.plain() {
                Some(plain) => Cow::Owned(plain),
                None => Cow::Borrowed(self),
            },
            _ => Cow::Borrowed(self),
        }
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<Cow<'d, str>> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Element(element) => element.text(),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub(super) fn number(&self) -> Option<f64> {
        match self.plain().as_ref() {
            Self::Integer(whole) => Some(*whole as f64),
            Self::Decimal(number) => Some(*number),
            _ => None,
        }
    }
}

/// The one value of a collection; nothing if it is empty.
pub(super) fn single<'v, 'd>(
    values: &'v [Value<'d>],
    asker: &'static str,
) -> Result<Option<&'v Value<'d>>, Fault> {
    match values {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        _ => Err(Fault::Several(asker)),
    }
}

/// What a collection says as a condition: its one boolean; true if it is one other value; nothing if
/// it is empty (<http://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections>).
pub(super) fn truth(values: &[Value<'_>], asker: &'static str) -> Result<Option<bool>, Fault> {
    let Some(one) = single(values, asker)? else {
        return Ok(None);
    };
    match one.plain().as_ref() {
        Value::Boolean(truth) => Ok(Some(*truth)),
        _ => Ok(Some(true)),
    }
}

/// The one text of a collection.
pub(super) fn text_of<'d>(
    values: &[Value<'d>],
    asker: &'static str,
) -> Result<Option<Cow<'d, str>>, Fault> {
    let Some(one) = single(values, asker)? else {
        return Ok(None);
    };
    match (one.text(), one) {
        (Some(text), _) => Ok(Some(text)),
        // A primitive that has nothing but extensions has no text, and is no fault.
        (None, Value::Element(element)) if element.is_absent() => Ok(None),
        _ => Err(Fault::Unfit(asker)),
    }
}

/// The one whole number of a collection.
pub(super) fn whole_of(values: &[Value<'_>], asker: &'static str) -> Result<Option<i64>, Fault> {
    let Some(one) = single(values, asker)? else {
        return Ok(None);
    };
    match one.plain().as_ref() {
        Value::Integer(whole) => Ok(Some(*whole)),
        _ => Err(Fault::Unfit(asker)),
    }
}

/// A truth as a collection; nothing where it is not known.
pub(super) fn of_truth<'d>(truth: Option<bool>) -> Collection<'d> {
    truth.map(Value::Boolean).into_iter().collect()
}
