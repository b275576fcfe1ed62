//! The `candour` program as its operators run it: commands that end, and a demo that runs on.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use domain::time::draw;
use server::chance::SystemChance;

/// Carries out one command to its end.
pub fn candour<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Output {
    command(arguments).output().unwrap()
}

/// One command, ready to be started.
pub fn command<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_candour"));
    command.args(arguments).env_clear();
    command
}

/// What a command said on standard output.
pub fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

/// What a command said on standard error.
pub fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// The code with which a command ended by itself.
pub fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

/// A path as a command line takes it.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("the test's paths are ordinary")
}

/// A bearer token of one of the town's people, as `candour token` prints it.
pub fn token(data: &Path, name: &str, purpose: &str) -> String {
    let output = candour([
        "token",
        "--data",
        text(data),
        "--as",
        name,
        "--purpose",
        purpose,
    ]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    out(&output).trim_end().to_owned()
}

/// A demo that runs in a folder, killed at the latest when it is dropped.
pub struct Demo {
    process: Child,
    pub url: String,
}

impl Demo {
    /// Starts it, and waits until it says where it listens.
    pub fn start(data: &Path) -> Self {
        let mut process = command(["demo", "--listen", "127.0.0.1:0", "--data", text(data)])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines
            .find_map(|line| Some(line.ok()?.trim().strip_prefix("Pages")?.trim().to_owned()))
            .expect("it says where its pages are");
        let url = url.trim_end_matches('/').to_owned();
        Self { process, url }
    }

    /// SIGKILL: it has no chance to do anything more.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// SIGTERM, as a service manager sends it; the exit code.
    pub fn terminate(mut self) -> Option<i32> {
        let id = self.process.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        self.process.wait().unwrap().code()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A client, as many connections as it is asked for.
pub fn client() -> reqwest::Client {
    // Another test of this process may have installed it already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    reqwest::Client::new()
}

/// A moment between these milliseconds, drawn anew each time.
pub fn random_moment(from: u64, until: u64) -> Duration {
    let drawn = u64::from_be_bytes(draw(&SystemChance));
    Duration::from_millis(from + drawn % (until - from))
}
