//! People without accounts: an agency, or the person, lets somebody named read something by a one-time
//! link and a code that is spoken.
//!
//! The link alone says nothing, not even that anybody is here. It is opened once, with the code, in one
//! browser; what is then read is decided each time, for the one who was let in and as far as the link
//! goes, and stands in the person's account under their name.

mod end;
mod enter;
mod give;

use std::sync::Arc;

use domain::{
    Assurance, Caller, Capacity, Category, Invitation, Opens, OrganisationId, ResourceId,
    Timestamp, TokenId,
};
use policy::{Decision, DigestedFacts, Facts};
use sha2::{Digest, Sha256};
use store::Snapshot;

use crate::account::own_patient;
use crate::contribute::THE_PERSON;
use crate::disclose::request;
use crate::event::{Event, Operation};
use crate::knowing::knows_patient;
use crate::logged::organisation_name;
use crate::messages::by_link;
use crate::messages::send::{OUTSIDE_CARE, is_outside_care};
use crate::{Asking, Channel, Context, Error, spoken};

pub use end::end;
pub(crate) use end::ended;
pub(crate) use enter::current;
pub use enter::{Entered, Visitor, enter, opened_in, visitor};
pub use give::{Give, Given, LONGEST_DAYS, give};
pub(crate) use give::{drawn, in_place_of_earlier, text_issue, until_issue};

/// So many codes may be tried on a link; after that it opens nothing.
pub const MOST_TRIES: u32 = 5;
/// What an event is of that is about a link with which a message is answered.
const TO_ANSWER: &str = "-to-answer";
/// What an event is of that is about a link with which somebody is heard.
const TO_BE_HEARD: &str = "-to-be-heard";

/// A one-time link that was given, as whoever may end it sees it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Its id.
    pub id: ResourceId,
    /// What it is for.
    pub invitation: Invitation,
    /// When it was opened.
    pub opened: Option<Timestamp>,
}

/// The links to somebody's record that the caller may end, newest first: the person all of them, a
/// worker those that their agency gave. With no Patient, the caller's own.
///
/// # Errors
/// [`Error::NotFound`] if the caller may not know that the person exists.
pub async fn standing(
    cx: &Context,
    asking: &Asking,
    patient: Option<ResourceId>,
) -> Result<Vec<Standing>, Error> {
    let patient = match patient {
        Some(patient) => patient,
        None => own_patient(cx, asking).await?.ok_or(Error::NotFound)?,
    };
    let mut snapshot = cx.store.snapshot().await?;
    let (facts, _) = about(cx, snapshot.as_mut(), asking, patient).await?;
    let mut standing = Vec::new();
    let all = facts.circumstances.invitations.iter();
    for invitation in all.filter(|it| may_end(asking, &facts, it)) {
        standing.push(Standing::of(snapshot.as_mut(), invitation).await?);
    }
    standing.sort_by_key(|it| std::cmp::Reverse(it.invitation.since));
    Ok(standing)
}

impl Standing {
    pub(crate) async fn of(
        snapshot: &mut dyn Snapshot,
        invitation: &Invitation,
    ) -> Result<Self, Error> {
        let id = invitation.outsider.as_str().parse();
        let id: ResourceId = id.map_err(|_| Error::NotFound)?;
        let stored = snapshot.invitation(&id).await?;
        Ok(Self {
            id,
            invitation: invitation.clone(),
            opened: stored.and_then(|it| it.opened).map(|(_, at)| at),
        })
    }
}

/// Whether the caller may end this link: the person may end any to their record, an agency those that
/// it gave. One to a request is ended by whoever sent that ([`by_link::may_end`]).
fn may_end(asking: &Asking, facts: &Facts, invitation: &Invitation) -> bool {
    let own = asking.caller.organisation();
    let gave = own.is_some() && invitation.given_by.as_ref() == own;
    match invitation.opens() {
        Opens::Record => gave || is_the_person(asking, facts),
        // Who must be heard by law is not the person's to choose.
        Opens::Hearing(_) => gave,
        Opens::Request(_) => false,
    }
}

fn is_the_person(asking: &Asking, facts: &Facts) -> bool {
    facts.caller(&asking.caller).capacity == Capacity::Person(facts.person)
}

/// What is known of the person, if the caller is the person, or a worker to whom the record opens.
async fn about(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    patient: ResourceId,
) -> Result<(Arc<DigestedFacts>, Decision), Error> {
    let person = snapshot.person_of(&patient).await?;
    let facts = snapshot.facts(person.ok_or(Error::NotFound)?).await?;
    let facts = facts.ok_or(Error::NotFound)?;
    let policies = cx.policies.at(snapshot).await?;
    let decision = policy::decide(&request(asking, &facts), &facts, &policies, cx.now());
    let may = asking.caller.worker().is_some() || is_the_person(asking, &facts);
    let known = knows_patient(snapshot, asking, &facts, &decision, patient).await?;
    if may && known && decision.answer.shares() {
        Ok((facts, decision))
    } else {
        Err(Error::NotFound)
    }
}

