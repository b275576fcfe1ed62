//! The program as people and scripts call it: what goes where, and with which exit code it ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use server::tokens::{Roster, SignIn, SignInKind};

fn candour(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(arguments)
        .env_clear()
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// A folder in which two workers can sign in, both called Baird.
fn town(folder: &Path) {
    let worker = |key: &str, name: &str| SignIn {
        key: key.to_owned(),
        name: name.to_owned(),
        kind: SignInKind::Worker {
            role: domain::Role::SocialWorker,
            organisation: "northburn-social-work".into(),
        },
    };
    let roster = Roster {
        seed: 1,
        sign_ins: vec![
            worker("gregor-baird", "Gregor Baird"),
            worker("colin-baird", "Colin Baird"),
        ],
    };
    roster.write(folder).unwrap();
}

#[test]
fn the_version_is_one_line() {
    let output = candour(&["--version"]);
    assert_eq!(code(&output), 0);
    assert_eq!(out(&output), "candour 0.1.0\n");
}

#[test]
fn what_cannot_be_understood_ends_with_2() {
    for arguments in [
        &["dance"][..],
        &[],
        &["serve"],
        &["import", "a.ndjson", "--as", "hospital"],
        &[
            "import", "a.ndjson", "--as", "hospital", "--data", "d", "--config", "c",
        ],
        &[
            "token",
            "--data",
            "d",
            "--as",
            "x",
            "--purpose",
            "CURIOSITY",
        ],
        &["demo", "--clock", "yesterday"],
    ] {
        let output = candour(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert_eq!(out(&output), "", "{arguments:?}");
    }
}

#[test]
fn a_token_is_all_that_stands_on_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    town(folder.path());
    let data = folder.path().to_str().unwrap();
    let output = candour(&[
        "token",
        "--data",
        data,
        "--as",
        "Gregor Baird",
        "--purpose",
        "SC-ASSESS",
    ]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let token = out(&output).trim_end();
    assert_eq!(token.split('.').count(), 3);
    assert_eq!(out(&output), format!("{token}\n"));
    assert_eq!(err(&output), "");
}

#[test]
fn a_name_that_nobody_or_two_bear_ends_with_3_or_4() {
    let folder = tempfile::tempdir().unwrap();
    town(folder.path());
    let data = folder.path().to_str().unwrap();
    let token = |name| candour(&["token", "--data", data, "--as", name, "--purpose", "TREAT"]);

    let nobody = token("gregor-bard");
    assert_eq!(code(&nobody), 3);
    assert!(
        err(&nobody).contains("did you mean gregor-baird"),
        "{}",
        err(&nobody)
    );

    let two = token("baird");
    assert_eq!(code(&two), 4);
    assert!(
        err(&two).contains("gregor-baird, colin-baird"),
        "{}",
        err(&two)
    );

    let empty = candour(&[
        "token",
        "--data",
        "/nowhere",
        "--as",
        "x",
        "--purpose",
        "TREAT",
    ]);
    assert_eq!(code(&empty), 3);
}

#[test]
fn a_bad_configuration_ends_with_5_and_scripts_can_read_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("candour.toml");
    fs::write(&file, "lissen = \"x\"\n").unwrap();
    let output = candour(&["serve", "--json", "--config", file.to_str().unwrap()]);
    assert_eq!(code(&output), 5);
    let told: serde_json::Value = serde_json::from_str(err(&output)).unwrap();
    assert_eq!(told["code"], "invalid");
    let details = told["details"].to_string();
    assert!(
        details.contains("lissen: no such setting: did you mean `listen`?"),
        "{details}"
    );
}

#[test]
fn a_profile_that_cannot_be_used_stops_the_start_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("candour.toml");
    let config = r#"
        public_url = "https://exchange.example"
        data = "data"
        profiles = "profiles"
        portal = {help = "Information desk", help_phone = "01632 960 000"}
        [[issuers]]
        name = "https://login.example"
        jwks = "jwks.json"
        organisations = ["*"]
    "#;
    fs::write(&file, config).unwrap();
    let profiles = folder.path().join("profiles");
    fs::create_dir(&profiles).unwrap();
    let profile = r#"{"resourceType":"StructureDefinition","derivation":"constraint","type":"Patient",
        "url":"urn:northburn:patient"}"#;
    fs::write(profiles.join("patient.json"), profile).unwrap();
    fs::write(profiles.join("README.md"), "Northburn's profiles").unwrap();
    let output = candour(&["serve", "--config", file.to_str().unwrap()]);
    assert_eq!(code(&output), 1, "{}", err(&output));
    let words = "patient.json: StructureDefinition.snapshot: a profile is read from its snapshot: publish it with one";
    assert!(err(&output).contains(words), "{}", err(&output));
    let begun = fs::read_dir(folder.path().join("data")).unwrap().count();
    assert_eq!(begun, 0, "nothing was begun");
}

