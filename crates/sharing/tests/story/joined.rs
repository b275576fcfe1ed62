//! Joining and parting through the store: whatever is decided can be taken back, and then all is as
//! if it had never been.

use domain::{
    Assurance, Caller, Capacity, Clock, OrganisationKind, PersonId, Purpose, ResourceId, Role,
    TokenId, Worker,
};
use policy::Internal;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use sharing::account::AccountAsk;
use sharing::contribute::import;
use sharing::event::sentence;
use sharing::identity::stewards::{Decided, Outcome, decide, raise};
use sharing::{Asking, Channel, Error};
use store::{Change, Expect, Write};

use crate::hall::Hall;

/// How many sequences are tried: each costs some twenty commits.
const SEQUENCES: u64 = 40;
const STEPS: usize = 10;

async fn steward(hall: &Hall, id: &str) -> Asking {
    let worker = Worker {
        id: id.into(),
        name: id.to_owned(),
        role: Role::PrivacyOfficer,
        organisation: "hospital".into(),
        team: None,
        phone: "01632 960 130".to_owned(),
        until: None,
    };
    let change = Change {
        writes: vec![Write::Worker {
            worker,
            resource: None,
        }],
        ..Change::default()
    };
    let engaged = hall.cx.store.commit(change, Expect::default()).await;
    engaged.expect("they are engaged");
    Asking {
        caller: Caller {
            name: id.to_owned(),
            capacity: Capacity::Worker {
                worker: id.into(),
                role: Role::PrivacyOfficer,
                organisation: "hospital".into(),
                organisation_kind: OrganisationKind::Hospital,
                team: None,
            },
            assurance: Assurance::Substantial,
        },
        token: TokenId::new("local"),
        purpose: Purpose::Operations,
        reason: None,
        channel: Channel::Api,
        idempotency: None,
    }
}

/// Six men of the hospital's whom nothing links.
async fn six(hall: &Hall, sequence: u64) -> Vec<ResourceId> {
    let system = hall.worker("hospital-records", Purpose::Treatment);
    let names = ["Adam", "Bruno", "Chidi", "Donal", "Emre", "Farid"];
    let mut patients = Vec::new();
    for (place, name) in names.into_iter().enumerate() {
        let json = format!(
            r#"{{"resourceType":"Patient","id":"man-{sequence}-{place}","name":[{{"family":"Test{place}x{sequence}","given":["{name}"]}}],"birthDate":"19{}1-0{}-0{}"}}"#,
            place + 3,
            place + 1,
            sequence % 9 + 1,
        );
        let taken = import(&hall.cx, &system, &[json.into_bytes()]).await;
        let taken = taken.expect("a commit").remove(0).expect("a Patient");
        patients.push(taken.id);
    }
    patients
}

/// Who is whom: for each of them, their person.
async fn state(hall: &Hall, patients: &[ResourceId]) -> Vec<u8> {
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let mut state = Vec::new();
    for patient in patients {
        let person = snapshot.person_of(patient).await.expect("an answer");
        state.extend(person.expect("somebody").0);
    }
    state
}

/// Says something of two, and has another steward agree where it takes two. Whether it was done.
async fn say(
    hall: &Hall,
    stewards: &[Asking; 2],
    pair: (ResourceId, ResourceId),
    outcome: Outcome,
) -> bool {
    let raised = raise(&hall.cx, &stewards[0], pair, "a test").await;
    // A pair that is open is not opened twice: what was raised is one and the same.
    let raised = raised.expect("it is raised");
    for steward in stewards {
        match decide(&hall.cx, steward, raised.id, outcome, "a test").await {
            Ok(Decided::Done) => return true,
            Ok(Decided::Proposed) => {}
            Err(Error::Invalid(_)) => break,
            Err(error) => panic!("{error}"),
        }
    }
    // It cannot be so, and is closed.
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let review = snapshot.review(Internal::Linking, &raised.id).await;
    let (mut review, version) = review.expect("an answer").expect("it is there");
    review.decided = review.proposed.clone().or(Some(store::Proposal {
        by: "nobody".into(),
        at: review.opened,
        outcome: String::new(),
        reason: String::new(),
    }));
    drop(snapshot);
    let change = Change {
        writes: vec![Write::Review {
            review: Box::new(review),
            replaces: version,
        }],
        ..Change::default()
    };
    let closed = hall.cx.store.commit(change, Expect::default()).await;
    closed.expect("it is closed");
    false
}

