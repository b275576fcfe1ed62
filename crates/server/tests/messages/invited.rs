//! People without accounts: a one-time link and a spoken code, what they open and for whom, and that
//! they say nothing of anybody until both are right.

use crate::answer::Answer;
use crate::browser::{Browser, words};
use crate::hall::Hall;
use crate::saying::parameters;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A link as it was given: its path, and its code.
pub struct Given {
    pub path: String,
    pub code: String,
}

impl Given {
    /// Another code than the right one.
    pub fn wrong(&self) -> String {
        let other = if self.code.starts_with('1') { "2" } else { "1" };
        format!("{other}{}", &self.code[1..])
    }

    pub fn of(page: &Answer) -> Self {
        let said = words(page);
        let (_, rest) = said.split_once("/open/").expect("the link");
        let secret = rest.split(' ').next().expect("its secret");
        let (_, rest) = said
            .split_once("by telephone or in person ")
            .expect("the code");
        Self {
            path: format!("/open/{secret}"),
            code: rest.chars().take(7).collect(),
        }
    }
}

const MORVEN: [(&str, &str); 7] = [
    ("name", "Morven Gillespie"),
    ("kind", "advocate"),
    ("organisation", "Clydevale Advocacy"),
    ("about", "care-plans"),
    ("about", "account"),
    ("days", "28"),
    ("why", "To speak for her at the review"),
];

fn links(hall: &Hall) -> String {
    format!("/care/people/{}/links", hall.patient("netta-dunsmore"))
}

/// Fraser, Netta's social worker, lets Morven in.
async fn lets_morven_in(hall: &Hall) -> Given {
    let mut fraser = Browser::of(hall, "fraser-abercrombie").await;
    let address = links(hall);
    fraser.gets(&address).await.is(200);
    let given = fraser.posts(&address, &MORVEN).await.is(200);
    let given = Given::of(&given);
    // It was shown that once.
    let again = words(&fraser.gets(&address).await.is(200));
    assert!(
        !again.contains(&given.code) && !again.contains("/open/"),
        "{again}"
    );
    assert!(again.contains("Morven Gillespie, Independent advocate, Clydevale Advocacy"));
    given
}

/// Brings a link and a code; gives what comes of it.
pub async fn opens(browser: &mut Browser<'_>, given: &Given, code: &str) -> Answer {
    browser.gets(&given.path).await.is(200);
    browser.posts(&given.path, &[("code", code)]).await
}

/// The sentences of Netta's account, newest first.
async fn account(hall: &Hall) -> Vec<String> {
    let mut netta = Browser::of(hall, "netta-dunsmore").await;
    let whole = netta.gets("/me/access.json").await.is(200).json();
    let lines = whole["account"].as_array().expect("lines");
    lines
        .iter()
        .map(|line| line["sentence"].as_str().expect("a sentence").to_owned())
        .collect()
}

/// A page without what is drawn at random, and without the address that the visitor brought.
pub fn comparable(page: &Answer, path: &str) -> String {
    let text = page.text().replace(path, "");
    let mut parts = text.split("name=\"csrf\" value=\"");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(part.split_once('"').map_or("", |(_, rest)| rest));
    }
    kept
}

