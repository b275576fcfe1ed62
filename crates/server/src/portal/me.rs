//! The person's own pages: who was told what, with whom, when, why, for what purpose.

use axum::extract::{Query, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Category, Purpose, ResourceId, Role};
use serde::Deserialize;
use serde_json::json;
use sharing::PackAsk;
use sharing::account::{Account, AccountAsk, Earlier, Line, Place, account};
use sharing::acting::acted_for;
use sharing::screened::{THIRD_PARTY, purpose_told};

use super::front::failed;
use super::hearings;
use super::render::{DateView, html};
use super::session::SignedIn;
use super::views::{
    AccountDay, AccountLine, AccountOutcome, AccountPage, ActedFor, ActingPage, Choice,
    EarlierLines, MePage,
};
use super::words;
use crate::app::App;

const PAGE: usize = 50;
const LATEST: usize = 3;
/// The most lines that a filter looks through for one page.
const LOOKED_THROUGH: usize = 1000;

/// `GET /me`
pub async fn home(State(app): State<App>, who: SignedIn) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let (account, wishes) = match both(&app, &who).await {
        Ok(both) => both,
        Err(error) => return failed(&app, &who.visit, error),
    };
    let asked = match hearings::rows(&app, &who).await {
        Ok(rows) => rows.iter().filter(|row| row.waits).count(),
        Err(error) => return failed(&app, &who.visit, error),
    };
    let view = MePage {
        page: who.page(&app),
        asked,
        times: account.entries,
        since: since(&account, &app),
        latest: account.lines.iter().take(LATEST).map(line).collect(),
        stopped: wishes,
    };
    html(StatusCode::OK, &view)
}

async fn both(app: &App, who: &SignedIn) -> Result<(Account, usize), sharing::Error> {
    let account = read(app, who, AccountAsk::first(PAGE)).await?;
    let wishes = sharing::wishes::standing(&app.cx, &who.asking).await?;
    Ok((account, wishes.len()))
}

async fn read(app: &App, who: &SignedIn, page: AccountAsk) -> Result<Account, sharing::Error> {
    account(&app.cx, &who.asking, &page)
        .await?
        .ok_or(sharing::Error::NotFound)
}

/// `GET /me/access`
pub async fn access(State(app): State<App>, who: SignedIn, RawQuery(query): RawQuery) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let filter = Filter::read(query.as_deref().unwrap_or_default());
    let limit = if filter.is_set() {
        LOOKED_THROUGH
    } else {
        PAGE
    };
    let page = AccountAsk {
        limit,
        after: filter.before.clone(),
        of: filter.patient,
        earlier: true,
    };
    let account = match read(&app, &who, page).await {
        Ok(account) => account,
        Err(error) => return failed(&app, &who.visit, error),
    };
    let wanted: Vec<&Line> = account
        .lines
        .iter()
        .filter(|line| filter.takes(line))
        .collect();
    let view = AccountPage {
        page: who.page(&app),
        organisations: organisations(&account, &filter),
        outcomes: outcomes(&filter),
        filtered: filter.is_set(),
        older: account.next.as_ref().map(|next| filter.address(next)),
        newer: filter.before.as_ref().map(|_| filter.first_page()),
        since: since(&account, &app),
        codes: account.codes.iter().map(ToString::to_string).collect(),
        acts_for: filter.patient.map(|patient| patient.to_string()),
        days: days(&wanted),
        earlier: account.earlier.as_ref().map(|it| earlier(it, &filter)),
    };
    html(StatusCode::OK, &view)
}

/// What was told before it was known that one acts for the person.
fn earlier(earlier: &Earlier, filter: &Filter) -> EarlierLines {
    let lines = earlier.lines.iter();
    let wanted: Vec<&Line> = lines.filter(|line| filter.takes(line)).collect();
    let beyond = earlier.beyond.iter().map(|(category, lines)| {
        let lines = match lines {
            1 => "1 line".to_owned(),
            several => format!("{several} lines"),
        };
        format!("{}, {lines}", category.words())
    });
    let mut days = days(&wanted);
    // A line is challenged in the list in which it stands, which is the person's own.
    for line in days.iter_mut().flat_map(|day| &mut day.lines) {
        line.challenge = None;
    }
    EarlierLines {
        days,
        beyond: beyond.collect(),
    }
}

/// `GET /me/acting`: for whom one acts.
pub async fn acting(State(app): State<App>, who: SignedIn) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let people = match acted_for(&app.cx, &who.asking).await {
        Ok(people) => people,
        Err(error) => return failed(&app, &who.visit, error),
    };
    let view = ActingPage {
        page: who.page(&app),
        people: people.into_iter().map(acted_for_row).collect(),
    };
    html(StatusCode::OK, &view)
}

