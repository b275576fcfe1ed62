//! Who is visiting: a sealed cookie says who signed in, and the directory says each time whether
//! they still may.

use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::time::draw;
use domain::{
    Assurance, Caller, Capacity, PersonId, Purpose, ResourceId, Timestamp, TokenId, WorkerId,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sharing::{Asking, Channel};
use store::{Change, Expect, Write};

use super::front::fault;
use super::views::{Fault, Page, Viewer};
use super::words;
use crate::app::App;

/// The cookie that says who signed in; before that, who asked for the sign-in page.
const VISIT: &str = "candour_visit";
/// How long a sign-in lasts: a shift.
const LASTS_SECONDS: i64 = 12 * 3600;

/// Somebody with a browser, signed in or not.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Visit {
    /// Who signed in.
    pub who: Option<Who>,
    /// The session, which can be revoked like any token.
    token: String,
    /// When it ends.
    expires: Timestamp,
    /// The sealed cookie itself, which no other site can read.
    #[serde(skip)]
    cookie: Option<String>,
}

/// Who signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// A worker.
    Worker(WorkerId),
    /// A person, as themself.
    Person {
        /// Who.
        person: PersonId,
        /// Their name.
        name: String,
    },
    /// Somebody without an account, by one-time links.
    LetIn {
        /// The links that were opened in this browser.
        links: Vec<ResourceId>,
    },
}

impl Visit {
    /// The visit that the cookie tells of, or that of somebody unknown.
    #[must_use]
    pub fn of(app: &App, headers: &HeaderMap) -> Self {
        let cookie = cookie(headers, VISIT);
        let visit: Option<Self> = cookie.as_deref().and_then(|text| unseal(app, VISIT, text));
        match visit.filter(|visit| app.cx.now() < visit.expires) {
            Some(visit) => Self { cookie, ..visit },
            None => Self {
                who: None,
                token: String::new(),
                expires: Timestamp(0),
                cookie: None,
            },
        }
    }

    /// Begins a visit, signed in or not.
    #[must_use]
    pub fn begin(app: &App, who: Option<Who>) -> Self {
        let token = URL_SAFE_NO_PAD.encode(draw::<16>(app.cx.chance.as_ref()));
        let mut visit = Self {
            who,
            token,
            expires: app.cx.now().plus_seconds(LASTS_SECONDS),
            cookie: None,
        };
        visit.cookie = seal(app, VISIT, &visit);
        visit
    }

    /// The same browser let in by a one-time link, for as long as the link lasts; beside others that
    /// were opened in it before.
    #[must_use]
    pub fn let_in(&self, app: &App, link: ResourceId, until: Timestamp) -> Self {
        let (mut links, before) = match &self.who {
            Some(Who::LetIn { links }) => (links.clone(), self.expires),
            _ => (Vec::new(), until),
        };
        links.retain(|it| *it != link);
        links.push(link);
        let mut visit = Self {
            who: Some(Who::LetIn { links }),
            token: self.token.clone(),
            expires: until.max(before),
            cookie: None,
        };
        visit.cookie = seal(app, VISIT, &visit);
        visit
    }

    /// What only this browser holds; empty if it holds nothing of ours.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.token
    }

    /// What a form must send back: known to our own pages alone.
    #[must_use]
    pub fn csrf(&self) -> Option<String> {
        let cookie = self.cookie.as_ref()?;
        Some(URL_SAFE_NO_PAD.encode(digest(&SHA256, cookie.as_bytes())))
    }

    /// Sends the visit's cookie with an answer.
    #[must_use]
    pub fn carried_by(&self, app: &App, response: Response) -> Response {
        match &self.cookie {
            Some(cookie) => {
                let seconds = (self.expires.0 - app.cx.now().0) / 1_000_000;
                with_cookie(app, response, VISIT, cookie, seconds)
            }
            None => response,
        }
    }

    /// Ends the visit everywhere, at once.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn end(&self, app: &App) -> Result<(), sharing::Error> {
        let revoke = Write::Revoke {
            token: TokenId::new(&self.token),
            expires: self.expires,
        };
        app.cx
            .store
            .commit(
                Change {
                    writes: vec![revoke],
                    ..Change::default()
                },
                Expect::default(),
            )
            .await?;
        Ok(())
    }
}

/// Takes the visit's cookie back.
#[must_use]
pub fn without_visit(app: &App, response: Response) -> Response {
    with_cookie(app, response, VISIT, "", 0)
}

