//! The value sets that come with profiles, beside those that R4 requires itself.

use std::collections::HashMap;

use crate::definitions::value_set;
use crate::document::{Document, Node};

/// Value sets whose codes are listed, by URL.
#[derive(Debug, Default)]
pub(super) struct Sets(HashMap<String, Vec<Part>>);

/// Codes of one system.
#[derive(Debug)]
struct Part {
    system: String,
    /// These; all of them if none is named.
    codes: Vec<String>,
}

impl Sets {
    /// Adds a ValueSet. One that does not list its codes, by a filter or by other value sets, stays
    /// unknown.
    pub(super) fn add(&mut self, document: &Document<'_>) {
        let root = document.root();
        let Some(url) = root.text_at("url") else {
            return;
        };
        if let Some(parts) = expanded(root).or_else(|| composed(root)) {
            self.0.insert(url.into_owned(), parts);
        }
    }

    /// Whether the codes of a value set are known.
    pub(super) fn knows(&self, url: &str) -> bool {
        self.0.contains_key(bare(url)) || value_set(url).is_some()
    }

    /// Whether a value set has one of some codes; also where it is not known.
    pub(super) fn has_any(&self, url: &str, codes: &[(Option<String>, String)]) -> bool {
        let is_of = |part: &Part, system: &Option<String>, code: &String| {
            let is_system = system.as_ref().is_none_or(|system| *system == part.system);
            is_system && (part.codes.is_empty() || part.codes.contains(code))
        };
        match (self.0.get(bare(url)), value_set(url)) {
            (Some(parts), _) => codes
                .iter()
                .any(|(system, code)| parts.iter().any(|part| is_of(part, system, code))),
            (None, Some(set)) => codes
                .iter()
                .any(|(system, code)| set.has(system.as_deref(), code)),
            (None, None) => true,
        }
    }
}

fn bare(url: &str) -> &str {
    url.split_once('|').map_or(url, |(bare, _)| bare)
}

/// The codes of an expansion, narrower ones among them.
fn expanded(root: Node<'_>) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    for node in root.get("expansion")?.subtree() {
        if let (Some(system), Some(code)) = (node.text_at("system"), node.text_at("code")) {
            parts.push(Part {
                system: system.into_owned(),
                codes: vec![code.into_owned()],
            });
        }
    }
    Some(parts)
}

/// The codes that a composition lists.
fn composed(root: Node<'_>) -> Option<Vec<Part>> {
    let compose = root.get("compose")?;
    if compose.member("exclude").is_some() {
        return None;
    }
    let part = |include: Node<'_>| {
        let is_listed = include.member("filter").is_none() && include.member("valueSet").is_none();
        let codes = include.all("concept.code");
        let codes = codes.iter().filter_map(Node::as_str);
        Some(Part {
            system: include
                .text_at("system")
                .filter(|_| is_listed)?
                .into_owned(),
            codes: codes.map(Into::into).collect(),
        })
    };
    compose.all("include").into_iter().map(part).collect()
}
