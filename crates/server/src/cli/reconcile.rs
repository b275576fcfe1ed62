//! `candour reconcile`: what a recipient noted of a day, against what the ledger says it was told.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use domain::{OrganisationId, Timestamp};
use serde_json::{Value, json};
use sharing::reconcile::{Reconciled, Told, reconcile};

use super::verify::read;
use super::{Exit, Failure, Style, Where, clock, runtime, say};
use crate::wiring;

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// The name under which a recipient's AuditEvent has the receipt.
const RECEIPT: &str = "candour-receipt";

/// Compare what a recipient noted with what the ledger says that it was told
#[derive(Debug, Args)]
pub struct Reconcile {
    /// The recipient's AuditEvents, one a line
    #[arg(value_name = "FILE")]
    noted: PathBuf,
    #[command(flatten)]
    place: Where,
    /// The agency whose systems noted them, by its id
    #[arg(long, value_name = "ID")]
    organisation: String,
    /// The day, in UTC
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: String,
}

pub(super) fn run(asked: &Reconcile, style: Style) -> Result<(), Failure> {
    let noted = receipts(&String::from_utf8_lossy(&read(&asked.noted)?))?;
    let from = Timestamp::parse(&format!("{}T00:00:00Z", asked.day)).ok_or_else(|| {
        let words = format!("{} is no day such as 2027-01-11", asked.day);
        Failure::new(Exit::Usage, words)
    })?;
    let told = Told {
        organisation: OrganisationId::from(asked.organisation.as_str()),
        from,
        until: from.plus_seconds(DAY_SECONDS),
    };
    let config = asked.place.config()?;
    let clock = Arc::new(clock(&config.data)?);
    let reconciled = runtime()?.block_on(async {
        let exchange = wiring::open(&config, clock)?;
        let reconciled = reconcile(&exchange.cx, &told, &noted).await;
        Ok::<_, Failure>(reconciled.context("the ledger cannot be read")?)
    })?;
    if style.json {
        say(&as_json(&reconciled));
    } else {
        say(&in_words(&reconciled));
    }
    match reconciled.is_even() {
        true => Ok(()),
        false => Err(Failure::new(
            Exit::Differs,
            "the two lists do not say the same",
        )),
    }
}

/// The receipt of each line; empty lines are no lines of the list, but count.
fn receipts(text: &str) -> Result<Vec<Option<String>>, Failure> {
    let mut receipts = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let event: Value = serde_json::from_str(line).map_err(|error| {
            Failure::new(
                Exit::Invalid,
                format!("line {number} is no AuditEvent: {error}"),
            )
        })?;
        receipts.push(receipt(&event));
    }
    Ok(receipts)
}

fn receipt(event: &Value) -> Option<String> {
    let entities = event.get("entity")?.as_array()?.iter();
    let mut details = entities
        .filter_map(|entity| entity.get("detail")?.as_array())
        .flatten();
    let detail = details.find(|detail| detail.get("type").is_some_and(|kind| kind == RECEIPT))?;
    Some(detail.get("valueString")?.as_str()?.to_owned())
}

fn in_words(reconciled: &Reconciled) -> String {
    let lines = |lines: &[usize]| {
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        lines.join(", ")
    };
    let mut words = vec![format!("{} noted and in the ledger", reconciled.agree)];
    let mut add = |what: &str, found: &[usize]| {
        if !found.is_empty() {
            words.push(format!("{what}: lines {}", lines(found)));
        }
    };
    add(
        "received past the log, with no receipt that holds",
        &reconciled.past_the_log,
    );
    add("promised to the log and not in it", &reconciled.not_kept);
    add("of another agency or day", &reconciled.elsewhere);
    for commitment in &reconciled.not_noted {
        words.push(format!(
            "may have been told, and was not noted: {commitment}"
        ));
    }
    words.join("\n")
}

fn as_json(reconciled: &Reconciled) -> Value {
    let not_noted: Vec<String> = reconciled
        .not_noted
        .iter()
        .map(ToString::to_string)
        .collect();
    json!({
        "agree": reconciled.agree,
        "past_the_log": reconciled.past_the_log,
        "not_kept": reconciled.not_kept,
        "elsewhere": reconciled.elsewhere,
        "not_noted": not_noted,
    })
}
