//! The JSON reader: one pass over the bytes into a flat list of places, nothing copied.
//!
//! Stricter than JSON where FHIR is (<https://hl7.org/fhir/R4/json.html>): no duplicate names, no
//! empty objects, lists or strings, no list inside a list, and `null` only as a gap in a list
//! beside its `_` twin. It keeps its own stack, so depth is a limit and never a crash.

use super::node::{Kind, Slot};

/// Where reading stopped, and why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub at: usize,
    pub why: Why,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The JSON is malformed: this was expected.
    Expected(&'static str),
    /// It is JSON, but not FHIR.
    Forbidden(&'static str),
    /// Nested beyond the limit.
    TooDeep,
}

pub(super) type Read<T> = Result<T, Fault>;

/// A container that is still open.
struct Open {
    slot: u32,
    is_object: bool,
    children: u32,
    nulls: u32,
}

pub(super) struct Parser<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
    slots: Vec<Slot>,
    open: Vec<Open>,
    depth: usize,
    /// Names of the object being closed; kept to spare an allocation for each object.
    names: Vec<(u32, u32)>,
}

/// Reads one JSON object; the root is slot 0.
pub(super) fn read(text: &str, depth: usize) -> Read<Vec<Slot>> {
    let mut parser = Parser {
        bytes: text.as_bytes(),
        at: 0,
        slots: Vec::with_capacity(text.len() / 20 + 8),
        open: Vec::new(),
        depth,
        names: Vec::new(),
    };
    parser.document()?;
    Ok(parser.slots)
}

