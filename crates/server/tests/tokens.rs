//! The token contract, refusal by refusal (`docs/reference/token-contract.md`).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{
    Assurance, Capacity, Organisation, OrganisationKind, PersonId, Purpose, Role, Timestamp, Worker,
};
use serde_json::{Value, json};
use server::chance::SystemChance;
use server::tokens::{
    IssuerTerms, KeySource, LOCAL_ISSUER, LocalIssuer, PurposeError, Reach, Right, SignIn,
    SignInKind, TokenError, TokenFor, Tokens, Verified, purpose_for,
};
use store::Directory;

fn monday() -> Timestamp {
    Timestamp::parse("2027-01-11T09:30:00Z").unwrap()
}

fn seconds(at: Timestamp) -> i64 {
    at.0 / 1_000_000
}

fn directory() -> Directory {
    let mut directory = Directory::default();
    for (id, kind) in [
        ("northburn-social-work", OrganisationKind::SocialWork),
        ("northburn-housing", OrganisationKind::Housing),
    ] {
        let organisation = Organisation {
            id: id.into(),
            name: id.to_owned(),
            kind,
            phone: "01632 960 100".to_owned(),
        };
        directory.organisations.insert(id.into(), organisation);
    }
    directory
        .workers
        .insert("pauline.heggie".into(), pauline_heggie());
    directory
}

fn pauline_heggie() -> Worker {
    Worker {
        id: "pauline.heggie".into(),
        name: "Pauline Heggie".to_owned(),
        role: Role::SocialWorker,
        organisation: "northburn-social-work".into(),
        team: Some("adults-east".into()),
        phone: "01632 960 101".to_owned(),
        until: None,
    }
}

/// What Pauline's token says; each test changes one thing.
fn claims() -> Value {
    json!({
        "iss": LOCAL_ISSUER,
        "aud": LOCAL_ISSUER,
        "sub": "pauline.heggie",
        "jti": "token-1",
        "iat": seconds(monday()),
        "exp": seconds(monday()) + 3600,
        "acr": "substantial",
        "scope": "user/*.rs",
        "extensions": {"ihe_iua": {
            "subject_organization_id": "northburn-social-work",
            "subject_role": [{"code": "social-worker"}],
            "purpose_of_use": [{"code": "SC-ASSESS"}],
        }},
    })
}

fn with(path: &str, value: Value) -> Value {
    let mut claims = claims();
    *claims
        .pointer_mut(path)
        .expect("the claim to change is there") = value;
    claims
}

fn issuer() -> LocalIssuer {
    LocalIssuer::from_seed(&[1; 32])
}

async fn verify(claims: &Value) -> Result<Verified, TokenError> {
    verify_at(claims, monday()).await
}

async fn verify_at(claims: &Value, now: Timestamp) -> Result<Verified, TokenError> {
    verify_under(issuer().terms(), claims, now).await
}

async fn verify_under(
    terms: IssuerTerms,
    claims: &Value,
    now: Timestamp,
) -> Result<Verified, TokenError> {
    let tokens = Tokens::new(vec![terms]);
    tokens
        .verify(&issuer().sign(claims), &directory(), now)
        .await
}

async fn refusal(claims: &Value) -> TokenError {
    verify(claims)
        .await
        .expect_err("this token must be refused")
}

#[tokio::test]
async fn a_social_workers_token_says_who_she_is_and_what_for() {
    let verified = verify(&claims()).await.unwrap();
    assert_eq!(verified.caller.name, "Pauline Heggie");
    assert_eq!(
        verified.caller.capacity,
        Capacity::Worker {
            worker: "pauline.heggie".into(),
            role: Role::SocialWorker,
            organisation: "northburn-social-work".into(),
            organisation_kind: OrganisationKind::SocialWork,
            team: Some("adults-east".into()),
        }
    );
    assert_eq!(verified.caller.assurance, Assurance::Substantial);
    assert_eq!(verified.purposes, [Purpose::Assessment]);
    assert_eq!(verified.token.as_str(), "token-1");
    assert_eq!(verified.expires, monday().plus_seconds(3600));
    assert_eq!(
        verified.scopes.reach("Condition", Right::Read),
        Some(Reach::Anyone)
    );
    assert_eq!(verified.scopes.reach("Condition", Right::Create), None);
}

#[tokio::test]
async fn a_person_asks_for_themself() {
    let ishbel = PersonId([7; 16]);
    let mut own = with("/sub", json!(ishbel.to_string()));
    own["extensions"] = json!({"ihe_iua": {
        "subject_name": "Ishbel Drummond",
        "subject_role": [{"code": "patient"}],
        "purpose_of_use": [{"code": "PATRQT"}],
    }});
    let verified = verify(&own).await.unwrap();
    assert_eq!(verified.caller.capacity, Capacity::Person(ishbel));
    assert_eq!(verified.caller.name, "Ishbel Drummond");

    let mut staff_only = issuer().terms();
    staff_only.people = false;
    let refused = verify_under(staff_only, &own, monday()).await;
    assert_eq!(refused.unwrap_err(), TokenError::IssuerNotEntitled);
}

