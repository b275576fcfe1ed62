//! The properties that a decision promises (P1 to P12), over the invented cases: ten thousand in
//! `make test`, a million with `CANDOUR_LONG`.
//!
//! Each of them is asked of each case in one pass, since making a case costs as much as deciding it.
//! Two of the twelve are about more than a decision: P5 (nothing leaves without its entry) is held in
//! `sharing`, P9 (redacting twice is redacting once) in `fhir`.

use std::collections::BTreeSet;

use domain::person::CapacityAssertion;
use domain::{
    Audience, Capacity, ClassId, Confidentiality, Matter, MentalCapacity, Moment, Purpose,
    Timestamp,
};
use policy::{Answer, Asks, Decision, Facts, Mask, Request};

use crate::changes::{add_a_no, heed, only_general_permissions};
use crate::world::{self, Draw, ISHBEL, now};
use crate::{POLICIES, seeds};

fn decide(request: &Request, facts: &Facts) -> Decision {
    policy::decide(request, facts, &POLICIES, now())
}

fn mask(decision: &Decision) -> Mask {
    let permit = decision.permit.as_ref();
    permit
        .map(|permit| permit.mask().clone())
        .unwrap_or_default()
}

fn is_within(inner: &Mask, outer: &Mask) -> bool {
    let nothing_more_held_back = outer.without.is_subset(&inner.without);
    inner.classes.is_subset(&outer.classes) && (inner.is_empty() || nothing_more_held_back)
}

/// All that anybody reads of a decision, but for the digest of the facts.
fn as_read(decision: &Decision) -> String {
    let mut read = format!("{:?}", decision.answer);
    for part in [
        format!("{:?}", decision.grounds),
        format!("{:?}", decision.withheld),
        format!("{:?}", decision.told),
        format!("{:?} {:?}", decision.referral, decision.other_referrals),
        format!("{:?}", decision.obligations),
        format!("{:?}", decision.counterfactuals),
        format!("{:?} {:?}", decision.visibility, decision.because),
        format!("{:?}", mask(decision)),
    ] {
        read.push('\n');
        read.push_str(&part);
    }
    read
}

#[test]
fn every_decision_keeps_its_promises() {
    for seed in 0..seeds() {
        let (request, facts) = world::case(seed);
        let decision = decide(&request, &facts);
        let case = Case {
            seed,
            request: &request,
            facts: &facts,
            decision: &decision,
        };
        case.p1_one_more_no_never_opens_more();
        case.p2_the_order_of_facts_changes_nothing();
        case.p3_kept_facts_replay_to_the_same_decision();
        case.p4_nothing_comes_that_was_not_asked_for();
        case.p6_every_answer_has_its_reasons();
        case.p7_hidden_classes_change_nothing();
        case.p8_a_narrower_purpose_never_opens_more();
        case.p10_who_acts_sees_no_more_than_the_person_could();
        case.p11_a_delay_opens_at_its_date_and_a_bar_never();
        case.p12_what_is_said_to_change_the_answer_does();
    }
}

struct Case<'c> {
    seed: u64,
    request: &'c Request,
    facts: &'c Facts,
    decision: &'c Decision,
}

