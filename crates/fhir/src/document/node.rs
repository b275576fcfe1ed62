//! A cursor over the parsed tree: each node knows its kind and its place in the bytes.

use std::borrow::Cow;
use std::ops::Range;

use super::text::unescape;

/// What a JSON value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `{...}`
    Object,
    /// `[...]`
    Array,
    /// `"..."`
    String,
    /// A number, whose digits are kept as written.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`, which FHIR allows only as a gap in a list of primitives.
    Null,
}

/// One value in the arena, in document order; `next` is the index after its whole subtree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub kind: Kind,
    /// The member's name without quotes; empty for list items and the root.
    pub key: (u32, u32),
    /// The value, with quotes or brackets.
    pub value: (u32, u32),
    pub next: u32,
    /// Whether this is a list with `null` among its items.
    pub has_gaps: bool,
}

/// A value in a [`Document`](super::Document).
#[derive(Clone, Copy)]
pub struct Node<'d> {
    pub(super) text: &'d str,
    pub(super) slots: &'d [Slot],
    pub(super) index: u32,
    pub(super) slot: Slot,
}

impl<'d> Node<'d> {
    pub(super) fn new(text: &'d str, slots: &'d [Slot], index: u32) -> Option<Self> {
        let slot = *slots.get(index as usize)?;
        Some(Self {
            text,
            slots,
            index,
            slot,
        })
    }

    /// What kind of value it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.slot.kind
    }

    /// A number that names this node within its document, growing in document order.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.index
    }

    /// The element's name; empty for list items and the root.
    #[must_use]
    pub fn key(&self) -> &'d str {
        self.slice(self.slot.key)
    }

    /// The value's bytes as received, quotes and brackets included.
    #[must_use]
    pub fn raw(&self) -> &'d str {
        self.slice(self.slot.value)
    }

    /// Where the value is, quotes and brackets included.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.slot.value.0 as usize..self.slot.value.1 as usize
    }

    /// Where the contents of a string are, without the quotes; of an object or list, without the
    /// brackets.
    #[must_use]
    pub fn inner_span(&self) -> Range<usize> {
        let Range { start, end } = self.span();
        match self.slot.kind {
            Kind::Object | Kind::Array | Kind::String => start + 1..end.saturating_sub(1),
            _ => start..end,
        }
    }

    /// Where the whole member is, from the opening quote of its name; for list items, the value.
    #[must_use]
    pub fn member_span(&self) -> Range<usize> {
        match self.slot.key {
            (0, 0) => self.span(),
            (start, _) => start.saturating_sub(1) as usize..self.slot.value.1 as usize,
        }
    }

    /// The text of a string; `None` for anything else.
    #[must_use]
    pub fn as_str(&self) -> Option<Cow<'d, str>> {
        match self.slot.kind {
            Kind::String => Some(unescape(self.text.get(self.inner_span())?)),
            _ => None,
        }
    }

    /// The value of a boolean; `None` for anything else.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.slot.kind {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    /// Whether it is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        self.slot.kind == Kind::Object
    }

    /// The members of an object or the items of a list, in order; empty for other values.
    #[must_use]
    pub fn children(&self) -> Children<'d> {
        let at = match self.slot.kind {
            Kind::Object | Kind::Array => self.index + 1,
            _ => self.slot.next,
        };
        Children {
            text: self.text,
            slots: self.slots,
            at,
            end: self.slot.next,
        }
    }

    /// The items of a list, or the value itself where it is not one.
    #[must_use]
    pub fn items(&self) -> Children<'d> {
        match self.slot.kind {
            Kind::Array => self.children(),
            _ => Children {
                text: self.text,
                slots: self.slots,
                at: self.index,
                end: self.slot.next,
            },
        }
    }

    /// The member of this name, if this is an object that has it.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<Node<'d>> {
        if self.slot.kind != Kind::Object {
            return None;
        }
        self.children().find(|child| child.key() == name)
    }

    /// The first value at a dotted path such as `code.coding.system`, entering the first item of
    /// lists that has it.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Node<'d>> {
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        let member = self.member(name)?;
        let mut items = member.items();
        match rest {
            "" => items.next(),
            rest => items.find_map(|item| item.get(rest)),
        }
    }

    /// The text of the first string at a dotted path.
    #[must_use]
    pub fn text_at(&self, path: &str) -> Option<Cow<'d, str>> {
        self.get(path)?.as_str()
    }

    /// Visits every value at a dotted path, entering every item of every list.
    pub fn each(&self, path: &str, visit: &mut dyn FnMut(Node<'d>)) {
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        let Some(member) = self.member(name) else {
            return;
        };
        for item in member.items() {
            match rest {
                "" => visit(item),
                rest => item.each(rest, visit),
            }
        }
    }

    /// Every value at a dotted path, entering every item of every list.
    #[must_use]
    pub fn all(&self, path: &str) -> Vec<Node<'d>> {
        let mut found = Vec::new();
        self.each(path, &mut |node| found.push(node));
        found
    }

    /// Every value below this one in document order, this one first.
    #[must_use]
    pub fn subtree(&self) -> Subtree<'d> {
        Subtree {
            text: self.text,
            slots: self.slots,
            at: self.index,
            end: self.slot.next,
        }
    }

    fn slice(&self, (start, end): (u32, u32)) -> &'d str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} at {:?}", self.slot.kind, self.span())
    }
}

/// The members or items of a value.
#[derive(Debug, Clone)]
pub struct Children<'d> {
    text: &'d str,
    slots: &'d [Slot],
    at: u32,
    end: u32,
}

impl<'d> Iterator for Children<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        if self.at >= self.end {
            return None;
        }
        let node = Node::new(self.text, self.slots, self.at)?;
        self.at = node.slot.next;
        Some(node)
    }
}

/// A value and everything below it.
#[derive(Debug, Clone)]
pub struct Subtree<'d> {
    text: &'d str,
    slots: &'d [Slot],
    at: u32,
    end: u32,
}

impl<'d> Iterator for Subtree<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        if self.at >= self.end {
            return None;
        }
        let node = Node::new(self.text, self.slots, self.at)?;
        self.at += 1;
        Some(node)
    }
}
