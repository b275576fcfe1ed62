//! Who counts as involved, and who may say so for themself.

use domain::{
    Category, Confidentiality, OrganisationKind, Purpose, RelationshipKind, Role, Sensitivity,
};
use policy::{Answer, Visibility};

use crate::people::*;

fn admitted_to_ward_6() -> Record {
    empty_record()
        .holding(
            "practice",
            Category::Conditions,
            Confidentiality::Normal,
            &[],
        )
        .holding(
            "practice",
            Category::Encounters,
            Confidentiality::Normal,
            &[],
        )
        .related_to(
            RelationshipKind::Admission,
            "hospital",
            Some("ward-6"),
            None,
        )
}

#[test]
fn an_admission_counts_for_the_ward_and_for_the_hospitals_clinicians() {
    let record = admitted_to_ward_6();
    assert_eq!(
        sadia_ward_nurse().asks(Purpose::Treatment, &record).answer,
        Answer::Permit
    );
    assert_eq!(
        dr_rao().asks(Purpose::Treatment, &record).answer,
        Answer::Permit
    );
}

#[test]
fn an_admission_does_not_count_for_the_front_desk_nor_for_another_hospital() {
    let record = admitted_to_ward_6();
    let desk = worker(
        "Una Begbie",
        Role::Receptionist,
        "hospital",
        OrganisationKind::Hospital,
    );
    assert_eq!(grounds(&desk.asks(Purpose::Treatment, &record)), ["R02"]);
    let ward_clerk = worker(
        "Una Begbie",
        Role::Receptionist,
        "hospital",
        OrganisationKind::Hospital,
    )
    .of("ward-6");
    assert_eq!(
        ward_clerk.asks(Purpose::Treatment, &record).answer,
        Answer::PermitPart
    );
    let elsewhere = worker(
        "Dr Nuala Devine",
        Role::Doctor,
        "other-hospital",
        OrganisationKind::Hospital,
    );
    assert_eq!(
        grounds(&elsewhere.asks(Purpose::Treatment, &record)),
        ["R02"]
    );
}

#[test]
fn a_caseload_counts_for_the_worker_and_the_team_and_not_for_the_council() {
    let record = empty_record()
        .holding(
            "practice",
            Category::Conditions,
            Confidentiality::Normal,
            &[],
        )
        .related_to(
            RelationshipKind::Caseload,
            "northburn-social-work",
            Some("northburn-adults"),
            Some("iain-lusk".into()),
        );
    assert_eq!(
        pauline_social_worker()
            .asks(Purpose::Assessment, &record)
            .answer,
        Answer::Permit
    );
    let children = worker(
        "Nkechi Obi",
        Role::SocialWorker,
        "northburn-social-work",
        OrganisationKind::SocialWork,
    )
    .of("northburn-children");
    assert_eq!(
        grounds(&children.asks(Purpose::Assessment, &record)),
        ["R02"]
    );
}

#[test]
fn a_relationship_begins_and_ends_at_its_instants() {
    let mut record = admitted_to_ward_6();
    record.facts.relationships[0].until = Some(now());
    assert_eq!(
        grounds(&sadia_ward_nurse().asks(Purpose::Treatment, &record)),
        ["R02"]
    );
    record.facts.relationships[0].until = Some(now().plus_seconds(1));
    assert!(
        sadia_ward_nurse()
            .asks(Purpose::Treatment, &record)
            .answer
            .shares()
    );
    record.facts.relationships[0].since = now().plus_seconds(1);
    assert_eq!(
        grounds(&sadia_ward_nurse().asks(Purpose::Treatment, &record)),
        ["R02"]
    );
}

#[test]
fn the_latest_event_is_the_reason_given() {
    let mut record = admitted_to_ward_6().related(RelationshipKind::Referral, "hospital");
    record.facts.relationships[1].since = now().plus_seconds(-days(90));
    let decision = sadia_ward_nurse().asks(Purpose::Treatment, &record);
    let because = decision.because.unwrap();
    assert_eq!(
        (because.code, because.since),
        ("admission", Some(now().plus_seconds(-3_600)))
    );
}

