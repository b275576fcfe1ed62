//! Sixteen at midnight: Skye Paterson turns sixteen on 3 February 2027. Before and after that second her
//! mother Donna, her father Mark, whose rights a court removed, and Gail Ure, school nurse, ask.

use domain::{Purpose, Role};
use http::Method;
use policy::document;
use serde_json::{Value, json};

use crate::ages::at;
use crate::answer::Answer;
use crate::premises::SITE;
use crate::world::{Subject, World, account_of};

const BEFORE: &str = "2027-02-02T23:59:59Z";
const SIXTEEN: &str = "2027-02-03T00:00:00Z";

/// What is known in January: Donna has parental rights; Mark had them until an order; Skye, who decides
/// for herself who reads her thoughts, has given Donna her mood, and said no to the school.
fn january() -> Value {
    let (donna, mark) = (
        account_of("donna").to_string(),
        account_of("mark").to_string(),
    );
    let item = |id: &str, about: &str, closely: &str, why: &[&str]| {
        json!({"id": id, "holder": "camhs", "categories": [about],
            "confidentiality": closely, "sensitivities": why})
    };
    let permit = json!({"type": "permit", "actors": [{"party": donna}], "items": ["mood"]});
    json!({
        "title": "Sixteen at midnight",
        "at": "2027-01-20T09:00:00Z",
        "request": {
            "requester": {"kind": "worker", "id": "gail", "name": "Gail Ure", "role": "nurse",
                "organisation": "school-nursing", "organisation-kind": "education", "assurance": "substantial"},
            "purpose": "CHILD-WELLBEING"
        },
        "person": {"id": "skye", "name": "Skye Paterson", "born": "2011-02-03"},
        "record": [item("mood", "results", "N", &[]), item("thoughts", "documents", "R", &["MH"])],
        "authorities": [
            {"holder": donna, "kind": "parental-rights", "source": "mother"},
            {"holder": mark, "kind": "parental-rights", "source": "marriage", "ended": "2025-09-01"}
        ],
        "consents": [{"id": "circle", "status": "active", "scope": "patient-privacy",
            "given": "2026-12-01", "provision": permit}],
        "wishes": [{"says": "no", "audience": [{"organisation": "school-nursing"}], "at": "2027-01-18"}],
        "agencies": {"camhs": {"name": "Clydevale CAMHS", "phone": "01632 960 140"},
            "school-nursing": {"name": "School nursing"}}
    })
}

/// Skye, of whom an assessment of this winter may have found that for now she cannot decide herself.
async fn skye(world: &mut World, unable: bool) -> Subject {
    let mut january = january();
    if unable {
        january["person"]["capacity"] = json!([{"matter": "all", "state": "incapable",
            "at": "2027-01-12", "until": "2027-02-03"}]);
    }
    let case = document::parse(&january.to_string()).expect("a case");
    let (_, facts, _) = document::taken_apart(&case).expect("a whole case");
    world.make(&case, &facts).await
}

/// Which of Skye's two items came.
fn items(answer: &Answer, of: &Subject) -> Vec<String> {
    let text = answer.text();
    let came = of
        .items
        .iter()
        .filter(|(_, id)| text.contains(&id.to_string()));
    came.map(|(item, _)| item.to_string()).collect()
}

async fn everything(world: &World, token: &str, of: &Subject) -> Answer {
    let path = format!("/fhir/Patient/{}/$everything?_count=1000", of.patient);
    world.asks(Method::GET, &path, token, None).await
}

/// A token for the family's own purpose, as it was made at this moment.
fn family(world: &mut World, who: &str) -> String {
    world.account_token(account_of(who), Purpose::FamilyRequest)
}

