//! Files that are not as they should be: what is wrong is said with what to do, and what can be read is
//! matched. The last test takes a large file through every damage; its million rows are for
//! `make test-long`.

use std::fs;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::desk::{Answer, Desk, TOWN};

#[test]
fn a_file_that_cannot_be_used_is_answered_with_what_to_do() {
    let zipped: &[u8] = b"PK\x03\x04and so on";
    let desk = Desk::with(&[
        ("empty.csv", b""),
        ("blank.csv", b"\n  \n"),
        ("header.csv", b"id,name\n"),
        (
            "headless.csv",
            b"17,Ann,Baird,19840312\n18,Ian,Mowat,19500130\n",
        ),
        ("list.json", b"[{\"id\":1}]"),
        ("sheet.csv", zipped),
        ("town.csv", TOWN.as_bytes()),
        ("same.csv", b"id,name\n1,Ann\n1,Ian\n1,Kim\n2,Zoe\n"),
        ("mapping.toml", b"[columns]\nsurname = \"last\"\n"),
        ("model.json", b"{\"weights\": []}"),
        (
            "splink.json",
            include_bytes!("../splink/names-together.json"),
        ),
    ]);
    for (arguments, code, words) in [
        (
            &["dedupe", "nowhere.csv"][..],
            3,
            "nowhere.csv cannot be read: No such file",
        ),
        (&["dedupe", "empty.csv"], 5, "empty.csv is empty"),
        (&["dedupe", "blank.csv"], 5, "blank.csv is empty"),
        (
            &["dedupe", "header.csv"],
            5,
            "header.csv has the names of columns and no rows",
        ),
        (
            &["dedupe", "headless.csv"],
            5,
            "its first line must have the names of the columns",
        ),
        (
            &["dedupe", "list.json"],
            5,
            "write one object a line, for example with jq",
        ),
        (
            &["dedupe", "sheet.csv"],
            5,
            "a spreadsheet, which is one inside: unpack it, or save it as CSV",
        ),
        (
            &["dedupe", "town.csv", "--id", "number"],
            3,
            "town.csv has no column \"number\"; its columns are no, first_name",
        ),
        (
            &["dedupe", "same.csv", "--id", "id"],
            5,
            "2 of 4 values of id were there before. Name another column",
        ),
        (
            &["dedupe", "town.csv", "--mapping", "mapping.toml"],
            5,
            "the mapping says that surname is \"last\"; it can be id, source",
        ),
        (
            &["dedupe", "town.csv", "--use-model", "model.json"],
            5,
            "not a model that --model wrote",
        ),
        (
            &["dedupe", "town.csv", "--use-model", "splink.json"],
            5,
            "comparison first_name_surname: it compares first_name, surname in one",
        ),
        (
            &["dedupe", "town.csv", "--threshold", "95"],
            2,
            "a probability is a number from 0 to 1",
        ),
    ] {
        let answer = desk.call(arguments);
        assert_eq!(answer.code, code, "{arguments:?}: {}", answer.err);
        assert!(answer.err.contains(words), "{arguments:?}: {}", answer.err);
        assert_eq!(answer.out, "", "{arguments:?}");
    }
}

