//! What a Communication says of a discussion between agencies: one text for each statement, said by
//! whom and when, then what was decided. FHIR has no resource for such a record.

use domain::message::{Conclusion, Discussion, Statement};
use serde_json::{Value, json};

/// The texts that follow why it was opened.
pub(super) fn payload(discussion: &Discussion) -> Vec<Value> {
    let blocks = discussion.blocks.iter().map(|one| {
        let kind = match discussion.is_superseded(one) {
            true => "Block, superseded",
            false => "Block",
        };
        statement(kind, one)
    });
    let dissents = discussion
        .dissents
        .iter()
        .map(|one| statement("Dissent", one));
    let current = discussion.conclusion();
    let conclusions = discussion.conclusions.iter().map(|one| {
        let kind = match current == Some(one) {
            true => "Decision",
            false => "Decision, superseded",
        };
        conclusion(kind, one)
    });
    let others = discussion.others.iter();
    let others = others.map(|one| format!("Touches {}", one.words()));
    let texts = others.chain(blocks).chain(dissents).chain(conclusions);
    texts.map(|text| json!({ "contentString": text })).collect()
}

fn statement(kind: &str, one: &Statement) -> String {
    let Statement {
        agency_name,
        name,
        at,
        text,
        ..
    } = one;
    format!("{kind} of {agency_name} ({name}, {at}): {text}")
}

fn conclusion(kind: &str, one: &Conclusion) -> String {
    let answers: Vec<String> = one
        .prompts
        .iter()
        .map(|(prompt, answer)| format!("{}={}", prompt.code(), answer.code()))
        .collect();
    let without = match one.without.is_empty() {
        true => String::new(),
        false => format!(" Decided without: {}.", one.without.join(", ")),
    };
    format!(
        "{kind} ({}, {}): {}. Reasons: {} Interim safety plan: {} Asked: {}.{without}",
        one.name,
        one.at,
        one.course.code(),
        one.reasons,
        one.plan,
        answers.join(", ")
    )
}
