//! What tells single items of a record apart, where label classes do not.

use std::collections::BTreeSet;

use super::Circumstances;
use crate::authority::{Authority, AuthorityKind, HEALTH_RECORDS_ACT};
use crate::consent::Provision;
use crate::{ItemId, Moment, Reach, Timestamp};

/// The moments, codes and items by which something among the circumstances tells rows of one label
/// class apart. Two rows that differ in none of these are decided alike.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Apart {
    /// Moments before and after which things were written.
    pub moments: BTreeSet<Moment>,
    /// Clinical codes, as `system|code`.
    pub codes: BTreeSet<String>,
    /// Items named one by one.
    pub items: BTreeSet<ItemId>,
}

impl Apart {
    /// Whether label classes say all that matters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A moment that stands for when something was written: no rule tells the two apart. `None` if
    /// no rule asks when.
    #[must_use]
    pub fn written(&self, at: Moment) -> Option<Moment> {
        let first = self.moments.first()?;
        let before_all = || Moment(Timestamp(first.0.0.saturating_sub(1)));
        let since = self.moments.range(..=at).next_back();
        Some(since.copied().unwrap_or_else(before_all))
    }

    fn reach(&mut self, reach: &Reach) {
        self.moments.extend(reach.written_from);
        self.moments.extend(reach.written_before);
        self.items.extend(reach.items.iter().cloned());
    }

    fn provision(&mut self, provision: &Provision) {
        self.moments.extend(provision.written_from);
        self.moments.extend(provision.written_before);
        self.codes.extend(provision.codes.iter().cloned());
        self.items.extend(provision.items.iter().cloned());
        for exception in &provision.provisions {
            self.provision(exception);
        }
    }
}

impl Circumstances {
    /// By what these circumstances tell single items apart.
    #[must_use]
    pub fn apart(&self) -> Apart {
        let mut apart = Apart::default();
        let wishes = self.wishes.iter().map(|it| &it.about);
        let reaches = wishes
            .chain(self.orders.iter().map(|it| &it.about))
            .chain(self.bars.iter().map(|it| &it.about))
            .chain(self.delays.iter().map(|it| &it.about))
            .chain(self.harm_opinions.iter().map(|it| &it.about))
            .chain(self.requirements.iter().map(|it| &it.about))
            .chain(self.approvals.iter().map(|it| &it.about))
            .chain(self.holder_decisions.iter().map(|it| &it.about))
            .chain(self.authorities.iter().map(|it| &it.scope));
        for reach in reaches {
            apart.reach(reach);
        }
        for consent in &self.consents {
            apart.provision(&consent.provision);
        }
        // What was written since somebody was suspected or feared is kept from them.
        apart
            .moments
            .extend(self.allegations.iter().map(|it| it.since));
        let feared = self.risks.iter().filter(|it| it.from_party.is_some());
        apart.moments.extend(feared.map(|it| it.since));
        // The record of somebody who died opens from the day on which the law says so.
        let after_death = |it: &Authority| {
            matches!(
                it.kind,
                AuthorityKind::Executor | AuthorityKind::DeceasedClaimant
            )
        };
        if self.authorities.iter().any(after_death) {
            apart.moments.insert(HEALTH_RECORDS_ACT);
        }
        apart
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse(text).expect("a moment")
    }

    #[test]
    fn what_was_written_between_two_boundaries_is_written_at_the_earlier_one() {
        let apart = Apart {
            moments: [at("2027-01-01"), at("2027-02-01")].into(),
            ..Apart::default()
        };
        let written = |text| apart.written(at(text));
        assert_eq!(written("2027-01-15"), Some(at("2027-01-01")));
        assert_eq!(written("2027-02-01"), Some(at("2027-02-01")));
        assert!(written("2026-12-31") < Some(at("2027-01-01")));
        assert_eq!(written("2026-12-31"), written("1990-05-05"));
        assert_eq!(Apart::default().written(at("2027-01-15")), None);
    }
}
