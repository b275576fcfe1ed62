//! What the law turns on beyond relationships and labels, and the cells into which it parts label
//! classes.

use std::collections::{BTreeMap, BTreeSet};

use domain::restriction::ItemFacts;
use domain::{
    Apart, BirthDate, ClassId, Fact, ItemId, Moment, OrganisationId, PersonId, ResourceId,
    Timestamp,
};
use policy::facts::{Cell, Facts};
use rusqlite::params;

use super::interned::class_id;
use super::pool::SqliteSnapshot;
use crate::sqlite::convert::Column;
use crate::sqlite::items;
use crate::{Error, StoredFacts};

/// What is said of single items, by id.
type Items = BTreeMap<ItemId, ItemFacts>;

/// A current row, as far as facts may tell it apart.
struct Row {
    no: i64,
    id: ResourceId,
    class: ClassId,
    written: Moment,
}

/// Rows that no rule tells apart: of one class, and equal in all that matters of single items.
type CellKey = (ClassId, Option<ItemId>, ItemFacts);

impl SqliteSnapshot {
    /// What was said under one name.
    pub(super) fn who_said(&self, evidence: &ResourceId) -> Result<Option<StoredFacts>, Error> {
        let sql = "
            SELECT s.id, f.organisation, f.body
            FROM fact f
            JOIN subject s ON s.no = f.subject_no
            WHERE f.evidence = $1";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([evidence.0])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let body: String = row.get(2)?;
        Ok(Some(StoredFacts {
            subject: ResourceId(row.get(0)?),
            organisation: OrganisationId::new(row.get::<_, String>(1)?),
            facts: Column("fact", "body").read_json(&body, *evidence)?,
        }))
    }

    /// Everybody of whom it is recorded that this person acts for them, in force or not.
    pub(super) fn of_holder(&self, holder: PersonId) -> Result<Vec<PersonId>, Error> {
        let sql = "
            SELECT DISTINCT s.person
            FROM acting a
            JOIN subject s ON s.no = a.subject_no
            WHERE a.holder = $1
            ORDER BY s.person";
        let mut statement = self.db().prepare_cached(sql)?;
        let people = statement.query_map([holder.to_string()], |row| row.get(0))?;
        Ok(people
            .map(|id| id.map(PersonId))
            .collect::<Result<_, _>>()?)
    }

    /// Completes the facts with the person's circumstances.
    pub(super) fn add_circumstances(&self, facts: &mut Facts) -> Result<(), Error> {
        let items = self.add_said(facts)?;
        facts.circumstances.person.born = self.birth_date(facts)?;
        facts.circumstances = std::mem::take(&mut facts.circumstances).sorted();
        let apart = facts.circumstances.apart();
        if !apart.is_empty() || !items.is_empty() {
            self.part(facts, &apart, &items)?;
        }
        Ok(())
    }

    /// A fact counts for the person of whom it was said. After a parting, one that can only hold more
    /// back also counts for whoever was thought to be that person: their rows share a home.
    fn add_said(&self, facts: &mut Facts) -> Result<Items, Error> {
        let sql = "
            SELECT f.evidence, f.body, s.person = $1
            FROM subject o
            JOIN subject s ON s.home_no = o.home_no
            JOIN fact f ON f.subject_no = s.no
            WHERE o.person = $1
            GROUP BY f.evidence";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([facts.person.0])?;
        let mut items = Items::new();
        while let Some(row) = rows.next()? {
            let evidence = ResourceId(row.get(0)?);
            let (body, theirs): (String, bool) = (row.get(1)?, row.get(2)?);
            let said: Vec<Fact> = Column("fact", "body").read_json(&body, evidence)?;
            let counts = said.into_iter().filter(|it| theirs || it.only_restrains());
            items.extend(counts.filter_map(|fact| fact.add_to(&mut facts.circumstances)));
        }
        Ok(items)
    }