/// What a link is for, whether it stands or not.
fn invitation_of(facts: &Facts, id: ResourceId) -> Option<&Invitation> {
    let name = id.to_string();
    let mut all = facts.circumstances.invitations.iter();
    all.find(|it| it.outsider.as_str() == name)
}

/// Who asks by a link, and for what.
pub(crate) fn asking_by(id: ResourceId, invitation: &Invitation) -> Asking {
    Asking {
        caller: Caller {
            name: invitation.name.clone(),
            capacity: Capacity::Outsider {
                party: invitation.outsider.clone(),
                kind: invitation.kind,
                organisation: invitation.organisation.clone(),
            },
            assurance: Assurance::Low,
        },
        token: TokenId::new(id.to_string()),
        purpose: invitation.kind.purpose(),
        reason: None,
        channel: Channel::Page,
        idempotency: None,
    }
}

/// The agency that answers for what was said: whoever gave the link.
pub(crate) fn said_by(invitation: &Invitation) -> OrganisationId {
    let person = || OrganisationId::from(THE_PERSON);
    invitation.given_by.clone().unwrap_or_else(person)
}

/// What is kept of a link or of what a browser holds: neither can be had from it.
pub(crate) fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// "Morven Gillespie, independent advocate at Clydevale Advocacy".
fn named(invitation: &Invitation) -> String {
    let kind = invitation.kind.words();
    match invitation.organisation.as_str() {
        "" => format!("{}, {kind}", invitation.name),
        organisation => format!("{}, {kind} at {organisation}", invitation.name),
    }
}

/// The event of something that happened with a link. Who answers for a holder outside care is another
/// organisation, as it is everywhere in the account.
pub(crate) async fn event_of(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    invitation: &Invitation,
    what: What,
    now: Timestamp,
) -> Result<Event, Error> {
    let agency = organisation_name(snapshot, asking).await?;
    let mut event = Event::plain(asking, &agency, Operation::Invitation, now);
    event.told = named(invitation);
    event.reason.clone_from(&invitation.why);
    what.code().clone_into(&mut event.because);
    let opens = invitation.opens();
    if opens == Opens::Record {
        return Ok(event);
    }
    event.reason.clear();
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    let by = invitation.given_by.as_ref();
    event.organisation = by.map_or_else(String::new, ToString::to_string);
    match opens {
        Opens::Record => {}
        Opens::Request(answers) => {
            // Whoever reads of the request reads of this, and nobody else.
            event.what = by_link::what(snapshot, invitation).await?;
            event.because.push_str(TO_ANSWER);
            event.told = format!("{} of {}", invitation.name, invitation.organisation);
            let directory = snapshot.directory().await?;
            if is_outside_care(&answers.team, &directory) {
                name_nobody(&mut event, asking);
            }
        }
        Opens::Hearing(_) => {
            event.what = vec![Category::CarePlans.code().to_owned()];
            event.because.push_str(TO_BE_HEARD);
            event.told.clone_from(&invitation.name);
        }
    }
    Ok(event)
}

/// That a bank was asked tells that it has something: it is another organisation.
fn name_nobody(event: &mut Event, asking: &Asking) {
    OUTSIDE_CARE.clone_into(&mut event.told);
    if matches!(asking.caller.capacity, Capacity::Outsider { .. }) {
        OUTSIDE_CARE.clone_into(&mut event.name);
        event.organisation_name.clear();
    }
}

/// What happened with a link, as a record says it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    Given,
    Opened,
    Ended,
    Tried,
}

impl What {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Opened => "opened",
            Self::Ended => "ended",
            Self::Tried => "tried",
        }
    }
}

/// The line of the account as a sentence to the person.
pub(crate) fn sentence(event: &Event) -> String {
    let when = Timestamp::parse(&event.at).map_or_else(|| event.at.clone(), spoken::moment);
    let who = match (event.role == THE_PERSON, event.organisation_name.as_str()) {
        (true, _) => "you".to_owned(),
        (false, "") => event.name.clone(),
        (false, organisation) => format!("{} of {organisation}", event.name),
    };
    let told = &event.told;
    match event.because.as_str() {
        "given" => {
            let what = policy::explain::english_list(&event.what);
            format!("On {when}, {who} gave {told}, a one-time link with which to read your {what}.")
        }
        "given-to-answer" => format!(
            "On {when}, {who} gave {told} a one-time link with which to answer what was asked about you."
        ),
        "opened-to-answer" => {
            format!("On {when}, {told} opened the one-time link to what was asked about you.")
        }
        "given-to-be-heard" => format!(
            "On {when}, {who} gave {told} a one-time link with which to read what is planned for you, and to say \
             what they think."
        ),
        "opened-to-be-heard" => {
            format!("On {when}, {told} opened the one-time link to what is planned for you.")
        }
        "opened" => format!("On {when}, {told}, opened the one-time link to your record."),
        "ended" | "ended-to-answer" | "ended-to-be-heard" => {
            format!("On {when}, {who} ended the one-time link of {told}.")
        }
        _ => format!(
            "On {when}, a wrong code was tried {MOST_TRIES} times on the one-time link of {told}. \
             It opened nothing, and opens nothing any more."
        ),
    }
}
