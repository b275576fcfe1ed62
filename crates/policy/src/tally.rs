//! What the gates found class by class, gathered into one answer that says no more than the caller
//! may know.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Category, ClassId, Confidentiality, LabelClass, OrganisationId, ResourceId};

use crate::Mask;
use crate::case::Case;
use crate::decision::{Answer, ClassOutcome, Gate, Ground, Referral, Withheld};
use crate::explain::english;
use crate::gates::{Footing, Missing, Refer, Verdict, objections};

/// What has been found class by class, as the caller may know it.
#[derive(Default)]
pub(crate) struct Tally {
    pub mask: Mask,
    pub opened: BTreeSet<Category>,
    pub grounds: BTreeSet<Ground>,
    pub withheld: BTreeSet<Withheld>,
    pub referrals: BTreeMap<OrganisationId, Referral>,
    pub medicine_missing: bool,
}

impl Tally {
    /// Counts one class in, and says for the auditor what became of it.
    pub fn count(
        &mut self,
        class: ClassId,
        label: &LabelClass,
        gate: Gate,
        verdict: Verdict,
    ) -> ClassOutcome {
        let mut outcome = ClassOutcome {
            class,
            open: false,
            ground: None,
            sensitivity: None,
            gate,
            policy: None,
        };
        match verdict {
            Verdict::Open(policy) => {
                self.mask.classes.insert(class);
                self.opened.extend(&label.categories);
                outcome.open = true;
                outcome.policy = policy;
                return outcome;
            }
            Verdict::Withheld(ground, sensitivity) => {
                outcome.ground = Some(ground);
                outcome.sensitivity = sensitivity;
                self.withhold(label, ground);
            }
            Verdict::Referred(refer) => {
                outcome.ground = Some(refer.ground);
                self.refer(label, refer);
            }
        }
        self.medicine_missing |= label.categories.contains(&Category::Medicines);
        outcome
    }

    fn withhold(&mut self, label: &LabelClass, ground: Ground) {
        // What endangers by being known to exist is not even said to be withheld.
        if label.confidentiality < Confidentiality::VeryRestricted {
            self.list(label, ground);
        }
    }

    fn refer(&mut self, label: &LabelClass, refer: Refer) {
        // Nor may whoever has it be named, but to those who must protect somebody: of them the law
        // wants that they ask its holder.
        let must_ask = refer.missing == Missing::ProtectionJudgement;
        if label.confidentiality == Confidentiality::VeryRestricted && !must_ask {
            return;
        }
        self.list(label, refer.ground);
        self.referrals
            .entry(label.custodian.clone())
            .or_insert_with(|| Referral {
                decider: label.custodian.clone(),
                due_seconds: refer.due_seconds,
                missing: english::missing(refer.missing).to_owned(),
            });
    }

    fn list(&mut self, label: &LabelClass, ground: Ground) {
        self.grounds.insert(ground);
        for category in &label.categories {
            self.withheld.insert(Withheld {
                category: *category,
                ground,
                ask: label.custodian.clone(),
            });
        }
    }

    /// Takes out single resources: what is locked, and what the person objected to one by one.
    pub fn hold_back(&mut self, case: &Case<'_>, footing: &Footing) {
        if matches!(footing, Footing::OwnRecord) {
            return;
        }
        let speak_of_locks = matches!(footing, Footing::Emergency(_));
        for lock in case.closed_locks() {
            self.take_out(case, lock.resource);
            // Only in an emergency, so that its holder can be rung.
            if speak_of_locks {
                self.grounds.insert(Ground::Locked);
                self.withheld.insert(Withheld {
                    category: Category::Unsorted,
                    ground: Ground::Locked,
                    ask: lock.holder.clone(),
                });
            }
        }
        for resource in objections::resources(case, footing) {
            self.take_out(case, resource);
            // To say that the person objected to it would tell that it is there.
            if case.is_locked(resource) {
                continue;
            }
            if let Some((class, label)) = case.facts.class_of(resource)
                && self.mask.classes.contains(&class)
            {
                self.withhold(label, Ground::Objected);
            }
        }
    }

    fn take_out(&mut self, case: &Case<'_>, resource: ResourceId) {
        self.mask.without.insert(resource);
        self.medicine_missing |= case
            .facts
            .class_of(resource)
            .is_some_and(|(_, label)| label.categories.contains(&Category::Medicines));
    }

    /// The answer that all of it comes to.
    pub fn answer(&self) -> Answer {
        let shares = !self.mask.is_empty();
        let whole = self.grounds.is_empty();
        match (shares, whole) {
            // Nothing held that may be spoken of: all there is to see is shared, even if that is
            // nothing, so that hidden things change nothing.
            (_, true) => Answer::Permit,
            (true, false) => Answer::PermitPart,
            (false, false) if self.referrals.is_empty() => Answer::Deny,
            (false, false) => Answer::Refer,
        }
    }
}
