//! `candour pack` and `candour verify`, as a person's advocate uses them.

use std::fs;

use crate::program::{Demo, candour, client, code, err, out, text, token};
use crate::town::{ASKED_BEFORE, patient, settled};

#[tokio::test]
async fn a_pack_is_made_by_one_command_and_proven_by_another() {
    let folder = settled().await.copy();
    let pack = folder.path().join("netta.pack");
    let made = candour([
        "pack",
        "--data",
        text(folder.path()),
        "--as",
        "Netta Dunsmore",
        "--out",
        text(&pack),
    ]);
    assert_eq!(code(&made), 0, "{}", err(&made));

    let doctor = candour(["doctor", "--data", text(folder.path()), "--ledger"]);
    assert_eq!(code(&doctor), 0, "{}", err(&doctor));
    assert!(
        out(&doctor).contains("each claimed once"),
        "{}",
        out(&doctor)
    );
    assert!(
        out(&doctor).contains("each with the map that was logged"),
        "{}",
        out(&doctor)
    );

    let verify = |more: &[&str]| candour(["verify", text(&pack)].iter().chain(more).copied());
    let plain = verify(&[]);
    assert_eq!(code(&plain), 0, "{}{}", out(&plain), err(&plain));
    assert!(
        out(&plain).contains(
            "proven in part: nothing is false; not shown: key, witnesses\n\
             entries: 2, log: demo.candour.example/log, code of the list: "
        ),
        "{}",
        out(&plain)
    );
    let strict = verify(&["--strict"]);
    assert_eq!(code(&strict), 7);
    assert_eq!(
        err(&strict),
        "candour: the pack does not show: key, witnesses\n"
    );

    let told: serde_json::Value =
        serde_json::from_str(out(&verify(&["--json", "--entries"]))).unwrap();
    assert_eq!(told["verdict"], "proven-in-part");
    assert_eq!(told["list"].as_array().unwrap().len(), ASKED_BEFORE);
    assert_eq!(told["list"][0]["fields"]["operation"], "find");
    let letter = told["code"].as_str().unwrap();
    assert_eq!(code(&verify(&["--head", letter])), 0);
    let other = verify(&["--head", "00000-00000-00000-00000"]);
    assert_eq!(code(&other), 5);
    assert_eq!(err(&other), "candour: the pack does not hold: code\n");

    // One bit of it, anywhere.
    let mut bytes = fs::read(&pack).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&pack, &bytes).unwrap();
    let forged = verify(&[]);
    assert_eq!(code(&forged), 5, "{}", out(&forged));
}

#[tokio::test]
async fn the_key_of_the_log_comes_from_the_log_itself() {
    let folder = settled().await.copy();
    let pack = folder.path().join("netta.pack");
    let data = text(folder.path()).to_owned();
    let made = candour([
        "pack",
        "--json",
        "--data",
        &data,
        "--as",
        "netta-dunsmore",
        "--out",
        text(&pack),
    ]);
    assert_eq!(code(&made), 0, "{}", err(&made));
    let demo = Demo::start(folder.path());
    let address = format!("{}/log/vkey", demo.url);
    let vkey = client()
        .get(address)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let file = folder.path().join("log.vkey");
    fs::write(&file, &vkey).unwrap();

    let with_file = candour(["verify", text(&pack), "--key", text(&file)]);
    assert_eq!(code(&with_file), 0, "{}", err(&with_file));
    assert!(out(&with_file).starts_with("holds      key           the key that was given"));
    let with_text = candour(["verify", text(&pack), "--origin-key", vkey.trim()]);
    assert_eq!(code(&with_text), 0);
    let other = "log.example/candour+8ae31bef+Ad3jvM7H86ZqERX0XXIPTcE1w658TiLco4/bHv1qSV/4";
    let with_other = candour(["verify", text(&pack), "--origin-key", other]);
    assert_eq!(code(&with_other), 5);
    assert_eq!(
        err(&with_other),
        "candour: the pack does not hold: key, checkpoint\n"
    );
}

