//! People: their subjects, and all that a decision about them may rest on.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{
    Bar, ClassId, HomeId, LabelClass, Lock, Objection, OrganisationId, PersonId, Relationship,
    ResourceId, TeamId, Timestamp, WorkerId,
};
use policy::{DigestedFacts, Facts};
use rusqlite::OptionalExtension;

use super::interned::class_id;
use super::pool::SqliteSnapshot;
use crate::sqlite::convert::Column;
use crate::{ByItself, Error, Subject};

/// A home of a person, as their facts see it.
struct FactsHome {
    no: i64,
    id: HomeId,
    version: u64,
    protected: bool,
}

impl SqliteSnapshot {
    pub(super) fn whose(&self, subject: &ResourceId) -> Result<Option<PersonId>, Error> {
        let person = self.one("SELECT person FROM subject WHERE id = $1", [subject.0])?;
        Ok(person.map(PersonId))
    }

    pub(super) fn patient_by_itself(&self, person: PersonId) -> Result<Option<ByItself>, Error> {
        let sql = "SELECT id, person FROM subject WHERE origin = $1";
        let mut statement = self.db().prepare_cached(sql)?;
        let found = statement.query_row([person.0], |row| {
            Ok(ByItself {
                patient: ResourceId(row.get(0)?),
                person: PersonId(row.get(1)?),
            })
        });
        Ok(found.optional()?)
    }

    fn joined_into(&self, person: PersonId) -> Result<Vec<PersonId>, Error> {
        let sql = "SELECT origin FROM subject WHERE person = $1 AND origin <> $1 ORDER BY origin";
        let mut statement = self.db().prepare_cached(sql)?;
        let origins = statement.query_map([person.0], |row| Ok(PersonId(row.get(0)?)))?;
        Ok(origins.collect::<Result<_, _>>()?)
    }

