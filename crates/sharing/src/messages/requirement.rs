//! Requirements under section 10 of the Adult Support and Protection (Scotland) Act 2007: a council
//! officer's written demand for records, in an inquiry, to as many holders as may have some.
//!
//! Two keys open a health record. The officer requires it and cannot read it; a health professional
//! whom the officer names reads it and passes on what matters (s.10(5)). The demand and the access are
//! one commit, and end in one: there is no access without a demand in force, and none after.

use std::collections::BTreeSet;

use domain::arrangement::{Requirement, RequirementKind};
use domain::message::kind::harm;
use domain::message::{
    AdultsWord, Ending, InformationRequest, Kind, Message, Move, Outcome, Required, Urgency,
};
use domain::reach::Reach;
use domain::{Category, Fact, Moment, PartyId, Purpose, ResourceId, TeamId, Timestamp, WorkerId};
use fhir::{Issue, IssueCode};
use policy::Facts;
use store::{Directory, NewFacts, Snapshot, Write};

use super::board;
use super::outgoing::Outgoing;
use super::read::{Found, addressed, own_place, speaks_for_sender, teams};
use super::send::{Known, Sent, add_because, blank, dispatch, not_now, reachable, text_of};
use crate::attempt::{Attempt, until_done};
use crate::event::Operation;
use crate::{Asking, Context, Error};

/// By which law it is asked, as a holder would look it up.
const BASIS: &str = "A-c, C-stat: Adult Support and Protection (Scotland) Act 2007 s.10";

/// What an officer requires.
#[derive(Debug, Clone)]
pub struct Require {
    /// The teams that may hold it, at however many agencies.
    pub to: Vec<TeamId>,
    /// What is required.
    pub what: Vec<Category>,
    /// Written from this moment, if only such.
    pub written_from: Option<Moment>,
    /// Written before this moment, if only such.
    pub written_before: Option<Moment>,
    /// Why it is needed for the inquiry.
    pub why: String,
    /// By when; otherwise the clock of protection.
    pub by: Option<Timestamp>,
    /// The inquiry that it is made in: the concern that the officer's team looks into.
    pub inquiry: ResourceId,
    /// Its number, the officer's authority, the reader, and what the adult says to it.
    pub terms: Required,
}

/// Requires records about whoever this Patient is. On return it is on the lists of all holders and of
/// the reader's team, and the reader may read what is required.
///
/// # Errors
/// [`Error::Invalid`] if the caller is no officer of social work, shows no authority, names a reader
/// who is no health professional, or the concern is not looked into; [`Error::NotFound`] if the
/// concern is not theirs.
pub async fn require(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    require: &Require,
) -> Result<Sent, Error> {
    let operation = cx.draw();
    until_done(|| require_once(cx, asking, patient, require, operation)).await
}

