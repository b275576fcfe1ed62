//! Other people in someone's record: their names are not passed on with it.

use std::collections::BTreeSet;

use domain::ResourceId;
use store::StoredResource;

use crate::{Asking, Error};

/// Types whose references name people who are not staff.
const PEOPLE: [&str; 3] = ["Patient", "RelatedPerson", "Person"];

/// Strips the display of other people from a resource that names them, unless the caller's own
/// agency wrote it. What is stripped is said by the `SUBSETTED` tag.
pub(crate) fn redact(
    asking: &Asking,
    subjects: &BTreeSet<ResourceId>,
    resource: &mut StoredResource,
) -> Result<(), Error> {
    if !resource.mentions_others || asking.caller.organisation() == Some(&resource.custodian) {
        return Ok(());
    }
    let is_other = |resource_type: &str, id: &str| {
        PEOPLE.contains(&resource_type)
            && !id
                .parse()
                .is_ok_and(|id: ResourceId| subjects.contains(&id))
    };
    resource.bytes =
        fhir::redact::strip_displays(&resource.bytes, &is_other).map_err(Error::invalid)?;
    Ok(())
}
