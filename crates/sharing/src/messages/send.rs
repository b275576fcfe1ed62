//! Sending a message about somebody to teams.

use domain::message::kind::harm;
use domain::message::{Delivery, Kind, Message, Sender, Stage, Urgency};
use domain::{
    Category, OrganisationId, OrganisationKind, PersonId, Relationship, ResourceId, TeamId,
};
use fhir::{Issue, IssueCode};
use policy::{Asks, Decision, DigestedFacts, Facts, Permit, Request};
use store::{Directory, Snapshot};

use super::outgoing::Outgoing;
use super::routing::{place, ring, rota};
use super::{LONGEST, board, own_team};
use crate::attempt::{Attempt, until_done};
use crate::disclose::request;
use crate::event::{Event, Operation};
use crate::knowing::knows_patient;
use crate::logged::organisation_name;
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

/// What is to be sent.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The teams that get it.
    pub to: Vec<TeamId>,
    /// What it says.
    pub text: String,
    /// What it tells of the person; may be empty if it only asks or arranges.
    pub what: Vec<Category>,
    /// How soon an answer is needed.
    pub urgency: Urgency,
    /// The message that it answers.
    pub answers: Option<ResourceId>,
}

/// A message that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its id.
    pub id: ResourceId,
    /// The teams where nobody is on duty: it waits for them, and somebody should ring.
    pub waiting: Vec<TeamId>,
}