#[test]
fn a_claim_opens_ordinary_information_only() {
    let record = empty_record()
        .holding(
            "practice",
            Category::Conditions,
            Confidentiality::Normal,
            &[],
        )
        .holding("practice", Category::Unsorted, Confidentiality::Normal, &[])
        .holding(
            "practice",
            Category::Documents,
            Confidentiality::Restricted,
            &[Sensitivity::SubstanceUse],
        );
    let decision = femi_addiction_nurse()
        .saying("she walked into the clinic")
        .asks(Purpose::Treatment, &record);
    assert_eq!(opened(&decision), ["conditions"]);
    assert_eq!(
        withheld(&decision),
        [("documents", "R12"), ("unsorted", "R12")]
    );
}

#[test]
fn a_claim_is_the_claimants_alone() {
    let record = ordinary_record().related_to(
        RelationshipKind::SelfClaimed,
        "hospital",
        None,
        Some(sadia_ward_nurse().id()),
    );
    assert!(
        sadia_ward_nurse()
            .asks(Purpose::Treatment, &record)
            .answer
            .shares()
    );
    assert_eq!(
        grounds(&dr_rao().asks(Purpose::Treatment, &record)),
        ["R02"]
    );
}

#[test]
fn who_may_not_claim() {
    let record = ordinary_record();
    let teacher = worker(
        "Mr Sim",
        Role::Teacher,
        "school",
        OrganisationKind::Education,
    );
    for asks in [
        gregor_housing_officer(),
        joan_receptionist(),
        ross_police_officer(),
        teacher,
    ] {
        let decision = asks
            .saying("I need to know")
            .asks(Purpose::Treatment, &record);
        assert_eq!(grounds(&decision), ["R02"]);
        assert!(!advice(&decision).contains(&"self-claim"));
    }
    let blank = sadia_ward_nurse()
        .saying("   ")
        .asks(Purpose::Treatment, &record);
    assert_eq!(grounds(&blank), ["R02"]);
}

#[test]
fn what_an_agency_wrote_itself_its_involved_professionals_read_however_closely_it_is_held() {
    let record = empty_record()
        .holding(
            "hospital",
            Category::Documents,
            Confidentiality::VeryRestricted,
            &[Sensitivity::Psychotherapy],
        )
        .holding(
            "northburn-social-work",
            Category::Documents,
            Confidentiality::Restricted,
            &[Sensitivity::AdultProtection],
        )
        .related(RelationshipKind::Admission, "hospital")
        .related(RelationshipKind::Caseload, "northburn-social-work");
    let nurse = sadia_ward_nurse().asks(Purpose::Treatment, &record);
    assert_eq!(withheld(&nurse), [("documents", "R12")]);
    assert_eq!(nurse.withheld[0].ask.as_str(), "northburn-social-work");
    let social_worker = pauline_social_worker().asks(Purpose::Assessment, &record);
    assert_eq!(opened(&social_worker), ["documents"]);
    let desk = worker(
        "Una Begbie",
        Role::Receptionist,
        "hospital",
        OrganisationKind::Hospital,
    );
    assert_eq!(desk.asks(Purpose::Treatment, &record).answer, Answer::Deny);
}

#[test]
fn what_is_held_closely_opens_where_the_care_area_matches() {
    let record = empty_record()
        .holding(
            "hospital",
            Category::Documents,
            Confidentiality::Restricted,
            &[Sensitivity::SubstanceUse],
        )
        .holding(
            "hospital",
            Category::Conditions,
            Confidentiality::Restricted,
            &[Sensitivity::SubstanceUse, Sensitivity::SexualHealth],
        )
        .related(RelationshipKind::Referral, "recovery-trust")
        .related(RelationshipKind::Registration, "practice");
    let femi = femi_addiction_nurse().asks(Purpose::Treatment, &record);
    assert_eq!(opened(&femi), ["documents"]);
    assert_eq!(withheld(&femi), [("conditions", "R12")]);
    assert_eq!(
        dr_lockhart_gp().asks(Purpose::Treatment, &record).answer,
        Answer::Deny
    );
}

