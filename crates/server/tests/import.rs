//! Reading files for import: what is found, in what order, from where it goes on.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use server::cli::import::carry_out::{Counts, Mark, Outcome, Writer, carry_out};
use server::cli::import::files::{FilesError, find};
use server::cli::import::items::{Content, Item};
use server::cli::import::plan::Plan;
use tempfile::TempDir;

/// A writer that takes everything but what is marked as bad, and can stop early.
#[derive(Default)]
struct Notebook {
    written: Vec<String>,
    refused: Vec<String>,
    came: Mark,
    stop_after: Option<usize>,
}

impl Writer for Notebook {
    fn write(&mut self, items: &[Item]) -> anyhow::Result<Vec<Outcome>> {
        if self
            .stop_after
            .is_some_and(|most| self.written.len() >= most)
        {
            anyhow::bail!("the disk is full");
        }
        Ok(items.iter().map(|item| self.take(item)).collect())
    }

    fn note(
        &mut self,
        came: Mark,
        _items: u64,
        _counts: Counts,
        refused: &[(Item, String)],
    ) -> anyhow::Result<()> {
        self.came = came;
        for (item, reason) in refused {
            let file = item.place.path.file_name().unwrap().to_string_lossy();
            let line = item.place.line;
            self.refused.push(format!("{file}:{line}: {reason}"));
        }
        Ok(())
    }
}

impl Notebook {
    fn take(&mut self, item: &Item) -> Outcome {
        match &item.content {
            Content::TooLong => Outcome::Refused("too long".to_owned()),
            Content::Resource(bytes)
                if serde_json::from_slice::<serde_json::Value>(bytes).is_err() =>
            {
                Outcome::Refused("not JSON".to_owned())
            }
            Content::Resource(bytes) => {
                let value: serde_json::Value = serde_json::from_slice(bytes).unwrap();
                let id = value["id"].as_str().unwrap_or("?");
                self.written.push(format!("{}/{id}", item.resource_type));
                taken()
            }
            Content::Bundle(_) => {
                self.written.push("a bundle".to_owned());
                taken()
            }
        }
    }
}

fn taken() -> Outcome {
    Outcome::Taken(Counts {
        created: 1,
        ..Counts::default()
    })
}

fn line(resource_type: &str, id: &str) -> String {
    format!("{{\"resourceType\":\"{resource_type}\",\"id\":\"{id}\"}}\n")
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn plan(folder: &TempDir) -> Plan {
    Plan::of(find(&[folder.path().to_owned()]).unwrap()).unwrap()
}

fn import(folder: &TempDir) -> Notebook {
    let mut notebook = Notebook::default();
    carry_out(&plan(folder), Mark::default(), &mut notebook).unwrap();
    notebook
}

#[test]
fn what_others_refer_to_comes_first_whatever_file_it_is_in() {
    let mixed = [
        line("Provenance", "1"),
        line("Condition", "2"),
        line("Patient", "3"),
        line("Encounter", "4"),
    ]
    .concat();
    let staff = [line("PractitionerRole", "5"), line("Practitioner", "6")].concat();
    let folder = folder(&[
        ("a-mixed.ndjson", mixed.as_bytes()),
        ("b/staff.ndjson", staff.as_bytes()),
        (
            "c/Organization.ndjson",
            line("Organization", "7").as_bytes(),
        ),
    ]);
    assert_eq!(
        import(&folder).written,
        [
            "Organization/7",
            "Practitioner/6",
            "PractitionerRole/5",
            "Patient/3",
            "Encounter/4",
            "Condition/2",
            "Provenance/1",
        ]
    );
}

#[test]
fn packed_files_read_like_plain_ones() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let text = line("Patient", "gz");
    let mut gzip = GzEncoder::new(
        File::create(at("a.ndjson.gz")).unwrap(),
        Compression::fast(),
    );
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap();
    fs::write(
        at("b.ndjson.zst"),
        zstd::encode_all(line("Patient", "zst").as_bytes(), 1).unwrap(),
    )
    .unwrap();
    let mut xz = xz2::write::XzEncoder::new(File::create(at("c.ndjson.xz")).unwrap(), 1);
    xz.write_all(line("Patient", "xz").as_bytes()).unwrap();
    xz.finish().unwrap();
    assert_eq!(
        import(&folder).written,
        ["Patient/gz", "Patient/zst", "Patient/xz"]
    );
}

#[test]
fn files_packed_in_several_parts_are_read_to_the_end() {
    let part = |id: &str| zstd::encode_all(line("Patient", id).as_bytes(), 1).unwrap();
    let folder = folder(&[("a.ndjson.zst", &[part("1"), part("2")].concat())]);
    assert_eq!(import(&folder).written, ["Patient/1", "Patient/2"]);
}

