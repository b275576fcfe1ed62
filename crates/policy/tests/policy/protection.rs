//! Protecting someone, and purposes that nothing here determines.

use domain::{Audience, Category, Confidentiality, Purpose, RelationshipKind, Role, Scope};
use policy::Answer;

use crate::people::*;

#[test]
fn police_see_flags_and_who_is_involved_and_the_rest_is_referred() {
    let record = ordinary_record();
    let decision = ross_police_officer().asks(Purpose::AdultProtection, &record);
    assert_eq!(
        opened(&decision),
        ["demographics", "contact", "network", "alerts"]
    );
    assert_eq!(decision.referral.as_ref().unwrap().due_seconds, 3_600);
    assert!(grounds(&decision).contains(&"R19"));
    assert_eq!(decision.basis.unwrap().article_9, Some("B-g18"));
}

#[test]
fn each_holder_decides_about_its_own_part() {
    let record = empty_record()
        .holding(
            "practice",
            Category::Documents,
            Confidentiality::Normal,
            &[],
        )
        .holding(
            "hospital",
            Category::Conditions,
            Confidentiality::VeryRestricted,
            &[],
        )
        .holding(
            "hospital",
            Category::Documents,
            Confidentiality::Normal,
            &[],
        );
    let decision = bilal_out_of_hours().asks(Purpose::ChildConcern, &record);
    assert_eq!(decision.answer, Answer::Refer);
    let deciders: Vec<_> = decision
        .referral
        .iter()
        .chain(&decision.other_referrals)
        .map(|referral| referral.decider.as_str())
        .collect();
    assert_eq!(deciders, ["hospital", "practice"]);
}

#[test]
fn an_objection_does_not_stop_a_protection_look() {
    let record = ordinary_record().objecting(Audience::Everyone, Scope::Everything);
    let decision = bilal_out_of_hours().asks(Purpose::ChildConcern, &record);
    assert_eq!(
        opened(&decision),
        ["demographics", "contact", "network", "alerts"]
    );
    assert!(!grounds(&decision).contains(&"R05"));
}

#[test]
fn social_work_reads_its_own_protection_notes() {
    let record = empty_record()
        .holding(
            "northburn-social-work",
            Category::Protection,
            Confidentiality::Restricted,
            &[],
        )
        .related(RelationshipKind::Duty, "northburn-social-work");
    let decision = bilal_out_of_hours().asks(Purpose::AdultProtection, &record);
    assert_eq!(
        (decision.answer, opened(&decision)),
        (Answer::Permit, vec!["protection"])
    );
}

#[test]
fn a_protection_purpose_in_the_wrong_hands_is_refused() {
    let decision = gregor_housing_officer()
        .saying("I saw bruises")
        .asks(Purpose::AdultProtection, &ordinary_record());
    assert_eq!(
        (decision.answer, grounds(&decision)),
        (Answer::Deny, vec!["R02"])
    );
}

#[test]
fn an_emergency_nurse_who_has_the_child_before_her_gets_the_first_page() {
    let record = ordinary_record().related(RelationshipKind::Attendance, "hospital");
    let decision = sadia_ward_nurse().asks(Purpose::ChildConcern, &record);
    assert_eq!(
        opened(&decision),
        ["demographics", "contact", "network", "alerts"]
    );
    assert!(decision.referral.is_some());
}

#[test]
fn what_nothing_determines_goes_to_the_holder_with_five_working_days() {
    let decision = worker(
        "Colin Baird",
        Role::PrivacyOfficer,
        "inspectorate",
        domain::OrganisationKind::Advocacy,
    )
    .asks(Purpose::Complaint, &ordinary_record());
    assert_eq!(
        (decision.answer, grounds(&decision)),
        (Answer::Refer, vec!["R19"])
    );
    let referral = decision.referral.unwrap();
    assert_eq!(
        (referral.decider.as_str(), referral.due_seconds),
        ("practice", 432_000)
    );
}

#[test]
fn secondary_uses_have_no_basis_here() {
    let record = ordinary_record().related(RelationshipKind::Registration, "practice");
    for purpose in [
        Purpose::Research,
        Purpose::Operations,
        Purpose::Payment,
        Purpose::PublicHealth,
    ] {
        let decision = dr_lockhart_gp().asks(purpose, &record);
        assert_eq!(
            (decision.answer, grounds(&decision)),
            (Answer::Deny, vec!["R04"])
        );
    }
}
