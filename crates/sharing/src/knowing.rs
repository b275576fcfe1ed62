//! Whether a caller may know that a resource is there: asked wherever one names a resource.

use domain::{ClassId, ResourceId};
use policy::{Decision, Facts, Labelled, may_know_of};
use store::Snapshot;

use crate::disclose::request;
use crate::{Asking, Error};

/// Whether the caller may know of a resource of this person, by what was decided about them.
pub(crate) async fn knows(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &Facts,
    decision: &Decision,
    id: ResourceId,
    class: ClassId,
) -> Result<bool, Error> {
    let label = snapshot.class(class).await?;
    let label = label.ok_or_else(|| Error::Unavailable(Box::new(NoClass)))?;
    let resource = Labelled {
        id,
        class,
        label: &label,
    };
    let request = request(asking, facts);
    Ok(may_know_of(&request, facts, decision, &resource))
}

/// Whether the caller may name the person by this Patient.
pub(crate) async fn knows_patient(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &Facts,
    decision: &Decision,
    patient: ResourceId,
) -> Result<bool, Error> {
    match snapshot.locate("Patient", &patient).await? {
        Some(at) => knows(snapshot, asking, facts, decision, patient, at.class).await,
        None => Ok(false),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a resource's label class is not known")]
pub(crate) struct NoClass;
