//! Giving a one-time link.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Category, Fact, Invitation, Moment, OutsiderKind, PartyId, ResourceId, Timestamp};
use fhir::{Issue, IssueCode};
use policy::{Decision, Facts};
use store::{NewFacts, NewInvitation, Write};

use super::end::ended;
use super::{What, about, digest, named, said_by};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::logged::{Logged, organisation_name};
use crate::whose::About;
use crate::{Asking, Context, Error};

/// No link lasts longer: a quarter of a year. Another can be given.
pub const LONGEST_DAYS: i64 = 92;
const LONGEST_TEXT: usize = 200;
const DAY: i64 = 86_400;

/// To whom a link is given, and for what.
#[derive(Debug, Clone)]
pub struct Give {
    /// Their name.
    pub name: String,
    /// What they are to the person.
    pub kind: OutsiderKind,
    /// For whom they come; may be empty.
    pub organisation: String,
    /// What they may read.
    pub about: BTreeSet<Category>,
    /// Why, in a line.
    pub why: String,
    /// Until when.
    pub until: Timestamp,
}

/// A link as it is given: the only time that its secrets are to be had.
#[derive(Debug)]
pub struct Given {
    /// Its id.
    pub id: ResourceId,
    /// The secret part of its address.
    pub link: String,
    /// Six digits, to be spoken and never sent with the link.
    pub code: String,
}

/// Gives a link to somebody without an account. A worker gives no more than the record opens to them,
/// and the person's account only to an independent advocate; the person gives what they like.
///
/// # Errors
/// [`Error::NotFound`] if the caller may not know that the person exists; [`Error::Invalid`] if it is
/// not whole, or not the caller's to give.
pub async fn give(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    what: &Give,
) -> Result<Given, Error> {
    is_whole(what, cx.now())?;
    let given = drawn(cx);
    let operation = cx.draw();
    until_done(|| once(cx, asking, patient, what, &given, operation)).await?;
    Ok(given)
}

/// A new link: 128 random bits and six digits.
pub(crate) fn drawn(cx: &Context) -> Given {
    let number = u64::from_be_bytes(cx.draw()) % 1_000_000;
    Given {
        id: cx.ids.fresh(cx.chance.as_ref()),
        link: URL_SAFE_NO_PAD.encode(cx.draw::<16>()),
        code: format!("{number:06}"),
    }
}

async fn once(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    what: &Give,
    given: &Given,
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let (facts, decision) = about(cx, snapshot.as_mut(), asking, patient).await?;
    is_theirs(asking, &decision, what)?;
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let now = cx.now();
    let invitation = invitation(asking, what, given.id, now);
    let mut event = Event::of(asking, &agency, Operation::Invitation, &decision, now);
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    event.grounds.clear();
    event.told = named(&invitation);
    event.reason.clone_from(&invitation.why);
    event.what = what.about.iter().map(|it| it.code().to_owned()).collect();
    What::Given.code().clone_into(&mut event.because);
    let keeps = keeps(cx, asking, patient, &invitation, given);
    let about = (&event, About::Named);
    let snapshot = snapshot.as_mut();
    let mut logged =
        Logged::about(cx, snapshot, asking, &facts, &decision, about, operation).await?;
    logged.carry(keeps.into(), Vec::new());
    logged.commit(cx).await?;
    Ok(())
}

/// What is kept of a link: how it is opened, and what it is for.
fn keeps(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    invitation: &Invitation,
    given: &Given,
) -> [Write; 2] {
    let link = digest(&given.link);
    let opened_by = NewInvitation {
        id: given.id,
        subject: patient,
        link,
        code: cx.keys.spoken_code(&link, &given.code),
    };
    let worker = asking.caller.worker();
    let says = NewFacts {
        subject: patient,
        evidence: given.id,
        organisation: said_by(invitation),
        said_by: worker.map_or_else(String::new, ToString::to_string),
        said_at: invitation.since.0,
        facts: vec![Fact::Invitation(invitation.clone())],
    };
    [Write::Invitation(opened_by), Write::Facts(says)]
}

