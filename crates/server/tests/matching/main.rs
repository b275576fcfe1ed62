//! `candour match` as people and scripts call it: files in, pairs, clusters and reports out, and
//! what is said where a file is not as it should be.

mod damaged;
mod desk;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use desk::{Desk, TOWN};

fn clusters(desk: &Desk, name: &str) -> Vec<(String, String)> {
    let mut rows = csv::Reader::from_path(desk.path(name)).unwrap();
    rows.deserialize().map(Result::unwrap).collect()
}

fn cluster_of(clusters: &[(String, String)], id: &str) -> String {
    let found = clusters.iter().find(|(one, _)| one == id);
    found.expect("every row is in a cluster").1.clone()
}

#[test]
fn a_file_is_matched_with_nothing_said_but_the_id() {
    let desk = Desk::with(&[("town.csv", TOWN.as_bytes())]);
    let told = desk.json(&[
        "dedupe",
        "town.csv",
        "--id",
        "no",
        "--pairs",
        "pairs.csv",
        "--clusters",
        "clusters.csv",
    ]);
    assert_eq!(told["files"][0]["rows"], 6);
    let columns: Vec<String> = told["files"][0]["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column["role"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        columns,
        [
            "id",
            "given-name",
            "family-name",
            "previous-family-name",
            "birth-date",
            "sex",
            "address-line",
            "postcode"
        ]
    );
    assert_eq!(told["files"][0]["columns"][4]["order"], "day-month-year");

    let clusters = clusters(&desk, "clusters.csv");
    assert_eq!(clusters.len(), 6);
    assert_eq!(
        cluster_of(&clusters, "5"),
        cluster_of(&clusters, "6"),
        "Peggy is Margaret"
    );
    assert_ne!(
        cluster_of(&clusters, "3"),
        cluster_of(&clusters, "4"),
        "Ann and Jean are twins"
    );
    let pairs = desk.read("pairs.csv");
    let mut lines = pairs.lines();
    assert_eq!(lines.next(), Some("id_l,id_r,weight,probability,grade"));
    let drummond = lines
        .find(|line| line.starts_with("5,6,"))
        .expect("Peggy and Margaret");
    assert!(drummond.ends_with(",certain"), "{drummond}");
    assert!(
        pairs.contains("1,2,"),
        "Kirsty bears her husband's name now: {pairs}"
    );
}

