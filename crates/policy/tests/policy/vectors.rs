//! The vectors of decisions.md 5.4 that this depth of the rules can answer, by their numbers.

use domain::{
    Audience, Category, ClassId, Confidentiality, OrganisationKind, Purpose, RelationshipKind,
    Role, Scope, Sensitivity,
};
use policy::{Answer, Obligation, Visibility};

use crate::people::*;

#[test]
fn v01_the_registered_practice_sees_a_discharge_letter() {
    let record = empty_record()
        .holding(
            "hospital",
            Category::Documents,
            Confidentiality::Normal,
            &[],
        )
        .related(RelationshipKind::Registration, "practice");
    let decision = dr_lockhart_gp().asks(Purpose::Treatment, &record);

    assert_eq!(decision.answer, Answer::Permit);
    let basis = decision.basis.unwrap();
    assert_eq!(
        (basis.article_6, basis.article_9, basis.confidence),
        ("A-e", Some("B-h"), "C-imp")
    );
    assert_eq!(decision.because.unwrap().code, "registration");
}

#[test]
fn v02_a_medicine_held_closely_is_signalled_to_whoever_gives_medicines() {
    let record = empty_record()
        .holding(
            "hospital",
            Category::Medicines,
            Confidentiality::Normal,
            &[],
        )
        .holding(
            "hospital",
            Category::Medicines,
            Confidentiality::Restricted,
            &[Sensitivity::SexualHealth],
        )
        .related(RelationshipKind::Referral, "community-nursing");
    let nurse = worker(
        "Ruth Adair",
        Role::Nurse,
        "community-nursing",
        OrganisationKind::CommunityHealth,
    );
    let decision = nurse.asks(Purpose::Treatment, &record);

    assert_eq!(decision.answer, Answer::PermitPart);
    assert_eq!(withheld(&decision), [("medicines", "R12")]);
    assert_eq!(advice(&decision), ["ask-holder"]);
    assert!(
        decision
            .obligations
            .contains(&Obligation::SignalMissingMedicine)
    );
}

#[test]
fn v03_reception_sees_bookings_and_not_the_notes() {
    let record = ordinary_record().related(RelationshipKind::Registration, "practice");
    let decision = joan_receptionist().asks(Purpose::Treatment, &record);

    assert_eq!(decision.answer, Answer::PermitPart);
    assert_eq!(opened(&decision), ["demographics", "contact", "encounters"]);
    assert!(withheld(&decision).contains(&("documents", "R12")));
}

#[test]
fn v04_without_a_relationship_a_nurse_is_refused_and_may_say_why_she_is_involved() {
    let record = ordinary_record();
    let refused = sadia_ward_nurse().asks(Purpose::Treatment, &record);
    assert_eq!(
        (refused.answer, grounds(&refused)),
        (Answer::Deny, vec!["R02"])
    );
    assert_eq!(refused.visibility, Visibility::Open);
    assert_eq!(
        advice(&refused),
        [
            "admission",
            "attendance",
            "referral",
            "self-claim",
            "emergency"
        ]
    );

    let claims = sadia_ward_nurse().saying("her drip, while ward 3 is full");
    let permitted = claims.asks(Purpose::Treatment, &record);
    assert!(permitted.answer.shares());
    assert_eq!(permitted.because.unwrap().code, "self-claimed");
    assert!(
        permitted
            .obligations
            .contains(&Obligation::CheckRelationship)
    );
    assert!(permitted.obligations.contains(&Obligation::TellThePerson));
}

#[test]
fn v05_a_receptionist_cannot_talk_her_way_into_a_neighbours_record() {
    let record = ordinary_record();
    let decision = joan_receptionist()
        .saying("she is my neighbour and I worry")
        .asks(Purpose::Treatment, &record);
    assert_eq!(
        (decision.answer, grounds(&decision)),
        (Answer::Deny, vec!["R02"])
    );
    assert_eq!(advice(&decision), ["registration"]);
}

#[test]
fn v06_no_purpose_is_no_request() {
    // A request without a purpose cannot be built; an unknown code is not taken for a default.
    assert!("".parse::<Purpose>().is_err());
    assert!("treatment".parse::<Purpose>().is_err());
}

