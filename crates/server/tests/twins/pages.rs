//! The pages, as somebody with a browser walks them.

use std::collections::BTreeMap;

use http::{Method, header};

use crate::ask::{Answer, Ask};
use crate::asks::{encoded, some};
use crate::caller::Caller;
use crate::known::{Knowledge, Known};
use crate::twins::Twins;

/// Walks every page that there is for somebody at work, or for a person.
pub async fn walk(twins: &mut Twins, caller: &Caller, knowledge: &Knowledge, turn: usize) {
    let mut browser = Browser::default();
    browser.sign_in(twins, caller.name).await;
    for path in [
        "/",
        "/help",
        "/privacy",
        "/accessibility",
        "/nowhere",
        "/care",
        "/me",
    ] {
        browser.get(twins, path).await;
    }
    for path in [
        "/me/access",
        "/me/access.json",
        "/me/sharing",
        "/me/access?outcome=Refused&before=3",
    ] {
        browser.get(twins, path).await;
    }
    let is_patient = |known: &&Known| known.resource_type == "Patient";
    let hidden = knowledge.hidden.iter().filter(is_patient);
    for patient in hidden.chain(knowledge.seen.iter().filter(is_patient).take(2)) {
        browser.find(twins, patient).await;
    }
    let mut ids: Vec<String> = Vec::new();
    ids.extend(knowledge.patients().iter().map(ToString::to_string));
    // Ids of what is no Patient, and an id of nobody.
    ids.extend(some(&knowledge.hidden, 3, turn).map(|known| known.id.to_string()));
    ids.push("0b8e3f64-1d2c-4b5a-9e8f-7a6b5c4d3e2f".to_owned());
    for id in &ids {
        browser.record(twins, id).await;
        browser.call(twins, id).await;
        browser.why(twins, id, "planned").await;
        browser.record(twins, id).await;
        if caller.in_emergencies {
            for reason in ["safeguarding", "emergency"] {
                browser.why(twins, id, reason).await;
                browser.record(twins, id).await;
            }
        }
        if twins.is_enough() {
            return;
        }
    }
    browser.get(twins, "/care").await;
    browser.get(twins, "/care/people/s/nonsense").await;
    browser.post(twins, "/care/people", &[("name", "x")]).await;
    browser.post(twins, "/sign-out", &[]).await;
}

/// A browser for each world: its cookies, and what its forms must send back.
#[derive(Default)]
struct Browser {
    cookies: [BTreeMap<String, String>; 2],
    csrf: [String; 2],
}

impl Browser {
    async fn sign_in(&mut self, twins: &mut Twins, name: &str) {
        self.get(twins, "/sign-in").await;
        self.post(twins, "/sign-in", &[("as", name)]).await;
    }

    async fn get(&mut self, twins: &mut Twins, path: &str) -> [Answer; 2] {
        self.each(twins, [Ask::get(path), Ask::get(path)]).await
    }

    async fn post(
        &mut self,
        twins: &mut Twins,
        path: &str,
        fields: &[(&str, &str)],
    ) -> [Answer; 2] {
        let asks = self.csrf.clone().map(|csrf| {
            let fields = fields.iter().copied().chain([("csrf", csrf.as_str())]);
            let fields: Vec<String> = fields
                .map(|(name, value)| format!("{name}={}", encoded(value)))
                .collect();
            let form = Ask::new(Method::POST, path, fields.join("&"));
            form.with("content-type", "application/x-www-form-urlencoded")
        });
        self.each(twins, asks).await
    }

    async fn each(&mut self, twins: &mut Twins, asks: [Ask; 2]) -> [Answer; 2] {
        let [with, without] = asks;
        let with = self.carrying(0, with);
        let without = self.carrying(1, without);
        let answers = twins.ask_each([&with, &without]).await;
        for (world, answer) in answers.iter().enumerate() {
            self.keep(world, answer);
        }
        answers
    }

    fn carrying(&self, world: usize, ask: Ask) -> Ask {
        let cookies: Vec<String> = self.cookies[world]
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        ask.with("cookie", cookies.join("; "))
    }

    fn keep(&mut self, world: usize, answer: &Answer) {
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("a cookie");
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies[world].insert(name.to_owned(), value.to_owned());
        }
        if let Some(csrf) = between(&answer.body, "name=\"csrf\" value=\"", '"') {
            self.csrf[world] = csrf;
        }
    }

    /// Goes where an answer sends one.
    async fn go_on(&mut self, twins: &mut Twins, answers: [Answer; 2]) {
        let to = answers.map(|answer| answer.header(header::LOCATION).map(str::to_owned));
        if let [Some(with), Some(without)] = to {
            self.each(twins, [Ask::get(with), Ask::get(without)]).await;
        }
    }

    /// Looks for somebody by everything that they are known by.
    async fn find(&mut self, twins: &mut Twins, patient: &Known) {
        let resource: serde_json::Value = serde_json::from_str(&patient.json).expect("JSON");
        let born = resource["birthDate"].as_str().unwrap_or_default();
        let born: Vec<&str> = born.split('-').collect();
        let number = resource["identifier"][0]["value"]
            .as_str()
            .unwrap_or_default();
        let mut looks = vec![vec![("chi", number.to_owned())]];
        for name in resource["name"].as_array().into_iter().flatten() {
            let name = name["family"].as_str().unwrap_or_default().to_owned();
            let mut look = vec![("name", name)];
            if let [year, month, day] = born.as_slice() {
                for (field, part) in [
                    ("born_year", year),
                    ("born_month", month),
                    ("born_day", day),
                ] {
                    look.push((field, (*part).to_owned()));
                }
            }
            looks.push(look);
        }
        for look in looks {
            let fields: Vec<(&str, &str)> =
                look.iter().map(|(name, value)| (*name, &**value)).collect();
            let answers = self.post(twins, "/care/people", &fields).await;
            self.go_on(twins, answers).await;
        }
    }

    /// Opens a record and leafs through it to the oldest page.
    async fn record(&mut self, twins: &mut Twins, id: &str) {
        let mut answers = self.get(twins, &format!("/care/people/{id}")).await;
        loop {
            let older = answers
                .each_ref()
                .map(|answer| between(&answer.body, "?before=", '"'));
            let [Some(with), Some(without)] = older else {
                return;
            };
            let [with, without] =
                [with, without].map(|place| Ask::get(format!("/care/people/{id}?before={place}")));
            answers = self.each(twins, [with, without]).await;
            if twins.is_enough() {
                return;
            }
        }
    }

    async fn why(&mut self, twins: &mut Twins, id: &str, reason: &str) {
        let path = format!("/care/people/{id}/why");
        self.get(twins, &path).await;
        let mut fields = vec![("reason", reason), ("words", "Asked by the ward")];
        if reason == "emergency" {
            self.post(twins, &path, &fields).await;
            fields.push(("confirmed", "yes"));
        }
        self.post(twins, &path, &fields).await;
    }

    async fn call(&mut self, twins: &mut Twins, id: &str) {
        let path = format!("/care/people/{id}/calls");
        self.get(twins, &format!("{path}/new?with=Morna")).await;
        let note = [
            ("spoke", "other"),
            ("other", "Morna Jardine"),
            ("told", "contact"),
            ("why", "To plan"),
        ];
        let answers = self.post(twins, &path, &note).await;
        self.go_on(twins, answers).await;
    }
}

/// What stands between a mark and an end.
fn between(text: &str, mark: &str, end: char) -> Option<String> {
    let (_, rest) = text.split_once(mark)?;
    let (value, _) = rest.split_once(end)?;
    Some(value.to_owned())
}