async fn require_once(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    require: &Require,
    operation: [u8; 16],
) -> Result<Sent, Attempt> {
    let asking = &asking.for_purpose(Purpose::AdultProtectionRequirement);
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    is_whole(cx, asking, require, &directory)?;
    let to = holders_and_reader(require, &directory);
    reachable(&require.to, &directory, cx)?;
    let own = teams(asking, &directory)?;
    let inquiry = Found::of(cx, snapshot.as_mut(), asking, require.inquiry, &own).await?;
    is_open(&inquiry.message, &own)?;
    let known = Known::giving(cx, snapshot.as_mut(), asking, patient).await?;
    let person = known.facts.person;
    if inquiry.message.person != person {
        return Err(Error::NotFound.into());
    }
    is_new(&known.facts, &require.terms.number)?;

    let mut message = blank(cx, asking, &directory, patient, person, Kind::Request)?;
    message.name.clone_from(&inquiry.message.name);
    message.thread = inquiry.message.thread;
    message.text = text_of(&require.why)?;
    message.harm = harm(Kind::Request, asking.purpose, Urgency::Routine);
    message.request = Some(InformationRequest {
        asker: asking.caller.clone(),
        what: require.what.clone(),
        basis: format!("{BASIS}; requirement {}", require.terms.number),
        by: require.by,
        required: Some(require.terms.clone()),
    });
    dispatch(cx, &mut message, &to, &directory)?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    let because = match require.terms.adult {
        AdultsWord::Objects => "requirement-goes-past-no",
        AdultsWord::Agrees | AdultsWord::NotAsked { .. } => "requirement",
    };
    let about = (Operation::Request, &*require.what, because);
    let snapshot_ref = snapshot.as_mut();
    add_because(
        &mut outgoing,
        snapshot_ref,
        asking,
        &known,
        &mut message,
        about,
    )
    .await?;
    let fact = access(asking, &message, require, &directory);
    outgoing.write(said(cx, asking, &message, vec![Fact::Requirement(fact)]));
    let sent = Sent::of(&message);
    outgoing.write(board::keep(message, 0, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(sent)
}

/// What is missing is said all at once.
fn is_whole(
    cx: &Context,
    asking: &Asking,
    require: &Require,
    directory: &Directory,
) -> Result<(), Error> {
    if !asking
        .caller
        .role()
        .is_some_and(domain::Role::is_social_work)
    {
        let details = "only a council officer requires records under section 10";
        return Err(wrong(IssueCode::Forbidden, "role", details));
    }
    let mut issues = Vec::new();
    let terms = &require.terms;
    for (at, text, advice) in [
        ("number", &terms.number, "give the requirement's number"),
        (
            "authority",
            &terms.authority,
            "say by what authority you act: holders may ask to see it",
        ),
        ("text", &require.why, "say why the inquiry needs it"),
    ] {
        if text.trim().is_empty() {
            issues.push(Issue::required(at, advice));
        }
    }
    if require.what.is_empty() {
        issues.push(Issue::required("what", "choose what you require"));
    }
    if terms.adult.is_unsaid() {
        let advice = "ask the adult first, or say why they are not asked";
        issues.push(Issue::required("adult", advice));
    }
    if require.by.is_some_and(|by| by <= cx.now()) {
        let details = "choose a time that is still to come, or none";
        issues.push(Issue::error(IssueCode::Value, details).at("by"));
    }
    let reader = terms
        .reader
        .as_ref()
        .map(|reader| reader_at(reader, directory));
    if matches!(reader, Some(None)) {
        let details = "a reader is a health professional whom the directory names with a team";
        issues.push(Issue::error(IssueCode::BusinessRule, details).at("reader"));
    }
    if issues.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(issues))
    }
}

/// The team of a reader, if they are a health professional and have one.
fn reader_at<'d>(reader: &WorkerId, directory: &'d Directory) -> Option<&'d TeamId> {
    let worker = directory.workers.get(reader)?;
    worker.role.is_clinical().then_some(worker.team.as_ref())?
}

fn holders_and_reader(require: &Require, directory: &Directory) -> Vec<TeamId> {
    let reader = require.terms.reader.as_ref();
    let reads = reader.and_then(|reader| reader_at(reader, directory));
    let mut to = require.to.clone();
    to.extend(reads.filter(|team| !require.to.contains(team)).cloned());
    to
}

/// An inquiry is a concern about an adult that the officer's own team says it looks into.
fn is_open(concern: &Message, own: &[TeamId]) -> Result<(), Error> {
    let place = own_place(concern, own);
    let delivery = place.and_then(|place| concern.deliveries.get(place));
    let looked_into = delivery.is_some_and(|one| one.outcome == Some(Outcome::Inquiry));
    let of_adult = concern.purpose.is_a(Purpose::AdultProtection);
    if concern.kind == Kind::Concern && of_adult && concern.is_in_force() && looked_into {
        return Ok(());
    }
    let details = "records are required in an inquiry: say first that your team looks into the concern about this adult";
    Err(wrong(IssueCode::BusinessRule, "inquiry", details))
}

