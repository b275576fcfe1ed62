//! What the program says about itself: lines on standard error and figures at `/metrics`.
//!
//! Neither ever holds a name, an identifier, a search term, a token, a body or a URL with an id in
//! it: who was told what belongs in the ledger (`docs/operating/logging.md` has the list).

use std::panic::PanicHookInfo;
use std::sync::OnceLock;
use std::time::Duration;

use http::{HeaderValue, Method, StatusCode};
use metrics::{counter, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing::level_filters::LevelFilter;
use tracing::{debug, error, warn};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{LogFormat, Telemetry};

/// Upper bounds in seconds: from a cached read to the time limit.
const BUCKETS: [f64; 12] = [
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0,
];

/// Our own crates, whose lines follow the configured level; libraries only warn.
const OURS: [&str; 4] = ["server", "candour", "sharing", "store"];

/// Starts writing lines; once in the life of a process.
pub fn start(telemetry: Telemetry, colour: bool) {
    let filter = OURS.iter().fold(
        Targets::new().with_default(telemetry.level.min(LevelFilter::WARN)),
        |filter, name| filter.with_target(*name, telemetry.level),
    );
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(colour);
    let lines = match telemetry.format {
        LogFormat::Text => lines.with_target(false).boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    // A second start, as in tests that run several servers, keeps the first one's lines.
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .try_init();
    std::panic::set_hook(Box::new(log_panic));
}

/// Says where, never with what: a panic's message may quote what was being handled.
fn log_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    error!(
        place,
        "a panic: this is a fault in the program, please report it"
    );
}

/// The figures of this process.
#[derive(Clone)]
pub struct Figures(PrometheusHandle);

impl Figures {
    /// Starts counting, or joins in if counting has begun.
    #[must_use]
    pub fn start() -> Self {
        static FIGURES: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = FIGURES.get_or_init(|| {
            let recorder = PrometheusBuilder::new()
                .set_buckets(&BUCKETS)
                .expect("there is at least one bucket")
                .build_recorder();
            let handle = recorder.handle();
            // Fails only if someone else installed a recorder: then ours prints nothing.
            let _ = metrics::set_global_recorder(recorder);
            handle
        });
        Self(handle.clone())
    }

    /// All figures in Prometheus' text format.
    #[must_use]
    pub fn print(&self) -> String {
        self.0.render()
    }

    /// Folds recent measurements into the histograms; to be called every few seconds.
    pub fn tidy(&self) {
        self.0.run_upkeep();
    }
}

/// A request and how it was answered, in words that name nobody.
pub struct Answered<'a> {
    /// The HTTP method.
    pub method: &'a Method,
    /// The route's pattern such as `/fhir/{type}/{id}`, never the path itself.
    pub route: &'a str,
    /// The status.
    pub status: StatusCode,
    /// How long it took.
    pub took: Duration,
    /// The request's id.
    pub id: &'a HeaderValue,
}

/// Counts and logs an answer.
pub fn answered(answer: &Answered<'_>) {
    let method = known_method(answer.method);
    let status = class(answer.status);
    let route = answer.route.to_owned();
    counter!("candour_http_requests_total", "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    histogram!("candour_http_request_seconds", "route" => route).record(answer.took);
    let id = answer.id.to_str().unwrap_or_default();
    let (route, took) = (answer.route, answer.took.as_micros());
    let status = answer.status.as_u16();
    if answer.status.is_server_error() {
        warn!(
            id,
            method, route, status, took, "not answered as it should be"
        );
    } else {
        debug!(id, method, route, status, took, "answered");
    }
}

/// A client may invent methods; the label must stay within a known set.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
