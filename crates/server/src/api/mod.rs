//! The FHIR R4 API (<https://hl7.org/fhir/R4/http.html>): one file per interaction.

mod account;
mod agreements;
mod answer;
mod attempts;
mod bundle;
mod caller;
mod calls;
mod challenges;
mod claims;
mod concerns;
mod counts;
mod cursor;
mod discussions;
mod everything;
mod extract;
mod family;
mod fault;
mod format;
mod hearings;
mod history;
mod invitations;
mod life;
mod log;
mod matching;
mod messages;
mod meta;
mod metadata;
mod patch;
mod protection;
mod quality;
mod read;
mod requests;
mod requirements;
mod saying;
mod search;
mod stewards;
mod terminology;
mod validate;
mod write;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{delete, get, post, put};

use crate::app::App;

pub use account::download;
pub use cursor::Cursors;
pub use fault::Fault;

/// The largest body taken: 16 MiB, more than any resource and enough for large bundles.
pub const LARGEST_BODY: usize = 16 << 20;

/// Every route of the API and of the public log.
pub fn router() -> Router<App> {
    Router::new()
        .route("/fhir/metadata", get(metadata::show))
        .route("/fhir", get(search::system_by_get).post(bundle::process))
        .route("/fhir/", get(search::system_by_get).post(bundle::process))
        .route("/fhir/_search", post(search::system_by_post))
        .route("/fhir/AuditEvent", get(account::list))
        .route("/fhir/Communication/$send", post(messages::send))
        .route("/fhir/Communication/$raise", post(protection::raise))
        .route("/fhir/Communication/{id}/$link", post(protection::link))
        .route("/fhir/Communication/{id}/$told", post(protection::told))
        .route("/fhir/Communication/$call", post(calls::note))
        .route("/fhir/Communication/{id}/$correct", post(calls::correct))
        .route("/fhir/Communication/$concern", post(concerns::raise))
        .route(
            "/fhir/Communication/{id}/$advocacy",
            post(concerns::advocacy),
        )
        .route(
            "/fhir/Communication/{id}/$stays-shut-out",
            post(concerns::stays_shut_out),
        )
        .route("/fhir/Communication/{id}/$triage", post(concerns::triage))
        .route("/fhir/Communication/{id}/$resolve", post(attempts::resolve))
        .route("/fhir/Communication/$challenges", get(challenges::list))
        .route(
            "/fhir/Communication/{id}/$challenge",
            get(challenges::open).post(challenges::answer),
        )
        .route(
            "/fhir/Communication/{id}/$decide-challenge",
            post(challenges::decide),
        )
        .route(
            "/fhir/Communication/{id}/$keep-sharing",
            post(challenges::keep_sharing),
        )
        .route("/fhir/AuditEvent/{id}/$challenge", post(challenges::line))
        .route("/fhir/Communication/$discuss", post(discussions::open))
        .route(
            "/fhir/Communication/{id}/$contribute",
            post(discussions::contribute),
        )
        .route(
            "/fhir/Communication/{id}/$name-other",
            post(discussions::name_other),
        )
        .route(
            "/fhir/Communication/{id}/$dissent",
            post(discussions::dissent),
        )
        .route(
            "/fhir/Communication/{id}/$conclude",
            post(discussions::conclude),
        )
        .route("/fhir/Communication/$require", post(requirements::require))
        .route(
            "/fhir/Communication/{id}/$extract",
            post(requirements::extract),
        )
        .route("/fhir/Communication/$request", post(requests::ask))
        .route("/fhir/Communication/$requests", get(requests::asked))
        .route("/fhir/Communication/$counts", get(counts::own))
        .route("/fhir/Contract/$agreements", get(agreements::own))
        .route("/fhir/Communication/{id}/$respond", post(requests::respond))
        .route(
            "/fhir/Communication/{id}/$invite",
            post(invitations::invite_by_message),
        )
        .route(
            "/fhir/Communication/{id}/$invite/{link}",
            delete(invitations::take_back_of_message),
        )
        .route("/fhir/Communication/$inbox", get(messages::inbox))
        .route("/fhir/Communication/{id}/$open", get(messages::open))
        .route("/fhir/Communication/{id}/$answer", post(messages::answer))
        .route("/fhir/Communication/{id}/$update", post(messages::update))
        .route("/fhir/Communication/{id}/$close", post(messages::close))
        .route("/fhir/Communication/{id}/$retract", post(messages::retract))
        .route("/fhir/Linkage/$queue", get(stewards::queue))
        .route("/fhir/Linkage/$raise", post(stewards::raise))
        .route("/fhir/Linkage/{id}/$compare", get(stewards::compare))
        .route("/fhir/Linkage/{id}/$decide", post(stewards::decide))
        .route("/fhir/Patient/$match", post(matching::find))
        .route("/fhir/Patient/$quality", get(quality::survey))
        .route("/fhir/Patient/$who-knows", post(family::who_knows))
        .route("/fhir/Communication/$tell", post(family::tell))
        .route("/fhir/Communication/$heard", post(family::heard))
        .route("/fhir/Communication/$words", get(family::words))
        .route("/fhir/Communication/$claim-authority", post(claims::claim))
        .route("/fhir/Communication/$claims", get(claims::list))
        .route(
            "/fhir/Communication/{id}/$check-authority",
            post(claims::check),
        )
        .route(
            "/fhir/Communication/{id}/$declare-belief",
            post(claims::believe),
        )
        .route("/fhir/Communication/$hearings", get(hearings::list))
        .route(
            "/fhir/Communication/{id}/$hearing",
            get(hearings::open).post(hearings::say),
        )
        .route("/fhir/Communication/{id}/$reply", post(family::reply))
        .route("/fhir/Communication/{id}/$pass-on", post(family::pass_on))
        .route(
            "/fhir/Patient/{id}/$decision",
            get(life::list).post(life::step),
        )
        .route("/fhir/Patient/{id}/$invite", post(invitations::invite))
        .route(
            "/fhir/Patient/{id}/$invite/{link}",
            delete(invitations::take_back),
        )
        .route("/fhir/Patient/{id}/$say", post(saying::new))
        .route(
            "/fhir/Patient/{id}/$say/{fact}",
            put(saying::otherwise).delete(saying::take_back),
        )
        .route("/fhir/AuditEvent/$pack", get(account::pack))
        .route(
            "/fhir/ValueSet/$expand",
            get(terminology::expand_by_get).post(terminology::expand_by_post),
        )
        .route(
            "/fhir/ValueSet/$validate-code",
            get(terminology::validate_by_get).post(terminology::validate_by_post),
        )
        .route(
            "/fhir/{type}",
            get(search::by_get)
                .post(write::create)
                .put(write::update_matching)
                .patch(patch::change_matching)
                .delete(write::remove_matching),
        )
        .route("/fhir/{type}/_search", post(search::by_post))
        .route(
            "/fhir/{type}/{id}/_search",
            post(search::compartment_by_post),
        )
        .route(
            "/fhir/{type}/{id}/{of}/_search",
            post(search::type_in_compartment_by_post),
        )
        .route("/fhir/{type}/_history", get(history::of_type))
        .route("/fhir/{type}/$validate", post(validate::by_type))
        .route(
            "/fhir/{type}/{id}",
            get(read::current)
                .put(write::update)
                .patch(patch::change)
                .delete(write::remove),
        )
        .route("/fhir/{type}/{id}/$validate", post(validate::by_id))
        .route("/fhir/{type}/{id}/_history/{version}", get(read::version))
        .route("/fhir/{type}/{id}/{operation}", get(everything::operation))
        .route("/openapi.json", get(metadata::openapi))
        .route("/log/checkpoint", get(log::checkpoint))
        .route("/log/vkey", get(log::vkey))
        .route("/log/epochs", get(log::epochs))
        .route("/log/statements", get(log::statements))
        .route("/log/cosigned", get(log::cosigned))
        .route("/log/held", get(log::held))
        .route("/log/requests", get(counts::published))
        .route("/log/{*path}", get(log::tile))
        .layer(from_fn(format::negotiated))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .method_not_allowed_fallback(fault::method_not_allowed)
}