/// Sends a message about whoever this Patient is. On return it is on the lists of those on duty,
/// and in the person's account where it left the agency.
///
/// # Errors
/// [`Error::NotFound`] if the caller may not open the record: one who may not see it has nothing of
/// it to tell. [`Error::Invalid`] names the team that cannot be sent to, and why.
pub async fn send(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    letter: &Letter,
) -> Result<Sent, Error> {
    let operation = cx.draw();
    until_done(|| once(cx, asking, patient, letter, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    letter: &Letter,
    operation: [u8; 16],
) -> Result<Sent, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    let text = text_of(&letter.text)?;
    reachable(&letter.to, &directory, cx)?;
    let mut known = Known::of(cx, snapshot.as_mut(), asking, patient).await?;
    let thread = match letter.answers {
        Some(answered) => Some(
            known
                .thread_of(snapshot.as_mut(), asking, answered, cx)
                .await?,
        ),
        None => None,
    };

    let mut message = blank(
        cx,
        asking,
        &directory,
        patient,
        known.facts.person,
        Kind::Note,
    )?;
    message.name = known.name.take();
    message.text = text;
    message.thread = thread.unwrap_or(message.id);
    message.harm = harm(Kind::Note, asking.purpose, letter.urgency);
    dispatch(cx, &mut message, &letter.to, &directory)?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    let about = (Operation::Message, &*letter.what);
    add(
        &mut outgoing,
        snapshot.as_mut(),
        asking,
        &known,
        &mut message,
        about,
    )
    .await?;
    let sent = Sent::of(&message);
    outgoing.write(board::keep(message, 0, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(sent)
}

impl Sent {
    pub(super) fn of(message: &Message) -> Self {
        let waiting = message.deliveries.iter().filter(|one| one.due.is_none());
        Self {
            id: message.id,
            waiting: waiting.map(|one| one.team.clone()).collect(),
        }
    }
}

/// Somebody whom the caller may speak of, as the decision about them has it.
pub(super) struct Known {
    pub facts: std::sync::Arc<DigestedFacts>,
    pub decision: Decision,
    pub permit: Option<Permit>,
    pub name: Name,
}

/// The name by which the caller knows somebody.
pub(crate) struct Name(Option<String>);

impl Name {
    /// The name in a Patient, as far as the permit shows it.
    pub(crate) async fn of(
        snapshot: &mut dyn Snapshot,
        permit: Option<&Permit>,
        patient: ResourceId,
    ) -> Result<Self, Error> {
        let read = match permit {
            Some(permit) => snapshot.read(permit, "Patient", &patient).await?,
            None => None,
        };
        Ok(Self(read.and_then(|patient| name_in(&patient.bytes))))
    }

    pub(crate) fn take(&mut self) -> String {
        let unnamed = || "somebody whose name you may not see".to_owned();
        self.0.take().unwrap_or_else(unnamed)
    }

    /// The name, or the one that the caller gives where theirs is no record to read it from.
    pub(super) fn or(&mut self, given: &str) -> Option<String> {
        let given = Some(given.trim().to_owned()).filter(|name| !name.is_empty());
        self.0.take().or(given)
    }
}

impl Known {
    /// Decides whether the caller may speak of whoever this Patient is: one who may not see the
    /// record has nothing of it to tell.
    pub(super) async fn of(
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        asking: &Asking,
        patient: ResourceId,
    ) -> Result<Self, Error> {
        let asked = Asks::default();
        let known = Self::decided(cx, snapshot, asking, patient, asked).await?;
        if known.permit.is_none() {
            return Err(Error::NotFound);
        }
        Ok(known)
    }

    /// Decides whether the caller may tell of their own accord what they know of whoever this Patient
    /// is: to protect somebody, whoever may know that they are there may, involved or not.
    pub(super) async fn giving(
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        asking: &Asking,
        patient: ResourceId,
    ) -> Result<Self, Error> {
        let asked = Asks {
            given_by: asking.caller.organisation().cloned(),
            ..Asks::default()
        };
        let known = Self::decided(cx, snapshot, asking, patient, asked).await?;
        if known.permit.is_none() && !asking.purpose.is_protection() {
            return Err(Error::NotFound);
        }
        Ok(known)
    }

    async fn decided(
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        asking: &Asking,
        patient: ResourceId,
        asks: Asks,
    ) -> Result<Self, Error> {
        let person = snapshot.person_of(&patient).await?.ok_or(Error::NotFound)?;
        let facts = snapshot.facts(person).await?.ok_or(Error::NotFound)?;
        let asked = Request {
            asks,
            ..request(asking, &facts)
        };
        let policies = cx.policies.at(snapshot).await?;
        let mut decision = policy::decide(&asked, &facts, &policies, cx.now());
        if !knows_patient(snapshot, asking, &facts, &decision, patient).await? {
            return Err(Error::NotFound);
        }
        let permit = decision.permit.take();
        let name = Name::of(snapshot, permit.as_ref(), patient).await?;
        Ok(Self {
            facts,
            decision,
            permit,
            name,
        })
    }

    /// What the account will say of a message about them: it tells what it tells, and that the
    /// caller's own view is partial is no part of it.
    async fn event(
        &self,
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        asking: &Asking,
        operation: Operation,
    ) -> Result<Event, Error> {
        let agency = organisation_name(snapshot, asking).await?;
        let mut event = Event::of(asking, &agency, operation, &self.decision, cx.now());
        policy::Answer::Permit.code().clone_into(&mut event.answer);
        Channel::Message.code().clone_into(&mut event.channel);
        event.grounds.clear();
        Ok(event)
    }

    /// The thread of a message that is answered: it must be about the same person, and one that
    /// the caller may open.
    async fn thread_of(
        &self,
        snapshot: &mut dyn Snapshot,
        asking: &Asking,
        answered: ResourceId,
        cx: &Context,
    ) -> Result<ResourceId, Error> {
        let parties = snapshot.parties(&answered).await?.ok_or(Error::NotFound)?;
        let request = request(asking, &self.facts);
        let addressed = policy::addressed(&request, &self.facts, &parties, &[], cx.now());
        let addressed = addressed.ok_or(Error::NotFound)?;
        let found = snapshot.message(&addressed).await?;
        found
            .map(|(message, _)| message.thread)
            .ok_or(Error::NotFound)
    }
}

/// A message of the caller's, with nothing in it yet.
pub(super) fn blank(
    cx: &Context,
    asking: &Asking,
    directory: &Directory,
    patient: ResourceId,
    person: PersonId,
    kind: Kind,
) -> Result<Message, Error> {
    blank_of(
        cx,
        asking,
        directory,
        (patient, person),
        (kind, &own_team(asking)?),
    )
}

/// The same, written for a team that the caller does not work in: by an agency's record system.
pub(super) fn blank_of(
    cx: &Context,
    asking: &Asking,
    directory: &Directory,
    (patient, person): (ResourceId, PersonId),
    (kind, team): (Kind, &TeamId),
) -> Result<Message, Error> {
    let (Some(worker), Some(organisation)) = (asking.caller.worker(), asking.caller.organisation())
    else {
        return Err(Error::NotFound);
    };
    let sender = Sender {
        worker: worker.clone(),
        name: asking.caller.name.clone(),
        desk: team.clone(),
        organisation: organisation.clone(),
        team: team.clone(),
    };
    Ok(blank_by(
        cx,
        asking,
        directory,
        (patient, person),
        (kind, sender),
    ))
}

/// The same, from whoever is known to write.
pub(super) fn blank_by(
    cx: &Context,
    asking: &Asking,
    directory: &Directory,
    (patient, person): (ResourceId, PersonId),
    (kind, sender): (Kind, Sender),
) -> Message {
    let id = match &asking.idempotency {
        Some(key) => cx.ids.of_request(key, 0, &patient.0),
        None => cx.ids.fresh(cx.chance.as_ref()),
    };
    Message {
        id,
        thread: id,
        root: id,
        kind,
        purpose: asking.purpose,
        harm: harm(kind, asking.purpose, Urgency::Routine),
        person,
        patient,
        name: String::new(),
        ring: ring(directory, &sender.team),
        sender,
        text: String::new(),
        at: cx.now(),
        revision: 1,
        stage: Stage::Draft,
        held: None,
        later: Vec::new(),
        request: None,
        concern: None,
        discussion: None,
        family: None,
        to_be_heard: None,
        attempts: None,
        call: None,
        recall: None,
        challenge: None,
        sources: Vec::new(),
        by: None,
        deliveries: Vec::new(),
    }
}

/// Stands behind a message and sends it: onto the lists of those who are there.
pub(super) fn dispatch(
    cx: &Context,
    message: &mut Message,
    to: &[TeamId],
    directory: &Directory,
) -> Result<(), Error> {
    message
        .authorise(message.sender.worker.clone())
        .and_then(|()| message.send(cx.now()))
        .map_err(|refused| not_now(&refused.to_string()))?;
    for team in to {
        if message.deliveries.iter().all(|one| one.team != *team) {
            deliver(cx, message, team, directory)?;
        }
    }
    Ok(())
}

/// Puts a message onto one more team's list, or that of the desk which stands in for it.
pub(super) fn deliver(
    cx: &Context,
    message: &mut Message,
    to: &TeamId,
    directory: &Directory,
) -> Result<(), Error> {
    let now = cx.now();
    let mut delivery = Delivery::new(to.clone(), now);
    if let Some(step) = place(&delivery, message.terms(), directory, now) {
        delivery
            .make(step, now)
            .map_err(|refused| not_now(&refused.to_string()))?;
    }
    message.deliveries.push(delivery);
    Ok(())
}

/// A message of the caller's that answers another, of the same thread.
pub(super) fn answering(
    cx: &Context,
    asking: &Asking,
    answered: &Message,
    directory: &Directory,
    kind: Kind,
) -> Result<Message, Error> {
    let (patient, person) = (answered.patient, answered.person);
    let answer = blank(cx, asking, directory, patient, person, kind)?;
    Ok(in_answer(answer, answered))
}

/// A message as one that answers another, of the same thread.
pub(super) fn in_answer(mut answer: Message, answered: &Message) -> Message {
    answer.name.clone_from(&answered.name);
    answer.thread = answered.thread;
    answer.harm = answered.harm;
    answer.held.clone_from(&answered.held);
    answer
}

/// Rests a change on what was decided about somebody, and tells their account of the message: by what
/// operation it is sent, and what of their record it is about.
pub(super) async fn add(
    outgoing: &mut Outgoing<'_>,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    known: &Known,
    message: &mut Message,
    about: (Operation, &[Category]),
) -> Result<(), Error> {
    let readers = &known.facts;
    add_for(outgoing, snapshot, asking, (known, readers), message, about).await
}

/// The same, where something else than a part in the care is why it may be asked: as code.
pub(super) async fn add_because(
    outgoing: &mut Outgoing<'_>,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    known: &Known,
    message: &mut Message,
    (operation, what, because): (Operation, &[Category], &str),
) -> Result<(), Error> {
    let cx = outgoing.cx();
    outgoing
        .rest_on(snapshot, &known.facts, &known.decision)
        .await?;
    let whose = Whose::of(cx, snapshot, &known.facts).await?;
    let mut event = known.event(cx, snapshot, asking, operation).await?;
    event.what = codes(what);
    because.clone_into(&mut event.because);
    event.because_since.clear();
    let directory = snapshot.directory().await?;
    tell_of_sending(outgoing, &whose, message, &event, &directory)
}

/// The same, for those who read of it once these facts are known, where the message itself changes who may.
pub(super) async fn add_for(
    outgoing: &mut Outgoing<'_>,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    (known, readers): (&Known, &Facts),
    message: &mut Message,
    (operation, what): (Operation, &[Category]),
) -> Result<(), Error> {
    let cx = outgoing.cx();
    outgoing
        .rest_on(snapshot, &known.facts, &known.decision)
        .await?;
    let whose = Whose::of(cx, snapshot, readers).await?;
    let mut event = known.event(cx, snapshot, asking, operation).await?;
    event.what = codes(what);
    let directory = snapshot.directory().await?;
    tell_of_sending(outgoing, &whose, message, &event, &directory)
}

/// A line in the account for each agency but the sender's own that is told.
pub(super) fn tell_of_sending(
    outgoing: &mut Outgoing<'_>,
    whose: &Whose,
    message: &mut Message,
    event: &Event,
    directory: &Directory,
) -> Result<(), Error> {
    for team in outside(message, directory) {
        let told = Event {
            told: team,
            count: 1,
            content: content(message),
            ..event.clone()
        };
        outgoing.tell(whose, message, &told)?;
    }
    Ok(())
}

/// Categories as events name them.
pub(super) fn codes(what: &[Category]) -> Vec<String> {
    what.iter()
        .map(|category| category.code().to_owned())
        .collect()
}

/// The teams of other agencies that a message goes to, as the account names them.
pub(super) fn outside(message: &Message, directory: &Directory) -> Vec<String> {
    let own = Some(&message.sender.organisation);
    let teams = message.deliveries.iter().map(|one| &one.team);
    teams
        .filter_map(|team| outside_name(team, own, directory))
        .collect()
}

/// How the account names a holder outside care. That a bank was asked tells that a bank told, and whoever
/// told is somebody else's information (R10).
pub(crate) const OUTSIDE_CARE: &str = "another organisation";

/// Whether a team's agency holds records and gives no care.
pub(crate) fn is_outside_care(team: &TeamId, directory: &Directory) -> bool {
    let team = directory.teams.get(team);
    let agency = team.and_then(|team| directory.organisations.get(&team.organisation));
    agency.is_some_and(|agency| agency.kind == OrganisationKind::OutsideCare)
}

/// A team as the account names it, if it is another agency's than this one.
pub(super) fn outside_name(
    team: &TeamId,
    own: Option<&OrganisationId>,
    directory: &Directory,
) -> Option<String> {
    let found = directory.teams.get(team)?;
    if Some(&found.organisation) == own {
        return None;
    }
    if is_outside_care(team, directory) {
        return Some(OUTSIDE_CARE.to_owned());
    }
    named(team, directory)
}

/// A team as the account names it, with its agency.
pub(super) fn named(team: &TeamId, directory: &Directory) -> Option<String> {
    let team = directory.teams.get(team)?;
    let agency = directory.organisations.get(&team.organisation);
    let name = agency.map_or_else(String::new, |agency| format!(", {}", agency.name));
    Some(format!("{}{name}", team.name))
}

/// SHA-256 over what a message says, as entries name what was told.
pub(super) fn content(message: &Message) -> String {
    content_of(&message.text)
}

/// SHA-256 over a text, as entries name what was told.
pub(super) fn content_of(text: &str) -> String {
    use sha2::{Digest, Sha256};
    crate::event::hex(&Sha256::digest(text.as_bytes()))
}

/// Every team must be there to be sent to. What is wrong is said for all of them at once.
pub(super) fn reachable(to: &[TeamId], directory: &Directory, cx: &Context) -> Result<(), Error> {
    if to.is_empty() {
        let issue = Issue::required("to", "choose at least one team to send it to");
        return Err(Error::invalid(issue));
    }
    let issues: Vec<Issue> = to
        .iter()
        .filter_map(|team| unreachable(team, directory, cx))
        .collect();
    if issues.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(issues))
    }
}

fn unreachable(team: &TeamId, directory: &Directory, cx: &Context) -> Option<Issue> {
    let Some(found) = directory.teams.get(team) else {
        let details = "no team of this name is in the directory: choose one of those listed";
        return Some(
            Issue::error(IssueCode::NotFound, details)
                .at("to")
                .found(team.as_str()),
        );
    };
    let rota = rota(directory, team)?;
    let closed = rota.is_closed(cx.now())?;
    let instead = closed
        .instead
        .as_ref()
        .and_then(|team| directory.teams.get(team));
    let details = match instead {
        Some(instead) => format!("{} is closed: send it to {}", found.name, instead.name),
        None => format!(
            "{} is closed, and nobody does its work now: ring its agency",
            found.name
        ),
    };
    Some(Issue::error(IssueCode::BusinessRule, details).at("to"))
}

/// A text that says something and is not too long.
pub(super) fn text_of(text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() {
        let details = "write what they should know or do";
        return Err(Error::invalid(Issue::required("text", details)));
    }
    if text.chars().count() > LONGEST {
        let details = format!("keep the message under {LONGEST} letters");
        return Err(Error::invalid(
            Issue::error(IssueCode::BusinessRule, details).at("text"),
        ));
    }
    Ok(text.to_owned())
}

/// The teams of everyone with a live relationship, for choosing from: those that an event names,
/// and the one team of an agency that it names no team of.
#[must_use]
pub fn teams_involved(
    relationships: &[Relationship],
    directory: &Directory,
    now: domain::Timestamp,
) -> Vec<TeamId> {
    let mut teams: Vec<TeamId> = relationships
        .iter()
        .filter(|one| one.is_live(now))
        .filter_map(|one| {
            let worker = one.worker.as_ref().and_then(|id| directory.workers.get(id));
            one.team
                .clone()
                .or_else(|| worker.and_then(|worker| worker.team.clone()))
                .or_else(|| only_team(directory, &one.organisation))
        })
        .collect();
    teams.sort_unstable();
    teams.dedup();
    teams
}

pub(super) fn only_team(directory: &Directory, agency: &domain::OrganisationId) -> Option<TeamId> {
    let mut teams = directory
        .teams
        .values()
        .filter(|team| team.organisation == *agency);
    let first = teams.next()?;
    teams.next().is_none().then(|| first.id.clone())
}

/// A step that the state of a message does not allow.
pub(super) fn not_now(why: &str) -> Error {
    Error::invalid(Issue::error(IssueCode::BusinessRule, why))
}

pub(crate) fn name_in(bytes: &[u8]) -> Option<String> {
    let document = fhir::parse(bytes, &fhir::Limits::default()).ok()?;
    let patient = fhir::patient::read(&document).ok()?;
    let name = patient.names.first()?;
    Some(name.text.clone().unwrap_or_else(|| {
        let parts = name.given.iter().chain(&name.family);
        parts.map(String::as_str).collect::<Vec<_>>().join(" ")
    }))
}
