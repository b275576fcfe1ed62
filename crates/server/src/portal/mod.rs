//! The portals: pages for workers (`/care`) and for the people themselves (`/me`).

mod agreements;
mod answer_link;
pub mod assets;
mod call;
mod care;
mod challenges;
mod counts;
mod desk;
mod family;
mod form;
mod front;
mod hearings;
mod let_in;
mod links;
mod looks;
mod me;
mod messages;
mod record;
pub mod render;
mod representatives;
mod session;
mod settings;
mod sharing_choices;
mod summary;
pub mod views;
pub mod words;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

pub use desk::Desk;

/// Every page.
pub fn router() -> Router<App> {
    Router::new()
        .route("/", get(front::home))
        .route("/sign-in", get(front::sign_in).post(front::enter))
        .route("/sign-out", post(front::leave))
        .route("/help", get(front::help))
        .route("/accessibility", get(front::accessibility))
        .route("/privacy", get(front::privacy))
        .route("/counts", get(counts::published))
        .route("/care/counts", get(counts::own))
        .route("/care/agreements", get(agreements::own))
        .route("/care", get(care::start))
        .route("/care/people", post(care::look))
        .route("/care/people/s/{sought}", get(care::found))
        .route("/care/people/{person}", get(record::show))
        .route(
            "/care/people/{person}/why",
            get(care::why).post(care::give_reason),
        )
        .route("/care/people/{person}/calls/new", get(call::new))
        .route("/care/people/{person}/calls", post(call::keep))
        .route("/care/people/{person}/calls/{note}", get(call::kept))
        .route(
            "/care/people/{person}/messages",
            get(messages::about).post(messages::write),
        )
        .route(
            "/care/people/{person}/words/new",
            get(messages::hearing).post(messages::heard),
        )
        .route("/care/inbox/{message}/letter", get(messages::letter))
        .route(
            "/care/people/{person}/protection",
            get(messages::ask).post(messages::raise),
        )
        .route(
            "/care/people/{person}/requests/new",
            get(messages::new_request).post(messages::request),
        )
        .route(
            "/care/people/{person}/concerns/new",
            get(messages::new_concern).post(messages::record),
        )
        .route(
            "/care/inbox/{message}/correct",
            get(messages::correcting).post(messages::correct),
        )
        .route("/care/inbox/{message}/triage", post(messages::triage))
        .route("/care/inbox/{message}/resolve", post(messages::resolve))
        .route("/care/inbox/{message}/challenge", post(messages::challenge))
        .route("/care/inbox/{message}/rule", post(messages::rule))
        .route(
            "/care/inbox/{message}/keep-sharing",
            post(messages::keep_sharing),
        )
        .route(
            "/care/people/{person}/decisions",
            get(messages::decisions).post(messages::decide),
        )
        .route(
            "/care/people/{person}/discussions/new",
            get(messages::new_discussion).post(messages::discuss),
        )
        .route(
            "/care/inbox/{message}/require",
            get(messages::requiring).post(messages::require),
        )
        .route(
            "/care/inbox/{message}/extract",
            get(messages::reading).post(messages::pass_extract_on),
        )
        .route("/care/inbox/{message}/block", post(messages::contribute))
        .route(
            "/care/inbox/{message}/others",
            get(messages::naming).post(messages::name),
        )
        .route("/care/inbox/{message}/dissent", post(messages::dissent))
        .route(
            "/care/inbox/{message}/conclude",
            get(messages::concluding).post(messages::conclude),
        )
        .route("/care/requests", get(messages::requests))
        .route("/care/inbox/{message}/respond", post(messages::respond))
        .route(
            "/care/inbox/{message}/refuse",
            get(messages::refusing).post(messages::refuse),
        )
        .route(
            "/care/inbox/{message}/on-behalf",
            get(messages::putting_in).post(messages::put_in),
        )
        .route(
            "/care/inbox/{message}/link",
            get(messages::linking).post(messages::link),
        )
        .route(
            "/care/inbox/{message}/links/{link}/end",
            post(messages::end_link),
        )
        .route(
            "/care/people/{person}/hearings/{message}/link",
            get(messages::hearing_linking).post(messages::hearing_link),
        )
        .route("/care/inbox/{message}/told", post(messages::told))
        .route("/care/inbox", get(messages::list))
        .route("/care/inbox/{message}", get(messages::show))
        .route("/care/inbox/{message}/answer", post(messages::answer))
        .route("/care/inbox/{message}/reply", post(messages::reply))
        .route("/care/inbox/{message}/update", post(messages::update))
        .route("/care/inbox/{message}/end", post(messages::end))
        .route("/me", get(me::home))
        .route("/me/access", get(me::access))
        .route("/me/acting", get(me::acting))
        .route(
            "/me/lines/{line}/challenge",
            get(challenges::ask).post(challenges::raise),
        )
        .route("/me/challenges", get(challenges::list))
        .route("/me/challenges/{message}", get(challenges::show))
        .route("/me/access.json", get(me::access_json))
        .route("/me/access.pack", get(me::access_pack))
        .route("/me/links", get(links::own).post(links::give_own))
        .route("/me/links/{link}/end", post(links::end_own))
        .route(
            "/care/people/{person}/links",
            get(links::at_record).post(links::give_at_record),
        )
        .route(
            "/care/people/{person}/links/{link}/end",
            post(links::end_at_record),
        )
        .route("/open/{secret}", get(let_in::ask).post(let_in::open))
        .route("/link/{link}", get(let_in::home))
        .route("/link/{link}/answer", post(answer_link::answer))
        .route("/link/{link}/view", post(hearings::think_by_link))
        .route("/link/{link}/record", get(let_in::record))
        .route("/link/{link}/account", get(let_in::told))
        .route("/link/{link}/end", post(let_in::finish))
        .route(
            "/link/{link}/lines/{line}/challenge",
            get(challenges::ask_by_link).post(challenges::raise_by_link),
        )
        .route("/link/{link}/challenges", get(challenges::list_by_link))
        .route(
            "/link/{link}/challenges/{message}",
            get(challenges::show_by_link),
        )
        .route("/me/sharing", get(sharing_choices::show))
        .route("/me/settings", get(settings::show))
        .route("/me/settings/mail", post(settings::choose))
        .route("/me/settings/code", post(settings::check))
        .route("/me/settings/stop", post(settings::end))
        .route("/me/sharing/stop", post(sharing_choices::stop))
        .route("/me/sharing/start", post(sharing_choices::start))
        .route(
            "/me/hearings/{message}",
            get(hearings::hearing).post(hearings::think),
        )
        .route(
            "/me/representatives",
            get(representatives::start).post(representatives::give),
        )
        .route(
            "/me/representatives/{message}",
            get(representatives::opened),
        )
        .route(
            "/me/representatives/{message}/belief",
            post(representatives::believe),
        )
        .route("/care/inbox/{message}/check", post(messages::check_claim))
        .route("/care/inbox/{message}/advocacy", post(messages::offered))
        .route(
            "/care/inbox/{message}/stays-shut-out",
            post(messages::stays_shut_out),
        )
        .route(
            "/care/inbox/{message}/wrong-person",
            post(messages::wrong_person),
        )
        .route("/me/family", get(family::start).post(family::ask))
        .route("/me/family/asked/{question}", get(family::answered))
        .route("/me/family/words", post(family::tell))
        .route("/me/family/words/{message}", get(family::word))
        .route(
            "/care/inbox/{message}/family",
            post(messages::answer_family),
        )
        .route("/care/inbox/{message}/pass-on", post(messages::pass_on))
        .merge(assets::routes())
        .fallback(front::nowhere)
}
