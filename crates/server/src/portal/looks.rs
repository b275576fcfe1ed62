//! One look at a record: pages that a worker opens of one person in one go are one operation, so
//! that the person reads one line of it and not one for each click.

use axum::http::HeaderMap;
use axum::response::Response;
use domain::{Purpose, Timestamp};
use serde::{Deserialize, Serialize};
use sharing::Asking;

use super::session::{cookie, seal, unseal, with_cookie};
use crate::app::App;

const LOOK: &str = "candour_look";
/// How long one goes on.
const LASTS_SECONDS: i64 = 30 * 60;

/// A look that goes on: who looks at whom for what, and as which operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Look {
    person: String,
    worker: String,
    purpose: Purpose,
    operation: [u8; 16],
    until: Timestamp,
}

/// The operation of this worker's look at this person, while it goes on.
#[must_use]
pub fn going_on(app: &App, headers: &HeaderMap, asking: &Asking, person: &str) -> Option<[u8; 16]> {
    let look: Look = cookie(headers, LOOK).and_then(|text| unseal(app, LOOK, &text))?;
    let same =
        look.person == person && look.worker == worker(asking) && look.purpose == asking.purpose;
    (same && app.cx.now() < look.until).then_some(look.operation)
}

/// Lets a look go on.
#[must_use]
pub fn go_on(
    app: &App,
    response: Response,
    asking: &Asking,
    person: &str,
    operation: [u8; 16],
) -> Response {
    let look = Look {
        person: person.to_owned(),
        worker: worker(asking),
        purpose: asking.purpose,
        operation,
        until: app.cx.now().plus_seconds(LASTS_SECONDS),
    };
    match seal(app, LOOK, &look) {
        Some(sealed) => with_cookie(app, response, LOOK, &sealed, LASTS_SECONDS),
        None => response,
    }
}

/// Ends whatever look goes on at this browser.
#[must_use]
pub fn forget(app: &App, response: Response) -> Response {
    with_cookie(app, response, LOOK, "", 0)
}

fn worker(asking: &Asking) -> String {
    asking
        .caller
        .worker()
        .map(ToString::to_string)
        .unwrap_or_default()
}
