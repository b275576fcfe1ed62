//! What the gates found class by class, gathered into one answer that says no more than the caller
//! may know.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Category, ClassId, Confidentiality, LabelClass, OrganisationId, ResourceId, Timestamp,
};

use crate::Mask;
use crate::case::Case;
use crate::decision::{Answer, ClassOutcome, Gate, Ground, Referral, ShownAs, Telling, Withheld};
use crate::explain::english;
use crate::gates::{Clock, Footing, Missing, Refer, Verdict, objections};

/// What somebody must decide, and by when.
pub(crate) struct Wanted {
    clock: Clock,
    missing: BTreeSet<&'static str>,
    about: BTreeSet<(Category, Ground)>,
}

/// What has been found class by class, as the caller may know it.
#[derive(Default)]
pub(crate) struct Tally {
    pub mask: Mask,
    pub opened: BTreeSet<Category>,
    pub told: BTreeSet<Telling>,
    pub grounds: BTreeSet<Ground>,
    /// Of the grounds, those on which something is refused and not only waits for a decision.
    pub refused: BTreeSet<Ground>,
    /// What would change the answer where somebody decides.
    pub once_known: BTreeSet<&'static str>,
    pub withheld: BTreeSet<Withheld>,
    pub referrals: BTreeMap<OrganisationId, Wanted>,
    pub medicine_missing: bool,
    /// Something is not shown, and that much is said.
    pub marked: bool,
    /// Whether anything is shared; known once the mask was handed on.
    pub shares: bool,
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
            shown: ShownAs::Open,
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
                outcome.shown = ShownAs::Withheld;
                outcome.ground = Some(ground);
                outcome.sensitivity = sensitivity;
                self.withhold(label, ground);
            }
            Verdict::Hidden(ground) => {
                outcome.shown = ShownAs::Hidden;
                outcome.ground = Some(ground);
            }
            Verdict::Marked(ground) => {
                outcome.shown = ShownAs::Marked;
                outcome.ground = Some(ground);
                self.marked = true;
            }
            Verdict::Reserved(ground, ask) => {
                outcome.shown = ShownAs::Withheld;
                outcome.ground = Some(ground);
                if label.confidentiality < Confidentiality::VeryRestricted {
                    self.refuse(ground);
                    self.list(label, ground, &ask);
                }
            }
            Verdict::Referred(refer) => {
                outcome.shown = ShownAs::Referred;
                outcome.ground = Some(refer.ground);
                self.refer(label, &refer);
            }
        }
        self.medicine_missing |= label.categories.contains(&Category::Medicines);
        outcome
    }

    fn withhold(&mut self, label: &LabelClass, ground: Ground) {
        // What endangers by being known to exist is not even said to be withheld.
        if label.confidentiality < Confidentiality::VeryRestricted {
            self.refuse(ground);
            self.list(label, ground, &label.custodian);
        }
    }

    /// That somebody decides about the request as a whole, before any class is looked at.
    pub fn refer_whole(&mut self, case: &Case<'_>, refer: &Refer) {
        self.grounds.insert(refer.ground);
        let decider = refer.decider.clone();
        let holder = || case.staff().map(|staff| staff.organisation.clone());
        if let Some(decider) = decider.or_else(holder) {
            self.send_to(decider, refer, &BTreeSet::new());
        }
    }

    fn send_to(&mut self, decider: OrganisationId, refer: &Refer, about: &BTreeSet<Category>) {
        self.once_known.insert(english::once_known(refer.missing));
        let wanted = self.referrals.entry(decider).or_insert(Wanted {
            clock: refer.clock,
            missing: BTreeSet::new(),
            about: BTreeSet::new(),
        });
        // Two things wanted of one decider: both are said, by the earlier time.
        wanted.clock = wanted.clock.min(refer.clock);
        wanted.missing.insert(english::missing(refer.missing));
        let about = about.iter().map(|category| (*category, refer.ground));
        wanted.about.extend(about);
    }

    /// To whom it goes, in their order.
    pub fn referrals(&self, now: Timestamp) -> impl Iterator<Item = Referral> {
        self.referrals.iter().map(move |(decider, wanted)| {
            let missing: Vec<_> = wanted.missing.iter().copied().collect();
            Referral {
                decider: decider.clone(),
                due_seconds: wanted.clock.seconds(),
                due_at: wanted.clock.due_at(now),
                missing: missing.join("; "),
                about: wanted.about.iter().copied().collect(),
            }
        })
    }

    fn refer(&mut self, label: &LabelClass, refer: &Refer) {
        // Nor may whoever has it be named, but to those who must protect somebody: of them the law
        // wants that they ask its holder.
        let must_ask = refer.missing == Missing::ProtectionJudgement;
        if label.confidentiality == Confidentiality::VeryRestricted && !must_ask {
            return;
        }
        let decider = refer.decider.as_ref().unwrap_or(&label.custodian);
        self.grounds.insert(refer.ground);
        self.list(label, refer.ground, decider);
        self.send_to(decider.clone(), refer, &label.categories);
    }

    fn refuse(&mut self, ground: Ground) {
        self.grounds.insert(ground);
        self.refused.insert(ground);
    }

    fn list(&mut self, label: &LabelClass, ground: Ground, ask: &OrganisationId) {
        for category in &label.categories {
            self.withheld.insert(Withheld {
                category: *category,
                ground,
                ask: ask.clone(),
            });
        }
    }

    /// Says what is not held here but elsewhere, where it was asked for by name.
    pub fn point_elsewhere(&mut self, case: &Case<'_>) {
        let asked = &case.request.asks.categories;
        for elsewhere in &case.known().elsewhere {
            if asked.contains(&elsewhere.category) {
                self.refuse(Ground::NotHeld);
                self.withheld.insert(Withheld {
                    category: elsewhere.category,
                    ground: Ground::NotHeld,
                    ask: elsewhere.ask.clone(),
                });
            }
        }
    }

    /// Takes out single resources: what is locked, and what the person objected to one by one.
    pub fn hold_back(&mut self, case: &Case<'_>, footing: &Footing) {
        // What the law requires is given past locks; the person's own record has none for them.
        if matches!(footing, Footing::OwnRecord | Footing::Required) {
            return;
        }
        let speak_of_locks = matches!(footing, Footing::Emergency(_));
        for lock in case.closed_locks() {
            self.take_out(case, lock.resource);
            // Only in an emergency, so that its holder can be rung.
            if speak_of_locks {
                self.refuse(Ground::Locked);
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
                match objections::withheld(case, None) {
                    Verdict::Referred(refer) => self.refer(label, &refer),
                    Verdict::Withheld(ground, _) => self.withhold(label, ground),
                    _ => {}
                }
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
        let shares = self.shares || !self.mask.is_empty() || !self.told.is_empty();
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
