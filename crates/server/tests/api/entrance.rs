//! Who may come in: tokens and purposes. Whoever is turned away here has left no trace.

use http::Method;
use serde_json::json;

use crate::actor::Actor;
use crate::answer::Answer;
use crate::hall::Hall;

/// Asks for a record, writes to it and sends a bundle; nothing may be kept of any of it.
async fn tries_everything(hall: &Hall, actor: &Actor<'_>) -> Vec<Answer> {
    let before = hall.bytes_kept();
    let netta = hall.patient("netta-dunsmore");
    let flag = json!({"resourceType": "Flag", "id": "f-1", "status": "active", "subject": {"reference": format!("Patient/{netta}")}});
    let bundle = json!({"resourceType": "Bundle", "type": "batch", "entry": [
        {"resource": flag, "request": {"method": "PUT", "url": "Flag/f-1"}}
    ]});
    let answers = vec![
        actor.reads("Patient", netta).await,
        actor.gets(&format!("Condition?patient={netta}")).await,
        actor.everything(netta).await,
        actor
            .gets("Patient?name=dunsmore&birthdate=1945-01-01")
            .await,
        actor.gets("AuditEvent").await,
        actor.creates(&flag).await,
        actor.puts(&flag).await,
        actor.deletes("Flag/f-1").await,
        actor.sends(&bundle).await,
        actor
            .asks(Method::HEAD, &format!("Patient/{netta}"), "")
            .await,
    ];
    assert_eq!(hall.bytes_kept(), before, "something was kept");
    answers
}

#[track_caller]
fn each_says(answers: Vec<Answer>, status: u16, code: &str, words: &str) {
    for answer in answers {
        // HEAD has no body to say it in.
        if answer.body.is_empty() {
            answer.is(status);
        } else {
            answer.says(status, code, words);
        }
    }
}

#[tokio::test]
async fn without_a_token_nobody_comes_in() {
    let hall = Hall::open().await;
    let answers = tries_everything(&hall, &hall.anybody()).await;
    assert_eq!(
        answers[0].header("www-authenticate"),
        "Bearer realm=\"candour\""
    );
    each_says(answers, 401, "login", "a bearer token is needed");
}

#[tokio::test]
async fn a_token_that_is_none_is_refused() {
    let hall = Hall::open().await;
    let answers = tries_everything(&hall, &hall.bearing("open-sesame")).await;
    assert_eq!(
        answers[0].header("www-authenticate"),
        "Bearer realm=\"candour\", error=\"invalid_token\""
    );
    each_says(
        answers,
        401,
        "login",
        "the token is not a well-formed signed JWT of the token contract: it is not three base64url parts with dots between",
    );
    let basic = hall
        .anybody()
        .with("authorization", "Basic ZnJhc2VyOmxldG1laW4=");
    basic.gets("Patient/x").await.says(
        401,
        "login",
        "the Authorization header must be `Bearer` and one token",
    );
}

#[tokio::test]
async fn a_token_ends_with_its_hour() {
    let hall = Hall::open().await;
    let fraser = hall.fraser();
    fraser
        .reads("Patient", hall.patient("netta-dunsmore"))
        .await
        .is(200);
    hall.wait(3600);
    each_says(
        tries_everything(&hall, &fraser).await,
        401,
        "expired",
        "the token has expired",
    );
}

#[tokio::test]
async fn a_token_that_is_revoked_ends_at_once() {
    let hall = Hall::open().await;
    let token = hall.token_but("fraser-abercrombie", &["SC-ASSESS"], |claims| {
        claims["jti"] = json!("lost-on-the-bus");
    });
    let fraser = hall.bearing(&token);
    fraser
        .reads("Patient", hall.patient("netta-dunsmore"))
        .await
        .is(200);
    hall.revoke("lost-on-the-bus").await;
    each_says(
        tries_everything(&hall, &fraser).await,
        401,
        "expired",
        "the token has been revoked",
    );
}

#[tokio::test]
async fn a_token_for_another_audience_is_refused() {
    let hall = Hall::open().await;
    let token = hall.token_but("fraser-abercrombie", &["SC-ASSESS"], |claims| {
        claims["aud"] = json!("https://another.example");
    });
    each_says(
        tries_everything(&hall, &hall.bearing(&token)).await,
        401,
        "login",
        "the token was issued for another audience",
    );
}

