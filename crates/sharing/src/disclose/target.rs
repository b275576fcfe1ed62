//! What is asked for, and from which place on.

use domain::message::Way;
use domain::{Purpose, ResourceId, Timestamp};
use fhir::search::{OfType, Query, Shape};
use store::{Cursor, Page, Snapshot, SortValue, Within};

use crate::event::Operation;
use crate::{Asking, Error};
/// What is asked for.
#[derive(Debug, Clone)]
pub enum Target {
    /// One resource.
    Read {
        /// Its type.
        resource_type: String,
        /// Its id.
        id: ResourceId,
        /// An earlier version, or the current one.
        version: Option<u32>,
        /// How much of it.
        shape: Shape,
    },
    /// The original bytes of one resource, as its contributor sent them.
    Original {
        /// Its type.
        resource_type: String,
        /// Its id.
        id: ResourceId,
    },
    /// One person's resources of some types that match.
    Search {
        /// Any Patient that is the person.
        patient: ResourceId,
        /// Of which types, and what must match.
        query: Query,
        /// Which page.
        page: PageAsk,
    },
    /// The versions of one resource, or of one person's resources of a type, newest first.
    History {
        /// Any Patient that is the person, where a type is meant.
        patient: Option<ResourceId>,
        /// The type.
        resource_type: String,
        /// The resource, where one is meant.
        id: Option<ResourceId>,
        /// Only what was accepted since.
        since: Option<Timestamp>,
        /// Which page.
        page: PageAsk,
    },
    /// One person's whole record.
    Everything {
        /// Any Patient that is the person.
        patient: ResourceId,
        /// These types only; empty means all.
        types: Vec<String>,
        /// Only what is of this time.
        within: Within,
        /// Which page.
        page: PageAsk,
    },
    /// One person's first screen: who they are, what keeps them safe, and what happened, newest
    /// first. Only the last goes on over pages.
    Record {
        /// Any Patient that is the person.
        patient: ResourceId,
        /// Which page of what happened.
        page: PageAsk,
    },
}

impl Target {
    /// What the account calls it.
    pub(super) fn operation(&self) -> Operation {
        match self {
            Self::Read { .. } | Self::History { id: Some(_), .. } => Operation::Read,
            Self::Original { .. } => Operation::Original,
            Self::Search { .. } | Self::History { .. } => Operation::Search,
            Self::Everything { .. } | Self::Record { .. } => Operation::Everything,
        }
    }

    /// The Patient by which the caller named the person.
    pub(super) fn patient(&self) -> Option<ResourceId> {
        match self {
            Self::Read {
                resource_type, id, ..
            }
            | Self::Original { resource_type, id } => (resource_type == "Patient").then_some(*id),
            Self::History {
                resource_type,
                id: Some(id),
                ..
            } => (resource_type == "Patient").then_some(*id),
            Self::History { patient, .. } => *patient,
            Self::Search { patient, .. }
            | Self::Everything { patient, .. }
            | Self::Record { patient, .. } => Some(*patient),
        }
    }

    /// Whether the answer begins with what stands at the head of a record.
    pub(super) fn shows_flags(&self) -> bool {
        let names_flag = |types: &[String]| types.is_empty() || types.iter().any(|it| it == "Flag");
        match self {
            Self::Record { page, .. } => page.after.is_none(),
            Self::Everything {
                types,
                within,
                page,
                ..
            } => names_flag(types) && *within == Within::default() && page.after.is_none(),
            Self::Search { query, page, .. } => {
                let is_every_flag = |of: &OfType| of.rtype == "Flag" && of.filters.is_empty();
                query.of.iter().any(is_every_flag) && page.after.is_none()
            }
            Self::Read { .. } | Self::Original { .. } | Self::History { .. } => false,
        }
    }

    /// Whether one resource is asked for by its id.
    pub(super) fn is_one(&self) -> bool {
        matches!(
            self,
            Self::Read { .. } | Self::Original { .. } | Self::History { id: Some(_), .. }
        )
    }

    /// Whether nothing but the number of matches is wanted.
    pub(super) fn only_counts(&self) -> bool {
        matches!(self, Self::Search { page, .. } if page.limit == 0)
    }

    /// How somebody tried who was refused it.
    pub(super) fn way(&self, asking: &Asking) -> Way {
        if asking.purpose.is_a(Purpose::Emergency) {
            Way::Emergency
        } else if asking.reason.is_some() {
            Way::Claim
        } else if self.is_one() && !self.names_person() {
            Way::Document
        } else {
            Way::Record
        }
    }

    /// Whether the caller named the person, rather than a resource that may be anybody's.
    pub(super) fn names_person(&self) -> bool {
        self.patient().is_some()
    }
}

/// Which page of an answer is wanted.
#[derive(Debug, Clone)]
pub struct PageAsk {
    /// At most this many.
    pub limit: u32,
    /// Go on after this place.
    pub after: Option<Mark>,
    /// Whether the total is wanted.
    pub with_total: bool,
}

/// A place in an answer, by the last resource that the caller was given there: it says nothing of
/// what lies hidden between.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The type of that resource.
    pub resource_type: String,
    /// Its id.
    pub id: ResourceId,
    /// What the answer is ordered by, at that place; `None` for the order of arrival.
    pub key: Option<i64>,
    /// What a search was asked to sort by, at that place.
    pub keys: Vec<SortValue>,
}

impl Mark {
    /// Where a page ends, if there is another after it.
    #[must_use]
    pub fn at_end_of(page: &Page) -> Option<Self> {
        let (cursor, last) = page.next.as_ref().zip(page.resources.last())?;
        Some(Self {
            resource_type: last.resource_type.clone(),
            id: last.id,
            key: (cursor.key != cursor.row).then_some(cursor.key),
            keys: cursor.keys.clone(),
        })
    }

    /// The place in the store; `None` if the resource is gone.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the store does not answer.
    pub async fn cursor(&self, snapshot: &mut dyn Snapshot) -> Result<Option<Cursor>, Error> {
        let located = snapshot.locate(&self.resource_type, &self.id).await?;
        Ok(located.map(|located| Cursor {
            key: self.key.unwrap_or(located.row.0),
            row: located.row.0,
            keys: self.keys.clone(),
        }))
    }
}
