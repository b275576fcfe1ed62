//! One folder, one process: a second one is told so, and a killed one leaves no lock behind.

use std::fs;

use crate::program::{Demo, candour, code, err, out, text, token};
use crate::town::settled;

#[tokio::test]
async fn a_second_process_on_the_same_folder_is_told_so() {
    let folder = settled().await.copy();
    let data = text(folder.path());
    let mut first = Demo::start(folder.path());

    let rejects = folder.path().join("rejects.ndjson");
    let files = folder.path().join("files");
    fs::create_dir(&files).unwrap();
    fs::write(
        files.join("a.ndjson"),
        r#"{"resourceType":"Location","id":"a"}"#,
    )
    .unwrap();
    let import = [
        "import",
        text(&files),
        "--data",
        data,
        "--as",
        "hospital",
        "--rejects",
        text(&rejects),
    ];
    for second in [
        &["demo", "--listen", "127.0.0.1:0", "--data", data][..],
        &import[..],
    ] {
        let output = candour(second.iter().copied());
        assert_eq!(code(&output), 4, "{second:?}: {}", err(&output));
        assert_eq!(out(&output), "", "{second:?}");
        let told = err(&output);
        let expected = format!(
            "candour: another candour process has the folder {data} open: stop that one, or choose another folder"
        );
        assert!(told.lines().any(|line| line == expected), "{told}");
    }

    let doctor = candour(["doctor", "--data", data]);
    assert_eq!(code(&doctor), 0, "{}", err(&doctor));
    assert!(
        out(&doctor).contains("ok     store     in use by another process; ask its /readyz"),
        "{}",
        out(&doctor)
    );
    // A token does not need the store.
    assert_eq!(
        token(folder.path(), "imran-yousaf", "TREAT")
            .split('.')
            .count(),
        3
    );

    first.kill();
    let import = candour(import);
    assert_eq!(code(&import), 0, "{}", err(&import));
    let doctor = candour(["doctor", "--data", data, "--thorough"]);
    assert_eq!(code(&doctor), 0, "{}{}", out(&doctor), err(&doctor));
    assert!(
        out(&doctor).lines().all(|line| line.starts_with("ok ")),
        "{}",
        out(&doctor)
    );
    assert!(
        out(&doctor).contains("all hold together"),
        "{}",
        out(&doctor)
    );
}
