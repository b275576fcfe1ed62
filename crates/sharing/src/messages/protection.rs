//! Child protection messages: raising one, with a message for each person whom it touches.
//!
//! The message on the child says that there is activity, since when, and whom to ring. A linked one
//! goes to those who look after somebody else: it names no child and tells of no allegation. All are
//! raised in one commit, and are said anew, closed and retracted together ([`super::act`]).

use domain::message::kind::harm;
use domain::message::{Kind, Message, Stage, Urgency};
use domain::{Category, Purpose, ResourceId, TeamId, Timestamp};
use fhir::{Issue, IssueCode};
use store::{Directory, Snapshot};

use super::flag::{day, ring_now};
use super::outgoing::Outgoing;
use super::read::{Found, in_hand, speaks_for_sender, teams};
use super::send::{Known, Sent, add, blank, dispatch, reachable, teams_involved};
use super::{board, in_person, routing};
use crate::attempt::{Attempt, until_done};
use crate::contribute::name_parts;
use crate::event::Operation;
use crate::{Asking, Context, Error};

/// What is raised.
#[derive(Debug, Clone, Default)]
pub struct Raise {
    /// The teams that get it; empty means every team that is involved with the child.
    pub to: Vec<TeamId>,
    /// The team that answers for it, where it is raised at a desk that stands in for it.
    pub answers_for: Option<TeamId>,
    /// The people whom it touches.
    pub linked: Vec<Linked>,
    /// Until when accounts do not show it, and the recorded reason of safety.
    pub hold: Option<(Timestamp, String)>,
    /// The discussion between agencies that it is raised out of, which then names it.
    pub out_of: Option<ResourceId>,
}

/// Somebody whom it touches.
#[derive(Debug, Clone)]
pub struct Linked {
    /// Who.
    pub patient: ResourceId,
    /// Whether a child or an adult is linked.
    pub kind: Kind,
    /// What changes for those who care for them, instead of the usual words; for somebody whose
    /// carer is concerned, and whose own care must go on.
    pub care: Option<String>,
}

/// How accounts name what such a message tells.
const TOLD: (Operation, &[Category]) = (Operation::Message, &[Category::Alerts]);

/// A part of a name shorter than this is too common to be looked for in a text.
const SHORTEST_NAME: usize = 3;

/// Raises a child protection message about whoever this Patient is, with all that is linked to it.
///
/// # Errors
/// [`Error::Invalid`] if the caller is not of social work, asks for another purpose, names the
/// child in a linked message, or one is in force already; [`Error::NotFound`] for somebody whom the
/// caller may not know.
pub async fn raise(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    raise: &Raise,
) -> Result<Sent, Error> {
    may_raise(asking)?;
    let operation = cx.draw();
    until_done(|| raise_once(cx, asking, patient, raise, operation)).await
}

