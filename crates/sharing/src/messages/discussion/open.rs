//! Opening a discussion between agencies.

use domain::message::kind::harm;
use domain::message::{Discussion, Kind, Message, Urgency};
use domain::{ResourceId, Role, TeamId, Timestamp};
use fhir::{Issue, IssueCode};
use store::{Directory, Snapshot};

use super::super::concern::{held, unnamed};
use super::super::outgoing::Outgoing;
use super::super::read::{Found, teams};
use super::super::send::{Known, Sent, add, blank, dispatch, reachable, text_of};
use super::super::{board, own_team};
use crate::attempt::{Attempt, until_done};
use crate::event::Operation;
use crate::{Asking, Context, Error};

/// A discussion as somebody opens it.
#[derive(Debug, Clone, Default)]
pub struct Open {
    /// The teams that are asked in, of other agencies than the caller's.
    pub to: Vec<TeamId>,
    /// The name by which the caller knows the person; needed where they may not read the record.
    pub name: String,
    /// Why the agencies should discuss.
    pub text: String,
    /// The concern, or other message, that it is opened from: it stands in the same thread.
    pub from: Option<ResourceId>,
    /// Until when accounts do not show it, and the recorded reason of safety.
    pub hold: Option<(Timestamp, String)>,
}

/// Opens a discussion about whoever this Patient is. On return it is on the lists of all who are
/// asked in, and in the person's account unless it is held.
///
/// # Errors
/// [`Error::Invalid`] if the caller is not of social work, police or health, asks for a purpose that
/// protects nobody, or asks no other agency in; [`Error::NotFound`] if they may not know the
/// person, or what it is opened from is not theirs.
pub async fn open(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    open: &Open,
) -> Result<Sent, Error> {
    let operation = cx.draw();
    until_done(|| once(cx, asking, patient, open, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    open: &Open,
    operation: [u8; 16],
) -> Result<Sent, Attempt> {
    is_for_them(asking)?;
    held(cx, asking, open.hold.as_ref())?;
    let text = text_of(&open.text)?;
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    reachable(&open.to, &directory, cx)?;
    somebody_else(asking, &open.to, &directory)?;
    let mut known = Known::giving(cx, snapshot.as_mut(), asking, patient).await?;

    let person = known.facts.person;
    let mut message = blank(cx, asking, &directory, patient, person, Kind::Discussion)?;
    let from = opened_from(cx, snapshot.as_mut(), asking, open, &message).await?;
    let given = match &from {
        Some(from) if open.name.trim().is_empty() => &from.name,
        _ => &open.name,
    };
    message.name = known.name.or(given).ok_or_else(unnamed)?;
    message.thread = from.map_or(message.id, |from| from.thread);
    message.text = text;
    message.harm = harm(Kind::Discussion, asking.purpose, Urgency::Routine);
    message.held.clone_from(&open.hold);
    message.discussion = Some(Discussion::default());
    dispatch(cx, &mut message, &open.to, &directory)?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    let about = (Operation::Discussion, &[][..]);
    let snapshot_ref = snapshot.as_mut();
    add(
        &mut outgoing,
        snapshot_ref,
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

/// Whether somebody of this role may open one: any of the three that must be in it may, police,
/// health, or social work.
#[must_use]
pub fn may_open(role: Role) -> bool {
    role.is_social_work() || role.is_clinical() || role == Role::PoliceOfficer
}

fn is_for_them(asking: &Asking) -> Result<(), Error> {
    own_team(asking)?;
    if !asking.purpose.is_protection() {
        let details = "agencies discuss so for the purpose of protecting somebody: CP-CONCERN, ASP-INQUIRY or a kind of them";
        return Err(wrong(IssueCode::BusinessRule, "purpose", details));
    }
    if !asking.caller.role().is_some_and(may_open) {
        let details = "a discussion between agencies is opened by social work, police or health: tell them of a concern";
        return Err(wrong(IssueCode::Forbidden, "role", details));
    }
    Ok(())
}

/// A discussion with oneself is none.
fn somebody_else(asking: &Asking, to: &[TeamId], directory: &Directory) -> Result<(), Error> {
    let own = asking.caller.organisation();
    let agency_of = |team: &TeamId| directory.teams.get(team).map(|team| &team.organisation);
    if to.iter().any(|team| agency_of(team) != own) {
        return Ok(());
    }
    let details =
        "ask at least one other agency in: police, health and social work discuss together";
    Err(wrong(IssueCode::BusinessRule, "to", details))
}

/// The message that it is opened from, if the caller may open that one and it is of the same person.
async fn opened_from(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    open: &Open,
    message: &Message,
) -> Result<Option<Message>, Error> {
    let Some(from) = open.from else {
        return Ok(None);
    };
    let directory = snapshot.directory().await?;
    let own = teams(asking, &directory)?;
    let found = Found::of(cx, snapshot, asking, from, &own).await?;
    if found.message.person != message.person {
        return Err(Error::NotFound);
    }
    Ok(Some(found.message))
}

fn wrong(code: IssueCode, at: &str, details: &str) -> Error {
    Error::invalid(Issue::error(code, details).at(at))
}