#[test]
fn what_is_very_restricted_is_not_even_said_to_exist() {
    let record = empty_record()
        .holding(
            "hospital",
            Category::Conditions,
            Confidentiality::Normal,
            &[],
        )
        .related(RelationshipKind::Registration, "practice");
    let hidden = record.clone().holding(
        "police",
        Category::Documents,
        Confidentiality::VeryRestricted,
        &[Sensitivity::DomesticViolence],
    );
    let without = dr_lockhart_gp().asks(Purpose::Treatment, &record);
    let with = dr_lockhart_gp().asks(Purpose::Treatment, &hidden);
    assert_eq!(
        (with.answer, &with.withheld),
        (Answer::Permit, &without.withheld)
    );
    assert_eq!(with.obligations, without.obligations);
    assert_eq!(with.outcomes.len(), 2);
}

#[test]
fn what_nobody_has_sorted_is_for_those_who_treat() {
    let record = empty_record()
        .holding("hospital", Category::Unsorted, Confidentiality::Normal, &[])
        .related(RelationshipKind::Registration, "practice")
        .related(RelationshipKind::Caseload, "northburn-social-work");
    assert_eq!(
        opened(&dr_lockhart_gp().asks(Purpose::Treatment, &record)),
        ["unsorted"]
    );
    let social_worker = pauline_social_worker().asks(Purpose::Assessment, &record);
    assert_eq!(
        (social_worker.answer, grounds(&social_worker)),
        (Answer::Deny, vec!["R12"])
    );
}

#[test]
fn the_person_sees_their_own_record_but_not_what_is_about_somebody_else() {
    let record = empty_record()
        .holding(
            "hospital",
            Category::Documents,
            Confidentiality::VeryRestricted,
            &[Sensitivity::MentalHealth],
        )
        .holding(
            "practice",
            Category::Network,
            Confidentiality::Normal,
            &[Sensitivity::ThirdParty],
        );
    for purpose in [Purpose::PersonRequest, Purpose::SubjectAccess] {
        let decision = policy::decide(&person(ISHBEL, purpose), &record.facts, policies(), now());
        assert_eq!(opened(&decision), ["documents"]);
        assert_eq!(withheld(&decision), [("network", "R10")]);
        assert_eq!(decision.because.unwrap().code, "own-record");
    }
    let wrong = policy::decide(
        &person(ISHBEL, Purpose::Treatment),
        &record.facts,
        policies(),
        now(),
    );
    assert_eq!(
        (grounds(&wrong), wrong.visibility),
        (vec!["R03"], Visibility::Open)
    );
}

#[test]
fn somebody_else_asking_as_a_person_learns_nothing() {
    let stranger = domain::PersonId([8; 16]);
    for purpose in [Purpose::PersonRequest, Purpose::FamilyRequest] {
        let decision = policy::decide(
            &person(stranger, purpose),
            &ordinary_record().facts,
            policies(),
            now(),
        );
        assert_eq!(
            (grounds(&decision), decision.visibility),
            (vec!["R07"], Visibility::Hidden)
        );
    }
}

#[test]
fn facts_about_somebody_else_decide_nothing() {
    let mut record = ordinary_record().related(RelationshipKind::Registration, "practice");
    record.facts.person = domain::PersonId([9; 16]);
    let decision = dr_lockhart_gp().asks(Purpose::Treatment, &record);
    assert_eq!(
        (grounds(&decision), decision.visibility),
        (vec!["R14"], Visibility::Hidden)
    );
}

