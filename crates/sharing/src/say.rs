//! Saying of a person what decisions turn on and no FHIR resource proves: who acts for them, what they
//! can decide, what is held back from whom, what the law requires.

use std::sync::Arc;

use domain::own_words::LONGEST_WORDS;
use domain::{Fact, ItemId, OrganisationId, ResourceId, Role, Timestamp};
use fhir::{Issue, IssueCode};
use policy::DigestedFacts;
use store::{Change, Expect, NewEntry, NewFacts, Snapshot, StoredFacts, Write};

use crate::attempt::{Attempt, until_done};
use crate::contribute::custodian;
use crate::disclose::request;
use crate::event::{Event, Operation};
use crate::knowing::knows_patient;
use crate::logged::{first_home, organisation_name};
use crate::messages::alarm::{self, After};
use crate::messages::concern::GOES_ON;
use crate::messages::planned::facts;
use crate::messages::send::Name;
use crate::screened;
use crate::{Asking, Context, Error, spoken};

/// Says something of the person who is this Patient, in force for the next byte on. It is the saying
/// agency's to change, under the id that is given back.
///
/// # Errors
/// [`Error::NotFound`] if the caller may not know that the person exists; [`Error::Invalid`] if it is
/// not theirs to say.
pub async fn say(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    fact: &Fact,
) -> Result<ResourceId, Error> {
    let id = cx.ids.fresh(cx.chance.as_ref());
    let facts = Some(fact);
    let what = What { patient, id, facts };
    attempted(cx, asking, &what).await.map(|()| id)
}

/// Says otherwise, or with no fact takes back, what was said under this id.
///
/// # Errors
/// [`Error::NotFound`] if it was not said of this Patient by the caller's agency; otherwise as
/// [`say`].
pub async fn say_otherwise(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    id: ResourceId,
    fact: Option<&Fact>,
) -> Result<(), Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let own = |it: &StoredFacts| it.subject == patient && it.organisation == custodian(asking);
    if !snapshot.said(&id).await?.as_ref().is_some_and(own) {
        return Err(Error::NotFound);
    }
    drop(snapshot);
    let facts = fact;
    attempted(cx, asking, &What { patient, id, facts }).await
}

/// What is said, of whom, under which id.
pub(crate) struct What<'w> {
    pub patient: ResourceId,
    pub id: ResourceId,
    pub facts: Option<&'w Fact>,
}

async fn attempted(cx: &Context, asking: &Asking, what: &What<'_>) -> Result<(), Error> {
    if let Some(fact) = what.facts {
        may_say(asking, fact)?;
        is_whole(fact, cx.now())?;
    }
    until_done(|| once(cx, asking, what)).await
}

async fn once(cx: &Context, asking: &Asking, what: &What<'_>) -> Result<(), Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let (facts, mut name) = known(cx, snapshot.as_mut(), asking, what.patient).await?;
    if let Some(Fact::Item { id, .. }) = what.facts {
        held_by(snapshot.as_mut(), &custodian(asking), &facts, id).await?;
    }
    let policies = cx.policies.at(snapshot.as_mut()).await?;
    let worker = asking.caller.worker();
    let (writes, screened) =
        said(cx, snapshot.as_mut(), asking, &facts, what, &name.take()).await?;
    let mut entries = match what.facts.and_then(told_of) {
        Some(kind) => vec![line(cx, snapshot.as_mut(), asking, &facts, kind).await?],
        None => Vec::new(),
    };
    entries.extend(screened);
    let change = Change {
        writes,
        entries,
        idempotency: None,
    };
    let expect = Expect {
        homes: facts.homes.clone(),
        policy: Some(policies.hash().to_owned()),
        token: Some(asking.token.clone()),
        worker: worker.cloned(),
    };
    drop(snapshot);
    match cx.store.commit(change, expect).await {
        // Somebody moved a task meanwhile: look again.
        Err(store::Error::Conflict) => Err(Attempt::Again),
        other => Ok(other.map(|_| ())?),
    }
}

