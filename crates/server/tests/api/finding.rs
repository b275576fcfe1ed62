//! Finding a person: who they are, and nothing of their record.

use serde_json::{Value, json};

use crate::hall::Hall;

#[tokio::test]
async fn somebody_is_found_by_chi_number_or_by_name_and_birth_date() {
    let hall = Hall::open().await;
    for question in [
        "identifier=1907459901",
        "identifier=https://phfapi.digital.health.scot/naming/chi-number|1907459901",
        "identifier=190745%209901",
        "name=Netta%20Dunsmore&birthdate=1945-07-19",
        "family=dunsmore&given=netta&birthdate=1945-07-19",
        "name=dunsm&birthdate=eq1945-07-19",
        "identifier=1907459901&_count=5&_format=json",
    ] {
        let answer = hall
            .fraser()
            .gets(&format!("Patient?{question}"))
            .await
            .is(200);
        assert_eq!(answer.matches().len(), 1, "{question}");
        assert_eq!(
            answer.at("/entry/0/resource/id"),
            hall.patient("netta-dunsmore").to_string()
        );
        answer.receipt().verify(&hall.log_key).expect("a receipt");
    }
    let posted = hall
        .fraser()
        .posts("Patient/_search", "identifier=1907459901")
        .await
        .is(200);
    assert_eq!(posted.matches().len(), 1);
}

#[tokio::test]
async fn what_is_shown_says_who_it_is_and_no_more() {
    let hall = Hall::open().await;
    let answer = hall
        .fraser()
        .gets("Patient?identifier=1907459901")
        .await
        .is(200);
    let [netta] = &answer.matches()[..] else {
        panic!("one person")
    };
    let mut members: Vec<&String> = netta.as_object().expect("a Patient").keys().collect();
    members.sort();
    assert_eq!(
        members,
        [
            "address",
            "birthDate",
            "gender",
            "id",
            "identifier",
            "meta",
            "name",
            "resourceType"
        ]
    );
    assert_eq!(netta["meta"]["tag"][0]["code"], "SUBSETTED");
}

#[tokio::test]
async fn whoever_is_shown_reads_that_they_were_looked_for() {
    let hall = Hall::open().await;
    hall.derek()
        .gets("Patient?identifier=1907459901")
        .await
        .is(200);
    let account = hall
        .person("netta-dunsmore")
        .gets("AuditEvent")
        .await
        .is(200);
    assert_eq!(
        account.at("/entry/0/resource/outcomeDesc"),
        "Derek Muirhead, housing officer at Northburn Council Housing, looked for you and saw your name and \
         birth date and address on 11 January 2027 at 9:30am, for adapting a home."
    );
}

#[tokio::test]
async fn too_little_or_too_much_is_no_way_to_find_anybody() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    for question in [
        "",
        "?name=dunsmore",
        "?birthdate=1945-07-19",
        "?identifier=",
        "?identifier=https://x.example|",
    ] {
        let answer = hall.fraser().gets(&format!("Patient{question}")).await;
        answer.says(
            422,
            "required",
            "give an identifier such as the CHI number, or a name and a date of birth",
        );
    }
    let answer = hall
        .fraser()
        .gets("Patient?name=dunsmore&birthdate=1945-07-19&address-postalcode=NB1")
        .await;
    answer.says(
        400,
        "not-supported",
        "a person is found by identifier, or by name, family or given with birthdate; not by address-postalcode",
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn at_most_twenty_are_shown_and_more_means_say_more() {
    let hall = Hall::open().await;
    let patients: Vec<Value> = (0..21)
        .map(|place| {
            json!({
                "resource": {
                    "resourceType": "Patient",
                    "id": format!("twin-{place}"),
                    "name": [{"family": "Testwell", "given": [format!("Morag{place}")]}],
                    "birthDate": "1950-02-03",
                },
                "request": {"method": "PUT", "url": format!("Patient/twin-{place}")},
            })
        })
        .collect();
    let batch = json!({"resourceType": "Bundle", "type": "batch", "entry": patients});
    hall.hospital().sends(&batch).await.is(200);
    let answer = hall
        .ruksana()
        .gets("Patient?name=testwell&birthdate=1950-02-03&_count=100")
        .await
        .is(200);
    assert_eq!(answer.matches().len(), 20);
    assert_eq!(
        answer.json().get("total"),
        None,
        "how many there are is not told"
    );
    assert_eq!(answer.link("next"), None);
    assert_eq!(
        answer.notices(),
        [(
            "informational".to_owned(),
            "more people match than may be shown: say more about whom you mean".to_owned()
        )]
    );
}

#[tokio::test]
async fn whoever_may_not_be_known_of_is_not_found_by_any_way_of_looking() {
    let hall = Hall::open().await;
    let kenneth = hall.actor("kenneth-purdie", &["TREAT"]);
    for (hidden, nobody) in [
        ("identifier=1309959900", "identifier=1309959918"),
        (
            "name=iona%20dalgleish&birthdate=1995-09-13",
            "name=fiona%20dalgleish&birthdate=1995-09-13",
        ),
    ] {
        let hidden = kenneth.gets(&format!("Patient?{hidden}")).await.is(200);
        let nobody = kenneth.gets(&format!("Patient?{nobody}")).await.is(200);
        assert_eq!(hidden.comparable(), nobody.comparable());
        assert_eq!(hidden.matches().len(), 0);
        assert_eq!(
            hidden.headers.contains_key("candour-receipt"),
            nobody.headers.contains_key("candour-receipt")
        );
    }
    // Others find her.
    let found = hall
        .actor("hamish-colquhoun", &["TREAT"])
        .gets("Patient?identifier=1309959900")
        .await
        .is(200);
    assert_eq!(found.matches().len(), 1);
    let found = hall
        .fraser()
        .gets("Patient?identifier=2110189932")
        .await
        .is(200);
    assert_eq!(
        found.matches().len(),
        0,
        "an identity that is held apart is found by nobody else"
    );
}

#[tokio::test]
async fn a_search_for_people_is_for_workers() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let answer = hall
        .person("netta-dunsmore")
        .gets("Patient?identifier=1907459901")
        .await;
    answer.says(
        403,
        "forbidden",
        "this token is for one patient: read that Patient by its id",
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn whoever_looks_for_one_name_after_another_is_slowed_down() {
    let hall = Hall::open().await;
    let fraser = hall.fraser();
    for _ in 0..60 {
        fraser.gets("Patient?identifier=1907459901").await.is(200);
    }
    let before = hall.bytes_kept();
    let answer = fraser.gets("Patient?identifier=1907459901").await;
    assert_eq!(answer.header("retry-after"), "1");
    answer.says(
        429,
        "throttled",
        "you have looked for people too often in the last minute: wait a little",
    );
    assert_eq!(hall.bytes_kept(), before);
    // A colleague is not, and neither is a record that he names.
    hall.derek()
        .gets("Patient?identifier=1907459901")
        .await
        .is(200);
    fraser
        .reads("Patient", hall.patient("netta-dunsmore"))
        .await
        .is(200);
    hall.wait(1);
    fraser.gets("Patient?identifier=1907459901").await.is(200);
}
