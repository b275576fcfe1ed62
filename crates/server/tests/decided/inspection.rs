//! An inspector reads the plans of the home inspected, for three days, and each reading stands in the
//! account of whom it is about.

use policy::document::{self, Document};

use crate::ages::at;
use crate::answer::Answer;
use crate::world::{Subject, World};

const CASE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../policies/lanarkshire/cases/w02-an-inspector-reads-the-plans-of-the-home-inspected-and-nothi.json"
);

fn case() -> Document {
    let text = std::fs::read_to_string(CASE).expect("a case");
    document::parse(&text).expect("a case")
}

async fn resident(world: &mut World, case: &Document) -> Subject {
    let (_, facts, _) = document::taken_apart(case).expect("a whole case");
    world.make(case, &facts).await
}

fn shows(answer: &Answer, of: &Subject, item: &str) -> bool {
    let (_, id) = of
        .items
        .iter()
        .find(|(known, _)| known.as_str() == item)
        .expect("an item of the case");
    answer.text().contains(&id.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_inspector_reads_plans_of_the_home_for_three_days_and_every_reading_is_told() {
    let case = case();
    let mut elsewhere = case.clone();
    elsewhere.requirements.clear();
    let mut world = World::open(at("2027-01-10T00:00:00Z")).await;
    let residents = [
        resident(&mut world, &case).await,
        resident(&mut world, &case).await,
    ];
    let of_another_home = resident(&mut world, &elsewhere).await;

    for day in ["2027-01-10T00:00:00Z", "2027-01-12T23:59:59Z"] {
        world.stand_at(at(day));
        for resident in &residents {
            let answer = world.ask(resident, &case).await.is(200);
            assert_eq!(answer.header("candour-decision"), "PERMIT_PART");
            assert!(shows(&answer, resident, "plan"), "{}", answer.text());
            // The letter of the practice is another's to give: the way on is said.
            assert!(!shows(&answer, resident, "mh"), "{}", answer.text());
            let way = "notes and letters. To ask for it, ring the agency that holds it";
            assert!(answer.text().contains(way), "{}", answer.text());
        }
    }
    // Nothing is required of another home, and nothing is given: that is no question for its holders.
    let elsewhere = world.ask(&of_another_home, &case).await.is(403);
    assert_eq!(elsewhere.header("candour-decision"), "DENY");
    let issues = elsewhere.issues();
    assert!(issues[0].1.starts_with("R04"), "{issues:?}");
    assert!(
        issues[1].1.contains("a new requirement is issued"),
        "{issues:?}"
    );

    // On the fourth day it is over, and the clock alone has moved.
    world.stand_at(at("2027-01-13T00:00:00Z"));
    for resident in &residents {
        let answer = world.ask(resident, &case).await.is(403);
        assert_eq!(answer.header("candour-decision"), "DENY");
        assert!(answer.issues()[0].1.starts_with("R04"), "{}", answer.text());
    }
    let account = world.account(&residents[0]).await;
    assert_eq!(account.len(), 3, "{account:#?}");
    for line in &account {
        assert!(line.contains("Colin Baird"), "{line}");
        assert!(line.contains("inspection"), "{line}");
    }
}
