//! Somebody without an account who was let in by a one-time link: what it opens, and what it never does.

use domain::{
    Assurance, Audience, Caller, Capacity, Category, Confidentiality, Invitation, Moment,
    OutsiderKind, PartyId, Purpose, Scope, Sensitivity,
};
use policy::{Answer, Decision, Ground, Request, Visibility, decide};

use crate::people::{ISHBEL, Record, empty_record, now, ordinary_record, policies};

fn morven(given_by: Option<&str>) -> Invitation {
    Invitation {
        outsider: PartyId::new("morven"),
        name: "Morven Gillespie".to_owned(),
        kind: OutsiderKind::Advocate,
        organisation: "Clydevale Advocacy".to_owned(),
        about: [Category::CarePlans, Category::Account].into(),
        given_by: given_by.map(Into::into),
        giver: "Pauline Heggie".to_owned(),
        why: "to speak for her at the review".to_owned(),
        since: Moment(now().plus_seconds(-60)),
        until: Moment(now().plus_seconds(28 * 86_400)),
        ended: None,
        answers: None,
        hears: None,
    }
}

fn asks(record: &Record, purpose: Purpose) -> Decision {
    let capacity = Capacity::Outsider {
        party: PartyId::new("morven"),
        kind: OutsiderKind::Advocate,
        organisation: "Clydevale Advocacy".to_owned(),
    };
    let request = Request {
        caller: Caller {
            name: "Morven Gillespie".to_owned(),
            capacity,
            assurance: Assurance::Low,
        },
        person: ISHBEL,
        purpose,
        reason: None,
        asks: policy::Asks::default(),
    };
    decide(&request, &record.facts, policies(), now())
}

fn letting_in(mut record: Record, invitation: Invitation) -> Record {
    record.facts.circumstances.invitations = vec![invitation];
    record
}

const AGENCY: Option<&str> = Some("northburn-social-work");

#[test]
fn the_link_opens_what_it_names_and_speaks_of_nothing_else() {
    let record = letting_in(ordinary_record(), morven(AGENCY));
    let decision = asks(&record, Purpose::PersonRequest);
    assert_eq!(decision.answer, Answer::Permit);
    assert_eq!(decision.opened, [Category::CarePlans, Category::Account]);
    assert_eq!(decision.withheld, []);
    assert_eq!(decision.because.expect("why").code, "invited");
}

#[test]
fn what_an_agency_gives_is_never_held_closely_and_what_the_person_gives_may_be() {
    let closely = |record: Record| {
        record
            .holding(
                "practice",
                Category::CarePlans,
                Confidentiality::Restricted,
                &[],
            )
            .holding(
                "practice",
                Category::CarePlans,
                Confidentiality::Normal,
                &[Sensitivity::MentalHealth],
            )
    };
    let agencys = letting_in(closely(empty_record()), morven(AGENCY));
    assert_eq!(asks(&agencys, Purpose::PersonRequest).opened, []);
    let persons = letting_in(closely(empty_record()), morven(None));
    let opened = asks(&persons, Purpose::PersonRequest).opened;
    assert_eq!(opened, [Category::CarePlans]);
}

#[test]
fn a_link_that_ended_is_refused_openly_and_one_that_never_was_as_for_nobody() {
    let mut ended = morven(AGENCY);
    ended.ended = Some(Moment(now()));
    let decision = asks(
        &letting_in(ordinary_record(), ended),
        Purpose::PersonRequest,
    );
    assert_eq!(decision.grounds, [Ground::NoPower]);
    assert_eq!(decision.visibility, Visibility::Open);
    assert_eq!(decision.counterfactuals[0].code, "new-invitation");

    let decision = asks(&ordinary_record(), Purpose::PersonRequest);
    assert_eq!(decision.visibility, Visibility::Hidden);
    assert!(decision.permit.is_none());
}

#[test]
fn it_serves_the_purpose_for_which_it_was_given_and_no_other() {
    let record = letting_in(ordinary_record(), morven(AGENCY));
    let decision = asks(&record, Purpose::Treatment);
    assert_eq!(decision.grounds, [Ground::PurposeIncompatible]);
}

#[test]
fn a_no_to_the_agency_that_gave_it_is_a_no_to_whoever_comes_by_it() {
    let no = Audience::Organisation("northburn-social-work".into());
    let scope = Scope::Category(Category::CarePlans);
    let record = ordinary_record().objecting(no, scope);
    let decision = asks(&letting_in(record, morven(AGENCY)), Purpose::PersonRequest);
    assert_eq!(decision.opened, [Category::Account]);
}