#[test]
fn two_rows_are_explained_with_what_they_say_and_what_each_comparison_adds() {
    let desk = Desk::with(&[("town.csv", TOWN.as_bytes())]);
    let answer = desk.call(&["dedupe", "town.csv", "--id", "no", "--explain", "5", "6"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    for words in [
        "first_name",
        "Peggy",
        "Margaret",
        "any two records",
        "together",
        "certain",
    ] {
        assert!(answer.out.contains(words), "{words}: {}", answer.out);
    }
    let told = desk.json(&["dedupe", "town.csv", "--id", "no", "--explain", "5", "6"]);
    assert_eq!(told["columns"][0]["column"], "first_name");
    assert_eq!(told["columns"][0]["left"], "Peggy");
    let explanation = &told["explanation"];
    let bits = |value: &Value| value.as_f64().unwrap();
    let steps = explanation["steps"].as_array().unwrap();
    let sum: f64 = steps.iter().map(|step| bits(&step["bits"])).sum();
    let weight = bits(&explanation["weight"]);
    assert!(
        (bits(&explanation["prior"]) + sum - weight).abs() < 0.01,
        "{explanation}"
    );

    let nobody = desk.call(&["dedupe", "town.csv", "--id", "no", "--explain", "5", "77"]);
    assert_eq!(nobody.code, 3);
    assert_eq!(
        nobody.err,
        "candour: no row with the id \"77\" was taken from town.csv\n"
    );
}

#[test]
fn two_files_of_different_columns_and_encodings_are_linked() {
    let first =
        "id;Forename;Family Name;DOB\r\n1;Zoë;Muñoz;1971-06-24\r\n2;Ian;Mowat;1950-01-30\r\n";
    let first: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(first.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let second = b"{\"key\":\"a\",\"given_name\":\"Zo\xEB\",\"surname\":\"Mu\xF1oz\",\"birthDate\":\"1971-06-24\"}\n{\"key\":\"b\",\"given_name\":\"Kim\",\"surname\":\"Low\",\"birthDate\":\"2001-07-09\"}\n";
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(b"key\tgiven_name\tsurname\tbirthDate\na\tZo\xEB\tMu\xF1oz\t1971-06-24\nb\tKim\tLow\t2001-07-09\n").unwrap();
    let packed = packed.finish().unwrap();
    let desk = Desk::with(&[
        ("one.csv", &first),
        ("two.tsv.gz", &packed),
        ("two.ndjson", second),
    ]);

    let told = desk.json(&[
        "link",
        "one.csv",
        "two.tsv.gz",
        "--clusters",
        "clusters.csv",
        "--pairs",
        "pairs.csv",
    ]);
    assert_eq!(told["files"][0]["encoding"], "UTF-16");
    assert_eq!(told["files"][0]["layout"], "fields parted by semicolons");
    assert_eq!(told["files"][1]["encoding"], "Windows-1252");
    assert_eq!(
        told["files"][1]["layout"],
        "fields parted by tabs, packed with gzip"
    );
    let remark = told["files"][1]["remarks"][0].as_str().unwrap();
    assert!(
        remark.starts_with(
            "2 fields are not UTF-8 and were read as Windows-1252 (Latin-1), the first on line 2"
        ),
        "{remark}"
    );
    assert!(
        desk.read("pairs.csv").contains("\n1,a,"),
        "{}",
        desk.read("pairs.csv")
    );
    assert!(
        desk.read("clusters.csv")
            .starts_with("id,cluster,file\n1,1,1\n2,2,1\na,")
    );

    // The same people as JSON lines: the bytes of another encoding are not JSON.
    let answer = desk.call(&["link", "one.csv", "two.ndjson"]);
    assert_eq!(answer.code, 5, "{}", answer.err);
    assert_eq!(
        answer.err,
        "candour: 1 row was not taken, the others were: see rejects.ndjson\n"
    );
}

#[test]
fn the_answer_in_a_file_is_never_matched_by() {
    let mut town = String::from("id,first_name,surname,dob,cluster\n");
    for row in 0..60 {
        town.push_str(&format!(
            "{row},Ann,Baird{row},19{}-0{}-1{},same\n",
            30 + row,
            row % 9 + 1,
            row % 9
        ));
    }
    let desk = Desk::with(&[("town.csv", town.as_bytes())]);
    let answer = desk.call(&["dedupe", "town.csv"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(
        answer.out.contains(
            "cluster was not compared: --ignore cluster says so, --truth cluster measures by it"
        ),
        "{}",
        answer.out
    );
    let judged = desk.json(&["dedupe", "town.csv", "--truth", "cluster"]);
    assert_eq!(judged["measured"]["certain"]["of"], 60 * 59 / 2);
    assert_eq!(judged["measured"]["certain"]["links"], 0);
    // A slip in the name of the answer would have it compared.
    let slip = desk.call(&["dedupe", "town.csv", "--ignore", "clutser"]);
    assert_eq!(slip.code, 3);
    assert_eq!(
        slip.err,
        "candour: town.csv has no column \"clutser\"; its columns are id, first_name, surname, dob, cluster\n"
    );
}

#[test]
fn the_same_files_and_seed_give_the_same_bytes() {
    let desk = Desk::with(&[]);
    let written = desk.call(&[
        "generate",
        "--people",
        "800",
        "--seed",
        "3",
        "--out",
        "people.csv",
    ]);
    assert_eq!(written.code, 0, "{}", written.err);
    for round in ["one", "two"] {
        let name = |what: &str| format!("{round}-{what}");
        let answer = desk.call(&[
            "dedupe",
            "people.csv",
            "--id",
            "id",
            "--ignore",
            "origin",
            "--truth",
            "person",
            "--pairs",
            &name("pairs.csv"),
            "--clusters",
            &name("clusters.csv"),
            "--model",
            &name("model.json"),
            "--report",
            &name("report.html"),
        ]);
        assert_eq!(answer.code, 0, "{}", answer.err);
    }
    for what in ["pairs.csv", "clusters.csv", "model.json", "report.html"] {
        let one = desk.read(&format!("one-{what}"));
        assert_eq!(one, desk.read(&format!("two-{what}")), "{what}");
        assert!(!one.is_empty());
    }
    // A model that was kept judges as it did, without training again.
    let told = desk.json(&[
        "dedupe",
        "people.csv",
        "--id",
        "id",
        "--ignore",
        "origin",
        "--ignore",
        "person",
        "--use-model",
        "one-model.json",
        "--pairs",
        "kept-pairs.csv",
    ]);
    assert_eq!(told["seconds"]["train"], 0.0);
    assert_eq!(desk.read("kept-pairs.csv"), desk.read("one-pairs.csv"));
}

#[test]
fn the_report_stands_alone_and_runs_nothing() {
    let desk = Desk::with(&[("town.csv", TOWN.as_bytes())]);
    desk.json(&[
        "dedupe",
        "town.csv",
        "--id",
        "no",
        "--report",
        "report.html",
    ]);
    let report = desk.read("report.html");
    for forbidden in [
        "<script", " style=", " onclick", "src=", "http://", "https://",
    ] {
        assert!(!report.contains(forbidden), "{forbidden}");
    }
    for wanted in [
        "<html lang=\"en-GB\">",
        "<title>Who is who in town.csv</title>",
        "default-src 'none'; style-src 'sha256-",
        "What was guessed",
        "Calibration",
        "Margaret",
    ] {
        assert!(report.contains(wanted), "{wanted}");
    }
}

#[test]
fn what_was_guessed_is_written_as_a_mapping_that_gives_the_same() {
    let desk = Desk::with(&[("town.csv", TOWN.as_bytes())]);
    desk.json(&[
        "dedupe",
        "town.csv",
        "--id",
        "no",
        "--write-mapping",
        "map.toml",
        "--pairs",
        "guessed.csv",
    ]);
    let told = desk.json(&[
        "dedupe",
        "town.csv",
        "--mapping",
        "map.toml",
        "--pairs",
        "mapped.csv",
    ]);
    assert_eq!(desk.read("guessed.csv"), desk.read("mapped.csv"));
    assert_eq!(
        told["files"][0]["columns"][1]["because"],
        "the mapping says so"
    );
}

#[test]
fn grade_and_threshold_choose_what_is_written() {
    let desk = Desk::with(&[("town.csv", TOWN.as_bytes())]);
    let rows = |arguments: &[&str]| {
        desk.json(
            &[
                &["dedupe", "town.csv", "--id", "no", "--pairs", "pairs.csv"],
                arguments,
            ]
            .concat(),
        );
        desk.read("pairs.csv").lines().count() - 1
    };
    let all = rows(&["--threshold", "0"]);
    let certain = rows(&["--grade", "certain"]);
    assert!(
        desk.read("pairs.csv")
            .lines()
            .skip(1)
            .all(|line| line.ends_with(",certain"))
    );
    let likely = rows(&["--threshold", "0.5"]);
    assert!(
        0 < certain && certain <= likely && likely < all,
        "{certain} {likely} {all}"
    );
}

#[test]
fn a_run_that_is_stopped_leaves_what_an_earlier_one_wrote() {
    let desk = Desk::with(&[("pairs.csv", b"of an earlier run\n")]);
    let written = desk.call(&["generate", "--people", "20000", "--out", "people.csv"]);
    assert_eq!(written.code, 0, "{}", written.err);
    let mut run = desk
        .command(&[
            "dedupe",
            "people.csv",
            "--id",
            "id",
            "--ignore",
            "person",
            "--pairs",
            "pairs.csv",
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(300) {
        assert!(
            run.try_wait().unwrap().is_none(),
            "it was to be stopped before it is done"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!(desk.read("pairs.csv"), "of an earlier run\n");
}

/// The labelled scenarios of the shared folder: whoever must not be joined is not, whatever chain
/// of other rows might lead from one to the other.
#[test]
fn nobody_is_joined_whom_a_scenario_keeps_apart() {
    let shared =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/linkage/scenarios.csv");
    if !shared.exists() {
        println!("SKIPPED: scenarios of matching: scenarios.csv is not beside the project");
        return;
    }
    let bytes = fs::read(&shared).unwrap();
    let desk = Desk::with(&[("scenarios.csv", &bytes)]);
    let mut arguments = vec![
        "dedupe",
        "scenarios.csv",
        "--id",
        "scenario",
        "--id",
        "side",
    ];
    for column in [
        "category",
        "expected_grade",
        "expected_action",
        "why",
        "note",
    ] {
        arguments.extend(["--ignore", column]);
    }
    desk.json(&[&arguments[..], &["--clusters", "clusters.csv"]].concat());
    let clusters = clusters(&desk, "clusters.csv");
    let mut rows = csv::Reader::from_reader(bytes.as_slice());
    let header = rows.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (scenario, action) = (place("scenario"), place("expected_action"));
    let mut apart = 0;
    for row in rows.records().map(Result::unwrap) {
        if &row[action] == "must-not-link" {
            let cluster = |side: &str| {
                let id = format!("{}-{side}", &row[scenario]);
                clusters
                    .iter()
                    .find(|(one, _)| *one == id)
                    .map(|(_, cluster)| cluster.clone())
            };
            let (Some(a), Some(b)) = (cluster("a"), cluster("b")) else {
                continue;
            };
            assert_ne!(a, b, "{}", &row[scenario]);
            apart += 1;
        }
    }
    assert!(apart > 5, "{apart}");
}

/// A file with many more brothers, parents and children at one address than people who are in it
/// twice: what is learnt from it must be people, and not households.
#[test]
fn families_at_one_address_are_not_taken_for_one_person() {
    let desk = Desk::with(&[]);
    let people = ["generate", "--people", "2000", "--seed", "11"];
    let made = desk.call(&[&people[..], &["--out", "town.csv"]].concat());
    assert_eq!(made.code, 0, "{}", made.err);
    let told = desk.json(&[
        "dedupe",
        "town.csv",
        "--id",
        "id",
        "--truth",
        "person",
        "--ignore",
        "origin",
        "--by",
        "sex",
        "--by",
        "birth_date",
    ]);
    let at_least = |part: &str, figure: &str, least: f64| {
        let found = told["measured"][part][figure].as_f64().unwrap();
        assert!(found >= least, "{part} {figure}: {found} of {least}");
    };
    at_least("certain", "precision", 0.998);
    at_least("certain", "recall", 0.89);
    at_least("clusters", "precision", 0.998);
    // Counted apart, errors are the same errors: each pair once for either row.
    let joined = &told["measured"]["clusters"];
    let of = joined["of"].as_f64().unwrap();
    let missed = of - joined["right"].as_f64().unwrap();
    for (place, column, groups) in [(0, "sex", 3), (1, "birth_date", 6)] {
        let apart = &told["apart"][place];
        assert_eq!(apart["column"], column);
        let rows = apart["groups"].as_array().unwrap();
        assert_eq!(rows.len(), groups, "{apart}");
        let sum = |figure: &dyn Fn(&Value) -> f64| rows.iter().map(figure).sum::<f64>();
        let pairs = |group: &Value| group["pairs"].as_f64().unwrap();
        let share = |group: &Value| group["missed"].as_f64().unwrap_or_default();
        assert_eq!(sum(&pairs), 2.0 * of, "{apart}");
        let apart_missed = sum(&|group| pairs(group) * share(group));
        assert!((apart_missed - 2.0 * missed).abs() < 0.01, "{apart}");
    }
}

/// The model was trained by Splink 5.0.0 on other people of the same generator.
#[test]
fn a_model_that_splink_saved_judges_here() {
    let model = include_bytes!("../splink/people.json");
    let desk = Desk::with(&[("splink.json", model)]);
    let people = ["generate", "--people", "2000", "--seed", "12"];
    let made = desk.call(&[&people[..], &["--out", "town.csv"]].concat());
    assert_eq!(made.code, 0, "{}", made.err);
    let told = desk.json(&[
        "dedupe",
        "town.csv",
        "--id",
        "id",
        "--truth",
        "person",
        "--ignore",
        "origin",
        "--use-model",
        "splink.json",
    ]);
    let certain = &told["measured"]["certain"];
    let (precision, recall) = (&certain["precision"], &certain["recall"]);
    assert!(precision.as_f64().unwrap() >= 0.95, "{certain}");
    assert!(recall.as_f64().unwrap() >= 0.9, "{certain}");
}
