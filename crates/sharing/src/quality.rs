//! What an agency is asked about the Patients that it holds: how complete they are, and what looks
//! odd. Questions only. Nothing is refused for its looks, and everything here is about what the
//! agency itself sent.

use domain::{Role, Timestamp};
use fhir::{Document, Issue, IssueCode};
use jiff::tz::TimeZone;
use linkage::{Question, Record, Surveyed};
use policy::Internal;
use store::{Patients, StoredPatient};

use crate::contribute::{Stored, custodian, limits};
use crate::identity::describe;
use crate::{Asking, Context, Error};

/// How many Patients are read at once.
const PAGE: u32 = 2_000;

/// What is asked about one Patient.
#[must_use]
pub fn questions(cx: &Context, patient: &Document<'_>) -> Vec<Question> {
    linkage::questions(&describe(patient), year(cx.now()))
}

/// A survey of Patients as they are contributed.
#[derive(Debug, Clone)]
pub struct Survey {
    inner: linkage::Survey,
}

impl Survey {
    /// Nothing seen yet.
    #[must_use]
    pub fn begun(cx: &Context) -> Self {
        Self {
            inner: linkage::Survey::of(year(cx.now())),
        }
    }

    /// Looks at the Patients among what was stored.
    pub fn add<'s>(&mut self, stored: impl IntoIterator<Item = &'s Stored>) {
        for stored in stored {
            if stored.resource_type == "Patient" {
                let id = stored.id.to_string();
                self.look_at(&stored.bytes, id);
            }
        }
    }

    fn look_at(&mut self, bytes: &[u8], id: String) {
        // What was deleted has no bytes.
        if let Ok(document) = fhir::parse(bytes, &limits()) {
            let record = describe(&document);
            self.inner.add(&Record { id, ..record });
        }
    }

    /// What came of it so far.
    #[must_use]
    pub fn surveyed(&self) -> Surveyed {
        self.inner.surveyed()
    }
}

/// Looks at every Patient that an agency contributed, for its own record system, which has them in
/// hand. It tells of how many, and names the first by their ids.
///
/// # Errors
/// [`Error::Invalid`] for anybody but a record system; [`Error::Unavailable`] if the store does not
/// answer.
pub async fn survey(cx: &Context, asking: &Asking) -> Result<Surveyed, Error> {
    if asking.caller.role() != Some(Role::System) {
        let details =
            "an agency's record system asks this about the Patients that the agency holds";
        return Err(Error::invalid(Issue::error(IssueCode::Forbidden, details)));
    }
    let own = custodian(asking);
    let mut survey = Survey::begun(cx);
    let mut snapshot = cx.store.snapshot().await?;
    let mut last: Option<StoredPatient> = None;
    loop {
        let which = Patients::After(last.as_ref(), PAGE);
        let mut page = snapshot.patients(Internal::Surveying, &which).await?;
        for patient in page.iter().filter(|patient| patient.custodian == own) {
            survey.look_at(&patient.bytes, patient.subject.to_string());
        }
        match page.pop() {
            Some(end) => last = Some(end),
            None => return Ok(survey.surveyed()),
        }
    }
}

fn year(now: Timestamp) -> u16 {
    let now = now.to_jiff().to_zoned(TimeZone::UTC);
    u16::try_from(now.year()).unwrap_or_default()
}