#[tokio::test]
async fn whoever_knows_the_key_of_before_follows_it_to_the_next() {
    let folder = settled().await.copy();
    let data = text(folder.path()).to_owned();
    let pack = |file: &str| {
        let path = folder.path().join(file);
        let made = candour([
            "pack",
            "--data",
            &data,
            "--as",
            "netta-dunsmore",
            "--out",
            text(&path),
        ]);
        assert_eq!(code(&made), 0, "{}", err(&made));
        path
    };
    let change = |key: &str| {
        let changed = candour(["admin", "change-key", key, "--data", &data, "--json"]);
        assert_eq!(code(&changed), 0, "{}", err(&changed));
        serde_json::from_str::<serde_json::Value>(out(&changed)).unwrap()
    };
    let first = change("log")["key"].as_str().unwrap().to_owned();
    let before = pack("before.pack");
    let second = change("log")["key"].as_str().unwrap().to_owned();
    change("positions");
    let after = pack("after.pack");

    for (pack, key) in [(&before, &first), (&after, &first), (&after, &second)] {
        let verified = candour(["verify", text(pack), "--origin-key", key]);
        assert_eq!(code(&verified), 0, "{}", out(&verified));
    }
    let told = candour(["verify", text(&after), "--origin-key", &first]);
    assert!(out(&told).contains("the key that was given handed the log on to the pack's"));
    assert!(
        out(&told).contains("holds      statements    3 changes of keys"),
        "{}",
        out(&told)
    );
    let doctor = candour(["doctor", "--data", &data, "--ledger"]);
    assert_eq!(code(&doctor), 0, "{}", out(&doctor));
}

#[tokio::test]
async fn what_is_not_there_or_not_a_pack_is_said_clearly() {
    let folder = settled().await.copy();
    let data = text(folder.path()).to_owned();
    let pack = |name: &str, file: &str| {
        let out = folder.path().join(file);
        candour(["pack", "--data", &data, "--as", name, "--out", text(&out)])
    };
    assert_eq!(code(&pack("nobody-at-all", "a.pack")), 3);
    let worker = pack("fraser-abercrombie", "b.pack");
    assert_eq!(code(&worker), 3);
    assert!(err(&worker).contains("a pack is of a person's own list"));
    fs::write(folder.path().join("c.pack"), "kept").unwrap();
    let taken = pack("netta-dunsmore", "c.pack");
    assert_eq!(code(&taken), 4, "{}", err(&taken));
    assert_eq!(
        fs::read_to_string(folder.path().join("c.pack")).unwrap(),
        "kept"
    );

    let none = candour(["verify", "/nowhere.pack"]);
    assert_eq!(code(&none), 3);
    let file = folder.path().join("c.pack");
    let not_one = candour(["verify", text(&file)]);
    assert_eq!(code(&not_one), 5);
    assert!(err(&not_one).ends_with("c.pack: this is not an evidence pack\n"));
    fs::write(&file, "candour-pack/v9\nabc").unwrap();
    let newer = candour(["verify", text(&file)]);
    assert!(err(&newer).contains("of another version: check it with a newer program"));
    let key = candour(["verify", text(&file), "--origin-key", "nonsense"]);
    assert_eq!(code(&key), 5);
}

#[tokio::test]
async fn an_auditor_sees_alone_that_every_leaf_is_claimed_once() {
    let folder = settled().await.copy();
    let at = |name: &str| text(&folder.path().join(name)).to_owned();
    let (data, key, audit) = (
        text(folder.path()).to_owned(),
        at("auditor/key"),
        at("audit"),
    );
    assert_eq!(code(&candour(["audit", "key", &key])), 0);
    let again = candour(["audit", "key", &key]);
    assert_eq!(
        code(&again),
        4,
        "a key is never overwritten: {}",
        err(&again)
    );
    let write = [
        "audit",
        "write",
        "--data",
        &data,
        "--auditor",
        &key,
        "--out",
        &audit,
    ];
    let written = candour(write);
    assert_eq!(code(&written), 0, "{}", err(&written));
    assert!(
        out(&written).contains(" leaves, 1 chains; whoever has the key"),
        "{}",
        out(&written)
    );
    assert_eq!(
        code(&candour(write)),
        4,
        "what was written is never overwritten"
    );

    let check = |more: &[&str]| {
        let check = ["audit", "check", &audit, "--auditor", &key];
        candour(check.iter().chain(more).copied())
    };
    let plain = check(&[]);
    assert_eq!(code(&plain), 0, "{}{}", out(&plain), err(&plain));
    assert!(
        out(&plain)
            .contains("holds      claims        each leaf is claimed once, by 2 entries and"),
        "{}",
        out(&plain)
    );
    assert!(
        out(&plain).ends_with("\nproven in part: nothing is false\n"),
        "{}",
        out(&plain)
    );
    let strict = check(&["--strict"]);
    assert_eq!(
        (code(&strict), err(&strict)),
        (7, "candour: the audit does not show: key, witnesses\n")
    );
    let told: serde_json::Value = serde_json::from_str(out(&check(&["--json"]))).unwrap();
    assert_eq!(
        (&told["verdict"], &told["held"]),
        (&"proven-in-part".into(), &serde_json::json!([]))
    );

    let other = at("other/key");
    candour(["audit", "key", &other]);
    let for_another = candour(["audit", "check", &audit, "--auditor", &other]);
    assert_eq!(code(&for_another), 5);
    assert!(err(&for_another).contains("was altered, or is sealed for another key"));
    let mut bytes = fs::read(&audit).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&audit, &bytes).unwrap();
    assert_eq!(code(&check(&[])), 5);
}

