//! Single resources that a lock, an objection or a relationship names, and the classes that locks
//! empty.

use std::collections::{BTreeMap, BTreeSet};

use domain::{ClassId, OrganisationId, PersonId, ResourceId, Scope};
use policy::facts::{Cell, Facts};
use rusqlite::params;

use super::interned::class_id;
use super::pool::SqliteSnapshot;
use crate::Error;

impl SqliteSnapshot {
    /// Completes the facts with what their locks, objections and relationships say about single
    /// resources.
    pub(super) fn add_singles(&self, facts: &mut Facts) -> Result<(), Error> {
        let locked: BTreeSet<ResourceId> = facts.locks.iter().map(|lock| lock.resource).collect();
        let objected = facts.objections.iter().filter_map(|it| match it.scope {
            Scope::Resource(id) => Some(id),
            _ => None,
        });
        let proving = facts.relationships.iter().filter_map(|it| it.evidence);
        let named: BTreeSet<ResourceId> = locked
            .iter()
            .copied()
            .chain(objected)
            .chain(proving)
            .collect();
        let mut locked_rows: BTreeMap<ClassId, i64> = BTreeMap::new();
        for id in named {
            let cell = facts.cells.iter().find(|cell| cell.resources.contains(&id));
            let class = match (cell, self.class_of_single(facts, id)?) {
                (Some(cell), _) => cell.class,
                (None, Some(class_no)) => class_id(class_no)?,
                (None, None) => continue,
            };
            facts.named.push((id, class));
            if locked.contains(&id) {
                *locked_rows.entry(class).or_default() += 1;
            }
        }
        for (class, locked_rows) in locked_rows {
            if self.rows_of_class(facts, class)? == locked_rows {
                facts.only_locked.push(class);
            }
        }
        Ok(())
    }

    /// The class of a resource of this person.
    fn class_of_single(&self, facts: &Facts, id: ResourceId) -> Result<Option<i64>, Error> {
        let sql = "
            SELECT r.class_no
            FROM resource r
            JOIN subject s ON s.no = r.subject_no
            WHERE r.id = $1 AND s.person = $2 AND r.deleted = 0";
        self.one(sql, params![id.0, facts.person.0])
    }

    /// The agency that holds a resource of this person.
    pub(super) fn holder_of(
        &self,
        person: PersonId,
        id: &ResourceId,
    ) -> Result<Option<OrganisationId>, Error> {
        let sql = "
            SELECT r.custodian_no
            FROM resource r
            JOIN subject s ON s.no = r.subject_no
            WHERE r.id = $1 AND s.person = $2 AND r.deleted = 0";
        let custodian: Option<i64> = self.one(sql, params![id.0, person.0])?;
        custodian.map(|no| self.organisation(no)).transpose()
    }

    /// How many rows of this person carry a class: those of a cell, or those that are in none.
    fn rows_of_class(&self, facts: &Facts, class: ClassId) -> Result<i64, Error> {
        let rows = |cell: &Cell| i64::try_from(cell.resources.len()).unwrap_or(i64::MAX);
        if let Some(cell) = facts.cells.iter().find(|cell| cell.class == class) {
            return Ok(rows(cell));
        }
        let sql = "
            SELECT COALESCE(SUM(c.rows), 0)
            FROM subject s
            JOIN subject_class c ON c.home_no = s.home_no AND c.subject_no = s.no
            WHERE s.person = $1 AND c.class_no = $2";
        let all: Option<i64> = self.one(sql, params![facts.person.0, class.0])?;
        let parted = facts.cells.iter().filter(|cell| cell.of == class);
        Ok(all.unwrap_or(0) - parted.map(rows).sum::<i64>())
    }
}
