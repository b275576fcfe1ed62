//! What is said of people that decisions turn on.

use domain::{Circumstances, Fact, HomeId, PersonId, ResourceId};
use rusqlite::params;

use super::people::Moved;
use super::session::Session;
use crate::sqlite::convert::to_json;
use crate::{Error, NewFacts};

const PUT: &str = "
    INSERT INTO fact (subject_no, evidence, organisation, said_by, said_at, body)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (evidence) DO UPDATE SET
        subject_no = excluded.subject_no,
        organisation = excluded.organisation,
        said_by = excluded.said_by,
        said_at = excluded.said_at,
        body = excluded.body
    WHERE fact.subject_no <> excluded.subject_no OR fact.body <> excluded.body";

impl Session {
    pub(super) fn put_facts(&mut self, new: &NewFacts, moved: &mut Moved) -> Result<(), Error> {
        let changed = if new.facts.is_empty() {
            self.run("DELETE FROM fact WHERE evidence = $1", [new.evidence.0])?
        } else {
            let said_of = self.subject(new.subject)?;
            self.run(
                PUT,
                params![
                    said_of,
                    new.evidence.0,
                    new.organisation.as_str(),
                    new.said_by,
                    new.said_at.0,
                    to_json(&new.facts)?,
                ],
            )?
        };
        if changed == 0 {
            return Ok(());
        }
        self.put_acting(new)?;
        let person = self.person_of(new.subject)?;
        self.homes_of(person, moved)?;
        if tells_apart(&new.facts) {
            let sql = "
                UPDATE home SET names_single = 1
                WHERE names_single = 0
                  AND no IN (SELECT home_no FROM subject WHERE person = $1)
                RETURNING id";
            self.note_homes(sql, person)?;
        }
        Ok(())
    }

    /// By whom those who act are found.
    fn put_acting(&mut self, new: &NewFacts) -> Result<(), Error> {
        self.run("DELETE FROM acting WHERE evidence = $1", [new.evidence.0])?;
        for fact in &new.facts {
            let Fact::Authority(authority) = fact else {
                continue;
            };
            let sql = "
                INSERT OR IGNORE INTO acting (holder, evidence, subject_no)
                SELECT $1, evidence, subject_no FROM fact WHERE evidence = $2";
            self.run(sql, params![authority.holder.as_str(), new.evidence.0])?;
        }
        Ok(())
    }

    /// Where facts about one of somebody's homes tell single resources apart, they do so in all.
    pub(super) fn note_joined(&mut self, person: PersonId) -> Result<(), Error> {
        let sql = "
            UPDATE home SET names_single = 1
            WHERE names_single = 0
              AND no IN (SELECT home_no FROM subject WHERE person = $1)
              AND EXISTS (
                  SELECT 1 FROM subject s JOIN home h ON h.no = s.home_no
                  WHERE s.person = $1 AND h.names_single = 1)
            RETURNING id";
        self.note_homes(sql, person)
    }

    fn note_homes(&mut self, sql: &str, person: PersonId) -> Result<(), Error> {
        let mut statement = self.db.prepare_cached(sql)?;
        for home in statement.query_map([person.0], |row| row.get(0))? {
            self.known.homes.remove(&HomeId(home?));
        }
        Ok(())
    }

    fn person_of(&self, subject: ResourceId) -> Result<PersonId, Error> {
        let sql = "SELECT person FROM subject WHERE id = $1";
        let mut statement = self.db.prepare_cached(sql)?;
        Ok(PersonId(
            statement.query_row([subject.0], |row| row.get(0))?,
        ))
    }
}

/// Whether rows of one label class may be decided differently because of these.
fn tells_apart(facts: &[Fact]) -> bool {
    let mut known = Circumstances::default();
    let items = facts
        .iter()
        .cloned()
        .filter_map(|fact| fact.add_to(&mut known));
    items.count() > 0 || !known.apart().is_empty()
}
