//! Taking in what agencies contribute: FHIR resources, kept byte for byte, labelled, placed with
//! the person they are about, and searched for the relationships and wishes they prove.

mod arriving;
mod batch;
mod changing;
mod consents;
mod derive;
mod draft;
mod knowing;
mod matching;
mod measure;
mod person;
mod resolve;

use domain::{OrganisationId, ResourceId};
use fhir::{Issue, IssueCode};

pub use batch::{BundleAnswer, EntryAnswer, batch, batch_entry, import, transaction};
pub use consents::PERSON_SYSTEM;
pub use derive::{ORGANISATION_SYSTEM, TEAM_SYSTEM, WORKER_SYSTEM};
pub use draft::{Incoming, Method, Outcome, Stored};
pub use matching::{Condition, Current, contribute_matching, own_current, own_matching};
pub use measure::Measure;
pub(crate) use person::{compact, name_parts};
pub use policy::labeller::LabelReport;

use crate::attempt::{Attempt, until_done};
use crate::{Asking, Context, Error};
use draft::Draft;

/// The largest resource taken, as [`fhir::Limits`] has it, applies to everything contributed.
pub(crate) fn limits() -> fhir::Limits {
    fhir::Limits::default()
}

/// Writes one resource. On return it is durable.
///
/// # Errors
/// [`Error::Invalid`] with what is wrong and where; [`Error::PreconditionFailed`] if the version
/// given is not the current one; [`Error::NotFound`] for an id that is not the caller's to change.
pub async fn contribute(
    cx: &Context,
    asking: &Asking,
    incoming: &Incoming<'_>,
) -> Result<Stored, Error> {
    until_done(|| once(cx, asking, incoming)).await
}

async fn once(cx: &Context, asking: &Asking, incoming: &Incoming<'_>) -> Result<Stored, Attempt> {
    let mut draft = Draft::begin(cx, asking).await?;
    let stored = draft.add(incoming).await?;
    draft.commit().await?;
    Ok(stored)
}

/// The id that a caller means by the text in a URL or reference: one of ours, or the caller's own.
pub fn wire_id(
    cx: &Context,
    asking: &Asking,
    resource_type: &str,
    text: &str,
) -> Option<ResourceId> {
    cx.ids.ours(text).or_else(|| {
        let custodian = asking.caller.organisation()?;
        Some(cx.ids.of_alias(custodian, resource_type, text))
    })
}

/// The agency that a contribution is held by.
pub(crate) fn custodian(asking: &Asking) -> OrganisationId {
    asking
        .caller
        .organisation()
        .cloned()
        .unwrap_or_else(|| OrganisationId::from(THE_PERSON))
}

/// The custodian of what people say themselves: their wishes and their own words.
pub const THE_PERSON: &str = "the-person";

fn not_yours() -> Issue {
    Issue::error(
        IssueCode::NotFound,
        "your agency holds no resource of this id",
    )
}
