//! Who could be meant: people by identifier, or by name and birth date.

use domain::{HomeId, OrganisationId, PersonId, ResourceId};
use rusqlite::{Row, params};

use super::pool::SqliteSnapshot;
use super::search::after_prefix;
use crate::sqlite::convert::Column;
use crate::{Error, FindKeys, Found, Subject, SubjectKeys};

const BY_IDENTIFIER: &str = "
    SELECT s.no, s.person, s.names
    FROM subject_identifier i
    JOIN subject s ON s.no = i.subject_no
    WHERE i.value = $1 AND ($2 = '' OR i.system = $2)
    ORDER BY s.no";

/// By one part of a name; the other parts are compared row by row.
const BY_NAME: &str = "
    SELECT s.no, s.person, s.names
    FROM subject_name n
    JOIN subject s ON s.no = n.subject_no
    WHERE n.name >= $1 AND n.name < $2
      AND (s.birth_date IS NULL OR $3 IS NULL OR s.birth_date = $3)
    ORDER BY n.name, s.no";

const SUBJECTS: &str = "
    SELECT s.no, s.id, h.id, o.id, s.birth_date, s.postcode, s.names, s.identifiers
    FROM subject s
    JOIN home h ON h.no = s.home_no
    JOIN organisation o ON o.no = s.custodian_no
    WHERE s.person = $1
    ORDER BY s.no";

/// People in the order in which they were found, each with the subjects that matched.
#[derive(Default)]
struct Matches(Vec<(PersonId, Vec<i64>)>);

impl Matches {
    fn add(&mut self, person: PersonId, subject_no: i64) {
        match self.0.iter_mut().find(|(known, _)| *known == person) {
            Some((_, subjects)) if subjects.contains(&subject_no) => {}
            Some((_, subjects)) => subjects.push(subject_no),
            None => self.0.push((person, vec![subject_no])),
        }
    }
}

impl SqliteSnapshot {
    /// All subjects of everyone who matched, those that matched first.
    pub(super) fn find_people(&self, keys: &FindKeys, limit: u32) -> Result<Vec<Found>, Error> {
        let limit = limit as usize;
        let mut matches = Matches::default();
        for (system, value) in &keys.identifiers {
            let mut statement = self.db().prepare_cached(BY_IDENTIFIER)?;
            let mut rows = statement.query(params![value, system])?;
            while let Some(row) = rows.next()?
                && matches.0.len() < limit
            {
                matches.add(PersonId(row.get(1)?), row.get(0)?);
            }
        }
        if matches.0.len() < limit {
            self.match_names(keys, limit, &mut matches)?;
        }
        let found = matches.0.into_iter();
        found
            .map(|(person, matched)| self.found(person, &matched))
            .collect()
    }

    fn match_names(
        &self,
        keys: &FindKeys,
        limit: usize,
        matches: &mut Matches,
    ) -> Result<(), Error> {
        // The longest part is the rarest.
        let Some(part) = keys.names.iter().max_by_key(|name| name.len()) else {
            return Ok(());
        };
        let mut statement = self.db().prepare_cached(BY_NAME)?;
        let mut rows = statement.query(params![part, after_prefix(part), keys.birth_date])?;
        while let Some(row) = rows.next()?
            && matches.0.len() < limit
        {
            let (no, names): (i64, String) = (row.get(0)?, row.get(2)?);
            let names: Vec<String> = Column("subject", "names").read_json(&names, no)?;
            let is_named = |part: &String| names.iter().any(|name| name.starts_with(part));
            if keys.names.iter().all(is_named) {
                matches.add(PersonId(row.get(1)?), no);
            }
        }
        Ok(())
    }

    fn found(&self, person: PersonId, matched: &[i64]) -> Result<Found, Error> {
        let mut statement = self.db().prepare_cached(SUBJECTS)?;
        let mut rows = statement.query([person.0])?;
        let mut subjects = Vec::new();
        while let Some(row) = rows.next()? {
            let no: i64 = row.get(0)?;
            subjects.push((!matched.contains(&no), read(row, no)?));
        }
        subjects.sort_by_key(|(is_other, _)| *is_other);
        let subjects = subjects.into_iter().map(|(_, subject)| subject).collect();
        Ok(Found {
            person,
            subjects,
            matched: matched.len(),
        })
    }
}

fn read(row: &Row<'_>, no: i64) -> Result<(Subject, SubjectKeys), Error> {
    let subject = Subject {
        id: ResourceId(row.get(1)?),
        home: HomeId(row.get(2)?),
        custodian: OrganisationId::new(row.get::<_, String>(3)?),
    };
    let (names, identifiers): (String, String) = (row.get(6)?, row.get(7)?);
    let keys = SubjectKeys {
        names: Column("subject", "names").read_json(&names, no)?,
        birth_date: row.get(4)?,
        identifiers: Column("subject", "identifiers").read_json(&identifiers, no)?,
        postcode: row.get(5)?,
    };
    Ok((subject, keys))
}
