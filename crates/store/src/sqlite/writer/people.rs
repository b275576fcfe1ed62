//! Subjects, relationships and wishes: whatever a decision about a person may rest on.

use std::collections::BTreeSet;

use domain::{
    Bar, HomeId, Lock, Objection, OrganisationId, PersonId, Relationship, ResourceId, Scope,
};
use rusqlite::{OptionalExtension, params};

use super::session::Session;
use crate::sqlite::convert::{Column, incoherent, to_json};
use crate::{Error, Protection, SubjectKeys};

/// The homes whose facts a change moves; each moves once, however much changed in it.
pub(super) type Moved = BTreeSet<i64>;

/// A link event, as a change carries it.
pub(super) struct NewSubject<'a> {
    pub(super) subject: ResourceId,
    pub(super) home: HomeId,
    pub(super) person: PersonId,
    pub(super) origin: PersonId,
    pub(super) custodian: &'a OrganisationId,
    pub(super) rule: &'a str,
    pub(super) keys: &'a SubjectKeys,
}

struct OldSubject {
    no: i64,
    home_no: i64,
    person: PersonId,
    custodian_no: i64,
    birth_date: Option<String>,
    names: String,
    identifiers: String,
}

const OLD_SUBJECT: &str = "
    SELECT no, home_no, person, custodian_no, names, identifiers, birth_date
    FROM subject
    WHERE id = $1";

