//! Every route of the program, and what four callers get from it. The table changes only by hand.

use std::collections::BTreeSet;

use http::{HeaderValue, Method};
use serde_json::json;

use crate::actor::Actor;
use crate::hall::Hall;
use crate::morag::weight;

const TABLE: &str = include_str!("ratchet.txt");
/// Somebody close to Netta.
const TIE: &str = r#"{"tie": {"party": "moira", "kind": "friend"}}"#;
/// What somebody plans for Netta.
const PLAN: &str = r#"{"plan": {"decision": "A day centre", "matter": "care", "power": "person", "at": "2027-02-01"}}"#;
/// Where the routes are declared.
const SOURCES: [&str; 5] = [
    include_str!("../../src/api/mod.rs"),
    include_str!("../../src/portal/mod.rs"),
    include_str!("../../src/portal/assets.rs"),
    include_str!("../../src/http/health.rs"),
    include_str!("../../src/http/demo.rs"),
];

/// One request about Netta Dunsmore, and the route that takes it.
struct Row {
    method: Method,
    route: &'static str,
    path: String,
    body: String,
}

fn rows(hall: &Hall) -> Vec<Row> {
    let netta = hall.patient("netta-dunsmore").to_string();
    let condition = hall
        .id_of("braehead-practice", "Condition", "condition-5")
        .to_string();
    let pressure = weight(&netta, "w-1", "61", "2027-01-11").to_string();
    let batch = json!({"resourceType": "Bundle", "type": "batch"}).to_string();
    let parameters = json!({"resourceType": "Parameters", "parameter": [
        {"name": "patient", "valueString": netta},
        {"name": "to", "valueString": "ward-6"},
        {"name": "text", "valueString": "Hello"},
    ]})
    .to_string();
    let close = json!({"resourceType": "Parameters", "parameter": [
        {"name": "name", "valueString": "Archie Dunsmore"},
        {"name": "born", "valueString": "1942-04-01"},
        {"name": "says-to-be", "valueString": "a neighbour"},
        {"name": "to", "valueString": "ward-6"},
        {"name": "text", "valueString": "Hello"},
    ]})
    .to_string();
    let asked = json!({"resourceType": "Patient", "identifier": [{
        "system": "https://phfapi.digital.health.scot/naming/chi-number", "value": "1907459901",
    }]});
    let row = |method: Method, route: &'static str, path: &str, body: &str| Row {
        method,
        route,
        path: path
            .replace("NETTA", &netta)
            .replace("CONDITION", &condition),
        body: body.replace("NETTA", &netta),
    };
    let get = |route: &'static str, path: &str| row(Method::GET, route, path, "");
    let post = |route: &'static str, path: &str, body: &str| row(Method::POST, route, path, body);
    vec![
        get("/fhir/metadata", "/fhir/metadata"),
        get("/fhir/AuditEvent", "/fhir/AuditEvent"),
        get("/fhir/AuditEvent/$pack", "/fhir/AuditEvent/$pack"),
        get("/fhir", "/fhir?_type=Condition,Patient&patient=NETTA"),
        get("/fhir/", "/fhir/?_type=Condition,Patient"),
        post(
            "/fhir/_search",
            "/fhir/_search",
            "patient=NETTA&_type=Condition",
        ),
        get(
            "/fhir/{type}/{id}/{operation}",
            "/fhir/Patient/NETTA/*?_type=Condition",
        ),
        get("/fhir/{type}", "/fhir/Condition?patient=NETTA"),
        get("/fhir/{type}", "/fhir/Condition"),
        get("/fhir/{type}", "/fhir/Patient?identifier=1907459901"),
        post(
            "/fhir/Patient/$match",
            "/fhir/Patient/$match",
            &asked.to_string(),
        ),
        get("/fhir/Patient/$quality", "/fhir/Patient/$quality"),
        get(
            "/fhir/Patient/{id}/$decision",
            "/fhir/Patient/NETTA/$decision",
        ),
        post(
            "/fhir/Patient/{id}/$decision",
            "/fhir/Patient/NETTA/$decision",
            PLAN,
        ),
        post("/fhir/Patient/{id}/$say", "/fhir/Patient/NETTA/$say", TIE),
        row(
            Method::PUT,
            "/fhir/Patient/{id}/$say/{fact}",
            "/fhir/Patient/NETTA/$say/none",
            TIE,
        ),
        row(
            Method::DELETE,
            "/fhir/Patient/{id}/$say/{fact}",
            "/fhir/Patient/NETTA/$say/none",
            "",
        ),
        get("/fhir/Linkage/$queue", "/fhir/Linkage/$queue"),
        post("/fhir/Linkage/$raise", "/fhir/Linkage/$raise", &parameters),
        get("/fhir/Linkage/{id}/$compare", "/fhir/Linkage/none/$compare"),
        post(
            "/fhir/Linkage/{id}/$decide",
            "/fhir/Linkage/none/$decide",
            &parameters,
        ),
        get("/fhir/{type}", "/fhir/Practitioner"),
        post(
            "/fhir/{type}/_search",
            "/fhir/Condition/_search",
            "patient=NETTA",
        ),
        get("/fhir/{type}/{id}", "/fhir/Patient/NETTA"),
        get("/fhir/{type}/{id}", "/fhir/Condition/CONDITION"),
        row(
            Method::PUT,
            "/fhir/{type}",
            "/fhir/Observation?identifier=urn:x|1",
            &pressure,
        ),
        row(
            Method::DELETE,
            "/fhir/{type}",
            "/fhir/Observation?identifier=urn:x|1",
            "",
        ),
        row(
            Method::PATCH,
            "/fhir/{type}",
            "/fhir/Observation?identifier=urn:x|2",
            "[]",
        ),
        post(
            "/fhir/{type}/{id}/_search",
            "/fhir/Patient/NETTA/_search",
            "_type=Condition",
        ),
        post(
            "/fhir/{type}/{id}/{of}/_search",
            "/fhir/Patient/NETTA/Condition/_search",
            "",
        ),
        row(
            Method::PATCH,
            "/fhir/{type}/{id}",
            "/fhir/Condition/CONDITION",
            "[]",
        ),
        get(
            "/fhir/{type}/_history",
            "/fhir/Condition/_history?patient=NETTA",
        ),
        post(
            "/fhir/{type}/$validate",
            "/fhir/Observation/$validate",
            &pressure,
        ),
        post(
            "/fhir/{type}/{id}/$validate",
            "/fhir/Observation/w-1/$validate",
            &pressure,
        ),
        get("/fhir/ValueSet/$expand", "/fhir/ValueSet/$expand?url=urn:x"),
        post("/fhir/ValueSet/$expand", "/fhir/ValueSet/$expand", "{}"),
        get(
            "/fhir/ValueSet/$validate-code",
            "/fhir/ValueSet/$validate-code?url=urn:x&code=x",
        ),
        post(
            "/fhir/ValueSet/$validate-code",
            "/fhir/ValueSet/$validate-code",
            "{}",
        ),
        get(
            "/fhir/{type}/{id}/_history/{version}",
            "/fhir/Condition/CONDITION/_history/1",
        ),
        get(
            "/fhir/{type}/{id}/{operation}",
            "/fhir/Patient/NETTA/$everything",
        ),
        get(
            "/fhir/{type}/{id}/{operation}",
            "/fhir/Condition/CONDITION/$original",
        ),
        post("/fhir/{type}", "/fhir/Observation", &pressure),
        row(
            Method::PUT,
            "/fhir/{type}/{id}",
            "/fhir/Observation/w-1",
            &pressure,
        ),
        row(
            Method::DELETE,
            "/fhir/{type}/{id}",
            "/fhir/Condition/CONDITION",
            "",
        ),
        post(
            "/fhir/Communication/$send",
            "/fhir/Communication/$send",
            &parameters,
        ),
        post(
            "/fhir/Communication/$raise",
            "/fhir/Communication/$raise",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$link",
            "/fhir/Communication/none/$link",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$told",
            "/fhir/Communication/none/$told",
            &parameters,
        ),
        post(
            "/fhir/Communication/$call",
            "/fhir/Communication/$call",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$correct",
            "/fhir/Communication/none/$correct",
            &parameters,
        ),
        post(
            "/fhir/Patient/{id}/$invite",
            "/fhir/Patient/NETTA/$invite",
            &parameters,
        ),
        row(
            Method::DELETE,
            "/fhir/Communication/{id}/$invite/{link}",
            "/fhir/Communication/none/$invite/none",
            "",
        ),
        row(
            Method::DELETE,
            "/fhir/Patient/{id}/$invite/{link}",
            "/fhir/Patient/NETTA/$invite/none",
            "",
        ),
        post(
            "/fhir/Communication/$concern",
            "/fhir/Communication/$concern",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$triage",
            "/fhir/Communication/none/$triage",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$resolve",
            "/fhir/Communication/none/$resolve",
            &parameters,
        ),
        post(
            "/fhir/Communication/$discuss",
            "/fhir/Communication/$discuss",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$contribute",
            "/fhir/Communication/none/$contribute",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$name-other",
            "/fhir/Communication/none/$name-other",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$dissent",
            "/fhir/Communication/none/$dissent",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$conclude",
            "/fhir/Communication/none/$conclude",
            &parameters,
        ),
        post(
            "/fhir/Patient/$who-knows",
            "/fhir/Patient/$who-knows",
            &close,
        ),
        post(
            "/fhir/Communication/$tell",
            "/fhir/Communication/$tell",
            &close,
        ),
        post(
            "/fhir/Communication/$heard",
            "/fhir/Communication/$heard",
            &parameters,
        ),
        get("/fhir/Communication/$words", "/fhir/Communication/$words"),
        post(
            "/fhir/Communication/{id}/$stays-shut-out",
            "/fhir/Communication/none/$stays-shut-out",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$advocacy",
            "/fhir/Communication/none/$advocacy",
            &parameters,
        ),
        post(
            "/fhir/Communication/$claim-authority",
            "/fhir/Communication/$claim-authority",
            &close,
        ),
        get("/fhir/Communication/$claims", "/fhir/Communication/$claims"),
        post(
            "/fhir/Communication/{id}/$check-authority",
            "/fhir/Communication/none/$check-authority",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$declare-belief",
            "/fhir/Communication/none/$declare-belief",
            &parameters,
        ),
        get(
            "/fhir/Communication/$challenges",
            "/fhir/Communication/$challenges",
        ),
        get(
            "/fhir/Communication/{id}/$challenge",
            "/fhir/Communication/none/$challenge",
        ),
        post(
            "/fhir/Communication/{id}/$challenge",
            "/fhir/Communication/none/$challenge",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$decide-challenge",
            "/fhir/Communication/none/$decide-challenge",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$keep-sharing",
            "/fhir/Communication/none/$keep-sharing",
            &parameters,
        ),
        post(
            "/fhir/AuditEvent/{id}/$challenge",
            "/fhir/AuditEvent/none/$challenge",
            &parameters,
        ),
        get(
            "/fhir/Communication/$hearings",
            "/fhir/Communication/$hearings",
        ),
        get(
            "/fhir/Communication/{id}/$hearing",
            "/fhir/Communication/none/$hearing",
        ),
        post(
            "/fhir/Communication/{id}/$hearing",
            "/fhir/Communication/none/$hearing",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$reply",
            "/fhir/Communication/none/$reply",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$pass-on",
            "/fhir/Communication/none/$pass-on",
            &parameters,
        ),
        post(
            "/fhir/Communication/$require",
            "/fhir/Communication/$require",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$extract",
            "/fhir/Communication/none/$extract",
            &parameters,
        ),
        post(
            "/fhir/Communication/$request",
            "/fhir/Communication/$request",
            &parameters,
        ),
        get(
            "/fhir/Communication/$requests",
            "/fhir/Communication/$requests",
        ),
        post(
            "/fhir/Communication/{id}/$respond",
            "/fhir/Communication/none/$respond",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$invite",
            "/fhir/Communication/none/$invite",
            &parameters,
        ),
        get("/fhir/Communication/$counts", "/fhir/Communication/$counts"),
        get("/fhir/Contract/$agreements", "/fhir/Contract/$agreements"),
        get("/fhir/Communication/$inbox", "/fhir/Communication/$inbox"),
        get(
            "/fhir/Communication/{id}/$open",
            "/fhir/Communication/none/$open",
        ),
        post(
            "/fhir/Communication/{id}/$answer",
            "/fhir/Communication/none/$answer",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$update",
            "/fhir/Communication/none/$update",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$close",
            "/fhir/Communication/none/$close",
            &parameters,
        ),
        post(
            "/fhir/Communication/{id}/$retract",
            "/fhir/Communication/none/$retract",
            &parameters,
        ),
        post("/fhir", "/fhir", &batch),
        post("/fhir/", "/fhir/", &batch),
        get("/openapi.json", "/openapi.json"),
        get("/log/checkpoint", "/log/checkpoint"),
        get("/log/vkey", "/log/vkey"),
        get("/log/epochs", "/log/epochs"),
        get("/log/held", "/log/held"),
        get("/log/requests", "/log/requests"),
        get("/log/statements", "/log/statements"),
        get("/log/cosigned", "/log/cosigned"),
        get("/log/{*path}", "/log/tile/0/000"),
        get("/", "/"),
        get("/sign-in", "/sign-in"),
        post("/sign-in", "/sign-in", "as=fraser-abercrombie"),
        get("/help", "/help"),
        get("/accessibility", "/accessibility"),
        get("/privacy", "/privacy"),
        get("/counts", "/counts"),
        get("/care/counts", "/care/counts"),
        get("/care/agreements", "/care/agreements"),
        get(
            "/assets/{version}/{name}",
            "/assets/0000000000000000/app.css",
        ),
        get("/care", "/care"),
        post("/care/people", "/care/people", "name=netta"),
        get("/care/people/s/{sought}", "/care/people/s/none"),
        get("/care/people/{person}", "/care/people/NETTA"),
        get("/care/people/{person}/why", "/care/people/NETTA/why"),
        post(
            "/care/people/{person}/why",
            "/care/people/NETTA/why",
            "why=other",
        ),
        get(
            "/care/people/{person}/calls/new",
            "/care/people/NETTA/calls/new",
        ),
        post(
            "/care/people/{person}/calls",
            "/care/people/NETTA/calls",
            "why=other",
        ),
        get(
            "/care/people/{person}/calls/{note}",
            "/care/people/NETTA/calls/none",
        ),
        get(
            "/care/people/{person}/messages",
            "/care/people/NETTA/messages",
        ),
        post(
            "/care/people/{person}/messages",
            "/care/people/NETTA/messages",
            "text=Hello",
        ),
        get(
            "/care/people/{person}/words/new",
            "/care/people/NETTA/words/new",
        ),
        post(
            "/care/people/{person}/words/new",
            "/care/people/NETTA/words/new",
            "text=Hello",
        ),
        get("/care/inbox/{message}/letter", "/care/inbox/none/letter"),
        get(
            "/care/people/{person}/protection",
            "/care/people/NETTA/protection",
        ),
        post(
            "/care/people/{person}/protection",
            "/care/people/NETTA/protection",
            "telling=hold",
        ),
        get(
            "/care/people/{person}/concerns/new",
            "/care/people/NETTA/concerns/new",
        ),
        post(
            "/care/people/{person}/concerns/new",
            "/care/people/NETTA/concerns/new",
            "text=Hello",
        ),
        get("/care/inbox/{message}/correct", "/care/inbox/none/correct"),
        post(
            "/care/inbox/{message}/correct",
            "/care/inbox/none/correct",
            "fault=not-so",
        ),
        get(
            "/care/inbox/{message}/on-behalf",
            "/care/inbox/none/on-behalf",
        ),
        post(
            "/care/inbox/{message}/on-behalf",
            "/care/inbox/none/on-behalf",
            "response=shared",
        ),
        get("/care/inbox/{message}/link", "/care/inbox/none/link"),
        post(
            "/care/inbox/{message}/link",
            "/care/inbox/none/link",
            "days=7",
        ),
        post(
            "/care/inbox/{message}/links/{link}/end",
            "/care/inbox/none/links/none/end",
            "",
        ),
        get(
            "/care/people/{person}/hearings/{message}/link",
            "/care/people/NETTA/hearings/none/link",
        ),
        post(
            "/care/people/{person}/hearings/{message}/link",
            "/care/people/NETTA/hearings/none/link",
            "days=7",
        ),
        post(
            "/care/inbox/{message}/triage",
            "/care/inbox/none/triage",
            "outcome=inquiry",
        ),
        post(
            "/care/inbox/{message}/resolve",
            "/care/inbox/none/resolve",
            "finding=explained",
        ),
        get("/care/inbox/{message}/require", "/care/inbox/none/require"),
        post(
            "/care/inbox/{message}/require",
            "/care/inbox/none/require",
            "why=Hello",
        ),
        get("/care/inbox/{message}/extract", "/care/inbox/none/extract"),
        post(
            "/care/inbox/{message}/extract",
            "/care/inbox/none/extract",
            "text=Hello",
        ),
        get(
            "/care/people/{person}/decisions",
            "/care/people/NETTA/decisions",
        ),
        post(
            "/care/people/{person}/decisions",
            "/care/people/NETTA/decisions",
            "step=plan",
        ),
        get(
            "/care/people/{person}/discussions/new",
            "/care/people/NETTA/discussions/new",
        ),
        post(
            "/care/people/{person}/discussions/new",
            "/care/people/NETTA/discussions/new",
            "text=Hello",
        ),
        post(
            "/care/inbox/{message}/block",
            "/care/inbox/none/block",
            "block=Hello",
        ),
        get("/care/inbox/{message}/others", "/care/inbox/none/others"),
        post(
            "/care/inbox/{message}/others",
            "/care/inbox/none/others",
            "is=child",
        ),
        post(
            "/care/inbox/{message}/dissent",
            "/care/inbox/none/dissent",
            "dissent=Hello",
        ),
        get(
            "/care/inbox/{message}/conclude",
            "/care/inbox/none/conclude",
        ),
        post(
            "/care/inbox/{message}/conclude",
            "/care/inbox/none/conclude",
            "decision=joint",
        ),
        get(
            "/care/people/{person}/requests/new",
            "/care/people/NETTA/requests/new",
        ),
        post(
            "/care/people/{person}/requests/new",
            "/care/people/NETTA/requests/new",
            "text=Hello",
        ),
        get("/care/requests", "/care/requests"),
        post(
            "/care/inbox/{message}/respond",
            "/care/inbox/none/respond",
            "response=not-held",
        ),
        get("/care/inbox/{message}/refuse", "/care/inbox/none/refuse"),
        post(
            "/care/inbox/{message}/refuse",
            "/care/inbox/none/refuse",
            "ground=R10",
        ),
        post("/care/inbox/{message}/told", "/care/inbox/none/told", ""),
        get("/care/inbox", "/care/inbox"),
        get("/care/inbox/{message}", "/care/inbox/none"),
        post(
            "/care/inbox/{message}/answer",
            "/care/inbox/none/answer",
            "reply=mine",
        ),
        post(
            "/care/inbox/{message}/reply",
            "/care/inbox/none/reply",
            "text=Hello",
        ),
        post(
            "/care/inbox/{message}/update",
            "/care/inbox/none/update",
            "anew=Hello",
        ),
        post(
            "/care/inbox/{message}/end",
            "/care/inbox/none/end",
            "how=close",
        ),
        get("/me", "/me"),
        get("/me/access", "/me/access"),
        get("/me/acting", "/me/acting"),
        get("/me/access.json", "/me/access.json"),
        get("/me/access.pack", "/me/access.pack"),
        get("/me/settings", "/me/settings"),
        post("/me/settings/mail", "/me/settings/mail", "address=none"),
        post("/me/settings/code", "/me/settings/code", "code=1"),
        post("/me/settings/stop", "/me/settings/stop", ""),
        get("/me/sharing", "/me/sharing"),
        post(
            "/me/sharing/stop",
            "/me/sharing/stop",
            "organisation=hospital",
        ),
        post("/me/sharing/start", "/me/sharing/start", "wish=none"),
        get("/care/people/{person}/links", "/care/people/NETTA/links"),
        post(
            "/care/people/{person}/links",
            "/care/people/NETTA/links",
            "kind=advocate",
        ),
        post(
            "/care/people/{person}/links/{link}/end",
            "/care/people/NETTA/links/none/end",
            "",
        ),
        get("/me/links", "/me/links"),
        post("/me/links", "/me/links", "kind=advocate"),
        post("/me/links/{link}/end", "/me/links/none/end", ""),
        get("/open/{secret}", "/open/none"),
        post("/open/{secret}", "/open/none", "code=123456"),
        get("/link/{link}", "/link/none"),
        post("/link/{link}/answer", "/link/none/answer", "response=ring"),
        post("/link/{link}/view", "/link/none/view", "text=Hello"),
        get("/link/{link}/record", "/link/none/record"),
        get("/link/{link}/account", "/link/none/account"),
        post("/link/{link}/end", "/link/none/end", ""),
        get("/me/family", "/me/family"),
        post("/me/family", "/me/family", "name=Archie"),
        get("/me/family/asked/{question}", "/me/family/asked/none"),
        post("/me/family/words", "/me/family/words", "question=none"),
        get("/me/family/words/{message}", "/me/family/words/none"),
        post(
            "/care/inbox/{message}/wrong-person",
            "/care/inbox/none/wrong-person",
            "who=Another",
        ),
        post(
            "/care/inbox/{message}/stays-shut-out",
            "/care/inbox/none/stays-shut-out",
            "why=So",
        ),
        post(
            "/care/inbox/{message}/advocacy",
            "/care/inbox/none/advocacy",
            "answer=declined",
        ),
        get("/me/representatives", "/me/representatives"),
        post("/me/representatives", "/me/representatives", "name=Archie"),
        get("/me/representatives/{message}", "/me/representatives/none"),
        post(
            "/me/representatives/{message}/belief",
            "/me/representatives/none/belief",
            "about=care",
        ),
        post(
            "/care/inbox/{message}/check",
            "/care/inbox/none/check",
            "found-care=accepted",
        ),
        post(
            "/care/inbox/{message}/keep-sharing",
            "/care/inbox/none/keep-sharing",
            "anew=So",
        ),
        get("/me/challenges", "/me/challenges"),
        get("/me/challenges/{message}", "/me/challenges/none"),
        get("/me/lines/{line}/challenge", "/me/lines/none/challenge"),
        post(
            "/me/lines/{line}/challenge",
            "/me/lines/none/challenge",
            "because=too-much&wanted=explain",
        ),
        get("/link/{link}/challenges", "/link/none/challenges"),
        get(
            "/link/{link}/challenges/{message}",
            "/link/none/challenges/none",
        ),
        get(
            "/link/{link}/lines/{line}/challenge",
            "/link/none/lines/none/challenge",
        ),
        post(
            "/link/{link}/lines/{line}/challenge",
            "/link/none/lines/none/challenge",
            "because=too-much&wanted=explain",
        ),
        post(
            "/care/inbox/{message}/challenge",
            "/care/inbox/none/challenge",
            "",
        ),
        post(
            "/care/inbox/{message}/rule",
            "/care/inbox/none/rule",
            "verdict=upheld&text=So",
        ),
        get("/me/hearings/{message}", "/me/hearings/none"),
        post("/me/hearings/{message}", "/me/hearings/none", "text=Hello"),
        post(
            "/care/inbox/{message}/family",
            "/care/inbox/none/family",
            "text=Hello",
        ),
        post(
            "/care/inbox/{message}/pass-on",
            "/care/inbox/none/pass-on",
            "to=ward-6",
        ),
        get("/healthz", "/healthz"),
        get("/readyz", "/readyz"),
        get("/metrics", "/metrics"),
        get("/demo/clock", "/demo/clock"),
        post("/demo/clock", "/demo/clock", "{}"),
        get("/.well-known/jwks.json", "/.well-known/jwks.json"),
        get("(none)", "/nowhere"),
        get("(none)", "/fhir/a/b/c/d"),
        // Last, because it ends the visit.
        post("/sign-out", "/sign-out", ""),
    ]
}

