//! A record joined by mistake and read before it was parted: two women of one name at one address.

use domain::{Assurance, Caller, Capacity, Purpose, ResourceId, Role, TokenId, Worker};
use serde_json::{Value, json};
use server::tokens::{SignIn, SignInKind, TokenFor};
use sharing::wishes::{Wish, object, standing};
use sharing::{Asking, Channel};
use store::{Change, Expect, Write};

use crate::actor::Actor;
use crate::answer::Answer;
use crate::hall::Hall;
use crate::morag::admitted;

/// Stewards, whom the town has none of.
const STEWARDS: [(&str, &str, &str); 3] = [
    ("sheena-galt", "Sheena Galt", "hospital"),
    ("bridget-oduya", "Bridget Oduya", "braehead-practice"),
    ("colin-tweed", "Colin Tweed", "northburn-housing"),
];

async fn engage_stewards(hall: &Hall) {
    let writes = STEWARDS.map(|(id, name, organisation)| Write::Worker {
        worker: Worker {
            id: id.into(),
            name: name.to_owned(),
            role: Role::PrivacyOfficer,
            organisation: organisation.into(),
            team: None,
            phone: "01632 960 130".to_owned(),
            until: None,
        },
        resource: None,
    });
    let change = Change {
        writes: writes.into(),
        ..Change::default()
    };
    let done = hall.cx.store.commit(change, Expect::default()).await;
    done.expect("they are engaged");
}

fn steward<'h>(hall: &'h Hall, key: &str) -> Actor<'h> {
    let (id, name, organisation) = STEWARDS
        .into_iter()
        .find(|(id, _, _)| *id == key)
        .expect("a steward");
    let bearer = SignIn {
        key: id.to_owned(),
        name: name.to_owned(),
        kind: SignInKind::Worker {
            role: Role::PrivacyOfficer,
            organisation: organisation.into(),
        },
    };
    let wanted = TokenFor {
        bearer: &bearer,
        purposes: &["HOPERAT".parse().expect("a purpose")],
        issued: domain::Clock::now(hall.clock.as_ref()),
        seconds: 3600,
    };
    hall.bearing(&hall.issuer.issue(&wanted, hall.cx.chance.as_ref()))
}

fn parameters(named: &[(&str, &str)]) -> String {
    let parameter: Vec<Value> = named
        .iter()
        .map(|(name, value)| json!({"name": name, "valueString": value}))
        .collect();
    json!({"resourceType": "Parameters", "parameter": parameter}).to_string()
}

/// The value of a part of the answer.
fn part(answer: &Answer, name: &str) -> Value {
    let body = answer.json();
    let parts = body["parameter"].as_array().cloned().unwrap_or_default();
    let found = parts.into_iter().find(|part| part["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {body:#}"))
}

async fn decides(actor: &Actor<'_>, pair: &str, outcome: &str, reason: &str) -> Answer {
    let said = parameters(&[("outcome", outcome), ("reason", reason)]);
    actor.posts(&format!("Linkage/{pair}/$decide"), said).await
}

async fn raised(actor: &Actor<'_>, pair: [&str; 2], reason: &str) -> String {
    let said = parameters(&[("left", pair[0]), ("right", pair[1]), ("reason", reason)]);
    let answer = actor.posts("Linkage/$raise", said).await.is(201);
    part(&answer, "id")["valueId"].as_str().unwrap().to_owned()
}

fn conditions(answer: &Answer) -> Vec<String> {
    let all = answer.matches();
    all.iter()
        .filter(|one| one["resourceType"] == "Condition")
        .map(|one| one["code"]["text"].as_str().unwrap_or_default().to_owned())
        .collect()
}

async fn sentences(hall: &Hall, patient: &str) -> Vec<String> {
    account(&hall.person_of(patient).await).await
}

/// The sentences of whoever signs in, newest first.
async fn account(person: &Actor<'_>) -> Vec<String> {
    let account = person.gets("AuditEvent").await.is(200);
    let lines = account.matches();
    lines
        .iter()
        .map(|line| line["outcomeDesc"].as_str().unwrap().to_owned())
        .collect()
}

