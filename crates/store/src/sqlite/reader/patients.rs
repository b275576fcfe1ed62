//! Patients for the match index: who they are, and whether that must be held close.

use std::collections::BTreeSet;

use domain::{Confidentiality, PersonId, ResourceId};
use rusqlite::{Row, params};

use super::pool::SqliteSnapshot;
use crate::{Error, Patients, StoredPatient};

/// The columns that [`SqliteSnapshot::patient`] reads.
macro_rules! patients {
    ($rest:literal) => {
        concat!(
            "
    SELECT s.no, s.id, s.person, s.custodian_no, v.bytes, r.class_no,
           EXISTS (SELECT 1 FROM subject o JOIN home h ON h.no = o.home_no
                   WHERE o.person = s.person AND h.protected = 1),
           EXISTS (SELECT 1 FROM subject o JOIN bar b ON b.home_no = o.home_no
                   WHERE o.person = s.person),
           EXISTS (SELECT 1 FROM locked l WHERE l.home_no = s.home_no AND l.resource = s.id)
    FROM subject s
    JOIN resource r ON r.id = s.id
    JOIN version v ON v.no = r.version_no
    ",
            $rest
        )
    };
}

const AFTER: &str = patients!("WHERE s.no > $1 ORDER BY s.no LIMIT $2");

const OF_PERSON: &str = patients!("WHERE s.person = $1 ORDER BY s.no");

const IN_HOME: &str = "
    SELECT DISTINCT s.person
    FROM resource r
    JOIN subject s ON s.no = r.subject_no
    WHERE r.home_no = (SELECT no FROM home WHERE id = $1)
      AND r.type_no = (SELECT no FROM symbol WHERE text = 'Patient')";

impl SqliteSnapshot {
    pub(super) fn patients_to_match(
        &self,
        which: &Patients<'_>,
    ) -> Result<Vec<StoredPatient>, Error> {
        let mut found = Vec::new();
        match which {
            Patients::After(last, limit) => {
                let after = last.map_or(i64::MIN, |last| last.place);
                let mut statement = self.db().prepare_cached(AFTER)?;
                let mut rows = statement.query(params![after, limit])?;
                while let Some(row) = rows.next()? {
                    found.push(self.patient(row)?);
                }
            }
            Patients::Of(subjects, homes) => {
                let mut people: BTreeSet<PersonId> = BTreeSet::new();
                for subject in *subjects {
                    people.extend(self.whose(subject)?);
                }
                for home in *homes {
                    let mut statement = self.db().prepare_cached(IN_HOME)?;
                    for person in statement.query_map([home.0], |row| row.get(0))? {
                        people.insert(PersonId(person?));
                    }
                }
                for person in people {
                    let mut statement = self.db().prepare_cached(OF_PERSON)?;
                    let mut rows = statement.query([person.0])?;
                    while let Some(row) = rows.next()? {
                        found.push(self.patient(row)?);
                    }
                }
            }
        }
        Ok(found)
    }

    fn patient(&self, row: &Row<'_>) -> Result<StoredPatient, Error> {
        let label = self.class(row.get(5)?)?;
        let (protected, barred, locked): (bool, bool, bool) =
            (row.get(6)?, row.get(7)?, row.get(8)?);
        let restricted = label.confidentiality >= Confidentiality::VeryRestricted;
        Ok(StoredPatient {
            place: row.get(0)?,
            subject: ResourceId(row.get(1)?),
            person: PersonId(row.get(2)?),
            custodian: self.organisation(row.get(3)?)?,
            protected,
            held_close: protected || barred || locked || restricted,
            bytes: row.get(4)?,
        })
    }
}
