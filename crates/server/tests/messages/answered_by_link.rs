//! Somebody without an account answers one request by a one-time link and a spoken code: Kirsty Orr of
//! a bank's fraud desk, whom the law requires to give, and Bernadette Coyle of Carewell, who has a
//! telephone and nothing else.

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::invited::{Given, comparable, opens};
use crate::packs::proven;
use crate::saying::parameters;
use crate::section_ten::{FORM, bank, inquiry};

const DAY: i64 = 86_400;

/// Margaret requires of the bank; gives where her requirement stands.
async fn required(hall: &Hall, margaret: &mut Browser<'_>) -> String {
    bank(hall).await;
    let concern = inquiry(hall, margaret).await;
    let path = format!("{concern}/require");
    margaret.gets(&path).await.is(200);
    let mut form = FORM.to_vec();
    form.extend([("what", "finance"), ("to", "clydeside-fraud")]);
    let made = margaret.posts(&path, &form).await.is(303);
    made.header("location").to_owned()
}

/// She gives Kirsty a link to it.
async fn linked(margaret: &mut Browser<'_>, requirement: &str) -> Given {
    let page = margaret.gets(requirement).await.is(200);
    let path = link(
        &page,
        "Give somebody without an account a link to answer it",
    );
    margaret.gets(&path).await.is(200);
    let bare = words(&margaret.posts(&path, &[("days", "7")]).await.is(422));
    for advice in ["Say who is to answer it", "This was not asked of that team"] {
        assert!(bare.contains(advice), "{advice} in {bare}");
    }
    let to = [
        ("for", "clydeside-fraud"),
        ("name", "Kirsty Orr"),
        ("days", "7"),
    ];
    Given::of(&margaret.posts(&path, &to).await.is(200))
}

/// Comes in by it; gives the address of the one page.
async fn enters(kirsty: &mut Browser<'_>, given: &Given) -> String {
    let entered = opens(kirsty, given, &given.code).await.is(303);
    entered.header("location").to_owned()
}

const REFUSAL: [(&str, &str); 6] = [
    ("response", "refused"),
    ("other", "GDPR"),
    ("harm_if_shared", "He may close his account."),
    ("harm_if_not_shared", "Money goes on disappearing."),
    ("decider", "Kirsty Orr, fraud officer"),
    ("review_on", "2027-02-01"),
];

