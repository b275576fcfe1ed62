//! Changes to `meta`, made or left out, at the top of a resource.

use super::Edit;
use crate::document::text::quote_into;
use crate::document::{Document, Node};

/// What to set in `meta` (<https://hl7.org/fhir/R4/resource.html#Meta>); `None` leaves it alone.
#[derive(Debug, Default)]
pub(crate) struct MetaEdit<'a> {
    pub version: Option<&'a str>,
    pub last_updated: Option<&'a str>,
    /// Labels to add to `meta.security`, unless already there.
    pub security: &'a [(&'a str, &'a str)],
    /// Codes to add to `meta.tag`, unless already there.
    pub tag: &'a [(&'a str, &'a str)],
}

impl MetaEdit<'_> {
    /// The edits that make the change. New members go to the front of `meta`; a new `meta` stands
    /// after `id`, which the caller puts there first.
    pub fn edits(&self, document: &Document<'_>) -> Vec<Edit> {
        let mut edits = Vec::new();
        let root = document.root();
        let Some(meta) = root.member("meta") else {
            let mut members = Vec::new();
            self.missing_members(None, &mut members);
            if !members.is_empty() {
                let with = [b",\"meta\":{", members.as_slice(), b"}"].concat();
                let at = front(root);
                edits.push(Edit { at: at..at, with });
            }
            return edits;
        };
        self.replace(meta, &mut edits);
        let mut members = Vec::new();
        self.missing_members(Some(meta), &mut members);
        if !members.is_empty() {
            members.push(b',');
            let at = meta.inner_span().start;
            edits.push(Edit {
                at: at..at,
                with: members,
            });
        }
        edits
    }

    /// Edits of members that are there.
    fn replace(&self, meta: Node<'_>, edits: &mut Vec<Edit>) {
        for (name, value) in [
            ("versionId", self.version),
            ("lastUpdated", self.last_updated),
        ] {
            if let (Some(node), Some(value)) = (meta.member(name), value) {
                let mut with = Vec::new();
                quote_into(&mut with, value);
                edits.push(Edit {
                    at: node.span(),
                    with,
                });
            }
        }
        for (name, codings) in [("security", self.security), ("tag", self.tag)] {
            if let Some(list) = meta.member(name) {
                let mut with = Vec::new();
                for coding in codings.iter().filter(|coding| !has_coding(list, **coding)) {
                    write_coding(&mut with, *coding);
                    with.push(b',');
                }
                let at = list.inner_span().start;
                edits.push(Edit { at: at..at, with });
            }
        }
    }

    /// Members that are not there, joined by commas.
    fn missing_members(&self, meta: Option<Node<'_>>, out: &mut Vec<u8>) {
        let is_missing = |name: &str| meta.and_then(|meta| meta.member(name)).is_none();
        let mut member = |name: &str, value: &[u8]| {
            if !out.is_empty() {
                out.push(b',');
            }
            quote_into(out, name);
            out.push(b':');
            out.extend_from_slice(value);
        };
        for (name, value) in [
            ("versionId", self.version),
            ("lastUpdated", self.last_updated),
        ] {
            if let Some(value) = value.filter(|_| is_missing(name)) {
                let mut quoted = Vec::new();
                quote_into(&mut quoted, value);
                member(name, &quoted);
            }
        }
        for (name, codings) in [("security", self.security), ("tag", self.tag)] {
            if !codings.is_empty() && is_missing(name) {
                let mut list = vec![b'['];
                for (place, coding) in codings.iter().enumerate() {
                    if place > 0 {
                        list.push(b',');
                    }
                    write_coding(&mut list, *coding);
                }
                list.push(b']');
                member(name, &list);
            }
        }
    }
}

/// Where new elements of a resource go: after `id`, else after `resourceType`.
pub(super) fn front(root: Node<'_>) -> usize {
    let after = root.member("id").or_else(|| root.member("resourceType"));
    after.map_or(root.inner_span().start, |node| node.span().end)
}

fn has_coding(list: Node<'_>, (system, code): (&str, &str)) -> bool {
    list.children().any(|coding| {
        coding.text_at("system").as_deref() == Some(system)
            && coding.text_at("code").as_deref() == Some(code)
    })
}

fn write_coding(out: &mut Vec<u8>, (system, code): (&str, &str)) {
    out.extend_from_slice(b"{\"system\":");
    quote_into(out, system);
    out.extend_from_slice(b",\"code\":");
    quote_into(out, code);
    out.push(b'}');
}
