//! What resources are found by: written with a version, taken out before the next.

use domain::ResourceId;
use fhir::index::{Aspect, IndexKey, IndexValue};
use rusqlite::params;

use super::records::Place;
use super::session::Session;
use crate::Error;
use crate::sqlite::items;
use crate::sqlite::target::target;

/// The tables that a resource is found by, with the rows of its items.
const INDEX_TABLES: [&str; 6] = [
    "DELETE FROM index_token WHERE home_no = $1 AND type_no = $2 AND (row = $3 OR row BETWEEN $4 AND $5)",
    "DELETE FROM index_text WHERE home_no = $1 AND type_no = $2 AND (row = $3 OR row BETWEEN $4 AND $5)",
    "DELETE FROM index_date WHERE home_no = $1 AND type_no = $2 AND (row = $3 OR row BETWEEN $4 AND $5)",
    "DELETE FROM index_reference WHERE home_no = $1 AND type_no = $2 AND (row = $3 OR row BETWEEN $4 AND $5)",
    "DELETE FROM index_uri WHERE home_no = $1 AND type_no = $2 AND (row = $3 OR row BETWEEN $4 AND $5)",
    "DELETE FROM index_quantity WHERE home_no = $1 AND type_no = $2 AND (row = $3 OR row BETWEEN $4 AND $5)",
];

/// Where the identifiers are by which an agency refers to what it contributed.
const OWN_IDENTIFIERS: [&str; 2] = ["identifier", "masterIdentifier"];

impl Session {
    /// Takes a resource out of all that it was found by. This reads its person's rows of the type,
    /// which costs less than an index by row would at every insert.
    pub(super) fn unindex(&self, row: i64, place: Place) -> Result<(), Error> {
        let Place {
            home_no,
            type_no,
            custodian_no,
            ..
        } = place;
        self.run(
            "DELETE FROM own_identifier
             WHERE (custodian_no, type_no, value, system_no, row) IN (
                 SELECT $1, type_no, code, system_no, row
                 FROM index_token
                 WHERE home_no = $2 AND type_no = $3 AND row = $4
             )",
            params![custodian_no, home_no, type_no, row],
        )?;
        let (first, last) = items::of_row(row);
        for sql in INDEX_TABLES {
            self.run(sql, params![home_no, type_no, row, first, last])?;
        }
        self.run("DELETE FROM mention WHERE row = $1", [row])?;
        Ok(())
    }

    pub(super) fn index(
        &mut self,
        row: i64,
        place: Place,
        values: &[IndexValue],
    ) -> Result<(), Error> {
        for value in values {
            let place_no = match value.aspect {
                Aspect::Value => self.symbol(value.path)?,
                aspect => self.symbol(&format!("{}{}", value.path, aspect.suffix()))?,
            };
            let row = value.item.map_or(row, |item| items::of_item(row, item));
            self.index_value(row, place, place_no, value)?;
        }
        Ok(())
    }

    fn index_value(
        &mut self,
        row: i64,
        place: Place,
        place_no: i64,
        value: &IndexValue,
    ) -> Result<(), Error> {
        let (home_no, type_no) = (place.home_no, place.type_no);
        match &value.key {
            IndexKey::Token { system, code } => {
                let system_no = self.symbol(system)?;
                self.run(
                    "INSERT INTO index_token (home_no, type_no, param_no, code, system_no, row)
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                    params![home_no, type_no, place_no, code, system_no, row],
                )?;
                if value.aspect == Aspect::Value && OWN_IDENTIFIERS.contains(&value.path) {
                    self.run(
                        "INSERT INTO own_identifier (custodian_no, type_no, value, system_no, row)
                         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                        params![place.custodian_no, type_no, code, system_no, row],
                    )?;
                }
            }
            IndexKey::Text { folded, exact } => {
                self.run(
                    "INSERT INTO index_text (home_no, type_no, param_no, folded, exact, row)
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                    params![home_no, type_no, place_no, folded, exact, row],
                )?;
            }
            IndexKey::Date { from_us, to_us } => {
                self.run(
                    "INSERT INTO index_date (home_no, type_no, param_no, from_us, to_us, row)
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                    params![home_no, type_no, place_no, from_us, to_us, row],
                )?;
            }
            IndexKey::Reference { rtype, id } => {
                let target_type_no = self.symbol(rtype)?;
                self.run(
                    "INSERT INTO index_reference
                         (home_no, type_no, param_no, target, target_type_no, row)
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                    params![home_no, type_no, place_no, target(id), target_type_no, row],
                )?;
            }
            IndexKey::Uri(uri) => {
                self.run(
                    "INSERT INTO index_uri (home_no, type_no, param_no, uri, row)
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                    params![home_no, type_no, place_no, uri, row],
                )?;
            }
            IndexKey::Quantity {
                low,
                high,
                system,
                code,
            } => {
                let system_no = self.symbol(system)?;
                self.run(
                    "INSERT INTO index_quantity
                         (home_no, type_no, param_no, low, high, code, system_no, row)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
                    params![home_no, type_no, place_no, low, high, code, system_no, row],
                )?;
            }
        }
        Ok(())
    }

    pub(super) fn note_mentions(&self, row: i64, mentions: &[ResourceId]) -> Result<(), Error> {
        for patient in mentions {
            self.run(
                "INSERT INTO mention (row, patient) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                params![row, patient.0],
            )?;
        }
        Ok(())
    }
}