#[tokio::test]
async fn the_bank_reads_what_is_required_asks_and_answers_by_a_link_and_he_reads_of_another_organisation()
 {
    let hall = Hall::open().await;
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let requirement = required(&hall, &mut margaret).await;
    let before = words(&margaret.gets(&requirement).await.is(200));
    assert!(before.contains("Fraud desk : delivered"), "{before}");
    let given = linked(&mut margaret, &requirement).await;
    let mut kirsty = Browser::nobody(&hall);
    let home = enters(&mut kirsty, &given).await;
    let page = words(&kirsty.gets(&home).await.is(200));
    for said in [
        "Kirsty Orr: what you are asked",
        "asks Fraud desk about Fergus Auchincloss",
        "A neighbour has his bank card; what has he said of it?",
        "Requirement ASP-27-004",
        "s.49",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    // Of the inquiry's other messages, the record and the account it opens nothing.
    assert!(!page.contains("odd withdrawals by a man"), "{page}");
    for more in ["record", "account"] {
        kirsty.gets(&format!("{home}/{more}")).await.is(404);
    }
    let seen = words(&margaret.gets(&requirement).await.is(200));
    assert!(seen.contains("Fraud desk : seen"), "{seen}");

    // No reason that the law does not know: and nothing typed is lost.
    let path = format!("{home}/answer");
    kirsty.gets(&home).await.is(200);
    let wrong = kirsty.posts(&path, &REFUSAL).await.is(422);
    let said = words(&wrong);
    let why = "`GDPR` is not a ground: data protection law says how information is shared";
    assert!(said.contains(why), "{said}");
    assert!(wrong.text().contains("He may close his account."), "{said}");
    let none = words(&kirsty.posts(&path, &[]).await.is(422));
    assert!(none.contains("Say what you answer"), "{none}");

    // A question stops the clock, and both see that it does.
    let question = [
        ("response", "more-needed"),
        ("text", "Which account is it?"),
    ];
    let asked = words(&kirsty.posts(&path, &question).await.is(200));
    assert!(asked.contains("Your question has arrived"), "{asked}");
    let waits = words(&kirsty.gets(&home).await.is(200));
    assert!(
        waits.contains("Until they say more, nothing is due from you."),
        "{waits}"
    );
    let waits = words(&margaret.gets(&requirement).await.is(200));
    assert!(
        waits.contains("Before we can answer: Which account is it?"),
        "{waits}"
    );
    assert!(waits.contains("Fraud desk : needs to know more"), "{waits}");

    let answer = [
        ("response", "shared"),
        ("told", "finance"),
        ("text", "Four withdrawals of £300 in a week."),
    ];
    let done = words(&kirsty.posts(&path, &answer).await.is(200));
    assert!(done.contains("Your answer has arrived"), "{done}");
    // With the answer the link is dead.
    let dead = words(&kirsty.gets(&home).await.is(410));
    assert!(dead.contains("This link ended"), "{dead}");
    kirsty.posts(&path, &answer).await.is(410);
    let read = words(&margaret.gets(&requirement).await.is(200));
    for said in [
        "By a one-time link, Kirsty Orr for Fraud desk, Clydeside Bank: Four withdrawals of £300 in a week.",
        "Fraud desk : shared what was asked",
    ] {
        assert!(read.contains(said), "{said} in {read}");
    }

    let mut his = Browser::of(&hall, "fergus-auchincloss").await;
    for page in ["/me", "/me/access", "/me/links", "/me/access.json"] {
        let page = his.gets(page).await.is(200).text();
        for bank in ["Clydeside", "clydeside", "Fraud desk", "Kirsty"] {
            assert!(!page.contains(bank), "{bank} in {page}");
        }
    }
    let account = words(&his.gets("/me/access").await.is(200));
    for line in [
        "gave another organisation a one-time link with which to answer what was asked about you",
        "another organisation opened the one-time link to what was asked about you",
        "Another organisation told Northburn adults team, Northburn Council Social Work your money",
    ] {
        assert!(account.contains(line), "{line} in {account}");
    }
    assert!(proven(&hall, "fergus-auchincloss").await > 0);
}

/// Fraser asks Carewell what Netta can do for herself; gives the request's id.
async fn carewell_is_asked(hall: &Hall) -> String {
    let netta = hall.patient("netta-dunsmore").to_string();
    let ask = [
        ("patient", &*netta),
        ("to", "carewell-northburn"),
        ("what", "function"),
        ("text", "How does she manage at breakfast?"),
    ];
    let fraser = hall.fraser();
    let made = fraser.posts("Communication/$request", parameters(&ask));
    made.await.is(201).at("/entry/0/resource/id")
}

/// A link to it, by operation.
async fn by_operation(hall: &Hall, request: &str) -> Given {
    let path = format!("Communication/{request}/$invite");
    let to = [
        ("name", "Bernadette Coyle"),
        ("for", "carewell-northburn"),
        ("until", "2027-01-18"),
    ];
    let made = hall.fraser().posts(&path, parameters(&to)).await.is(201);
    let link = made.at("/parameter/1/valueUrl");
    let (_, secret) = link.split_once("/open/").expect("a link");
    Given {
        path: format!("/open/{secret}"),
        code: made.at("/parameter/2/valueString"),
    }
}

#[tokio::test]
async fn bernadette_answers_on_her_telephone_in_four_screens_under_her_own_name() {
    let hall = Hall::open().await;
    let request = carewell_is_asked(&hall).await;
    let derek = hall.derek();
    let path = format!("Communication/{request}/$invite");
    let to = [
        ("name", "D"),
        ("for", "carewell-northburn"),
        ("until", "2027-01-18"),
    ];
    derek.posts(&path, parameters(&to)).await.is(404);
    let given = by_operation(&hall, &request).await;
    let mut bernadette = Browser::nobody(&hall);
    // The code, the question with its form, and that it has arrived.
    let home = enters(&mut bernadette, &given).await;
    let page = words(&bernadette.gets(&home).await.is(200));
    assert!(page.contains("How does she manage at breakfast?"), "{page}");
    let answer = [
        ("response", "ring"),
        ("ring_name", "Bernadette"),
        ("ring_phone", "01632 960 411"),
    ];
    let done = bernadette.posts(&format!("{home}/answer"), &answer).await;
    assert!(words(&done.is(200)).contains("Your answer has arrived"));
    assert!(bernadette.clicks <= 4, "{} screens", bernadette.clicks);

    let mut netta = Browser::of(&hall, "netta-dunsmore").await;
    let account = words(&netta.gets("/me/access").await.is(200));
    assert!(!account.contains("to-answer"), "{account}");
    for line in [
        "gave Bernadette Coyle of Carewell Northburn, Carewell Homecare a one-time link",
        "Bernadette Coyle, Carewell Homecare, answered Northburn adults team",
    ] {
        assert!(account.contains(line), "{line} in {account}");
    }
}

#[tokio::test]
async fn a_wrong_code_says_what_a_link_says_that_never_was_and_five_end_it() {
    let hall = Hall::open().await;
    let request = carewell_is_asked(&hall).await;
    let given = by_operation(&hall, &request).await;
    let never = Given {
        path: "/open/AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        code: "123 456".to_owned(),
    };
    let (mut here, mut there) = (Browser::nobody(&hall), Browser::nobody(&hall));
    let none = opens(&mut there, &never, &never.code).await.is(422);
    let none = comparable(&none, &never.path);
    for _ in 0..5 {
        let wrong = opens(&mut here, &given, &given.wrong()).await.is(422);
        assert_eq!(comparable(&wrong, &given.path), none);
    }
    let right = opens(&mut here, &given, &given.code).await.is(422);
    assert_eq!(comparable(&right, &given.path), none);
    let mut netta = Browser::of(&hall, "netta-dunsmore").await;
    let account = words(&netta.gets("/me/access").await.is(200));
    assert!(
        account.contains("a wrong code was tried 5 times"),
        "{account}"
    );
}

#[tokio::test]
async fn a_request_taken_back_leaves_a_dead_link_and_so_does_a_second_link_and_the_day() {
    let hall = Hall::open().await;
    let request = carewell_is_asked(&hall).await;
    let first = by_operation(&hall, &request).await;
    let mut early = Browser::nobody(&hall);
    let early_home = enters(&mut early, &first).await;
    hall.wait(60);
    let second = by_operation(&hall, &request).await;
    early.gets(&early_home).await.is(410);
    let mut bernadette = Browser::nobody(&hall);
    let home = enters(&mut bernadette, &second).await;
    bernadette.gets(&home).await.is(200);
    let path = format!("Communication/{request}/$retract");
    let why = parameters(&[("reason", "It was about somebody else.")]);
    hall.fraser().posts(&path, why).await.is(200);
    let dead = words(&bernadette.gets(&home).await.is(410));
    assert!(dead.contains("It ended on 11 January 2027"), "{dead}");
    assert!(
        !dead.contains("breakfast") && !dead.contains("Dunsmore"),
        "{dead}"
    );
    let answer = [("response", "not-held")];
    bernadette
        .posts(&format!("{home}/answer"), &answer)
        .await
        .is(410);
    let again = [
        ("name", "Bernadette Coyle"),
        ("for", "carewell-northburn"),
        ("until", "2027-01-18"),
    ];
    let path = format!("Communication/{request}/$invite");
    hall.fraser().posts(&path, parameters(&again)).await.is(422);

    let request = carewell_is_asked_again(&hall).await;
    let third = by_operation(&hall, &request).await;
    hall.wait(8 * DAY);
    let mut late = Browser::nobody(&hall);
    let late = opens(&mut late, &third, &third.code).await.is(410);
    assert!(words(&late).contains("This link ended"));
}

async fn carewell_is_asked_again(hall: &Hall) -> String {
    let netta = hall.patient("netta-dunsmore").to_string();
    let ask = [
        ("patient", &*netta),
        ("to", "carewell-northburn"),
        ("what", "care-plans"),
        ("anyway", "true"),
    ];
    let fraser = hall.fraser();
    let made = fraser.posts("Communication/$request", parameters(&ask));
    made.await.is(201).at("/entry/0/resource/id")
}

#[tokio::test]
async fn whoever_asked_sees_the_link_that_is_out_and_ends_it_and_nobody_else_does() {
    let hall = Hall::open().await;
    let request = carewell_is_asked(&hall).await;
    let given = by_operation(&hall, &request).await;
    let mut bernadette = Browser::nobody(&hall);
    let home = enters(&mut bernadette, &given).await;
    bernadette.gets(&home).await.is(200);

    let address = format!("/care/inbox/{request}");
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let page = fraser.gets(&address).await.is(200);
    let out = "Bernadette Coyle has a link to answer it for Carewell Northburn. Opened on 11 January 2027";
    assert!(words(&page).contains(out), "{}", words(&page));
    let ends = format!("{address}/links/");
    let text = page.text();
    let (_, rest) = text.split_once(&ends).expect("a way to end it");
    let id = rest.split('/').next().expect("its id");
    let mut derek = Browser::of(&hall, "derek-muirhead").await;
    derek.gets("/care").await.is(200);
    derek.posts(&format!("{ends}{id}/end"), &[]).await.is(404);
    let by_operation = format!("Communication/{request}/$invite/{id}");
    hall.derek().deletes(&by_operation).await.is(404);
    bernadette.gets(&home).await.is(200);

    fraser.posts(&format!("{ends}{id}/end"), &[]).await.is(303);
    let dead = words(&bernadette.gets(&home).await.is(410));
    assert!(dead.contains("This link ended"), "{dead}");
    let page = words(&fraser.gets(&address).await.is(200));
    assert!(!page.contains("Bernadette Coyle has a link"), "{page}");
    let mut netta = Browser::of(&hall, "netta-dunsmore").await;
    let account = words(&netta.gets("/me/access").await.is(200));
    assert!(
        account.contains("ended the one-time link of Bernadette Coyle of Carewell Northburn"),
        "{account}"
    );
}
