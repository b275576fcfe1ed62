//! The labelled files that stand beside the repository, read as records.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use linkage::{
    Address, BirthDate, CHI_SYSTEM, Flags, Identifier, NHS_SYSTEM, Name, NameUse, Other, People,
    Record, Sex,
};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/linkage");

/// Records, and for each the person that it is truly of.
pub struct Labelled {
    pub people: People,
    pub truth: Vec<String>,
    pub ids: Vec<String>,
}

/// One row of a file, by column.
pub type Fields = HashMap<String, String>;

/// The rows of a file, or `None`, said aloud, where it is not beside the repository.
pub fn rows(file: &str) -> Option<Vec<Fields>> {
    let path = available(file)?;
    let mut bytes = std::fs::read(path).unwrap();
    if file.ends_with(".gz") {
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(bytes.as_slice())
            .read_to_end(&mut unpacked)
            .unwrap();
        bytes = unpacked;
    }
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    Some(reader.deserialize().map(|row| row.unwrap()).collect())
}

fn available(file: &str) -> Option<PathBuf> {
    let path = Path::new(DATA).join(file);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "CI needs shared/data/linkage/{file} beside the repository"
    );
    println!("SKIPPED: shared/data/linkage/{file} is not beside the repository");
    None
}

/// Reads rows as records.
pub fn labelled(parts: Vec<(&str, Vec<Fields>)>, read: fn(&Fields) -> Record) -> Labelled {
    let mut labelled = Labelled {
        people: People::new(),
        truth: Vec::new(),
        ids: Vec::new(),
    };
    for (source, rows) in parts {
        for fields in rows {
            let record = Record {
                source: source.to_owned(),
                ..read(&fields)
            };
            labelled.people.add(&record);
            labelled.truth.push(fields["cluster"].clone());
            labelled.ids.push(fields["unique_id"].clone());
        }
    }
    labelled
}

/// FEBRL data set 3: up to five duplicates of a record.
pub fn febrl3() -> Option<Labelled> {
    Some(labelled(vec![("a", rows("febrl3.csv")?)], febrl))
}

/// FEBRL data set 4: two files, one to one.
pub fn febrl4() -> Option<Labelled> {
    let both = vec![("a", rows("febrl4a.csv")?), ("b", rows("febrl4b.csv")?)];
    Some(labelled(both, febrl))
}

/// The same without the number that both files share.
pub fn febrl4_without_number() -> Option<Labelled> {
    let both = vec![("a", rows("febrl4a.csv")?), ("b", rows("febrl4b.csv")?)];
    Some(labelled(both, |fields| Record {
        identifiers: Vec::new(),
        ..febrl(fields)
    }))
}

/// Fifty thousand records of people in history, many with mistakes.
pub fn historical() -> Option<Labelled> {
    Some(labelled(
        vec![("a", rows("splink_historical_50k.csv.gz")?)],
        |fields| Record {
            names: vec![Name {
                given: get(fields, "first_name"),
                family: get(fields, "surname"),
                text: get(fields, "full_name"),
                ..Name::default()
            }],
            births: BirthDate::parse(&get(fields, "dob")).into_iter().collect(),
            sex: Sex::parse(&get(fields, "gender")),
            addresses: vec![Address {
                postcode: get(fields, "postcode_fake"),
                ..Address::default()
            }],
            others: others(fields, &["birth_place", "occupation"]),
            ..Record::default()
        },
    ))
}

/// A thousand invented records with many gaps.
pub fn fake() -> Option<Labelled> {
    Some(labelled(
        vec![("a", rows("splink_fake_1000.csv")?)],
        |fields| Record {
            names: vec![Name {
                given: get(fields, "first_name"),
                family: get(fields, "surname"),
                ..Name::default()
            }],
            births: BirthDate::parse(&get(fields, "dob")).into_iter().collect(),
            addresses: vec![Address {
                locality: get(fields, "city"),
                ..Address::default()
            }],
            contacts: vec![get(fields, "email")],
            ..Record::default()
        },
    ))
}

fn febrl(fields: &Fields) -> Record {
    Record {
        names: vec![Name {
            given: get(fields, "given_name"),
            family: get(fields, "surname"),
            ..Name::default()
        }],
        births: BirthDate::parse(&get(fields, "date_of_birth"))
            .into_iter()
            .collect(),
        identifiers: vec![Identifier {
            system: "soc_sec_id".to_owned(),
            value: get(fields, "soc_sec_id"),
            ..Identifier::default()
        }],
        addresses: vec![Address {
            number: get(fields, "street_number"),
            lines: vec![get(fields, "address_1"), get(fields, "address_2")],
            locality: get(fields, "suburb"),
            region: get(fields, "state"),
            postcode: get(fields, "postcode"),
            ..Address::default()
        }],
        ..Record::default()
    }
}

fn others(fields: &Fields, names: &[&str]) -> Vec<Other> {
    names
        .iter()
        .map(|name| Other {
            name: (*name).to_owned(),
            value: get(fields, name),
        })
        .collect()
}

/// A pair of people, and what should be said of them.
pub struct Scenario {
    pub name: String,
    pub sides: [Record; 2],
    pub grade: String,
    pub action: String,
}

/// The hand-written pairs.
pub fn scenarios() -> Option<Vec<Scenario>> {
    let rows = rows("scenarios.csv")?;
    Some(
        rows.chunks_exact(2)
            .map(|pair| Scenario {
                name: format!("{} {}", pair[0]["scenario"], pair[0]["category"]),
                sides: [person(&pair[0]), person(&pair[1])],
                grade: get(&pair[0], "expected_grade"),
                action: get(&pair[0], "expected_action"),
            })
            .collect(),
    )
}

/// One side of a scenario.
pub fn person(fields: &Fields) -> Record {
    let mut names = vec![Name {
        given: get(fields, "given"),
        middle: get(fields, "middle"),
        family: get(fields, "surname"),
        ..Name::default()
    }];
    for surname in list(fields, "prev_surnames") {
        names.push(Name {
            family: surname,
            used: NameUse::Maiden,
            ..Name::default()
        });
    }
    for given in list(fields, "known_as") {
        names.push(Name {
            given,
            used: NameUse::Nickname,
            ..Name::default()
        });
    }
    let number = |system: &str, column: &str| Identifier {
        system: system.to_owned(),
        value: get(fields, column),
        ..Identifier::default()
    };
    Record {
        source: get(fields, "source"),
        names,
        births: BirthDate::parse(&get(fields, "dob")).into_iter().collect(),
        sex: Sex::parse(&get(fields, "sex")),
        identifiers: vec![number(CHI_SYSTEM, "chi"), number(NHS_SYSTEM, "nhs")],
        addresses: vec![Address {
            lines: vec![get(fields, "address")],
            postcode: get(fields, "postcode"),
            uprn: get(fields, "uprn"),
            ..Address::default()
        }],
        flags: Flags::parse(&get(fields, "flags")),
        ..Record::default()
    }
}

fn list(fields: &Fields, column: &str) -> Vec<String> {
    get(fields, column)
        .split('|')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A field without the blanks around it.
pub fn get(fields: &Fields, column: &str) -> String {
    fields
        .get(column)
        .map_or(String::new(), |text| text.trim().to_owned())
}
