//! Dr Amara Eze visits for the Mental Welfare Commission and reads the whole of Halina Wójcik's account:
//! what Halina reads, what is held back from her, and what is kept from whom.

use domain::{PersonId, Purpose, Role};
use http::Method;
use policy::document::{self, Document};
use serde_json::Value;

use crate::ages::at;
use crate::answer::Answer;
use crate::world::{Subject, World, worker};

const CASE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../policies/lanarkshire/cases/w74-a-visitor-of-the-mental-welfare-commission-reads-the-whole-record.json"
);
const COMMISSION: &str = "mental-welfare-commission";

fn case() -> Document {
    let text = std::fs::read_to_string(CASE).expect("a case");
    document::parse(&text).expect("a case")
}

async fn made(world: &mut World, case: &Document) -> Subject {
    let (_, facts, _) = document::taken_apart(case).expect("a whole case");
    world.make(case, &facts).await
}

/// What somebody at work gets who asks for the account of a person.
async fn asks(world: &mut World, who: (&str, &str), why: Purpose, path: &str) -> Answer {
    let (id, organisation) = who;
    let token = world.worker_token(id, Role::Inspector, &organisation.into(), why);
    world.asks(Method::GET, path, &token, None).await
}

async fn visits(world: &mut World, who: &str, of: &Subject) -> Answer {
    let path = format!("/fhir/AuditEvent?patient=Patient/{}", of.patient);
    asks(world, (who, COMMISSION), Purpose::Regulator, &path).await
}

/// The sentences of a bundle's lines, and those of its outcome.
fn said(answer: &Answer) -> (Vec<String>, Vec<String>) {
    let bundle = answer.json();
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let lines = entries
        .iter()
        .filter_map(|entry| text(&entry["resource"]["outcomeDesc"]))
        .collect();
    let issues = entries
        .iter()
        .flat_map(|entry| entry["resource"]["issue"].as_array().into_iter().flatten());
    let notes = issues.filter_map(|issue| text(&issue["details"]["text"]));
    (lines, notes.collect())
}

async fn own_lines(world: &mut World, person: PersonId) -> Vec<String> {
    let token = world.account_token(person, Purpose::PersonRequest);
    let account = world.asks(Method::GET, "/fhir/AuditEvent", &token, None);
    said(&account.await.is(200)).0
}