fn acted_for_row(one: sharing::acting::ActedFor) -> ActedFor {
    let kinds: Vec<&str> = one.kinds.iter().map(|kind| kind.words()).collect();
    let unnamed = || "Somebody whose name you may not see".to_owned();
    ActedFor {
        name: one.name.unwrap_or_else(unnamed),
        by: words::capital(&kinds.join(", ")),
        patient: one.patient.to_string(),
    }
}

/// `GET /me/access.json`: the whole account, for keeping.
pub async fn access_json(
    State(app): State<App>,
    who: SignedIn,
    Query(chosen): Query<Chosen>,
) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let (mut lines, mut earlier) = (Vec::new(), Vec::new());
    let mut after = None;
    loop {
        let ask = AccountAsk {
            limit: LOOKED_THROUGH,
            after,
            of: chosen.patient(),
            earlier: true,
        };
        let page = match read(&app, &who, ask).await {
            Ok(page) => page,
            Err(error) => return failed(&app, &who.visit, error),
        };
        lines.extend(page.lines.iter().map(as_json));
        let before = page.earlier.iter().flat_map(|it| &it.lines);
        earlier.extend(before.map(as_json));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let mut body = json!({ "account": lines });
    if !earlier.is_empty() {
        body["earlier"] = earlier.into();
    }
    let body = body.to_string();
    let mut response = (
        StatusCode::OK,
        [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
        body,
    )
        .into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"who-was-told.json\""),
    );
    response
}

/// Which of the lists that an account is made of is wanted, and of whose.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    list: Option<usize>,
    patient: Option<String>,
}

impl Chosen {
    fn patient(&self) -> Option<ResourceId> {
        self.patient.as_deref().map(of_patient)
    }
}

/// Whoever is named, for one who acts for them. What is no id is the id of nobody.
pub(super) fn of_patient(text: &str) -> ResourceId {
    text.parse().unwrap_or(ResourceId([0; 16]))
}

/// `GET /me/access.pack`: a whole list of the account with everything that proves it, for keeping
/// and for showing to others.
pub async fn access_pack(
    State(app): State<App>,
    who: SignedIn,
    Query(chosen): Query<Chosen>,
) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let ask = PackAsk {
        list: chosen.list.unwrap_or(1),
        of: chosen.patient(),
        ..PackAsk::default()
    };
    match sharing::pack(&app.cx, &who.asking, &app.desk.log_key, &ask).await {
        Ok(Some(pack)) => crate::api::download(pack),
        Ok(None) => failed(&app, &who.visit, sharing::Error::NotFound),
        Err(error) => failed(&app, &who.visit, error),
    }
}

fn as_json(line: &Line) -> serde_json::Value {
    let event = &line.event;
    let withheld = event.withheld.iter();
    let withheld: Vec<_> = withheld
        .map(|field| json!({ "field": field, "because": THIRD_PARTY }))
        .collect();
    json!({
        "sentence": words::sentence(event),
        "what": event.what,
        "with": { "name": event.name, "role": event.role, "organisation": event.organisation_name, "told": event.told },
        "when": line.at.to_string(),
        "why": { "because": event.because, "since": event.because_since, "reason": event.reason },
        "withheld": withheld,
        "purpose": event.purpose,
        "basis": event.basis,
        "channel": event.channel,
        "outcome": event.answer,
        "grounds": event.grounds,
        "looks": line.looks,
        "contested": line.contested,
        "entry": { "place": line.index, "commitment": line.commitment, "log_index": line.log_index },
    })
}

/// What the account is narrowed to.
struct Filter {
    organisation: String,
    outcome: String,
    before: Option<Place>,
    /// Whose account, where somebody reads it who acts for that person.
    patient: Option<ResourceId>,
}

impl Filter {
    fn read(query: &str) -> Self {
        let pairs = fhir::search::pairs(query);
        let get = |name: &str| {
            pairs
                .iter()
                .find(|(known, _)| known == name)
                .map_or(String::new(), |(_, value)| value.clone())
        };
        Self {
            organisation: get("organisation"),
            outcome: get("outcome"),
            before: get("before").parse().ok(),
            patient: Some(get("patient"))
                .filter(|text| !text.is_empty())
                .map(|text| of_patient(&text)),
        }
    }

    fn is_set(&self) -> bool {
        !self.organisation.is_empty() || !self.outcome.is_empty()
    }

    fn takes(&self, line: &Line) -> bool {
        let organisation =
            self.organisation.is_empty() || line.event.organisation == self.organisation;
        let outcome = self.outcome.is_empty() || outcome(line).word() == self.outcome;
        organisation && outcome
    }

    fn address(&self, next: &Place) -> String {
        let encode = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        };
        let whose = match self.patient {
            Some(patient) => format!("&patient={patient}"),
            None => String::new(),
        };
        format!(
            "/me/access?organisation={}&outcome={}&before={}{whose}",
            encode(&self.organisation),
            encode(&self.outcome),
            next
        )
    }

    fn first_page(&self) -> String {
        match self.patient {
            Some(patient) => format!("/me/access?patient={patient}"),
            None => "/me/access".to_owned(),
        }
    }
}