/// Somebody at a browser and a client of the API at once; `None` is somebody unknown to both.
async fn caller<'h>(hall: &'h Hall, who: Option<(&str, &str)>) -> (Actor<'h>, Option<String>) {
    let Some((name, purpose)) = who else {
        return (hall.anybody(), None);
    };
    let page = hall.anybody().gets("/sign-in").await.is(200);
    let csrf = |text: &str| {
        let (_, rest) = text.split_once("name=\"csrf\" value=\"").expect("a form");
        rest.split('"').next().expect("a token").to_owned()
    };
    let visitor = hall
        .anybody()
        .with("cookie", cookie(page.header("set-cookie")));
    let form = format!("as={name}&csrf={}", csrf(&page.text()));
    let entered = visitor.asks(Method::POST, "/sign-in", form).await.is(303);
    let cookies = entered.headers.get_all("set-cookie").iter();
    let signed_in = cookies
        .filter_map(|value: &HeaderValue| value.to_str().ok())
        .map(cookie)
        .find(|cookie| cookie.starts_with("candour_visit="))
        .expect("a visit");
    let actor = hall.actor(name, &[purpose]).with("cookie", &signed_in);
    let home = actor.gets(entered.header("location")).await.is(200);
    (actor, Some(csrf(&home.text())))
}

