//! Writing on a condition, and what an agency's own system may change: both among what the
//! caller's agency itself contributed, so that nobody can ask so what others hold.

use policy::Internal;

use super::draft::{Draft, Incoming, Method, Stored};
use super::resolve;
use crate::attempt::{Attempt, Attempts};
use crate::{Asking, Context, Error};

/// A resource as it is now, to be changed.
#[derive(Debug, Clone)]
pub struct Current {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Its bytes as they are served.
    pub bytes: Vec<u8>,
}

/// The current bytes of an agency's own contribution, for its own record system, which has them in
/// hand; `None` for anybody and anything else.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn own_current(
    cx: &Context,
    asking: &Asking,
    resource_type: &'static str,
    id: &str,
) -> Result<Option<Current>, Error> {
    let mut draft = match Draft::begin(cx, asking).await {
        Ok(draft) => draft,
        Err(Attempt::Failed(error)) => return Err(error),
        Err(Attempt::Again) => return Err(store::Error::Stale.into()),
    };
    if !draft.for_agency {
        return Ok(None);
    }
    let id = draft.own_id(resource_type, id);
    let located = draft.snapshot.locate(resource_type, &id).await?;
    let is_own = located.is_some_and(|at| at.custodian == draft.custodian && !at.deleted);
    if !is_own {
        return Ok(None);
    }
    let found = draft
        .snapshot
        .internal_read(Internal::Deriving, resource_type, &id)
        .await?;
    Ok(found.map(|found| Current {
        id: id.to_string(),
        version: found.version,
        bytes: found.bytes,
    }))
}

/// Creates a resource unless one of this identifier is there; or updates or deletes the one that
/// is. What is created so has an id that follows from the identifier: of two at once, one finds
/// what the other made.
///
/// # Errors
/// Those of [`super::contribute`], and [`fhir::IssueCode::MultipleMatches`] if several are there.
pub async fn contribute_matching(
    cx: &Context,
    asking: &Asking,
    incoming: &Incoming<'_>,
    system: &str,
    value: &str,
) -> Result<Stored, Error> {
    let mut attempts = Attempts::default();
    loop {
        let attempt = once(cx, asking, incoming, system, value).await;
        if let Some(answer) = attempts.judge(attempt)? {
            return Ok(answer);
        }
    }
}

async fn once(
    cx: &Context,
    asking: &Asking,
    incoming: &Incoming<'_>,
    system: &str,
    value: &str,
) -> Result<Stored, Attempt> {
    let mut draft = Draft::begin(cx, asking).await?;
    let Some(resource_type) = fhir::types::of(incoming.resource_type).map(|facts| facts.name)
    else {
        return Err(Error::NotFound.into());
    };
    let found = resolve::by_identifier(&mut draft, resource_type, system, value).await?;
    let id = found.map(|id| id.to_string());
    let stored = match (incoming.method, found) {
        (Method::Create, Some(id)) => return Ok(draft.existing(resource_type, id).await?),
        (Method::Delete, None) => return Err(Error::NotFound.into()),
        (Method::Delete, Some(_)) => {
            let incoming = Incoming {
                id: id.as_deref(),
                ..incoming.clone()
            };
            draft.add(&incoming).await?
        }
        (_, found) => {
            let own = format!("?identifier={system}|{value}");
            let derived = cx.ids.of_alias(&draft.custodian, resource_type, &own);
            let is_taken = draft
                .snapshot
                .locate(resource_type, &derived)
                .await?
                .is_some();
            draft.reserved = match (found, is_taken) {
                (Some(found), _) => Some(found),
                (None, false) => Some(derived),
                // What was made so has another identifier by now.
                (None, true) => None,
            };
            let incoming = Incoming {
                method: Method::Create,
                ..incoming.clone()
            };
            draft.add(&incoming).await?
        }
    };
    draft.commit().await?;
    Ok(stored)
}
