//! What opens one-time links.

use domain::{ResourceId, Timestamp};
use rusqlite::{OptionalExtension, Row};

use super::pool::SqliteSnapshot;
use crate::{Error, StoredInvitation};

const FIND: &str = "
    SELECT i.id, s.id, i.link, i.code, i.tries, i.session, i.opened_at
    FROM invitation i
    JOIN subject s ON s.no = i.subject_no
    WHERE ";

impl SqliteSnapshot {
    pub(super) fn invitation_by(
        &self,
        column: &str,
        value: &[u8],
    ) -> Result<Option<StoredInvitation>, Error> {
        let mut statement = self
            .db()
            .prepare_cached(&format!("{FIND} i.{column} = $1"))?;
        Ok(statement.query_row([value], read).optional()?)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<StoredInvitation> {
    let session: Option<[u8; 32]> = row.get(5)?;
    let opened_at: Option<i64> = row.get(6)?;
    Ok(StoredInvitation {
        id: ResourceId(row.get(0)?),
        subject: ResourceId(row.get(1)?),
        link: row.get(2)?,
        code: row.get(3)?,
        tries: row.get(4)?,
        opened: session.zip(opened_at.map(Timestamp)),
    })
}