fn cookie(set: &str) -> String {
    set.split(';').next().unwrap_or_default().to_owned()
}

/// The statuses that one caller gets, in a town of their own.
async fn statuses(who: Option<(&str, &str)>) -> Vec<u16> {
    let hall = Hall::open().await;
    let (actor, csrf) = caller(&hall, who).await;
    let mut statuses = Vec::new();
    for row in rows(&hall) {
        let is_form = row.method == Method::POST && !row.path.starts_with("/fhir");
        let body = match &csrf {
            Some(csrf) if is_form && row.path != "/demo/clock" => {
                format!("{}&csrf={csrf}", row.body)
            }
            _ => row.body,
        };
        let answer = actor.asks(row.method, &row.path, body).await;
        statuses.push(answer.status);
    }
    statuses
}

#[tokio::test]
async fn nobody_gets_more_from_any_route_than_the_table_says() {
    let callers = [
        statuses(None).await,
        statuses(Some(("netta-dunsmore", "PATRQT"))).await,
        statuses(Some(("derek-muirhead", "HOUSING-ADAPT"))).await,
        statuses(Some(("sheila-mathieson", "TREAT"))).await,
    ];
    let hall = Hall::open().await;
    let mut table = String::from(
        "nobody  Netta Dunsmore, for herself  housing officer without relationship  district nurse with\n",
    );
    for (place, row) in rows(&hall).iter().enumerate() {
        let [nobody, netta, officer, nurse] = callers.each_ref().map(|statuses| statuses[place]);
        let netta_s = row
            .path
            .replace(&hall.patient("netta-dunsmore").to_string(), "[Netta]");
        let condition = hall
            .id_of("braehead-practice", "Condition", "condition-5")
            .to_string();
        let path = netta_s.replace(&condition, "[one of hers]");
        table += &format!(
            "{nobody} {netta} {officer} {nurse}  {:6} {path}\n",
            row.method.as_str()
        );
    }
    let old: BTreeSet<&str> = TABLE.lines().collect();
    let new: BTreeSet<&str> = table.lines().collect();
    let gone: Vec<&&str> = old.difference(&new).collect();
    let come: Vec<&&str> = new.difference(&old).collect();
    assert!(
        TABLE == table,
        "what callers get has changed; if that is meant, change tests/api/ratchet.txt by hand\n\
         no longer so: {gone:#?}\nnow: {come:#?}\nthe whole table now:\n{table}"
    );
}

/// The routes that the sources declare, as (method, path).
fn declared() -> BTreeSet<(String, String)> {
    let mut declared = BTreeSet::new();
    for source in SOURCES {
        for route in source.split(".route(").skip(1) {
            let mut quoted = route.split('"');
            let path = quoted.nth(1).expect("a path").to_owned();
            let handlers = quoted.next().expect("its methods");
            let handlers = handlers.split(".merge(").next().unwrap_or_default();
            for (word, method) in [
                ("get(", "GET"),
                ("post(", "POST"),
                ("put(", "PUT"),
                ("patch(", "PATCH"),
                ("delete(", "DELETE"),
            ] {
                if handlers.contains(word) {
                    declared.insert((method.to_owned(), path.clone()));
                }
            }
        }
    }
    declared
}

#[tokio::test]
async fn the_table_has_every_route_that_there_is() {
    let hall = Hall::open().await;
    let tried = rows(&hall)
        .iter()
        .filter(|row| row.route != "(none)")
        .map(|row| (row.method.to_string(), row.route.to_owned()))
        .collect::<BTreeSet<_>>();
    assert_eq!(tried, declared());
}