#[tokio::test]
async fn an_advocate_reads_what_she_was_let_in_to_and_her_name_stands_in_the_account() {
    let hall = Hall::open().await;
    let given = lets_morven_in(&hall).await;
    let mut morven = Browser::nobody(&hall);
    let entered = opens(&mut morven, &given, &given.code).await.is(303);
    let home = entered.header("location").to_owned();
    let said = words(&morven.gets(&home).await.is(200));
    for part in [
        "Morven Gillespie: what you may read",
        "Fraser Abercrombie gave you this link: To speak for her at the review",
        "Care plans and requests",
        "Who was told what",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let record = words(&morven.gets(&format!("{home}/record")).await.is(200));
    for private in ["Dunsmore", "Conditions", "Allerg", "tablet"] {
        assert!(!record.contains(private), "{private} in {record}");
    }
    assert!(record.contains("Care plan"), "{record}");
    let told = words(&morven.gets(&format!("{home}/account")).await.is(200));
    assert!(
        told.contains("opened the one-time link to your record"),
        "{told}"
    );

    let lines = account(&hall).await;
    let morven_is = "Morven Gillespie, independent advocate at Clydevale Advocacy,";
    for line in [
        format!("{morven_is} looked at your account of who was told what"),
        format!("{morven_is} read your care plans on"),
        format!("{morven_is} opened the one-time link to your record."),
        format!(
            "gave {morven_is} a one-time link with which to read your care plans and who was told what."
        ),
    ] {
        assert!(
            lines.iter().any(|it| it.contains(&line)),
            "{line} in {lines:#?}"
        );
    }
    // Coming back to the address in the browser that opened it leads in; nobody else's pages open.
    let back = morven.gets(&given.path).await.is(303);
    assert_eq!(back.header("location"), home);
    for path in ["/me", "/me/access", "/care"] {
        assert_eq!(
            morven.gets(path).await.is(303).header("location"),
            "/sign-in"
        );
    }
    let mut stranger = Browser::nobody(&hall);
    for path in [
        home.clone(),
        format!("{home}/record"),
        format!("{home}/account"),
    ] {
        stranger.gets(&path).await.is(404);
    }
}

#[tokio::test]
async fn the_link_alone_and_any_wrong_code_say_what_a_link_says_that_never_was() {
    let hall = Hall::open().await;
    let given = lets_morven_in(&hall).await;
    let never = Given {
        path: "/open/AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        code: "123 456".to_owned(),
    };
    let (mut here, mut there) = (Browser::nobody(&hall), Browser::nobody(&hall));
    let real = here.gets(&given.path).await.is(200);
    let none = there.gets(&never.path).await.is(200);
    assert_eq!(
        comparable(&real, &given.path),
        comparable(&none, &never.path)
    );
    let wrong = opens(&mut here, &given, &given.wrong()).await.is(422);
    let none = opens(&mut there, &never, &never.code).await.is(422);
    let said = comparable(&none, &never.path);
    assert_eq!(comparable(&wrong, &given.path), said);

    // Five are tried; then the right one is as wrong as any other, and the account says why.
    for _ in 0..4 {
        let again = opens(&mut here, &given, &given.wrong()).await.is(422);
        assert_eq!(comparable(&again, &given.path), said);
    }
    let right = opens(&mut here, &given, &given.code).await.is(422);
    assert_eq!(comparable(&right, &given.path), said);
    let lines = account(&hall).await;
    assert!(
        lines[0].contains("a wrong code was tried 5 times"),
        "{lines:#?}"
    );
}

#[tokio::test]
async fn the_person_ends_it_and_the_next_page_says_when_and_whom_to_ring() {
    let hall = Hall::open().await;
    let given = lets_morven_in(&hall).await;
    let mut morven = Browser::nobody(&hall);
    let entered = opens(&mut morven, &given, &given.code).await.is(303);
    let home = entered.header("location").to_owned();
    morven.gets(&format!("{home}/record")).await.is(200);

    let mut netta = Browser::of(&hall, "netta-dunsmore").await;
    let own = words(&netta.gets("/me/links").await.is(200));
    assert!(own.contains("Given by Fraser Abercrombie"), "{own}");
    let id = home.trim_start_matches("/link/");
    netta.does(&format!("/me/links/{id}/end"), &[]).await;

    for path in [
        home.clone(),
        format!("{home}/record"),
        format!("{home}/account"),
    ] {
        let closed = words(&morven.gets(&path).await.is(410));
        assert!(closed.contains("It ended on 11 January 2027"), "{closed}");
        assert!(
            closed.contains("ring Northburn Council Social Work, 01632"),
            "{closed}"
        );
    }
    // Who knows the code learns that too; who does not learns nothing.
    let mut other = Browser::nobody(&hall);
    let closed = opens(&mut other, &given, &given.code).await.is(410);
    assert!(words(&closed).contains("This link ended"));
    opens(&mut other, &given, &given.wrong()).await.is(422);
    let lines = account(&hall).await;
    assert!(
        lines
            .iter()
            .any(|it| it.contains("you ended the one-time link of Morven"))
    );
}

#[tokio::test]
async fn on_its_day_the_link_is_dead() {
    let hall = Hall::open().await;
    let given = lets_morven_in(&hall).await;
    let mut morven = Browser::nobody(&hall);
    let entered = opens(&mut morven, &given, &given.code).await.is(303);
    let home = entered.header("location").to_owned();
    let gave = sharing_now(&hall);
    hall.clock.stand_at(gave.plus_seconds(28 * DAY - HOUR));
    morven.gets(&home).await.is(200);
    hall.clock.stand_at(gave.plus_seconds(28 * DAY));
    // The browser forgets it on that day; the code tells what became of it.
    morven.gets(&home).await.is(404);
    let closed = opens(&mut morven, &given, &given.code).await.is(410);
    assert!(words(&closed).contains("This link ended"));
}

fn sharing_now(hall: &Hall) -> domain::Timestamp {
    hall.cx.now()
}

#[tokio::test]
async fn of_two_who_open_it_at_once_one_is_in_and_the_other_is_told_so() {
    let hall = Hall::open().await;
    let given = lets_morven_in(&hall).await;
    let (mut one, mut other) = (Browser::nobody(&hall), Browser::nobody(&hall));
    let (first, second) = tokio::join!(
        opens(&mut one, &given, &given.code),
        opens(&mut other, &given, &given.code)
    );
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
    let late = if first.status == 410 { first } else { second };
    assert!(words(&late).contains("It was opened in another browser"));
    let opened = account(&hall).await;
    let opened = opened
        .iter()
        .filter(|it| it.contains("opened the one-time link"));
    assert_eq!(opened.count(), 1);
}

#[tokio::test]
async fn a_worker_gives_no_more_than_is_theirs_and_the_person_what_they_like() {
    let hall = Hall::open().await;
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let address = links(&hall);
    fraser.gets(&address).await.is(200);
    let mut relative = MORVEN;
    relative[1] = ("kind", "relative");
    let refused = words(&fraser.posts(&address, &relative).await.is(422));
    assert!(
        refused.contains("an agency gives it to an independent advocate only"),
        "{refused}"
    );
    let empty = words(&fraser.posts(&address, &[]).await.is(422));
    assert!(empty.contains("Choose what they are"), "{empty}");
    // Derek, whom nothing connects with her, may not know that there is anything to give.
    let mut derek = Browser::of(&hall, "derek-muirhead").await;
    derek.gets("/care").await.is(200);
    derek.gets(&address).await.is(404);
    derek.posts(&address, &MORVEN).await.is(404);

    let mut netta = Browser::of(&hall, "netta-dunsmore").await;
    netta.gets("/me/links").await.is(200);
    let given = Given::of(&netta.posts("/me/links", &relative).await.is(200));
    let mut niece = Browser::nobody(&hall);
    let entered = opens(&mut niece, &given, &given.code).await.is(303);
    let home = entered.header("location").to_owned();
    niece.gets(&format!("{home}/account")).await.is(200);
    // She has finished with it.
    niece.gets(&home).await.is(200);
    niece.posts(&format!("{home}/end"), &[]).await.is(303);
    niece.gets(&home).await.is(410);
}

#[tokio::test]
async fn a_system_gives_and_ends_links_by_operations() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore");
    let path = format!("Patient/{netta}/$invite");
    let given = [
        ("name", "Bernadette Coyle"),
        ("kind", "provider"),
        ("organisation", "Carewell"),
        ("what", "care-plans"),
        ("until", "2027-01-25"),
        ("why", "Breakfast visits"),
    ];
    let made = hall
        .fraser()
        .posts(&path, parameters(&given))
        .await
        .is(201)
        .json();
    let value = |place: usize, name: &str| {
        made["parameter"][place][name]
            .as_str()
            .expect("a value")
            .to_owned()
    };
    let link = value(1, "valueUrl");
    let (_, secret) = link.split_once("/open/").expect("a link");
    let given = Given {
        path: format!("/open/{secret}"),
        code: value(2, "valueString"),
    };
    let mut bernadette = Browser::nobody(&hall);
    let entered = opens(&mut bernadette, &given, &given.code).await.is(303);
    let home = entered.header("location").to_owned();
    bernadette.gets(&format!("{home}/record")).await.is(200);
    // The account is not hers.
    bernadette.gets(&format!("{home}/account")).await.is(404);
    let end = format!("{path}/{}", value(0, "valueId"));
    hall.derek().deletes(&end).await.is(404);
    hall.fraser().deletes(&end).await.is(204);
    bernadette.gets(&home).await.is(410);
    let late = [("name", "B"), ("kind", "friend"), ("what", "care-plans")];
    hall.fraser().posts(&path, parameters(&late)).await.says(
        400,
        "value",
        "they are an advocate, a provider or a relative",
    );
}