#[test]
fn v07_a_care_home_before_admission_sees_what_care_needs() {
    let record = ordinary_record().related(RelationshipKind::Referral, "braeside-house");
    let decision = tendai_care_home_manager().asks(Purpose::Provision, &record);
    assert_eq!(decision.answer, Answer::PermitPart);
    assert_eq!(
        opened(&decision),
        [
            "demographics",
            "contact",
            "conditions",
            "medicines",
            "allergies",
            "assessments",
            "care-plans",
            "network",
            "function",
            "alerts",
            "wishes"
        ]
    );
}

#[test]
fn v08_a_housing_officer_sees_what_is_needed_at_home_and_never_why() {
    let record = ordinary_record().related(RelationshipKind::Tenancy, "northburn-housing");
    let decision = gregor_housing_officer().asks(Purpose::HousingAdaptation, &record);
    assert_eq!(decision.answer, Answer::PermitPart);
    assert_eq!(
        opened(&decision),
        ["demographics", "contact", "function", "housing"]
    );
    assert!(withheld(&decision).contains(&("conditions", "R12")));
}

#[test]
fn v10_an_emergency_opens_a_sealed_note_and_the_person_is_told() {
    let record = empty_record().holding(
        "recovery-trust",
        Category::Documents,
        Confidentiality::Restricted,
        &[Sensitivity::SubstanceUse],
    );
    let decision = dr_rao()
        .saying("found unconscious, pinpoint pupils")
        .asks(Purpose::Emergency, &record);
    assert_eq!(decision.answer, Answer::Permit);
    assert_eq!(opened(&decision), ["documents"]);
    assert!(
        decision
            .obligations
            .contains(&Obligation::ReviewWithin72Hours)
    );
    assert!(decision.obligations.contains(&Obligation::TellThePerson));
}

#[test]
fn v10_where_an_attendance_proves_the_emergency_only_a_sample_is_reviewed() {
    let record = ordinary_record().related_to(
        RelationshipKind::Attendance,
        "hospital",
        Some("emergency-department"),
        None,
    );
    let decision = dr_rao()
        .saying("unconscious")
        .asks(Purpose::Emergency, &record);
    assert!(
        !decision
            .obligations
            .contains(&Obligation::ReviewWithin72Hours)
    );
    assert!(decision.obligations.contains(&Obligation::TellThePerson));
}

#[test]
fn v11_a_locked_note_stays_shut_in_an_emergency_and_its_holder_is_named() {
    let record = empty_record()
        .holding(
            "recovery-trust",
            Category::Documents,
            Confidentiality::Normal,
            &[],
        )
        .locking(resource(9), "recovery-trust", ClassId(1));
    let decision = dr_rao()
        .saying("unconscious")
        .asks(Purpose::BreakGlass, &record);

    assert_eq!(decision.answer, Answer::PermitPart);
    assert_eq!(decision.withheld[0].ask.as_str(), "recovery-trust");
    assert_eq!(withheld(&decision), [("unsorted", "R08")]);
    assert_eq!(advice(&decision), ["ring-holder"]);
    let mask = decision.permit.unwrap();
    assert!(!mask.mask().opens(ClassId(1), &resource(9)));
    assert!(mask.mask().opens(ClassId(1), &resource(10)));
}

#[test]
fn v11_without_an_emergency_nobody_learns_that_something_is_locked() {
    let plain = empty_record()
        .holding(
            "recovery-trust",
            Category::Conditions,
            Confidentiality::Normal,
            &[],
        )
        .related(RelationshipKind::Registration, "practice");
    let locked = plain.clone().holding(
        "recovery-trust",
        Category::Documents,
        Confidentiality::Normal,
        &[],
    );
    let mut locked = locked.locking(resource(9), "recovery-trust", ClassId(2));
    locked.facts.only_locked.push(ClassId(2));

    for asks in [dr_lockhart_gp(), joan_receptionist()] {
        let without = asks.asks(Purpose::Treatment, &plain);
        let with = asks.asks(Purpose::Treatment, &locked);
        assert_eq!(with.answer, without.answer);
        assert_eq!(with.withheld, without.withheld);
        assert_eq!(with.opened, without.opened);
        assert_eq!(with.counterfactuals, without.counterfactuals);
    }
}