/// The practice's own Morag, of the same name and address, and what it holds of her.
async fn other_morag(hall: &Hall, of: &Value) -> String {
    let mut other = json!({"resourceType": "Patient", "id": "morag-2"});
    for member in ["name", "address"] {
        if let Some(value) = of.get(member) {
            other[member] = value.clone();
        }
    }
    other["birthDate"] = "2004-04-17".into();
    let made = hall.practice().puts(&other).await.is(201);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let condition = json!({
        "resourceType": "Condition",
        "id": "morag-2-epilepsy",
        "subject": {"reference": format!("Patient/{id}")},
        "code": {"text": "Epilepsy"},
    });
    hall.practice().puts(&condition).await.is(201);
    id
}

#[tokio::test]
async fn the_whole_aftermath_of_a_record_joined_by_mistake() {
    let hall = Hall::open().await;
    engage_stewards(&hall).await;
    let first = admitted(&hall).await;
    let shown = hall.ruksana().reads("Patient", &first).await.is(200).json();
    let second = other_morag(&hall, &shown).await;
    let (sheena, bridget) = (
        steward(&hall, "sheena-galt"),
        steward(&hall, "bridget-oduya"),
    );
    let before = hall.ruksana().everything(&first).await.is(200);
    assert_eq!(conditions(&before), Vec::<String>::new());

    // Taken for one.
    hall.wait(60);
    let pair = raised(
        &sheena,
        [&first, &second],
        "the same name at the same address",
    )
    .await;
    decides(&sheena, &pair, "same", "name and address")
        .await
        .is(200);

    // Read while they were.
    hall.wait(60);
    let between = hall.ruksana().everything(&first).await.is(200);
    assert_eq!(conditions(&between), ["Epilepsy"]);

    // Found out; it takes two to part them.
    hall.wait(60);
    let mistake = raised(&bridget, [&second, &first], "forty years apart").await;
    let proposed = decides(&bridget, &mistake, "different", "forty years apart").await;
    assert_eq!(part(&proposed.is(202), "decided")["valueCode"], "proposed");
    decides(&bridget, &mistake, "different", "forty years apart")
        .await
        .says(
            422,
            "business-rule",
            "you proposed this yourself: another steward must agree",
        );
    let still = hall.ruksana().everything(&first).await.is(200);
    assert_eq!(conditions(&still), ["Epilepsy"]);
    decides(&sheena, &mistake, "different", "she is right")
        .await
        .is(200);

    // From the next byte on each is herself.
    let after = hall.ruksana().everything(&first).await.is(200);
    assert_eq!(conditions(&after), Vec::<String>::new());
    hall.ruksana().everything(&second).await.is(403);

    // Both read what happened, and neither reads of the other.
    let line = "By mistake your record stood together with somebody else's from 11 January 2027 at 9:31am to \
                11 January 2027 at 9:33am. In that time it was opened 2 times. This is followed up as a breach of privacy.";
    for patient in [&first, &second] {
        let account = sentences(&hall, patient).await;
        let told: Vec<&String> = account.iter().filter(|it| it.contains("mistake")).collect();
        assert_eq!(told, [line], "{account:#?}");
    }

    // The breach is on the list of both agencies, above all else, and of nobody else.
    for steward in [&sheena, &bridget] {
        let queue = steward.gets("Linkage/$queue").await.is(200);
        let kind = &queue.json()["parameter"][0]["part"][1]["valueCode"];
        assert_eq!(kind, "breach");
    }
    let colin = steward(&hall, "colin-tweed");
    let queue = colin.gets("Linkage/$queue").await.is(200);
    assert_eq!(queue.json().get("parameter"), None);

    // Nobody joins them again by a detour, or at all, unless the parting is undone.
    let again = raised(
        &sheena,
        [&first, &second],
        "the same name at the same address",
    )
    .await;
    decides(&sheena, &again, "same", "name and address")
        .await
        .says(
            422,
            "business-rule",
            "they, or others of the same people, were parted before: undo that first",
        );
    hall.verified().await;
}