#[tokio::test]
async fn an_entry_is_erased_by_one_command_and_a_legal_hold_forbids_it() {
    let folder = settled().await.copy();
    let data = text(folder.path()).to_owned();
    let list = |name: &str| -> serde_json::Value {
        let pack = text(&folder.path().join(name)).to_owned();
        let made = candour([
            "pack",
            "--data",
            &data,
            "--as",
            "netta-dunsmore",
            "--out",
            &pack,
        ]);
        assert_eq!(code(&made), 0, "{}", err(&made));
        let told = candour(["verify", &pack, "--json", "--entries"]);
        assert_eq!(code(&told), 0, "{}", out(&told));
        serde_json::from_str(out(&told)).unwrap()
    };
    let entry = list("before.pack")["list"][0]["commitment"]
        .as_str()
        .unwrap()
        .to_owned();
    let about = [
        "--data",
        &data,
        "--person",
        "netta-dunsmore",
        "--by",
        "Moira Keir",
    ];
    let erase = || {
        let erase = [
            "admin",
            "erase",
            "--entry",
            &entry,
            "--rule",
            "wrong-person",
        ];
        candour(erase.iter().chain(&about).copied())
    };
    let hold = |what: &[&str]| {
        let hold = ["admin", "legal-hold"];
        candour(hold.iter().chain(what).chain(&about).copied())
    };
    let held = hold(&["--rule", "inquiry"]);
    assert_eq!(code(&held), 0, "{}", err(&held));
    let forbidden = erase();
    assert_eq!(
        (code(&forbidden), err(&forbidden)),
        (
            4,
            "candour: a legal hold forbids it (inquiry): nothing was erased\n"
        )
    );
    assert_eq!(code(&hold(&["--lift"])), 0);
    let erased = erase();
    assert_eq!(code(&erased), 0, "{}", err(&erased));
    assert_eq!(
        out(&erased),
        format!("{entry}: erased, and the account says so\n")
    );
    assert_eq!(code(&erase()), 3);

    let after = list("after.pack");
    let entries: Vec<(bool, &str)> = after["list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let operation = one["fields"]["operation"].as_str().unwrap_or_default();
            (one["erased"].as_bool().unwrap(), operation)
        })
        .collect();
    assert_eq!(entries.len(), ASKED_BEFORE + 3);
    assert_eq!(entries[0], (true, ""));
    assert_eq!(
        entries[ASKED_BEFORE..],
        [
            (false, "legal-hold"),
            (false, "legal-hold"),
            (false, "erase")
        ]
    );
    let doctor = candour(["doctor", "--data", &data, "--ledger", "--thorough"]);
    assert_eq!(code(&doctor), 0, "{}{}", out(&doctor), err(&doctor));
    let neither = candour(["admin", "erase", "--entry", "abc", "--rule", "order"]);
    assert_eq!(code(&neither), 2);
}