#[tokio::test]
async fn whatever_was_decided_is_undone_without_a_trace_in_who_is_whom() {
    let hall = Hall::open().await;
    // The town was settled with the chance that a hall begins with: its ids are taken.
    for _ in 0..100_000 {
        let _: [u8; 16] = hall.cx.draw();
    }
    let stewards = [steward(&hall, "ada").await, steward(&hall, "bea").await];
    let (mut undone, mut joined) = (0, 0);
    for sequence in 0..SEQUENCES {
        let mut chance = StdRng::seed_from_u64(sequence);
        let men = six(&hall, sequence).await;
        for _ in 0..STEPS {
            let left = *men.choose(&mut chance).expect("somebody");
            let right = *men.choose(&mut chance).expect("somebody");
            if left == right {
                continue;
            }
            let before = state(&hall, &men).await;
            let outcome = match chance.random_range(0..3) {
                0 => Outcome::Different,
                _ => Outcome::Same,
            };
            if !say(&hall, &stewards, (left, right), outcome).await {
                assert_eq!(state(&hall, &men).await, before);
                continue;
            }
            joined += u32::from(state(&hall, &men).await != before);
            if chance.random_range(0..2) == 0 {
                assert!(say(&hall, &stewards, (left, right), Outcome::Undo).await);
                assert_eq!(state(&hall, &men).await, before, "sequence {sequence}");
                undone += 1;
            }
        }
        // Whoever is known anew from the store is found by the same person.
        let again = sharing::identity::indexed(hall.cx.store.clone()).1;
        again.ready().await.expect("everybody is read");
        assert_eq!(again.len(), hall.cx.index.len());
    }
    assert!(
        undone > 40 && joined > 40,
        "{undone} undone, {joined} changed who is whom"
    );
    let verified = hall.cx.store.verify_all().await.expect("the store is read");
    assert_eq!(verified.faults, Vec::<String>::new());
}

/// What somebody reads of being joined and parted, newest first.
async fn told(hall: &Hall, person: PersonId) -> Vec<String> {
    let mut asking = hall.person("alasdair-mowat").await;
    asking.caller.capacity = Capacity::Person(person);
    let page = AccountAsk {
        limit: 100,
        after: None,
        of: None,
        earlier: false,
    };
    let account = sharing::account(&hall.cx, &asking, &page).await;
    let lines = account.expect("an account").expect("their own").lines;
    let lines = lines.iter().map(|line| sentence(&line.event));
    lines.filter(|line| !line.contains("contributed")).collect()
}

#[tokio::test]
async fn both_people_read_that_they_were_joined_and_parted_and_nothing_of_each_other() {
    let hall = Hall::open().await;
    for _ in 0..100_000 {
        let _: [u8; 16] = hall.cx.draw();
    }
    let stewards = [steward(&hall, "ada").await, steward(&hall, "bea").await];
    let men = six(&hall, 0).await;
    let mut people = Vec::new();
    for man in &men[..2] {
        let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
        people.extend(snapshot.person_of(man).await.expect("an answer"));
    }
    let pair = (men[0], men[1]);
    assert!(say(&hall, &stewards, pair, Outcome::Same).await);
    let joined = "On 11 January 2027 at 9:30am, ada of Clydevale Hospital found that two records here \
                  are both of you, and joined them. If that is wrong, say so: it can be undone.";
    assert_eq!(told(&hall, people[0]).await, [joined]);

    hall.clock.set(hall.clock.now().plus_seconds(60));
    assert!(say(&hall, &stewards, pair, Outcome::Different).await);
    let parted = "By mistake your record stood together with somebody else's from 11 January 2027 at 9:30am to \
                  11 January 2027 at 9:31am. In that time nothing of it was opened.";
    for person in people {
        assert_eq!(told(&hall, person).await, [parted, joined]);
    }
}