/// Halina, whose practice reads her record while a result is held back from her account.
async fn halina(world: &mut World) -> Subject {
    let halina = made(world, &case()).await;
    let ewan = worker(
        "ewan",
        "Dr Ewan Lockhart",
        Role::Doctor,
        &"practice".into(),
        None,
    );
    world.write(vec![ewan]).await;
    let why = Purpose::Treatment;
    let token = world.worker_token("ewan", Role::Doctor, &"practice".into(), why);
    let path = format!("/fhir/Patient/{}/$everything", halina.patient);
    world.asks(Method::GET, &path, &token, None).await.is(200);
    halina
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_of_the_commission_reads_every_line_with_delays_bars_and_locks_marked() {
    let mut world = World::open(at("2027-01-11T10:00:00Z")).await;
    let halina = halina(&mut world).await;
    let of_ewan = |line: &&String| line.contains("Dr Ewan Lockhart");
    let before = own_lines(&mut world, halina.person).await;
    let own: Vec<_> = before.iter().filter(of_ewan).collect();
    assert_eq!(own.len(), 1, "{before:#?}");
    assert!(!own[0].contains("tests and results"), "{own:#?}");

    let visit = visits(&mut world, "amara-eze", &halina).await.is(200);
    assert_eq!(visit.header("candour-decision"), "PERMIT");
    let (lines, notes) = said(&visit);
    for line in &before {
        assert!(lines.contains(line), "{line} is not in {lines:#?}");
    }
    let delayed: Vec<_> = lines.iter().filter(|it| it.contains("Delayed:")).collect();
    assert_eq!(delayed.len(), 1, "{lines:#?}");
    let (what, until) = (
        "tests and results",
        "Delayed: the person is not told of it before 1 February 2027 at midnight (crime-prejudice).",
    );
    assert!(
        delayed[0].contains("Dr Ewan Lockhart") && delayed[0].contains(what),
        "{delayed:#?}"
    );
    assert!(delayed[0].ends_with(until), "{delayed:#?}");
    assert_eq!(
        notes,
        [
            "Delay of tests and results: held back from the person until 1 February 2027 at midnight, because it would \
             prejudice preventing or detecting crime; they are not told that it is.",
            "Bar on care plans: kept from whoever acts as their welfare attorney since 1 December 2026 at midnight, \
             because it would do serious harm and hinder social work.",
            "Lock: 1 item is open to Clydevale Hospital alone.",
        ]
    );

    // That she read it stands in the account, which is otherwise as it was: nothing opened for Halina.
    let after = own_lines(&mut world, halina.person).await;
    assert_eq!(after.len(), before.len() + 1, "{after:#?}");
    let read = after.iter().find(|line| line.contains("Dr Amara Eze"));
    assert_eq!(
        read.map(String::as_str),
        Some(
            "Dr Amara Eze, inspector at Mental Welfare Commission, looked at your account of who was told what on \
             11 January 2027 at 10am, for a regulator's inspection, because the law required it."
        )
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_visit_that_stands_and_reaches_the_account_it_stays_shut_and_the_attempt_is_told()
{
    let mut world = World::open(at("2027-01-11T10:00:00Z")).await;
    let halina = halina(&mut world).await;
    let mut unannounced = case();
    unannounced.requirements.clear();
    let marta = made(&mut world, &unannounced).await;
    let mut narrow = case();
    narrow.requirements[0].holders = ["practice".into()].into();
    let joan = made(&mut world, &narrow).await;
    let other = worker(
        "other",
        "Ros Innes",
        Role::Inspector,
        &COMMISSION.into(),
        None,
    );
    world.write(vec![other]).await;

    // Nobody required it; it was required by another visitor; it was required of one holder only.
    for (who, of, ground) in [
        ("amara-eze", &marta, "R04"),
        ("other", &halina, "R04"),
        ("amara-eze", &joan, "R12"),
    ] {
        let answer = visits(&mut world, who, of).await.is(403);
        assert_eq!(answer.header("candour-decision"), "DENY");
        assert!(
            answer.issues()[0].1.starts_with(ground),
            "{}",
            answer.text()
        );
        let told = own_lines(&mut world, of.person).await;
        let name = if who == "other" {
            "Ros Innes"
        } else {
            "Dr Amara Eze"
        };
        let refused = told.iter().find(|line| line.contains(name));
        assert!(
            refused.is_some_and(|it| it.contains("refused")),
            "{told:#?}"
        );
    }
    // For any other purpose an account is nobody's at work.
    let path = format!("/fhir/AuditEvent?patient=Patient/{}", halina.patient);
    let who = ("amara-eze", COMMISSION);
    let treated = asks(&mut world, who, Purpose::Treatment, &path).await;
    assert_eq!(treated.status, 404);

    // On the fourth day the visit is over, and the clock alone has moved.
    world.stand_at(at("2027-01-12T23:59:59Z"));
    visits(&mut world, "amara-eze", &halina).await.is(200);
    world.stand_at(at("2027-01-13T00:00:00Z"));
    let over = visits(&mut world, "amara-eze", &halina).await.is(403);
    assert!(over.issues()[0].1.starts_with("R04"), "{}", over.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_whom_somebody_barred_by_name_learns_nothing_of_them() {
    let mut world = World::open(at("2027-01-11T10:00:00Z")).await;
    let halina = halina(&mut world).await;
    let bar = domain::Bar {
        worker: "amara-eze".into(),
        since: at("2027-01-01T00:00:00Z"),
        lifted: None,
    };
    let home = halina.home;
    world.write(vec![store::Write::Bar { home, bar }]).await;
    let barred = visits(&mut world, "amara-eze", &halina).await;
    let path = "/fhir/AuditEvent?patient=Patient/0000000000000000000000000a";
    let who = ("amara-eze", COMMISSION);
    let unknown = asks(&mut world, who, Purpose::Regulator, path).await;
    assert_eq!((barred.status, unknown.status), (404, 404));
    assert_eq!(barred.body, unknown.body);
    let names = |answer: &Answer| answer.headers.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&barred), names(&unknown));
}