#[tokio::test]
async fn a_token_ends_to_the_second_and_may_start_a_minute_early() {
    let just_before = monday().plus_seconds(3599);
    assert!(verify_at(&claims(), just_before).await.is_ok());
    let end = monday().plus_seconds(3600);
    assert_eq!(
        verify_at(&claims(), end).await.unwrap_err(),
        TokenError::Expired
    );

    let a_minute_early = monday().plus_seconds(-60);
    assert!(verify_at(&claims(), a_minute_early).await.is_ok());
    let earlier = monday().plus_seconds(-61);
    assert_eq!(
        verify_at(&claims(), earlier).await.unwrap_err(),
        TokenError::NotYetValid
    );
    let mut later = claims();
    later["nbf"] = json!(seconds(monday()) + 600);
    assert_eq!(refusal(&later).await, TokenError::NotYetValid);
}

#[tokio::test]
async fn a_remembered_token_still_expires_and_its_bearer_still_leaves() {
    let tokens = Tokens::new(vec![issuer().terms()]);
    let token = issuer().sign(&claims());
    let mut directory = directory();
    assert!(tokens.verify(&token, &directory, monday()).await.is_ok());
    assert!(tokens.verify(&token, &directory, monday()).await.is_ok());

    let late = monday().plus_seconds(3600);
    let expired = tokens.verify(&token, &directory, late).await;
    assert_eq!(expired.unwrap_err(), TokenError::Expired);

    let pauline = directory.workers.get_mut(&"pauline.heggie".into()).unwrap();
    pauline.until = Some(monday());
    let left = tokens.verify(&token, &directory, monday()).await;
    assert_eq!(left.unwrap_err(), TokenError::Left);
}

#[tokio::test]
async fn what_the_directory_does_not_say_is_refused() {
    let organisation = "/extensions/ihe_iua/subject_organization_id";
    let role = "/extensions/ihe_iua/subject_role/0/code";
    for (claims, expected) in [
        (with("/sub", json!("nobody")), TokenError::UnknownWorker),
        (
            with(organisation, json!("northburn-housing")),
            TokenError::OtherOrganisation,
        ),
        (
            with(organisation, json!("elsewhere")),
            TokenError::UnknownOrganisation,
        ),
        (with(role, json!("doctor")), TokenError::OtherRole),
        (with(role, json!("wizard")), TokenError::UnknownRole),
    ] {
        assert_eq!(refusal(&claims).await, expected);
    }
}

#[tokio::test]
async fn an_issuer_speaks_only_for_its_own_agencies() {
    let mut housing = issuer().terms();
    housing.organisations = Some(BTreeSet::from(["northburn-housing".to_owned()]));
    let refused = verify_under(housing, &claims(), monday()).await;
    assert_eq!(refused.unwrap_err(), TokenError::IssuerNotEntitled);
}

#[tokio::test]
async fn a_token_for_others_or_from_others_or_for_too_long_is_refused() {
    for (claims, expected) in [
        (
            with("/aud", json!("https://another.example")),
            TokenError::WrongAudience,
        ),
        (
            with("/iss", json!("https://another.example")),
            TokenError::UnknownIssuer,
        ),
        (
            with("/exp", json!(seconds(monday()) + 8 * 24 * 3600)),
            TokenError::TooLong,
        ),
        (with("/acr", json!("aal9")), TokenError::UnknownAssurance),
        (with("/scope", json!("patient/*.rs")), TokenError::NoPatient),
    ] {
        assert_eq!(refusal(&claims).await, expected);
    }
    let among_others = with("/aud", json!(["https://another.example", LOCAL_ISSUER]));
    assert!(verify(&among_others).await.is_ok());
}

#[tokio::test]
async fn an_issuers_own_word_for_assurance_is_mapped() {
    let mut terms = issuer().terms();
    terms.assurance = BTreeMap::from([("AAL3_ANY".to_owned(), Assurance::High)]);
    let strong = with("/acr", json!("AAL3_ANY"));
    let verified = verify_under(terms, &strong, monday()).await.unwrap();
    assert_eq!(verified.caller.assurance, Assurance::High);
}

