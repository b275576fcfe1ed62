//! Single resources: where they are, as they are, as they were, and as they were received.

use domain::{HomeId, OrganisationId, ResourceId, RowKey, Timestamp};
use fhir::splice::Edits;
use policy::Permit;
use rusqlite::{OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use super::interned::class_id;
use super::pool::SqliteSnapshot;
use super::scope::{RowPlace, Scope};
use crate::sqlite::convert::Column;
use crate::{Error, Located, StoredResource};

/// The columns that [`place`] reads, then those of [`SqliteSnapshot::resource`].
macro_rules! resource {
    ($rest:literal) => {
        concat!(
            "
    SELECT r.row, r.id, r.home_no, r.subject_no, r.class_no,
           r.type_no, v.version, v.updated_at, v.occurred_at, r.custodian_no, v.mentions, v.bytes
    FROM resource r
    JOIN version v ON ",
            $rest
        )
    };
}

const BY_ID: &str = resource!(
    "v.no = r.version_no
    WHERE r.id = $1 AND r.type_no = $2"
);

const BY_ROW: &str = resource!(
    "v.no = r.version_no
    WHERE r.row = $1"
);

const VERSION_AT: &str = resource!(
    "v.row = r.row
    WHERE r.row = $1 AND v.version = $2"
);

const LOCATE: &str = "
    SELECT r.row, h.id, r.version, r.deleted, r.class_no, r.custodian_no, s.id, v.original_hash
    FROM resource r
    JOIN home h ON h.no = r.home_no
    JOIN version v ON v.no = r.version_no
    LEFT JOIN subject s ON s.no = r.subject_no
    WHERE r.id = $1 AND r.type_no = $2";

/// An earlier version, with the class that it had then and the class of the resource now.
const BY_VERSION: &str = "
    SELECT r.row, r.id, r.home_no, r.subject_no, r.class_no,
           r.type_no, v.version, v.updated_at, v.occurred_at, r.custodian_no, v.mentions, v.bytes,
           v.class_no
    FROM resource r
    JOIN version v ON v.row = r.row
    WHERE r.id = $1 AND r.type_no = $2 AND v.version = $3";

const ORIGINAL: &str = "
    SELECT r.row, r.id, r.home_no, r.subject_no, r.class_no, v.bytes, v.undo, v.original_hash
    FROM resource r
    JOIN version v ON v.no = r.version_no
    WHERE r.id = $1 AND r.type_no = $2 AND r.deleted = 0";

impl SqliteSnapshot {
    pub(super) fn place_of(&self, rtype: &str, id: &ResourceId) -> Result<Option<Located>, Error> {
        let Some(type_no) = self.symbol(rtype)? else {
            return Ok(None);
        };
        let mut statement = self.db().prepare_cached(LOCATE)?;
        let mut rows = statement.query(params![id.0, type_no])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        Ok(Some(Located {
            row: RowKey(row.get(0)?),
            home: HomeId(row.get(1)?),
            version: row.get(2)?,
            deleted: row.get(3)?,
            class: class_id(row.get(4)?)?,
            custodian: self.organisation(row.get(5)?)?,
            subject: row.get::<_, Option<[u8; 16]>>(6)?.map(ResourceId),
            original_hash: row.get(7)?,
        }))
    }

    pub(super) fn read_current(
        &self,
        permit: &Permit,
        rtype: &str,
        id: &ResourceId,
    ) -> Result<Option<StoredResource>, Error> {
        self.read_in(&self.scope(permit)?, rtype, id)
    }

    pub(super) fn read_from_directory(
        &self,
        rtype: &str,
        id: &ResourceId,
    ) -> Result<Option<StoredResource>, Error> {
        self.read_in(&Scope::Directory, rtype, id)
    }

    fn read_in(
        &self,
        scope: &Scope<'_>,
        rtype: &str,
        id: &ResourceId,
    ) -> Result<Option<StoredResource>, Error> {
        let Some(type_no) = self.symbol(rtype)? else {
            return Ok(None);
        };
        let mut statement = self.db().prepare_cached(BY_ID)?;
        let mut rows = statement.query(params![id.0, type_no])?;
        match rows.next()? {
            Some(row) if scope.opens(&place(row)?)? => self.resource(row).map(Some),
            _ => Ok(None),
        }
    }

    /// For derivation inside the exchange, never to be shown.
    pub(super) fn read_for_ourselves(
        &self,
        rtype: &str,
        id: &ResourceId,
    ) -> Result<Option<StoredResource>, Error> {
        let Some(type_no) = self.symbol(rtype)? else {
            return Ok(None);
        };
        let mut statement = self.db().prepare_cached(BY_ID)?;
        let mut rows = statement.query(params![id.0, type_no])?;
        let found = rows.next()?.map(|row| self.resource(row)).transpose()?;
        Ok(found.filter(|resource| !resource.is_deletion()))
    }

    /// An earlier version is open only if both its own label and the current one are: a label
    /// that was raised since covers the past, and one that was lowered does not open it.
    pub(super) fn read_earlier(
        &self,
        permit: &Permit,
        rtype: &str,
        id: &ResourceId,
        version: u32,
    ) -> Result<Option<StoredResource>, Error> {
        let Some(type_no) = self.symbol(rtype)? else {
            return Ok(None);
        };
        let scope = self.scope(permit)?;
        let mut statement = self.db().prepare_cached(BY_VERSION)?;
        let mut rows = statement.query(params![id.0, type_no, version])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        if scope.opens(&place(row)?)? && scope.opens_version(row.get(4)?, row.get(12)?)? {
            self.resource(row).map(Some)
        } else {
            Ok(None)
        }
    }

    pub(super) fn rebuild_in(
        &self,
        scope: &Scope<'_>,
        rtype: &str,
        id: &ResourceId,
    ) -> Result<Option<Vec<u8>>, Error> {
        let Some(type_no) = self.symbol(rtype)? else {
            return Ok(None);
        };
        let mut statement = self.db().prepare_cached(ORIGINAL)?;
        let mut rows = statement.query(params![id.0, type_no])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let place = place(row)?;
        if !scope.opens(&place)? {
            return Ok(None);
        }
        let (bytes, undo): (Vec<u8>, Vec<u8>) = (row.get(5)?, row.get(6)?);
        rebuild(&bytes, &undo, &row.get(7)?)
            .ok_or_else(|| Column("version", "original_hash").corrupt(place.row.0))
            .map(Some)
    }

    /// The resource at a row that a query in scope has found.
    pub(super) fn at_row(&self, row_key: i64) -> Result<StoredResource, Error> {
        let mut statement = self.db().prepare_cached(BY_ROW)?;
        let mut rows = statement.query([row_key])?;
        match rows.next()? {
            Some(row) => self.resource(row),
            None => Err(Column("resource", "version_no").corrupt(row_key)),
        }
    }

    /// A version at a row that a query in scope has found.
    pub(super) fn version_at(&self, row_key: i64, version: u32) -> Result<StoredResource, Error> {
        let mut statement = self.db().prepare_cached(VERSION_AT)?;
        let mut rows = statement.query(params![row_key, version])?;
        match rows.next()? {
            Some(row) => self.resource(row),
            None => Err(Column("version", "version").corrupt(row_key)),
        }
    }

    fn resource(&self, row: &Row<'_>) -> Result<StoredResource, Error> {
        Ok(StoredResource {
            row: RowKey(row.get(0)?),
            id: ResourceId(row.get(1)?),
            class: class_id(row.get(4)?)?,
            resource_type: self.word(row.get(5)?)?,
            version: row.get(6)?,
            updated_at: Timestamp(row.get(7)?),
            occurred_at: row.get::<_, Option<i64>>(8)?.map(Timestamp),
            custodian: self.organisation(row.get(9)?)?,
            mentions_others: row.get(10)?,
            bytes: row.get(11)?,
        })
    }

    /// Within one agency's own contributions only, so that nobody can probe what others hold.
    pub(super) fn own_by_identifier(
        &self,
        custodian: &OrganisationId,
        rtype: &str,
        system: &str,
        value: &str,
    ) -> Result<Vec<ResourceId>, Error> {
        let (Some(type_no), Some(system_no)) = (self.symbol(rtype)?, self.symbol(system)?) else {
            return Ok(Vec::new());
        };
        let sql = "
            SELECT r.id
            FROM organisation o
            JOIN own_identifier i ON i.custodian_no = o.no
            JOIN resource r ON r.row = i.row
            WHERE o.id = $1 AND i.type_no = $2 AND i.value = $3 AND i.system_no = $4
            ORDER BY r.row";
        let mut statement = self.db().prepare_cached(sql)?;
        let rows = statement.query_map(
            params![custodian.as_str(), type_no, value, system_no],
            |row| row.get(0).map(ResourceId),
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(super) fn sealed_facts(
        &self,
        home: HomeId,
        digest: &[u8; 32],
    ) -> Result<Option<Vec<u8>>, Error> {
        let sql = "
            SELECT f.sealed
            FROM home h
            JOIN decision_facts f ON f.home_no = h.no
            WHERE h.id = $1 AND f.digest = $2";
        let mut statement = self.db().prepare_cached(sql)?;
        Ok(statement
            .query_row(params![home.0, digest], |row| row.get(0))
            .optional()?)
    }
}

/// The first five columns of a resource.
fn place(row: &Row<'_>) -> Result<RowPlace, Error> {
    Ok(RowPlace {
        row: RowKey(row.get(0)?),
        id: ResourceId(row.get(1)?),
        home_no: row.get(2)?,
        subject_no: row.get(3)?,
        class_no: row.get(4)?,
    })
}

/// The original from what is served; `None` unless it is exactly what was received.
pub(in crate::sqlite) fn rebuild(bytes: &[u8], undo: &[u8], hash: &[u8; 32]) -> Option<Vec<u8>> {
    let original = Edits::decode(undo).ok()?.apply(bytes);
    (Sha256::digest(&original).as_slice() == hash).then_some(original)
}