#[test]
fn a_bad_line_is_told_by_its_number_and_the_rest_is_taken() {
    let text = format!(
        "{}\n{{\"resourceType\":\n\n{}",
        line("Patient", "1"),
        line("Patient", "2")
    );
    let notebook = import(&folder(&[("p.ndjson", text.as_bytes())]));
    assert_eq!(notebook.written, ["Patient/1", "Patient/2"]);
    assert_eq!(notebook.refused, ["p.ndjson:3: not JSON"]);
}

#[test]
fn a_line_without_an_end_and_one_with_a_carriage_return_are_taken() {
    let text = "{\"resourceType\":\"Patient\",\"id\":\"1\"}\r\n{\"resourceType\":\"Patient\",\"id\":\"2\"}";
    let notebook = import(&folder(&[("p.jsonl", text.as_bytes())]));
    assert_eq!(notebook.written, ["Patient/1", "Patient/2"]);
}

#[test]
fn a_line_longer_than_any_resource_is_passed_over_and_told() {
    let long = format!(
        "{{\"resourceType\":\"Binary\",\"data\":\"{}\"}}\n",
        "A".repeat(17 << 20)
    );
    let text = [long, line("Patient", "1")].concat();
    let notebook = import(&folder(&[("p.ndjson", text.as_bytes())]));
    assert_eq!(notebook.written, ["Patient/1"]);
    assert_eq!(notebook.refused, ["p.ndjson:1: too long"]);
}

#[test]
fn a_collection_is_its_resources_and_a_transaction_stays_whole() {
    let entry = |resource_type: &str, id: &str| {
        format!("{{\"resource\":{}}}", line(resource_type, id).trim_end())
    };
    let bundle = |kind: &str, entries: &[String]| {
        format!(
            "{{\"resourceType\":\"Bundle\",\"type\":\"{kind}\",\"entry\":[{}]}}",
            entries.join(",")
        )
    };
    let collection = bundle(
        "collection",
        &[entry("Condition", "1"), entry("Patient", "2")],
    );
    let person = bundle("transaction", &[entry("Patient", "3")]);
    let hospital = bundle("transaction", &[entry("Location", "4")]);
    let folder = folder(&[
        ("a.json", collection.as_bytes()),
        ("b.json", person.as_bytes()),
        ("c.json", hospital.as_bytes()),
    ]);
    // The hospital's bundle brings no Patient, so it comes before everyone who may refer to it.
    assert_eq!(
        import(&folder).written,
        ["a bundle", "Patient/2", "Condition/1", "a bundle"]
    );
}

#[test]
fn an_import_goes_on_where_it_stopped_and_repeats_nothing_it_noted() {
    let patients: String = (0..900).map(|n| line("Patient", &n.to_string())).collect();
    let folder = folder(&[
        ("a.ndjson", patients.as_bytes()),
        ("b.ndjson", line("Goal", "last").as_bytes()),
    ]);
    let plan = plan(&folder);
    assert_eq!(plan.total(), 901);

    let mut first = Notebook {
        stop_after: Some(400),
        ..Notebook::default()
    };
    let stopped = carry_out(&plan, Mark::default(), &mut first).unwrap_err();
    assert_eq!(stopped.to_string(), "the disk is full");

    let mut second = Notebook::default();
    carry_out(&plan, first.came, &mut second).unwrap();
    let all = [first.written, second.written].concat();
    assert_eq!(all.len(), 901);
    assert_eq!(all.last().unwrap(), "Goal/last");
}

#[test]
fn a_file_of_another_kind_is_passed_over_in_a_folder_and_refused_by_name() {
    let folder = folder(&[
        ("README.md", b"about"),
        ("p.ndjson", line("Patient", "1").as_bytes()),
    ]);
    assert_eq!(import(&folder).written, ["Patient/1"]);

    let named = find(&[folder.path().join("README.md")]);
    assert!(matches!(named, Err(FilesError::UnknownKind { .. })));
    let absent = find(&[PathBuf::from("/nowhere/at/all")]);
    assert!(matches!(absent, Err(FilesError::Unreadable { .. })));
}

#[test]
fn a_damaged_archive_ends_the_import_with_its_name() {
    let folder = folder(&[("p.ndjson.xz", b"not xz at all")]);
    let refused = Plan::of(find(&[folder.path().to_owned()]).unwrap()).unwrap_err();
    assert!(
        refused.to_string().contains("p.ndjson.xz cannot be read"),
        "{refused}"
    );
}

#[test]
fn the_sample_of_synthetic_patients_is_read_whole() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/fhir/synthea-10");
    if !sample.is_dir() {
        eprintln!("skipped: {} is not there", sample.display());
        return;
    }
    let plan = Plan::of(find(&[sample]).unwrap()).unwrap();
    assert_eq!(plan.total(), 7160);
}