impl Parser<'_> {
    fn document(&mut self) -> Read<()> {
        self.space();
        if self.peek() != Some(b'{') {
            return Err(self.expected("an object"));
        }
        self.value((0, 0))?;
        while let Some(top) = self.open.last() {
            let (is_object, is_first) = (top.is_object, top.children == 0);
            self.space();
            if self.peek() == Some(if is_object { b'}' } else { b']' }) {
                self.close()?;
                continue;
            }
            if !is_first {
                self.comma(is_object)?;
            }
            let key = if is_object { self.key()? } else { (0, 0) };
            self.value(key)?;
        }
        self.space();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.expected("nothing after the object")),
        }
    }

    fn comma(&mut self, is_object: bool) -> Read<()> {
        if self.peek() != Some(b',') {
            let wanted = if is_object {
                "',' or '}'"
            } else {
                "',' or ']'"
            };
            return Err(self.expected(wanted));
        }
        self.at += 1;
        self.space();
        Ok(())
    }

    fn key(&mut self) -> Read<(u32, u32)> {
        if self.peek() != Some(b'"') {
            return Err(self.expected("an element name in quotes"));
        }
        let (start, end) = self.string()?;
        if end - start == 2 {
            return Err(self.fault(Why::Forbidden("an element without a name")));
        }
        if self.slice((start, end)).contains(&b'\\') {
            // No FHIR name needs one, and one could hide a repeated name from another reader.
            self.at = start as usize;
            return Err(self.fault(Why::Forbidden("an escape in an element name")));
        }
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.expected("':'"));
        }
        self.at += 1;
        self.space();
        Ok((start + 1, end - 1))
    }

    /// Reads a value; of a container, only its opening bracket.
    fn value(&mut self, key: (u32, u32)) -> Read<()> {
        let start = self.at as u32;
        let kind = match self.peek() {
            Some(b'{') => return self.open(Kind::Object, key),
            Some(b'[') => return self.open(Kind::Array, key),
            Some(b'"') => {
                let (start, end) = self.string()?;
                if end - start == 2 {
                    self.at = start as usize;
                    return Err(self.fault(Why::Forbidden("an empty string")));
                }
                Kind::String
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Kind::True)?,
            Some(b'f') => self.word("false", Kind::False)?,
            Some(b'n') => self.word("null", Kind::Null)?,
            _ => return Err(self.expected("a value")),
        };
        let next = self.slots.len() as u32 + 1;
        let value = (start, self.at as u32);
        self.slots.push(Slot {
            kind,
            key,
            value,
            next,
            has_gaps: false,
        });
        match self.open.last_mut() {
            Some(parent) => {
                parent.children += 1;
                parent.nulls += u32::from(kind == Kind::Null);
                if kind == Kind::Null && parent.is_object {
                    self.at = start as usize;
                    return Err(self.fault(Why::Forbidden("null as the value of an element")));
                }
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn open(&mut self, kind: Kind, key: (u32, u32)) -> Read<()> {
        if self.open.len() >= self.depth {
            return Err(self.fault(Why::TooDeep));
        }
        if let Some(parent) = self.open.last_mut() {
            parent.children += 1;
            if kind == Kind::Array && !parent.is_object {
                return Err(self.fault(Why::Forbidden("a list inside a list")));
            }
        }
        let slot = self.slots.len() as u32;
        let start = self.at as u32;
        self.slots.push(Slot {
            kind,
            key,
            value: (start, start),
            next: slot + 1,
            has_gaps: false,
        });
        self.open.push(Open {
            slot,
            is_object: kind == Kind::Object,
            children: 0,
            nulls: 0,
        });
        self.at += 1;
        Ok(())
    }

    fn close(&mut self) -> Read<()> {
        let Some(done) = self.open.pop() else {
            return Ok(());
        };
        if done.children == 0 {
            let what = if done.is_object {
                "an empty object"
            } else {
                "an empty list"
            };
            return Err(self.fault(Why::Forbidden(what)));
        }
        if done.nulls == done.children {
            return Err(self.fault(Why::Forbidden("a list of nothing but null")));
        }
        self.at += 1;
        let (end, next) = (self.at as u32, self.slots.len() as u32);
        if let Some(slot) = self.slots.get_mut(done.slot as usize) {
            slot.value.1 = end;
            slot.next = next;
            slot.has_gaps = done.nulls > 0;
        }
        if done.is_object {
            self.check_members(done.slot)
        } else {
            Ok(())
        }
    }

    /// Refuses an object that names an element twice, or has a gap that nothing explains.
    fn check_members(&mut self, object: u32) -> Read<()> {
        let mut names = std::mem::take(&mut self.names);
        names.clear();
        let mut gaps = None;
        for slot in self.children(object) {
            names.push(slot.key);
            if slot.has_gaps {
                gaps = Some(*slot);
            }
        }
        let repeated = self.repeated(&mut names);
        let unexplained = gaps.filter(|list| !self.has_twin(list, &names));
        self.names = names;
        let why = match (repeated, unexplained) {
            (Some(at), _) => (at, "the same element twice in one object"),
            (None, Some(list)) => (list.value.0, "null in a list"),
            (None, None) => return Ok(()),
        };
        self.at = why.0 as usize;
        Err(self.fault(Why::Forbidden(why.1)))
    }

    /// Where a name is repeated, if one is. Sorting keeps a hostile object with a million names
    /// from costing the square of that; few names are quicker to compare as they are.
    fn repeated(&self, names: &mut [(u32, u32)]) -> Option<u32> {
        if names.len() <= 16 {
            return names.iter().enumerate().find_map(|(place, name)| {
                let mut before = names.iter().take(place);
                before
                    .any(|other| self.slice(*other) == self.slice(*name))
                    .then_some(name.0)
            });
        }
        names.sort_unstable_by(|a, b| self.slice(*a).cmp(self.slice(*b)).then(a.cmp(b)));
        names.windows(2).find_map(|pair| match pair {
            [a, b] if self.slice(*a) == self.slice(*b) => Some(b.0),
            _ => None,
        })
    }

    /// Whether a list with gaps has its `_` twin, or is one.
    fn has_twin(&self, list: &Slot, names: &[(u32, u32)]) -> bool {
        let own = self.slice(list.key);
        let twin = |name: &(u32, u32)| match self.slice(*name) {
            [b'_', rest @ ..] => rest == own,
            _ => false,
        };
        own.first() == Some(&b'_') || names.iter().any(twin)
    }

    fn children(&self, parent: u32) -> impl Iterator<Item = &Slot> {
        let mut at = parent as usize + 1;
        std::iter::from_fn(move || {
            let slot = self.slots.get(at)?;
            at = slot.next as usize;
            Some(slot)
        })
    }

    fn word(&mut self, word: &'static str, kind: Kind) -> Read<Kind> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(self.expected("a value"));
        }
        self.at += word.len();
        Ok(kind)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn slice(&self, (start, end): (u32, u32)) -> &[u8] {
        self.bytes
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    pub(super) fn expected(&self, what: &'static str) -> Fault {
        self.fault(Why::Expected(what))
    }

    pub(super) fn fault(&self, why: Why) -> Fault {
        Fault { at: self.at, why }
    }
}
