//! Writing on a condition, and what an agency's own system may change: both among what the
//! caller's agency itself contributed, so that nobody can ask so what others hold.

use domain::ResourceId;
use fhir::{Issue, IssueCode};
use policy::Internal;

use super::draft::{Draft, Incoming, Method, Stored};
use super::resolve;
use crate::attempt::{Attempt, until_done};
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

/// Which resource is meant where no id names it: the one of an identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The system of the identifier.
    pub system: String,
    /// Its value.
    pub value: String,
}

impl Condition {
    /// Reads `identifier=system|value`, with or without a type before a `?`.
    ///
    /// # Errors
    /// An [`Issue`] for any other condition: it could ask what others hold.
    pub fn read(query: &str) -> Result<Self, Issue> {
        let query = query.split_once('?').map_or(query, |(_, query)| query);
        let pairs = fhir::search::pairs(query);
        let identifier = match pairs.as_slice() {
            [(name, value)] if name == "identifier" => value.split_once('|'),
            _ => None,
        };
        match identifier.filter(|(_, value)| !value.is_empty()) {
            Some((system, value)) => Ok(Self {
                system: system.to_owned(),
                value: value.to_owned(),
            }),
            None => {
                let details =
                    "a condition is one identifier with its system: identifier=system|value";
                Err(Issue::error(IssueCode::NotSupported, details))
            }
        }
    }
}

/// The id of the one resource that meets a condition, among what the caller's agency contributed.
///
/// # Errors
/// [`Error::NotFound`] if nothing does, [`fhir::IssueCode::MultipleMatches`] if several do, and
/// [`Error::Unavailable`] if the store does not answer.
pub async fn own_matching(
    cx: &Context,
    asking: &Asking,
    resource_type: &'static str,
    condition: &Condition,
) -> Result<ResourceId, Error> {
    until_done(|| async {
        let mut draft = Draft::begin(cx, asking).await?;
        let Condition { system, value } = condition;
        let found = resolve::by_identifier(&mut draft, resource_type, system, value).await?;
        Ok(found.ok_or(Error::NotFound)?)
    })
    .await
}

/// What a write on a condition comes to.
pub(super) enum Met {
    /// It is there already, and a create leaves it as it is.
    There(ResourceId),
    /// It is there, and is deleted.
    Deleted(ResourceId),
    /// It is written under this id, or under a new one.
    Written(Option<ResourceId>),
}

/// Looks whether something meets a condition, and says what is to be done.
pub(super) async fn met(
    draft: &mut Draft<'_>,
    method: Method,
    resource_type: &'static str,
    condition: &Condition,
) -> Result<Met, Error> {
    let Condition { system, value } = condition;
    let found = resolve::by_identifier(draft, resource_type, system, value).await?;
    Ok(match (method, found) {
        (Method::Create, Some(id)) => Met::There(id),
        (Method::Delete, None) => return Err(Error::NotFound),
        (Method::Delete, Some(id)) => Met::Deleted(id),
        (_, Some(id)) => Met::Written(Some(id)),
        (_, None) => {
            let own = format!("?identifier={system}|{value}");
            let derived = draft.cx.ids.of_alias(&draft.custodian, resource_type, &own);
            let taken = draft.snapshot.locate(resource_type, &derived).await?;
            // What was made so may have another identifier by now.
            Met::Written(Some(derived).filter(|_| taken.is_none()))
        }
    })
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
    condition: &Condition,
) -> Result<Stored, Error> {
    until_done(|| once(cx, asking, incoming, condition)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    incoming: &Incoming<'_>,
    condition: &Condition,
) -> Result<Stored, Attempt> {
    let mut draft = Draft::begin(cx, asking).await?;
    let Some(resource_type) = fhir::types::of(incoming.resource_type).map(|facts| facts.name)
    else {
        return Err(Error::NotFound.into());
    };
    let stored = match met(&mut draft, incoming.method, resource_type, condition).await? {
        Met::There(id) => return Ok(draft.existing(resource_type, id).await?),
        Met::Deleted(id) => {
            let id = id.to_string();
            let incoming = Incoming {
                id: Some(&id),
                ..incoming.clone()
            };
            draft.add(&incoming).await?
        }
        Met::Written(id) => {
            draft.reserved = id;
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
