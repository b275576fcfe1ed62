//! Texts.

use std::borrow::Cow;

use super::super::Fault;
use super::super::ast::Expr;
use super::super::evaluate::Evaluation;
use super::super::parser::regex_of;
use super::super::value::{Collection, Value, text_of, whole_of};
use super::{Function, arg};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("startsWith", 1..=1, |evaluation, input, args| {
        asked(evaluation, input, args, |text, part| text.starts_with(part))
    }),
    Function::new("endsWith", 1..=1, |evaluation, input, args| {
        asked(evaluation, input, args, |text, part| text.ends_with(part))
    }),
    Function::new("contains", 1..=1, |evaluation, input, args| {
        asked(evaluation, input, args, |text, part| text.contains(part))
    }),
    Function::of_pattern("matches", 1..=1, |evaluation, input, args| {
        matches(evaluation, input, args, "")
    }),
    Function::new("matchesFull", 1..=1, |evaluation, input, args| {
        matches(evaluation, input, args, "whole")
    }),
    Function::of_pattern("replaceMatches", 2..=2, replace_matches),
    Function::new("replace", 2..=2, |evaluation, input, args| {
        let pattern = argument(evaluation, args, 0)?;
        let with = argument(evaluation, args, 1)?;
        let (Some(pattern), Some(with)) = (pattern, with) else {
            return Ok(Vec::new());
        };
        changed(input, |text| text.replace(pattern.as_ref(), &with))
    }),
    Function::new("indexOf", 1..=1, index_of),
    Function::new("substring", 1..=2, substring),
    Function::new("length", 0..=0, |_, input, _| {
        let length = text_of(input, "length")?.map(|text| text.chars().count());
        Ok(length.and_then(whole).into_iter().collect())
    }),
    Function::new("upper", 0..=0, |_, input, _| {
        changed(input, str::to_uppercase)
    }),
    Function::new("lower", 0..=0, |_, input, _| {
        changed(input, str::to_lowercase)
    }),
    Function::new("trim", 0..=0, |_, input, _| {
        changed(input, |text| text.trim().to_owned())
    }),
    Function::new("toChars", 0..=0, |_, input, _| {
        let text = text_of(input, "toChars")?.unwrap_or_default();
        Ok(text
            .chars()
            .map(|letter| owned(letter.to_string()))
            .collect())
    }),
    Function::new("split", 1..=1, |evaluation, input, args| {
        let at = argument(evaluation, args, 0)?.unwrap_or_default();
        let text = text_of(input, "split")?;
        let parts = |text: Cow<'_, str>| -> Vec<_> {
            text.split(at.as_ref())
                .map(|part| owned(part.to_owned()))
                .collect()
        };
        Ok(text.map(parts).unwrap_or_default())
    }),
    Function::new("join", 0..=1, |evaluation, input, args| {
        let between = match args {
            [] => None,
            _ => argument(evaluation, args, 0)?,
        };
        let texts: Vec<_> = input.iter().filter_map(Value::text).collect();
        match texts.is_empty() {
            true => Ok(Vec::new()),
            false => Ok(vec![owned(texts.join(&between.unwrap_or_default()))]),
        }
    }),
];

fn owned<'d>(text: String) -> Value<'d> {
    Value::Text(Cow::Owned(text))
}

fn whole<'d>(count: usize) -> Option<Value<'d>> {
    i64::try_from(count).ok().map(Value::Integer)
}

fn argument<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    args: &'d [Expr],
    place: usize,
) -> Result<Option<Cow<'d, str>>, Fault> {
    let given = evaluation.argument(arg(args, place)?)?;
    text_of(&given, "an argument")
}

/// What a text says about another; nothing where one of them is not there.
fn asked<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    args: &'d [Expr],
    ask: fn(&str, &str) -> bool,
) -> Result<Collection<'d>, Fault> {
    let part = argument(evaluation, args, 0)?;
    let text = text_of(input, "a question about a text")?;
    let told = text.zip(part).map(|(text, part)| ask(&text, &part));
    Ok(told.map(Value::Boolean).into_iter().collect())
}

fn changed<'d>(
    input: &[Value<'d>],
    change: impl Fn(&str) -> String,
) -> Result<Collection<'d>, Fault> {
    let text = text_of(input, "a change of a text")?;
    Ok(text.map(|text| owned(change(&text))).into_iter().collect())
}

/// The regular expression of an argument; nothing where there is none.
fn pattern<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    args: &'d [Expr],
    extent: &str,
) -> Result<Option<Cow<'d, regex::Regex>>, Fault> {
    if let Expr::Pattern(regex) = arg(args, 0)? {
        return Ok(Some(Cow::Borrowed(regex)));
    }
    let Some(text) = argument(evaluation, args, 0)? else {
        return Ok(None);
    };
    let regex = match extent {
        "whole" => regex_of(&format!("^(?:{text})$")),
        _ => regex_of(&text),
    };
    regex
        .map(|regex| Some(Cow::Owned(regex)))
        .ok_or(Fault::Pattern)
}

fn matches<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    args: &'d [Expr],
    extent: &str,
) -> Result<Collection<'d>, Fault> {
    let regex = pattern(evaluation, args, extent)?;
    let text = text_of(input, "matches")?;
    let told = text.zip(regex).map(|(text, regex)| regex.is_match(&text));
    Ok(told.map(Value::Boolean).into_iter().collect())
}

fn replace_matches<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    args: &'d [Expr],
) -> Result<Collection<'d>, Fault> {
    let regex = pattern(evaluation, args, "")?;
    let with = argument(evaluation, args, 1)?;
    let (Some(regex), Some(with)) = (regex, with) else {
        return Ok(Vec::new());
    };
    changed(input, |text| {
        regex.replace_all(text, with.as_ref()).into_owned()
    })
}

fn index_of<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    args: &'d [Expr],
) -> Result<Collection<'d>, Fault> {
    let part = argument(evaluation, args, 0)?;
    let text = text_of(input, "indexOf")?;
    let Some((text, part)) = text.zip(part) else {
        return Ok(Vec::new());
    };
    let before = text.find(part.as_ref()).and_then(|at| text.get(..at));
    Ok(match before {
        Some(before) => whole(before.chars().count()).into_iter().collect(),
        None => vec![Value::Integer(-1)],
    })
}

fn substring<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    args: &'d [Expr],
) -> Result<Collection<'d>, Fault> {
    let start = evaluation.argument(arg(args, 0)?)?;
    let start = whole_of(&start, "substring")?.and_then(|start| usize::try_from(start).ok());
    let length = match args.get(1) {
        Some(length) => {
            let length = evaluation.argument(length)?;
            whole_of(&length, "substring")?
        }
        None => None,
    };
    let length = length.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(0));
    let Some((text, start)) = text_of(input, "substring")?.zip(start) else {
        return Ok(Vec::new());
    };
    let mut rest = text.chars().skip(start).peekable();
    match rest.peek() {
        None => Ok(Vec::new()),
        Some(_) => Ok(vec![owned(rest.take(length).collect())]),
    }
}
