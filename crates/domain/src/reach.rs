//! What a wish, restriction, power or requirement extends to.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;
use crate::{Category, Confidentiality, ItemId, LabelClass, Sensitivity};

/// What something extends to. Conditions in different fields must all hold, several values in one
/// field are alternatives, a field left out sets no condition; with none, it is everything.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Reach {
    /// What it is about.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub categories: BTreeSet<Category>,
    /// Why it is held closely.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub sensitivities: BTreeSet<Sensitivity>,
    /// Held at least this closely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Confidentiality>,
    /// These items.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub items: BTreeSet<ItemId>,
    /// Written from this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_from: Option<Moment>,
    /// Written before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_before: Option<Moment>,
}

/// Whether something falls under a reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Falls {
    /// It does.
    Under,
    /// It does not.
    Outside,
    /// That cannot be told: the reach speaks of when it was written, or of single items, and that
    /// is not known of it.
    Unknown,
}

impl Reach {
    /// Whether it is everything.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether something with these labels falls under it. `item` and `written` are what is known
    /// of it as a single item.
    #[must_use]
    pub fn falls(
        &self,
        label: &LabelClass,
        item: Option<&ItemId>,
        written: Option<Moment>,
    ) -> Falls {
        let meets = |wanted: bool, has: bool| !wanted || has;
        let by_label = meets(
            !self.categories.is_empty(),
            !self.categories.is_disjoint(&label.categories),
        ) && meets(
            !self.sensitivities.is_empty(),
            !self.sensitivities.is_disjoint(&label.sensitivities),
        ) && self
            .at_least
            .is_none_or(|least| label.confidentiality >= least);
        let by_item = match item {
            _ if self.items.is_empty() => Falls::Under,
            Some(item) if self.items.contains(item) => Falls::Under,
            // What has no name of its own is none of the items named.
            _ => Falls::Outside,
        };
        if !by_label || by_item == Falls::Outside {
            return Falls::Outside;
        }
        self.by_time(written)
    }

    fn by_time(&self, written: Option<Moment>) -> Falls {
        if self.written_from.is_none() && self.written_before.is_none() {
            return Falls::Under;
        }
        let Some(written) = written else {
            return Falls::Unknown;
        };
        let inside = self.written_from.is_none_or(|from| from <= written)
            && self.written_before.is_none_or(|before| written < before);
        if inside { Falls::Under } else { Falls::Outside }
    }
}
