//! New versions of resources, and the label classes that come and go with them.

use domain::ResourceId;
use rusqlite::{OptionalExtension, params};

use super::people::Moved;
use super::session::Session;
use crate::sqlite::convert::incoherent;
use crate::{Error, NewVersion};

const CURRENT: &str = "
    SELECT row, home_no, type_no, subject_no, custodian_no, class_no, version, deleted
    FROM resource
    WHERE id = $1";

const ADD_VERSION: &str = "
    INSERT INTO version (
        row, version, class_no, updated_at, occurred_at, deleted, mentions, original_hash, undo, bytes
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    RETURNING no";

const ADD_RESOURCE: &str = "
    INSERT INTO resource (
        row, id, home_no, type_no, subject_no, custodian_no, class_no, version, version_no,
        updated_at, occurred_at, deleted, mentions
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

const MOVE_RESOURCE: &str = "
    UPDATE resource SET
        class_no = $1,
        version = $2,
        version_no = $3,
        updated_at = $4,
        occurred_at = $5,
        deleted = $6,
        mentions = $7
    WHERE row = $8";

/// What never changes about a resource.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) struct Place {
    pub(super) home_no: i64,
    pub(super) type_no: i64,
    pub(super) subject_no: Option<i64>,
    pub(super) custodian_no: i64,
}

/// What stands before a new version is written.
struct Current {
    row: i64,
    place: Place,
    class_no: i64,
    version: u32,
    deleted: bool,
}

impl Session {
    pub(super) fn put_version(&mut self, new: &NewVersion, moved: &mut Moved) -> Result<(), Error> {
        let current = self.current(new.id)?;
        if current.as_ref().map_or(0, |current| current.version) != new.replaces {
            return Err(Error::Conflict);
        }
        let home = self.home(new.home)?;
        let place = Place {
            home_no: home.no,
            type_no: self.symbol(new.resource_type)?,
            subject_no: match new.subject {
                Some(subject) => Some(self.subject(subject)?),
                None => None,
            },
            custodian_no: self.organisation(&new.custodian)?,
        };
        let class_no = self.class(&new.class)?;
        let row = match &current {
            Some(current) if current.place != place => {
                return Err(incoherent("resource"));
            }
            Some(current) => {
                self.unindex(current.row, current.place)?;
                current.row
            }
            None => self.next_row()?,
        };
        let version_no = self.add_version(row, class_no, new)?;
        match &current {
            Some(_) => self.move_resource(row, class_no, version_no, new)?,
            None => self.add_resource(row, place, class_no, version_no, new)?,
        }
        let before = current.filter(|current| !current.deleted);
        let after = (!new.deleted).then_some(class_no);
        let before = before.map(|before| before.class_no);
        self.reclass(place, before, after, moved)?;
        // A label that changes may be that of the event which proves a relationship.
        let relabelled = before.is_some() && after.is_some() && before != after;
        if relabelled || home.names_single {
            moved.insert(home.no);
        }
        if !new.deleted {
            self.index(row, place, &new.index)?;
            self.note_mentions(row, &new.mentions)?;
        }
        Ok(())
    }

    fn current(&self, id: ResourceId) -> Result<Option<Current>, Error> {
        let mut statement = self.db.prepare_cached(CURRENT)?;
        let current = statement.query_row([id.0], |row| {
            Ok(Current {
                row: row.get(0)?,
                place: Place {
                    home_no: row.get(1)?,
                    type_no: row.get(2)?,
                    subject_no: row.get(3)?,
                    custodian_no: row.get(4)?,
                },
                class_no: row.get(5)?,
                version: row.get(6)?,
                deleted: row.get(7)?,
            })
        });
        Ok(current.optional()?)
    }

    fn next_row(&mut self) -> Result<i64, Error> {
        let row = match self.known.next_row {
            Some(row) => row,
            None => self.returning("SELECT COALESCE(MAX(row), 0) + 1 FROM resource", [])?,
        };
        self.known.next_row = Some(row + 1);
        Ok(row)
    }

    fn add_version(&self, row: i64, class_no: i64, new: &NewVersion) -> Result<i64, Error> {
        self.returning(
            ADD_VERSION,
            params![
                row,
                new.version,
                class_no,
                new.updated_at.0,
                new.occurred_at.map(|at| at.0),
                i64::from(new.deleted),
                i64::from(!new.mentions.is_empty()),
                new.original_hash,
                new.undo,
                new.bytes,
            ],
        )
    }

    fn add_resource(
        &self,
        row: i64,
        place: Place,
        class_no: i64,
        version_no: i64,
        new: &NewVersion,
    ) -> Result<(), Error> {
        self.run(
            ADD_RESOURCE,
            params![
                row,
                new.id.0,
                place.home_no,
                place.type_no,
                place.subject_no,
                place.custodian_no,
                class_no,
                new.version,
                version_no,
                new.updated_at.0,
                new.occurred_at.map(|at| at.0),
                i64::from(new.deleted),
                i64::from(!new.mentions.is_empty()),
            ],
        )?;
        Ok(())
    }

    fn move_resource(
        &self,
        row: i64,
        class_no: i64,
        version_no: i64,
        new: &NewVersion,
    ) -> Result<(), Error> {
        self.run(
            MOVE_RESOURCE,
            params![
                class_no,
                new.version,
                version_no,
                new.updated_at.0,
                new.occurred_at.map(|at| at.0),
                i64::from(new.deleted),
                i64::from(!new.mentions.is_empty()),
                row,
            ],
        )?;
        Ok(())
    }

    /// Counts a row out of one class and into another. A class that comes to a person for the first
    /// time, or goes with its last row, is a fact that decisions rest on.
    fn reclass(
        &self,
        place: Place,
        before: Option<i64>,
        after: Option<i64>,
        moved: &mut Moved,
    ) -> Result<(), Error> {
        let Some(subject_no) = place.subject_no.filter(|_| before != after) else {
            return Ok(());
        };
        for (class_no, by) in before
            .map(|no| (no, -1))
            .into_iter()
            .chain(after.map(|no| (no, 1)))
        {
            let rows = self.returning(
                "INSERT INTO subject_class (home_no, subject_no, class_no, rows)
                 VALUES ($1, $2, $3, $4)
                 ON CONFLICT (home_no, subject_no, class_no) DO UPDATE SET
                     rows = subject_class.rows + excluded.rows
                 RETURNING rows",
                params![place.home_no, subject_no, class_no, by],
            )?;
            if rows == 0 || (rows == 1 && by == 1) {
                moved.insert(place.home_no);
            }
        }
        Ok(())
    }
}
