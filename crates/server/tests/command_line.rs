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
