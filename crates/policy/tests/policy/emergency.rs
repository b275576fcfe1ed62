//! Bars, protected people and emergencies.

use domain::{Assurance, Category, ClassId, Confidentiality, Purpose, RelationshipKind};
use policy::{Answer, Obligation, Visibility};

use crate::people::*;

#[test]
fn a_bar_outlives_every_relationship_and_every_emergency_in_silence() {
    let craig = || sadia_ward_nurse().saying("she was brought in unconscious");
    let record = ordinary_record()
        .related(RelationshipKind::Admission, "hospital")
        .barring(&craig());
    for purpose in [
        Purpose::Treatment,
        Purpose::Emergency,
        Purpose::BreakGlass,
        Purpose::ChildConcern,
    ] {
        let decision = craig().asks(purpose, &record);
        assert_eq!(
            (decision.answer, grounds(&decision)),
            (Answer::Deny, vec!["R11"])
        );
        assert_eq!(decision.visibility, Visibility::Hidden);
        assert!(decision.counterfactuals.is_empty() && decision.withheld.is_empty());
    }
    assert!(dr_rao().asks(Purpose::Treatment, &record).answer.shares());
}

#[test]
fn a_bar_holds_until_it_is_lifted() {
    let mut record = ordinary_record()
        .related(RelationshipKind::Admission, "hospital")
        .barring(&sadia_ward_nurse());
    record.facts.bars[0].lifted = Some(now());
    assert!(
        sadia_ward_nurse()
            .asks(Purpose::Treatment, &record)
            .answer
            .shares()
    );
}

#[test]
fn a_protected_person_does_not_exist_for_the_uninvolved() {
    let record = ordinary_record().protected();
    for asks in [
        sadia_ward_nurse(),
        joan_receptionist(),
        bilal_out_of_hours(),
    ] {
        for purpose in [
            Purpose::Treatment,
            Purpose::AdultProtection,
            Purpose::Research,
        ] {
            let decision = asks.asks(purpose, &record);
            assert_eq!(
                (grounds(&decision), decision.visibility),
                (vec!["R02"], Visibility::Hidden)
            );
        }
    }
    let claims = sadia_ward_nurse().saying("I am covering the ward");
    assert_eq!(
        claims.asks(Purpose::Treatment, &record).visibility,
        Visibility::Hidden
    );
}

#[test]
fn a_protected_person_is_known_to_those_whom_an_event_brings_and_in_an_emergency() {
    let record = ordinary_record()
        .protected()
        .related(RelationshipKind::Registration, "practice");
    assert_eq!(
        joan_receptionist().asks(Purpose::Treatment, &record).answer,
        Answer::PermitPart
    );
    let rescue = dr_rao().saying("unconscious, no relative present");
    assert_eq!(
        rescue.asks(Purpose::Emergency, &record).answer,
        Answer::Permit
    );
}

#[test]
fn an_emergency_that_lacks_something_does_not_reveal_a_protected_person() {
    let record = ordinary_record().protected();
    let decision = dr_rao().asks(Purpose::Emergency, &record);
    assert_eq!(
        (grounds(&decision), decision.visibility),
        (vec!["R02"], Visibility::Hidden)
    );
}

#[test]
fn emergency_access_says_what_it_lacks() {
    let record = ordinary_record();
    let decision = dr_rao()
        .identified(Assurance::Low)
        .asks(Purpose::Emergency, &record);
    assert_eq!(
        (decision.answer, grounds(&decision)),
        (Answer::Deny, vec!["R01"])
    );
    assert_eq!(advice(&decision), ["reason", "step-up"]);

    let with_reason = dr_rao().saying("collapsed").identified(Assurance::Low);
    assert_eq!(
        advice(&with_reason.asks(Purpose::Emergency, &record)),
        ["step-up"]
    );
    let whole = dr_rao().saying("collapsed").identified(Assurance::High);
    assert_eq!(
        whole.asks(Purpose::Emergency, &record).answer,
        Answer::Permit
    );
}

#[test]
fn emergency_access_is_for_clinicians() {
    let record = ordinary_record().related(RelationshipKind::Registration, "practice");
    let decision = joan_receptionist()
        .saying("he collapsed")
        .asks(Purpose::Emergency, &record);
    assert_eq!(
        (decision.answer, grounds(&decision)),
        (Answer::Deny, vec!["R03"])
    );
}

#[test]
fn an_emergency_beats_an_objection_but_not_a_lock() {
    let record = empty_record()
        .holding(
            "practice",
            Category::Medicines,
            Confidentiality::Restricted,
            &[],
        )
        .objecting(domain::Audience::Everyone, domain::Scope::Everything)
        .objecting(
            domain::Audience::Everyone,
            domain::Scope::Resource(resource(3)),
        )
        .locking(resource(4), "practice", ClassId(1));
    let decision = dr_rao()
        .saying("collapsed")
        .asks(Purpose::Emergency, &record);
    let mask = decision.permit.unwrap();
    assert!(mask.mask().opens(ClassId(1), &resource(3)));
    assert!(!mask.mask().opens(ClassId(1), &resource(4)));
    // The locked thing is a medicine: whoever prescribes must at least know that one is missing.
    assert!(
        decision
            .obligations
            .contains(&Obligation::SignalMissingMedicine)
    );
}
