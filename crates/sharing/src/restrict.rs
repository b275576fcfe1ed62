//! Restrictions: barring a named worker, protecting that someone is known at all, locking an item.

use domain::{Bar, Lock, PersonId, ResourceId, TeamId, WorkerId};
use store::{Change, Expect, Protection, Snapshot, Write};

use crate::{Asking, Context, Error};

/// What is restricted.
#[derive(Debug, Clone)]
pub enum Restriction {
    /// This worker may never see the person, whatever their role or ward.
    Bar(WorkerId),
    /// Whoever has no evidenced relationship is answered as if the person were not known here.
    Protect,
    /// Only the team that holds this resource opens it.
    Lock {
        /// Its type.
        resource_type: String,
        /// Its id.
        id: ResourceId,
        /// The team, where the holding agency has teams.
        team: Option<TeamId>,
    },
}

/// Puts a restriction in force, for the next byte on.
///
/// # Errors
/// [`Error::NotFound`] if the person or resource is not there.
pub async fn restrict(
    cx: &Context,
    asking: &Asking,
    person: PersonId,
    restriction: &Restriction,
) -> Result<(), Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let writes = writes(cx, snapshot.as_mut(), person, restriction).await?;
    drop(snapshot);
    let expect = Expect {
        token: Some(asking.token.clone()),
        worker: asking.caller.worker().cloned(),
        ..Expect::default()
    };
    cx.store
        .commit(
            Change {
                writes,
                ..Change::default()
            },
            expect,
        )
        .await?;
    Ok(())
}

/// A person placed in several homes is restricted in each.
async fn writes(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    person: PersonId,
    restriction: &Restriction,
) -> Result<Vec<Write>, Error> {
    let now = cx.now();
    if let Restriction::Lock {
        resource_type,
        id,
        team,
    } = restriction
    {
        let located = snapshot
            .locate(resource_type, id)
            .await?
            .ok_or(Error::NotFound)?;
        let lock = Lock {
            resource: *id,
            holder: located.custodian,
            team: team.clone(),
            since: now,
        };
        return Ok(vec![Write::Lock {
            home: located.home,
            lock,
        }]);
    }
    let facts = snapshot.facts(person).await?.ok_or(Error::NotFound)?;
    let one = |home| match restriction {
        Restriction::Bar(worker) => Some(Write::Bar {
            home,
            bar: Bar {
                worker: worker.clone(),
                since: now,
                lifted: None,
            },
        }),
        Restriction::Protect => Some(Write::Protect {
            home,
            protection: Protection::Protected,
        }),
        Restriction::Lock { .. } => None,
    };
    Ok(facts
        .homes
        .iter()
        .filter_map(|(home, _)| one(*home))
        .collect())
}