#[test]
fn v11_the_team_that_holds_a_locked_note_reads_it() {
    let mut record = empty_record()
        .holding(
            "recovery-trust",
            Category::Documents,
            Confidentiality::VeryRestricted,
            &[Sensitivity::SubstanceUse],
        )
        .locking(resource(9), "recovery-trust", ClassId(1))
        .related(RelationshipKind::Caseload, "recovery-trust");
    record.facts.only_locked.push(ClassId(1));
    let decision = femi_addiction_nurse().asks(Purpose::Treatment, &record);
    assert_eq!(decision.answer, Answer::Permit);
    assert!(
        decision
            .permit
            .unwrap()
            .mask()
            .opens(ClassId(1), &resource(9))
    );
}

#[test]
fn v11_a_colleague_of_another_team_does_not_read_what_one_team_locked() {
    let mut record = empty_record()
        .holding(
            "hospital",
            Category::Documents,
            Confidentiality::Normal,
            &[],
        )
        .locking(resource(9), "hospital", ClassId(1))
        .related(RelationshipKind::Admission, "hospital");
    record.facts.locks[0].team = Some("emergency-department".into());
    let opens = |asks: Asks| {
        let decision = asks.asks(Purpose::Treatment, &record);
        decision
            .permit
            .unwrap()
            .mask()
            .opens(ClassId(1), &resource(9))
    };
    assert!(opens(dr_rao()));
    assert!(!opens(sadia_ward_nurse()));
}

#[test]
fn v13_an_objection_to_the_council_knowing_about_mental_health_is_kept() {
    let record = empty_record()
        .holding(
            "hospital",
            Category::Conditions,
            Confidentiality::Normal,
            &[Sensitivity::MentalHealth],
        )
        .objecting(
            Audience::Organisation("northburn-social-work".into()),
            Scope::Sensitivity(Sensitivity::MentalHealth),
        )
        .related(RelationshipKind::Caseload, "northburn-social-work");
    let decision = pauline_social_worker().asks(Purpose::Assessment, &record);
    assert_eq!(
        (decision.answer, grounds(&decision)),
        (Answer::Deny, vec!["R05"])
    );
    assert_eq!(advice(&decision), ["objection-withdrawn"]);

    let gp = record.related(RelationshipKind::Registration, "practice");
    assert_eq!(
        dr_lockhart_gp().asks(Purpose::Treatment, &gp).answer,
        Answer::Permit
    );
}

#[test]
fn v14_v15_under_section_10_health_records_never_go_to_the_officer() {
    let record = ordinary_record();
    let decision = pauline_social_worker().asks(Purpose::AdultProtectionRequirement, &record);
    assert!(withheld(&decision).contains(&("documents", "R11")));
    assert!(advice(&decision).contains(&"nominate-reader"));
}

#[test]
fn v17_an_older_no_to_one_agency_outlives_a_newer_general_yes() {
    // A general yes is the absence of an objection: only the no is a fact.
    let record = ordinary_record()
        .objecting(Audience::Organisation("practice".into()), Scope::Everything)
        .objecting(
            Audience::Kind(OrganisationKind::CareHome),
            Scope::Category(Category::Results),
        )
        .related(RelationshipKind::Registration, "hospital");
    let mut at_practice = record.related(RelationshipKind::Registration, "practice");
    at_practice
        .facts
        .classes
        .retain(|(_, class)| class.custodian.as_str() != "practice");
    let at_practice = at_practice.holding(
        "hospital",
        Category::Documents,
        Confidentiality::Normal,
        &[],
    );
    let decision = dr_lockhart_gp().asks(Purpose::Treatment, &at_practice);
    assert_eq!(
        (decision.answer, grounds(&decision)),
        (Answer::Deny, vec!["R05"])
    );
}

#[test]
fn v18_an_objection_that_is_not_understood_is_referred_to_whoever_can_read_it() {
    let record = empty_record()
        .holding(
            "hospital",
            Category::Documents,
            Confidentiality::Normal,
            &[],
        )
        .objecting(Audience::Everyone, Scope::NotUnderstood)
        .related(RelationshipKind::Registration, "practice");
    let decision = dr_lockhart_gp().asks(Purpose::Treatment, &record);
    assert_eq!(decision.answer, Answer::Refer);
    assert_eq!(decision.referral.unwrap().decider.as_str(), "hospital");
    assert_eq!(decision.grounds.len(), 1);
}