/// The address of the page after this one.
fn next(answer: &Answer) -> String {
    let links = answer.json()["link"].as_array().cloned();
    let links = links.unwrap_or_default();
    let next = links.iter().find(|link| link["relation"] == "next");
    let next = next.and_then(|link| link["url"].as_str());
    let next = next.expect("there is more");
    next.strip_prefix(SITE).unwrap_or(next).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_sixteen_what_the_law_gave_her_mother_ends_and_what_she_gave_herself_stays() {
    let mut world = World::open(at("2027-01-20T09:00:00Z")).await;
    let decides = skye(&mut world, false).await;
    let unable = skye(&mut world, true).await;
    world.stand_at(at(BEFORE));
    let donna = family(&mut world, "donna");
    let own = everything(&world, &donna, &decides).await.is(200);
    assert_eq!(items(&own, &decides), ["mood"]);
    let acts = everything(&world, &donna, &unable).await.is(200);
    assert_eq!(items(&acts, &unable), ["mood", "thoughts"]);
    let path = format!("/fhir/Patient/{}/$everything?_count=1", unable.patient);
    let page = world.asks(Method::GET, &path, &donna, None).await.is(200);
    let next = next(&page);

    // Nobody says or writes anything: the clock alone moves. Token and open page are those of before.
    world.stand_at(at(SIXTEEN));
    for skye in [&decides, &unable] {
        let kept = everything(&world, &donna, skye).await.is(200);
        assert_eq!(items(&kept, skye), ["mood"]);
        assert_eq!(kept.header("candour-decision"), "PERMIT_PART");
    }
    let page = world.asks(Method::GET, &next, &donna, None).await;
    assert!(
        !items(&page, &unable).contains(&"thoughts".to_owned()),
        "{}",
        page.text()
    );
    // Skye reads all of her own, and who was told.
    let skye = world.account_token(unable.person, Purpose::PersonRequest);
    let hers = everything(&world, &skye, &unable).await.is(200);
    assert_eq!(items(&hers, &unable), ["mood", "thoughts"]);
    let told = world.account(&unable).await;
    let lines: Vec<_> = told
        .iter()
        .filter(|it| it.contains("3 February 2027"))
        .collect();
    assert!(
        lines.iter().any(|it| it.contains("your tests and results")),
        "{told:#?}"
    );
    assert!(
        !lines
            .iter()
            .any(|it| it.contains("Somebody") && it.contains("notes")),
        "{told:#?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_father_whose_rights_a_court_removed_is_refused_before_midnight_and_after() {
    let mut world = World::open(at("2027-01-20T09:00:00Z")).await;
    for unable in [false, true] {
        let skye = skye(&mut world, unable).await;
        for (moment, way_on) in [
            (BEFORE, "bring a power that covers this"),
            (SIXTEEN, "the young person agrees"),
        ] {
            world.stand_at(at(moment));
            let mark = family(&mut world, "mark");
            let refused = everything(&world, &mark, &skye).await.is(403);
            assert_eq!(refused.header("candour-decision"), "DENY");
            let issues = refused.issues();
            assert!(issues[0].1.starts_with("R07"), "{issues:?}");
            assert!(issues[1].1.contains(way_on), "{issues:?}");
        }
        let told = world.account(&skye).await;
        let refused = told.iter().filter(|line| line.contains("was refused"));
        assert_eq!(refused.count(), 2, "{told:#?}");
        world.stand_at(at(BEFORE));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_school_nurse_is_referred_to_who_wrote_it_and_not_refused_although_she_said_no() {
    let mut world = World::open(at("2027-01-20T09:00:00Z")).await;
    let skye = skye(&mut world, false).await;
    for moment in [BEFORE, SIXTEEN] {
        world.stand_at(at(moment));
        let school = "school-nursing".into();
        let gail = world.worker_token("gail", Role::Nurse, &school, Purpose::ChildWellbeing);
        let referred = everything(&world, &gail, &skye).await.is(403);
        assert_eq!(referred.header("candour-decision"), "REFER");
        let issues = referred.issues();
        assert!(
            issues[1]
                .1
                .starts_with("referred to Clydevale CAMHS, 01632 960 100"),
            "{issues:?}"
        );
        assert!(
            issues[1].1.contains("and how the family is told"),
            "{issues:?}"
        );
        assert!(items(&referred, &skye).is_empty());
    }
}
