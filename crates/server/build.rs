//! Refuses to build without the style sheet and scripts that the pages need.

use std::path::Path;
use std::process::exit;

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    println!("cargo:rerun-if-changed={}", dist.display());
    println!("cargo:rerun-if-changed=templates");
    if !dist.join("app.css").is_file() {
        eprintln!(
            "web/dist is missing: run `make assets` to build the pages' style sheet and scripts"
        );
        exit(1);
    }
}
