//! How agencies answer each other, counted by quarter (S6): what anybody may read of it, what a privacy
//! officer reads, and that one answer more or less shows nobody.

use crate::browser::{Browser, words};
use crate::hall::Hall;
use crate::saying::parameters;

/// Fraser asks a team what it holds of Netta; gives the request's id.
async fn asks(hall: &Hall, team: &str) -> String {
    let patient = hall.patient("netta-dunsmore").to_string();
    let given = [
        ("patient", &*patient),
        ("to", team),
        ("what", "function"),
        ("anyway", "true"),
    ];
    let fraser = hall.fraser();
    let made = fraser.posts("Communication/$request", parameters(&given));
    made.await.is(201).at("/entry/0/resource/id")
}

async fn answers(hall: &Hall, id: &str, given: &[(&str, &str)]) {
    let sheila = hall.actor("sheila-mathieson", &["TREAT"]);
    let path = format!("Communication/{id}/$respond");
    sheila.posts(&path, parameters(given)).await.is(200);
}

const SHARED: [(&str, &str); 3] = [
    ("response", "shared"),
    ("text", "Two sticks."),
    ("told", "function"),
];
const REFUSED: [(&str, &str); 2] = [("response", "refused"), ("ground", "R10")];

/// Twelve requests to the hospital: so many stay refused, one was refused at first, two are never
/// answered, and the rest is shared. One request to a care home, and one that was taken back.
async fn asked_and_answered(hall: &Hall, refused: usize) {
    for number in 0..12 {
        let id = asks(hall, "community-nursing").await;
        match number {
            0 => {
                answers(hall, &id, &REFUSED).await;
                answers(hall, &id, &SHARED).await;
            }
            1 | 2 => {}
            number if number < 3 + refused => answers(hall, &id, &REFUSED).await,
            _ => answers(hall, &id, &SHARED).await,
        }
    }
    asks(hall, "braeside-staff").await;
    let mistaken = asks(hall, "community-nursing").await;
    let path = format!("Communication/{mistaken}/$retract");
    let why = parameters(&[("reason", "Meant for another.")]);
    hall.fraser().posts(&path, why).await.is(200);
}

fn set(hall: &Hall, at: &str) {
    let at = domain::Timestamp::parse(at).expect("an instant");
    hall.clock.stand_at(at);
}

const PUBLISHED: &str = "braeside-house asked <10\n\
    hospital asked ~10\n\
    hospital shared ~10\n\
    hospital refused <5\n\
    hospital waiting <5\n\
    hospital late <5\n\
    hospital overturned <5\n\
    hospital R10 <5\n";

#[tokio::test]
async fn how_agencies_answer_is_public_when_the_quarter_is_over_and_shows_nobody() {
    let mut pages = Vec::new();
    for refused in [1, 2] {
        let hall = Hall::open().await;
        asked_and_answered(&hall, refused).await;
        let log = "/log/requests?quarter=2027-Q1";
        let early = "2027-03-31T22:59:59Z";
        set(&hall, early);
        hall.anybody().gets(log).await.is(404);
        let mut nobody = Browser::nobody(&hall);
        nobody.gets("/counts?quarter=2027-Q1").await.is(404);
        set(&hall, "2027-03-31T23:00:00Z");
        let lines = hall.anybody().gets(log).await.is(200);
        assert_eq!(lines.text(), PUBLISHED);
        let last = hall.anybody().gets("/log/requests").await.is(200);
        assert_eq!(last.text(), PUBLISHED);
        let page = words(&nobody.gets("/counts").await.is(200));
        for said in [
            "from January to March 2027",
            "Braeside House Asked fewer than 10",
            "Asked about 10",
            "Shared what was asked about 10",
            "All or part refused: it is about somebody else (R10) fewer than 5",
            "Refused at first, and given later fewer than 5",
            "Not answered in time fewer than 5",
        ] {
            assert!(page.contains(said), "{said} in {page}");
        }
        assert!(!page.contains("Netta") && !page.contains("Fraser"));
        pages.push(page);
        let before = words(&nobody.gets("/counts?quarter=2026-Q4").await.is(200));
        assert!(before.contains("No agency was asked in these months."));
    }
    assert_eq!(pages[0], pages[1], "one refused or two is the same page");
}

#[tokio::test]
async fn a_privacy_officer_reads_the_numbers_of_their_own_agency_and_nobody_else_does() {
    let hall = Hall::open().await;
    asked_and_answered(&hall, 2).await;
    set(&hall, "2027-02-01T10:00:00Z");
    let eleanor = hall.actor("eleanor-tweedie", &["HOPERAT"]);
    let counts = eleanor.gets("Communication/$counts").await.is(200).json();
    let all = counts["parameter"].as_array().expect("parameters");
    assert_eq!(all[0]["valueString"], "2027-Q1");
    assert_eq!(all[1]["valueId"], "hospital");
    let counted: Vec<(&str, u64)> = all[2..]
        .iter()
        .map(|one| {
            let what = one["part"][0]["valueCode"].as_str().expect("a code");
            (
                what,
                one["part"][1]["valueUnsignedInt"]
                    .as_u64()
                    .expect("a number"),
            )
        })
        .collect();
    assert_eq!(
        counted,
        [
            ("asked", 12),
            ("shared", 8),
            ("refused", 2),
            ("waiting", 2),
            ("late", 2),
            ("overturned", 1),
            ("R10", 2),
        ]
    );
    let mut browser = Browser::of(&hall, "eleanor-tweedie").await;
    let page = words(&browser.gets("/care/counts").await.is(200));
    for said in ["Clydevale Hospital Asked 12", "Refused 2", "(R10) 2"] {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert!(!page.contains("Braeside"), "{page}");

    let details = "the numbers of an agency are its privacy officer's to read; everybody reads what is published once a quarter is over";
    let sheila = hall.actor("sheila-mathieson", &["TREAT"]);
    let refused = sheila.gets("Communication/$counts").await;
    refused.says(403, "forbidden", details);
    let mut sheila = Browser::of(&hall, "sheila-mathieson").await;
    let led = sheila.gets("/care/counts").await.is(303);
    assert_eq!(led.header("location"), "/counts");
    let wrong = eleanor.gets("Communication/$counts?quarter=2027-Q5").await;
    wrong.says(
        400,
        "value",
        "a quarter is a year and a number from 1 to 4, such as 2027-Q1",
    );
}
