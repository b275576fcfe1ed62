//! What somebody without an account sees by a one-time link: the code, what they may read, that, and
//! who was told. Nothing here needs more than a browser on a telephone.

use axum::extract::{FromRequestParts, Path, RawPathParams, RawQuery, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Category, Invitation, Opens, ResourceId};
use sharing::account::{AccountAsk, account};
use sharing::disclose::{Disclosure, PageAsk};
use sharing::invitation::{Entered, Visitor, end, enter, opened_in, visitor};
use sharing::{Answer, Error, Target, disclose};
use store::Directory;

use super::answer_link;
use super::form::Form;
use super::front::{failed, fault};
use super::hearings;
use super::links::listed;
use super::me;
use super::record::{directory, organisation_name, the_patient};
use super::render::{Phone, html};
use super::session::{Visit, Who, page};
use super::summary::{in_a_line, names};
use super::views::{
    Contact, EndedLinkPage, Errors, Fault, LetInPage, LinkAccountPage, LinkLine, LinkRecordPage,
    OpenLinkPage, Page, Viewer,
};
use super::words;
use crate::app::App;

const PAGE: usize = 50;

/// Somebody who came in by a link, in the browser that opened it.
pub struct LetIn {
    pub(super) visit: Visit,
    pub(super) visitor: Visitor,
}

impl LetIn {
    pub(super) fn page(&self, app: &App) -> Page {
        page(app, &self.visit, Viewer::Nobody)
    }

    pub(super) fn address(&self) -> String {
        format!("/link/{}", self.visitor.id)
    }
}

/// Anybody else learns that there is no such page; who knew the code learns that their link ended.
impl FromRequestParts<App> for LetIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let visit = Visit::of(app, &parts.headers);
        let named = RawPathParams::from_request_parts(parts, app).await;
        let named = named.map_err(IntoResponse::into_response)?;
        let link = named.iter().find_map(|(_, id)| app.cx.ids.ours(id));
        let opened = |link: &ResourceId| matches!(&visit.who, Some(Who::LetIn { links }) if links.contains(link));
        let Some(link) = link.filter(opened) else {
            return Err(fault(app, &visit, Fault::NotFound));
        };
        match visitor(&app.cx, link, visit.secret()).await {
            Ok(Some(visitor)) if visitor.invitation.is_live(app.cx.now()) => {
                Ok(Self { visit, visitor })
            }
            Ok(Some(visitor)) => Err(closed(app, &visit, &visitor.invitation, true).await),
            Ok(None) => Err(fault(app, &visit, Fault::NotFound)),
            Err(error) => Err(failed(app, &visit, error)),
        }
    }
}

/// `GET /open/{secret}`: the same page for any address, but for the browser that opened it.
pub async fn ask(State(app): State<App>, Path(link): Path<String>, headers: HeaderMap) -> Response {
    let visit = Visit::of(&app, &headers);
    match opened_in(&app.cx, &link, visit.secret()).await {
        Ok(Some(id)) => return Redirect::to(&format!("/link/{id}")).into_response(),
        Ok(None) => {}
        Err(error) => return failed(&app, &visit, error),
    }
    let visit = match visit.csrf() {
        Some(_) => visit,
        None => Visit::begin(&app, None),
    };
    let response = open_page(&app, &visit, link, Errors::default());
    visit.carried_by(&app, response)
}

fn open_page(app: &App, visit: &Visit, link: String, errors: Errors) -> Response {
    let view = OpenLinkPage {
        page: page(app, visit, Viewer::Nobody),
        link,
        errors,
    };
    html(view.errors.status(), &view)
}

/// `POST /open/{secret}`
pub async fn open(
    State(app): State<App>,
    Path(link): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let visit = Visit::of(&app, &headers);
    match enter(&app.cx, &link, form.get("code"), visit.secret()).await {
        Ok(Entered::In(id, until)) => {
            let response = Redirect::to(&format!("/link/{id}")).into_response();
            visit.let_in(&app, id, until).carried_by(&app, response)
        }
        Ok(Entered::Ended(invitation)) => closed(&app, &visit, &invitation, true).await,
        Ok(Entered::Taken(invitation)) => closed(&app, &visit, &invitation, false).await,
        Ok(Entered::No) => {
            let mut errors = Errors::default();
            let message = "This link and code open nothing: check the code, or ring whoever gave \
                           you the link";
            errors.add("code", message);
            open_page(&app, &visit, link, errors)
        }
        Err(error) => failed(&app, &visit, error),
    }
}

/// The page for a link that opens nothing any more, to whoever knew its code.
async fn closed(app: &App, visit: &Visit, invitation: &Invitation, ended: bool) -> Response {
    match directory(app).await {
        Ok(directory) => {
            let view = EndedLinkPage {
                page: page(app, visit, Viewer::Nobody),
                ended: ended.then(|| words::moment(invitation.ends().0)),
                giver: invitation.giver.clone(),
                ring: ring(app, &directory, invitation),
            };
            html(StatusCode::GONE, &view)
        }
        Err(error) => failed(app, visit, error),
    }
}

