//! Invented views of every page and state, for tests, the accessibility check and screenshots.
//!
//! `CANDOUR_PAGES=DIR cargo test -p server every_page` writes each as a file of its own.

mod agreements;
mod care;
mod challenges;
mod family;
mod front;
mod hearings;
mod link;
mod me;
mod messages;
mod record;
mod representatives;
mod settings;

use jiff::civil::date;

use super::*;
use crate::portal::render::{DateView, MomentView, Phone};

/// A page as the browser gets it, with the name of its file.
pub type Sample = (&'static str, Result<String, askama::Error>);

/// Every page in every state worth looking at.
pub fn all() -> Vec<Sample> {
    let parts = [
        front::pages(),
        agreements::pages(),
        care::pages(),
        record::pages(),
        messages::pages(),
        me::pages(),
        family::pages(),
        representatives::pages(),
        settings::pages(),
        hearings::pages(),
        challenges::pages(),
        link::pages(),
    ];
    parts.into_iter().flatten().collect()
}

fn page(viewer: Viewer) -> Page {
    Page {
        viewer,
        csrf: "c0ffee".into(),
        language: "en-GB".into(),
        demonstration: true,
        desk: contact("Candour help desk", "01632 960999"),
    }
}

fn nobody() -> Page {
    page(Viewer::Nobody)
}

fn at_work() -> Page {
    page(Viewer::Worker {
        name: "Rukhsana Malik".into(),
        role: "Social worker".into(),
        organisation: "Northburn Council social work".into(),
    })
}

fn as_oneself() -> Page {
    page(Viewer::Person {
        name: "Elspeth Carmichael".into(),
    })
}

fn contact(name: &str, number: &str) -> Contact {
    Contact {
        name: name.into(),
        phone: Some(Phone::new(number)),
    }
}

fn choice(value: &str, label: &str) -> Choice {
    Choice {
        value: value.into(),
        label: label.into(),
        ..Choice::default()
    }
}

fn on(text: &str) -> DateView {
    DateView::parse(text)
}

fn at(day: i8, hour: i8, minute: i8) -> MomentView {
    let moment = date(2027, 1, day).at(hour, minute, 0, 0);
    MomentView::at(
        &moment
            .in_tz("Europe/London")
            .expect("London has a time zone"),
    )
}

fn receipt() -> Receipt {
    Receipt {
        code: "7KQ4-M2XD".into(),
        at: at(11, 10, 2),
    }
}

/// The banner of the record's person. The number is no CHI number: no month has 99 days.
fn banner() -> Banner {
    Banner {
        person: "p-8f3a61".into(),
        name: crate::portal::render::banner_name("Carmichael", "Elspeth", "Mrs"),
        preferred: Some("Elsie".into()),
        born: on("1940-11-12"),
        age: Some("86".into()),
        died: None,
        gender: "Female".into(),
        chi: Some("9999999999".into()),
    }
}

#[test]
fn every_page_renders_and_renders_the_same_twice() {
    for ((name, first), (_, second)) in all().into_iter().zip(all()) {
        let first = first.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            Some(&first),
            second.ok().as_ref(),
            "{name} is not the same twice"
        );
        for_the_browser(&format!("{name}.html"), &first);
    }
    let policy = crate::portal::render::CONTENT_SECURITY_POLICY;
    for_the_browser("content-security-policy.txt", policy);
}

/// Keeps a page for the browser tests, in the folder that `CANDOUR_PAGES` names, if any.
fn for_the_browser(name: &str, content: &str) {
    if let Some(folder) = std::env::var_os("CANDOUR_PAGES") {
        let file = std::path::Path::new(&folder).join(name);
        std::fs::write(file, content).expect("the folder named by CANDOUR_PAGES is writable");
    }
}

#[test]
fn titles_and_addresses_hold_no_name_and_no_number() {
    for (name, html) in all() {
        let html = html.expect("every page renders");
        let title = html
            .split("<title>")
            .nth(1)
            .and_then(|rest| rest.split("</title>").next());
        let title = title.expect("every page has a title");
        let places = html
            .split(['"'])
            .filter(|part| part.starts_with('/'))
            .chain([title]);
        for place in places {
            for private in ["9999999999", "Carmichael", "CARMICHAEL", "Elspeth", "1940"] {
                assert!(
                    !place.contains(private),
                    "{name} shows {private} in {place}"
                );
            }
        }
    }
}

#[test]
fn nothing_is_inline_that_the_content_security_policy_forbids() {
    for (name, html) in all() {
        let html = html.expect("every page renders");
        for script in html.split("<script").skip(1) {
            let tag = script.split("</script>").next().unwrap_or_default();
            assert!(
                tag.contains("src=\"/assets/") && tag.ends_with('>'),
                "{name}: {tag}"
            );
        }
        for inline in ["<style", " style=\"", " onclick=\"", "javascript:"] {
            assert!(!html.contains(inline), "{name} contains {inline}");
        }
    }
}

#[test]
fn every_form_that_changes_something_carries_the_token() {
    for (name, html) in all() {
        let html = html.expect("every page renders");
        for form in html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap_or_default();
            if form.contains("method=\"post\"") {
                assert!(
                    form.contains("name=\"csrf\" value=\"c0ffee\""),
                    "{name}: {form}"
                );
            }
        }
    }
}

#[test]
fn what_people_typed_is_shown_as_text_and_never_as_markup() {
    let page = WhyPage {
        page: at_work(),
        person: "p-8f3a61".into(),
        name: Some("<img src=x onerror=alert(1)>".into()),
        reasons: WhyPage::usual_reasons(),
        words: "\"><script>alert(1)</script>".into(),
        errors: Errors::default(),
    };
    let html = askama::Template::render(&page).expect("the page renders");
    assert!(!html.contains("<img") && !html.contains("<script>alert"));
    assert!(html.contains("value=\"&#34;&#62;&#60;script&#62;"));
}
