//! Asking other teams for information about somebody: one form, however many may hold it.

use domain::message::kind::harm;
use domain::message::{InformationRequest, Kind, Message, Urgency};
use domain::{Category, ResourceId, TeamId, Timestamp};
use fhir::{Issue, IssueCode};
use policy::Basis;
use store::{Directory, Snapshot};

use super::board;
use super::flag::day;
use super::outgoing::Outgoing;
use super::read::{addressed, teams};
use super::send::{Known, Sent, add, blank, dispatch, reachable, text_of};
use crate::attempt::{Attempt, until_done};
use crate::event::Operation;
use crate::{Asking, Context, Error};

/// For how long an earlier request for the same is worth knowing of, in days.
const ALIKE_DAYS: i64 = 28;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The teams that may hold it.
    pub to: Vec<TeamId>,
    /// What is asked for.
    pub what: Vec<Category>,
    /// The question in words; may be empty, since what is asked for says it.
    pub text: String,
    /// How soon it is needed.
    pub urgency: Urgency,
    /// By when it is needed; otherwise the clock of the purpose.
    pub by: Option<Timestamp>,
    /// Whether it is asked although something alike was asked already.
    pub anyway: bool,
}

/// Asks these teams about whoever this Patient is. On return it is on their lists, on the list of
/// what the asker's team asked for, and in the person's account where it left the agency.
///
/// # Errors
/// [`Error::NotFound`] if the caller may not open the record. [`Error::Invalid`] names what is
/// missing; with [`IssueCode::Duplicate`] it names a request for the same, to be read before
/// asking again.
pub async fn request(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    ask: &Ask,
) -> Result<Sent, Error> {
    let operation = cx.draw();
    until_done(|| once(cx, asking, patient, ask, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    ask: &Ask,
    operation: [u8; 16],
) -> Result<Sent, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    is_whole(ask, cx)?;
    reachable(&ask.to, &directory, cx)?;
    let mut known = Known::of(cx, snapshot.as_mut(), asking, patient).await?;
    if !ask.anyway {
        nothing_alike(cx, snapshot.as_mut(), asking, &known, ask, &directory).await?;
    }

    let person = known.facts.person;
    let mut message = blank(cx, asking, &directory, patient, person, Kind::Request)?;
    message.name = known.name.take();
    message.text = wording(ask)?;
    message.harm = harm(Kind::Request, asking.purpose, ask.urgency);
    message.request = Some(InformationRequest {
        asker: asking.caller.clone(),
        what: ask.what.clone(),
        basis: known
            .decision
            .basis
            .as_ref()
            .map_or_else(String::new, in_words),
        by: ask.by,
        required: None,
    });
    dispatch(cx, &mut message, &ask.to, &directory)?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    let about = (Operation::Request, &*ask.what);
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

/// A basis as whoever is asked reads it.
fn in_words(basis: &Basis) -> String {
    let legs = [
        Some(basis.article_6),
        basis.article_9,
        Some(basis.confidence),
    ];
    let legs: Vec<&str> = legs.into_iter().flatten().collect();
    format!("{}: {}", legs.join(", "), basis.authority)
}

fn is_whole(ask: &Ask, cx: &Context) -> Result<(), Error> {
    let mut issues = Vec::new();
    if ask.what.is_empty() {
        issues.push(Issue::required("what", "choose what you ask for"));
    }
    if ask.by.is_some_and(|by| by <= cx.now()) {
        let details = "choose a time that is still to come, or none: the purpose has its own clock";
        issues.push(Issue::error(IssueCode::Value, details).at("by"));
    }
    if issues.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(issues))
    }
}

/// What the request says: the asker's words, or what is asked for in the usual ones.
fn wording(ask: &Ask) -> Result<String, Error> {
    if !ask.text.trim().is_empty() {
        return text_of(&ask.text);
    }
    let what: Vec<&str> = ask.what.iter().map(|category| category.words()).collect();
    Ok(format!(
        "Please tell us what you hold of: {}.",
        what.join("; ")
    ))
}

/// A second request for the same costs a second answer. Only requests that the caller may open
/// count: others are no more theirs to hear of than any message.
async fn nothing_alike(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    known: &Known,
    ask: &Ask,
    directory: &Directory,
) -> Result<(), Error> {
    let own = teams(asking, directory)?;
    let since = cx.now().plus_seconds(-ALIKE_DAYS * 86_400);
    for parties in snapshot.parties_about(known.facts.person).await? {
        let Some((_, addressed)) = addressed(cx, snapshot, asking, &parties, &own).await? else {
            continue;
        };
        let found = snapshot.message(&addressed).await?;
        let alike = found.filter(|(message, _)| message.at >= since && is_alike(message, ask));
        if let Some((earlier, _)) = alike {
            let mut issue = Issue::error(IssueCode::Duplicate, said_of(&earlier, directory));
            issue.diagnostics = Some(format!("Communication/{}", earlier.id));
            return Err(Error::invalid(issue.at("anyway")));
        }
    }
    Ok(())
}

fn is_alike(message: &Message, ask: &Ask) -> bool {
    let Some(request) = message.request.as_ref().filter(|_| message.is_in_force()) else {
        return false;
    };
    let same_team = message
        .deliveries
        .iter()
        .any(|one| ask.to.contains(&one.team));
    same_team
        && request
            .what
            .iter()
            .any(|category| ask.what.contains(category))
}

fn said_of(earlier: &Message, directory: &Directory) -> String {
    let stands: Vec<String> = earlier
        .deliveries
        .iter()
        .map(|one| {
            let team = directory.teams.get(&one.team);
            let team = team.map_or_else(|| one.team.to_string(), |team| team.name.clone());
            let stands = one
                .response
                .as_ref()
                .map_or("not yet answered", |one| one.words());
            format!("{team}, {stands}")
        })
        .collect();
    format!(
        "this was asked on {} by {} ({}): read that first, and tick that you ask again all the same if you need to",
        day(earlier.at),
        earlier.sender.name,
        stands.join("; ")
    )
}