/// Whom to ring about a link: the agency that gave it.
pub(super) fn ring(app: &App, directory: &Directory, invitation: &Invitation) -> Contact {
    let agency = invitation.given_by.as_ref();
    match agency.and_then(|id| directory.organisations.get(id)) {
        Some(agency) => Contact {
            name: agency.name.clone(),
            phone: Some(Phone::new(&agency.phone)),
        },
        None => app.desk.contact(),
    }
}

/// `GET /link/{link}`
pub async fn home(State(app): State<App>, who: LetIn) -> Response {
    match who.visitor.invitation.opens() {
        Opens::Request(_) => return answer_link::show(&app, &who).await,
        Opens::Hearing(_) => return hearings::by_link(&app, &who).await,
        Opens::Record => {}
    }
    let directory = match directory(&app).await {
        Ok(directory) => directory,
        Err(error) => return failed(&app, &who.visit, error),
    };
    let invitation = &who.visitor.invitation;
    let mut about = invitation.about.clone();
    let account = about.remove(&Category::Account);
    let view = LetInPage {
        page: who.page(&app),
        address: who.address(),
        name: invitation.name.clone(),
        giver: invitation.giver.clone(),
        why: invitation.why.clone(),
        about: words::capital(&listed(&about)),
        account,
        until: words::moment(invitation.ends().0),
        ring: ring(&app, &directory, invitation),
    };
    html(StatusCode::OK, &view)
}

/// `GET /link/{link}/record`
pub async fn record(State(app): State<App>, who: LetIn) -> Response {
    if who.visitor.invitation.opens() != Opens::Record {
        // Of the record it opens nothing, and asking for that is no attempt on it.
        return fault(&app, &who.visit, Fault::NotFound);
    }
    let patient = who.visitor.patient;
    let page = PageAsk {
        limit: 50,
        after: None,
        with_total: false,
    };
    let target = Target::Record { patient, page };
    let read = async {
        let answer = disclose(&app.cx, &who.visitor.asking, &target, None).await?;
        Ok::<_, Error>((answer, directory(&app).await?))
    };
    match read.await {
        Ok((Answer::Released(disclosure), directory)) => {
            html(StatusCode::OK, &opened(&app, &who, &disclosure, &directory))
        }
        Ok(_) => fault(&app, &who.visit, Fault::NotFound),
        Err(error) => failed(&app, &who.visit, error),
    }
}

fn opened(
    app: &App,
    who: &LetIn,
    disclosure: &Disclosure,
    directory: &Directory,
) -> LinkRecordPage {
    let resources = disclosure.released.resources();
    let patient = the_patient(&who.visitor.asking, resources);
    let lines = resources
        .iter()
        .filter(|resource| resource.resource_type != "Patient")
        .filter_map(|resource| {
            let line = in_a_line(resource)?;
            Some(LinkLine {
                on: line.on,
                kind: words::capital(line.kind),
                text: line.text,
                source: organisation_name(directory, resource),
            })
        });
    LinkRecordPage {
        page: who.page(app),
        address: who.address(),
        name: patient.and_then(|patient| names(&patient).into_iter().next()),
        lines: lines.collect(),
        more: disclosure.next.is_some(),
        ring: ring(app, directory, &who.visitor.invitation),
    }
}

/// `GET /link/{link}/account`
pub async fn told(State(app): State<App>, who: LetIn, RawQuery(query): RawQuery) -> Response {
    if who.visitor.invitation.opens() != Opens::Record {
        return fault(&app, &who.visit, Fault::NotFound);
    }
    let pairs = fhir::search::pairs(query.as_deref().unwrap_or_default());
    let before = pairs.iter().find(|(name, _)| name == "before");
    let after = before.and_then(|(_, place)| place.parse().ok());
    let ask = AccountAsk {
        limit: PAGE,
        after,
        of: Some(who.visitor.patient),
        earlier: false,
    };
    let read = async {
        let read = account(&app.cx, &who.visitor.asking, &ask).await?;
        Ok::<_, Error>((read.ok_or(Error::NotFound)?, directory(&app).await?))
    };
    match read.await {
        Ok((read, directory)) => {
            let view = LinkAccountPage {
                page: who.page(&app),
                address: who.address(),
                lines: read.lines.iter().map(me::line).collect(),
                older: read
                    .next
                    .map(|place| format!("{}/account?before={place}", who.address())),
                newer: ask.after.map(|_| format!("{}/account", who.address())),
                codes: read.codes.iter().map(ToString::to_string).collect(),
                ring: ring(&app, &directory, &who.visitor.invitation),
            };
            html(StatusCode::OK, &view)
        }
        Err(error) => failed(&app, &who.visit, error),
    }
}

/// `POST /link/{link}/end`
pub async fn finish(State(app): State<App>, who: LetIn, _form: Form) -> Response {
    match end(&app.cx, &who.visitor.asking, who.visitor.id).await {
        Ok(()) => Redirect::to(&who.address()).into_response(),
        Err(error) => failed(&app, &who.visit, error),
    }
}