async fn raise_once(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    raise: &Raise,
    operation: [u8; 16],
) -> Result<Sent, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    let mut known = Known::of(cx, snapshot.as_mut(), asking, patient).await?;
    none_in_force(cx, snapshot.as_mut(), &known).await?;

    let person = known.facts.person;
    let mut root = blank(
        cx,
        asking,
        &directory,
        patient,
        person,
        Kind::ChildProtection,
    )?;
    answered_by(&mut root, raise.answers_for.as_ref(), &directory, cx)?;
    root.name = known.name.take();
    root.held.clone_from(&raise.hold);
    root.text = format!(
        "Child protection activity since {}. {} before deciding anything about this child.",
        day(cx.now()),
        ring_now(&root, &directory, cx.now())
    );
    let to = match raise.to.is_empty() {
        false => raise.to.clone(),
        true => others_involved(&root, &known, &directory, cx),
    };
    reachable(&to, &directory, cx)?;
    dispatch(cx, &mut root, &to, &directory)?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    add(
        &mut outgoing,
        snapshot.as_mut(),
        asking,
        &known,
        &mut root,
        TOLD,
    )
    .await?;
    for linked in &raise.linked {
        link_to(cx, snapshot.as_mut(), asking, &root, linked, &mut outgoing).await?;
    }
    let sent = Sent::of(&root);
    let to_tell = in_person::of_held(cx, snapshot.as_mut(), &root, &directory).await?;
    to_tell.into_iter().for_each(|task| outgoing.write(task));
    if let Some(discussion) = raise.out_of {
        let found = raised_in(cx, snapshot.as_mut(), asking, discussion, &root).await?;
        outgoing.write(board::keep(found.message, found.version, &directory));
    }
    outgoing.write(board::keep(root, 0, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(sent)
}

/// The discussion that a message is raised out of, with the message named in it. Whoever gets the
/// message learns nothing of the discussion.
async fn raised_in(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    discussion: ResourceId,
    root: &Message,
) -> Result<Found, Error> {
    let directory = snapshot.directory().await?;
    let own = teams(asking, &directory)?;
    let mut found = Found::of(cx, snapshot, asking, discussion, &own).await?;
    let is_open = found.message.person == root.person && found.message.is_in_force();
    let discussed = found.message.discussion.as_mut().filter(|_| is_open);
    let Some(discussed) = discussed else {
        let details =
            "a message is raised out of a discussion that is open and about the same child";
        return Err(invalid(IssueCode::BusinessRule, details, "discussion"));
    };
    discussed.raised = Some(root.id);
    Ok(found)
}

/// Links somebody else to a message in force.
///
/// # Errors
/// As for [`raise`], and [`Error::NotFound`] unless the caller speaks for its sender.
pub async fn link(
    cx: &Context,
    asking: &Asking,
    root: ResourceId,
    linked: &Linked,
) -> Result<(), Error> {
    may_raise(asking)?;
    let operation = cx.draw();
    until_done(|| link_once(cx, asking, root, linked, operation)).await
}

async fn link_once(
    cx: &Context,
    asking: &Asking,
    root: ResourceId,
    linked: &Linked,
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let (mut snapshot, directory, teams, found) = in_hand(cx, asking, root).await?;
    if !speaks_for_sender(&found.message, &teams) {
        return Err(Error::NotFound.into());
    }
    if !found.message.is_in_force() || found.message.kind != Kind::ChildProtection {
        let details = "only a child protection message in force can be linked to";
        return Err(invalid(IssueCode::BusinessRule, details, "root").into());
    }
    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    let snapshot_ref = snapshot.as_mut();
    link_to(
        cx,
        snapshot_ref,
        asking,
        &found.message,
        linked,
        &mut outgoing,
    )
    .await?;
    // Written over the version that was read: if it is closed meanwhile, nothing is linked to it.
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}

/// Adds the message about one linked person to the change.
async fn link_to(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    root: &Message,
    linked: &Linked,
    outgoing: &mut Outgoing<'_>,
) -> Result<(), Error> {
    if !matches!(linked.kind, Kind::LinkedChild | Kind::LinkedAdult) {
        let details = "somebody is linked as a child or as an adult";
        return Err(invalid(IssueCode::BusinessRule, details, "kind"));
    }
    let directory = snapshot.directory().await?;
    let mut known = Known::of(cx, snapshot, asking, linked.patient).await?;
    let person = known.facts.person;
    if person == root.person {
        let details = "the child cannot be linked to themself";
        return Err(invalid(IssueCode::BusinessRule, details, "linked"));
    }
    let mut message = blank(cx, asking, &directory, linked.patient, person, linked.kind)?;
    message.id = cx.ids.fresh(cx.chance.as_ref());
    message.thread = message.id;
    message.root = root.id;
    message.sender = root.sender.clone();
    message.ring.clone_from(&root.ring);
    message.name = known.name.take();
    message.held.clone_from(&root.held);
    message.text = wording(root, linked, &directory, cx)?;
    message.harm = harm(linked.kind, asking.purpose, Urgency::Routine);
    let to = others_involved(&message, &known, &directory, cx);
    dispatch(cx, &mut message, &to, &directory)?;
    add(outgoing, snapshot, asking, &known, &mut message, TOLD).await?;
    outgoing.write(board::keep(message, 0, &directory));
    Ok(())
}

/// The least that keeps somebody safe: no child is named and nothing is alleged.
fn wording(
    root: &Message,
    linked: &Linked,
    directory: &Directory,
    cx: &Context,
) -> Result<String, Error> {
    let ring = ring_now(root, directory, cx.now());
    let Some(care) = &linked.care else {
        let since = day(root.at);
        return Ok(format!(
            "Linked to a child with protection activity since {since}. {ring}."
        ));
    };
    let care = super::send::text_of(care)?;
    let said = name_parts(&care);
    let named = name_parts(&root.name)
        .into_iter()
        .any(|part| part.chars().count() >= SHORTEST_NAME && said.contains(&part));
    if named {
        let details = "do not name the child here: say only what changes in the care";
        return Err(invalid(IssueCode::BusinessRule, details, "care"));
    }
    Ok(format!("{care} {ring}."))
}

/// Every team that is involved with somebody, but those that send.
fn others_involved(
    message: &Message,
    known: &Known,
    directory: &Directory,
    cx: &Context,
) -> Vec<TeamId> {
    let mut teams = teams_involved(&known.facts.relationships, directory, cx.now());
    teams.retain(|team| !message.sender.teams().contains(team));
    teams
}

/// The team that answers for what was raised at a desk: one that the desk stands in for.
fn answered_by(
    root: &mut Message,
    team: Option<&TeamId>,
    directory: &Directory,
    cx: &Context,
) -> Result<(), Error> {
    let Some(team) = team.filter(|team| **team != root.sender.desk) else {
        return Ok(());
    };
    let stands_in = routing::desk(directory, team, cx.now()).as_ref() == Some(&root.sender.desk);
    let found = directory.teams.get(team);
    let same_agency = found.is_some_and(|found| found.organisation == root.sender.organisation);
    let Some(found) = found.filter(|_| stands_in || same_agency) else {
        let details = "your team does not stand in for that team now: choose your own, or one that it stands in for";
        return Err(invalid(IssueCode::BusinessRule, details, "answers-for"));
    };
    root.sender.team = found.id.clone();
    root.sender.organisation = found.organisation.clone();
    root.ring = routing::ring(directory, team);
    Ok(())
}

/// A second message about the same child would be answered twice and closed once.
async fn none_in_force(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    known: &Known,
) -> Result<(), Error> {
    let permit = known.permit.as_ref().ok_or(Error::NotFound)?;
    let raised = snapshot.raised(permit, Kind::ChildProtection).await?;
    let Some(standing) = raised.iter().find(|one| one.stage == Stage::Sent) else {
        return Ok(());
    };
    let directory = snapshot.directory().await?;
    let details = format!(
        "a child protection message is in force since {}. {}, which can say it anew",
        day(standing.at),
        ring_now(standing, &directory, cx.now())
    );
    Err(invalid(IssueCode::Duplicate, details, "patient"))
}

fn may_raise(asking: &Asking) -> Result<(), Error> {
    if !asking.purpose.is_a(Purpose::ChildConcern) {
        let details = "a child protection message is raised for the purpose of protecting a child (CP-CONCERN or a kind of it)";
        return Err(invalid(IssueCode::BusinessRule, details, "purpose"));
    }
    if !asking
        .caller
        .role()
        .is_some_and(domain::Role::is_social_work)
    {
        let details = "a child protection message is raised by social work: ring their duty desk, now if a child is at risk";
        return Err(invalid(IssueCode::Forbidden, details, "role"));
    }
    Ok(())
}

fn invalid(code: IssueCode, details: impl Into<String>, at: &str) -> Error {
    Error::invalid(Issue::error(code, details).at(at))
}