/// Two requirements of one number could not be told apart when one of them ends.
fn is_new(facts: &Facts, number: &str) -> Result<(), Error> {
    let mut all = facts.circumstances.requirements.iter();
    if all.all(|it| it.number != number) {
        return Ok(());
    }
    let details = "there is a requirement of this number about this adult: give another number";
    Err(wrong(IssueCode::Duplicate, "number", details))
}

/// The access that the requirement gives, as decisions see it.
fn access(
    asking: &Asking,
    message: &Message,
    require: &Require,
    directory: &Directory,
) -> Requirement {
    let party = |worker: &WorkerId| PartyId::new(worker.as_str());
    let holders = require.to.iter().filter_map(|team| {
        let team = directory.teams.get(team)?;
        Some(team.organisation.clone())
    });
    Requirement {
        number: require.terms.number.clone(),
        kind: RequirementKind::AspSection10,
        by: asking.caller.worker().map(party),
        organisation: None,
        authorised: Some(true),
        reader: require.terms.reader.as_ref().map(party),
        holders: holders.collect(),
        about: Reach {
            categories: require.what.iter().copied().collect::<BTreeSet<_>>(),
            written_from: require.written_from,
            written_before: require.written_before,
            ..Reach::default()
        },
        from: Moment(message.at),
        until: None,
    }
}

/// Says it of the person under the message's own id, so that ending the one ends the other; with no
/// facts, takes back what was said under it.
pub(super) fn said(cx: &Context, asking: &Asking, message: &Message, facts: Vec<Fact>) -> Write {
    let worker = asking.caller.worker();
    Write::Facts(NewFacts {
        subject: message.patient,
        evidence: message.id,
        organisation: message.sender.organisation.clone(),
        said_by: worker.map_or_else(String::new, ToString::to_string),
        said_at: cx.now(),
        facts,
    })
}

/// What ends the access that a message gives, if it is a requirement: its officer and its reader are
/// refused from this moment.
pub(super) fn ended(
    cx: &Context,
    asking: &Asking,
    message: &Message,
    facts: &Facts,
) -> Option<Write> {
    let required = message.request.as_ref()?.required.as_ref()?;
    let officer = PartyId::new(message.sender.worker.as_str());
    let mut all = facts.circumstances.requirements.iter();
    let standing = all.find(|it| {
        let same = it.number == required.number && it.by.as_ref() == Some(&officer);
        same && it.is_live(cx.now())
    })?;
    let over = Requirement {
        until: Some(Moment(cx.now())),
        ..standing.clone()
    };
    Some(said(cx, asking, message, vec![Fact::Requirement(over)]))
}

/// Ends every requirement that was made in an inquiry, with the inquiry.
pub(super) async fn end_with(
    outgoing: &mut Outgoing<'_>,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    inquiry: &Message,
    own: &[TeamId],
) -> Result<(), Error> {
    let cx = outgoing.cx();
    let directory = snapshot.directory().await?;
    let by = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    for parties in snapshot.parties_about(inquiry.person).await? {
        if parties.thread != inquiry.thread {
            continue;
        }
        let opened = addressed(cx, snapshot, asking, &parties, own).await?;
        let Some((facts, addressed)) = opened else {
            continue;
        };
        let Some((mut message, version)) = snapshot.message(&addressed).await? else {
            continue;
        };
        let required = message.request.as_ref().and_then(|it| it.required.as_ref());
        if required.is_none() || !message.is_in_force() || !speaks_for_sender(&message, own) {
            continue;
        }
        if let Some(over) = ended(cx, asking, &message, &facts) {
            outgoing.write(over);
        }
        let ending = Ending {
            at: cx.now(),
            by: by.clone(),
            reason: "the inquiry in which it was required is over".to_owned(),
        };
        message
            .close(ending)
            .map_err(|refused| not_now(&refused.to_string()))?;
        for delivery in &mut message.deliveries {
            // What ended for one team before stays ended.
            let _ = delivery.make(Move::End, cx.now());
        }
        outgoing.write(board::keep(message, version, &directory));
    }
    Ok(())
}

fn wrong(code: IssueCode, at: &str, details: &str) -> Error {
    Error::invalid(Issue::error(code, details).at(at))
}