#[tokio::test]
async fn a_recipients_list_is_compared_with_the_ledger_by_one_command() {
    let town = settled().await;
    let folder = town.copy();
    let demo = Demo::start(folder.path());
    let url = format!("{}/fhir/{}", demo.url, town.cast.patient);
    let answer = client()
        .get(url)
        .bearer_auth(&town.cast.doctor)
        .send()
        .await
        .unwrap();
    let receipt = answer.headers()["candour-receipt"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(demo.terminate(), Some(0));
    let noted = |receipts: &[&str]| {
        let events = receipts.iter().map(|receipt| {
            let detail = serde_json::json!([{"type": "candour-receipt", "valueString": receipt}]);
            let event = serde_json::json!({
                "resourceType": "AuditEvent",
                "entity": [{"detail": detail}],
            });
            format!("{event}\n")
        });
        let file = folder.path().join("noted.ndjson");
        fs::write(&file, events.collect::<String>()).unwrap();
        text(&file).to_owned()
    };
    let data = text(folder.path()).to_owned();
    let compare = |file: &str, day: &str| {
        let about = [
            "--data",
            &data,
            "--organisation",
            "braehead-practice",
            "--day",
            day,
        ];
        candour(["reconcile", file].iter().chain(&about).copied())
    };
    // What was asked before the day's list began may have been told.
    let before = |output: &std::process::Output| {
        let lines = out(output).lines();
        lines
            .filter(|line| line.starts_with("may have been told, and was not noted: "))
            .count()
    };
    let noted_one = compare(&noted(&[&receipt]), "2027-01-11");
    assert_eq!(
        (code(&noted_one), before(&noted_one)),
        (6, ASKED_BEFORE),
        "{}",
        err(&noted_one)
    );
    assert!(out(&noted_one).starts_with("1 noted and in the ledger\nmay have been told"));
    let past = compare(&noted(&[&receipt, "made up"]), "2027-01-11");
    assert_eq!((code(&past), before(&past)), (6, ASKED_BEFORE));
    assert!(
        out(&past).contains("received past the log, with no receipt that holds: lines 2\n"),
        "{}",
        out(&past)
    );
    assert_eq!(
        code(&compare(&noted(&[]), "2027-01-09")),
        0,
        "nothing noted, nothing told"
    );
    let another_day = compare(&noted(&[&receipt]), "2027-01-10");
    assert!(out(&another_day).ends_with("of another agency or day: lines 1\n"));
    assert_eq!(code(&compare(&noted(&[]), "monday")), 2);
}

/// Netta's list, as a pack shows it.
fn list(folder: &std::path::Path, name: &str, more: &[&str]) -> serde_json::Value {
    let pack = text(&folder.join(name)).to_owned();
    let whose = ["--as", "netta-dunsmore", "--out", &pack];
    let pack_of = ["pack", "--data", text(folder)];
    let made = candour(pack_of.iter().chain(&whose).chain(more).copied());
    assert_eq!(code(&made), 0, "{}", err(&made));
    let told = candour(["verify", &pack, "--json", "--entries"]);
    assert_eq!(code(&told), 0, "{}", out(&told));
    serde_json::from_str(out(&told)).unwrap()
}

#[tokio::test]
async fn what_is_withheld_is_opened_by_a_command_that_the_agencys_auditor_reads_of() {
    let folder = settled().await.copy();
    let data = text(folder.path());
    let listed = list(folder.path(), "netta.pack", &[]);
    let line = &listed["list"][0];
    let entry = line["commitment"].as_str().unwrap();
    let alias = line["fields"]["alias"].as_str().unwrap();
    let agency = line["fields"]["organisation"].as_str().unwrap();
    let asks = |what: &[&str], of: &str, why: &str| {
        let about = ["--data", data, "--person", "netta-dunsmore", "--entry", of];
        let asker = ["--by", "Emma Rae, reviewer", "--why", why];
        let args = ["admin"].iter().chain(what).chain(&about).chain(&asker);
        candour(args.copied())
    };
    let name = |alias: &str, why: &str| asks(&["name", alias], entry, why);

    let named = name(alias, "complaint 12");
    assert_eq!(code(&named), 0, "{}", err(&named));
    assert_eq!(
        out(&named),
        "Dr Imran Yousaf, doctor (Braehead Medical Practice)\n"
    );
    let other = name("00000000", "complaint 12");
    let refused = "candour: 00000000 stands for nobody in that entry\n";
    assert_eq!((code(&other), err(&other)), (3, refused));
    assert_eq!(code(&asks(&["name", alias], &"0".repeat(64), "x")), 3);
    assert_eq!(code(&asks(&["name", alias], "abc", "x")), 2);
    assert_eq!(code(&name(alias, " ")), 2);
    assert_eq!(code(&candour(["admin", "name", "--data", data, alias])), 2);

    let words = asks(&["words"], entry, "complaint 12");
    assert_eq!(code(&words), 0, "{}", err(&words));
    assert_eq!(out(&words), "purpose TREAT: no words were typed\n");

    let read = candour(["audit", "agency", "--data", data, agency]);
    assert_eq!(code(&read), 0, "{}", err(&read));
    let told: Vec<&str> = out(&read).lines().collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("Emma Rae, reviewer asked who stands for the alias in entry"));
    assert!(told[0].ends_with("and was told. Why: complaint 12"));
    assert!(told[1].contains(&format!("read what is not told in entry {entry}")));
    let nobody = candour(["audit", "agency", "--data", data, "nobody"]);
    assert_eq!(code(&nobody), 3);
    let doctor = candour(["doctor", "--data", data, "--ledger", "--thorough"]);
    assert_eq!(code(&doctor), 0, "{}{}", out(&doctor), err(&doctor));
}

