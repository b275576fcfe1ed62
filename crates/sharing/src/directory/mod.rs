//! Filling the directory: agencies, their teams, their staff and who is on duty, as FHIR
//! Organization, Practitioner, PractitionerRole and HealthcareService
//! (<https://hl7.org/fhir/R4/administration-module.html>).

mod assemble;
mod names;
mod read;
mod rota;

use std::fmt;

use domain::HomeId;
use store::{Change, Directory, Expect, Write};

use crate::{Context, Error};
use assemble::{Assembled, assemble};

pub use read::{KIND_SYSTEM, REMIT_SYSTEM, ROLE_SYSTEM, SERVES};
pub use rota::ROTA;

/// A resource or Bundle of a file, and where it stands there.
#[derive(Debug, Clone)]
pub struct Brought {
    /// Where it stands, as a fault names it: `line 3`.
    pub place: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Something that keeps the directory from being filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands: `line 3, PractitionerRole/fraser`.
    pub place: String,
    /// What is wrong, and what to do.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Why the directory was not filled; nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// What was brought cannot be taken as it is.
    #[error("the directory cannot be taken in")]
    Faults(Vec<Fault>),
    /// The exchange does not answer.
    #[error(transparent)]
    Exchange(#[from] Error),
}

impl From<store::Error> for FillError {
    fn from(error: store::Error) -> Self {
        Self::Exchange(error.into())
    }
}

/// How many of one kind were taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Not known before.
    pub new: usize,
    /// Known otherwise before.
    pub changed: usize,
    /// Known just so.
    pub unchanged: usize,
}

impl Tally {
    /// Counts one, and says whether it must be written.
    fn counts<T: PartialEq>(&mut self, known: Option<&T>, now: &T) -> bool {
        let count = match known {
            None => &mut self.new,
            Some(known) if known != now => &mut self.changed,
            Some(_) => {
                self.unchanged += 1;
                return false;
            }
        };
        *count += 1;
        true
    }
}

/// What became of what was brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filled {
    /// Agencies.
    pub agencies: Tally,
    /// Their teams.
    pub teams: Tally,
    /// Duties.
    pub duties: Tally,
    /// Staff, and record systems.
    pub workers: Tally,
}

/// Takes in a directory, whole or not at all. What is there and not brought stays; what is brought
/// again is replaced. Whoever leaves is brought once more with the day on which they left.
///
/// # Errors
/// [`FillError::Faults`] with everything that is wrong.
pub async fn fill(cx: &Context, brought: &[Brought]) -> Result<Filled, FillError> {
    let known = cx.store.snapshot().await?.directory().await?;
    let resources = read::resources(brought).map_err(FillError::Faults)?;
    let assembled = assemble(&resources, &known).map_err(FillError::Faults)?;
    let (writes, filled) = changes(cx, &known, assembled)?;
    if !writes.is_empty() {
        let change = Change {
            writes,
            ..Change::default()
        };
        cx.store.commit(change, Expect::default()).await?;
    }
    Ok(filled)
}

fn changes(
    cx: &Context,
    known: &Directory,
    assembled: Assembled,
) -> Result<(Vec<Write>, Filled), Error> {
    let (mut writes, mut filled) = (Vec::new(), Filled::default());
    for organisation in assembled.organisations {
        let before = known.organisations.get(&organisation.id);
        if filled.agencies.counts(before, &organisation) {
            let home = HomeId(cx.draw());
            writes.push(Write::Home {
                home,
                wrapped_key: cx.keys.new_home(cx.draw(), cx.draw())?,
            });
            writes.push(Write::Organisation {
                organisation,
                home,
                resource: None,
            });
        }
    }
    for team in assembled.teams {
        if filled.teams.counts(known.teams.get(&team.id), &team) {
            writes.push(Write::Team(team));
        }
    }
    for rota in assembled.rotas {
        if known.rotas.get(&rota.team) == Some(&rota) {
            continue;
        }
        // A team with another rota is another team to whoever writes to it.
        let team = known.teams.get(&rota.team);
        let same = writes
            .iter()
            .all(|it| !matches!(it, Write::Team(team) if team.id == rota.team));
        if team.is_some() && same {
            filled.teams.unchanged = filled.teams.unchanged.saturating_sub(1);
            filled.teams.changed += 1;
        }
        writes.push(Write::Rota(rota));
    }
    for duty in assembled.duties {
        let mut before = known.duties.iter();
        let before = before.find(|it| (&it.serves, &it.team) == (&duty.serves, &duty.team));
        if filled.duties.counts(before, &duty) {
            writes.push(Write::Duty(duty));
        }
    }
    for worker in assembled.workers {
        if filled
            .workers
            .counts(known.workers.get(&worker.id), &worker)
        {
            writes.push(Write::Worker {
                worker,
                resource: None,
            });
        }
    }
    Ok((writes, filled))
}
