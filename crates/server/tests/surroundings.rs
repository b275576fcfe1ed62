//! What surrounds every request: limits, headers, time, and an answer whatever happens.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::routing::{get, post};
use http::{Request, Response, StatusCode, header};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use server::chance::SeededChance;
use server::config::{Limits, Tls};
use server::http::listener::Listener;
use server::http::{Surroundings, surround};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tower::ServiceExt;

fn limits() -> Limits {
    Limits {
        body_bytes: 1000,
        headers_within: Duration::from_millis(300),
        answer_within: Duration::from_secs(5),
        stop_within: Duration::from_secs(5),
        ..Limits::default()
    }
}

fn exchange(https: bool) -> Router {
    let router = Router::new()
        .route(
            "/fhir/{type}",
            post(async |body: Bytes| body.len().to_string()),
        )
        .route(
            "/fhir/slow",
            get(async || tokio::time::sleep(Duration::from_secs(60)).await),
        )
        .route("/fhir/fault", get(fault))
        .route(
            "/page",
            get(async || ([(header::CACHE_CONTROL, "max-age=60")], "a page")),
        )
        .route(
            "/pause",
            get(async || {
                tokio::time::sleep(Duration::from_millis(400)).await;
                "done"
            }),
        )
        .route("/long", get(async || "a".repeat(50_000)))
        .route("/panic", get(fault));
    let surroundings = Surroundings {
        limits: limits(),
        chance: Arc::new(SeededChance::new(1)),
        https,
    };
    surround(router, surroundings)
}

async fn fault() -> &'static str {
    panic!("Netta Dunsmore's record could not be read")
}

async fn ask(request: Request<Body>) -> Response<Body> {
    exchange(false).oneshot(request).await.unwrap()
}

async fn get_page(path: &str) -> Response<Body> {
    ask(Request::get(path).body(Body::empty()).unwrap()).await
}

async fn text(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), 100_000).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_handler_that_panics_answers_500_and_quotes_nothing() {
    let response = get_page("/fhir/fault").await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        response.headers()[header::CONTENT_TYPE],
        "application/fhir+json; charset=utf-8"
    );
    let body = text(response).await;
    assert!(body.contains("something failed on our side; nothing was released"));
    assert!(!body.contains("Netta"));
    assert_eq!(
        text(get_page("/panic").await).await,
        "something failed on our side; nothing was released\n"
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_takes_too_long_is_503() {
    let response = get_page("/fhir/slow").await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(text(response).await.contains("this took too long"));
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_whether_or_not_its_length_is_declared() {
    let at_the_limit = Request::post("/fhir/Patient").body(Body::from(vec![b' '; 1000]));
    assert_eq!(text(ask(at_the_limit.unwrap()).await).await, "1000");

    let declared = Request::post("/fhir/Patient")
        .header(header::CONTENT_LENGTH, 1001)
        .body(Body::from(vec![b' '; 1001]));
    let response = ask(declared.unwrap()).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    insta::assert_snapshot!(text(response).await, @r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"too-long","details":{"text":"the body is longer than the 1000 bytes that this exchange accepts"}}]}"#);

    let undeclared = Request::post("/fhir/Patient").body(Body::from(vec![b' '; 1001]));
    let response = ask(undeclared.unwrap()).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn every_answer_forbids_caching_framing_and_sniffing_unless_its_handler_chose() {
    let response = get_page("/nowhere").await;
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(response.headers()[header::X_FRAME_OPTIONS], "DENY");
    assert_eq!(
        response.headers()[header::X_CONTENT_TYPE_OPTIONS],
        "nosniff"
    );
    assert!(
        !response
            .headers()
            .contains_key(header::STRICT_TRANSPORT_SECURITY)
    );
    assert_eq!(response.headers()["x-request-id"].len(), 16);

    let page = get_page("/page").await;
    assert_eq!(page.headers()[header::CACHE_CONTROL], "max-age=60");

    let request = Request::get("/page").body(Body::empty()).unwrap();
    let secure = exchange(true).oneshot(request).await.unwrap();
    assert!(
        secure
            .headers()
            .contains_key(header::STRICT_TRANSPORT_SECURITY)
    );
}

#[tokio::test]
async fn a_long_answer_is_packed_for_a_client_that_takes_it_packed() {
    let ask_for = |encoding: &str| {
        let request = Request::get("/long").header(header::ACCEPT_ENCODING, encoding);
        ask(request.body(Body::empty()).unwrap())
    };
    let packed = ask_for("gzip").await;
    assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
    let bytes = to_bytes(packed.into_body(), 100_000).await.unwrap();
    assert!(bytes.len() < 1000, "{}", bytes.len());

    let plain = ask_for("identity").await;
    assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
    assert_eq!(text(plain).await.len(), 50_000);
}

/// A server on a free port; dropping or using the sender stops it.
async fn running(
    tls: Option<Tls>,
) -> (
    std::net::SocketAddr,
    oneshot::Sender<()>,
    tokio::task::JoinHandle<()>,
) {
    let here = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = Listener::open(here, tls.as_ref(), &limits()).await.unwrap();
    let address = listener.address().unwrap();
    let (stop, stopped) = oneshot::channel();
    let served = tokio::spawn(listener.serve(exchange(tls.is_some()), async {
        let _ = stopped.await;
    }));
    (address, stop, served)
}

async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_client_that_says_nothing_is_hung_up_on() {
    let (address, _stop, _) = running(None).await;
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut nothing = Vec::new();
    let hung_up = tokio::time::timeout(Duration::from_secs(5), silent.read_to_end(&mut nothing));
    assert!(hung_up.await.is_ok(), "it is still connected");
}

#[tokio::test]
async fn a_long_body_is_read_on_so_that_its_sender_sees_the_answer() {
    let (address, _stop, _) = running(None).await;
    let request = format!(
        "POST /fhir/Patient HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: 8000000\r\n\r\n{}",
        "x".repeat(8_000_000)
    );
    let stream = TcpStream::connect(address).await.unwrap();
    let answer = talk(stream, &request).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_stop_lets_the_answer_under_way_finish() {
    let (address, stop, served) = running(None).await;
    let stream = TcpStream::connect(address).await.unwrap();
    let asked = tokio::spawn(talk(stream, "GET /pause HTTP/1.1\r\nhost: h\r\n\r\n"));
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.send(()).unwrap();
    let answer = asked.await.unwrap();
    assert!(answer.ends_with("done"), "{answer}");
    served.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn https_is_spoken_with_the_configured_certificate() {
    // Another test of this process may have installed it already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let (address, _stop, _) = running(Some(certificate())).await;
    let mut roots = rustls::RootCertStore::empty();
    let own = CertificateDer::from_pem_file(certificate().certificate).unwrap();
    roots.add(own).unwrap();
    let config = rustls::ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let tcp = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = connector.connect(name, tcp).await.unwrap();
    let answer = talk(
        stream,
        "GET /page HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("strict-transport-security"), "{answer}");
}

#[tokio::test]
async fn a_certificate_that_cannot_be_read_is_named() {
    let tls = Tls {
        certificate: PathBuf::from("/nowhere/chain.pem"),
        ..certificate()
    };
    let here = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let refused = Listener::open(here, Some(&tls), &limits())
        .await
        .err()
        .unwrap();
    assert!(
        refused
            .to_string()
            .starts_with("/nowhere/chain.pem cannot be used")
    );
}

/// A certificate for `localhost` that is worth nothing outside this test.
fn certificate() -> Tls {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls");
    Tls {
        certificate: folder.join("certificate.pem"),
        key: folder.join("key.pem"),
    }
}