/// What is to be written when an agency's worker says something: the fact, the tasks that come of it or go,
/// and what stands first in the agency's own chain. The line of the account is the caller's to write.
pub(crate) async fn said(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &DigestedFacts,
    what: &What<'_>,
    name: &str,
) -> Result<(Vec<Write>, Vec<NewEntry>), Error> {
    let worker = asking.caller.worker();
    let mut writes = vec![Write::Facts(NewFacts {
        subject: what.patient,
        evidence: what.id,
        organisation: custodian(asking),
        said_by: worker.map_or_else(String::new, ToString::to_string),
        said_at: cx.now(),
        facts: what.facts.into_iter().cloned().collect(),
    })];
    let before = snapshot.said(&what.id).await?;
    let before = before.map_or_else(Vec::new, |said| said.facts);
    let after = facts::after(&facts::without(facts, &before), what.facts.cloned());
    let after = After {
        patient: what.patient,
        name,
        facts: &after,
    };
    writes.extend(alarm::tasks(cx, snapshot, asking, &after).await?);
    let said = screened::Said {
        before: &before,
        now: what.facts,
    };
    let entries = screened::noted(cx, snapshot, asking, facts, said).await?;
    Ok((writes, entries))
}

/// The facts about the person, if the caller may know of them, and the name by which they do.
async fn known(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    patient: ResourceId,
) -> Result<(Arc<DigestedFacts>, Name), Error> {
    let person = snapshot.person_of(&patient).await?;
    let person = person.ok_or(Error::NotFound)?;
    let facts = snapshot.facts(person).await?.ok_or(Error::NotFound)?;
    let own = snapshot.locate("Patient", &patient).await?;
    let own = own.is_some_and(|it| it.custodian == custodian(asking));
    if own && asking.caller.role() == Some(Role::System) {
        let name = Name::of(snapshot, None, patient).await?;
        return Ok((facts, name));
    }
    let request = request(asking, &facts);
    let policies = cx.policies.at(snapshot).await?;
    let decision = policy::decide(&request, &facts, &policies, cx.now());
    if !knows_patient(snapshot, asking, &facts, &decision, patient).await? {
        return Err(Error::NotFound);
    }
    let name = Name::of(snapshot, decision.permit.as_ref(), patient).await?;
    Ok((facts, name))
}

/// What is known of an item is its holder's to say.
async fn held_by(
    snapshot: &mut dyn Snapshot,
    organisation: &OrganisationId,
    facts: &DigestedFacts,
    item: &ItemId,
) -> Result<(), Error> {
    let id: ResourceId = item.as_str().parse().map_err(|_| Error::NotFound)?;
    let held = snapshot.holder(facts.person, &id).await?;
    match held.as_ref() == Some(organisation) {
        true => Ok(()),
        false => Err(Error::NotFound),
    }
}

/// What the account calls a fact; `None` for what is not told by being recorded: what protects
/// somebody by not being known of, and what is said of a single item.
fn told_of(fact: &Fact) -> Option<&'static str> {
    match fact {
        Fact::Authority(_) => Some("authority"),
        Fact::Tie(_) => Some("tie"),
        Fact::Capacity(_) => Some("capacity"),
        Fact::Consent(_) => Some("consent"),
        Fact::Wish(_) => Some("wish"),
        Fact::OwnWords(_) => Some("own-words"),
        Fact::Requirement(_) => Some("requirement"),
        Fact::Approval(_) => Some("approval"),
        Fact::HolderDecision(_) => Some("holder-decision"),
        Fact::Elsewhere(_) => Some("elsewhere"),
        Fact::Told(_) => Some("told"),
        _ => None,
    }
}

/// The line of the account about something that was recorded.
async fn line(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &DigestedFacts,
    kind: &str,
) -> Result<NewEntry, Error> {
    let agency = organisation_name(snapshot, asking).await?;
    let mut event = Event::plain(asking, &agency, Operation::Fact, cx.now());
    kind.clone_into(&mut event.because);
    let home = first_home(facts)?;
    let key = cx.keys.home(snapshot, home).await?;
    let view = cx.keys.person_view(facts.person);
    event.seal(cx, view, home, &key, cx.draw())
}