#[test]
fn a_worker_cannot_ask_as_if_they_were_the_person() {
    let record = ordinary_record().related(RelationshipKind::Registration, "practice");
    let decision = dr_lockhart_gp().asks(Purpose::SubjectAccess, &record);
    assert_eq!(
        (grounds(&decision), decision.visibility),
        (vec!["R03"], Visibility::Open)
    );
}

#[test]
fn a_no_to_one_letter_holds_back_that_letter_and_says_so() {
    let mut record = empty_record()
        .holding(
            "hospital",
            Category::Documents,
            Confidentiality::Normal,
            &[],
        )
        .objecting(
            domain::Audience::Kind(OrganisationKind::GpPractice),
            domain::Scope::Resource(resource(5)),
        )
        .related(RelationshipKind::Registration, "practice");
    record.facts.named.push((resource(5), domain::ClassId(1)));
    let decision = dr_lockhart_gp().asks(Purpose::Treatment, &record);
    assert_eq!(decision.answer, Answer::PermitPart);
    assert_eq!(withheld(&decision), [("documents", "R05")]);
    let permit = decision.permit.unwrap();
    assert!(!permit.mask().opens(domain::ClassId(1), &resource(5)));
    assert!(permit.mask().opens(domain::ClassId(1), &resource(6)));
}

#[test]
fn a_no_to_everyone_leaves_an_agency_what_it_wrote_itself() {
    let record = empty_record()
        .holding(
            "practice",
            Category::Documents,
            Confidentiality::Normal,
            &[],
        )
        .holding("hospital", Category::Results, Confidentiality::Normal, &[])
        .objecting(domain::Audience::Everyone, domain::Scope::Everything)
        .related(RelationshipKind::Registration, "practice");
    let decision = dr_lockhart_gp().asks(Purpose::Treatment, &record);
    assert_eq!(opened(&decision), ["documents"]);
    assert_eq!(withheld(&decision), [("results", "R05")]);

    let named = record.objecting(
        domain::Audience::Organisation("practice".into()),
        domain::Scope::Everything,
    );
    assert_eq!(
        dr_lockhart_gp().asks(Purpose::Treatment, &named).answer,
        Answer::Deny
    );
}

#[test]
fn a_care_area_reaches_only_as_far_as_it_says() {
    let record = empty_record()
        .holding(
            "hospital",
            Category::Documents,
            Confidentiality::VeryRestricted,
            &[Sensitivity::SubstanceUse],
        )
        .holding(
            "hospital",
            Category::Encounters,
            Confidentiality::VeryRestricted,
            &[Sensitivity::DomesticViolence],
        )
        .related(RelationshipKind::Referral, "recovery-trust")
        .related(RelationshipKind::Caseload, "northburn-social-work");
    let addiction = femi_addiction_nurse().asks(Purpose::Treatment, &record);
    assert!(opened(&addiction).is_empty());
    let protection = pauline_social_worker().asks(Purpose::Assessment, &record);
    assert_eq!(opened(&protection), ["encounters"]);
}

/// Answers are kept, so a kept one must never serve another question.
#[test]
fn what_was_answered_about_ones_own_is_not_answered_about_anothers() {
    let held_by = |holder: &str| {
        empty_record()
            .holding(holder, Category::Results, Confidentiality::Low, &[])
            .related(RelationshipKind::Caseload, "northburn-social-work")
    };
    let own = held_by("northburn-social-work");
    let others = held_by("hospital");
    for _ in 0..2 {
        assert_eq!(
            pauline_social_worker()
                .asks(Purpose::Assessment, &own)
                .answer,
            Answer::Permit
        );
        let decision = pauline_social_worker().asks(Purpose::Assessment, &others);
        assert_eq!(
            (decision.answer, grounds(&decision)),
            (Answer::Deny, vec!["R12"])
        );
    }
}
