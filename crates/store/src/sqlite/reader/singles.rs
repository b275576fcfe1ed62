//! Single resources that a lock, an objection or a relationship names, and the classes that locks
//! empty.

use std::collections::{BTreeMap, BTreeSet};

use domain::{ResourceId, Scope};
use policy::Facts;
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
        let mut locked_rows: BTreeMap<i64, i64> = BTreeMap::new();
        for id in named {
            let Some(class_no) = self.class_of_single(facts, id)? else {
                continue;
            };
            facts.named.push((id, class_id(class_no)?));
            if locked.contains(&id) {
                *locked_rows.entry(class_no).or_default() += 1;
            }
        }
        for (class_no, locked_rows) in locked_rows {
            if self.rows_of_class(facts, class_no)? == locked_rows {
                facts.only_locked.push(class_id(class_no)?);
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

    /// How many rows of this person carry a class.
    fn rows_of_class(&self, facts: &Facts, class_no: i64) -> Result<i64, Error> {
        let sql = "
            SELECT COALESCE(SUM(c.rows), 0)
            FROM subject s
            JOIN subject_class c ON c.home_no = s.home_no AND c.subject_no = s.no
            WHERE s.person = $1 AND c.class_no = $2";
        let rows = self.one(sql, params![facts.person.0, class_no])?;
        Ok(rows.unwrap_or(0))
    }
}
