//! Opening what is withheld in an entry, for a reviewer or privacy officer who answers for it. That it
//! was opened stands in the own chain of the agency whose entry it is before anything is said, and its
//! auditor reads who asked, of which entry, and why.

use domain::{OrganisationId, PersonId, Timestamp};
use ledger::Hash;
use policy::Internal;
use store::{Change, Expect};

use super::in_agency;
use crate::account::facts_of;
use crate::erase::entry_of;
use crate::event::{Event, Operation};
use crate::{Channel, Context, Error, spoken};

/// How many entries are read at once.
const PAGE: u32 = 1000;

/// What is wanted of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted<'w> {
    /// The name of the member of staff for whom this alias stands in it.
    Name(&'w str),
    /// The words and the purpose that speak of somebody else.
    Words,
}

/// Who wants something opened.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    /// By name and office.
    pub by: &'a str,
    /// For what they need it.
    pub why: &'a str,
}

/// Opens an entry of somebody's account, once it is written that it was; `None` if they have no such
/// entry, or the alias does not stand in it.
///
/// # Errors
/// [`Error::NotFound`] if there is no such person; [`Error::Unavailable`] if it cannot be written.
pub async fn open(
    cx: &Context,
    person: PersonId,
    commitment: &Hash,
    wanted: Wanted<'_>,
    asker: Asker<'_>,
) -> Result<Option<Event>, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let facts = facts_of(snapshot.as_mut(), person).await?;
    let facts = facts.ok_or(Error::NotFound)?;
    let found = entry_of(cx, snapshot.as_mut(), &facts, commitment).await?;
    let Some((_, entry)) = found else {
        return Ok(None);
    };
    let key = cx.keys.home(snapshot.as_mut(), entry.home).await?;
    let event = Event::open(&entry, &key)?;
    let step = match wanted {
        Wanted::Name(alias) => {
            let of_worker = cx.keys.alias_of(entry.home, &event.worker);
            if of_worker.is_empty() || of_worker != alias {
                return Ok(None);
            }
            "name-opened"
        }
        Wanted::Words => "words-opened",
    };
    let noted = Event {
        operation: Operation::Screened.code().to_owned(),
        because: step.to_owned(),
        told: commitment.to_string(),
        name: asker.by.to_owned(),
        reason: asker.why.to_owned(),
        organisation: event.organisation.clone(),
        organisation_name: event.organisation_name.clone(),
        at: cx.now().to_string(),
        channel: Channel::Export.code().to_owned(),
        ..Event::default()
    };
    let change = Change {
        entries: vec![in_agency(cx, snapshot.as_mut(), &noted).await?],
        ..Change::default()
    };
    drop(snapshot);
    cx.store.commit(change, Expect::default()).await?;
    Ok(Some(event))
}

/// A line of an agency's own chain.
#[derive(Debug)]
pub struct AgencyLine {
    /// When it was written.
    pub at: Timestamp,
    /// Its commitment.
    pub commitment: Hash,
    /// What it says.
    pub event: Event,
}

/// The own chain of an agency, oldest first, for whoever audits the agency: what its staff sought and
/// did not find, what is withheld in entries that it wrote, and who opened that.
///
/// # Errors
/// [`Error::Unavailable`] if an entry does not open.
pub async fn agency(cx: &Context, agency: &OrganisationId) -> Result<Vec<AgencyLine>, Error> {
    let view = cx.keys.organisation_view(agency);
    let mut snapshot = cx.store.snapshot().await?;
    let (mut lines, mut after) = (Vec::new(), None);
    loop {
        let claims = snapshot.claims(Internal::Auditing, after, PAGE).await?;
        let Some(last) = claims.last() else {
            return Ok(lines);
        };
        after = Some((last.chain, last.entry.index));
        for claim in claims.into_iter().filter(|claim| claim.view == view) {
            let key = cx.keys.home(snapshot.as_mut(), claim.entry.home).await?;
            lines.push(AgencyLine {
                at: claim.entry.time,
                commitment: claim.entry.commitment,
                event: Event::open(&claim.entry, &key)?,
            });
        }
    }
}

/// The line as a sentence to the agency's auditor.
#[must_use]
pub fn sentence(line: &AgencyLine) -> String {
    let event = &line.event;
    let (when, who, entry) = (spoken::moment(line.at), &event.name, &event.told);
    match event.because.as_str() {
        "name-opened" => format!(
            "On {when}, {who} asked who stands for the alias in entry {entry}, and was told. Why: {}",
            event.reason
        ),
        "words-opened" => format!(
            "On {when}, {who} read what is not told in entry {entry}. Why: {}",
            event.reason
        ),
        super::WITHHELD => {
            format!(
                "On {when}, {who} withheld the words in entry {entry}: they speak of somebody else."
            )
        }
        super::TOLD_AGAIN => {
            format!("On {when}, {who} let the words in entry {entry} be told again.")
        }
        _ => format!("On {when}, {who} looked for somebody and met nobody."),
    }
}