#[test]
fn the_doctor_says_so_where_no_exchange_was_begun() {
    let folder = tempfile::tempdir().unwrap();
    let output = candour(&["doctor", "--data", folder.path().to_str().unwrap()]);
    assert_eq!(code(&output), 1);
    assert!(
        out(&output).starts_with("wrong  folder"),
        "{}",
        out(&output)
    );
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
}

#[test]
fn an_import_takes_files_in_and_a_second_one_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let files = folder.path().join("files");
    fs::create_dir(&files).unwrap();
    fs::write(
        files.join("a.ndjson"),
        concat!(
            r#"{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},"code":{"text":"Broken wrist"}}"#,
            "\n",
            r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Testwell","given":["Morag"]}],"birthDate":"1950-02-03"}"#,
            "\n",
        ),
    )
    .unwrap();
    let rejects = folder.path().join("rejects.ndjson");
    let import = |name: &str| {
        candour(&[
            "import",
            files.to_str().unwrap(),
            "--data",
            data.to_str().unwrap(),
            "--as",
            name,
            "--rejects",
            rejects.to_str().unwrap(),
            "--json",
        ])
    };

    let first = import("hospital");
    assert_eq!(code(&first), 0, "{}", err(&first));
    let told: serde_json::Value = serde_json::from_str(out(&first)).unwrap();
    assert_eq!((&told["created"], &told["refused"]), (&2.into(), &0.into()));
    assert!(!rejects.exists());

    let again: serde_json::Value = serde_json::from_str(out(&import("hospital"))).unwrap();
    assert_eq!(
        (&again["created"], &again["unchanged"]),
        (&0.into(), &2.into())
    );

    let stranger = import("hospitle");
    assert_eq!(code(&stranger), 3);
    assert!(
        err(&stranger).contains("northburn-social-work"),
        "{}",
        err(&stranger)
    );

    fs::write(files.join("b.ndjson"), "{\"resourceType\":\"Patient\",\n").unwrap();
    let third = import("hospital");
    assert_eq!(code(&third), 5);
    let reject: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&rejects).unwrap()).unwrap();
    assert_eq!(reject["line"], 1);
    assert!(reject["path"].as_str().unwrap().ends_with("b.ndjson"));

    let doctor = candour(&["doctor", "--data", data.to_str().unwrap(), "--thorough"]);
    assert_eq!(code(&doctor), 0, "{}{}", out(&doctor), err(&doctor));
}

/// A case in which a registered patient's practice asks for a letter, with what it expects.
fn case(purpose: &str, expected: &str) -> String {
    format!(
        r#"{{
          "at": "2027-01-11T10:00:00Z",
          "request": {{
            "requester": {{"kind": "worker", "id": "lockhart", "name": "Dr Ewan Lockhart",
              "role": "doctor", "organisation": "practice", "organisation-kind": "gp-practice",
              "assurance": "substantial"}}
            {purpose}
          }},
          "person": {{"id": "ishbel"}},
          "record": [{{"id": "letter", "holder": "hospital", "categories": ["documents"],
            "confidentiality": "N"}}],
          "relationships": [{{"kind": "registration", "organisation": "practice",
            "since": "2020-01-01"}}],
          "expect": {{"decision": "{expected}"}}
        }}"#
    )
}

