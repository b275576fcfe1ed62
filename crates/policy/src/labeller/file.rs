//! The shape of a file of rules (`policies/labels/v1.toml`).

use std::collections::HashMap;

use domain::{Category, Confidentiality, Role, Sensitivity};
use serde::Deserialize;

use crate::policies::coded;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub version: String,
    /// The addresses of code systems, by the short names that rules use.
    pub systems: HashMap<String, Vec<String>>,
    pub types: HashMap<String, coded::List<Category>>,
    /// Types whose words are names and places, which prove nothing.
    pub wordless: Vec<String>,
    #[serde(default)]
    pub hold: Vec<HoldRule>,
    #[serde(default)]
    pub sort: Vec<SortRule>,
    #[serde(default)]
    pub author: Vec<AuthorRule>,
    pub declared: Declared,
    pub negation: Negation,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HoldRule {
    #[serde(deserialize_with = "coded::sensitivity")]
    pub because: Sensitivity,
    #[serde(deserialize_with = "coded::confidentiality")]
    pub held: Confidentiality,
    pub by: Signs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SortRule {
    #[serde(deserialize_with = "coded::category")]
    pub about: Category,
    pub types: Vec<String>,
    pub by: Signs,
}

/// By what a rule is recognised: any one of these.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signs {
    /// Codes, by the short name of their system.
    #[serde(default)]
    pub codes: HashMap<String, Vec<String>>,
    /// Beginnings of codes, by the short name of their system.
    #[serde(default)]
    pub families: HashMap<String, Vec<String>>,
    /// Beginnings of words, or phrases whose last word may go on.
    #[serde(default)]
    pub stems: Vec<String>,
    /// Whole words and phrases.
    #[serde(default)]
    pub words: Vec<String>,
    /// Phrases in which those words mean something else.
    #[serde(default)]
    pub except: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthorRule {
    #[serde(deserialize_with = "coded::role")]
    pub role: Role,
    /// Types to which it does not apply.
    #[serde(default)]
    pub spares: Vec<String>,
    #[serde(deserialize_with = "coded::sensitivity")]
    pub because: Sensitivity,
    #[serde(deserialize_with = "coded::confidentiality")]
    pub held: Confidentiality,
}

/// What contributors may declare in `meta.security`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Declared {
    /// The system of confidentiality codes.
    pub confidentiality: String,
    /// Systems whose codes say nothing about how closely something is held.
    pub ignored: Vec<String>,
    /// Codes of other systems that say how to handle something, not what it is.
    pub handling: Vec<String>,
    /// How closely each declared sensitivity is held.
    #[serde(rename = "means")]
    pub meanings: Vec<Meaning>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meaning {
    pub codes: Vec<String>,
    #[serde(deserialize_with = "coded::sensitivity")]
    pub because: Sensitivity,
    #[serde(deserialize_with = "coded::confidentiality")]
    pub held: Confidentiality,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Negation {
    /// What negates the words that follow.
    pub phrases: Vec<String>,
    /// Where a negation ends within a sentence.
    pub until: Vec<String>,
    /// How many words it reaches.
    pub reach: usize,
}
