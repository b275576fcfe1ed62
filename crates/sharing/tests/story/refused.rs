//! Refusals: with a reason, with what would change it, and in the person's account.

use domain::Purpose;
use sharing::{Answer, Ground};

use crate::hall::Hall;

#[tokio::test]
async fn a_housing_officer_is_refused_someone_who_is_not_his_tenant_and_told_what_would_change_it()
{
    let hall = Hall::open().await;
    let officer = hall.worker("derek-muirhead", Purpose::HousingAdaptation);

    let answer = hall.everything(&officer, "netta-dunsmore").await;

    let Answer::Refused(refusal) = &answer else {
        panic!("{answer:?}")
    };
    assert_eq!(refusal.decision.grounds, [Ground::NoRelationship]);
    let changes: Vec<&str> = refusal
        .decision
        .counterfactuals
        .iter()
        .map(|change| change.code)
        .collect();
    assert_eq!(changes, ["tenancy", "referral"]);
    assert_eq!(
        hall.account("netta-dunsmore").await,
        [
            "Derek Muirhead, housing officer at Northburn Council Housing, asked for your record on 11 January 2027 at \
          9:30am, for adapting a home, and was refused: nothing shows any involvement in your care."
        ]
    );
}

#[tokio::test]
async fn without_a_reason_an_emergency_opens_nothing_and_with_one_it_opens_all_but_what_is_locked()
{
    let hall = Hall::open().await;
    let mut nurse = hall.worker("maggie-torrance", Purpose::Emergency);

    let answer = hall.everything(&nurse, "struan-petrie").await;
    let Answer::Refused(refusal) = &answer else {
        panic!("{answer:?}")
    };
    assert_eq!(refusal.decision.grounds, [Ground::Unverified]);

    nurse.reason = Some("found unconscious in the street".to_owned());
    let answer = hall.everything(&nurse, "struan-petrie").await;
    let Answer::Released(disclosure) = &answer else {
        panic!("{answer:?}")
    };
    let bytes: Vec<u8> = disclosure
        .released
        .resources()
        .iter()
        .flat_map(|resource| resource.bytes.iter().copied())
        .collect();
    let text = String::from_utf8(bytes).expect("FHIR is UTF-8");
    assert!(text.to_lowercase().contains("methadone"));
    let obligations: Vec<&str> = disclosure
        .decision
        .obligations
        .iter()
        .map(|duty| duty.code())
        .collect();
    // He was brought to her department, so not every such opening is reviewed; he is told of each.
    assert_eq!(obligations, ["AOD", "MINEC", "NORDSCLCDS", "TELL-PERSON"]);
    let locked = hall.locked("struan-petrie");
    assert!(
        disclosure
            .released
            .resources()
            .iter()
            .all(|resource| resource.id != locked)
    );
}
