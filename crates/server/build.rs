//! Refuses to build without the style sheet and scripts that the pages need.

use std::path::PathBuf;
use std::process::exit;

fn main() {
    // Asked when it runs: the directory that it was compiled in may be another checkout's.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let dist = PathBuf::from(here).join("../../web/dist");
    println!("cargo:rerun-if-changed={}", dist.display());
    println!("cargo:rerun-if-changed=templates");
    if !dist.join("app.css").is_file() {
        eprintln!(
            "web/dist is missing: run `make assets` to build the pages' style sheet and scripts"
        );
        exit(1);
    }
}