/// Somebody who is signed in, and for what they ask.
#[derive(Clone)]
pub struct SignedIn {
    /// The visit.
    pub visit: Visit,
    /// Who asks; the purpose is the usual one of their role.
    pub asking: Asking,
    /// What they do and for whom, in words.
    viewer: Viewer,
}

impl SignedIn {
    /// The common parts of a page.
    #[must_use]
    pub fn page(&self, app: &App) -> Page {
        page(app, &self.visit, self.viewer.clone())
    }

    /// Whether a worker is signed in, rather than a person.
    #[must_use]
    pub fn at_work(&self) -> bool {
        self.asking.caller.worker().is_some()
    }
}

/// The common parts of a page.
#[must_use]
pub fn page(app: &App, visit: &Visit, viewer: Viewer) -> Page {
    Page {
        viewer,
        csrf: visit.csrf().unwrap_or_default(),
        language: "en-GB".to_owned(),
        demonstration: app.desk.demonstration,
        desk: app.desk.contact(),
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let visit = Visit::of(app, &parts.headers);
        match signed_in(app, visit.clone()).await {
            Ok(Some(signed_in)) => Ok(signed_in),
            Ok(None) => Err(Redirect::to("/sign-in").into_response()),
            Err(error) => {
                tracing::error!(
                    error = error.to_string(),
                    "a session could not be looked up"
                );
                Err(fault(app, &visit, Fault::Unavailable))
            }
        }
    }
}

async fn signed_in(app: &App, visit: Visit) -> Result<Option<SignedIn>, sharing::Error> {
    let Some(who) = visit.who.clone() else {
        return Ok(None);
    };
    let token = TokenId::new(&visit.token);
    let mut snapshot = app.cx.store.snapshot().await?;
    if snapshot.is_revoked(&token).await? {
        return Ok(None);
    }
    let directory = snapshot.directory().await?;
    let (caller, purpose, viewer) = match who {
        Who::Person { person, name } => {
            let caller = Caller {
                name: name.clone(),
                capacity: Capacity::Person(person),
                assurance: Assurance::Substantial,
            };
            (caller, Purpose::PersonRequest, Viewer::Person { name })
        }
        Who::LetIn { .. } => return Ok(None),
        Who::Worker(id) => {
            let now = app.cx.now();
            let in_post = |worker: &&domain::Worker| worker.until.is_none_or(|until| now < until);
            let Some(worker) = directory.workers.get(&id).filter(in_post) else {
                return Ok(None);
            };
            let Some(organisation) = directory.organisations.get(&worker.organisation) else {
                return Ok(None);
            };
            let caller = Caller {
                name: worker.name.clone(),
                capacity: Capacity::Worker {
                    worker: worker.id.clone(),
                    role: worker.role,
                    organisation: organisation.id.clone(),
                    organisation_kind: organisation.kind,
                    team: worker.team.clone(),
                },
                assurance: Assurance::Substantial,
            };
            let viewer = Viewer::Worker {
                name: worker.name.clone(),
                role: words::capital(&worker.role.words()),
                organisation: organisation.name.clone(),
            };
            (caller, words::usual_purpose(worker.role), viewer)
        }
    };
    let asking = Asking {
        caller,
        token,
        purpose,
        reason: None,
        channel: Channel::Page,
        idempotency: None,
    };
    Ok(Some(SignedIn {
        visit,
        asking,
        viewer,
    }))
}

/// Seals a value for a cookie or address of this name; `None` if it cannot be written.
pub fn seal(app: &App, name: &str, value: &impl Serialize) -> Option<String> {
    let plain = serde_json::to_vec(value).ok()?;
    let sealed = app
        .desk
        .session_key
        .seal(draw(app.cx.chance.as_ref()), name.as_bytes(), &plain)
        .ok()?;
    Some(URL_SAFE_NO_PAD.encode(sealed))
}

/// Opens what [`seal`] made under the same name.
pub fn unseal<T: DeserializeOwned>(app: &App, name: &str, text: &str) -> Option<T> {
    let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
    let plain = app.desk.session_key.open(name.as_bytes(), &sealed).ok()?;
    serde_json::from_slice(&plain).ok()
}

/// A cookie's value.
#[must_use]
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.to_owned())
}

/// Adds a cookie that no script and no other site sees.
#[must_use]
pub fn with_cookie(
    app: &App,
    mut response: Response,
    name: &str,
    value: &str,
    seconds: i64,
) -> Response {
    let secure = if app.desk.secure_cookies {
        "; Secure"
    } else {
        ""
    };
    let cookie =
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
