//! How often agencies were asked for information, and what they answered: for anybody what is
//! published, for a privacy officer the numbers of their own agency.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::quarter::Quarter;
use sharing::Error;
use sharing::messages::counts::{self, OfAgency};

use super::front::{any_page, failed, nowhere};
use super::render::html;
use super::session::{SignedIn, Visit};
use super::views::{AgencyCounts, CountRow, CountsPage, Page};
use crate::app::App;

/// `GET /counts`: of the last quarter that is over, or of `quarter`.
pub async fn published(
    State(app): State<App>,
    who: Result<SignedIn, Response>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    uri: axum::http::Uri,
) -> Response {
    let last = Quarter::of(app.cx.now()).before();
    let shown = match named(query.as_deref(), last) {
        Some(quarter) => counts::published(&app.cx, quarter)
            .await
            .map(|all| (quarter, all)),
        None => Err(Error::NotFound),
    };
    match shown {
        Ok((quarter, all)) => {
            let page = any_page(&app, who, &headers);
            html(StatusCode::OK, &view(page, "/counts", quarter, all))
        }
        Err(Error::NotFound) => nowhere(State(app), headers, uri).await,
        Err(error) => failed(&app, &Visit::of(&app, &headers), error),
    }
}

/// `GET /care/counts`: the numbers of the caller's agency, of this quarter or of `quarter`, for its
/// privacy officer; everybody else is led to what is published.
pub async fn own(
    State(app): State<App>,
    who: SignedIn,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    uri: axum::http::Uri,
) -> Response {
    let now = Quarter::of(app.cx.now());
    let Some(quarter) = named(query.as_deref(), now) else {
        return nowhere(State(app), headers, uri).await;
    };
    match counts::own(&app.cx, &who.asking, quarter).await {
        Ok(own) => {
            let mut view = view(who.page(&app), "/care/counts", quarter, vec![own]);
            view.is_own = true;
            html(StatusCode::OK, &view)
        }
        Err(Error::Invalid(_)) => Redirect::to("/counts").into_response(),
        Err(error) => failed(&app, &who.visit, error),
    }
}

/// The quarter that an address names; `None` if it names something else.
fn named(query: Option<&str>, usual: Quarter) -> Option<Quarter> {
    let pairs = fhir::search::pairs(query.unwrap_or_default());
    let named = pairs.into_iter().find(|(name, _)| name == "quarter");
    named.map_or(Some(usual), |(_, text)| text.parse().ok())
}

fn view(page: Page, address: &str, quarter: Quarter, all: Vec<OfAgency>) -> CountsPage {
    let agencies = all.into_iter().map(|one| {
        let rows = one.figures.into_iter();
        AgencyCounts {
            name: one.name,
            rows: rows
                .map(|(counted, figure)| CountRow {
                    what: counted.words(),
                    number: figure.words(),
                })
                .collect(),
        }
    });
    CountsPage {
        page,
        quarter: quarter.words(),
        agencies: agencies.collect(),
        is_own: false,
        before: format!("{address}?quarter={}", quarter.before()),
    }
}
