//! A statement put together: text with numbered parameters, and their values in order.

use std::collections::BTreeSet;

use domain::ResourceId;
use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection};

/// At most so many ids are parameters of their own.
const MOST_IDS: usize = 1024;

/// Grows left to right, so that parameters are numbered in the order in which they appear.
#[derive(Debug, Default)]
pub(super) struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            values: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// A parameter with its value.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// Another statement's text and values; its parameters are numbered anew.
    pub(super) fn append(&mut self, other: Self) -> &mut Self {
        let mut values = other.values.into_iter();
        for (place, text) in other.text.split('$').enumerate() {
            if place == 0 {
                self.push(text);
                continue;
            }
            let value = values.next().unwrap_or(Value::Null);
            self.bind(value);
            self.push(text.trim_start_matches(|digit: char| digit.is_ascii_digit()));
        }
        self
    }

    /// A parenthesised list of parameters. The last is repeated up to a power of two, so that
    /// masks of different sizes share a few prepared statements. No value: the list holds nothing.
    pub(super) fn list<V: Into<Value> + Clone>(
        &mut self,
        values: impl IntoIterator<Item = V>,
    ) -> &mut Self {
        let mut values: Vec<V> = values.into_iter().collect();
        let Some(last) = values.last().cloned() else {
            return self.push("(NULL)");
        };
        values.resize(values.len().next_power_of_two(), last);
        for (place, value) in values.into_iter().enumerate() {
            self.push(if place == 0 { "(" } else { ", " }).bind(value);
        }
        self.push(")")
    }

    /// The same of ids, however many: beyond what one statement takes as parameters they are one.
    pub(super) fn ids(&mut self, ids: &BTreeSet<ResourceId>) -> &mut Self {
        if ids.len() <= MOST_IDS {
            return self.list(ids.iter().map(|id| Value::Blob(id.0.to_vec())));
        }
        let mut json = String::from("[");
        for (place, ResourceId(bytes)) in ids.iter().enumerate() {
            json.push_str(if place == 0 { "\"" } else { "\",\"" });
            json.extend(bytes.iter().map(|byte| format!("{byte:02x}")));
        }
        json.push_str("\"]");
        self.push("(SELECT unhex(value) FROM json_each(").bind(json);
        self.push("))")
    }

    /// The statement with its values bound, ready for `raw_query`.
    pub(super) fn prepare<'a>(&self, db: &'a Connection) -> rusqlite::Result<CachedStatement<'a>> {
        let mut statement = db.prepare_cached(&self.text)?;
        for (place, value) in self.values.iter().enumerate() {
            statement.raw_bind_parameter(place + 1, value)?;
        }
        Ok(statement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_in_order_and_lists_share_their_text() {
        let mut three = Sql::new("a IN ");
        three.list([7_i64, 8, 9]).push(" AND b = ").bind(1_i64);
        let mut four = Sql::new("a IN ");
        four.list([4_i64, 5, 6, 7]).push(" AND b = ").bind(2_i64);

        assert_eq!(three.text, "a IN ($1, $2, $3, $4) AND b = $5");
        assert_eq!(three.text, four.text);
        assert_eq!(three.values.get(3), Some(&Value::Integer(9)));
    }

    #[test]
    fn what_is_appended_is_numbered_on() {
        let mut whole = Sql::new("a = ");
        whole.bind(1_i64);
        let mut part = Sql::new(" AND b IN ");
        part.list([2_i64, 3]);
        whole.append(part).push(" AND c = ").bind(4_i64);
        assert_eq!(whole.text, "a = $1 AND b IN ($2, $3) AND c = $4");
        assert_eq!(whole.values.len(), 4);
    }

    #[test]
    fn many_ids_are_one_parameter_and_mean_the_same() {
        let db = Connection::open_in_memory().unwrap();
        let ids: BTreeSet<_> = (0..5000_u128)
            .map(|no| ResourceId(no.to_be_bytes()))
            .collect();
        let found = |id: u128| {
            let mut sql = Sql::new("SELECT ");
            sql.bind(Value::Blob(id.to_be_bytes().to_vec()))
                .push(" IN ")
                .ids(&ids);
            assert_eq!(sql.values.len(), 2);
            let mut statement = sql.prepare(&db).unwrap();
            let mut rows = statement.raw_query();
            rows.next().unwrap().unwrap().get::<_, bool>(0).unwrap()
        };
        assert!(found(4999) && !found(5000));
    }

    #[test]
    fn an_empty_list_holds_nothing() {
        let mut none = Sql::new("1 IN ");
        none.list(Vec::<i64>::new());
        assert_eq!(none.text, "1 IN (NULL)");
    }
}
