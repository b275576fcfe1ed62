//! Search among directory and definition resources, which are nobody's record.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sharing::disclose::{Mark, leave_asked};
use store::PageRequest;

use super::asked::Asked;
use super::page::{Resources, absolute, bundle, ignored, link};
use crate::api::Fault;
use crate::api::caller::Calling;
use crate::api::cursor::Place;
use crate::api::fault::FHIR_JSON;
use crate::app::App;

/// Places are sealed like any other: the number of a row would tell how many rows, of whomever,
/// came before it.
pub(super) async fn directory(
    app: &App,
    calling: &Calling,
    asked: &Asked,
) -> Result<Response, Fault> {
    let snapshot = app.cx.store.snapshot().await;
    let mut snapshot = snapshot.map_err(sharing::Error::from)?;
    let after = match asked.place(app, calling)? {
        None => None,
        Some(place) => place.mark.cursor(snapshot.as_mut()).await?,
    };
    let page = PageRequest {
        limit: asked.limit(),
        after,
        with_total: asked.with_total(),
    };
    let query = asked.in_our_ids(app, calling);
    let mut page = snapshot
        .directory_search(&query, &page)
        .await
        .map_err(sharing::Error::from)?;
    leave_asked(
        page.resources.iter_mut().chain(&mut page.included),
        &query.shape,
    )?;
    let next = Mark::at_end_of(&page).and_then(|mark| {
        let operation = [0; 16];
        let place = Place { operation, mark };
        link(app, calling, &asked.question, asked.address, &place)
    });
    let own = absolute(app, &asked.question);
    let notes: Vec<_> = ignored(&asked.query.unsupported).into_iter().collect();
    let found = Resources {
        matches: &page.resources,
        included: &page.included,
    };
    let body = bundle(app, &found, &own, next.as_deref(), page.total, &notes);
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, FHIR_JSON)], body).into_response())
}
