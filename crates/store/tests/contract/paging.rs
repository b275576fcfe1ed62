//! Order, pages, and time standing still.

use std::collections::BTreeSet;

use domain::{Category, ResourceId};
use policy::Permit;
use store::{Page, PageRequest};

use crate::Shared;
use crate::world::{MORNING, Person, World, about_another, all, ask, first, ids, ordinary};

const PLAIN: &str = r#"{"resourceType":"Observation","status":"final"}"#;

async fn observe(world: &World, person: Person, date: &str) -> ResourceId {
    let json = match date {
        "" => PLAIN.to_owned(),
        date => PLAIN.replace('}', &format!(r#","effectiveDateTime":"{date}"}}"#)),
    };
    world
        .contribute(person, &json, ordinary(Category::Results))
        .await
}

/// All pages of a search, each of this size, in a new snapshot each.
async fn walk(world: &World, permit: &Permit, query: &str, size: u32) -> Vec<Vec<ResourceId>> {
    walk_of(world, permit, "Observation", query, size).await
}

/// The same of several types.
async fn walk_of(
    world: &World,
    permit: &Permit,
    types: &str,
    query: &str,
    size: u32,
) -> Vec<Vec<ResourceId>> {
    let mut pages = Vec::new();
    let mut request = first(size);
    loop {
        let page = one_page(world, permit, types, query, &request).await;
        pages.push(ids(&page));
        request.after = page.next;
        if request.after.is_none() {
            return pages;
        }
    }
}

async fn one_page(
    world: &World,
    permit: &Permit,
    types: &str,
    query: &str,
    request: &PageRequest,
) -> Page {
    let query = ask(types, query);
    let mut snapshot = world.snapshot().await;
    snapshot.search(permit, &query, request).await.unwrap()
}

pub async fn pages_follow_one_another_in_order_of_arrival(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let mut seen = Vec::new();
    for _ in 0..7 {
        seen.push(observe(&world, marta, "").await);
    }
    let permit = world.own_permit(marta.id).await;
    for query in ["", "status=final"] {
        let pages = walk(&world, &permit, query, 3).await;
        assert_eq!(pages, [&seen[0..3], &seen[3..6], &seen[6..7]], "{query}");
    }
    assert_eq!(
        walk(&world, &permit, "", 7).await,
        [&seen[..]],
        "no empty page at the end"
    );
}

pub async fn dates_sort_both_ways_with_undated_last(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let may = observe(&world, marta, "2026-05-01").await;
    let undated = observe(&world, marta, "").await;
    let march = observe(&world, marta, "2026-03-01").await;
    let may_again = observe(&world, marta, "2026-05-01").await;
    let undated_again = observe(&world, marta, "").await;
    let permit = world.own_permit(marta.id).await;

    let up = [march, may, may_again, undated, undated_again];
    let down = [may_again, may, march, undated_again, undated];
    for size in 1..=6 {
        let pages = walk(&world, &permit, "_sort=date", size).await;
        assert_eq!(pages.concat(), up, "pages of {size}");
        let pages = walk(&world, &permit, "_sort=-date&status=final", size).await;
        assert_eq!(pages.concat(), down, "pages of {size}");
    }
}

pub async fn several_types_are_one_order_and_one_total(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let note = |rtype: &str, rest: &str| {
        format!(r#"{{"resourceType":"{rtype}","code":{{"coding":[{{"code":"x"}}]}},{rest}}}"#)
    };
    let seen = note("Observation", r#""effectiveDateTime":"2026-03-01""#);
    let done = note("Procedure", r#""performedDateTime":"2026-05-01""#);
    let other = done.replace(r#""x""#, r#""y""#);
    let ordinary = || ordinary(Category::Results);
    let first = world.contribute(marta, &done, ordinary()).await;
    let second = world.contribute(marta, &seen, ordinary()).await;
    let undated = note("Observation", r#""status":"final""#);
    let third = world.contribute(marta, &undated, ordinary()).await;
    world.contribute(marta, &other, ordinary()).await;
    let held = about_another(Category::Results);
    world.contribute(marta, &done, held).await;
    let permit = world.own_permit(marta.id).await;

    // Nobody has a Condition, so its type is not even known.
    let types = "Procedure,Condition,Observation";
    for size in 1..=4 {
        for (query, expected) in [
            ("code=x", [first, second, third]),
            ("code=x&_sort=-_lastUpdated", [third, second, first]),
        ] {
            let pages = walk_of(&world, &permit, types, query, size).await;
            assert_eq!(pages.concat(), expected, "{query} by {size}");
        }
        let pages = walk_of(
            &world,
            &permit,
            "Observation,Procedure",
            "code=x&_sort=date",
            size,
        );
        assert_eq!(pages.await.concat(), [second, first, third]);
    }
    let counted = PageRequest {
        with_total: true,
        limit: 0,
        after: None,
    };
    let page = one_page(&world, &permit, types, "code=x", &counted).await;
    assert_eq!(page.total, Some(3), "what is held back is not counted");
    let none = one_page(&world, &permit, "Condition,Goal", "", &counted).await;
    assert_eq!(none.total, Some(0));
}

pub async fn last_updated_sorts_both_ways(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let (one, two) = (
        observe(&world, marta, "").await,
        observe(&world, marta, "").await,
    );
    world.clock.set(MORNING.plus_seconds(5));
    let class = ordinary(Category::Results);
    world.update(marta, one, 2, PLAIN, class).await.unwrap();
    let three = observe(&world, marta, "").await;
    let permit = world.own_permit(marta.id).await;

    for size in 1..=4 {
        let pages = walk(&world, &permit, "_sort=_lastUpdated", size).await;
        assert_eq!(pages.concat(), [two, one, three], "pages of {size}");
        let pages = walk(&world, &permit, "_sort=-_lastUpdated", size).await;
        assert_eq!(pages.concat(), [three, one, two], "pages of {size}");
    }
    let recent = walk(&world, &permit, "_lastUpdated=gt2027-01-11T09:00:01Z", 9).await;
    assert_eq!(recent, [[one, three]]);

    // Told as of one millisecond, so that the next key decides.
    world.clock.set(MORNING.plus_seconds(9));
    let march = observe(&world, marta, "2026-03-01").await;
    let may = observe(&world, marta, "2026-05-01").await;
    for size in 1..=2 {
        let sort = "_lastUpdated=gt2027-01-11T09:00:08Z&_sort=_lastUpdated,-date";
        let pages = walk(&world, &permit, sort, size).await;
        assert_eq!(pages.concat(), [may, march], "pages of {size}");
    }
}

pub async fn a_person_walked_page_by_page_is_seen_once_though_others_write(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let mut there_before = BTreeSet::new();
    for _ in 0..20 {
        there_before.insert(observe(&world, marta, "").await);
    }
    let permit = world.own_permit(marta.id).await;
    let writing = {
        let world = world.clone();
        let updated: Vec<ResourceId> = there_before.iter().copied().collect();
        tokio::spawn(async move {
            for id in updated {
                observe(&world, marta, "").await;
                let class = ordinary(Category::Results);
                world.update(marta, id, 2, PLAIN, class).await.unwrap();
            }
        })
    };
    let seen = walk(&world, &permit, "status=final", 3).await.concat();
    writing.await.unwrap();

    let distinct: BTreeSet<_> = seen.iter().copied().collect();
    assert_eq!(distinct.len(), seen.len(), "nothing is seen twice");
    assert!(there_before.is_subset(&distinct), "nothing is passed over");
}

pub async fn everything_comes_type_by_type_and_since_a_time(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let pulse = observe(&world, marta, "").await;
    let condition = r#"{"resourceType":"Condition"}"#;
    let class = ordinary(Category::Conditions);
    let asthma = world.contribute(marta, condition, class.clone()).await;
    world.clock.set(MORNING.plus_seconds(60));
    let weight = observe(&world, marta, "").await;
    let permit = world.own_permit(marta.id).await;

    let mut snapshot = world.snapshot().await;
    let mut request = PageRequest {
        with_total: true,
        ..first(1)
    };
    let mut walked = Vec::new();
    loop {
        let page = snapshot
            .everything(&permit, &[], store::Within::default(), &request)
            .await
            .unwrap();
        assert_eq!(page.total, Some(4));
        walked.extend(ids(&page));
        request.after = page.next;
        if request.after.is_none() {
            break;
        }
    }
    assert_eq!(walked, [marta.patient, asthma, pulse, weight]);

    let types = ["Condition", "NeverHeardOf"];
    let page = snapshot
        .everything(&permit, &types, store::Within::default(), &all())
        .await
        .unwrap();
    assert_eq!(ids(&page), [asthma]);
    let page = snapshot
        .everything(&permit, &["NeverHeardOf"], store::Within::default(), &all())
        .await
        .unwrap();
    assert_eq!(ids(&page), []);
    let since = store::Within {
        since: Some(MORNING.plus_seconds(1)),
        ..store::Within::default()
    };
    let page = snapshot
        .everything(&permit, &[], since, &all())
        .await
        .unwrap();
    assert_eq!(ids(&page), [weight]);
}

pub async fn everything_comes_from_a_time_to_a_time_with_what_is_of_any(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let march = observe(&world, marta, "2026-03-01").await;
    let undated = observe(&world, marta, "").await;
    let may = observe(&world, marta, "2026-05-01").await;
    let permit = world.own_permit(marta.id).await;
    let april = domain::Timestamp::parse("2026-04-01T00:00:00Z");
    let mut snapshot = world.snapshot().await;
    let mut found = async |start, end| {
        let within = store::Within {
            start,
            end,
            ..store::Within::default()
        };
        let types = ["Observation"];
        let page = snapshot.everything(&permit, &types, within, &all()).await;
        ids(&page.unwrap())
    };
    assert_eq!(found(april, None).await, [undated, may]);
    assert_eq!(found(None, april).await, [march, undated]);
    assert_eq!(found(None, None).await, [march, undated, may]);
    assert_eq!(found(april, april).await, [undated]);
}

pub async fn the_chronology_begins_with_the_newest(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let march = observe(&world, marta, "2026-03-01").await;
    let undated = observe(&world, marta, "").await;
    let may = observe(&world, marta, "2026-05-01").await;
    let permit = world.own_permit(marta.id).await;

    let mut snapshot = world.snapshot().await;
    let types = ["Observation"];
    let page = snapshot
        .chronology(&permit, &types, &first(2))
        .await
        .unwrap();
    assert_eq!(ids(&page), [may, march]);
    let rest = PageRequest {
        after: page.next,
        ..first(2)
    };
    let page = snapshot.chronology(&permit, &types, &rest).await.unwrap();
    assert_eq!((ids(&page), page.next), (vec![undated], None));
}

pub async fn nothing_on_a_page_still_has_a_total(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    observe(&world, marta, "").await;
    let permit = world.own_permit(marta.id).await;
    let count = PageRequest {
        with_total: true,
        ..first(0)
    };
    let page = one_page(&world, &permit, "Observation", "status=final", &count).await;
    assert_eq!(
        (page.resources.len(), page.next, page.total),
        (0, None, Some(1))
    );
    let page = one_page(&world, &permit, "Observation", "status=draft", &count).await;
    assert_eq!(page.total, Some(0));
}

pub async fn a_snapshot_does_not_move(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let permit = world.own_permit(marta.id).await;
    let mut before = world.snapshot().await;
    let facts = before.facts(marta.id).await.unwrap().unwrap();

    observe(&world, marta, "").await;

    let same = before.facts(marta.id).await.unwrap().unwrap();
    assert_eq!(facts, same);
    let page = before
        .everything(&permit, &[], store::Within::default(), &all())
        .await
        .unwrap();
    assert_eq!(ids(&page), [marta.patient]);
    assert_ne!(world.facts(marta.id).await.homes, facts.homes);
}
