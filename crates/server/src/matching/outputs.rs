//! Writing what came of it. A file is written beside its name and moved there when it is whole, so
//! that a run that is stopped leaves what an earlier one wrote.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use linkage::Mode;

use super::job::{Matched, Threshold};
use super::table::Reject;

/// Writes a whole file or nothing.
///
/// # Errors
/// If it cannot be written; what stood there before is then still there.
pub fn whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside: PathBuf = path.with_file_name(name);
    let written = (|| {
        let mut file = BufWriter::new(File::create(&beside)?);
        write(&mut file)?;
        file.into_inner()
            .map_err(io::IntoInnerError::into_error)?
            .sync_all()?;
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// `id_l,id_r,weight,probability,grade`, heaviest first.
///
/// # Errors
/// If it cannot be written.
pub fn pairs(matched: &Matched, told: Threshold, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(["id_l", "id_r", "weight", "probability", "grade"])?;
    for pair in matched.told(told) {
        rows.write_record([
            matched.ready.id(pair.left),
            matched.ready.id(pair.right),
            &format!("{:.3}", pair.weight),
            &format!("{:.6}", pair.probability),
            pair.grade.as_str(),
        ])?;
    }
    rows.flush()
}

/// `id,cluster` for every row, clusters numbered in the order of their first rows; where two files
/// were linked, a third column has the number of the file.
///
/// # Errors
/// If it cannot be written.
pub fn clusters(matched: &Matched, out: &mut dyn Write) -> io::Result<()> {
    let linked = matched.mode == Mode::Link;
    let mut rows = csv::Writer::from_writer(out);
    let header = ["id", "cluster", "file"];
    rows.write_record(header.iter().take(if linked { 3 } else { 2 }))?;
    let mut numbers = vec![0u32; matched.outcome.clusters.len()];
    let mut last = 0;
    for (record, cluster) in (0u32..).zip(&matched.outcome.clusters) {
        let Some(number) = numbers.get_mut(*cluster as usize) else {
            continue;
        };
        if *number == 0 {
            last += 1;
            *number = last;
        }
        let (file, _) = matched.ready.place(record);
        let fields = [
            matched.ready.id(record).to_owned(),
            number.to_string(),
            (file + 1).to_string(),
        ];
        rows.write_record(fields.iter().take(if linked { 3 } else { 2 }))?;
    }
    rows.flush()
}

/// One JSON object a line for each row that was not taken.
///
/// # Errors
/// If it cannot be written.
pub fn rejects<'a>(
    rejects: impl Iterator<Item = &'a Reject>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for reject in rejects {
        serde_json::to_writer(&mut *out, reject)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_in_its_middle_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pairs.csv");
        whole(&path, |out| out.write_all(b"first")).unwrap();
        let failed = whole(&path, |out| {
            out.write_all(b"half of the sec")?;
            Err(io::Error::other("the disk is full"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
