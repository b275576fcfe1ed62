//! Configurations, good and bad, as whoever runs an exchange would write them.

use std::path::Path;
use std::time::Duration;

use server::config::{Config, ConfigErrors, LogFormat};
use server::keys::RootSource;
use server::tokens::KeySource;

const GOOD: &str = r#"
listen = "0.0.0.0:8443"
public_url = "https://exchange.example/"
data = "data"

[[issuers]]
name = "https://login.northburn.example"
jwks = "https://login.northburn.example/jwks.json"
organisations = ["northburn-social-work", "northburn-housing"]

[issuers.assurance]
AAL3_ANY = "high"

[[issuers]]
name = "https://login.example"
jwks = "citizens.jwks.json"
audience = "candour"
longest_hours = 1
organisations = []
people = true

[limits]
answer_seconds = 30

[tls]
certificate = "/etc/tls/chain.pem"
key = "/etc/tls/key.pem"

[portal]
help = "Northburn information desk"
help_phone = "01632 960 100"

[telemetry]
format = "json"
"#;

fn load_with(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("candour.toml");
    std::fs::write(&file, text).unwrap();
    let environment = |name: &str| {
        variables
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned())
    };
    Config::load(&file, &environment)
}

fn problems(text: &str) -> String {
    let refused = load_with(text, &[]).expect_err("this configuration must be refused");
    refused.problems.join("\n")
}

const WITNESSED: &str = r#"
[log]
epoch_minutes = 15
quorum = 1

[[log.witnesses]]
url = "https://council.example/witness/"
key = "council.example/witness+29145537+BGwo/QWMGMiMbM4q+YHS0RyFGxI+1babeHZ3PtCZ6j+D"

[[log.witnesses]]
url = "http://127.0.0.1:8090"
key = "council.example/witness+29145537+BGwo/QWMGMiMbM4q+YHS0RyFGxI+1babeHZ3PtCZ6j+D"
"#;

#[test]
fn witnesses_have_an_address_and_a_key_and_a_quorum_of_them_is_enough() {
    let config = load_with(&format!("{GOOD}{WITNESSED}"), &[]).unwrap();
    assert_eq!(config.epoch_every, Duration::from_secs(900));
    let urls: Vec<&str> = config
        .witnesses
        .iter()
        .map(|one| one.url.as_str())
        .collect();
    assert_eq!(
        urls,
        ["https://council.example/witness", "http://127.0.0.1:8090"]
    );
    assert_eq!(config.witnesses[0].key.name(), "council.example/witness");
    assert_eq!(config.quorum, 1);

    let all = WITNESSED.replace("quorum = 1\n", "");
    assert_eq!(load_with(&format!("{GOOD}{all}"), &[]).unwrap().quorum, 2);
    let none = load_with(GOOD, &[]).unwrap();
    assert_eq!((none.witnesses.len(), none.quorum), (0, 0));
    assert_eq!(none.epoch_every, Duration::from_secs(3600));

    let wrong = WITNESSED
        .replace("quorum = 1", "quorum = 3")
        .replace("https://council", "http://council")
        .replacen("+29145537+", "+29145538+", 1);
    let problems = problems(&format!("{GOOD}{wrong}"));
    assert!(
        problems.contains("log.witnesses[0].url: expected an https:// address"),
        "{problems}"
    );
    assert!(
        problems.contains("log.witnesses[0].key: expected the key that"),
        "{problems}"
    );
    assert!(
        problems.contains("log.quorum: there are not so many witnesses"),
        "{problems}"
    );
}