#[tokio::test]
async fn nothing_is_answered_without_a_purpose() {
    let hall = Hall::open().await;
    let answers = tries_everything(&hall, &hall.actor("fraser-abercrombie", &[])).await;
    each_says(
        answers,
        400,
        "required",
        "a purpose of use is needed: the token grants none (claim `purpose_of_use`), and nothing is answered without one",
    );
}

#[tokio::test]
async fn one_of_several_purposes_must_be_chosen() {
    let hall = Hall::open().await;
    let fraser = hall.actor("fraser-abercrombie", &["SC-ASSESS", "ASP-INQUIRY"]);
    each_says(
        tries_everything(&hall, &fraser).await,
        400,
        "required",
        "the token grants several purposes: choose one with the header `Purpose-Of-Use`",
    );
    let chosen = fraser.with("purpose-of-use", "SC-ASSESS");
    chosen
        .reads("Patient", hall.patient("netta-dunsmore"))
        .await
        .is(200);
    let twice = chosen.with("purpose-of-use", "ASP-INQUIRY");
    each_says(
        tries_everything(&hall, &twice).await,
        400,
        "value",
        "the header purpose-of-use must stand once, in UTF-8",
    );
}

#[tokio::test]
async fn a_purpose_must_be_known_and_granted() {
    let hall = Hall::open().await;
    let unknown = "that is not a purpose of use that this exchange knows";
    let curious = hall.fraser().with("purpose-of-use", "CURIOSITY");
    each_says(
        tries_everything(&hall, &curious).await,
        400,
        "value",
        unknown,
    );
    let token = hall.token_but("fraser-abercrombie", &["SC-ASSESS"], |claims| {
        claims["extensions"]["ihe_iua"]["purpose_of_use"][0] = json!({"code": "CURIOSITY"});
    });
    each_says(
        tries_everything(&hall, &hall.bearing(&token)).await,
        400,
        "value",
        unknown,
    );

    let research = hall.fraser().with("purpose-of-use", "HRESCH");
    each_says(
        tries_everything(&hall, &research).await,
        403,
        "forbidden",
        "the token does not grant the purpose that `Purpose-Of-Use` names",
    );
}

#[tokio::test]
async fn a_reason_is_not_a_letter() {
    let hall = Hall::open().await;
    let wordy = hall.fraser().with("reason", "because ".repeat(126));
    each_says(
        tries_everything(&hall, &wordy).await,
        400,
        "too-long",
        "the header Reason is longer than 1,000 bytes",
    );
}

#[tokio::test]
async fn a_scope_bounds_what_its_client_may_do() {
    let hall = Hall::open().await;
    let token = hall.token_but("hospital-records", &["TREAT"], |claims| {
        claims["scope"] = json!("user/Encounter.cruds");
    });
    each_says(
        tries_everything(&hall, &hall.bearing(&token)).await,
        403,
        "forbidden",
        "the token has no scope for this type and interaction",
    );
}

/// A client bound to one patient, as SMART launches it within a record that is open.
#[tokio::test]
async fn a_token_for_one_patient_opens_no_other() {
    let hall = Hall::open().await;
    let (mowat, macquarrie) = (
        hall.patient("alasdair-mowat"),
        hall.patient("oighrig-macquarrie"),
    );
    let token = hall.token_but("ruksana-chaudhry", &["TREAT"], |claims| {
        claims["patient"] = json!(mowat.to_string());
        claims["scope"] = json!("patient/*.cruds");
    });
    let ruksana = hall.bearing(&token);
    ruksana.reads("Patient", mowat).await.is(200);
    ruksana.everything(mowat).await.is(200);
    let conditions = ruksana
        .gets(&format!("Condition?patient={mowat}"))
        .await
        .is(200);
    let own = conditions.matches()[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    ruksana.reads("Condition", &own).await.is(200);

    // She is both people's nurse: without the bound both are open to her.
    let hers = hall
        .ruksana()
        .gets(&format!("Condition?patient={macquarrie}"))
        .await
        .is(200);
    let others = hers.matches()[0]["id"].as_str().expect("an id").to_owned();
    let before = hall.bytes_kept();
    let nothing = "there is nothing here of that id that you may see";
    for path in [
        format!("Patient/{macquarrie}"),
        format!("Patient/{macquarrie}/$everything"),
        format!("Condition?patient={macquarrie}"),
        format!("Condition/{others}"),
        format!("Condition/{others}/_history/1"),
        format!("Condition/{others}/$original"),
    ] {
        ruksana.gets(&path).await.says(404, "not-found", nothing);
    }
    assert_eq!(hall.bytes_kept(), before);
}
