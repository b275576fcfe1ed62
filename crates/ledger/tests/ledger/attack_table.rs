//! The page of attacks names tests that there are.

use std::fs;
use std::path::Path;

#[test]
fn every_attack_and_every_goal_on_the_page_has_a_test() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = fs::read_to_string(crates.join("../docs/reference/attacks.md")).unwrap();
    let mut sources = String::new();
    for name in ["ledger", "sharing", "store", "server"] {
        read_all(&crates.join(name).join("tests"), &mut sources);
    }
    // A row that is followed by a rule is the head of a table.
    let lines: Vec<&str> = page.lines().collect();
    let rows = lines.windows(2).map(|pair| (pair[0], pair[1]));
    let rows = rows.filter(|(row, next)| row.starts_with("| ") && !next.starts_with("|---"));
    let mut named = 0;
    for (row, _) in rows {
        let tests = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        for test in tests.split(", ") {
            let test = test.trim_matches('`');
            assert!(
                sources.contains(&format!("fn {test}(")),
                "{row}: no test {test}"
            );
            named += 1;
        }
    }
    assert!(named > 60, "the page has {named} tests");
}

fn read_all(folder: &Path, sources: &mut String) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            read_all(&path, sources);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            sources.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}