fn organisations(account: &Account, filter: &Filter) -> Vec<Choice> {
    let mut all: Vec<(&str, &str)> = account
        .lines
        .iter()
        .filter(|line| !line.event.organisation.is_empty())
        .map(|line| {
            (
                line.event.organisation_name.as_str(),
                line.event.organisation.as_str(),
            )
        })
        .collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter()
        .map(|(name, id)| Choice {
            value: id.to_owned(),
            label: name.to_owned(),
            hint: None,
            chosen: id == filter.organisation,
        })
        .collect()
}

fn outcomes(filter: &Filter) -> Vec<Choice> {
    use AccountOutcome::{Emergency, PartShared, Referred, Refused, Shared};
    [Shared, PartShared, Refused, Referred, Emergency]
        .into_iter()
        .map(|outcome| Choice {
            value: outcome.word().to_owned(),
            label: outcome.word().to_owned(),
            hint: None,
            chosen: outcome.word() == filter.outcome,
        })
        .collect()
}

fn since(account: &Account, app: &App) -> DateView {
    let first = account.lines.last().map_or(app.cx.now(), |line| line.at);
    DateView::day(words::local(first).date())
}

fn days(lines: &[&Line]) -> Vec<AccountDay> {
    lines
        .chunk_by(|a, b| words::local(a.at).date() == words::local(b.at).date())
        .filter_map(|day| {
            let first = day.first()?;
            let mut lines: Vec<AccountLine> = day.iter().map(|one| line(one)).collect();
            lines.sort_by_key(|line| line.outcome != AccountOutcome::Emergency);
            Some(AccountDay {
                on: DateView::day(words::local(first.at).date()),
                lines,
            })
        })
        .collect()
}

fn outcome(line: &Line) -> AccountOutcome {
    let emergency = line
        .event
        .purpose
        .parse()
        .is_ok_and(|purpose: Purpose| purpose.is_a(Purpose::Emergency));
    match line.event.answer.as_str() {
        "PERMIT" | "PERMIT_PART" if emergency => AccountOutcome::Emergency,
        "PERMIT" => AccountOutcome::Shared,
        "PERMIT_PART" => AccountOutcome::PartShared,
        "REFER" => AccountOutcome::Referred,
        _ => AccountOutcome::Refused,
    }
}

/// A line of an account as pages show it.
pub fn line(line: &Line) -> AccountLine {
    let event = &line.event;
    let purpose: Option<Purpose> = event.purpose.parse().ok();
    let role = Role::from_code(&event.role).map_or_else(String::new, Role::words);
    let why = match (event.reason.is_empty(), event.because.is_empty()) {
        (false, _) => event.reason.clone(),
        (true, false) => words::capital(&sharing::because_to_person(&event.because)),
        (true, true) if !event.withheld.is_empty() => {
            "Not shown: it speaks of somebody else".to_owned()
        }
        (true, true) => "No reason was given".to_owned(),
    };
    let own = sharing::event::Operation::Challenge.code();
    let may_challenge = !event.organisation.is_empty() && event.operation != own;
    AccountLine {
        challenge: may_challenge.then(|| format!("/lines/{}/challenge", line.commitment)),
        contested: line.contested,
        reference: line
            .commitment
            .get(..12)
            .unwrap_or(&line.commitment)
            .to_owned(),
        at: words::moment(line.at),
        outcome: outcome(line),
        sentence: words::sentence(event),
        who: if role.is_empty() {
            event.name.clone()
        } else {
            format!("{}, {role}", event.name)
        },
        organisation: event.organisation_name.clone(),
        what: event
            .what
            .iter()
            .filter_map(|code| Category::from_code(code))
            .map(|category| words::capital(category.words()))
            .collect(),
        why,
        purpose: match purpose {
            Some(purpose) => words::capital(purpose.words()),
            None if event.withheld.is_empty() => String::new(),
            None => words::capital(purpose_told(event)),
        },
        // Codes are for auditors; the law or guidance by name is for the person.
        basis: event
            .basis
            .splitn(4, ' ')
            .nth(3)
            .unwrap_or_default()
            .to_owned(),
        channel: match event.channel.as_str() {
            "page" => "on screen",
            "phone" => "by phone",
            "meeting" => "at a meeting",
            "export" => "on paper or as a file",
            "feed" => "as a routine between computer systems",
            _ => "by another computer system",
        }
        .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_older_lines_says_how_far_each_list_was_read() {
        let filter = Filter::read("organisation=hospital&outcome=shared");
        let place: Place = "40.7".parse().expect("a place");
        let address = filter.address(&place);
        let (_, query) = address.split_once('?').expect("a query");
        assert_eq!(query, "organisation=hospital&outcome=shared&before=40.7");
        assert_eq!(Filter::read(query).before, Some(place));
        assert_eq!(Filter::read("before=soon").before, None);
    }
}