#[tokio::test]
async fn whoever_signs_in_reads_both_lists_while_joined_and_their_own_before_and_after() {
    let hall = Hall::open().await;
    engage_stewards(&hall).await;
    let first = admitted(&hall).await;
    let shown = hall.ruksana().reads("Patient", &first).await.is(200).json();
    let second = other_morag(&hall, &shown).await;
    let (sheena, bridget) = (
        steward(&hall, "sheena-galt"),
        steward(&hall, "bridget-oduya"),
    );
    let older = hall.person_of(&first).await;
    let younger = hall.person_of(&second).await;
    let (elder, herself) = (asking(&hall, &first).await, asking(&hall, &second).await);
    // Asked about, and refused: that too is in her list.
    hall.practice().reads("Patient", &second).await.is(403);
    let (olders, youngers) = (account(&older).await, account(&younger).await);
    assert!(olders[0].starts_with("Ruksana Chaudhry, "), "{olders:#?}");
    assert_eq!(youngers.len(), 1, "{youngers:#?}");

    // Joined: each sign-in reads all that was told, and the record of both.
    hall.wait(60);
    let pair = raised(&sheena, [&first, &second], "one name, one address").await;
    decides(&sheena, &pair, "same", "one name, one address")
        .await
        .is(200);
    let joined = account(&younger).await;
    assert_eq!(joined, account(&older).await);
    // All lines of both, and the one that says that they were joined.
    assert_eq!(
        joined.len(),
        olders.len() + youngers.len() + 1,
        "{joined:#?}"
    );
    assert!(olders.iter().chain(&youngers).all(|it| joined.contains(it)));
    younger.reads("Patient", &first).await.is(200);
    older.reads("Patient", &second).await.is(200);
    for list in ["", "?list=2"] {
        let pack = younger.gets(&format!("AuditEvent/$pack{list}")).await;
        assert!(pack.is(200).body.len() > 500);
    }
    younger.gets("AuditEvent/$pack?list=3").await.is(403);
    younger.gets("AuditEvent/$pack?list=two").await.is(400);
    // A place in the account of one list is none in that of two.
    younger.gets("AuditEvent?_cursor=1").await.is(400);
    younger.gets("AuditEvent?_cursor=0.0").await.is(200);

    // What she says while they are one is hers, and stays so.
    let wish = Wish {
        organisation: "northburn-housing".into(),
        category: None,
    };
    let said = object(&hall.cx, &herself, &wish).await;
    said.expect("she says no");

    // Parted: each reads her own lines and no other's, and the other's record is nobody's again.
    hall.wait(60);
    let mistake = raised(&bridget, [&second, &first], "forty years apart").await;
    for steward in [&bridget, &sheena] {
        decides(steward, &mistake, "different", "forty years apart").await;
    }
    let mistaken = |line: &String| line.starts_with("By mistake your record stood together");
    let mut after = account(&younger).await;
    assert!(mistaken(&after.remove(0)), "{after:#?}");
    // Before that stands that they were joined, and before that what was hers alone.
    assert!(after.remove(0).contains("Sheena Galt"), "{after:#?}");
    assert_eq!(after, youngers);
    let after = account(&older).await;
    assert!(mistaken(&after[0]));
    assert!(olders.iter().all(|line| after.contains(line)));
    assert!(!youngers.iter().any(|line| after.contains(line)));
    younger.reads("Patient", &first).await.is(404);
    younger.reads("Patient", &second).await.is(200);
    older.reads("Patient", &second).await.is(404);
    let wishes = async |asking: &Asking| standing(&hall.cx, asking).await.expect("wishes").len();
    assert_eq!((wishes(&herself).await, wishes(&elder).await), (1, 0));
    hall.verified().await;
}

/// Whoever a Patient is now, asking for themself on their page.
async fn asking(hall: &Hall, patient: &str) -> Asking {
    let patient = patient.parse().expect("an id of ours");
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let person = snapshot.person_of(&patient).await.expect("an answer");
    Asking {
        caller: Caller {
            name: "Morag".to_owned(),
            capacity: Capacity::Person(person.expect("somebody")),
            assurance: Assurance::Substantial,
        },
        token: TokenId::new("a-page"),
        purpose: Purpose::PersonRequest,
        reason: None,
        channel: Channel::Page,
        idempotency: None,
    }
}

const CHI: &str = "https://phfapi.digital.health.scot/naming/chi-number";

/// A Patient, with a CHI number if one is given.
fn woman(id: &str, given: &str, family: &str, born: &str, number: Option<&str>) -> Value {
    let mut patient = json!({
        "resourceType": "Patient",
        "id": id,
        "name": [{"family": family, "given": [given]}],
        "gender": "female",
        "birthDate": born,
    });
    if let Some(number) = number {
        patient["identifier"] = json!([{"system": CHI, "value": number}]);
    }
    patient
}

async fn is_one(hall: &Hall, pair: [ResourceId; 2]) -> bool {
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let one = snapshot.person_of(&pair[0]).await.expect("an answer");
    let other = snapshot.person_of(&pair[1]).await.expect("an answer");
    assert!(one.is_some());
    one == other
}

