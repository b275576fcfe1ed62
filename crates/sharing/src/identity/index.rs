//! Everybody in memory: who can be found by anyone who may look, and, apart from them, those of whom
//! some callers may not know.
//!
//! Whoever is held close is judged one by one, as if nobody else were known. So whether they are here
//! changes neither what is found of others nor how sure that is.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use domain::{HomeId, ResourceId};
use linkage::{Explanation, Grade, Index, Model, Record, judge_alone};
use policy::Internal;
use rayon::prelude::*;
use store::{Patients, Store, StoredPatient};
use tokio::sync::Mutex;

use super::describe;
use crate::contribute::limits;

/// How many Patients are read at once when everybody is.
const PAGE: u32 = 2_000;
/// So many new records are searched beside the sorted ones before they are sorted in.
const UNSETTLED: usize = 4_096;

/// Somebody who may be meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likely {
    /// The Patient.
    pub subject: ResourceId,
    /// How sure it is after all rules.
    pub grade: Grade,
    /// The logarithm to base 2 of the odds.
    pub weight: f32,
    /// The same as a probability.
    pub probability: f32,
}

/// Everybody whom the store knows, found in well under a millisecond. It is read from the store when
/// first needed, and brought up to date by each commit before that returns.
pub struct LiveIndex {
    store: Arc<dyn Store>,
    everybody: RwLock<Option<Everybody>>,
    /// Held while the store is read for the index, so that an older reading never replaces a newer.
    reading: Mutex<()>,
}

struct Everybody {
    open: Index<ResourceId>,
    close: Close,
}

/// Those of whom some callers may not know.
struct Close {
    near: Index<ResourceId>,
    records: HashMap<ResourceId, Record>,
}

/// How a record is added: to be found at once, or with many others.
type Adding = fn(&mut Index<ResourceId>, ResourceId, &Record);

