//! The information sharing agreements of an agency: what is agreed, and what somebody must see to.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Category;
use domain::arrangement::Flow;
use domain::calendar::local;
use sharing::agreements::{self, OfAgency, Standing};
use store::Directory;

use super::front::failed;
use super::render::{DateView, html};
use super::session::SignedIn;
use super::views::{AgreementRow, AgreementsPage, FlowRow};
use crate::app::App;

/// `GET /care/agreements`: those of the worker's agency, what is most urgent first.
pub async fn own(State(app): State<App>, who: SignedIn) -> Response {
    match agreements::own(&app.cx, &who.asking).await {
        Ok((all, directory)) => {
            let rows = all.iter().map(|one| row(one, &directory));
            let view = AgreementsPage {
                page: who.page(&app),
                agreements: rows.collect(),
            };
            html(StatusCode::OK, &view)
        }
        Err(error) => failed(&app, &who.visit, error),
    }
}

fn row(one: &OfAgency, directory: &Directory) -> AgreementRow {
    let agreed = &one.agreement;
    let day = |at: domain::Moment| DateView::day(local(at.0).date());
    let name = |agency: &domain::OrganisationId| {
        let known = directory.organisations.get(agency);
        known.map_or_else(|| agency.to_string(), |one| one.name.clone())
    };
    AgreementRow {
        id: agreed.id.clone(),
        standing: words(one.standing).to_owned(),
        is_waiting: one.standing.is_waiting(),
        parties: agreed.parties.iter().map(name).collect(),
        from: agreed.from.map(day),
        until: agreed.until.map(day),
        review: agreed.review_due.map(day),
        flows: agreed.flows.iter().map(|one| flow(one, name)).collect(),
    }
}

fn words(standing: Standing) -> &'static str {
    match standing {
        Standing::Ended => "Ended. What went under it as a routine is held until there is another.",
        Standing::Unsigned => "Not signed by everybody, though it should be in force.",
        Standing::ReviewOverdue => "In force. Its review is overdue.",
        Standing::Ending => "In force. It ends within eight weeks, and nothing takes its place.",
        Standing::InForce => "In force.",
        Standing::Begins => "Not in force yet.",
        Standing::Replaced => "Ended. Nothing waits for it.",
    }
}

fn flow(flow: &Flow, name: impl Fn(&domain::OrganisationId) -> String) -> FlowRow {
    let items: Vec<&str> = flow.items.iter().copied().map(Category::words).collect();
    let purposes: Vec<&str> = flow.purposes.iter().map(|one| one.words()).collect();
    let how = [&flow.method, &flow.frequency, &flow.retention, &flow.basis];
    let how: Vec<&str> = how.into_iter().flatten().map(String::as_str).collect();
    FlowRow {
        number: flow.number.clone(),
        from: name(&flow.from),
        to: name(&flow.to),
        items: items.join(", "),
        purposes: purposes.join(", "),
        how: how.join("; "),
    }
}
