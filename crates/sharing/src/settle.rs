//! Settling a town: its directory first, then what its agencies wrote, each at its own time.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{
    Assurance, Caller, Capacity, Clock, HomeId, Organisation, OrganisationId, OrganisationKind,
    PersonId, Purpose, ResourceId, Timestamp, TokenId, WorkerId,
};
use store::{Change, Expect, Write};

use crate::contribute::{THE_PERSON, import};
use crate::in_force::put_in_force;
use crate::restrict::{Restriction, restrict};
use crate::town::{self, Contribution, Town};
use crate::{Asking, Channel, Context, Error};

/// How many resources one change carries.
const CHUNK: usize = 64;

/// Readies the exchange itself: the custodian of what people say on their own pages, and the local
/// policies in force, since every commit names those it was decided under and is refused under
/// others. Called at each start; what is there stays.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn exchange(cx: &Context) -> Result<(), Error> {
    put_in_force(cx, cx.policies.last()).await?;
    let known = cx.store.snapshot().await?.directory().await?;
    let mut writes = Vec::new();
    let itself = OrganisationId::from(THE_PERSON);
    if !known.organisations.contains_key(&itself) {
        let home = HomeId(cx.draw());
        writes.push(Write::Home {
            home,
            wrapped_key: cx.keys.new_home(cx.draw(), cx.draw())?,
        });
        let organisation = Organisation {
            id: itself,
            name: "People themselves".to_owned(),
            kind: OrganisationKind::Exchange,
            phone: String::new(),
        };
        writes.push(Write::Organisation {
            organisation,
            home,
            resource: None,
        });
    }
    if !writes.is_empty() {
        let change = Change {
            writes,
            ..Change::default()
        };
        cx.store.commit(change, Expect::default()).await?;
    }
    Ok(())
}

/// Gives an empty store a town's agencies, teams, duties and workers. What is there stays.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn directory(cx: &Context, town: &Town) -> Result<(), Error> {
    let known = cx.store.snapshot().await?.directory().await?;
    let mut writes = Vec::new();
    for organisation in &town.organisations {
        if known.organisations.contains_key(&organisation.id) {
            continue;
        }
        let home = HomeId(cx.draw());
        writes.push(Write::Home {
            home,
            wrapped_key: cx.keys.new_home(cx.draw(), cx.draw())?,
        });
        writes.push(Write::Organisation {
            organisation: organisation.clone(),
            home,
            resource: None,
        });
    }
    writes.extend(
        town.teams
            .iter()
            .filter(|team| !known.teams.contains_key(&team.id))
            .cloned()
            .map(Write::Team),
    );
    writes.extend(
        town.duties
            .iter()
            .filter(|duty| !known.duties.contains(duty))
            .cloned()
            .map(Write::Duty),
    );
    writes.extend(
        town.workers
            .iter()
            .filter(|worker| !known.workers.contains_key(&worker.id))
            .map(|worker| Write::Worker {
                worker: worker.clone(),
                resource: None,
            }),
    );
    cx.store
        .commit(
            Change {
                writes,
                ..Change::default()
            },
            Expect::default(),
        )
        .await?;
    Ok(())
}

/// Settles the whole town: directory, contributions, restrictions. Settling it twice changes
/// nothing.
///
/// # Errors
/// [`Error::Invalid`] if a contribution is refused: the town is meant to be accepted whole.
pub async fn settle(cx: &Context, town: &Town) -> Result<(), Error> {
    exchange(cx).await?;
    directory(cx, town).await?;
    for together in runs(&town.contributions) {
        let Some(first) = together.first() else {
            continue;
        };
        let cx = at(cx, first.at);
        let asking = asking_for(&cx, &first.worker).await?;
        let resources: Vec<Vec<u8>> = together
            .iter()
            .map(|one| one.json.clone().into_bytes())
            .collect();
        for outcome in import(&cx, &asking, &resources).await? {
            outcome?;
        }
    }
    for restriction in &town.restrictions {
        apply(cx, town, restriction).await?;
    }
    Ok(())
}

/// Consecutive contributions of one worker at one time, a change at a time.
fn runs(contributions: &[Contribution]) -> impl Iterator<Item = &[Contribution]> {
    contributions
        .chunk_by(|a, b| a.worker == b.worker && a.at == b.at)
        .flat_map(|run| run.chunks(CHUNK))
}