#[test]
fn a_good_file_says_what_it_means() {
    let config = load_with(GOOD, &[]).unwrap();
    assert_eq!(config.listen.to_string(), "0.0.0.0:8443");
    assert_eq!(config.public_url, "https://exchange.example");
    assert!(config.data.ends_with("data") && config.data.is_absolute());
    assert_eq!(config.log_origin, "exchange.example/log");
    assert_eq!(config.root_key, RootSource::DataDirectory);
    assert_eq!(config.limits.answer_within, Duration::from_secs(30));
    assert_eq!(config.limits.body_bytes, 16 * 1024 * 1024);
    assert_eq!(config.portal.help_phone, "01632 960 100");
    assert_eq!(config.telemetry.format, LogFormat::Json);

    let [council, citizens] = &config.issuers[..] else {
        panic!("two issuers are configured");
    };
    assert_eq!(council.audience, "https://exchange.example/fhir");
    assert_eq!(council.longest_seconds, 12 * 3600);
    assert!(council.may_speak_for("northburn-housing"));
    assert!(!council.may_speak_for("hospital"));
    assert!(!council.people);
    assert_eq!(council.assurance("AAL3_ANY").unwrap().code(), "high");
    assert_eq!(council.assurance("low").unwrap().code(), "low");
    assert_eq!(council.assurance("AAL1"), None);
    assert!(matches!(&citizens.keys, KeySource::File(path) if path.is_absolute()));
    assert!(citizens.people && !citizens.may_speak_for("hospital"));
}

#[test]
fn everything_wrong_is_told_at_once() {
    let bad = r##"
lisen = "127.0.0.1:80"
public_url = "http://exchange.example"
data = 7
colour = "red"

[[issuers]]
jwks = "http://login.example/jwks.json"
organisation = ["hospital"]
longest_hours = 0

[issuers.assurance]
AAL2 = "medium"

[limits]
body_byte = 5
connections = "many"

[tls]
certificate = "chain.pem"

[portal]
help = 112

[telemetry]
level = "loud"
"##;
    insta::assert_snapshot!(problems(bad), @r#"
    public_url: expected https:// (plain http:// only for this machine itself)
    data: expected a text in quotation marks
    issuers[0].name: missing
    issuers[0].jwks: expected an https:// address (http:// only on this machine) or a file
    issuers[0].longest_hours: expected a whole number from 1 to 168
    issuers[0].organisations: name the organisations whose staff it may speak for, or ["*"] for all
    issuers[0].assurance: expected low, substantial or high for "AAL2"
    issuers[0].organisation: no such setting: did you mean `organisations`?
    limits.connections: expected a whole number from 16 to 1000000
    limits.body_byte: no such setting: did you mean `body_bytes`?
    tls.key: missing
    portal.help: expected a text in quotation marks
    portal.help_phone: missing
    telemetry.level: expected one of error, warn, info, debug
    colour: no such setting
    lisen: no such setting: did you mean `listen`?
    "#);
}

#[test]
fn the_environment_stands_before_the_file() {
    let config = load_with(
        GOOD,
        &[
            ("CANDOUR_LISTEN", "127.0.0.1:9000"),
            ("CANDOUR_LIMITS_BODY_BYTES", "1048576"),
            ("CANDOUR_KEYS_ROOT", &"ab".repeat(32)),
        ],
    )
    .unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:9000");
    assert_eq!(config.limits.body_bytes, 1_048_576);
    assert!(matches!(config.root_key, RootSource::Given(_)));

    let wrong = load_with(GOOD, &[("CANDOUR_LIMITS_BODY_BYTES", "lots")]);
    assert_eq!(
        wrong.unwrap_err().problems,
        ["limits.body_bytes: expected a whole number from 65536 to 16777216"]
    );
}

#[test]
fn a_root_key_is_never_printed_with_the_configuration() {
    let key = "ab".repeat(32);
    let config = load_with(GOOD, &[("CANDOUR_KEYS_ROOT", &key)]).unwrap();
    assert!(!format!("{config:?}").contains(&key));
}

#[test]
fn a_file_that_is_no_toml_or_not_there_is_named() {
    let refused = load_with("listen = ", &[]).unwrap_err();
    assert!(refused.to_string().contains("candour.toml cannot be used"));
    assert_eq!(refused.problems.len(), 1);

    let missing = Config::load(Path::new("/nowhere/candour.toml"), &|_| None);
    assert_eq!(
        missing.unwrap_err().to_string(),
        "/nowhere/candour.toml cannot be used\n  No such file or directory (os error 2)"
    );
}

#[test]
fn an_exchange_that_trusts_nobody_is_refused() {
    insta::assert_snapshot!(
        problems("public_url = \"http://localhost:8080\"\ndata = \"d\"\nportal = {help = \"Desk\", help_phone = \"101\"}"),
        @"issuers: none is named, so nobody could call: add `[[issuers]]`"
    );
}