    /// The birth date on which all agencies that give one agree.
    fn birth_date(&self, facts: &Facts) -> Result<Option<BirthDate>, Error> {
        let sql = "
            SELECT DISTINCT birth_date FROM subject
            WHERE person = $1 AND length(birth_date) = 10
            LIMIT 2";
        let mut statement = self.db().prepare_cached(sql)?;
        let dates = statement.query_map([facts.person.0], |row| row.get::<_, String>(0))?;
        let dates: Vec<String> = dates.collect::<Result<_, _>>()?;
        Ok(match dates.as_slice() {
            [one] => one.parse().ok().map(BirthDate),
            _ => None,
        })
    }

    /// Parts the classes whose rows the circumstances tell apart: rows that differ in what matters get
    /// cells of their own, with classes that stand for no label class of the database.
    fn part(&self, facts: &mut Facts, apart: &Apart, items: &Items) -> Result<(), Error> {
        let coded = self.coded(facts, apart)?;
        let mut cells: BTreeMap<CellKey, Vec<ResourceId>> = BTreeMap::new();
        let mut whole: BTreeSet<ClassId> = BTreeSet::new();
        for row in self.rows_of(facts)? {
            let id = ItemId::new(row.id.to_string());
            let said = items.get(&id);
            let mut known = said.cloned().unwrap_or_default();
            known.written = apart.written(row.written);
            known
                .codes
                .extend(coded.get(&row.no).into_iter().flatten().cloned());
            let name = apart.items.contains(&id).then_some(id);
            if name.is_none() && said.is_none() && known == ItemFacts::default() {
                whole.insert(row.class);
            } else {
                cells
                    .entry((row.class, name, known))
                    .or_default()
                    .push(row.id);
            }
        }
        for ((class, (of, name, known)), resources) in (1..)
            .map(|no: i32| ClassId(-no))
            .zip(cells.keys().cloned())
            .zip(cells.values().cloned())
        {
            let label = facts.classes.iter().find(|(known, _)| *known == of);
            let Some((_, label)) = label.cloned() else {
                continue;
            };
            facts.classes.push((class, label));
            let name = name.unwrap_or_else(|| ItemId::new(class.0.to_string()));
            facts.circumstances.items.push((class, name, known));
            facts.cells.push(Cell {
                class,
                of,
                resources,
            });
        }
        facts
            .classes
            .retain(|(class, _)| class.0 < 0 || whole.contains(class));
        facts.classes.sort();
        facts.cells.sort();
        facts.circumstances.items.sort();
        Ok(())
    }

    fn rows_of(&self, facts: &Facts) -> Result<Vec<Row>, Error> {
        let sql = "
            SELECT r.row, r.id, r.class_no, COALESCE(r.occurred_at, r.updated_at)
            FROM subject s
            JOIN resource r ON r.home_no = s.home_no AND r.subject_no = s.no
            WHERE s.person = $1 AND r.deleted = 0
            ORDER BY r.row";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([facts.person.0])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(Row {
                no: row.get(0)?,
                id: ResourceId(row.get(1)?),
                class: class_id(row.get(2)?)?,
                written: Moment(Timestamp(row.get(3)?)),
            });
        }
        Ok(found)
    }

    /// Which rows carry which of the codes that are named.
    fn coded(
        &self,
        facts: &Facts,
        apart: &Apart,
    ) -> Result<BTreeMap<i64, BTreeSet<String>>, Error> {
        let sql = "
            SELECT t.row
            FROM subject s
            JOIN index_token t ON t.home_no = s.home_no
            JOIN symbol y ON y.no = t.system_no
            WHERE s.person = $1 AND t.code = $2 AND y.text = $3";
        let mut coded: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
        for named in &apart.codes {
            let (system, code) = named.rsplit_once('|').unwrap_or(("", named));
            let mut statement = self.db().prepare_cached(sql)?;
            let rows =
                statement.query_map(params![facts.person.0, code, system], |row| row.get(0))?;
            for row in rows {
                coded
                    .entry(resource_row(row?))
                    .or_default()
                    .insert(named.clone());
            }
        }
        Ok(coded)
    }
}

/// The resource to which an index row belongs: an item of a resource has a number below zero.
fn resource_row(row: i64) -> i64 {
    if row < 0 { items::resource(row) } else { row }
}
