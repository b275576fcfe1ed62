//! The flag that a child protection message puts at the head of a record: that there is one, whom
//! to ring now, and no more. It is made from the message each time somebody asks, so it is gone
//! from everywhere the moment that the message no longer calls for it.

use domain::calendar;
use domain::message::{Kind, Message, Stage};
use domain::{Category, ClassId, Confidentiality, LabelClass, OrganisationId, RowKey, Timestamp};
use jiff::Span;
use policy::{Facts, Permit, would_open};
use serde_json::{Value, json};
use store::{Directory, Snapshot, StoredResource};

use super::routing;
use super::send::named;
use crate::contribute::ORGANISATION_SYSTEM;
use crate::disclose::request;
use crate::{Asking, Context, Error, spoken};

/// How long a flag says "ended on" before it is gone.
const SHOWN_AFTER_END_MONTHS: i32 = 12;
/// How many of the looks since are said with place and time; of the others, how many there were.
const LOOKS_SHOWN: usize = 3;
/// The class of what has no row: no row has it.
pub(super) const NO_CLASS: ClassId = ClassId(-1);

/// The flags that this caller may see at the head of a person's record, and the messages that they
/// stand for.
pub(crate) async fn flags(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &Facts,
    permit: &Permit,
) -> Result<Vec<(StoredResource, Message)>, Error> {
    let messages = snapshot.raised(permit, Kind::ChildProtection).await?;
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let directory = snapshot.directory().await?;
    let request = request(asking, facts);
    let policies = cx.policies.at(snapshot).await?;
    let now = cx.now();
    let is_own = asking.caller.worker().is_none();
    let looks = match is_own {
        true => Vec::new(),
        false => snapshot.raised(permit, Kind::LookUp).await?,
    };
    let mut flags = Vec::new();
    for message in messages {
        let is_told = message.held.is_none() || !is_own;
        let label = label(&message.sender.organisation);
        if is_told && would_open(&request, facts, &policies, now, &label) {
            let looks: Vec<&Message> = looks.iter().filter(|it| it.thread == message.id).collect();
            let flag = resource(&message, &looks, &directory, now);
            flags.extend(flag.map(|flag| (flag, message)));
        }
    }
    Ok(flags)
}

/// It says nothing of what happened, so it is held no more closely than any alert: everyone who
/// looks after the child must see it.
pub(crate) fn label(sender: &OrganisationId) -> LabelClass {
    LabelClass {
        custodian: sender.clone(),
        author_role: None,
        confidentiality: Confidentiality::Normal,
        categories: [Category::Alerts].into(),
        sensitivities: [].into(),
    }
}

/// Whether a resource is a flag that the exchange raises, and no row of the record.
pub(crate) fn is_flag(resource: &StoredResource) -> bool {
    resource.class == NO_CLASS
}

/// The flag, while the message is in force and for twelve months after it was closed.
fn resource(
    message: &Message,
    looks: &[&Message],
    directory: &Directory,
    now: Timestamp,
) -> Option<StoredResource> {
    let ended = match &message.stage {
        Stage::Sent => None,
        Stage::Closed(ending) if now < gone_at(ending.at) => Some(ending.at),
        _ => return None,
    };
    Some(StoredResource {
        row: RowKey(0),
        resource_type: "Flag".to_owned(),
        id: message.id,
        version: message.revision,
        updated_at: ended.unwrap_or(message.at),
        occurred_at: Some(message.at),
        class: NO_CLASS,
        custodian: message.sender.organisation.clone(),
        mentions_others: false,
        bytes: face(message, (ended, looks), directory, now)
            .to_string()
            .into_bytes(),
    })
}

/// When a flag that says "ended on" is gone.
fn gone_at(ended: Timestamp) -> Timestamp {
    let date = calendar::local(ended).date();
    let gone = date.checked_add(Span::new().months(SHOWN_AFTER_END_MONTHS));
    calendar::instant(gone.unwrap_or(date), calendar::minute(ended))
}

fn face(
    message: &Message,
    (ended, looks): (Option<Timestamp>, &[&Message]),
    directory: &Directory,
    now: Timestamp,
) -> Value {
    let mut period = json!({ "start": message.at.to_string() });
    let words = match ended {
        Some(at) => {
            period["end"] = at.to_string().into();
            format!("Child protection message ended on {}", day(at))
        }
        None => format!(
            "Child protection message in force since {}. {}{}",
            day(message.at),
            ring_now(message, directory, now),
            looked_at(looks, directory)
        ),
    };
    json!({
        "resourceType": "Flag",
        "id": message.id.to_string(),
        "meta": {
            "versionId": message.revision.to_string(),
            "lastUpdated": ended.unwrap_or(message.at).to_string(),
            "security": [{
                "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "N"
            }]
        },
        "status": if ended.is_some() { "inactive" } else { "active" },
        "category": [{ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/flag-category", "code": "safety"
        }] }],
        "code": { "text": words },
        "subject": { "reference": format!("Patient/{}", message.patient) },
        "period": period,
        "author": { "identifier": {
            "system": ORGANISATION_SYSTEM, "value": message.sender.organisation.as_str()
        } }
    })
}

/// Where the child was seen unplanned since, latest first: a pattern that one visit does not show.
fn looked_at(looks: &[&Message], directory: &Directory) -> String {
    let shown = looks.iter().rev().take(LOOKS_SHOWN).map(|look| {
        let team = named(&look.sender.team, directory);
        let team = team.unwrap_or_else(|| look.sender.team.to_string());
        format!("{team}, {}", spoken::moment(look.at))
    });
    let shown: Vec<String> = shown.collect();
    match looks.len() {
        0 => String::new(),
        all => format!(
            ". Looked up in unscheduled care {}: {}",
            times(all),
            shown.join("; ")
        ),
    }
}

/// "once", "twice", "3 times".
fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

/// Whom to ring at this moment first, then the others.
pub(super) fn ring_now(message: &Message, directory: &Directory, now: Timestamp) -> String {
    let mut ring = message.ring.clone();
    let open = routing::opening(directory, &message.sender.team).is_open(now);
    if !open && ring.len() > 1 {
        ring.reverse();
    }
    let parts: Vec<String> = ring
        .iter()
        .map(|(name, number)| format!("{name}, {number}"))
        .collect();
    format!("Ring {}", parts.join("; "))
}

/// A day as people say it: "16 January 2027".
pub(super) fn day(at: Timestamp) -> String {
    calendar::local(at).date().strftime("%-d %B %Y").to_string()
}