/// The line as a sentence to the person.
pub(crate) fn sentence(event: &Event) -> String {
    let advocacy = crate::messages::concern::advocacy::recorded(&event.because);
    let what = advocacy.as_deref().unwrap_or(match event.because.as_str() {
        "authority" => "who acts for you, and on what",
        "tie" => "who is close to you",
        "capacity" => "what you can decide for yourself",
        "consent" => "what you agreed to and refused",
        "wish" => "what you wish, or somebody wishes for you",
        "own-words" => "what you say about your life, in your own words",
        "requirement" => "what the law requires to be given",
        "approval" => "that a further use of your information was approved",
        "holder-decision" => "that it decided to share something",
        "elsewhere" => "where something about you is held",
        GOES_ON => "that somebody is shown less about you, to keep you safe",
        _ => "who was told something about you",
    });
    let when = Timestamp::parse(&event.at).map_or_else(|| event.at.clone(), spoken::moment);
    let (name, agency) = (&event.name, &event.organisation_name);
    format!("On {when}, {name} of {agency} recorded {what}.")
}

/// Words that are kept say something, of a day that has come.
fn is_whole(fact: &Fact, now: Timestamp) -> Result<(), Error> {
    let Fact::OwnWords(own) = fact else {
        return Ok(());
    };
    let letters = own.words.trim().chars().count();
    let mut issues = Vec::new();
    if letters == 0 {
        issues.push(Issue::required(
            "words",
            "write what they said, in their own words",
        ));
    }
    if letters > LONGEST_WORDS {
        let details = format!("keep it under {LONGEST_WORDS} letters: what matters most to them");
        issues.push(Issue::error(IssueCode::TooLong, details).at("words"));
    }
    if own.at.0 > now {
        let details = "they cannot have said it on a day that has not come";
        issues.push(Issue::error(IssueCode::Value, details).at("at"));
    }
    match issues.is_empty() {
        true => Ok(()),
        false => Err(Error::Invalid(issues)),
    }
}

/// Professionals who answer to a regulator say what the law turns on, and so do an agency's privacy
/// officer and its record system. What a holder decides is decided for one's own agency, and the
/// approval of a secondary use is the privacy officer's to enter.
pub(crate) fn may_say(asking: &Asking, fact: &Fact) -> Result<(), Error> {
    let role = asking.caller.role();
    let answers = role.is_some_and(|role| {
        let keeps = matches!(role, Role::PrivacyOfficer | Role::System);
        keeps || role.is_clinical() || role.is_social_work()
    });
    let own = asking.caller.organisation();
    let is_theirs = match fact {
        Fact::HolderDecision(it) => own == Some(&it.holder),
        Fact::Approval(_) | Fact::StaffSafety(_) | Fact::Screened(_) => {
            role == Some(Role::PrivacyOfficer)
        }
        Fact::Invitation(_) => {
            let details = "a one-time link is given by $invite";
            return Err(Error::invalid(Issue::error(
                IssueCode::BusinessRule,
                details,
            )));
        }
        Fact::Pause(_) => {
            let details =
                "sharing waits where somebody challenges it, and goes on by $keep-sharing";
            return Err(Error::invalid(Issue::error(
                IssueCode::BusinessRule,
                details,
            )));
        }
        Fact::LifeDecision(_) | Fact::Hearing(_) => {
            let details =
                "a decision about somebody's life is planned, heard and made by $decision";
            return Err(Error::invalid(Issue::error(
                IssueCode::BusinessRule,
                details,
            )));
        }
        _ => true,
    };
    if answers && is_theirs {
        return Ok(());
    }
    let details = "this is not yours to say: a professional who answers to a regulator says it, for \
                   their own agency; an approval, that somebody of the staff is not named, and that \
                   words speak of somebody else, are entered by the privacy officer";
    Err(Error::invalid(Issue::error(IssueCode::Forbidden, details)))
}