async fn apply(cx: &Context, town: &Town, restriction: &town::Restriction) -> Result<(), Error> {
    let (person, restriction) = match restriction {
        town::Restriction::Bar { person_key, worker } => (
            person(cx, town, person_key).await?,
            Restriction::Bar(worker.clone()),
        ),
        town::Restriction::Protect { person_key } => {
            (person(cx, town, person_key).await?, Restriction::Protect)
        }
        town::Restriction::Lock {
            by,
            resource_type,
            local_id,
        } => {
            let id = cx.ids.of_alias(by, resource_type, local_id);
            let author = town
                .contributions
                .iter()
                .find(|one| {
                    (&one.by, &one.resource_type, &one.local_id) == (by, resource_type, local_id)
                })
                .and_then(|one| town.workers.iter().find(|worker| worker.id == one.worker));
            // A lock is found by its resource, so any person of the town does.
            let person = PersonId(id.0);
            (
                person,
                Restriction::Lock {
                    resource_type: resource_type.clone(),
                    id,
                    team: author.and_then(|author| author.team.clone()),
                },
            )
        }
    };
    let system = town.workers.first().ok_or(Error::NotFound)?;
    let asking = asking_for(cx, &system.id).await?;
    restrict(cx, &asking, person, &restriction).await
}

/// The Patient by which a person of the town is known to their main agency.
#[must_use]
pub fn patient(cx: &Context, town: &Town, key: &str) -> Option<ResourceId> {
    let person = town.person(key)?;
    Some(
        cx.ids
            .of_alias(&person.home_custodian, "Patient", &person.patient),
    )
}

/// A person of the town.
///
/// # Errors
/// [`Error::NotFound`] if nobody has that key.
pub async fn person(cx: &Context, town: &Town, key: &str) -> Result<PersonId, Error> {
    let patient = patient(cx, town, key).ok_or(Error::NotFound)?;
    cx.store
        .snapshot()
        .await?
        .person_of(&patient)
        .await?
        .ok_or(Error::NotFound)
}

/// Everyone of the town who may sign in, by key.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn people(cx: &Context, town: &Town) -> Result<HashMap<String, PersonId>, Error> {
    let mut people = HashMap::new();
    for one in town.people.iter().filter(|one| one.can_sign_in) {
        people.insert(one.key.clone(), person(cx, town, &one.key).await?);
    }
    Ok(people)
}

/// A worker asking on the exchange's own behalf: settling and importing.
///
/// # Errors
/// [`Error::NotFound`] if the directory does not know the worker.
pub async fn asking_for(cx: &Context, worker: &WorkerId) -> Result<Asking, Error> {
    let directory = cx.store.snapshot().await?.directory().await?;
    let worker = directory.workers.get(worker).ok_or(Error::NotFound)?;
    let organisation = directory
        .organisations
        .get(&worker.organisation)
        .ok_or(Error::NotFound)?;
    Ok(Asking {
        caller: Caller {
            name: worker.name.clone(),
            capacity: Capacity::Worker {
                worker: worker.id.clone(),
                role: worker.role,
                organisation: organisation.id.clone(),
                organisation_kind: organisation.kind,
                team: worker.team.clone(),
            },
            assurance: Assurance::Substantial,
        },
        token: TokenId::new("local"),
        purpose: Purpose::Treatment,
        reason: None,
        channel: Channel::Api,
        idempotency: None,
    })
}

/// The record system of an agency, which contributes in its name.
///
/// # Errors
/// [`Error::NotFound`] if the agency is unknown or has none.
pub async fn system_of(cx: &Context, organisation: &OrganisationId) -> Result<WorkerId, Error> {
    let directory = cx.store.snapshot().await?.directory().await?;
    directory
        .workers
        .values()
        .find(|worker| worker.organisation == *organisation && worker.role == domain::Role::System)
        .map(|worker| worker.id.clone())
        .ok_or(Error::NotFound)
}

/// The same exchange at a fixed time.
fn at(cx: &Context, now: Timestamp) -> Context {
    Context {
        clock: Arc::new(Fixed(now)),
        ..cx.clone()
    }
}

struct Fixed(Timestamp);

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        self.0
    }
}
