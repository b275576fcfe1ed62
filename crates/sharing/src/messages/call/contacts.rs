//! Who may be ticked on a note: the caller's own team, those involved with the person, and those who
//! act for them or are close to them. Anybody else is typed.

use domain::arrangement::ToldAs;
use domain::message::Attendee;
use domain::{
    OrganisationKind, PartyId, Relationship, RelationshipKind, ResourceId, TeamId, WorkerId,
};
use fhir::{Issue, IssueCode};
use policy::Facts;
use store::Directory;

use super::{LONGEST_NAME, wrong};
use crate::disclose::involved;
use crate::messages::close::{Close, those_close};
use crate::messages::own_team;
use crate::messages::send::{Known, named, only_team};
use crate::{Asking, Context, Error};

/// Somebody who was there, or was rung, as whoever notes it names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attended {
    /// A worker of the directory.
    Worker(WorkerId),
    /// A team of the directory, where it matters less who of it.
    Team(TeamId),
    /// Somebody who acts for the person or is close to them, as facts name them.
    Close(PartyId),
    /// Anybody else.
    Other {
        /// Their name, and for whom they work or how they are related.
        name: String,
        /// What they are to the person; `None` for whoever works with them.
        is: Option<ToldAs>,
    },
}

impl Attended {
    /// The person themself, told by word of mouth, and with whose help if somebody interpreted or signed.
    #[must_use]
    pub fn themself(with: &str) -> Self {
        let name = match with.trim() {
            "" => "you yourself".to_owned(),
            with => format!("you yourself (with {with})"),
        };
        Self::Other { name, is: None }
    }
}

/// Somebody who may be ticked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Who.
    pub attended: Attended,
    /// How a page names them.
    pub name: String,
}

/// Everybody who is likely to have been rung or met about whoever this Patient is: the caller's own
/// team first, then those involved, longest first, then those who act for the person or are close.
///
/// # Errors
/// [`Error::NotFound`] if the caller may not open the record.
pub async fn contacts(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
) -> Result<Vec<Contact>, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    let worker = asking.caller.worker().ok_or(Error::NotFound)?;
    let known = Known::of(cx, snapshot.as_mut(), asking, patient).await?;
    let own = own_team(asking).ok();
    let colleagues = directory.workers.values().filter(|one| {
        let left = one.until.is_some_and(|until| until <= cx.now());
        one.team.is_some() && one.team == own && !left
    });
    let mut all: Vec<Attended> = colleagues
        .map(|one| Attended::Worker(one.id.clone()))
        .collect();
    if let Some(permit) = &known.permit {
        let shown = involved(snapshot.as_mut(), &known.facts, permit).await?;
        all.extend(those_involved(shown, &directory, cx.now()));
    }
    let close = those_close(cx, snapshot.as_mut(), asking, &known.facts).await?;
    all.extend(close.iter().map(|one| Attended::Close(one.party.clone())));
    let mut contacts: Vec<Contact> = Vec::new();
    for attended in all {
        let is_caller = matches!(&attended, Attended::Worker(id) if id == worker);
        if is_caller || contacts.iter().any(|one| one.attended == attended) {
            continue;
        }
        if let Some(name) = attended.name(&close, &directory) {
            contacts.push(Contact { attended, name });
        }
    }
    Ok(contacts)
}

/// Those involved, longest first: the worker whom an event names, else the team.
fn those_involved(
    mut shown: Vec<Relationship>,
    directory: &Directory,
    now: domain::Timestamp,
) -> Vec<Attended> {
    shown.retain(|one| one.is_live(now) && one.kind != RelationshipKind::SelfClaimed);
    shown.sort_by_key(|one| one.since);
    let attended = shown.into_iter().filter_map(|one| {
        let worker = one.worker.map(Attended::Worker);
        let team = one.team.or_else(|| only_team(directory, &one.organisation));
        worker.or(team.map(Attended::Team))
    });
    attended.collect()
}

impl Attended {
    /// How a page and the account name them; `None` if nobody of this id is known, or who is close to
    /// the person is not the caller's to know.
    fn name(&self, close: &[Close], directory: &Directory) -> Option<String> {
        match self {
            Self::Worker(id) => {
                let worker = directory.workers.get(id)?;
                let agency = directory.organisations.get(&worker.organisation)?;
                let role = worker.role.words();
                Some(format!("{}, {role}, {}", worker.name, agency.name))
            }
            Self::Team(id) => named(id, directory),
            Self::Close(party) => {
                let found = close.iter().find(|one| one.party == *party);
                found.map(|one| one.is.to_owned())
            }
            Self::Other { name, .. } => Some(name.trim().to_owned()),
        }
    }

    /// Them as the note keeps them.
    ///
    /// # Errors
    /// [`Error::Invalid`] if nobody of this id is known, or no name was typed.
    pub(super) fn attendee(
        &self,
        facts: &Facts,
        (close, directory): (&[Close], &Directory),
        own: &TeamId,
    ) -> Result<Attendee, Error> {
        let name = self.name(close, directory).ok_or_else(|| {
            let details = "nobody of this id is in the directory, acts for the person or is close to them: choose one of those listed, or give a name";
            Error::invalid(Issue::error(IssueCode::NotFound, details).at("with"))
        })?;
        if name.is_empty() {
            let details =
                "give the name of who was told, and for whom they work or how they are related";
            return Err(Error::invalid(Issue::required("other", details)));
        }
        if name.chars().count() > LONGEST_NAME {
            let details = format!("keep the name under {LONGEST_NAME} letters");
            return Err(wrong("other", details));
        }
        let (worker, team) = match self {
            Self::Worker(id) => {
                let team = directory.workers.get(id).and_then(|one| one.team.clone());
                (Some(id.clone()), team)
            }
            Self::Team(id) => (None, Some(id.clone())),
            Self::Close(_) | Self::Other { .. } => (None, None),
        };
        let party = match self {
            Self::Close(party) => Some(party.clone()),
            _ => None,
        };
        Ok(Attendee {
            own: team.as_ref() == Some(own),
            is: self.is(facts, directory),
            name,
            worker,
            team,
            party,
            refused: None,
        })
    }

    /// What they are to the person, where they are no worker of a team that gives care.
    fn is(&self, facts: &Facts, directory: &Directory) -> Option<ToldAs> {
        let agency = match self {
            Self::Worker(id) => &directory.workers.get(id)?.organisation,
            Self::Team(id) => &directory.teams.get(id)?.organisation,
            Self::Close(party) => {
                let mut acts = facts.circumstances.authorities.iter();
                let has_power = acts.any(|one| one.holder == *party);
                return Some(match has_power {
                    true => ToldAs::Informed,
                    false => ToldAs::Relative,
                });
            }
            Self::Other { is, .. } => return *is,
        };
        match directory.organisations.get(agency)?.kind {
            OrganisationKind::Housing => Some(ToldAs::Landlord),
            OrganisationKind::LawFirm => Some(ToldAs::Solicitor),
            _ => None,
        }
    }
}
