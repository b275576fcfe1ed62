//! Patients with the events that join and part them, and what stewards are to decide.

use std::collections::{BTreeMap, BTreeSet};

use domain::{HomeId, OrganisationId, PersonId, ResourceId, Timestamp};
use ledger::{Hash, ViewId};
use rusqlite::Row;

use super::pool::SqliteSnapshot;
use crate::sqlite::convert::Column;
use crate::{Error, LinkAct, Linked, LinkedSubject, Review, StoredEntry, StoredLink};

const SUBJECT: &str = "
    SELECT s.no, s.id, h.id, o.id, s.person, s.origin
    FROM subject s
    JOIN home h ON h.no = s.home_no
    JOIN organisation o ON o.no = s.custodian_no
    WHERE s.no = $1";

const EVENTS_OF: &str = "
    SELECT no, kind, left_no, right_no, undoes, at, by FROM link_event
    WHERE left_no = $1 OR right_no = $1";

const UNDONE_BY: &str = "
    SELECT no, kind, left_no, right_no, undoes, at, by FROM link_event WHERE undoes = $1";

const ENTRIES_SINCE: &str = "
    SELECT e.place, e.at, h.id, e.operation, e.commitment, e.root, e.sealed, e.wrapped_key, e.log_index
    FROM chain c
    JOIN entry e ON e.chain_no = c.no
    JOIN home h ON h.no = e.home_no
    WHERE c.view = $1 AND e.at >= $2
    ORDER BY e.place";

impl SqliteSnapshot {
    /// Follows events until they lead to nobody new.
    pub(super) fn linked_with(&self, subjects: &[ResourceId]) -> Result<Linked, Error> {
        let mut found: BTreeMap<u64, LinkedSubject> = BTreeMap::new();
        let mut events: BTreeMap<u64, StoredLink> = BTreeMap::new();
        let mut open: BTreeSet<u64> = BTreeSet::new();
        for id in subjects {
            let no: Option<i64> = self.one("SELECT no FROM subject WHERE id = $1", [id.0])?;
            open.extend(no.and_then(|no| u64::try_from(no).ok()));
        }
        while let Some(place) = open.pop_first() {
            let subject = self.linked_subject(place)?;
            // Whoever shares the person came by an event, or shares it by themself alone.
            found.insert(place, subject);
            for event in self.link_events(EVENTS_OF, place)? {
                let (left, right) = match event.act {
                    LinkAct::Linked(left, right)
                    | LinkAct::Parted(left, right)
                    | LinkAct::Sealed(left, right) => (left, right),
                    LinkAct::Undone(_) => continue,
                };
                open.extend(
                    [left, right]
                        .into_iter()
                        .filter(|it| !found.contains_key(it)),
                );
                self.undone(&event, &mut events)?;
                events.insert(event.number, event);
            }
        }
        Ok(Linked {
            subjects: found.into_values().collect(),
            events: events.into_values().collect(),
        })
    }

    /// Whatever undoes an event, or undoes its undoing.
    fn undone(
        &self,
        event: &StoredLink,
        events: &mut BTreeMap<u64, StoredLink>,
    ) -> Result<(), Error> {
        let mut open = vec![event.number];
        while let Some(number) = open.pop() {
            for undoing in self.link_events(UNDONE_BY, number)? {
                open.push(undoing.number);
                events.insert(undoing.number, undoing);
            }
        }
        Ok(())
    }

    fn linked_subject(&self, place: u64) -> Result<LinkedSubject, Error> {
        let mut statement = self.db().prepare_cached(SUBJECT)?;
        let no = i64::try_from(place).unwrap_or(i64::MAX);
        Ok(statement.query_row([no], |row| {
            Ok(LinkedSubject {
                place,
                id: ResourceId(row.get(1)?),
                home: HomeId(row.get(2)?),
                custodian: OrganisationId::new(row.get::<_, String>(3)?),
                person: PersonId(row.get(4)?),
                origin: PersonId(row.get(5)?),
            })
        })?)
    }

    fn link_events(&self, sql: &str, key: u64) -> Result<Vec<StoredLink>, Error> {
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([i64::try_from(key).unwrap_or(i64::MAX)])?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push(link_event(row)?);
        }
        Ok(events)
    }

    /// Open reviews, the most pressing first.
    pub(super) fn open_reviews(&self, limit: u32) -> Result<Vec<Review>, Error> {
        let sql = "
            SELECT body, no FROM review WHERE open = 1
            ORDER BY priority DESC, no LIMIT $1";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([limit])?;
        let mut reviews = Vec::new();
        while let Some(row) = rows.next()? {
            let (body, no): (String, i64) = (row.get(0)?, row.get(1)?);
            reviews.push(Column("review", "body").read_json(&body, no)?);
        }
        Ok(reviews)
    }

    pub(super) fn one_review(&self, id: &ResourceId) -> Result<Option<(Review, u32)>, Error> {
        let sql = "SELECT body, version, no FROM review WHERE id = $1";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([id.0])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let (body, version, no): (String, u32, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let review = Column("review", "body").read_json(&body, no)?;
        Ok(Some((review, version)))
    }

    pub(super) fn entries_from(
        &self,
        view: &ViewId,
        since: Timestamp,
    ) -> Result<Vec<StoredEntry>, Error> {
        let mut statement = self.db().prepare_cached(ENTRIES_SINCE)?;
        let mut rows = statement.query(rusqlite::params![view.0, since.0])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let place: i64 = row.get(0)?;
            let log_index: Option<i64> = row.get(8)?;
            entries.push(StoredEntry {
                index: Column("entry", "place").read_number(place, place)?,
                time: Timestamp(row.get(1)?),
                home: HomeId(row.get(2)?),
                operation: row.get(3)?,
                commitment: Hash(row.get(4)?),
                root: Hash(row.get(5)?),
                sealed: row.get(6)?,
                wrapped_key: row.get(7)?,
                log_index: log_index
                    .map(|at| Column("entry", "log_index").read_number(at, place))
                    .transpose()?,
            });
        }
        Ok(entries)
    }
}

fn link_event(row: &Row<'_>) -> Result<StoredLink, Error> {
    let no: i64 = row.get(0)?;
    let number = |at: usize, column: &'static str| -> Result<u64, Error> {
        let found: Option<i64> = row.get(at)?;
        Column("link_event", column).read_number(found.unwrap_or(-1), no)
    };
    let kind: String = row.get(1)?;
    let pair = || Ok::<_, Error>((number(2, "left_no")?, number(3, "right_no")?));
    let act = match kind.as_str() {
        "linked" => pair().map(|(left, right)| LinkAct::Linked(left, right))?,
        "parted" => pair().map(|(left, right)| LinkAct::Parted(left, right))?,
        "sealed" => pair().map(|(left, right)| LinkAct::Sealed(left, right))?,
        _ => LinkAct::Undone(number(4, "undoes")?),
    };
    Ok(StoredLink {
        number: Column("link_event", "no").read_number(no, no)?,
        act,
        at: Timestamp(row.get(5)?),
        by: row.get(6)?,
    })
}
