//! The schema and its history: numbered steps, forward only.

use rusqlite::{Connection, TransactionBehavior};

use crate::OpenError;

/// Each step once, in order; `user_version` says how many a database has seen.
const STEPS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_people.sql"),
    include_str!("../../migrations/sqlite/0002_records.sql"),
    include_str!("../../migrations/sqlite/0003_ledger.sql"),
    include_str!("../../migrations/sqlite/0004_search.sql"),
    include_str!("../../migrations/sqlite/0005_messages.sql"),
    include_str!("../../migrations/sqlite/0006_epochs.sql"),
    include_str!("../../migrations/sqlite/0007_cosigned.sql"),
    include_str!("../../migrations/sqlite/0008_quantities.sql"),
    include_str!("../../migrations/sqlite/0009_held.sql"),
    include_str!("../../migrations/sqlite/0010_links.sql"),
    include_str!("../../migrations/sqlite/0011_statements.sql"),
    include_str!("../../migrations/sqlite/0012_facts.sql"),
    include_str!("../../migrations/sqlite/0013_origins.sql"),
    include_str!("../../migrations/sqlite/0014_attempts.sql"),
    include_str!("../../migrations/sqlite/0015_invitations.sql"),
    include_str!("../../migrations/sqlite/0016_told_later.sql"),
    include_str!("../../migrations/sqlite/0017_acting.sql"),
    include_str!("../../migrations/sqlite/0018_requests.sql"),
    include_str!("../../migrations/sqlite/0019_notices.sql"),
];

/// Brings a database to this program's schema. A step that fails leaves the one before in force.
pub(super) fn to_latest(db: &mut Connection) -> Result<(), OpenError> {
    let found: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found as usize > STEPS.len() {
        return Err(OpenError::Newer {
            found,
            known: STEPS.len() as u32,
        });
    }
    for (sql, step) in STEPS.iter().zip(1_u32..).skip(found as usize) {
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", step)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_their_numbers_before_any_of_them_arrives() {
        let mut db = Connection::open_in_memory().unwrap();
        to_latest(&mut db).unwrap();
        let mut statement = db.prepare("SELECT text FROM symbol ORDER BY no").unwrap();
        let numbered = statement
            .query_map([], |row| row.get::<_, String>(0))
            .unwrap();
        let numbered: Vec<String> = numbered.map(Result::unwrap).collect();
        let mut named: Vec<&str> = fhir::types::TYPES.iter().map(|facts| facts.name).collect();
        named.sort_by_key(|name| *name != "Patient");
        assert_eq!(numbered, named);
    }
}