#[tokio::test]
async fn a_changed_signature_payload_or_algorithm_is_refused() {
    let tokens = Tokens::new(vec![issuer().terms()]);
    let token = issuer().sign(&claims());
    let [header, payload, signature]: [&str; 3] =
        token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let forged = URL_SAFE_NO_PAD.encode(with("/sub", json!("gregor")).to_string());
    let other = LocalIssuer::from_seed(&[2; 32]).sign(&claims());
    let other_signature = other.rsplit('.').next().unwrap();
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    let shared = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","kid":"a"}"#);
    let wrong_family = URL_SAFE_NO_PAD.encode(
        String::from_utf8(URL_SAFE_NO_PAD.decode(header).unwrap())
            .unwrap()
            .replace("EdDSA", "ES256"),
    );
    for (token, expected) in [
        (
            format!("{header}.{forged}.{signature}"),
            TokenError::BadSignature,
        ),
        (
            format!("{header}.{payload}.{other_signature}"),
            TokenError::BadSignature,
        ),
        (format!("{header}.{payload}."), TokenError::BadSignature),
        (format!("{none}.{payload}."), TokenError::Algorithm),
        (
            format!("{shared}.{payload}.{signature}"),
            TokenError::Algorithm,
        ),
        (
            format!("{wrong_family}.{payload}.{signature}"),
            TokenError::Algorithm,
        ),
        (other.clone(), TokenError::UnknownKey),
    ] {
        let refused = tokens.verify(&token, &directory(), monday()).await;
        assert_eq!(refused.unwrap_err(), expected, "{token}");
    }
}