#[test]
fn a_case_that_is_decided_as_it_expects_ends_with_0_and_one_that_is_not_with_6() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    fs::write(&path, case(r#", "purpose": "TREAT""#, "PERMIT")).unwrap();
    let output = candour(&["decide", path.to_str().unwrap(), "--json"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let answer: serde_json::Value = serde_json::from_str(out(&output)).unwrap();
    assert_eq!(answer["result"]["decision"], "PERMIT");
    assert_eq!(answer["result"]["basis"]["a"], "A-e");
    assert_eq!(answer["result"]["released"], serde_json::json!(["letter"]));

    fs::write(&path, case(r#", "purpose": "TREAT""#, "DENY")).unwrap();
    let output = candour(&["decide", path.to_str().unwrap()]);
    assert_eq!(code(&output), 6);
    assert!(
        err(&output).contains("decision: expected DENY, found PERMIT"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_case_without_a_purpose_ends_with_5_and_a_folder_is_summed_up() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), case("", "PERMIT")).unwrap();
    let with_purpose = case(r#", "purpose": "TREAT""#, "PERMIT");
    fs::write(folder.path().join("b.json"), with_purpose).unwrap();
    let output = candour(&["decide", folder.path().to_str().unwrap()]);
    assert_eq!(code(&output), 5);
    let said = "this document is incomplete: request.purpose (why it is asked; nothing is assumed)";
    assert!(err(&output).contains(said), "{}", err(&output));
    assert!(
        out(&output).ends_with("2 cases: 1 as expected, 0 not as expected, 1 rejected\n"),
        "{}",
        out(&output)
    );
}

#[test]
fn policies_that_cannot_be_used_are_named_with_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    fs::write(&path, case(r#", "purpose": "TREAT""#, "PERMIT")).unwrap();
    let policies = folder.path().join("policies");
    fs::create_dir(&policies).unwrap();
    fs::write(policies.join("care-areas.toml"), "").unwrap();
    let broken = "@id(\"a\")\n@says(\"b\")\npermit (principal, action, resource) when { principal.rle == 1 };";
    fs::write(policies.join("care.cedar"), broken).unwrap();
    let output = candour(&[
        "decide",
        path.to_str().unwrap(),
        "--policies",
        policies.to_str().unwrap(),
    ]);
    assert_eq!(code(&output), 5);
    assert!(err(&output).contains("care.cedar:3:"), "{}", err(&output));
    let output = candour(&["decide", "nowhere.json"]);
    assert_eq!(code(&output), 3);
}

#[test]
fn policies_are_checked_by_the_cases_beside_them_and_others_are_tried() {
    let policies = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/lanarkshire");
    let folder = tempfile::tempdir().unwrap();
    let cases = folder.path().join("cases");
    fs::create_dir(&cases).unwrap();
    let receptionist = case(r#", "purpose": "TREAT""#, "PERMIT");
    fs::write(cases.join("letter.json"), receptionist).unwrap();
    for name in ["care.cedar", "own.cedar", "care-areas.toml"] {
        fs::copy(format!("{policies}/{name}"), folder.path().join(name)).unwrap();
    }
    let place = folder.path().to_str().unwrap();
    let output = candour(&["admin", "policy", "check", place]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("can be used"), "{}", out(&output));

    let other = tempfile::tempdir().unwrap();
    for name in ["housing.cedar", "care-areas.toml"] {
        fs::copy(format!("{policies}/{name}"), other.path().join(name)).unwrap();
    }
    let tried = other.path().to_str().unwrap();
    let output = candour(&["admin", "policy", "what-if", place, tried]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(
        out(&output).ends_with(
            "letter.json\n  now:  PERMIT releasing letter\n  then: DENY on R12\n1 of 1 answers would change\n"
        ),
        "{}",
        out(&output)
    );

    fs::write(
        folder.path().join("care.cedar"),
        "permit (principal, action, resource);",
    )
    .unwrap();
    let output = candour(&["admin", "policy", "check", place]);
    assert_eq!(code(&output), 5);
    assert!(err(&output).contains("care.cedar"), "{}", err(&output));
}

#[test]
fn policies_say_in_words_why_something_opens_and_what_a_role_sees() {
    let policies = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/lanarkshire");
    let output = candour(&["admin", "policy", "explain", policies]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let words = "reception-books permits (care.cedar:22)\n  Reception staff see who someone is, how \
                 to reach them, and their visits and appointments.";
    assert!(out(&output).contains(words), "{}", out(&output));

    let case = format!("{policies}/cases/v03-reception-sees-bookings-and-not-the-notes.json");
    let output = candour(&["admin", "policy", "explain", policies, &case]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let told = out(&output);
    assert!(told.starts_with("PERMIT_PART\n"), "{told}");
    assert!(
        told.contains(": open (care.cedar:22)\n  Reception staff see"),
        "{told}"
    );
    assert!(told.contains(": withheld\n  gate 7 local: R12 "), "{told}");

    let view = [
        "admin",
        "policy",
        "view-as",
        "--role",
        "receptionist",
        "--agency",
        "gp-practice",
    ];
    let involved = [
        "--purpose",
        "TREAT",
        "--relationship",
        "registration",
        "--json",
    ];
    let output = candour(&[&view[..], &involved].concat());
    assert_eq!(code(&output), 0, "{}", err(&output));
    let seen: serde_json::Value = serde_json::from_str(out(&output)).unwrap();
    assert_eq!(seen["decision"], "PERMIT_PART");
    let items = &seen["items"];
    assert_eq!(items["contact, other, N"], "open, reception-books");
    assert_eq!(items["conditions, other, N"], "withheld, R12");
    assert_eq!(items["contact, other, R"], "withheld, R12");

    let output = candour(&[&view[..], &["--purpose", "TREAT", "--json"]].concat());
    let seen: serde_json::Value = serde_json::from_str(out(&output)).unwrap();
    assert_eq!(
        seen["decision"], "DENY",
        "nothing proves that they are involved"
    );

    let output = candour(&[&view[..], &["--purpose", "TEA"]].concat());
    assert_eq!(code(&output), 2);
    assert!(
        err(&output).contains("request.purpose: "),
        "{}",
        err(&output)
    );
}
