//! What a privacy officer says of attempts on a record, once they looked into them.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::message::Finding;
use sharing::Asking;
use sharing::messages::{self, Opened};

use super::{after_acting, nothing};
use crate::app::App;
use crate::portal::form::Form;
use crate::portal::session::SignedIn;
use crate::portal::views::Choice;
use crate::portal::words;

/// What may be said of the attempts, if this worker may; nothing of other messages.
pub fn findings(asking: &Asking, opened: &Opened) -> Vec<Choice> {
    let Some(tried) = &opened.message.attempts else {
        return Vec::new();
    };
    let own = asking.caller.worker() == Some(&tried.worker);
    if own || opened.own.is_none() || !opened.message.is_in_force() {
        return Vec::new();
    }
    let choice = |finding: &Finding| Choice {
        value: finding.code().to_owned(),
        label: words::capital(finding.words()),
        ..Choice::default()
    };
    Finding::ALL.iter().map(choice).collect()
}

/// `POST /care/inbox/{message}/resolve`
pub async fn resolve(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let finding = Finding::from_code(form.get("finding"));
    let (Some(id), Some(finding)) = (app.cx.ids.ours(&message), finding) else {
        return nothing(&app, &who);
    };
    let text = form.get("text");
    let done = messages::resolve(&app.cx, &who.asking, id, (finding, text)).await;
    after_acting(&app, &who, &message, done, "/care/inbox", "text", text).await
}
