//! What goes with an answer: resources that those found refer to, or that refer to them
//! (<https://hl7.org/fhir/R4/search.html#revinclude>).
//!
//! Each is read through the same scope as the answer itself, inside the query that finds it.

use std::collections::BTreeSet;

use domain::ResourceId;
use fhir::index::{Aspect, IndexKey};
use fhir::search::{Include, Path, params_of};
use rusqlite::types::Value;

use super::conditions::Search;
use crate::sqlite::reader::sql::Sql;
use crate::sqlite::target::target;
use crate::{Error, StoredResource};

/// How many times what was included is looked at for more.
const DEEPEST: usize = 8;
/// The most resources that go with a page.
const MOST: usize = 5_000;

/// The resources that go with those found, in order of type and arrival, none of them twice.
pub(super) fn with(
    search: &Search<'_>,
    found: &[StoredResource],
    includes: &[Include],
) -> Result<Vec<StoredResource>, Error> {
    let mut known: BTreeSet<i64> = found.iter().map(|one| one.row.0).collect();
    let mut included: Vec<StoredResource> = Vec::new();
    let mut from = found.to_vec();
    for round in 0..DEEPEST {
        let mut rows = BTreeSet::new();
        for include in includes.iter().filter(|one| round == 0 || one.iterate) {
            let more = match include.reverse {
                false => referred_to(search, &from, include)?,
                true => referring(search, &from, include)?,
            };
            rows.extend(more.into_iter().filter(|(_, row)| !known.contains(row)));
        }
        from = Vec::with_capacity(rows.len());
        for (_, row) in rows.into_iter().take(MOST - included.len()) {
            known.insert(row);
            from.push(search.snapshot.at_row(row)?);
        }
        included.extend_from_slice(&from);
        if from.is_empty() {
            break;
        }
    }
    Ok(included)
}

/// Rows, with the numbers of their types.
type Found = Vec<(i64, i64)>;

/// What resources of the including type refer to.
fn referred_to(
    search: &Search<'_>,
    from: &[StoredResource],
    include: &Include,
) -> Result<Found, Error> {
    let mut targets: Vec<(String, ResourceId)> = Vec::new();
    for resource in from
        .iter()
        .filter(|one| one.resource_type == include.source)
    {
        // What we stored we can read; what we could not refers to nothing.
        let Ok(document) = fhir::parse(&resource.bytes, &STORED) else {
            continue;
        };
        for value in fhir::index::index(&document) {
            let is_of_param = |path: &Path| path.key == value.path;
            let is_meant = include.param.is_none_or(|param| {
                let is_only = |rtype: &str| param.only.is_none_or(|only| only == rtype);
                param.paths.iter().any(is_of_param)
                    && matches!(&value.key, IndexKey::Reference { rtype, .. } if is_only(rtype))
            });
            if let (true, IndexKey::Reference { rtype, id }) = (is_meant, value.key)
                && include.target.is_none_or(|target| target == rtype)
                && let Ok(id) = id.parse()
            {
                targets.push((rtype, id));
            }
        }
    }
    targets.sort_unstable();
    targets.dedup();
    let mut found = Vec::with_capacity(targets.len());
    for of_type in targets.chunk_by(|one, next| one.0 == next.0) {
        let Some((rtype, _)) = of_type.first() else {
            continue;
        };
        let Some(type_no) = search.snapshot.symbol(rtype)? else {
            continue;
        };
        let ids = of_type.iter().map(|(_, id)| Value::Blob(id.0.to_vec()));
        let mut sql = Sql::new("SELECT r.type_no, r.row FROM resource r WHERE r.id IN ");
        sql.list(ids).push(" AND r.type_no = ").bind(type_no);
        sql.push(" AND ");
        search.scope.push_joined(&mut sql, "r");
        read(search, &sql, &mut found)?;
    }
    Ok(found)
}

/// What refers to resources.
fn referring(
    search: &Search<'_>,
    from: &[StoredResource],
    include: &Include,
) -> Result<Found, Error> {
    let is_meant = |one: &&StoredResource| {
        include
            .target
            .is_none_or(|target| target == one.resource_type)
    };
    let targets: Vec<&StoredResource> = from.iter().filter(is_meant).collect();
    let mut found = Vec::new();
    let Some(type_no) = search.snapshot.symbol(include.source)? else {
        return Ok(found);
    };
    let params = params_of(include.source)
        .filter(|param| include.param.is_none_or(|wanted| wanted == *param));
    for param in params {
        let places = search.snapshot.places_of(&param.paths, Aspect::Value)?;
        let targets = targets
            .iter()
            .filter(|one| param.only.is_none_or(|only| only == one.resource_type));
        let keys: Vec<Value> = targets
            .map(|one| Value::Blob(target(&one.id.to_string())))
            .collect();
        if places.is_empty() || keys.is_empty() {
            continue;
        }
        let mut sql = Sql::new("SELECT DISTINCT r.type_no, r.row FROM index_reference i ");
        sql.push("CROSS JOIN resource r ON r.row = i.row WHERE i.home_no IN ");
        sql.list(search.homes.iter().copied());
        sql.push(" AND i.type_no = ").bind(type_no);
        sql.push(" AND i.param_no IN ").list(places);
        sql.push(" AND i.target IN ").list(keys).push(" AND ");
        search.scope.push_joined(&mut sql, "r");
        read(search, &sql, &mut found)?;
    }
    Ok(found)
}

fn read(search: &Search<'_>, sql: &Sql, found: &mut Found) -> Result<(), Error> {
    let mut statement = sql.prepare(search.snapshot.db())?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        found.push((row.get(0)?, row.get(1)?));
    }
    Ok(())
}

/// What was stored is larger than what was sent: it carries our stamp.
const STORED: fhir::Limits = fhir::Limits {
    depth: 256,
    bytes: usize::MAX,
};
