//! The running program, from outside: what bad requests get, what a token lets one do, how it
//! stops and starts again.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;

/// A demo, or an exchange; it is killed when dropped.
struct Running {
    process: Child,
    url: String,
    client: Client,
}

impl Running {
    fn start(data: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_candour"))
            .args(["demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines
            .map_while(Result::ok)
            .find_map(|line| {
                Some(
                    line.trim()
                        .strip_prefix("Pages")?
                        .trim()
                        .trim_end_matches('/')
                        .to_owned(),
                )
            })
            .expect("the demo prints where its pages are");
        Self::at(process, url)
    }

    fn at(process: Child, url: String) -> Self {
        // Another test of this process may have installed it already.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        Self {
            process,
            url,
            client: Client::new(),
        }
    }

    fn asks(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    async fn get(&self, token: &str, path: &str) -> Response {
        let request = self.asks(Method::GET, path).bearer_auth(token);
        request.send().await.unwrap()
    }

    async fn put(&self, token: &str, body: impl Into<reqwest::Body>) -> Response {
        let request = self
            .asks(Method::PUT, "/fhir/Condition/c-1")
            .bearer_auth(token);
        request.body(body).send().await.unwrap()
    }

    fn terminate(mut self) -> Option<i32> {
        let id = self.process.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        self.process.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn candour(arguments: &[&str], data: &Path) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(arguments)
        .arg("--data")
        .arg(data)
        .env_clear()
        .output()
        .unwrap()
}

fn token(data: &Path, name: &str, purposes: &[&str]) -> String {
    let mut arguments = vec!["token", "--as", name];
    for purpose in purposes {
        arguments.extend(["--purpose", purpose]);
    }
    let output = candour(&arguments, data);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The status, the first issue's code and its words; the answer must be an OperationOutcome.
async fn issue(response: Response) -> (StatusCode, String, String) {
    let status = response.status();
    let outcome: Value = response.json().await.expect("the answer is JSON");
    assert_eq!(outcome["resourceType"], "OperationOutcome");
    let issue = &outcome["issue"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (
        status,
        text(&issue["code"]),
        text(&issue["details"]["text"]),
    )
}

#[tokio::test]
async fn bad_requests_are_told_what_is_wrong_and_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let demo = Running::start(data);
    let checkpoint = async || {
        let answer = demo
            .asks(Method::GET, "/log/checkpoint")
            .send()
            .await
            .unwrap();
        answer
            .text()
            .await
            .unwrap()
            .lines()
            .nth(1)
            .map(str::to_owned)
    };
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let before = checkpoint().await;

    let hospital = token(data, "hospital", &["TREAT"]);
    let two = token(data, "fraser-abercrombie", &["SC-ASSESS", "ASP-INQUIRY"]);

    let no_token = demo
        .asks(Method::GET, "/fhir/Patient/x")
        .send()
        .await
        .unwrap();
    assert_eq!(
        no_token.headers()["www-authenticate"],
        "Bearer realm=\"candour\""
    );
    let told = issue(no_token).await;
    assert_eq!(
        (told.0, told.1.as_str()),
        (StatusCode::UNAUTHORIZED, "login")
    );

    let no_purpose = issue(demo.get(&two, "/fhir/Patient/x").await).await;
    assert_eq!(no_purpose.0, StatusCode::BAD_REQUEST);
    insta::assert_snapshot!(no_purpose.2, @"the token grants several purposes: choose one with the header `Purpose-Of-Use`");

    let unknown = demo
        .asks(Method::GET, "/fhir/Patient/x")
        .bearer_auth(&two)
        .header("Purpose-Of-Use", "CURIOSITY");
    let unknown = issue(unknown.send().await.unwrap()).await;
    assert_eq!(
        (unknown.0, unknown.1.as_str()),
        (StatusCode::BAD_REQUEST, "value")
    );

    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for (body, what) in [
        (b"{\"resourceType\":\"Condition\",".to_vec(), "malformed"),
        (
            b"{\"resourceType\":\"Condition\",\"id\":\"\xff\xfe\"}".to_vec(),
            "not UTF-8",
        ),
        (
            b"{\"resourceType\":\"Condition\",\"id\":\"a\",\"id\":\"b\"}".to_vec(),
            "a key twice",
        ),
        (
            format!("{{\"resourceType\":\"Condition\",\"x\":{deep}}}").into_bytes(),
            "deep",
        ),
        (Vec::new(), "empty"),
    ] {
        let (status, code, words) = issue(demo.put(&hospital, body).await).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{what}: {code}: {words}");
    }

    let huge = issue(demo.put(&hospital, vec![b' '; 50_000_000]).await).await;
    assert_eq!(
        (huge.0, huge.1.as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, "too-long")
    );

    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(checkpoint().await, before, "something was logged");
}

#[tokio::test]
async fn a_token_ends_when_the_demos_clock_passes_it() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Running::start(folder.path());
    let fraser = token(folder.path(), "Fraser Abercrombie", &["SC-ASSESS"]);
    let look = "/fhir/Patient?family=Dunsmore&birthdate=1945-07-19";
    assert_eq!(demo.get(&fraser, look).await.status(), StatusCode::OK);

    let evening = demo
        .asks(Method::POST, "/demo/clock")
        .header("content-type", "application/json")
        .body(r#"{"at":"2027-01-11T19:00:00Z"}"#);
    assert_eq!(evening.send().await.unwrap().status(), StatusCode::OK);
    let (status, code, words) = issue(demo.get(&fraser, look).await).await;
    assert_eq!(
        (status, code.as_str()),
        (StatusCode::UNAUTHORIZED, "expired")
    );
    assert_eq!(words, "the token has expired");

    // Issued by the same clock, though by another process.
    let anew = token(folder.path(), "fraser-abercrombie", &["SC-ASSESS"]);
    assert_eq!(demo.get(&anew, look).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn whoever_tries_one_name_after_another_is_slowed_down() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Running::start(folder.path());
    let fraser = token(folder.path(), "fraser-abercrombie", &["SC-ASSESS"]);
    for _ in 0..200 {
        let answer = demo
            .get(
                &fraser,
                "/fhir/Patient?family=Dunsmore&birthdate=1945-07-19",
            )
            .await;
        if answer.status() == StatusCode::OK {
            continue;
        }
        let wait: u64 = answer.headers()["retry-after"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        let told = issue(answer).await;
        assert_eq!(
            (told.0, told.1.as_str()),
            (StatusCode::TOO_MANY_REQUESTS, "throttled")
        );
        return;
    }
    panic!("200 searches were answered");
}

#[tokio::test]
async fn a_served_exchange_trusts_no_demo_and_lets_nobody_choose_who_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let local = server::tokens::LocalIssuer::from_seed(&[1; 32]);
    std::fs::write(folder.path().join("jwks.json"), local.jwks()).unwrap();
    let config = folder.path().join("candour.toml");
    let text = r#"
        listen = "127.0.0.1:0"
        public_url = "https://exchange.example"
        data = "data"
        portal = {help = "Information desk", help_phone = "01632 960 000"}
        telemetry = {format = "json"}
        [[issuers]]
        name = "https://login.example"
        jwks = "jwks.json"
        organisations = ["*"]
    "#;
    std::fs::write(&config, text).unwrap();
    let mut process = Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(["serve", "--config", config.to_str().unwrap()])
        .env_clear()
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
    let address = lines
        .by_ref()
        .map_while(Result::ok)
        .filter_map(|line| serde_json::from_str::<Value>(&line).ok())
        .find_map(|line| Some(line["fields"]["address"].as_str()?.to_owned()))
        .expect("it says where it listens");
    let exchange = Running::at(process, format!("http://{address}"));

    let ready = exchange.asks(Method::GET, "/readyz").send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::OK);
    let claims = serde_json::json!({"iss": "urn:candour:local"});
    let refused = issue(exchange.get(&local.sign(&claims), "/fhir/Patient/x").await).await;
    assert_eq!(refused.0, StatusCode::UNAUTHORIZED);
    for demo_only in ["/demo/clock", "/.well-known/jwks.json"] {
        let answer = exchange.asks(Method::GET, demo_only).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{demo_only}");
    }
    let page = exchange.asks(Method::GET, "/sign-in").send().await.unwrap();
    assert_eq!(
        page.headers()["strict-transport-security"],
        "max-age=63072000; includeSubDomains"
    );
    assert!(!page.text().await.unwrap().contains("Fraser Abercrombie"));
    assert_eq!(exchange.terminate(), Some(0));
}

#[tokio::test]
async fn a_demo_stops_cleanly_and_starts_again_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Running::start(folder.path());
    let before = demo
        .asks(Method::GET, "/log/vkey")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();

    let import = candour(&["import", "tests/tls", "--as", "hospital"], folder.path());
    assert_eq!(
        import.status.code(),
        Some(3),
        "there is nothing to import there"
    );
    let file = folder.path().join("p.ndjson");
    std::fs::write(&file, "{\"resourceType\":\"Patient\",\"id\":\"p\"}\n").unwrap();
    let import = candour(
        &["import", file.to_str().unwrap(), "--as", "hospital"],
        folder.path(),
    );
    assert_eq!(import.status.code(), Some(4), "the demo has the folder");

    assert_eq!(demo.terminate(), Some(0));
    let began = Instant::now();
    let demo = Running::start(folder.path());
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "the town was settled again"
    );
    let after = demo
        .asks(Method::GET, "/log/vkey")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(before, after);
    drop(demo);

    let other = candour(
        &["demo", "--listen", "127.0.0.1:0", "--seed", "2"],
        folder.path(),
    );
    assert_eq!(other.status.code(), Some(4), "another town lives there");
}
