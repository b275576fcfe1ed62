//! Every case, asked of the server.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use domain::{Category, Confidentiality, ItemId, OrganisationId};
use policy::document::{self, Document, RecordItem};

use crate::answer::Answer;
use crate::premises::POLICIES;
use crate::world::{REGISTRY, Subject, World};

const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../policies/lanarkshire/cases"
);

/// Cases that cannot be asked for over HTTP, and why. All others are.
const NOT_ASKED: &[(&str, &str)] = &[
    (
        "v09b",
        "a feed from system to system is not fetched by HTTP",
    ),
    (
        "v09c",
        "a feed from system to system is not fetched by HTTP",
    ),
    ("w43", "a feed from system to system is not fetched by HTTP"),
    ("w44", "a feed from system to system is not fetched by HTTP"),
    ("w45", "a feed from system to system is not fetched by HTTP"),
    (
        "v06",
        "without a purpose there is no token to ask with: 400 before anything is decided",
    ),
    (
        "v39",
        "who only tells something writes, and asks for nothing",
    ),
    (
        "v44",
        "the holder shares of its own accord: a message, not an answer",
    ),
    (
        "v51b",
        "an API cannot know that nobody looks over a shoulder",
    ),
    ("w27", "nothing of a whole record is asked for by category"),
    ("w30", "the API has no word for a discharge"),
    ("w84", "a store keeps when it received whatever has no date"),
];

fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(FOLDER).expect("the folder of cases");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

fn number(path: &std::path::Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split('-').next().unwrap_or_default().to_owned()
}

/// The case as the API asks: for the whole record, among which is the Patient by whom somebody is known
/// at all.
fn as_asked(mut case: Document) -> Document {
    let patient = RecordItem {
        id: Some(ItemId::new("the-patient")),
        holder: Some(REGISTRY.into()),
        categories: BTreeSet::from([Category::Demographics, Category::Contact]),
        confidentiality: Some(Confidentiality::Normal),
        author_role: Some(domain::Role::System),
        written: case.at,
        ..RecordItem::default()
    };
    case.record.get_or_insert_default().push(patient);
    if let Some(request) = &mut case.request {
        request.categories.clear();
    }
    case
}

/// What an answer says, as whoever asked reads it: the decision, grounds and deciders that are told,
/// and the items of the case.
fn told(answer: &Answer, subject: &Subject) -> String {
    let name_of = |id: &str| {
        let mut items = subject.items.iter();
        let found = items.find(|(_, resource)| resource.to_string() == id);
        found.map(|(item, _)| item.to_string())
    };
    match answer.status {
        404 => "404".to_owned(),
        200 => {
            let bundle = answer.json();
            let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
            let ids = entries
                .iter()
                .filter_map(|it| it["resource"]["id"].as_str());
            let items: BTreeSet<_> = ids.filter_map(name_of).collect();
            let items: Vec<_> = items.into_iter().collect();
            format!("{} {}", decision(answer), items.join(" "))
        }
        403 => {
            let issues = answer.issues();
            let grounds = issues.iter().filter(|(code, _)| code == "forbidden");
            let grounds: Vec<_> = grounds
                .filter_map(|(_, words)| words.split(':').next())
                .collect();
            let referral = issues.iter().find(|(code, _)| code == "suppressed");
            let to = referral.and_then(|(_, words)| words.strip_prefix("referred to "));
            let to = to.and_then(|words| words.split(", who answers").next());
            let to = to.and_then(|words| words.split(", 01632 ").next());
            let to = to.map(|to| format!(" to {to}")).unwrap_or_default();
            format!("{} {}{to}", decision(answer), grounds.join(" "))
        }
        other => format!("{other} {}", answer.text()),
    }
}

fn decision(answer: &Answer) -> String {
    answer.header("candour-decision").to_owned()
}

/// The same of what `candour decide` says.
fn expected(case: &Document) -> String {
    let decided = document::decide(case, &POLICIES).expect("a whole case");
    let decision = document::decision(case, &POLICIES).expect("a whole case");
    let report = &decided.report;
    let items: BTreeSet<&str> = report.released.iter().map(ItemId::as_str).collect();
    let items: Vec<_> = items
        .into_iter()
        .filter(|it| *it != "the-patient")
        .collect();
    let grounds: Vec<&str> = report.grounds.iter().map(|it| it.code).collect();
    let to = decision.referral.as_ref();
    let name = |id: &OrganisationId| {
        let agency = case.agencies.get(id.as_str());
        agency.map_or_else(|| id.to_string(), |agency| agency.name.clone())
    };
    let to = to
        .map(|it| format!(" to {}", name(&it.decider)))
        .unwrap_or_default();
    match (report.visibility, report.decision) {
        ("hidden", _) => "404".to_owned(),
        (_, shared @ ("PERMIT" | "PERMIT_PART")) => format!("{shared} {}", items.join(" ")),
        (_, refused) => format!("{refused} {}{to}", grounds.join(" ")),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_about_a_request_is_answered_by_the_server_as_it_is_decided() {
    let mut cases: Vec<(String, Document)> = files()
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).expect("a readable file");
            let case = document::parse(&text);
            (number(path), case.unwrap_or_else(|error| panic!("{error}")))
        })
        .filter(|(number, _)| !NOT_ASKED.iter().any(|(name, _)| name == number))
        .collect();
    cases.sort_by_key(|(_, case)| case.at);
    let first = cases[0].1.at.expect("a moment");
    let mut world = World::open(first.0).await;
    let mut wrong = String::new();
    let mut said = String::new();
    for (number, case) in &cases {
        world.stand_at(case.at.expect("a moment").0);
        let (_, facts, _) = document::taken_apart(case).expect("a whole case");
        let subject = world.make(case, &facts).await;
        let answer = told(&world.ask(&subject, case).await, &subject);
        let expected = expected(&as_asked(case.clone()));
        if answer != expected {
            let title = case.title.as_deref().unwrap_or_default();
            writeln!(wrong, "{title}\n  expected {expected}\n  found    {answer}").expect("text");
        }
        let lines = world.account(&subject).await.join(" | ");
        writeln!(said, "{number} {}\n  {lines}", answer.trim_end()).expect("text");
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(cases.len() >= 120, "{} cases", cases.len());
    insta::assert_snapshot!(said);
}