#[tokio::test]
async fn what_is_no_token_at_all_is_refused_as_malformed() {
    let tokens = Tokens::new(vec![issuer().terms()]);
    let critical = URL_SAFE_NO_PAD.encode(r#"{"alg":"EdDSA","kid":"a","crit":["b64"]}"#);
    let payload = URL_SAFE_NO_PAD.encode(claims().to_string());
    for token in [
        "",
        "word",
        "a.b",
        "a.b.c.d",
        "!.!.!",
        &format!("{critical}.{payload}.AA"),
        &"a".repeat(9000),
    ] {
        let refused = tokens.verify(token, &directory(), monday()).await;
        assert!(matches!(refused, Err(TokenError::Malformed(_))), "{token}");
    }
}

#[tokio::test]
async fn the_purpose_is_never_guessed() {
    let purposes = "/extensions/ihe_iua/purpose_of_use";
    let one = verify(&claims()).await.unwrap();
    assert_eq!(purpose_for(&one, None), Ok(Purpose::Assessment));
    assert_eq!(
        purpose_for(&one, Some("SC-ASSESS")),
        Ok(Purpose::Assessment)
    );
    assert_eq!(
        purpose_for(&one, Some("ETREAT")),
        Err(PurposeError::NotGranted)
    );
    assert_eq!(
        purpose_for(&one, Some("curiosity")),
        Err(PurposeError::Unknown)
    );
    assert_eq!(purpose_for(&one, Some("")), Err(PurposeError::Unknown));

    let none = verify(&with(purposes, json!([]))).await.unwrap();
    assert_eq!(purpose_for(&none, None), Err(PurposeError::None));

    let two = json!([{"code": "SC-ASSESS"}, {"code": "ASP-INQUIRY"}]);
    let two = verify(&with(purposes, two)).await.unwrap();
    assert_eq!(purpose_for(&two, None), Err(PurposeError::Several));
    assert_eq!(
        purpose_for(&two, Some("ASP-INQUIRY")),
        Ok(Purpose::AdultProtection)
    );
}

#[tokio::test]
async fn an_unknown_purpose_hurts_only_if_it_is_used() {
    let purposes = "/extensions/ihe_iua/purpose_of_use";
    let alone = verify(&with(purposes, json!([{"code": "MARKETING"}])))
        .await
        .unwrap();
    assert_eq!(purpose_for(&alone, None), Err(PurposeError::Unknown));

    let beside = json!([{"code": "MARKETING"}, {"code": "SC-ASSESS"}]);
    let beside = verify(&with(purposes, beside)).await.unwrap();
    assert_eq!(
        purpose_for(&beside, Some("SC-ASSESS")),
        Ok(Purpose::Assessment)
    );
    assert_eq!(
        purpose_for(&beside, Some("MARKETING")),
        Err(PurposeError::Unknown)
    );
    assert_eq!(purpose_for(&beside, None), Err(PurposeError::Several));
}

#[tokio::test]
async fn the_local_issuers_tokens_are_accepted() {
    let pauline = SignIn {
        key: "pauline.heggie".to_owned(),
        name: "Pauline Heggie".to_owned(),
        kind: SignInKind::Worker {
            role: Role::SocialWorker,
            organisation: "northburn-social-work".into(),
        },
    };
    let wanted = TokenFor {
        bearer: &pauline,
        purposes: &[Purpose::Assessment, Purpose::Emergency],
        issued: monday(),
        seconds: 3600,
    };
    let token = issuer().issue(&wanted, &SystemChance);
    let tokens = Tokens::new(vec![issuer().terms()]);
    let verified = tokens.verify(&token, &directory(), monday()).await.unwrap();
    assert_eq!(verified.purposes, [Purpose::Assessment, Purpose::Emergency]);
}

#[tokio::test]
async fn es256_and_rs256_are_accepted_with_their_own_keys_only() {
    let random = SystemRandom::new();
    let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let point = ec.public_key().as_ref();
    let public = rsa.public_key();
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let jwks = json!({"keys": [
        {"kty": "EC", "crv": "P-256", "kid": "ec", "x": encode(&point[1..33]), "y": encode(&point[33..])},
        {"kty": "RSA", "kid": "rsa",
         "n": encode(public.modulus().big_endian_without_leading_zero()),
         "e": encode(public.exponent().big_endian_without_leading_zero())},
    ]});
    let mut terms = issuer().terms();
    terms.keys = KeySource::Given(jwks.to_string());
    let tokens = Tokens::new(vec![terms]);

    let message = |alg: &str, kid: &str| {
        let header = json!({"alg": alg, "kid": kid}).to_string();
        format!(
            "{}.{}",
            encode(header.as_bytes()),
            encode(claims().to_string().as_bytes())
        )
    };
    let by_ec = |message: &str| {
        let signature = ec.sign(&random, message.as_bytes()).unwrap();
        format!("{message}.{}", encode(signature.as_ref()))
    };
    let by_rsa = |message: &str| {
        let mut signature = vec![0; rsa.public_modulus_len()];
        rsa.sign(
            &RSA_PKCS1_SHA256,
            &random,
            message.as_bytes(),
            &mut signature,
        )
        .unwrap();
        format!("{message}.{}", encode(&signature))
    };

    for good in [
        by_ec(&message("ES256", "ec")),
        by_rsa(&message("RS256", "rsa")),
    ] {
        assert!(tokens.verify(&good, &directory(), monday()).await.is_ok());
    }
    for (bad, expected) in [
        (by_ec(&message("ES256", "rsa")), TokenError::Algorithm),
        (by_rsa(&message("RS256", "ec")), TokenError::Algorithm),
        (by_ec(&message("RS256", "rsa")), TokenError::BadSignature),
    ] {
        let refused = tokens.verify(&bad, &directory(), monday()).await;
        assert_eq!(refused.unwrap_err(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn an_issuer_may_change_its_keys_and_a_withdrawn_key_is_dead() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    let old = LocalIssuer::from_seed(&[1; 32]);
    let new = LocalIssuer::from_seed(&[2; 32]);
    let mut terms = old.terms();
    terms.keys = KeySource::File(path.clone());
    let tokens = Tokens::new(vec![terms]);
    let by_old = old.sign(&claims());
    let by_new = new.sign(&claims());
    let town = directory();

    let unread = tokens.verify(&by_old, &town, monday()).await;
    assert_eq!(unread.unwrap_err(), TokenError::KeysUnavailable);

    std::fs::write(&path, old.jwks()).unwrap();
    tokio::time::advance(Duration::from_secs(31)).await;
    assert!(tokens.verify(&by_old, &town, monday()).await.is_ok());

    // The new key is looked for, but not so often that invented key ids could flood the issuer.
    std::fs::write(&path, new.jwks()).unwrap();
    let too_soon = tokens.verify(&by_new, &town, monday()).await;
    assert_eq!(too_soon.unwrap_err(), TokenError::UnknownKey);
    tokio::time::advance(Duration::from_secs(31)).await;
    assert!(tokens.verify(&by_new, &town, monday()).await.is_ok());
    let withdrawn = tokens.verify(&by_old, &town, monday()).await;
    assert_eq!(withdrawn.unwrap_err(), TokenError::UnknownKey);

    // A set that cannot be read leaves the last good one in place.
    std::fs::write(&path, "not a set").unwrap();
    tokens.refresh().await;
    assert!(tokens.verify(&by_new, &town, monday()).await.is_ok());
}

#[test]
fn a_header_carries_exactly_one_bearer_token() {
    use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
    use server::tokens::bearer;

    let with = |values: &[&'static str]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_static(value));
        }
        headers
    };
    assert_eq!(bearer(&with(&["bearer abc"])), Ok("abc"));
    assert_eq!(bearer(&with(&[])), Err(TokenError::Missing));
    for wrong in [
        &["Basic abc"][..],
        &["Bearer"],
        &["Bearer "],
        &["Bearer a", "Bearer b"],
    ] {
        assert_eq!(
            bearer(&with(wrong)),
            Err(TokenError::NotBearer),
            "{wrong:?}"
        );
    }
    assert_eq!(TokenError::Missing.challenge(), "Bearer realm=\"candour\"");
}
