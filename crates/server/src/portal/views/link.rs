//! One-time links: giving them, and what somebody without an account sees by one.

use askama::Template;

use super::common::{Choice, Contact, Errors, Page, Viewer};
use super::me::AccountLine;
use super::record::Banner;
use crate::portal::render::{DateView, MomentView};

/// `/care/people/{p}/links` and `/me/links`: who may read something by a link, and giving one.
#[derive(Debug, Clone, Template)]
#[template(path = "link/links.html")]
pub struct LinksPage {
    /// Common parts.
    pub page: Page,
    /// Whose record it is, for a worker; `None` for the person.
    pub person: Option<Banner>,
    /// The address of this page.
    pub address: String,
    /// The link that was given just now: its secrets are shown this once.
    pub given: Option<GivenLink>,
    /// The links that were given, newest first.
    pub links: Vec<LinkRow>,
    /// The name typed.
    pub name: String,
    /// What they may be to the person.
    pub kinds: Vec<Choice>,
    /// For whom they come, as typed.
    pub organisation: String,
    /// What they may read.
    pub about: Vec<Choice>,
    /// For how long.
    pub days: Vec<Choice>,
    /// Why, as typed.
    pub why: String,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// A link that was given just now.
#[derive(Debug, Clone)]
pub struct GivenLink {
    /// To whom.
    pub name: String,
    /// Its address, to be sent.
    pub address: String,
    /// Its code, to be spoken: two groups of three digits.
    pub code: String,
    /// When it ends.
    pub until: MomentView,
}

/// A link that was given.
#[derive(Debug, Clone)]
pub struct LinkRow {
    /// Opaque id.
    pub link: String,
    /// To whom.
    pub who: String,
    /// What they may read.
    pub about: String,
    /// Why.
    pub why: String,
    /// Who gave it.
    pub giver: String,
    /// When it ends, or ended.
    pub until: MomentView,
    /// When it was opened.
    pub opened: Option<MomentView>,
    /// Whether it can still be ended.
    pub live: bool,
}

/// `/open/{s}`: the code. It says nothing of anybody, whatever the address.
#[derive(Debug, Clone, Template)]
#[template(path = "link/open.html")]
pub struct OpenLinkPage {
    /// Common parts.
    pub page: Page,
    /// The secret part of the address.
    pub link: String,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// A link that the visitor knows the code of, and that opens nothing any more.
#[derive(Debug, Clone, Template)]
#[template(path = "link/ended.html")]
pub struct EndedLinkPage {
    /// Common parts.
    pub page: Page,
    /// When it ended; `None` where it was opened in another browser.
    pub ended: Option<MomentView>,
    /// Who gave it.
    pub giver: String,
    /// Whom to ring.
    pub ring: Contact,
}

/// `/link/{l}`: what the visitor may read, who let them, and until when.
#[derive(Debug, Clone, Template)]
#[template(path = "link/home.html")]
pub struct LetInPage {
    /// Common parts.
    pub page: Page,
    /// The address of the link's first page.
    pub address: String,
    /// The visitor.
    pub name: String,
    /// Who gave the link.
    pub giver: String,
    /// Why.
    pub why: String,
    /// What may be read of the record, in words; empty if only the account.
    pub about: String,
    /// Whether the account may be read.
    pub account: bool,
    /// When it ends.
    pub until: MomentView,
    /// Whom to ring.
    pub ring: Contact,
}

/// `/link/{l}/record`: what the link opens of the record, newest first.
#[derive(Debug, Clone, Template)]
#[template(path = "link/record.html")]
pub struct LinkRecordPage {
    /// Common parts.
    pub page: Page,
    /// The address of the link's first page.
    pub address: String,
    /// The person's name, if the link opens that.
    pub name: Option<String>,
    /// What is there.
    pub lines: Vec<LinkLine>,
    /// Whether there is more than a page.
    pub more: bool,
    /// Whom to ring.
    pub ring: Contact,
}

/// One thing of a record.
#[derive(Debug, Clone)]
pub struct LinkLine {
    /// When it happened.
    pub on: DateView,
    /// What sort of thing.
    pub kind: String,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub source: String,
}

/// `/link/{l}/account`: who was told what, as far as the link goes.
#[derive(Debug, Clone, Template)]
#[template(path = "link/account.html")]
pub struct LinkAccountPage {
    /// Common parts.
    pub page: Page,
    /// The address of the link's first page.
    pub address: String,
    /// The lines, newest first.
    pub lines: Vec<AccountLine>,
    /// Address of older lines.
    pub older: Option<String>,
    /// Address of newer lines.
    pub newer: Option<String>,
    /// The codes of the lists that the account is made of.
    pub codes: Vec<String>,
    /// Whom to ring.
    pub ring: Contact,
}
