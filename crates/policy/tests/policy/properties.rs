//! Properties P1, P2, P3, P6 and P8 of the security paper, over invented people and requests.

use std::collections::BTreeSet;

use domain::{
    Assurance, Audience, Bar, Caller, Capacity, Category, ClassId, Confidentiality, HomeId,
    LabelClass, Lock, Objection, OrganisationId, OrganisationKind, PersonId, Purpose, Relationship,
    RelationshipKind, ResourceId, Role, Scope, Sensitivity, Timestamp, WorkerId,
};
use policy::{Answer, Decision, Facts, Mask, Request};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::people::{ISHBEL, days, now, policies};

const ORGANISATIONS: &[&str] = &["hospital", "practice", "council"];
const WORKERS: &[&str] = &["ada", "ben"];

fn organisation() -> impl Strategy<Value = OrganisationId> {
    select(ORGANISATIONS).prop_map(OrganisationId::from)
}

fn worker() -> impl Strategy<Value = WorkerId> {
    select(WORKERS).prop_map(WorkerId::from)
}

fn resource() -> impl Strategy<Value = ResourceId> {
    (1_u8..4).prop_map(|number| ResourceId([number; 16]))
}

/// Instants around now, so that boundaries are met.
fn instant() -> impl Strategy<Value = Timestamp> {
    select(vec![-days(2), -1, 0, 1, days(2)]).prop_map(|seconds| now().plus_seconds(seconds))
}

fn label() -> impl Strategy<Value = LabelClass> {
    (
        organisation(),
        select(Confidentiality::ALL),
        prop::collection::btree_set(select(Category::ALL), 1..3),
        prop::collection::btree_set(select(Sensitivity::ALL), 0..2),
    )
        .prop_map(
            |(custodian, confidentiality, categories, sensitivities)| LabelClass {
                custodian,
                author_role: None,
                confidentiality,
                categories,
                sensitivities,
            },
        )
}

fn relationship() -> impl Strategy<Value = Relationship> {
    (
        select(RelationshipKind::ALL),
        organisation(),
        option::of(worker()),
        instant(),
        option::of(instant()),
    )
        .prop_map(|(kind, organisation, worker, since, until)| Relationship {
            kind,
            organisation,
            team: None,
            worker,
            since,
            until,
            evidence: None,
        })
}

fn audience() -> impl Strategy<Value = Audience> {
    prop_oneof![
        Just(Audience::Everyone),
        organisation().prop_map(Audience::Organisation),
        select(OrganisationKind::ALL).prop_map(Audience::Kind),
        worker().prop_map(Audience::Worker),
    ]
}

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        Just(Scope::Everything),
        select(Category::ALL).prop_map(Scope::Category),
        select(Sensitivity::ALL).prop_map(Scope::Sensitivity),
        select(Confidentiality::ALL).prop_map(Scope::AtLeast),
        resource().prop_map(Scope::Resource),
        Just(Scope::NotUnderstood),
    ]
}

fn objection() -> impl Strategy<Value = Objection> {
    (
        audience(),
        scope(),
        option::of(select(Purpose::ALL)),
        instant(),
        option::of(instant()),
    )
        .prop_map(|(audience, scope, purpose, since, until)| Objection {
            audience,
            scope,
            purpose,
            since,
            until,
            evidence: ResourceId([200; 16]),
        })
}

fn bar() -> impl Strategy<Value = Bar> {
    (worker(), instant(), option::of(instant())).prop_map(|(worker, since, lifted)| Bar {
        worker,
        since,
        lifted,
    })
}

fn lock() -> impl Strategy<Value = Lock> {
    (resource(), organisation(), instant()).prop_map(|(resource, holder, since)| Lock {
        resource,
        holder,
        team: None,
        since,
    })
}

prop_compose! {
    fn facts()(
        protected in prop::bool::weighted(0.1),
        relationships in vec(relationship(), 0..4),
        objections in vec(objection(), 0..3),
        bars in vec(bar(), 0..2),
        locks in vec(lock(), 0..2),
        labels in vec(label(), 0..8),
        named in vec((resource(), 1_i32..8), 0..3),
        only_locked in vec(1_i32..8, 0..2),
    ) -> Facts {
        Facts {
            person: ISHBEL,
            joined: Vec::new(),
            homes: vec![(HomeId([1; 16]), 1), (HomeId([2; 16]), 5)],
            protected,
            relationships,
            objections,
            bars,
            locks,
            classes: (1..).map(ClassId).zip(labels).collect(),
            only_locked: only_locked.into_iter().map(ClassId).collect(),
            named: named.into_iter().map(|(id, class)| (id, ClassId(class))).collect(),
            cells: Vec::new(),
            circumstances: domain::Circumstances::default(),
        }
    }
}

