//! Indexing a whole store anew, when what resources are found by has changed with the program.

use rusqlite::{Connection, params};

use super::records::Place;
use super::session::Session;
use crate::Error;
use crate::sqlite::convert::Column;

/// By which tables this program indexes. It goes up whenever `fhir::index` finds other values.
pub(in crate::sqlite) const INDEXED_BY: i64 = 2;

const CLEAR: [&str; 8] = [
    "DELETE FROM index_token",
    "DELETE FROM index_text",
    "DELETE FROM index_date",
    "DELETE FROM index_reference",
    "DELETE FROM index_uri",
    "DELETE FROM index_quantity",
    "DELETE FROM own_identifier",
    "UPDATE exchange SET indexed_by = $1",
];

const RESOURCES: &str = "
    SELECT r.row, r.home_no, r.type_no, r.subject_no, r.custodian_no, v.bytes
    FROM resource r
    JOIN version v ON v.no = r.version_no
    WHERE r.deleted = 0 AND r.row > $1
    ORDER BY r.row
    LIMIT 500";

/// What was stored is larger than what was sent: it carries our stamp.
const STORED: fhir::Limits = fhir::Limits {
    depth: 256,
    bytes: usize::MAX,
};

/// Indexes everything anew, if an earlier program indexed it; whole or not at all.
pub(in crate::sqlite) fn reindex(db: Connection) -> Result<(), Error> {
    let mut session = Session::new(db);
    let found = session.returning("SELECT indexed_by FROM exchange", [])?;
    if found == INDEXED_BY {
        return Ok(());
    }
    session.run("BEGIN IMMEDIATE", [])?;
    // A session that is dropped before its COMMIT has changed nothing.
    for sql in CLEAR {
        match sql.contains("$1") {
            true => session.run(sql, [INDEXED_BY])?,
            false => session.run(sql, [])?,
        };
    }
    let mut after = 0;
    loop {
        let some = some_after(&session, after)?;
        let Some((last, ..)) = some.last() else {
            break;
        };
        after = *last;
        for (row, place, bytes) in some {
            let document = fhir::parse(&bytes, &STORED)
                .map_err(|_| Column("version", "bytes").corrupt(row))?;
            session.index(row, place, &fhir::index::index(&document))?;
        }
    }
    session.run("COMMIT", [])?;
    Ok(())
}

type Rows = Vec<(i64, Place, Vec<u8>)>;

fn some_after(session: &Session, after: i64) -> Result<Rows, Error> {
    let mut statement = session.db.prepare_cached(RESOURCES)?;
    let rows = statement.query_map(params![after], |row| {
        let place = Place {
            home_no: row.get(1)?,
            type_no: row.get(2)?,
            subject_no: row.get(3)?,
            custodian_no: row.get(4)?,
        };
        Ok((row.get(0)?, place, row.get(5)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::migrate;

    /// A store in a file, with one Observation that an earlier program indexed in its own way.
    fn earlier(path: &std::path::Path) -> Connection {
        let mut db = Connection::open(path).unwrap();
        migrate::to_latest(&mut db).unwrap();
        let json =
            br#"{"resourceType":"Observation","status":"final","valueQuantity":{"value":72}}"#;
        let of_type = "SELECT no FROM symbol WHERE text = 'Observation'";
        let type_no: i64 = db.query_row(of_type, [], |row| row.get(0)).unwrap();
        db.execute(
            "INSERT INTO resource VALUES (1, x'01', 1, $1, NULL, 1, 1, 1, 1, 0, NULL, 0, 0)",
            [type_no],
        )
        .unwrap();
        db.execute(
            "INSERT INTO version VALUES (1, 1, 1, 1, 0, NULL, 0, 0, x'', x'', $1)",
            params![json],
        )
        .unwrap();
        db.execute(
            "INSERT INTO index_token VALUES (1, $1, 999, 'stale', 1, 1)",
            [type_no],
        )
        .unwrap();
        db
    }

    #[test]
    fn a_store_of_an_earlier_program_is_indexed_anew_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        reindex(earlier(&path)).unwrap();
        let db = Connection::open(&path).unwrap();
        let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        let stale = "SELECT COUNT(*) FROM index_token WHERE code = 'stale'";
        assert_eq!(count(stale), 0);
        assert_eq!(
            count("SELECT COUNT(*) FROM index_token WHERE code = 'final'"),
            1
        );
        assert_eq!(count("SELECT COUNT(*) FROM index_quantity"), 1);
        assert_eq!(count("SELECT indexed_by FROM exchange"), INDEXED_BY);

        db.execute("INSERT INTO index_token VALUES (1, 1, 1, 'mark', 1, 1)", [])
            .unwrap();
        reindex(Connection::open(&path).unwrap()).unwrap();
        let mark = "SELECT COUNT(*) FROM index_token WHERE code = 'mark'";
        assert_eq!(count(mark), 1, "nothing is done twice");
    }
}