/// What is written when a link to one message is given: earlier ones to the same end.
pub(crate) fn in_place_of_earlier(
    cx: &Context,
    asking: &Asking,
    (facts, patient): (&Facts, ResourceId),
    invitation: &Invitation,
    given: &Given,
) -> Vec<Write> {
    let now = invitation.since.0;
    let worker = asking.caller.worker();
    let by = worker.map_or_else(String::new, ToString::to_string);
    let earlier = facts.circumstances.invitations.iter();
    let to_the_same = earlier.filter(|it| it.opens() == invitation.opens() && it.is_live(now));
    let end = |it: &Invitation| {
        let id = it.outsider.as_str().parse().ok()?;
        Some(ended(patient, id, it, &by, now))
    };
    let mut writes: Vec<Write> = to_the_same.filter_map(end).collect();
    writes.extend(keeps(cx, asking, patient, invitation, given));
    writes
}

fn invitation(asking: &Asking, what: &Give, id: ResourceId, now: Timestamp) -> Invitation {
    Invitation {
        outsider: PartyId::new(id.to_string()),
        name: what.name.trim().to_owned(),
        kind: what.kind,
        organisation: what.organisation.trim().to_owned(),
        about: what.about.clone(),
        given_by: asking.caller.organisation().cloned(),
        giver: asking.caller.name.clone(),
        why: what.why.trim().to_owned(),
        since: Moment(now),
        until: Moment(what.until),
        ended: None,
        answers: None,
        hears: None,
    }
}

fn is_whole(what: &Give, now: Timestamp) -> Result<(), Error> {
    let mut issues = Vec::new();
    issues.extend(text_issue("name", &what.name, "say who is to read it"));
    let missing = "say in a few words why they are to read it";
    issues.extend(text_issue("why", &what.why, missing));
    if what.organisation.chars().count() > LONGEST_TEXT {
        let details = format!("keep it under {LONGEST_TEXT} characters");
        issues.push(Issue::error(IssueCode::TooLong, details).at("organisation"));
    }
    if what.about.is_empty() {
        issues.push(Issue::required("about", "say what they may read"));
    }
    issues.extend(until_issue(what.until, now));
    match issues.is_empty() {
        true => Ok(()),
        false => Err(Error::Invalid(issues)),
    }
}

/// What is wrong with a text that must be given and be short.
pub(crate) fn text_issue(name: &str, value: &str, missing: &str) -> Option<Issue> {
    if value.trim().is_empty() {
        return Some(Issue::required(name, missing));
    }
    let details = format!("keep it under {LONGEST_TEXT} characters");
    let is_long = value.chars().count() > LONGEST_TEXT;
    is_long.then(|| Issue::error(IssueCode::TooLong, details).at(name))
}

/// What is wrong with the day on which a link is to end.
pub(crate) fn until_issue(until: Timestamp, now: Timestamp) -> Option<Issue> {
    let latest = now.plus_seconds(LONGEST_DAYS * DAY);
    let details = format!("choose a day from tomorrow on, at most {LONGEST_DAYS} days away");
    let is_wrong = until <= now || latest < until;
    is_wrong.then(|| Issue::error(IssueCode::Value, details).at("until"))
}

/// Whether all of it is the caller's to give.
fn is_theirs(asking: &Asking, decision: &Decision, what: &Give) -> Result<(), Error> {
    let refused = |details: String| {
        let issue = Issue::error(IssueCode::BusinessRule, details);
        Err(Error::invalid(issue.at("about")))
    };
    for category in &what.about {
        let words = category.words();
        match category {
            Category::Unsorted => return refused(format!("nobody can give {words} by a link")),
            _ if asking.caller.worker().is_none() => {}
            Category::Account if what.kind == OutsiderKind::Advocate => {}
            Category::Account => {
                let details = "who was told what is the person's to give; an agency gives it to an \
                               independent advocate only";
                return refused(details.to_owned());
            }
            Category::Protection => return refused(format!("{words} is not given by a link")),
            category if decision.opened.contains(category) => {}
            _ => {
                return refused(format!(
                    "{words}: this does not open to you, so it is not yours"
                ));
            }
        }
    }
    Ok(())
}