impl LiveIndex {
    pub(super) fn of(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            everybody: RwLock::new(None),
            reading: Mutex::default(),
        }
    }

    /// Reads everybody from the store, unless that was done.
    ///
    /// # Errors
    /// [`store::Error`] if the store does not answer.
    pub async fn ready(&self) -> Result<(), store::Error> {
        if self.read().is_some() {
            return Ok(());
        }
        let _reading = self.reading.lock().await;
        if self.read().is_some() {
            return Ok(());
        }
        let everybody = Everybody::read(self.store.as_ref()).await?;
        *self.write() = Some(everybody);
        Ok(())
    }

    /// Whom a record may be of, surest first. Of those who are known to all, at most `limit`.
    ///
    /// # Errors
    /// [`store::Error`] if everybody has yet to be read and the store does not answer.
    pub async fn find(&self, record: &Record, limit: usize) -> Result<Vec<Likely>, store::Error> {
        loop {
            self.ready().await?;
            if let Some(everybody) = self.read().as_ref() {
                return Ok(everybody.find(record, limit));
            }
        }
    }

    /// Why a record is, or is not, of a Patient. `None` if the Patient is not here, or if nobody may
    /// learn that the two were compared.
    #[must_use]
    pub fn explain(&self, record: &Record, subject: ResourceId) -> Option<Explanation> {
        self.read().as_ref()?.explain(record, subject)
    }

    /// How many Patients can be found.
    #[must_use]
    pub fn len(&self) -> usize {
        let everybody = self.read();
        let count = |everybody: &Everybody| everybody.open.len() + everybody.close.records.len();
        everybody.as_ref().map_or(0, count)
    }

    /// Whether there is nobody, or nobody was read yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// About how many bytes everybody takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let everybody = self.read();
        everybody.as_ref().map_or(0, |all| all.open.bytes())
    }

    /// Takes over from the store what it now says of these. If it does not answer, everybody is read
    /// anew when next needed.
    pub(super) async fn refresh(&self, subjects: &[ResourceId], homes: &[HomeId]) {
        let _reading = self.reading.lock().await;
        if self.read().is_none() {
            return;
        }
        let found = match self.store.snapshot().await {
            Ok(mut snapshot) => {
                let which = Patients::Of(subjects, homes);
                snapshot.patients(Internal::MatchIndex, &which).await
            }
            Err(error) => Err(error),
        };
        let mut everybody = self.write();
        match found {
            Ok(patients) => {
                if let Some(everybody) = everybody.as_mut() {
                    everybody.put_all(&patients);
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the match index could not follow a commit: it is read anew");
                *everybody = None;
            }
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Option<Everybody>> {
        let everybody = self.everybody.read();
        everybody.unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Option<Everybody>> {
        let everybody = self.everybody.write();
        everybody.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Everybody {
    fn nobody() -> Self {
        Self {
            open: Index::new(Model::population()),
            close: Close {
                near: Index::new(Model::population()),
                records: HashMap::new(),
            },
        }
    }

    async fn read(store: &dyn Store) -> Result<Self, store::Error> {
        let mut snapshot = store.snapshot().await?;
        let mut everybody = Self::nobody();
        let mut last: Option<StoredPatient> = None;
        loop {
            let which = Patients::After(last.as_ref(), PAGE);
            let mut page = snapshot.patients(Internal::MatchIndex, &which).await?;
            // Reading takes most of the time, and each Patient is read by itself.
            let records: Vec<Option<Record>> = page.par_iter().map(described).collect();
            for (patient, record) in page.iter().zip(records) {
                everybody.place(patient, record, Index::stage);
            }
            match page.pop() {
                Some(end) => last = Some(end),
                None => break,
            }
        }
        everybody.open.settle();
        everybody.close.near.settle();
        Ok(everybody)
    }

    fn put_all(&mut self, patients: &[StoredPatient]) {
        for patient in patients {
            self.place(patient, described(patient), Index::add);
        }
        for index in [&mut self.open, &mut self.close.near] {
            if index.unsettled() > UNSETTLED + index.len() / 32 {
                index.settle();
            }
        }
    }

    /// Puts a Patient where it belongs now, and takes it from where it was.
    fn place(&mut self, patient: &StoredPatient, record: Option<Record>, add: Adding) {
        let subject = patient.subject;
        // What could not be read could not be found.
        let Some(mut record) = record else {
            return;
        };
        if !patient.held_close {
            self.close.near.remove(subject);
            self.close.records.remove(&subject);
            add(&mut self.open, subject, &record);
            return;
        }
        if patient.protected {
            // Where somebody lives, and on which number they answer, could be tried out.
            record.addresses.clear();
            record.contacts.clear();
            record.flags.protected = true;
        }
        self.open.remove(subject);
        add(&mut self.close.near, subject, &record);
        self.close.records.insert(subject, record);
    }

    fn find(&self, record: &Record, limit: usize) -> Vec<Likely> {
        let open = self.open.find(record, limit);
        let mut found: Vec<Likely> = open
            .into_iter()
            .map(|hit| Likely {
                subject: hit.key,
                grade: hit.grade,
                weight: hit.weight,
                probability: hit.probability,
            })
            .collect();
        found.extend(self.close.find(self.open.model(), record));
        found.sort_by(|one, other| {
            let surer = other.grade.cmp(&one.grade);
            let heavier = other.weight.total_cmp(&one.weight);
            surer.then(heavier).then(one.subject.cmp(&other.subject))
        });
        found
    }

    fn explain(&self, record: &Record, subject: ResourceId) -> Option<Explanation> {
        match self.close.records.get(&subject) {
            Some(theirs) => judge_alone(self.open.model(), record, theirs),
            None => self.open.explain(record, subject),
        }
    }
}

/// What a stored Patient says. The store holds nothing that cannot be read.
fn described(patient: &StoredPatient) -> Option<Record> {
    let document = fhir::parse(&patient.bytes, &limits()).ok()?;
    Some(describe(&document))
}

impl Close {
    fn find(&self, model: &Model, record: &Record) -> Vec<Likely> {
        let near = self.near.near(record).into_iter();
        near.filter_map(|subject| {
            let judged = judge_alone(model, record, self.records.get(&subject)?)?;
            (judged.grade > Grade::CertainlyNot).then_some(Likely {
                subject,
                grade: judged.grade,
                weight: judged.weight,
                probability: judged.probability,
            })
        })
        .collect()
    }
}