impl Case<'_> {
    fn p1_one_more_no_never_opens_more(&self) {
        let mut more = self.facts.clone();
        let what = add_a_no(&mut more, &mut Draw::of(self.seed ^ 0xF00D));
        let after = mask(&decide(self.request, &more));
        let before = mask(self.decision);
        assert!(
            is_within(&after, &before),
            "seed {}: with one more {what} {after:?}, without {before:?}",
            self.seed
        );
    }

    fn p2_the_order_of_facts_changes_nothing(&self) {
        let mut turned = self.facts.clone();
        let known = &mut turned.circumstances;
        turned.relationships.reverse();
        turned.objections.reverse();
        turned.bars.reverse();
        turned.locks.reverse();
        turned.classes.reverse();
        turned.named.reverse();
        known.person.capacity.reverse();
        known.authorities.reverse();
        known.ties.reverse();
        known.consents.reverse();
        known.wishes.reverse();
        known.orders.reverse();
        known.bars.reverse();
        known.delays.reverse();
        known.harm_opinions.reverse();
        known.allegations.reverse();
        known.risks.reverse();
        known.agreements.reverse();
        known.requirements.reverse();
        known.approvals.reverse();
        known.holder_decisions.reverse();
        known.elsewhere.reverse();
        known.items.reverse();
        // One resource that is said to be of two classes is no order of facts.
        let ids: BTreeSet<_> = self.facts.named.iter().map(|(id, _)| id).collect();
        if ids.len() == self.facts.named.len() {
            let other = decide(self.request, &turned);
            assert_eq!(
                as_read(self.decision),
                as_read(&other),
                "seed {}",
                self.seed
            );
            assert_eq!(
                self.decision.facts_digest, other.facts_digest,
                "seed {}",
                self.seed
            );
        }
    }

    fn p3_kept_facts_replay_to_the_same_decision(&self) {
        let bytes = self.facts.encode();
        let kept: Facts = serde_json::from_slice(&bytes).expect("kept facts");
        assert_eq!(kept.encode(), bytes, "seed {}", self.seed);
        let ids: BTreeSet<_> = self.facts.named.iter().map(|(id, _)| id).collect();
        if ids.len() == self.facts.named.len() {
            let again = decide(self.request, &kept);
            assert_eq!(
                as_read(self.decision),
                as_read(&again),
                "seed {}",
                self.seed
            );
            assert_eq!(
                again.facts_digest, self.decision.facts_digest,
                "seed {}",
                self.seed
            );
        }
    }

    fn p4_nothing_comes_that_was_not_asked_for(&self) {
        let asked = &self.request.asks.categories;
        for (id, label) in &self.facts.classes {
            let of_it = asked.is_empty() || !asked.is_disjoint(&label.categories);
            assert!(
                of_it || !mask(self.decision).classes.contains(id),
                "seed {}",
                self.seed
            );
        }
        let whole = Request {
            asks: Asks {
                categories: BTreeSet::new(),
                items: BTreeSet::new(),
                ..self.request.asks.clone()
            },
            ..self.request.clone()
        };
        let all = mask(&decide(&whole, self.facts));
        assert!(
            mask(self.decision).classes.is_subset(&all.classes),
            "seed {}",
            self.seed
        );
    }

    fn p6_every_answer_has_its_reasons(&self) {
        let it = self.decision;
        assert_eq!(
            it.answer == Answer::Permit,
            it.grounds.is_empty(),
            "seed {}",
            self.seed
        );
        assert_eq!(it.answer.shares(), it.basis.is_some(), "seed {}", self.seed);
        assert_eq!(
            it.answer.shares(),
            it.permit.is_some(),
            "seed {}",
            self.seed
        );
        assert_eq!(
            it.answer == Answer::Refer,
            it.referral.is_some() && !it.answer.shares(),
            "seed {}",
            self.seed
        );
    }

    /// What is very restricted, holds no medicine and did not open might as well not be there. Who
    /// protects somebody is told whom to ask, whatever it is about.
    fn p7_hidden_classes_change_nothing(&self) {
        if self.request.purpose.is_protection() {
            return;
        }
        let open = mask(self.decision).classes;
        let marked = self.decision.outcomes.iter();
        let said: BTreeSet<ClassId> = marked
            .filter(|outcome| outcome.shown == policy::decision::ShownAs::Marked)
            .map(|outcome| outcome.class)
            .collect();
        let named: BTreeSet<ClassId> = self.facts.named.iter().map(|(_, class)| *class).collect();
        let mut without = self.facts.clone();
        without.classes.retain(|(id, label)| {
            label.confidentiality < Confidentiality::VeryRestricted
                || open.contains(id)
                || said.contains(id)
                || named.contains(id)
                || label.categories.contains(&domain::Category::Medicines)
        });
        if without.classes.len() < self.facts.classes.len() {
            let twin = decide(self.request, &without);
            assert_eq!(as_read(self.decision), as_read(&twin), "seed {}", self.seed);
        }
    }

    fn p8_a_narrower_purpose_never_opens_more(&self) {
        let purpose = self.request.purpose;
        let special = purpose.is_a(Purpose::Emergency)
            || purpose == Purpose::AdultProtectionRequirement
            || purpose.is_a(Purpose::PersonRequest);
        let (Some(parent), false) = (purpose.parent(), special) else {
            return;
        };
        let mut facts = self.facts.clone();
        only_general_permissions(&mut facts);
        let wider = Request {
            purpose: parent,
            ..self.request.clone()
        };
        let narrow = mask(&decide(self.request, &facts));
        let wide = mask(&decide(&wider, &facts));
        assert!(
            narrow.classes.is_subset(&wide.classes),
            "seed {}",
            self.seed
        );
    }

    /// Whoever acts sees a part of what the person could see unhindered, by powers or by the person's
    /// own word.
    fn p10_who_acts_sees_no_more_than_the_person_could(&self) {
        let acts = self.request.asks.party.is_some();
        let known = &self.facts.circumstances;
        if !acts || !known.holder_decisions.is_empty() || !known.requirements.is_empty() {
            return;
        }
        let own = Request {
            purpose: Purpose::PersonRequest,
            caller: domain::Caller {
                capacity: Capacity::Person(ISHBEL),
                ..self.request.caller.clone()
            },
            asks: Asks {
                party: None,
                safe_channel: true,
                ..self.request.asks.clone()
            },
            ..self.request.clone()
        };
        let mut unhindered = self.facts.clone();
        unhindered.circumstances.delays.clear();
        unhindered.circumstances.harm_opinions.clear();
        // A young child asks once somebody has found that they understand what it means.
        unhindered.circumstances.person.capacity = vec![CapacityAssertion {
            matter: Matter::All,
            state: MentalCapacity::Capable,
            at: Moment(Timestamp(0)),
            until: None,
            by: None,
        }];
        let mut orders = known.orders.iter();
        let mut bars = known.bars.iter();
        let against_person = orders.any(|order| order.against.is_empty())
            || bars.any(|bar| bar.against.contains(&Audience::Everyone));
        if !against_person {
            let (acting, all) = (mask(self.decision), mask(&decide(&own, &unhindered)));
            assert!(acting.classes.is_subset(&all.classes), "seed {}", self.seed);
        }
    }

    fn p11_a_delay_opens_at_its_date_and_a_bar_never(&self) {
        for delay in &self.facts.circumstances.delays {
            let opens = delay.opens_at().0;
            assert!(!delay.holds(opens), "seed {}", self.seed);
            let before = opens.plus_seconds(-1);
            let begun = delay.since.0 <= before && delay.is_valid();
            assert_eq!(delay.holds(before), begun, "seed {}", self.seed);
        }
        for bar in &self.facts.circumstances.bars {
            let late = now().plus_seconds(3_650 * 86_400);
            let lifted = bar.lifted.is_some();
            assert_eq!(
                bar.is_live(late),
                bar.is_valid() && !lifted,
                "seed {}",
                self.seed
            );
            let due = bar.review_due.is_some_and(|due| due.0 <= late);
            assert_eq!(
                bar.is_overdue(late),
                bar.is_live(late) && due,
                "seed {}",
                self.seed
            );
        }
    }

    /// A fact that is said to change the answer does, if it alone stood in the way.
    fn p12_what_is_said_to_change_the_answer_does(&self) {
        let [advice] = self.decision.counterfactuals.as_slice() else {
            return;
        };
        if self.decision.grounds.len() > 1 {
            return;
        }
        let (mut request, mut facts) = (self.request.clone(), self.facts.clone());
        if heed(advice.code, &mut request, &mut facts) {
            let after = decide(&request, &facts);
            let same = as_read(&after) == as_read(self.decision);
            assert!(!same, "seed {}: {} changes nothing", self.seed, advice.code);
        }
    }
}