#[tokio::test]
async fn a_pack_of_the_safe_channel_is_made_by_one_command_and_is_not_there_without_it() {
    let folder = settled().await.copy();
    let data = text(folder.path());
    let id = patient(folder.path(), "iona-dalgleish").await;
    let demo = Demo::start(folder.path());
    let (http, base) = (client(), format!("{}/fhir", demo.url));
    let doctor = token(folder.path(), "sunita-krishnan", "TREAT");
    let risk = r#"{"risk": {"kind": "coercion", "since": "2026-12-01"}}"#;
    let says = http.post(format!("{base}/Patient/{id}/$say"));
    let says = says.header("content-type", "application/json").body(risk);
    let said = says.bearer_auth(&doctor).send().await.unwrap();
    assert_eq!(said.status(), 201);
    let purdie = token(folder.path(), "kenneth-purdie", "TREAT");
    let tries = http.get(format!("{base}/Patient/{id}/$everything"));
    let tried = tries.bearer_auth(purdie).send().await.unwrap();
    assert_eq!(tried.status(), 404);
    assert_eq!(demo.terminate(), Some(0));

    let pack = |name: &str, more: &[&str]| {
        let file = text(&folder.path().join(name)).to_owned();
        let iona = ["--as", "iona-dalgleish", "--out", &file];
        let args = ["pack", "--data", data].into_iter().chain(iona);
        let made = candour(args.chain(more.iter().copied()));
        if code(&made) != 0 {
            return Err((code(&made), err(&made).to_owned()));
        }
        let told = candour(["verify", &file, "--json", "--entries"]);
        assert_eq!(code(&told), 0, "{}", out(&told));
        Ok(out(&told).to_owned())
    };
    let safe = ["--safe-channel", "--list", "2"];
    let safe = pack("safe.pack", &safe).expect("it is made");
    // The attempt of whom she hides from is there, and his name is his agency's to say.
    assert!(safe.contains(r#""answer":"DENY""#), "{safe}");
    let on_request = "the agency's privacy officer says who it was, if asked";
    assert!(safe.contains(on_request), "{safe}");
    assert!(!safe.contains("Purdie"), "{safe}");
    for (name, more) in [("first.pack", &[][..]), ("one.pack", &["--safe-channel"])] {
        let ordinary = pack(name, more).expect("it is made");
        assert!(!ordinary.contains(on_request), "{ordinary}");
        assert!(!ordinary.contains("Purdie"), "{ordinary}");
    }
    let refused = pack("second.pack", &["--list", "2"]);
    let none = "candour: iona-dalgleish has no record here that could be proven\n";
    assert_eq!(refused, Err((3, none.to_owned())));
    assert!(!folder.path().join("second.pack").exists());
    // What is there is not written over.
    let over = pack("safe.pack", &["--safe-channel"]).expect_err("it is there");
    assert_eq!(over.0, 4, "{}", over.1);
}