/// A class is wholly locked only if there is a lock on every resource that is known to carry it.
fn consistent(mut facts: Facts) -> Facts {
    let (named, locks) = (&facts.named, &facts.locks);
    facts.only_locked.retain(|class| {
        let mut resources = named.iter().filter(|(_, of)| of == class).peekable();
        resources.peek().is_some()
            && resources.all(|(resource, _)| locks.iter().any(|lock| lock.resource == *resource))
    });
    facts
}

fn capacity() -> impl Strategy<Value = Capacity> {
    let staff = (
        worker(),
        select(Role::ALL),
        organisation(),
        select(OrganisationKind::ALL),
    )
        .prop_map(
            |(worker, role, organisation, organisation_kind)| Capacity::Worker {
                worker,
                role,
                organisation,
                organisation_kind,
                team: None,
            },
        );
    prop_oneof![
        9 => staff,
        1 => select(vec![ISHBEL, PersonId([8; 16])]).prop_map(Capacity::Person),
    ]
}

prop_compose! {
    fn request()(
        capacity in capacity(),
        assurance in select(vec![Assurance::Low, Assurance::Substantial, Assurance::High]),
        purpose in select(Purpose::ALL),
        reason in option::of(select(vec!["", "she is in front of me"])),
    ) -> Request {
        Request {
            caller: Caller { name: "Ada".to_owned(), capacity, assurance },
            person: ISHBEL,
            purpose,
            reason: reason.map(str::to_owned),
            asks: policy::Asks::default(),
        }
    }
}

fn decide(request: &Request, facts: &Facts) -> Decision {
    policy::decide(request, facts, policies(), now())
}

fn mask(decision: &Decision) -> Mask {
    decision
        .permit
        .as_ref()
        .map(|permit| permit.mask().clone())
        .unwrap_or_default()
}

/// Whether everything that `inner` opens, `outer` opens too.
fn is_within(inner: &Mask, outer: &Mask) -> bool {
    inner.classes.is_subset(&outer.classes)
        && (inner.is_empty() || outer.without.is_subset(&inner.without))
}

