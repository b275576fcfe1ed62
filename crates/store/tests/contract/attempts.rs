//! Attempts on records: written down with a refusal, told once.

use domain::message::{Attempt, Cause, Way};
use domain::{Role, Timestamp};
use policy::Internal;
use store::{Error, Untold, Write};

use crate::Shared;
use crate::world::{MORNING, Person, World};

const DAY: i64 = 24 * 3_600;

fn attempt(worker: &str, about: Person, cause: Option<Cause>, at: Timestamp) -> Write {
    Write::Attempt(Attempt {
        worker: worker.into(),
        name: "Kenneth Purdie".to_owned(),
        role: Role::Nurse,
        organisation: "hospital".into(),
        person: about.id,
        way: Way::Record,
        cause,
        at,
    })
}

/// The rows that somebody is to be told of, with who tried.
async fn to_tell(world: &World) -> Vec<(i64, String)> {
    let mut snapshot = world.snapshot().await;
    let untold = snapshot.attempts(Internal::Alerting, 100).await.unwrap();
    let worker = |it: Untold| (it.row, it.attempt.worker.to_string());
    untold.into_iter().map(worker).collect()
}

pub async fn attempts_are_told_alone_or_from_the_fifth_on_and_once(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let barred = attempt("kenneth", marta, Some(Cause::Barred), MORNING);
    world.write(vec![barred]).await.unwrap();
    for _ in 0..4 {
        let refused = attempt("amina", marta, None, MORNING);
        world.write(vec![refused]).await.unwrap();
    }
    let told = to_tell(&world).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].1, "kenneth");
    let rows = vec![told[0].0];
    world
        .write(vec![Write::AttemptsTold(rows.clone())])
        .await
        .unwrap();
    let again = world.write(vec![Write::AttemptsTold(rows)]).await;
    assert!(matches!(again, Err(Error::Conflict)));

    // The fifth makes a pattern of them; what is refused beside an attempt that was told is told too.
    let fifth = attempt("amina", marta, None, MORNING);
    let beside = attempt("kenneth", marta, None, MORNING);
    world.write(vec![fifth, beside]).await.unwrap();
    let whose: Vec<String> = to_tell(&world)
        .await
        .into_iter()
        .map(|(_, who)| who)
        .collect();
    assert_eq!(
        whose,
        ["amina", "amina", "amina", "amina", "amina", "kenneth"]
    );
}

pub async fn what_is_a_day_old_no_longer_counts(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let barred = attempt(
        "amina",
        world.person("Lal", "Arun").await,
        Some(Cause::Barred),
        MORNING,
    );
    world.write(vec![barred]).await.unwrap();
    for after in [0, 1, 2, 3, DAY + 60] {
        let refused = attempt("amina", marta, None, MORNING.plus_seconds(after));
        world.write(vec![refused]).await.unwrap();
    }
    // What nobody was told of yet, and is told by itself, waits as long as it takes.
    assert_eq!(to_tell(&world).await.len(), 1);
}

pub async fn refusals_about_ten_people_within_a_day_are_told_together(world: Shared) {
    for number in 0..9 {
        let one = world.person("Nowak", &format!("Marta {number}")).await;
        let refused = attempt("amina", one, None, MORNING);
        world.write(vec![refused]).await.unwrap();
    }
    assert_eq!(to_tell(&world).await, [], "nine are none");
    let tenth = world.person("Lal", "Arun").await;
    // Of another day, and of another worker, nothing is counted.
    let other = attempt("kenneth", tenth, None, MORNING);
    world.write(vec![other]).await.unwrap();
    assert_eq!(to_tell(&world).await, []);
    let refused = attempt("amina", tenth, None, MORNING.plus_seconds(DAY - 1));
    world.write(vec![refused]).await.unwrap();
    let told = to_tell(&world).await;
    assert_eq!(told.len(), 10, "{told:?}");
    let rows = told.iter().map(|(row, _)| *row).collect();
    world.write(vec![Write::AttemptsTold(rows)]).await.unwrap();
    assert_eq!(to_tell(&world).await, []);

    // The next about one more is told too; what is about one alone is said to be.
    let eleventh = world.person("Begg", "Una").await;
    let more = vec![
        attempt("amina", eleventh, None, MORNING.plus_seconds(DAY - 1)),
        attempt(
            "amina",
            tenth,
            Some(Cause::Barred),
            MORNING.plus_seconds(DAY - 1),
        ),
    ];
    world.write(more).await.unwrap();
    let mut snapshot = world.snapshot().await;
    let untold = snapshot.attempts(Internal::Alerting, 100).await.unwrap();
    let alone: Vec<bool> = untold.iter().map(|it| it.is_of_one).collect();
    assert_eq!(alone, [false, true]);
}
