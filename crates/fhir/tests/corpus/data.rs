//! Public FHIR data that stands beside the repository; where it is absent, tests say so.

use std::path::{Path, PathBuf};
use std::process::Command;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/fhir");

/// A file by name.
pub type File = (String, Vec<u8>);

/// HL7's official R4 examples, in order of name; `None` where they are not at hand.
pub fn official_examples() -> Option<Vec<File>> {
    let archive = available("r4-examples.tar.xz")?;
    let folder = unpacked_into();
    let status = Command::new("tar")
        .arg("-xJf")
        .arg(&archive)
        .arg("-C")
        .arg(&folder)
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "tar and xz unpack {}",
        archive.display()
    );
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder.join("r4-examples")).unwrap() {
        let path = entry.unwrap().path();
        files.push((name(&path), std::fs::read(&path).unwrap()));
    }
    std::fs::remove_dir_all(&folder).unwrap();
    files.sort();
    Some(files)
}

/// Synthea's resources, one a line, named `file:line`; `None` where they are not at hand.
pub fn synthea() -> Option<Vec<File>> {
    let folder = available("synthea-10")?;
    let mut resources = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let output = Command::new("xz")
            .arg("-dc")
            .arg(&path)
            .output()
            .expect("xz unpacks");
        let lines = output
            .stdout
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty());
        let named = lines
            .enumerate()
            .map(|(at, line)| (format!("{}:{}", name(&path), at + 1), line.to_vec()));
        resources.extend(named);
    }
    resources.sort();
    Some(resources)
}

fn available(file: &str) -> Option<PathBuf> {
    let path = Path::new(DATA).join(file);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "CI needs shared/data/fhir/{file} beside the repository"
    );
    println!("SKIPPED: shared/data/fhir/{file} is not beside the repository");
    None
}

fn unpacked_into() -> PathBuf {
    let unique = format!(
        "candour-fhir-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    );
    let folder = std::env::temp_dir().join(unique);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