/// Everything that anyone could read of a decision, in words.
fn as_read(decision: &Decision) -> String {
    format!("{decision:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn p1_one_more_no_never_opens_more(
        facts in facts().prop_map(consistent), request in request(), objection in objection(), bar in bar(), lock in lock(),
    ) {
        let before = mask(&decide(&request, &facts));
        let mut objected = facts.clone();
        objected.objections.push(objection);
        prop_assert!(is_within(&mask(&decide(&request, &objected)), &before));
        let mut barred = facts.clone();
        barred.bars.push(bar);
        prop_assert!(is_within(&mask(&decide(&request, &barred)), &before));
        let mut locked = facts;
        locked.locks.push(lock);
        prop_assert!(is_within(&mask(&decide(&request, &locked)), &before));
    }

    #[test]
    fn p2_the_order_of_facts_does_not_matter(facts in facts().prop_map(consistent), request in request()) {
        let mut turned = facts.clone();
        turned.homes.reverse();
        turned.relationships.reverse();
        turned.objections.reverse();
        turned.bars.reverse();
        turned.locks.reverse();
        turned.classes.reverse();
        turned.only_locked.reverse();
        turned.named.reverse();
        let (one, other) = (decide(&request, &facts), decide(&request, &turned));
        prop_assert_eq!(mask(&one), mask(&other));
        prop_assert_eq!((one.answer, &one.grounds, &one.opened), (other.answer, &other.grounds, &other.opened));
        prop_assert_eq!((&one.withheld, &one.referral, &one.other_referrals), (&other.withheld, &other.referral, &other.other_referrals));
        prop_assert_eq!((&one.because, &one.obligations), (&other.because, &other.obligations));
        prop_assert_eq!(one.facts_digest, other.facts_digest);
    }

    #[test]
    fn a_digest_computed_before_decides_as_one_computed_now(facts in facts().prop_map(consistent), request in request()) {
        let fresh = decide(&request, &facts);
        let digested = facts.clone().digested();
        prop_assert_eq!(digested.encode(), facts.encode());
        for _ in 0..2 {
            let before = policy::decide(&request, &digested, policies(), now());
            prop_assert_eq!(before.facts_digest, facts.digest());
            prop_assert_eq!(as_read(&before), as_read(&fresh));
            prop_assert_eq!(mask(&before), mask(&fresh));
        }
    }

    #[test]
    fn p3_kept_facts_replay_to_the_same_decision(facts in facts().prop_map(consistent), request in request()) {
        let first = decide(&request, &facts);
        let kept: Facts = serde_json::from_slice(&facts.encode()).unwrap();
        let again = decide(&request, &kept);
        prop_assert_eq!(again.facts_digest, first.facts_digest);
        let sorted = decide(&request, &serde_json::from_slice(&kept.encode()).unwrap());
        prop_assert_eq!(as_read(&again), as_read(&sorted));
        prop_assert_eq!(mask(&first), mask(&again));
    }

    #[test]
    fn p6_every_refusal_has_a_ground_and_every_sharing_a_basis(facts in facts().prop_map(consistent), request in request()) {
        let decision = decide(&request, &facts);
        match decision.answer {
            Answer::Permit => {
                prop_assert!(decision.grounds.is_empty() && decision.withheld.is_empty());
                prop_assert!(decision.permit.is_some() && decision.basis.is_some());
            }
            Answer::PermitPart => {
                prop_assert!(!decision.grounds.is_empty() && !decision.withheld.is_empty());
                prop_assert!(decision.permit.is_some() && decision.basis.is_some());
            }
            Answer::Refer => {
                prop_assert!(!decision.grounds.is_empty() && decision.referral.is_some());
                prop_assert!(decision.permit.is_none() && decision.basis.is_none());
            }
            Answer::Deny => {
                prop_assert!(!decision.grounds.is_empty());
                prop_assert!(decision.permit.is_none() && decision.basis.is_none());
            }
        }
    }

    #[test]
    fn p8_a_more_specific_purpose_never_opens_more(facts in facts().prop_map(consistent), request in request()) {
        let emergency = request.purpose.is_a(Purpose::Emergency);
        if let (Some(parent), false) = (request.purpose.parent(), emergency) {
            let general = Request { purpose: parent, ..request.clone() };
            // An objection to the general purpose alone cannot exist: a kind of it is covered too.
            let specific = mask(&decide(&request, &facts));
            prop_assert!(specific.classes.is_subset(&mask(&decide(&general, &facts)).classes));
        }
    }

    #[test]
    fn nothing_is_said_about_what_is_hidden(facts in facts().prop_map(consistent), request in request()) {
        let decision = decide(&request, &facts);
        if decision.visibility == policy::Visibility::Hidden {
            prop_assert!(decision.permit.is_none() && decision.withheld.is_empty());
            prop_assert!(decision.counterfactuals.is_empty() && decision.referral.is_none());
        }
    }

    /// Rows that are very restricted and not open change nothing that the caller can read.
    #[test]
    fn p7_hidden_classes_change_nothing(facts in facts().prop_map(consistent), request in request()) {
        let decision = decide(&request, &facts);
        let medicine = |label: &LabelClass| label.categories.contains(&Category::Medicines);
        let hidden: BTreeSet<ClassId> = facts
            .classes
            .iter()
            .filter(|(id, label)| {
                label.confidentiality == Confidentiality::VeryRestricted
                    && !mask(&decision).classes.contains(id)
                    && !medicine(label)
            })
            .map(|(id, _)| *id)
            .collect();
        // Who must protect somebody is told whom to ask, whatever it is about.
        if request.purpose.is_protection() || request.purpose.is_a(Purpose::PersonRequest) {
            return Ok(());
        }
        let mut without = facts;
        without.classes.retain(|(id, _)| !hidden.contains(id));
        let twin = decide(&request, &without);
        prop_assert_eq!(mask(&decision), mask(&twin));
        prop_assert_eq!((decision.answer, &decision.grounds, &decision.withheld), (twin.answer, &twin.grounds, &twin.withheld));
        prop_assert_eq!((&decision.obligations, &decision.counterfactuals), (&twin.obligations, &twin.counterfactuals));
    }
}