/// The kinds of what stands on a steward's list, the most pressing first, with their ids.
async fn listed(steward: &Actor<'_>) -> Vec<(String, String)> {
    let queue = steward.gets("Linkage/$queue").await.is(200).json();
    let pairs = queue["parameter"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    pairs
        .iter()
        .map(|pair| {
            let part = &pair["part"];
            (text(&part[1]["valueCode"]), text(&part[0]["valueId"]))
        })
        .collect()
}

#[tokio::test]
async fn a_patient_whose_number_becomes_known_later_is_joined_with_whom_it_fits() {
    let hall = Hall::open().await;
    let known = woman(
        "seonaid-1",
        "Seonaid",
        "Testmuir",
        "1961-03-05",
        Some("0503619841"),
    );
    hall.hospital().puts(&known).await.is(201);
    let mut late = woman("seonaid-2", "Seonaid", "Testmuir", "1961-03-05", None);
    late["birthDate"] = "1961".into();
    hall.practice().puts(&late).await.is(201);
    let pair = [
        hall.id_of("hospital", "Patient", "seonaid-1"),
        hall.id_of("braehead-practice", "Patient", "seonaid-2"),
    ];
    assert!(!is_one(&hall, pair).await);
    let signed_in = hall.person_of(&pair[1].to_string()).await;
    let elder = hall.person_of(&pair[0].to_string()).await;
    assert_eq!(account(&signed_in).await, account(&elder).await);
    assert_eq!(account(&elder).await, Vec::<String>::new());

    let late = woman(
        "seonaid-2",
        "Seonaid",
        "Testmuir",
        "1961-03-05",
        Some("0503619841"),
    );
    hall.practice().puts(&late).await.is(200);
    assert!(is_one(&hall, pair).await);
    // Her sign-in, made while she stood alone, reads the record of both.
    signed_in.reads("Patient", pair[0]).await.is(200);
    // Both accounts say so, each in its own list, and the reader of both reads it once.
    let line = "On 11 January 2027 at 9:30am, Braehead Medical Practice brought its details of you up to date. With them \
                two records here are certainly both of you, and the exchange joined them. If that is wrong, say so: it can be undone.";
    for person in [&signed_in, &elder] {
        let account = account(person).await;
        let told: Vec<&String> = account.iter().filter(|it| it.contains("joined")).collect();
        assert_eq!(told, [line], "{account:#?}");
    }
    for list in ["", "?list=2"] {
        let pack = signed_in.gets(&format!("AuditEvent/$pack{list}")).await;
        assert!(pack.is(200).body.len() > 500);
    }
    // The same details again join nobody anew.
    hall.practice().puts(&late).await.is(200);
    let again = account(&elder).await;
    let told = again.iter().filter(|it| it.contains("joined"));
    assert_eq!(told.count(), 1, "{again:#?}");
    hall.verified().await;
}

#[tokio::test]
async fn a_patient_that_became_somebody_elses_is_not_moved_with_its_record() {
    let hall = Hall::open().await;
    engage_stewards(&hall).await;
    let ina = woman("ina", "Ina", "Testmuir", "1961-03-05", Some("0503619841"));
    hall.hospital().puts(&ina).await.is(201);
    let ruth = woman("ruth", "Ruth", "Exampleton", "1974-07-12", None);
    hall.practice().puts(&ruth).await.is(201);
    let pair = [
        hall.id_of("hospital", "Patient", "ina"),
        hall.id_of("braehead-practice", "Patient", "ruth"),
    ];
    // Somebody writes Ina's details over Ruth's.
    let over = woman("ruth", "Ina", "Testmuir", "1961-03-05", Some("0503619841"));
    hall.practice().puts(&over).await.is(200);
    assert!(!is_one(&hall, pair).await);
    let bridget = steward(&hall, "bridget-oduya");
    assert_eq!(listed(&bridget).await[0].0, "bridge");
}

#[tokio::test]
async fn what_linked_two_and_no_longer_holds_goes_to_the_stewards_and_parts_nobody() {
    let hall = Hall::open().await;
    engage_stewards(&hall).await;
    let number = Some("0503619841");
    let one = woman("one", "Ina", "Testmuir", "1961-03-05", number);
    hall.hospital().puts(&one).await.is(201);
    let two = woman("two", "Ina", "Testmuir", "1961-03-05", number);
    hall.practice().puts(&two).await.is(201);
    let pair = [
        hall.id_of("hospital", "Patient", "one"),
        hall.id_of("braehead-practice", "Patient", "two"),
    ];
    assert!(is_one(&hall, pair).await);
    // The practice had mistaken her for another.
    let corrected = woman("two", "Ruth", "Exampleton", "1974-07-12", None);
    hall.practice().puts(&corrected).await.is(200);
    assert!(is_one(&hall, pair).await, "nobody is parted silently");
    let bridget = steward(&hall, "bridget-oduya");
    let list = listed(&bridget).await;
    let loosened: Vec<_> = list.iter().filter(|(kind, _)| kind == "loosened").collect();
    assert_eq!(loosened.len(), 1, "{list:?}");

    // A steward who knows better says so, and is not asked again.
    decides(
        &bridget,
        &loosened[0].1,
        "same",
        "she took a new name under protection",
    )
    .await
    .is(200);
    let moved = woman("two", "Ruth", "Exampleton", "1974-07-13", None);
    hall.practice().puts(&moved).await.is(200);
    let list = listed(&bridget).await;
    assert!(!list.iter().any(|(kind, _)| kind == "loosened"), "{list:?}");
}

#[tokio::test]
async fn what_is_probable_goes_to_the_stewards_who_see_both_and_are_seen() {
    let hall = Hall::open().await;
    engage_stewards(&hall).await;
    let patient = |id: &str, family: &str| {
        json!({
            "resourceType": "Patient",
            "id": id,
            "name": [{"family": family, "given": ["Wojciech"]}],
            "birthDate": "1971-11-02",
            "address": [{"use": "home", "line": ["4 Mill Wynd"], "postalCode": "NB1 9ZZ"}],
        })
    };
    hall.hospital()
        .puts(&patient("w-1", "Dąbrowski"))
        .await
        .is(201);
    let made = hall
        .practice()
        .puts(&patient("w-2", "Dombrowski"))
        .await
        .is(201);
    let second = made.json()["id"].as_str().unwrap().to_owned();
    let bridget = steward(&hall, "bridget-oduya");
    let queue = bridget.gets("Linkage/$queue").await.is(200);
    let pairs = queue.json()["parameter"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    // Others of the town are probable too, since they came.
    let today = |pair: &&Value| pair["part"][3]["valueInstant"] == "2027-01-11T09:30:00.000Z";
    let pair = &pairs.iter().find(today).expect("a pair")["part"];
    assert_eq!(pair[1]["valueCode"], "probable");
    assert!(!queue.text().contains("browski"), "a list names nobody");
    let id = pair[0]["valueId"].as_str().unwrap().to_owned();

    let compared = bridget
        .gets(&format!("Linkage/{id}/$compare"))
        .await
        .is(200);
    assert_eq!(
        part(&compared, "left")["resource"]["name"][0]["family"],
        "Dombrowski"
    );
    assert_eq!(
        part(&compared, "right")["resource"]["name"][0]["family"],
        "Dąbrowski"
    );
    assert!(part(&compared, "explanation")["extension"].is_array());
    let account = sentences(&hall, &second).await;
    assert!(account[0].starts_with("Bridget Oduya, "), "{account:#?}");

    // Whoever is no steward, or of another agency, learns not even that there is a pair.
    for actor in [hall.fraser(), steward(&hall, "colin-tweed")] {
        let answer = actor.gets(&format!("Linkage/{id}/$compare")).await;
        assert_eq!(answer.status, 404, "{}", answer.text());
    }
    decides(&bridget, &id, "same", "another spelling")
        .await
        .is(200);
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let one = hall.id_of("hospital", "Patient", "w-1");
    let other = hall.id_of("braehead-practice", "Patient", "w-2");
    assert_eq!(
        snapshot.person_of(&one).await.expect("an answer"),
        snapshot.person_of(&other).await.expect("an answer")
    );
}

#[tokio::test]
async fn a_mothers_number_on_her_baby_raises_an_alarm_and_joins_nobody() {
    let hall = Hall::open().await;
    engage_stewards(&hall).await;
    let chi = "https://phfapi.digital.health.scot/naming/chi-number";
    let baby = json!({
        "resourceType": "Patient",
        "id": "baby-1",
        "name": [{"family": "Testwell", "given": ["Oscar"]}],
        "gender": "male",
        "birthDate": "2026-12-30",
        "identifier": [{"system": chi, "value": "1907459901"}],
    });
    hall.hospital().puts(&baby).await.is(201);
    let sheena = steward(&hall, "sheena-galt");
    let queue = sheena.gets("Linkage/$queue").await.is(200);
    let pairs = queue.json()["parameter"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let pair = pairs
        .iter()
        .find(|pair| pair["part"][1]["valueCode"] == "overlay")
        .unwrap_or_else(|| panic!("no alarm: {}", queue.text()));
    let id = pair["part"][0]["valueId"].as_str().unwrap();
    // One steward alone does not say that they are one.
    decides(&sheena, id, "same", "it is her number")
        .await
        .is(202);
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let oscar = hall.id_of("hospital", "Patient", "baby-1");
    assert_ne!(
        snapshot.person_of(&oscar).await.expect("an answer"),
        snapshot
            .person_of(&hall.patient("netta-dunsmore"))
            .await
            .expect("an answer")
    );
}

#[tokio::test]
async fn an_adopted_childs_earlier_identity_is_joined_by_nothing_and_a_late_feed_is_held() {
    let hall = Hall::open().await;
    engage_stewards(&hall).await;
    let chi = "https://phfapi.digital.health.scot/naming/chi-number";
    let child = |id: &str, given: &str, family: &str, number: &str| {
        json!({
            "resourceType": "Patient",
            "id": id,
            "name": [{"family": family, "given": [given]}],
            "gender": "male",
            "birthDate": "2018-10-21",
            "identifier": [{"system": chi, "value": number}],
        })
    };
    let earlier = child("earlier", "Kieran", "Struan", "2110189991");
    let made = hall.hospital().puts(&earlier).await.is(201);
    let earlier_id = made.json()["id"].as_str().unwrap().to_owned();
    let now = child("now", "Rory", "Kinnaird", "2110189975");
    let made = hall.hospital().puts(&now).await.is(201);
    let now_id = made.json()["id"].as_str().unwrap().to_owned();
    let sheena = steward(&hall, "sheena-galt");
    let pair = raised(&sheena, [&now_id, &earlier_id], "adopted in 2021").await;
    decides(&sheena, &pair, "seal", "order of the court")
        .await
        .is(202);
    let second = SignIn {
        key: "ailsa-brodie".to_owned(),
        name: "Ailsa Brodie".to_owned(),
        kind: SignInKind::Worker {
            role: Role::PrivacyOfficer,
            organisation: "hospital".into(),
        },
    };
    let worker = Worker {
        id: "ailsa-brodie".into(),
        name: second.name.clone(),
        role: Role::PrivacyOfficer,
        organisation: "hospital".into(),
        team: None,
        phone: "01632 960 131".to_owned(),
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
    engaged.expect("she is engaged");
    let wanted = TokenFor {
        bearer: &second,
        purposes: &["HOPERAT".parse().expect("a purpose")],
        issued: domain::Clock::now(hall.clock.as_ref()),
        seconds: 3600,
    };
    let ailsa = hall.bearing(&hall.issuer.issue(&wanted, hall.cx.chance.as_ref()));
    decides(&ailsa, &pair, "seal", "order of the court")
        .await
        .is(200);

    // Years later a practice sends the old identity.
    let mut late = earlier.clone();
    late["id"] = "late".into();
    hall.practice().puts(&late).await.is(201);
    let late_id = hall.id_of("braehead-practice", "Patient", "late");
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let person = snapshot
        .person_of(&late_id)
        .await
        .expect("an answer")
        .expect("somebody");
    for other in [&earlier_id, &now_id] {
        let other = snapshot.person_of(&other.parse().expect("an id")).await;
        assert_ne!(other.expect("an answer"), Some(person));
    }
    drop(snapshot);
    // It is nobody's to find, and the agency that holds the identity is told; the other is not.
    let sought = json!({"resourceType": "Patient", "identifier": earlier["identifier"]});
    let answer = hall
        .fraser()
        .posts("Patient/$match", sought.to_string())
        .await
        .is(200);
    assert_eq!(answer.json()["total"], 0);
    let queue = ailsa.gets("Linkage/$queue").await.is(200);
    assert!(queue.text().contains("\"sealed\""), "{}", queue.text());
    let bridget = steward(&hall, "bridget-oduya");
    let queue = bridget.gets("Linkage/$queue").await.is(200);
    assert!(!queue.text().contains("sealed"), "{}", queue.text());
}
