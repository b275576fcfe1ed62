//! Measuring the labeller on what was contributed: how much it sorted, and what share it caught of
//! the notes that speak of something held closely.

use domain::{Evidence, ResourceId};
use policy::Internal;
use policy::labeller::{LabelReport, Yardstick};
use store::Snapshot;

use super::{Outcome, Stored, limits};
use crate::{Context, Error};

/// A labeller's report in the making.
#[derive(Debug)]
pub struct Measure {
    yardstick: Yardstick,
    report: LabelReport,
}

impl Measure {
    /// Measures by the yardstick that comes with the program.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the yardstick that was built in is not valid, which a test rules
    /// out.
    pub fn shipped() -> Result<Self, Error> {
        let yardstick =
            Yardstick::shipped().map_err(|error| Error::Unavailable(Box::new(error)))?;
        Ok(Self {
            yardstick,
            report: LabelReport::default(),
        })
    }

    /// Measures what was stored. A note is measured with the codes of its encounter, which is in
    /// the store by now, whoever sent it first.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the store does not answer.
    pub async fn add<'s>(
        &mut self,
        cx: &Context,
        stored: impl IntoIterator<Item = &'s Stored>,
    ) -> Result<(), Error> {
        let mut snapshot = cx.store.snapshot().await?;
        for stored in stored
            .into_iter()
            .filter(|one| one.outcome != Outcome::Deleted)
        {
            let (evidence, visit) = if LabelReport::measures(stored.resource_type) {
                note(cx, snapshot.as_mut(), &stored.bytes).await?
            } else {
                let evidence = Evidence {
                    resource_type: stored.resource_type.to_owned(),
                    ..Evidence::default()
                };
                (evidence, Vec::new())
            };
            self.report
                .record(&self.yardstick, &evidence, &visit, &stored.class);
        }
        Ok(())
    }

    /// What was found so far.
    #[must_use]
    pub fn report(&self) -> &LabelReport {
        &self.report
    }
}

/// What a note says, and the codes of the encounter that it belongs to.
async fn note(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    bytes: &[u8],
) -> Result<(Evidence, Vec<(String, String)>), Error> {
    let document = fhir::parse(bytes, &limits()).map_err(Error::invalid)?;
    let evidence = fhir::evidence::evidence(&document);
    let visit = fhir::evidence::encounter(&document)
        .as_deref()
        .and_then(|reference| reference.strip_prefix("Encounter/"))
        .and_then(|id| cx.ids.ours(id));
    let codes = match visit {
        Some(id) => codes_of(snapshot, &id).await?,
        None => Vec::new(),
    };
    Ok((evidence, codes))
}

async fn codes_of(
    snapshot: &mut dyn Snapshot,
    encounter: &ResourceId,
) -> Result<Vec<(String, String)>, Error> {
    let found = snapshot
        .internal_read(Internal::Relabelling, "Encounter", encounter)
        .await?;
    let Some(found) = found.filter(|found| !found.is_deletion()) else {
        return Ok(Vec::new());
    };
    let document = fhir::parse(&found.bytes, &limits()).map_err(Error::invalid)?;
    Ok(fhir::evidence::evidence(&document).codes)
}
