//! What a permit opens, as conditions on rows: home, subject, class, and single resources held back.

use domain::{ResourceId, RowKey};
use policy::{Mask, Permit};

use super::interned::class_id;
use super::pool::SqliteSnapshot;
use super::sql::Sql;
use crate::Error;

/// Directory and definition resources live in the first home.
pub(super) const DIRECTORY_HOME: i64 = 1;

/// The rows that a reader may know of. Every query starts from it, so nothing outside can change a
/// page, an order or a total.
pub(super) enum Scope<'a> {
    /// One person's rows, through a mask.
    Person {
        homes: Vec<i64>,
        subjects: Vec<i64>,
        mask: &'a Mask,
    },
    /// Directory and definition resources, which concern nobody.
    Directory,
}

/// What decides whether a row is in scope.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowPlace {
    pub(super) row: RowKey,
    pub(super) id: ResourceId,
    pub(super) home_no: i64,
    pub(super) subject_no: Option<i64>,
    pub(super) class_no: i64,
}

impl SqliteSnapshot {
    /// The permit's person, as far as their subjects live in the permit's homes.
    pub(super) fn scope<'a>(&self, permit: &'a Permit) -> Result<Scope<'a>, Error> {
        let sql = "
            SELECT s.no, s.home_no, h.id
            FROM subject s
            JOIN home h ON h.no = s.home_no
            WHERE s.person = $1
            ORDER BY s.no";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([permit.person().0])?;
        let (mut homes, mut subjects) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            let home: [u8; 16] = row.get(2)?;
            if permit.homes().iter().any(|(open, _)| open.0 == home) {
                subjects.push(row.get(0)?);
                homes.push(row.get(1)?);
            }
        }
        homes.sort_unstable();
        homes.dedup();
        Ok(Scope::Person {
            homes,
            subjects,
            mask: permit.mask(),
        })
    }
}

impl Scope<'_> {
    /// Whether a row may be known.
    pub(super) fn opens(&self, place: &RowPlace) -> Result<bool, Error> {
        match self {
            Self::Person {
                homes,
                subjects,
                mask,
            } => {
                let is_theirs = homes.contains(&place.home_no)
                    && place.subject_no.is_some_and(|no| subjects.contains(&no));
                Ok(is_theirs && mask.opens(class_id(place.class_no)?, &place.id))
            }
            Self::Directory => Ok(place.home_no == DIRECTORY_HOME && place.subject_no.is_none()),
        }
    }

    /// Whether a version under this label is open, of a row that is: what is open by name is so as
    /// far as its label stays what it is.
    pub(super) fn opens_version(
        &self,
        class_no_now: i64,
        class_no_then: i64,
    ) -> Result<bool, Error> {
        match self {
            Self::Person { mask, .. } => {
                Ok(class_no_then == class_no_now
                    || mask.classes.contains(&class_id(class_no_then)?))
            }
            Self::Directory => Ok(true),
        }
    }

    /// The numbers of the homes in scope.
    pub(super) fn homes(&self) -> &[i64] {
        match self {
            Self::Person { homes, .. } => homes,
            Self::Directory => &[DIRECTORY_HOME],
        }
    }

    /// The homes whose rows may be met on the way: the directory's besides those in scope.
    pub(super) fn joined_homes(&self) -> Vec<i64> {
        let mut homes = self.homes().to_vec();
        if !homes.contains(&DIRECTORY_HOME) {
            homes.push(DIRECTORY_HOME);
        }
        homes
    }

    /// Current rows of a table `resource` that are in scope, as a condition. `steer` is `+` where
    /// another condition finds the rows and the home's index must not.
    pub(super) fn push_to(&self, sql: &mut Sql, alias: &str, steer: &str) {
        self.push_known(sql, alias, steer);
        sql.push(" AND ").push(alias).push(".deleted = 0");
    }

    /// The same as [`Scope::opens_version`] as a condition.
    pub(super) fn push_version(&self, sql: &mut Sql, version: &str, resource: &str) {
        let Self::Person { mask, .. } = self else {
            return;
        };
        sql.push(" AND (").push(version).push(".class_no IN ");
        sql.list(mask.classes.iter().map(|class| i64::from(class.0)));
        if !mask.with.is_empty() {
            sql.push(" OR ").push(version).push(".class_no = ");
            sql.push(resource).push(".class_no");
        }
        sql.push(")");
    }

    /// The same as [`Scope::opens`] as a condition: deleted rows are among them.
    pub(super) fn push_known(&self, sql: &mut Sql, alias: &str, steer: &str) {
        sql.push(steer)
            .push(alias)
            .push(".home_no IN ")
            .list(self.homes().iter().copied())
            .push(" AND ")
            .push(alias);
        match self {
            Self::Person { subjects, mask, .. } => {
                sql.push(".subject_no IN ").list(subjects.iter().copied());
                push_mask(sql, alias, mask);
            }
            Self::Directory => {
                sql.push(".subject_no IS NULL");
            }
        }
    }

    /// The rows that may be met on the way from those in scope, through a chain or an include:
    /// those in scope themselves, and the directory's, which are nobody's.
    pub(super) fn push_joined(&self, sql: &mut Sql, alias: &str) {
        sql.push("(");
        self.push_to(sql, alias, "+");
        if let Self::Person { .. } = self {
            sql.push(" OR ");
            Self::Directory.push_to(sql, alias, "+");
        }
        sql.push(")");
    }
}

fn push_mask(sql: &mut Sql, alias: &str, mask: &Mask) {
    sql.push(" AND (").push(alias).push(".class_no IN ");
    sql.list(mask.classes.iter().map(|class| i64::from(class.0)));
    if !mask.with.is_empty() {
        sql.push(" OR ").push(alias).push(".id IN ").ids(&mask.with);
    }
    sql.push(")");
    if !mask.without.is_empty() {
        sql.push(" AND ").push(alias).push(".id NOT IN ");
        sql.ids(&mask.without);
    }
}
