//! Numbers that stand for words, agencies and label classes. A number never changes its meaning,
//! so what one snapshot learnt holds for all.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

use domain::{ClassId, LabelClass, OrganisationId};

use super::pool::SqliteSnapshot;
use crate::Error;
use crate::sqlite::convert::Column;

/// Words come without end (code systems); above this many they are forgotten and read again.
const MOST: usize = 10_000;

/// What has been learnt so far.
#[derive(Default)]
pub(super) struct Interned {
    numbers: Learnt<String, i64>,
    words: Learnt<i64, String>,
    organisations: Learnt<i64, OrganisationId>,
    classes: Learnt<i64, LabelClass>,
}

struct Learnt<K, V>(RwLock<HashMap<K, V>>);

impl<K, V> Default for Learnt<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Hash + Eq, V: Clone> Learnt<K, V> {
    fn get<Q>(&self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(key).cloned()
    }

    fn learn(&self, key: K, value: V) -> V {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, value.clone());
        value
    }
}

impl SqliteSnapshot {
    /// The number of a word, if any row uses it.
    pub(super) fn symbol(&self, text: &str) -> Result<Option<i64>, Error> {
        let numbers = &self.pool.interned.numbers;
        if let Some(no) = numbers.get(text) {
            return Ok(Some(no));
        }
        let no = self.one("SELECT no FROM symbol WHERE text = $1", [text])?;
        Ok(no.map(|no| numbers.learn(text.to_owned(), no)))
    }

    pub(super) fn word(&self, no: i64) -> Result<String, Error> {
        let words = &self.pool.interned.words;
        if let Some(word) = words.get(&no) {
            return Ok(word);
        }
        let word = self
            .one("SELECT text FROM symbol WHERE no = $1", [no])?
            .ok_or_else(|| Column("symbol", "text").corrupt(no))?;
        Ok(words.learn(no, word))
    }

    pub(super) fn organisation(&self, no: i64) -> Result<OrganisationId, Error> {
        let organisations = &self.pool.interned.organisations;
        if let Some(id) = organisations.get(&no) {
            return Ok(id);
        }
        let id: String = self
            .one("SELECT id FROM organisation WHERE no = $1", [no])?
            .ok_or_else(|| Column("organisation", "id").corrupt(no))?;
        Ok(organisations.learn(no, OrganisationId::new(id)))
    }

    /// A class that a row carries.
    pub(super) fn class(&self, no: i64) -> Result<LabelClass, Error> {
        self.find_class(no)?
            .ok_or_else(|| Column("label_class", "no").corrupt(no))
    }

    pub(super) fn find_class(&self, no: i64) -> Result<Option<LabelClass>, Error> {
        let classes = &self.pool.interned.classes;
        if let Some(class) = classes.get(&no) {
            return Ok(Some(class));
        }
        let body: Option<String> = self.one("SELECT body FROM label_class WHERE no = $1", [no])?;
        let Some(body) = body else {
            return Ok(None);
        };
        let class = Column("label_class", "body").read_json(&body, no)?;
        Ok(Some(classes.learn(no, class)))
    }
}

/// A class's number as the mask knows it.
pub(super) fn class_id(no: i64) -> Result<ClassId, Error> {
    let no = Column("label_class", "no").read_number(no, no)?;
    Ok(ClassId(no))
}
