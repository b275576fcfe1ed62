//! Somebody at a browser without JavaScript: a cookie, the token that forms carry, and what the
//! page says.

use axum::body::Body;
use http::{Method, Request, header};

use crate::answer::Answer;
use crate::hall::Hall;

/// A browser with somebody signed in.
pub struct Browser<'h> {
    hall: &'h Hall,
    cookies: Vec<(String, String)>,
    csrf: String,
    /// How many links were followed and forms sent since they signed in.
    pub clicks: usize,
}

impl<'h> Browser<'h> {
    /// Nobody who is known.
    pub fn nobody(hall: &'h Hall) -> Self {
        Self {
            hall,
            cookies: Vec::new(),
            csrf: String::new(),
            clicks: 0,
        }
    }

    /// Signs somebody of the town in.
    pub async fn of(hall: &'h Hall, key: &str) -> Self {
        let mut browser = Self::nobody(hall);
        browser.gets("/sign-in").await;
        browser.posts("/sign-in", &[("as", key)]).await;
        // The token changes with the cookie: any page has the new one.
        browser.gets("/help").await;
        browser.clicks = 0;
        browser
    }

    /// Opens a page.
    pub async fn gets(&mut self, path: &str) -> Answer {
        self.asks(Method::GET, path, Body::empty()).await
    }

    /// Sends a form, with the token of the page before.
    pub async fn posts(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let pairs = fields.iter().copied().chain([("csrf", &*csrf)]);
        let body: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        self.asks(Method::POST, path, body.join("&").into()).await
    }

    /// Sends a form and follows where it leads.
    pub async fn does(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.posts(path, fields).await.is(303);
        let to = answer.header("location").to_owned();
        let page = self.gets(&to).await.is(200);
        // The browser follows by itself.
        self.clicks -= 1;
        page
    }

    async fn asks(&mut self, method: Method, path: &str, body: Body) -> Answer {
        self.clicks += 1;
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        let response = self.hall.carry(request.expect("a request")).await;
        let answer = Answer::of(response).await;
        self.remember(&answer);
        answer
    }

    fn remember(&mut self, answer: &Answer) {
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("a cookie");
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("name and value");
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        if let Some(rest) = answer.text().split("name=\"csrf\" value=\"").nth(1) {
            let token = rest.split('"').next().unwrap_or_default();
            token.clone_into(&mut self.csrf);
        }
    }
}

/// The words of a page, without its markup.
pub fn words(page: &Answer) -> String {
    let mut words = String::new();
    let mut in_tag = false;
    for letter in page.text().chars() {
        match letter {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                words.push(' ');
            }
            letter if !in_tag => words.push(letter),
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The address of the first link whose text is this.
pub fn link(page: &Answer, text: &str) -> String {
    let html = page.text();
    let end = html.find(&format!(">{text}</a>"));
    let end = end.unwrap_or_else(|| panic!("no link {text} in {}", words(page)));
    let start = html[..end].rfind("href=\"").expect("an address") + 6;
    let address = &html[start..end];
    address.split('"').next().unwrap_or_default().to_owned()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}