#[test]
fn rows_that_cannot_be_read_are_listed_and_the_others_matched() {
    let town = "id,first_name,surname,dob\n1,Ann,Baird,1984-03-12\n2,Ann,Baird\n1,Ian,Mowat,1950-01-30\n,Kim,Low,2001-07-09\n5,\"Zoe,Reid,1999-09-09\n6,Ann,Baird,1984-03-12\n7,Eil";
    let desk = Desk::with(&[("town.csv", town.as_bytes())]);
    let answer = desk.call(&[
        "dedupe",
        "town.csv",
        "--id",
        "id",
        "--clusters",
        "clusters.csv",
    ]);
    assert_eq!(answer.code, 5, "{}", answer.err);
    assert_eq!(
        answer.err,
        "candour: 5 rows were not taken, the others were: see rejects.ndjson\n"
    );
    assert!(
        answer
            .out
            .contains("the file ends in its middle: what came before was read"),
        "{}",
        answer.out
    );
    let rejects: Vec<(u64, String)> = desk
        .read("rejects.ndjson")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|reject| {
            (
                reject["line"].as_u64().unwrap(),
                reject["reason"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let lines: Vec<u64> = rejects.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 6, 8, 4, 5], "{rejects:?}");
    assert_eq!(
        desk.read("clusters.csv").lines().count(),
        3,
        "{}",
        desk.read("clusters.csv")
    );
}

#[test]
fn a_packed_file_cut_in_its_middle_gives_what_can_be_read() {
    let mut rows = String::from("id,first_name,surname,dob\n");
    for row in 0..20_000 {
        rows.push_str(&format!(
            "{row},Ann{row},Baird{},{}-03-12\n",
            row * 7919 % 20_011,
            1930 + row % 80
        ));
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(rows.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let desk = Desk::with(&[("town.csv.gz", &packed[..packed.len() / 2])]);
    let answer = desk.call(&["dedupe", "town.csv.gz", "--id", "id", "--json"]);
    assert_eq!(answer.code, 5, "{}", answer.err);
    let told: Value = serde_json::from_str(&answer.out).unwrap();
    let taken = told["files"][0]["rows"].as_u64().unwrap();
    assert!((5_000..15_000).contains(&taken), "{taken}");
    let reject = desk.read("rejects.ndjson");
    assert!(
        reject.contains("the file cannot be read further"),
        "{reject}"
    );
}

/// Invented people, a quarter more rows than people: a few thousand, or a million.
fn many(desk: &Desk) -> String {
    let long = std::env::var_os("CANDOUR_LONG").is_some();
    let people = if long { "800000" } else { "2400" };
    let written = desk.call(&["generate", "--people", people, "--out", "people.csv"]);
    assert_eq!(written.code, 0, "{}", written.err);
    desk.read("people.csv")
}

fn rows(text: &str) -> usize {
    text.lines().count() - 1
}

/// What a call says of its one file, whatever its exit code.
fn told(answer: &Answer) -> Value {
    let told: Value =
        serde_json::from_str(&answer.out).unwrap_or_else(|_| panic!("{}", answer.err));
    told["files"][0].clone()
}

/// The reasons for which rows were put aside, each with how many.
fn reasons(desk: &Desk) -> Vec<(String, usize)> {
    let mut reasons: Vec<(String, usize)> = Vec::new();
    for line in desk.read("rejects.ndjson").lines() {
        let reject: Value = serde_json::from_str(line).unwrap();
        let reason = reject["reason"].as_str().unwrap().to_owned();
        // The line that an id was seen on before differs from row to row.
        let kind = match reason.split_once(" of line ") {
            Some((before, _)) => before.to_owned(),
            None => reason,
        };
        match reasons.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => reasons.push((kind, 1)),
        }
    }
    reasons
}

/// The letters of the generator's names that stand in Windows-1252 too; others become a question mark,
/// as such systems write them.
fn windows_1252(text: &str) -> Vec<u8> {
    let byte = |letter: char| u8::try_from(u32::from(letter)).unwrap_or(b'?');
    text.chars().map(byte).collect()
}

fn utf_16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

const QUALITY: [&str; 5] = ["quality", "damaged.csv", "--id", "id", "--json"];

#[test]
fn a_large_file_is_read_in_whatever_encoding_it_came() {
    let desk = Desk::with(&[]);
    let people = many(&desk);
    for (bytes, encoding) in [
        (windows_1252(&people), "Windows-1252"),
        (utf_16(&people), "UTF-16"),
        (people.clone().into_bytes(), "UTF-8"),
    ] {
        fs::write(desk.path("damaged.csv"), bytes).unwrap();
        let answer = desk.call(&QUALITY);
        assert_eq!(answer.code, 0, "{encoding}: {}", answer.err);
        let file = told(&answer);
        assert_eq!(file["rows"], rows(&people), "{encoding}");
        let said = file["encoding"].as_str().unwrap();
        assert!(said.starts_with(encoding), "{said}");
    }
}

#[test]
fn a_large_file_cut_in_its_middle_is_matched_as_far_as_it_goes() {
    let desk = Desk::with(&[]);
    let people = many(&desk);
    // In the middle of a row, after its first field.
    let middle = people.len() / 2;
    let end = middle + people[middle..].find('\n').unwrap() + 1;
    let end = end + people[end..].find(',').unwrap() + 2;
    fs::write(desk.path("damaged.csv"), &people[..end]).unwrap();
    let whole = people[..end].lines().count() - 2;
    let arguments = [
        &["dedupe", "damaged.csv", "--id", "id", "--ignore", "person"][..],
        &["--clusters", "clusters.csv", "--json"],
    ];
    let answer = desk.call(&arguments.concat());
    assert_eq!(answer.code, 5, "{}", answer.err);
    assert!(
        answer
            .err
            .contains("1 row was not taken, the others were: see rejects.ndjson"),
        "{}",
        answer.err
    );
    let file = told(&answer);
    assert_eq!(file["rows"], whole);
    let remarks = file["remarks"].to_string();
    assert!(
        remarks.contains("the file ends in its middle: what came before was read"),
        "{remarks}"
    );
    assert_eq!(rows(&desk.read("clusters.csv")), whole);
}

#[test]
fn in_a_large_file_rows_whose_id_was_there_before_are_put_aside_and_counted() {
    let desk = Desk::with(&[]);
    let people = many(&desk);
    let header = people.lines().next().unwrap();
    let again: Vec<&str> = people.lines().skip(1).step_by(100).collect();
    let repeated = format!("{people}{}\n", again.join("\n"));
    fs::write(desk.path("damaged.csv"), repeated).unwrap();
    let answer = desk.call(&QUALITY);
    assert_eq!(answer.code, 5, "{}", answer.err);
    assert_eq!(told(&answer)["rows"], rows(&people));
    assert_eq!(reasons(&desk), [("its id is that".to_owned(), again.len())]);

    // A whole column of one value names nobody: that is another column's work.
    let place = header.split(',').position(|name| name == "sex").unwrap();
    assert!(place > 0);
    let answer = desk.call(&["quality", "damaged.csv", "--id", "sex"]);
    assert_eq!(answer.code, 5);
    assert!(
        answer.err.contains("has the same id on many rows"),
        "{}",
        answer.err
    );
    assert_eq!(answer.out, "");
}

#[test]
fn in_a_large_file_rows_that_lost_columns_are_put_aside_and_a_lost_column_is_named() {
    let desk = Desk::with(&[]);
    let people = many(&desk);
    let short = |(place, line): (usize, &str)| match place {
        // Every hundredth row lost its last two fields.
        place if place > 0 && place % 100 == 0 => {
            let mut fields: Vec<&str> = line.split(',').collect();
            fields.truncate(fields.len() - 2);
            fields.join(",") + "\n"
        }
        _ => format!("{line}\n"),
    };
    let damaged: String = people.lines().enumerate().map(short).collect();
    fs::write(desk.path("damaged.csv"), damaged).unwrap();
    let answer = desk.call(&QUALITY);
    assert_eq!(answer.code, 5, "{}", answer.err);
    let lost = rows(&people) / 100;
    assert_eq!(told(&answer)["rows"], rows(&people) - lost);
    let counted: usize = reasons(&desk).iter().map(|(_, count)| count).sum();
    assert_eq!(counted, lost);

    let answer = desk.call(&["quality", "damaged.csv", "--id", "nhs_number"]);
    assert_eq!(answer.code, 3);
    assert!(
        answer
            .err
            .contains("damaged.csv has no column \"nhs_number\"; its columns are id, source"),
        "{}",
        answer.err
    );
}

#[test]
fn the_quality_of_a_file_is_told_without_matching_anybody() {
    let desk = Desk::with(&[("town.csv", TOWN.as_bytes())]);
    let answer = desk.call(&["quality", "town.csv", "--id", "no"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    for words in [
        "town.csv: 6 rows, UTF-8",
        "maiden_name     16.7 % filled, 1 different",
        "date_of_birth  100.0 % filled, 3 different, 100.0 % of a valid form",
    ] {
        assert!(answer.out.contains(words), "{words}:\n{}", answer.out);
    }
    assert!(!answer.out.contains("Kirsty"), "{}", answer.out);
    assert!(!answer.out.contains("people, of whom"), "{}", answer.out);
}
