//! Recorded consents: FHIR's Consent in one normal form for R4 and R5
//! (<https://hl7.org/fhir/R4/consent.html>).
//!
//! A consent is a tree of provisions. The root sets the base rule, a nested provision is an
//! exception to the one it stands in. What a consent says about a request is worked out by `policy`.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;
use crate::{
    Audience, Category, Confidentiality, ItemId, OrganisationId, PartyId, Purpose, Sensitivity,
};

/// Whether a provision allows or refuses.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ProvisionType {
    /// What matches is allowed.
    Permit,
    /// What matches is refused.
    Deny,
}

/// A rule of a consent. Different fields must all match, several values in one field are
/// alternatives, a field left out sets no condition.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Provision {
    /// Whether it allows or refuses.
    #[serde(rename = "type")]
    pub kind: ProvisionType,
    /// From when it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// Until when it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// With whom.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actors: Vec<Audience>,
    /// For which purposes; one covers every kind of itself.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub purposes: BTreeSet<Purpose>,
    /// How closely held: a permit reaches up to this, a deny from this upwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidentiality: Option<Confidentiality>,
    /// Why held closely.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub sensitivities: BTreeSet<Sensitivity>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub categories: BTreeSet<Category>,
    /// Clinical codes, as `system|code`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub codes: BTreeSet<String>,
    /// Single items, and what is related to them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub items: BTreeSet<ItemId>,
    /// Who wrote or holds it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub authors: BTreeSet<OrganisationId>,
    /// Written from this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_from: Option<Moment>,
    /// Written before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_before: Option<Moment>,
    /// What the recorded provision says that is not understood (an unknown code, a reference that
    /// leads nowhere). In a deny it could match anything; in a permit it matches nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_understood: Vec<String>,
    /// Exceptions to this rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provisions: Vec<Provision>,
}

/// Where a consent stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentStatus {
    /// In force, within its dates.
    Active,
    /// A draft, proposed, rejected or inactive.
    Inactive,
    /// Recorded by mistake.
    EnteredInError,
}

/// What a consent is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentScope {
    /// Who is told what.
    PatientPrivacy,
    /// Taking part in research.
    Research,
    /// Treatment, advance directives: no word on who is told what.
    Other,
}

/// A recorded consent.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Consent {
    /// Its own name.
    pub id: ItemId,
    /// Where it stands.
    pub status: ConsentStatus,
    /// What it is about.
    pub scope: ConsentScope,
    /// When it was given.
    pub given: Moment,
    /// When it was taken back. Whoever takes back an agreement with somebody named says no to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Moment>,
    /// The consent that it takes the place of. Without this an older one stands beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<ItemId>,
    /// Who gave it, if not the person: then it counts only as far as they may act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PartyId>,
    /// The base rule with its exceptions.
    pub provision: Provision,
}