const PUT_SUBJECT: &str = "
    INSERT INTO subject (
        id, home_no, person, custodian_no, rule, birth_date, postcode, names, identifiers, origin
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (id) DO UPDATE SET
        person = excluded.person,
        rule = excluded.rule,
        birth_date = excluded.birth_date,
        postcode = excluded.postcode,
        names = excluded.names,
        identifiers = excluded.identifiers
    RETURNING no";

impl Session {
    pub(super) fn put_subject(
        &mut self,
        new: &NewSubject<'_>,
        moved: &mut Moved,
    ) -> Result<(), Error> {
        let home_no = self.home(new.home)?.no;
        let custodian_no = self.organisation(new.custodian)?;
        let old = self.old_subject(new.subject)?;
        if let Some(old) = &old {
            if old.home_no != home_no || old.custodian_no != custodian_no {
                return Err(incoherent("subject"));
            }
            self.unfind(old)?;
        }
        let no = self.returning(
            PUT_SUBJECT,
            params![
                new.subject.0,
                home_no,
                new.person.0,
                custodian_no,
                new.rule,
                new.keys.birth_date,
                new.keys.postcode,
                to_json(&new.keys.names)?,
                to_json(&new.keys.identifiers)?,
                new.origin.0,
            ],
        )?;
        self.make_findable(no, new.keys)?;
        // Everyone decides again about both people, wherever their rows live: one gained a
        // subject with all its wishes, the other lost it.
        let (before, birth_date_before) = match old {
            Some(old) => (Some(old.person), old.birth_date),
            None => (None, None),
        };
        if before != Some(new.person) {
            self.homes_of(new.person, moved)?;
            if let Some(before) = before {
                self.homes_of(before, moved)?;
            }
            moved.insert(home_no);
            self.note_joined(new.person)?;
        } else if birth_date_before.as_deref() != new.keys.birth_date.as_deref() {
            self.homes_of(new.person, moved)?;
        }
        Ok(())
    }

    fn old_subject(&self, id: ResourceId) -> Result<Option<OldSubject>, Error> {
        let mut statement = self.db.prepare_cached(OLD_SUBJECT)?;
        let old = statement.query_row([id.0], |row| {
            Ok(OldSubject {
                no: row.get(0)?,
                home_no: row.get(1)?,
                person: PersonId(row.get(2)?),
                custodian_no: row.get(3)?,
                names: row.get(4)?,
                identifiers: row.get(5)?,
                birth_date: row.get(6)?,
            })
        });
        Ok(old.optional()?)
    }

    fn make_findable(&self, no: i64, keys: &SubjectKeys) -> Result<(), Error> {
        for name in &keys.names {
            self.run(
                "INSERT INTO subject_name (name, subject_no) VALUES ($1, $2)
                 ON CONFLICT DO NOTHING",
                params![name, no],
            )?;
        }
        for (system, value) in &keys.identifiers {
            self.run(
                "INSERT INTO subject_identifier (value, system, subject_no) VALUES ($1, $2, $3)
                 ON CONFLICT DO NOTHING",
                params![value, system, no],
            )?;
        }
        Ok(())
    }

    fn unfind(&self, old: &OldSubject) -> Result<(), Error> {
        let names: Vec<String> = Column("subject", "names").read_json(&old.names, old.no)?;
        for name in names {
            self.run(
                "DELETE FROM subject_name WHERE name = $1 AND subject_no = $2",
                params![name, old.no],
            )?;
        }
        let column = Column("subject", "identifiers");
        let identifiers: Vec<(String, String)> = column.read_json(&old.identifiers, old.no)?;
        for (system, value) in identifiers {
            self.run(
                "DELETE FROM subject_identifier
                 WHERE value = $1 AND system = $2 AND subject_no = $3",
                params![value, system, old.no],
            )?;
        }
        Ok(())
    }

    pub(super) fn homes_of(&self, person: PersonId, moved: &mut Moved) -> Result<(), Error> {
        let sql = "SELECT home_no FROM subject WHERE person = $1";
        let mut statement = self.db.prepare_cached(sql)?;
        for home_no in statement.query_map([person.0], |row| row.get(0))? {
            moved.insert(home_no?);
        }
        Ok(())
    }

    pub(super) fn put_evidenced(
        &mut self,
        home: HomeId,
        evidence: ResourceId,
        relationships: &[Relationship],
        objections: &[Objection],
        moved: &mut Moved,
    ) -> Result<(), Error> {
        let home_no = self.home(home)?.no;
        let key = params![home_no, evidence.0];
        let changed = if relationships.is_empty() && objections.is_empty() {
            self.run(
                "DELETE FROM evidenced WHERE home_no = $1 AND evidence = $2",
                key,
            )?
        } else {
            self.run(
                "INSERT INTO evidenced (home_no, evidence, relationships, objections)
                 VALUES ($1, $2, $3, $4)
                 ON CONFLICT (home_no, evidence) DO UPDATE SET
                     relationships = excluded.relationships,
                     objections = excluded.objections
                 WHERE evidenced.relationships <> excluded.relationships
                    OR evidenced.objections <> excluded.objections",
                params![
                    home_no,
                    evidence.0,
                    to_json(&sorted(relationships))?,
                    to_json(&sorted(objections))?,
                ],
            )?
        };
        if changed > 0 {
            moved.insert(home_no);
        }
        for objection in objections {
            if let Scope::Resource(resource) = objection.scope {
                self.note_single(home_no, resource)?;
            }
        }
        Ok(())
    }

    /// From now on the facts of this home, and of the one where the resource lives, also move with
    /// the classes of single resources.
    fn note_single(&mut self, home_no: i64, resource: ResourceId) -> Result<(), Error> {
        let sql = "
            UPDATE home SET names_single = 1
            WHERE names_single = 0
              AND (no = $1 OR no IN (SELECT home_no FROM resource WHERE id = $2))
            RETURNING id";
        let mut statement = self.db.prepare_cached(sql)?;
        let homes = statement.query_map(params![home_no, resource.0], |row| row.get(0))?;
        for home in homes {
            self.known.homes.remove(&HomeId(home?));
        }
        Ok(())
    }

    pub(super) fn put_bar(
        &mut self,
        home: HomeId,
        bar: &Bar,
        moved: &mut Moved,
    ) -> Result<(), Error> {
        let home_no = self.home(home)?.no;
        self.run(
            "INSERT INTO bar (home_no, worker, since, lifted) VALUES ($1, $2, $3, $4)
             ON CONFLICT (home_no, worker) DO UPDATE SET
                 since = excluded.since,
                 lifted = excluded.lifted",
            params![
                home_no,
                bar.worker.as_str(),
                bar.since.0,
                bar.lifted.map(|at| at.0)
            ],
        )?;
        moved.insert(home_no);
        Ok(())
    }

    pub(super) fn put_lock(
        &mut self,
        home: HomeId,
        lock: &Lock,
        moved: &mut Moved,
    ) -> Result<(), Error> {
        let home_no = self.home(home)?.no;
        self.run(
            "INSERT INTO locked (home_no, resource, holder, since, team)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (home_no, resource) DO UPDATE SET
                 holder = excluded.holder,
                 since = excluded.since,
                 team = excluded.team",
            params![
                home_no,
                lock.resource.0,
                lock.holder.as_str(),
                lock.since.0,
                lock.team.as_ref().map(domain::TeamId::as_str),
            ],
        )?;
        moved.insert(home_no);
        self.note_single(home_no, lock.resource)
    }

    pub(super) fn protect(
        &mut self,
        home: HomeId,
        protection: Protection,
        moved: &mut Moved,
    ) -> Result<(), Error> {
        let home_no = self.home(home)?.no;
        let protected = i64::from(protection == Protection::Protected);
        let changed = self.run(
            "UPDATE home SET protected = $1 WHERE no = $2 AND protected <> $1",
            params![protected, home_no],
        )?;
        if changed > 0 {
            moved.insert(home_no);
        }
        Ok(())
    }

    /// Keeps facts once per digest. They are not part of what a decision rests on, so nothing moves.
    pub(super) fn keep_decision_facts(
        &mut self,
        home: HomeId,
        digest: &[u8; 32],
        sealed: &[u8],
    ) -> Result<(), Error> {
        let home_no = self.home(home)?.no;
        if self.known.facts_kept.get(&(home_no, *digest)).is_some() {
            return Ok(());
        }
        self.run(
            "INSERT INTO decision_facts (home_no, digest, sealed) VALUES ($1, $2, $3)
             ON CONFLICT (home_no, digest) DO NOTHING",
            params![home_no, digest, sealed],
        )?;
        self.known.facts_kept.keep((home_no, *digest), ());
        Ok(())
    }
}

fn sorted<T: Ord + Clone>(values: &[T]) -> Vec<T> {
    let mut values = values.to_vec();
    values.sort();
    values
}