#[test]
fn v20_a_no_to_what_is_restricted_covers_what_is_very_restricted() {
    let record = empty_record()
        .holding(
            "hospital",
            Category::Documents,
            Confidentiality::Restricted,
            &[Sensitivity::Violence],
        )
        .holding(
            "hospital",
            Category::Conditions,
            Confidentiality::VeryRestricted,
            &[Sensitivity::Violence],
        )
        .objecting(
            Audience::Everyone,
            Scope::AtLeast(Confidentiality::Restricted),
        )
        .related(RelationshipKind::Caseload, "northburn-social-work");
    let decision = pauline_social_worker().asks(Purpose::Assessment, &record);
    assert_eq!(
        (decision.answer, grounds(&decision)),
        (Answer::Deny, vec!["R05"])
    );
    assert!(decision.outcomes.iter().all(|outcome| !outcome.open));
}

#[test]
fn v21_a_no_for_treatment_covers_every_kind_of_treatment() {
    let record = empty_record()
        .holding(
            "hospital",
            Category::Conditions,
            Confidentiality::Normal,
            &[],
        )
        .objecting_for(
            Audience::Everyone,
            Scope::Everything,
            Some(Purpose::Treatment),
        )
        .related(RelationshipKind::Caseload, "northburn-social-work");
    let care = pauline_social_worker().asks(Purpose::Review, &record);
    assert_eq!(grounds(&care), ["R05"]);

    let narrower = record.facts.objections[0].clone();
    let mut record = record;
    record.facts.objections = vec![domain::Objection {
        purpose: Some(Purpose::Review),
        ..narrower
    }];
    let wider = pauline_social_worker().asks(Purpose::Treatment, &record);
    assert_eq!(wider.answer, Answer::Permit);
}

#[test]
fn v23_when_a_wish_has_lapsed_care_follows_the_default_and_research_has_no_basis() {
    let mut record = empty_record()
        .holding(
            "hospital",
            Category::Conditions,
            Confidentiality::Normal,
            &[],
        )
        .objecting(Audience::Everyone, Scope::Everything)
        .related(RelationshipKind::Registration, "practice");
    record.facts.objections[0].until = Some(now().plus_seconds(-1));

    assert_eq!(
        dr_lockhart_gp().asks(Purpose::Treatment, &record).answer,
        Answer::Permit
    );
    let research = dr_lockhart_gp().asks(Purpose::Research, &record);
    assert_eq!(
        (research.answer, grounds(&research)),
        (Answer::Deny, vec!["R04"])
    );
    assert_eq!(advice(&research), ["approval"]);
}

#[test]
fn v24_a_withdrawal_binds_from_the_instant_it_is_made() {
    let mut record = empty_record()
        .holding(
            "hospital",
            Category::Conditions,
            Confidentiality::Normal,
            &[],
        )
        .objecting(Audience::Everyone, Scope::Everything)
        .related(RelationshipKind::Registration, "practice");
    record.facts.objections[0].since = now();
    let request = dr_lockhart_gp().request(Purpose::Treatment);

    let before = policy::decide(
        &request,
        &record.facts,
        policies(),
        domain::Timestamp(now().0 - 1),
    );
    assert_eq!(before.answer, Answer::Permit);
    let at = policy::decide(&request, &record.facts, policies(), now());
    assert_eq!((at.answer, grounds(&at)), (Answer::Deny, vec!["R05"]));
}

#[test]
fn v25_opting_out_of_research_refuses_the_researcher_and_leaves_the_clinician() {
    let record = empty_record()
        .holding(
            "hospital",
            Category::Conditions,
            Confidentiality::Normal,
            &[],
        )
        .objecting_for(
            Audience::Everyone,
            Scope::Everything,
            Some(Purpose::Research),
        )
        .related(RelationshipKind::Registration, "practice");
    let research = dr_lockhart_gp().asks(Purpose::Research, &record);
    assert_eq!(
        (research.answer, grounds(&research)),
        (Answer::Deny, vec!["R05"])
    );
    assert_eq!(
        dr_lockhart_gp().asks(Purpose::Treatment, &record).answer,
        Answer::Permit
    );
}

#[test]
fn v44_a_child_protection_look_opens_the_first_page_and_refers_the_notes() {
    let record = ordinary_record();
    let decision = bilal_out_of_hours().asks(Purpose::ChildInvestigation, &record);
    assert_eq!(decision.answer, Answer::PermitPart);
    assert_eq!(
        opened(&decision),
        ["demographics", "contact", "network", "alerts"]
    );
    let referral = decision.referral.unwrap();
    assert_eq!(
        (referral.decider.as_str(), referral.due_seconds),
        ("practice", 3_600)
    );
}
