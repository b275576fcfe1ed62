//! What authorities come to, told about Ishbel Drummond and those who act for her.

use super::*;

const NOW: &str = "2027-01-11T10:00:00Z";

fn at(text: &str) -> Moment {
    Moment::parse(text).expect("a moment")
}

fn instrument(holder: &str, kind: AuthorityKind, powers: &[Matter]) -> Authority {
    Authority {
        holder: holder.into(),
        kind,
        powers: powers.iter().copied().collect(),
        scope: Reach::default(),
        from: None,
        until: None,
        registered: Some(true),
        verified: Some(true),
        trigger: None,
        beliefs: Vec::new(),
        suspended: Vec::new(),
        ended: None,
        renewal_lodged: None,
        renewal_decided: None,
        conflict: false,
        jointly: false,
        source: None,
        birth_registered: None,
    }
}

fn euan() -> Authority {
    instrument(
        "euan",
        AuthorityKind::WelfareAttorney,
        &[Matter::Accommodation, Matter::Care],
    )
}

fn person(state: MentalCapacity) -> PersonFacts {
    PersonFacts {
        capacity: vec![crate::person::CapacityAssertion {
            matter: Matter::Welfare,
            state,
            at: at("2026-12-01"),
            until: None,
            by: None,
        }],
        ..PersonFacts::default()
    }
}

fn state(authority: &Authority, matter: Matter, person: &PersonFacts) -> AuthorityState {
    authority.state(matter, person, std::slice::from_ref(authority), at(NOW).0)
}

#[test]
fn a_welfare_attorney_acts_only_where_the_granter_cannot_and_the_deed_says_so() {
    let incapable = person(MentalCapacity::Incapable);
    assert_eq!(
        state(&euan(), Matter::Care, &incapable),
        AuthorityState::InForce
    );
    assert_eq!(
        state(&euan(), Matter::Contact, &incapable),
        AuthorityState::NoPower
    );
    assert_eq!(
        state(&euan(), Matter::Finance, &incapable),
        AuthorityState::NoPower
    );
    assert_eq!(
        state(&euan(), Matter::Care, &person(MentalCapacity::Capable)),
        AuthorityState::PersonCapable
    );
}

#[test]
fn where_nobody_assessed_her_his_declared_belief_counts_for_the_area_declared() {
    let unknown = PersonFacts::default();
    let mut euan = euan();
    assert_eq!(
        state(&euan, Matter::Care, &unknown),
        AuthorityState::BeliefMissing
    );
    euan.beliefs.push(Belief {
        matter: Matter::Care,
        at: at("2027-01-11"),
    });
    assert_eq!(
        state(&euan, Matter::Care, &unknown),
        AuthorityState::OnBelief
    );
    assert_eq!(
        state(&euan, Matter::Accommodation, &unknown),
        AuthorityState::BeliefMissing
    );
}

#[test]
fn the_register_the_deed_and_the_holders_own_interest_are_looked_at() {
    let incapable = person(MentalCapacity::Incapable);
    let with = |change: fn(&mut Authority)| {
        let mut authority = euan();
        change(&mut authority);
        state(&authority, Matter::Care, &incapable)
    };
    assert_eq!(
        with(|it| it.registered = Some(false)),
        AuthorityState::NotRegistered
    );
    assert_eq!(
        with(|it| it.registered = None),
        AuthorityState::RegistrationUnknown
    );
    assert_eq!(
        with(|it| it.verified = Some(false)),
        AuthorityState::NotGenuine
    );
    assert_eq!(with(|it| it.conflict = true), AuthorityState::Conflict);
    assert_eq!(
        with(|it| it.ended = Some(at("2027-01-11T10:00:00Z"))),
        AuthorityState::Ended
    );
    assert_eq!(
        with(|it| it.suspended.push(Suspension {
            from: at("2027-01-10"),
            until: None
        })),
        AuthorityState::Suspended
    );
}

#[test]
fn a_guardianship_goes_on_only_if_its_renewal_was_lodged_in_time_and_is_not_decided() {
    let mut guardian = instrument("alec", AuthorityKind::Guardian, &[Matter::Welfare]);
    guardian.until = Some(at("2027-01-01"));
    let unknown = PersonFacts::default();
    assert_eq!(
        state(&guardian, Matter::Care, &unknown),
        AuthorityState::Expired
    );
    guardian.renewal_lodged = Some(at("2027-01-05"));
    assert_eq!(
        state(&guardian, Matter::Care, &unknown),
        AuthorityState::Expired
    );
    guardian.renewal_lodged = Some(at("2026-12-20"));
    assert_eq!(
        state(&guardian, Matter::Care, &unknown),
        AuthorityState::RenewalLodged
    );
    guardian.renewal_decided = Some(at("2027-01-08"));
    assert_eq!(
        state(&guardian, Matter::Care, &unknown),
        AuthorityState::Expired
    );
}

#[test]
fn a_guardian_with_the_same_power_ends_the_attorneys() {
    let incapable = person(MentalCapacity::Incapable);
    let guardian = instrument("council", AuthorityKind::Guardian, &[Matter::Care]);
    let both = [euan(), guardian];
    let of = |matter| both[0].state(matter, &incapable, &both, at(NOW).0);
    assert_eq!(of(Matter::Care), AuthorityState::Superseded);
    assert_eq!(of(Matter::Accommodation), AuthorityState::InForce);
}

#[test]
fn a_parents_power_ends_with_the_second_in_which_the_child_turns_sixteen() {
    let mut donna = instrument("donna", AuthorityKind::ParentalRights, &[]);
    donna.source = Some(ParentalSource::Mother);
    let skye = PersonFacts {
        born: Some(BirthDate("2011-02-03".parse().expect("a date"))),
        ..PersonFacts::default()
    };
    let of = |now: &str| donna.state(Matter::Treatment, &skye, &[], at(now).0);
    assert_eq!(of("2027-02-02T23:59:59Z"), AuthorityState::InForce);
    assert_eq!(of("2027-02-03T00:00:00Z"), AuthorityState::Sixteen);
    assert_eq!(
        donna.state(Matter::Treatment, &PersonFacts::default(), &[], at(NOW).0),
        AuthorityState::AgeUnknown
    );
}

#[test]
fn joint_registration_gives_a_father_rights_only_from_may_2006() {
    let mut father = instrument("mark", AuthorityKind::ParentalRights, &[]);
    father.source = Some(ParentalSource::JointRegistration);
    let child = PersonFacts {
        born: Some(BirthDate("2012-02-03".parse().expect("a date"))),
        ..PersonFacts::default()
    };
    let mut of = |registered: &str| {
        father.birth_registered = Some(BirthDate(registered.parse().expect("a date")));
        state(&father, Matter::Care, &child)
    };
    assert_eq!(of("2006-05-03"), AuthorityState::NoParentalRights);
    assert_eq!(of("2006-05-04"), AuthorityState::InForce);
}

#[test]
fn an_executor_acts_after_the_death_and_an_attorney_no_longer() {
    let executor = instrument("euan", AuthorityKind::Executor, &[]);
    let mut ishbel = person(MentalCapacity::Incapable);
    assert_eq!(
        state(&executor, Matter::Treatment, &ishbel),
        AuthorityState::PersonAlive
    );
    ishbel.died = Some(at("2027-01-02"));
    assert_eq!(
        state(&executor, Matter::Treatment, &ishbel),
        AuthorityState::InForce
    );
    assert_eq!(
        state(&euan(), Matter::Care, &ishbel),
        AuthorityState::PersonDied
    );
}
