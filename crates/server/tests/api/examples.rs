//! HL7's own examples of R4: what of them is accepted, and why what is not is not.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

use fhir::types::{self, Kind};
use serde_json::{Value, json};
use xz2::read::XzDecoder;

use crate::actor::Actor;
use crate::answer::Answer;
use crate::hall::Hall;

/// One example as HL7 publishes it.
struct Example {
    /// The name of its file.
    file: String,
    resource_type: String,
    /// Its id; one example has none.
    id: Option<String>,
    bytes: Vec<u8>,
}

impl Example {
    fn new(file: String, bytes: Vec<u8>) -> Self {
        let json: Value = serde_json::from_slice(&bytes).expect("an example is JSON");
        let resource_type = json["resourceType"].as_str().expect("a type");
        Self {
            file,
            resource_type: resource_type.to_owned(),
            id: json["id"].as_str().map(str::to_owned),
            bytes,
        }
    }

    fn is_nobodys(&self) -> bool {
        let facts = types::of(&self.resource_type).expect("a type of R4");
        matches!(facts.kind, Kind::Definition | Kind::Directory)
    }

    /// Where it goes: under its own id, if it has one.
    fn address(&self) -> String {
        let resource_type = &self.resource_type;
        self.id.as_ref().map_or_else(
            || resource_type.clone(),
            |id| format!("{resource_type}/{id}"),
        )
    }
}

/// The examples from the archive beside the project, by file; `None` if it is not there.
fn examples() -> Option<Vec<Example>> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let archive = project.join("../../../shared/data/fhir/r4-examples.tar.xz");
    let packed = std::fs::read(archive).ok()?;
    let mut bytes = Vec::new();
    let mut decoder = XzDecoder::new(packed.as_slice());
    decoder.read_to_end(&mut bytes).expect("a whole archive");
    let mut examples = unpacked(&bytes);
    examples.sort_by(|one, other| one.file.cmp(&other.file));
    Some(examples)
}

/// The regular files of a tar archive: 512-byte headers, contents padded to as much.
fn unpacked(mut archive: &[u8]) -> Vec<Example> {
    const BLOCK: usize = 512;
    let text = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.trim_end_matches(['\0', ' ']).to_owned()
    };
    let mut files = Vec::new();
    while let Some((header, rest)) = archive.split_at_checked(BLOCK) {
        let size = usize::from_str_radix(&text(&header[124..136]), 8).unwrap_or(0);
        if matches!(header[156], b'0' | 0) && size > 0 {
            let path = text(&header[..100]);
            let name = path.rsplit('/').next().unwrap_or_default();
            files.push(Example::new(name.to_owned(), rest[..size].to_vec()));
        }
        let next = rest.get(size.next_multiple_of(BLOCK)..);
        archive = next.unwrap_or_default();
    }
    files
}

/// Sends what is left, again and again, until nothing more is accepted: one example may be about
/// somebody through another. Gives what was refused in the end, each with its reason.
async fn sent<'e>(actor: &Actor<'_>, examples: &'e [Example]) -> Vec<(&'e Example, String)> {
    let mut left: Vec<&Example> = examples.iter().collect();
    // Whoever and whatever others point at comes first.
    left.sort_by_key(|one| (!one.is_nobodys(), one.resource_type != "Patient"));
    loop {
        let mut refused = Vec::new();
        for example in &left {
            let (address, body) = (example.address(), example.bytes.clone());
            let answer = match example.id {
                Some(_) => actor.puts_at(&address, body).await,
                None => actor.posts(&address, body).await,
            };
            if !matches!(answer.status, 200 | 201) {
                refused.push((*example, reason(&answer)));
            }
        }
        if refused.len() == left.len() {
            refused.sort_by(|(one, _), (other, _)| one.file.cmp(&other.file));
            return refused;
        }
        left = refused.into_iter().map(|(example, _)| example).collect();
    }
}

fn reason(answer: &Answer) -> String {
    let (_, words) = answer.issues().remove(0);
    let place = answer.json()["issue"][0]["expression"][0].clone();
    let place = place.as_str().unwrap_or("-");
    format!("{} {place}: {words}", answer.status)
}

/// Patients whom examples are about and who are not among the examples.
fn missing_patients(examples: &[Example]) -> BTreeSet<String> {
    let there: BTreeSet<String> = examples.iter().map(Example::address).collect();
    let mut missing = BTreeSet::new();
    for example in examples {
        let text = String::from_utf8_lossy(&example.bytes);
        let references = text.split("\"Patient/").skip(1);
        let ids = references.filter_map(|rest| rest.split(['"', '/', '#', '?']).next());
        let unknown = ids.filter(|id| !there.contains(&format!("Patient/{id}")));
        missing.extend(
            unknown
                .filter(|id| fhir::document::is_id(id))
                .map(str::to_owned),
        );
    }
    missing
}

#[tokio::test]
async fn the_official_examples_are_accepted_but_for_those_listed() {
    let Some(examples) = examples() else {
        println!("SKIPPED: official R4 examples: r4-examples.tar.xz is not beside the project");
        return;
    };
    assert_eq!(examples.len(), 848);
    let hall = Hall::open().await;
    let hospital = hall.hospital();
    for id in missing_patients(&examples) {
        let name = json!([{"text": "Supplied for the examples"}]);
        let supplied = json!({"resourceType": "Patient", "id": id, "name": name});
        hospital.puts(&supplied).await.is(201);
    }
    let refused = sent(&hospital, &examples).await;
    for (example, why) in &refused {
        let file = &example.file;
        assert!(!example.is_nobodys(), "{file} is nobody's record: {why}");
    }
    let lines = refused
        .iter()
        .map(|(example, why)| format!("{}: {why}", example.file));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));

    // What is nobody's can be asked back by whoever sent it, to the byte. Some examples share one
    // id: the last is the current one.
    let last: BTreeMap<String, &Example> =
        examples.iter().map(|one| (one.address(), one)).collect();
    for (address, example) in last.iter().filter(|(_, example)| example.is_nobodys()) {
        let original = hospital.gets(&format!("{address}/$original")).await.is(200);
        assert_eq!(original.body, example.bytes, "{}", example.file);
    }
}
