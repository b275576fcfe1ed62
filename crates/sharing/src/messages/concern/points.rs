//! The three points of being an adult at risk, as a form, a file or a caller gives them.

use domain::message::{Concern, Holds, Point, ThreePoints};
use fhir::{Issue, IssueCode};

use super::super::send::text_of;
use crate::{Asking, Error};

/// Reads the three points from fields by name: `safeguard`, `at-risk` and `vulnerable`, each `yes`, `no`
/// or `not-known`, and what shows it under that name with `-words`. `None` if nothing was said of any.
///
/// # Errors
/// [`Error::Invalid`] names each point of which nothing, or nothing that is known, was said, where
/// something was said of another: not to know is an answer, to say nothing is none.
pub fn three_points(field: impl Fn(&str) -> String) -> Result<Option<ThreePoints>, Error> {
    let given = |(name, _): (&str, &str)| {
        let words = field(&format!("{name}-words")).trim().to_owned();
        (field(name).trim().to_owned(), words)
    };
    let given = ThreePoints::NAMES.map(given);
    if given
        .iter()
        .all(|(holds, words)| holds.is_empty() && words.is_empty())
    {
        return Ok(None);
    }
    let mut issues = Vec::new();
    let named = ThreePoints::NAMES.into_iter().zip(given);
    let mut points = named.filter_map(|((name, _), (holds, words))| {
        let known = Holds::ALL.into_iter().find(|one| one.code() == holds);
        if known.is_none() {
            issues.push(unanswered(name, &holds));
        }
        known.map(|holds| Point { holds, words })
    });
    let all = (points.next(), points.next(), points.next());
    drop(points);
    match all {
        (Some(safeguard), Some(at_risk), Some(vulnerable)) => Ok(Some(ThreePoints {
            safeguard,
            at_risk,
            vulnerable,
        })),
        _ => Err(Error::Invalid(issues)),
    }
}

fn unanswered(name: &'static str, holds: &str) -> Issue {
    let details = "say of each of the three points yes, no or not known";
    if holds.is_empty() {
        return Issue::required(name, details);
    }
    Issue::error(IssueCode::Value, details)
        .at(name)
        .found(holds)
}

/// What is wrong with the three points of a concern: they are of adults, and each is short.
pub(super) fn faults(asking: &Asking, concern: &Concern) -> Vec<Issue> {
    let Some(points) = &concern.points else {
        return Vec::new();
    };
    let mut issues = Vec::new();
    if !asking.purpose.is_a(domain::Purpose::AdultProtection) {
        let details = "the three points are of an adult at risk: leave them out, or say that the concern is about an adult";
        issues.push(Issue::error(IssueCode::BusinessRule, details).at("safeguard"));
    }
    for ((name, _), (_, point)) in ThreePoints::NAMES.into_iter().zip(points.each()) {
        if let Err(Error::Invalid(found)) = text_of(&point.words)
            && !point.words.is_empty()
        {
            issues.extend(found.into_iter().map(|issue| issue.at(name)));
        }
    }
    issues
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(given: &[(&str, &str)]) -> Result<Option<ThreePoints>, Error> {
        three_points(|name| {
            let value = given.iter().find(|(known, _)| *known == name);
            value.map_or_else(String::new, |(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn all_three_are_answered_or_none_and_together_they_say_who_is_at_risk() {
        assert_eq!(said(&[]).unwrap(), None);
        for (given, expected) in [
            (["yes", "yes", "yes"], Holds::Yes),
            (["yes", "not-known", "yes"], Holds::NotKnown),
            (["not-known", "yes", "no"], Holds::No),
        ] {
            let [safeguard, at_risk, vulnerable] = given;
            let given = [
                ("safeguard", safeguard),
                ("at-risk", at_risk),
                ("vulnerable", vulnerable),
                ("vulnerable-words", " Frail. "),
            ];
            let points = said(&given).unwrap().expect("three points");
            assert_eq!(points.of_adult_at_risk(), expected, "{given:?}");
            assert_eq!(points.vulnerable.words, "Frail.");
        }
    }

    #[test]
    fn words_without_an_answer_are_no_answer() {
        let Err(Error::Invalid(issues)) = said(&[("at-risk-words", "He drinks.")]) else {
            panic!("three answers are missing");
        };
        let at: Vec<_> = issues.iter().flat_map(|it| it.expression.clone()).collect();
        assert_eq!(at, ["safeguard", "at-risk", "vulnerable"]);
    }
}
