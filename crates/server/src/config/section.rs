//! Reads a table of settings key by key and gathers everything that is wrong with it, so that one
//! start tells all. An environment variable stands before the file: `limits.body_bytes` is
//! `CANDOUR_LIMITS_BODY_BYTES`.

use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::str::FromStr;

use toml::{Table, Value};

/// Looks up an environment variable.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// One table of the file, emptied as its keys are read; what is left over nobody knows.
pub struct Section<'a> {
    path: String,
    table: Table,
    known: Vec<&'static str>,
    problems: &'a RefCell<Vec<String>>,
    environment: Environment<'a>,
}

impl<'a> Section<'a> {
    /// The file's outermost table.
    pub fn outermost(
        table: Table,
        problems: &'a RefCell<Vec<String>>,
        environment: Environment<'a>,
    ) -> Self {
        Self {
            path: String::new(),
            table,
            known: Vec::new(),
            problems,
            environment,
        }
    }

    /// Notes something wrong with a key.
    pub fn wrong(&self, key: &str, what: impl AsRef<str>) {
        let place = self.place(key);
        let what = what.as_ref();
        self.problems.borrow_mut().push(format!("{place}: {what}"));
    }

    /// A text.
    pub fn text(&mut self, key: &'static str) -> Option<String> {
        if let Some(text) = self.environment_text(key) {
            return Some(text);
        }
        match self.take(key)? {
            Value::String(text) => Some(text),
            _ => self.refuse(key, "expected a text in quotation marks"),
        }
    }

    /// A text that must be there.
    pub fn required(&mut self, key: &'static str) -> Option<String> {
        let before = self.problems.borrow().len();
        let text = self.text(key);
        if text.is_none() && self.problems.borrow().len() == before {
            self.wrong(key, "missing");
        }
        text
    }

    /// A text that reads as something else, such as an address.
    pub fn parsed<T: FromStr>(&mut self, key: &'static str, expected: &str) -> Option<T> {
        let text = self.text(key)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(_) => self.refuse(key, &format!("expected {expected}, not {text:?}")),
        }
    }

    /// A whole number within bounds.
    pub fn whole(&mut self, key: &'static str, bounds: RangeInclusive<u64>) -> Option<u64> {
        let value = match self.environment_text(key) {
            Some(text) => text.parse().ok(),
            None => match self.take(key)? {
                Value::Integer(number) => u64::try_from(number).ok(),
                _ => None,
            },
        };
        match value.filter(|number| bounds.contains(number)) {
            Some(number) => Some(number),
            None => {
                let (least, most) = bounds.into_inner();
                self.refuse(
                    key,
                    &format!("expected a whole number from {least} to {most}"),
                )
            }
        }
    }

    /// `true` or `false`.
    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        let value = match self.environment_text(key) {
            Some(text) => text.parse().ok(),
            None => self.take(key)?.as_bool(),
        };
        match value {
            Some(flag) => Some(flag),
            None => self.refuse(key, "expected true or false"),
        }
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        match choices.iter().find(|(word, _)| *word == text) {
            Some((_, value)) => Some(*value),
            None => {
                let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
                self.refuse(key, &format!("expected one of {}", words.join(", ")))
            }
        }
    }

    /// A list of texts.
    pub fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        let texts = self.take(key)?.as_array().and_then(|list| {
            list.iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
        });
        match texts {
            Some(texts) => Some(texts),
            None => self.refuse(key, "expected a list of texts"),
        }
    }

    /// A table of texts whose keys are the reader's own.
    pub fn words(&mut self, key: &'static str) -> Vec<(String, String)> {
        let table = self.section(key).table;
        let mut words = Vec::new();
        for (word, value) in table {
            match value {
                Value::String(text) => words.push((word, text)),
                _ => self.wrong(key, format!("expected a text for {word:?}")),
            }
        }
        words
    }

    /// A table within; empty if it is not there.
    pub fn section(&mut self, key: &'static str) -> Section<'a> {
        let table = match self.take(key) {
            None => Table::new(),
            Some(Value::Table(table)) => table,
            Some(_) => {
                self.wrong(key, format!("expected a table: `[{}]`", self.place(key)));
                Table::new()
            }
        };
        self.within(self.place(key), table)
    }

    /// A list of tables.
    pub fn sections(&mut self, key: &'static str) -> Vec<Section<'a>> {
        let list = match self.take(key) {
            None => return Vec::new(),
            Some(Value::Array(list)) => list,
            Some(_) => {
                self.wrong(key, format!("expected tables: `[[{key}]]`"));
                return Vec::new();
            }
        };
        let mut sections = Vec::new();
        for (place, value) in list.into_iter().enumerate() {
            match value {
                Value::Table(table) => {
                    sections.push(self.within(format!("{}[{place}]", self.place(key)), table));
                }
                _ => self.wrong(key, format!("expected tables: `[[{key}]]`")),
            }
        }
        sections
    }

    /// Names every key that nobody asked for, with the known key most like it.
    pub fn finish(self) {
        for key in self.table.keys() {
            let near = self
                .known
                .iter()
                .map(|known| (strsim::jaro_winkler(known, key), known))
                .filter(|(likeness, _)| *likeness > 0.8)
                .max_by(|(one, _), (other, _)| one.total_cmp(other));
            match near {
                Some((_, known)) => {
                    self.wrong(key, format!("no such setting: did you mean `{known}`?"));
                }
                None => self.wrong(key, "no such setting"),
            }
        }
    }

    fn within(&self, path: String, table: Table) -> Section<'a> {
        Section {
            path,
            table,
            known: Vec::new(),
            problems: self.problems,
            environment: self.environment,
        }
    }

    fn place(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        self.table.remove(key)
    }

    /// The variable's value; the file's, if any, then no longer matters.
    fn environment_text(&mut self, key: &'static str) -> Option<String> {
        let name = self.place(key).replace('.', "_").to_ascii_uppercase();
        let text = (self.environment)(&format!("CANDOUR_{name}"))?;
        self.take(key);
        Some(text)
    }

    fn refuse<T>(&self, key: &str, what: &str) -> Option<T> {
        self.wrong(key, what);
        None
    }
}