    pub(super) fn subjects_of(&self, person: PersonId) -> Result<Vec<Subject>, Error> {
        let sql = "
            SELECT s.id, h.id, o.id
            FROM subject s
            JOIN home h ON h.no = s.home_no
            JOIN organisation o ON o.no = s.custodian_no
            WHERE s.person = $1
            ORDER BY s.no";
        let mut statement = self.db().prepare_cached(sql)?;
        let rows = statement.query_map([person.0], |row| {
            Ok(Subject {
                id: ResourceId(row.get(0)?),
                home: HomeId(row.get(1)?),
                custodian: OrganisationId::new(row.get::<_, String>(2)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(super) fn wrapped_key(&self, home: HomeId) -> Result<Option<Vec<u8>>, Error> {
        let key: Option<Vec<u8>> =
            self.one("SELECT wrapped_key FROM home WHERE id = $1", [home.0])?;
        // The directory's home has none.
        Ok(key.filter(|key| !key.is_empty()))
    }

    /// Facts are remembered by the versions of their homes, so that asking again about someone of
    /// whom nothing changed costs one small query.
    pub(super) fn facts_about(
        &self,
        person: PersonId,
    ) -> Result<Option<Arc<DigestedFacts>>, Error> {
        let homes = self.facts_homes(person)?;
        if homes.is_empty() {
            return Ok(None);
        }
        let versions: Vec<_> = homes.iter().map(|home| (home.id, home.version)).collect();
        if let Some(facts) = self.pool.remembered_facts(person)
            && facts.homes == versions
        {
            return Ok(Some(facts));
        }
        let mut facts = Facts {
            person,
            joined: self.joined_into(person)?,
            homes: versions,
            protected: homes.iter().any(|home| home.protected),
            relationships: Vec::new(),
            objections: Vec::new(),
            bars: Vec::new(),
            locks: Vec::new(),
            classes: self.classes_of(person)?,
            only_locked: Vec::new(),
            named: Vec::new(),
            cells: Vec::new(),
            circumstances: domain::Circumstances::default(),
        };
        for home in &homes {
            self.add_evidenced(home.no, &mut facts)?;
            self.add_bars(home.no, &mut facts)?;
            self.add_locks(home.no, &mut facts)?;
        }
        facts.relationships.sort();
        facts.objections.sort();
        facts.bars.sort();
        facts.locks.sort();
        self.add_circumstances(&mut facts)?;
        self.add_singles(&mut facts)?;
        let facts = Arc::new(facts.digested());
        self.pool.remember_facts(&facts);
        Ok(Some(facts))
    }

    fn facts_homes(&self, person: PersonId) -> Result<Vec<FactsHome>, Error> {
        let sql = "
            SELECT h.no, h.id, h.facts_version, h.protected
            FROM subject s
            JOIN home h ON h.no = s.home_no
            WHERE s.person = $1
            GROUP BY h.no
            ORDER BY MIN(s.no)";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([person.0])?;
        let mut homes = Vec::new();
        while let Some(row) = rows.next()? {
            let no = row.get(0)?;
            homes.push(FactsHome {
                no,
                id: HomeId(row.get(1)?),
                version: Column("home", "facts_version").read_number(row.get(2)?, no)?,
                protected: row.get(3)?,
            });
        }
        Ok(homes)
    }

    fn classes_of(&self, person: PersonId) -> Result<Vec<(ClassId, LabelClass)>, Error> {
        let sql = "
            SELECT DISTINCT c.class_no
            FROM subject s
            JOIN subject_class c ON c.home_no = s.home_no AND c.subject_no = s.no
            WHERE s.person = $1 AND c.rows > 0
            ORDER BY c.class_no";
        let mut statement = self.db().prepare_cached(sql)?;
        let numbers = statement.query_map([person.0], |row| row.get(0))?;
        let numbers: Vec<i64> = numbers.collect::<Result<_, _>>()?;
        numbers
            .into_iter()
            .map(|no| Ok((class_id(no)?, self.class(no)?)))
            .collect()
    }

    /// A home may hold rows of two people after an unlink. A relationship counts for the person
    /// whose resource proves it; a wish counts for both, which can only hold more back.
    fn add_evidenced(&self, home_no: i64, facts: &mut Facts) -> Result<(), Error> {
        let sql = "
            SELECT e.evidence, e.relationships, e.objections, s.person
            FROM evidenced e
            LEFT JOIN resource r ON r.id = e.evidence
            LEFT JOIN subject s ON s.no = r.subject_no
            WHERE e.home_no = $1";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([home_no])?;
        while let Some(row) = rows.next()? {
            let key = ResourceId(row.get(0)?);
            let (relationships, objections): (String, String) = (row.get(1)?, row.get(2)?);
            let whose: Option<[u8; 16]> = row.get(3)?;
            let mut objections: Vec<Objection> =
                Column("evidenced", "objections").read_json(&objections, key)?;
            facts.objections.append(&mut objections);
            if whose.is_none_or(|whose| whose == facts.person.0) {
                let mut relationships: Vec<Relationship> =
                    Column("evidenced", "relationships").read_json(&relationships, key)?;
                facts.relationships.append(&mut relationships);
            }
        }
        Ok(())
    }

    fn add_bars(&self, home_no: i64, facts: &mut Facts) -> Result<(), Error> {
        let sql = "SELECT worker, since, lifted FROM bar WHERE home_no = $1";
        let mut statement = self.db().prepare_cached(sql)?;
        let bars = statement.query_map([home_no], |row| {
            Ok(Bar {
                worker: WorkerId::new(row.get::<_, String>(0)?),
                since: Timestamp(row.get(1)?),
                lifted: row.get::<_, Option<i64>>(2)?.map(Timestamp),
            })
        })?;
        for bar in bars {
            facts.bars.push(bar?);
        }
        Ok(())
    }

    fn add_locks(&self, home_no: i64, facts: &mut Facts) -> Result<(), Error> {
        let sql = "SELECT resource, holder, since, team FROM locked WHERE home_no = $1";
        let mut statement = self.db().prepare_cached(sql)?;
        let locks = statement.query_map([home_no], |row| {
            Ok(Lock {
                resource: ResourceId(row.get(0)?),
                holder: OrganisationId::new(row.get::<_, String>(1)?),
                since: Timestamp(row.get(2)?),
                team: row.get::<_, Option<String>>(3)?.map(TeamId::new),
            })
        })?;
        for lock in locks {
            facts.locks.push(lock?);
        }
        Ok(())
    }

    /// The labeller's report.
    pub(super) fn count_labels(&self) -> Result<Vec<(String, LabelClass, u64)>, Error> {
        let sql = "
            SELECT type_no, class_no, COUNT(*)
            FROM resource
            WHERE deleted = 0
            GROUP BY type_no, class_no";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut counts = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let key = (self.word(row.get(0)?)?, self.class(row.get(1)?)?);
            let rows: u64 = Column("resource", "class_no").read_number(row.get(2)?, 0)?;
            counts.insert(key, rows);
        }
        let counts = counts.into_iter();
        Ok(counts
            .map(|((rtype, class), rows)| (rtype, class, rows))
            .collect())
    }
}
