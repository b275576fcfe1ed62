//! A decision for people to read.

use std::fmt::Write;

use super::Report;

/// The report as readable text.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut text, report);
    text
}

fn write(text: &mut String, report: &Report) -> std::fmt::Result {
    if let Some(title) = &report.title {
        writeln!(text, "{title}")?;
    }
    let grounds: Vec<_> = report.grounds.iter().map(|it| it.code).collect();
    writeln!(text, "{} {}", report.decision, grounds.join(" "))?;
    writeln!(text)?;
    paragraph(text, "to whoever asked", &report.explanation.practitioner)?;
    paragraph(text, "to the person", &report.explanation.person)?;
    if let Some(basis) = &report.basis {
        let legs = [Some(basis.a), basis.b, Some(basis.c)];
        let legs: Vec<_> = legs.into_iter().flatten().collect();
        let words = format!("{} ({})", legs.join(", "), basis.authority);
        paragraph(text, "basis", &words)?;
    }
    for item in &report.items {
        let ground = item.ground.map(|ground| format!(" {ground}"));
        let by = item.policy.as_deref().or(item.gate.as_deref());
        let by = by.map(|by| format!(", by {by}")).unwrap_or_default();
        let outcome = format!("{}{}{by}", item.outcome, ground.unwrap_or_default());
        writeln!(text, "  {:<24} {outcome}", item.item.as_str())?;
    }
    if !report.items.is_empty() {
        writeln!(text)?;
    }
    for told in &report.told {
        writeln!(text, "told in words: {told}")?;
    }
    for referral in &report.referrals {
        writeln!(
            text,
            "{} decides by {}; missing: {}",
            referral.decider, referral.due_at, referral.missing
        )?;
    }
    for it in &report.obligations {
        writeln!(text, "owed: {} ({})", it.words, it.code)?;
    }
    for it in &report.counterfactuals {
        writeln!(text, "would change it: {} ({})", it.words, it.code)?;
    }
    for it in &report.alarms {
        let because = it.because.join(", ");
        let (who, due) = (&it.left_out, &it.due_at);
        writeln!(text, "alarm: {who} was left out of {because}; due {due}")?;
    }
    for it in &report.life_decisions {
        let may = if it.allowed {
            "may stand"
        } else {
            "may not stand"
        };
        writeln!(text, "{}: {may} {}", it.name, it.because.join("; "))?;
    }
    for it in &report.restrictions {
        writeln!(text, "{}: {}, {}", it.kind, it.state, it.words)?;
    }
    if let Some(refusal) = &report.refusal {
        let verdict = if refusal.accepted {
            "stands"
        } else {
            "does not stand"
        };
        writeln!(text, "the refusal {verdict}: {}", refusal.words.join("; "))?;
    }
    writeln!(text)?;
    writeln!(text, "{}", report.explanation.auditor)
}

fn paragraph(text: &mut String, heading: &str, words: &str) -> std::fmt::Result {
    writeln!(text, "{heading}:\n  {words}\n")
}
