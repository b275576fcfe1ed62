//! An event in someone's account: what was told, or refused, with whom, when, why and for what
//! purpose. One value from the decision to the page, the log and the proof.

use domain::{Caller, Capacity, Category, HomeId, Timestamp};
use ledger::audit::{GROUND, UNTIL};
use ledger::{EntryKey, Field, HomeKey, Opening, Record, Salts, ViewId, seal::seal_entry};
use policy::{Decision, Facts, Ground};
use serde::{Deserialize, Serialize};
use store::{HeldBack, NewEntry, StoredEntry};

use crate::contribute::THE_PERSON;
use crate::{Asking, Context, Error, spoken};

/// What kind of operation an event was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// One resource was asked for.
    Read,
    /// Resources of a kind were looked for.
    Search,
    /// The whole record was asked for.
    Everything,
    /// The original of a contribution was asked for.
    Original,
    /// Somebody like this person was looked for.
    Find,
    /// A call or meeting was noted.
    Call,
    /// The account itself was read.
    Account,
    /// What was told before it was known that the reader acts for the person was read of.
    Earlier,
    /// A message was sent or opened.
    Message,
    /// Information was asked for from another agency.
    Request,
    /// Another agency's request was answered, or refused.
    Response,
    /// Another agency was told of a concern.
    Concern,
    /// Another agency was asked into a discussion about the person.
    Discussion,
    /// Something was told, or decided, in such a discussion.
    Statement,
    /// Somebody close to the person asked or told something, or was answered.
    Family,
    /// An entry of the account was erased.
    Erase,
    /// A legal hold was put on the record, or lifted.
    LegalHold,
    /// Two accounts are of one person, as a steward says, or as the exchange finds.
    Join,
    /// Two people who were one by mistake were parted.
    Breach,
    /// A decision about the person's life was planned, heard or made.
    Decision,
    /// Something that decisions about the person turn on was recorded.
    Fact,
    /// Words of an entry were withheld or told again, or what is withheld in one was opened.
    Screened,
    /// What somebody was told by word of mouth was taken back as wrong.
    Correction,
    /// A message about the person was taken back as wrong.
    Retraction,
    /// A one-time link was given to somebody without an account, opened or ended.
    Invitation,
    /// A refusal or a line of the account was challenged, or decided about anew.
    Challenge,
}

impl Operation {
    /// Every operation.
    pub const ALL: &'static [Operation] = &[
        Self::Read,
        Self::Search,
        Self::Everything,
        Self::Original,
        Self::Find,
        Self::Call,
        Self::Account,
        Self::Earlier,
        Self::Message,
        Self::Request,
        Self::Response,
        Self::Concern,
        Self::Discussion,
        Self::Statement,
        Self::Family,
        Self::Erase,
        Self::LegalHold,
        Self::Join,
        Self::Breach,
        Self::Decision,
        Self::Fact,
        Self::Screened,
        Self::Correction,
        Self::Retraction,
        Self::Invitation,
        Self::Challenge,
    ];

    /// The word in records.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Search => "search",
            Self::Everything => "everything",
            Self::Original => "original",
            Self::Find => "find",
            Self::Call => "call",
            Self::Account => "account",
            Self::Earlier => "earlier",
            Self::Message => "message",
            Self::Request => "request",
            Self::Response => "response",
            Self::Concern => "concern",
            Self::Discussion => "discussion",
            Self::Statement => "statement",
            Self::Family => "family",
            Self::Erase => "erase",
            Self::LegalHold => "legal-hold",
            Self::Join => "join",
            Self::Breach => "breach",
            Self::Decision => "decision",
            Self::Fact => "fact",
            Self::Screened => "screened",
            Self::Correction => "correction",
            Self::Retraction => "retraction",
            Self::Invitation => "invitation",
            Self::Challenge => "challenge",
        }
    }
}

/// An event as its record keeps it. Every field is text, so that any language can show it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What was done.
    pub operation: String,
    /// What it was about, as category codes.
    pub what: Vec<String>,
    /// The name of who asked or was told.
    pub name: String,
    /// Their id in the directory; empty for the person themself or an outsider.
    pub worker: String,
    /// Their role code; empty for an outsider.
    pub role: String,
    /// Their agency's id; empty for the person themself or an outsider.
    pub organisation: String,
    /// Their agency's name.
    pub organisation_name: String,
    /// Who was told by them on the phone or at a meeting; empty where the asker is who was told.
    pub told: String,
    /// When, as FHIR `instant`.
    pub at: String,
    /// The purpose code.
    pub purpose: String,
    /// Through what it was told: [`Channel`](crate::Channel) code.
    pub channel: String,
    /// The answer code.
    pub answer: String,
    /// Ground codes, if not everything was shared.
    pub grounds: Vec<String>,
    /// Why they may see the record, as code; empty if they may not.
    pub because: String,
    /// Since when that holds, as FHIR `instant`; may be empty.
    pub because_since: String,
    /// Their own words; screened apart from the rest because it may speak of others.
    pub reason: String,
    /// The lawful basis: codes and authority.
    pub basis: String,
    /// Obligation codes.
    pub obligations: Vec<String>,
    /// How many resources were released.
    pub count: u32,
    /// SHA-256 over exactly what was released, lower-case hex; empty if nothing was.
    pub content: String,
    /// Rules version, policy hash and facts digest, for replay.
    pub rules: String,
    /// The chain in which this stood alone while it was held back, lower-case hex; else empty.
    #[serde(default)]
    pub opens: String,
    /// The commitment of the entry that this says was erased, lower-case hex; else empty.
    #[serde(default)]
    pub erases: String,
    /// What stands for the member of staff who asked, for this person; given when it is sealed.
    #[serde(default)]
    pub alias: String,
    /// Whose matter it was: [`ANOTHERS`], or empty for the person's own.
    #[serde(default)]
    pub matter: String,
    /// The fields that this reader is not told, because they speak of somebody else; not kept.
    #[serde(skip)]
    pub withheld: Vec<&'static str>,
}

/// The matter of an entry that was made for somebody else's sake.
pub const ANOTHERS: &str = "anothers";

const LIST: char = ' ';

/// Why somebody who may not see it yet waits, where that is because sharing with them is challenged: their
/// ground alone says that it is locked.
fn waiting(decision: &Decision) -> String {
    let mut advice = decision.counterfactuals.iter();
    let waits = advice.any(|one| one.code == policy::explain::WAITS);
    let code = waits.then_some(policy::explain::WAITS);
    code.unwrap_or_default().to_owned()
}

impl Event {
    /// An event about a decision, before anything is known of what is released.
    #[must_use]
    pub fn of(
        asking: &Asking,
        organisation_name: &str,
        operation: Operation,
        decision: &Decision,
        now: Timestamp,
    ) -> Self {
        let because = decision.because.as_ref();
        Self {
            answer: decision.answer.code().to_owned(),
            grounds: codes(&decision.grounds, |ground: &Ground| ground.code()),
            because: because.map_or_else(|| waiting(decision), |why| why.code.to_owned()),
            because_since: because
                .and_then(|why| why.since)
                .map_or_else(String::new, |since| since.to_string()),
            basis: decision.basis.as_ref().map_or_else(String::new, |basis| {
                let article_9 = basis.article_9.unwrap_or("-");
                format!(
                    "{} {} {} {}",
                    basis.article_6, article_9, basis.confidence, basis.authority
                )
            }),
            obligations: codes(&decision.obligations, |obligation| obligation.code()),
            rules: format!(
                "{} {} {}",
                decision.rules_version,
                decision.policy_hash,
                hex(&decision.facts_digest)
            ),
            ..Self::plain(asking, organisation_name, operation, now)
        }
    }

    /// An event with no decision: something noted, or a search that met nobody.
    #[must_use]
    pub fn plain(
        asking: &Asking,
        organisation_name: &str,
        operation: Operation,
        now: Timestamp,
    ) -> Self {
        let caller = &asking.caller;
        Self {
            operation: operation.code().to_owned(),
            what: Vec::new(),
            name: caller.name.clone(),
            worker: caller
                .worker()
                .map_or_else(String::new, ToString::to_string),
            role: role_of(caller).to_owned(),
            organisation: caller
                .organisation()
                .map_or_else(String::new, ToString::to_string),
            organisation_name: organisation_name.to_owned(),
            told: String::new(),
            at: now.to_string(),
            purpose: asking.purpose.code().to_owned(),
            channel: asking.channel.code().to_owned(),
            answer: String::new(),
            grounds: Vec::new(),
            because: String::new(),
            because_since: String::new(),
            reason: asking.reason.clone().unwrap_or_default(),
            basis: String::new(),
            obligations: Vec::new(),
            count: 0,
            content: String::new(),
            rules: String::new(),
            opens: String::new(),
            erases: String::new(),
            alias: String::new(),
            matter: String::new(),
            withheld: Vec::new(),
        }
    }

    /// The event with what whoever asked is to the person: somebody who is no worker is the person
    /// themself, acts for them, or is somebody else.
    pub(crate) fn by(&self, asking: &Asking, facts: &Facts, decision: &Decision) -> Self {
        let own = Capacity::Person(facts.person);
        let asker = facts.caller(&asking.caller).capacity;
        let role = match (
            &asker,
            decision.because.as_ref().map(|because| because.code),
        ) {
            (Capacity::Worker { .. } | Capacity::Outsider { .. }, _) => return self.clone(),
            (asker, _) if *asker == own => THE_PERSON,
            (_, Some("acts-for-person")) => "representative",
            _ => "another-person",
        };
        Self {
            role: role.to_owned(),
            ..self.clone()
        }
    }

    /// Whether it says what this decision came to, and nothing else was found since.
    pub(crate) fn says(&self, decision: &Decision) -> bool {
        let grounds = codes(&decision.grounds, |ground: &Ground| ground.code());
        self.answer == decision.answer.code() && self.grounds == grounds
    }

    /// The event as if the decision had come to this.
    pub(crate) fn answered(self, decision: &Decision) -> Self {
        Self {
            answer: decision.answer.code().to_owned(),
            grounds: codes(&decision.grounds, |ground: &Ground| ground.code()),
            obligations: codes(&decision.obligations, |obligation| obligation.code()),
            ..self
        }
    }

    /// Says what was released: the categories, how many resources, and a digest of exactly those.
    pub fn released(&mut self, what: &[Category], count: usize, content: [u8; 32]) {
        self.what = codes(what, |category| category.code());
        self.count = u32::try_from(count).unwrap_or(u32::MAX);
        self.content = hex(&content);
    }

    /// Says that what was asked for is not opened, although the person's record is in part.
    pub fn refused(&mut self, ground: Ground) {
        self.answer = policy::Answer::Deny.code().to_owned();
        self.grounds = vec![ground.code().to_owned()];
        self.basis.clear();
    }

    /// The record of the event; one that is held back also says on which ground and until when.
    fn record(&self, alias: &str, held: Option<&HeldBack>) -> Result<Record, Error> {
        let field = |name: &str, value: &str| Field {
            name: name.to_owned(),
            value: value.as_bytes().to_vec(),
        };
        let list = |name: &str, values: &[String]| field(name, &values.join(&LIST.to_string()));
        let mut fields = vec![
            field("operation", &self.operation),
            list("what", &self.what),
            field("name", &self.name),
            field("worker", &self.worker),
            field("role", &self.role),
            field("organisation", &self.organisation),
            field("organisation-name", &self.organisation_name),
            field("told", &self.told),
            field("at", &self.at),
            field("purpose", &self.purpose),
            field("channel", &self.channel),
            field("answer", &self.answer),
            list("grounds", &self.grounds),
            field("because", &self.because),
            field("because-since", &self.because_since),
            field("reason", &self.reason),
            field("basis", &self.basis),
            list("obligations", &self.obligations),
            field("count", &self.count.to_string()),
            field("content", &self.content),
            field("rules", &self.rules),
            field(ledger::pack::OPENS, &self.opens),
            field(ledger::pack::ERASES, &self.erases),
            field("alias", alias),
            field("matter", &self.matter),
        ];
        if let Some(held) = held {
            fields.push(field(GROUND, &held.ground));
            fields.push(field(UNTIL, &held.until.0.to_string()));
        }
        Record::new(fields).map_err(unreadable)
    }

    pub(crate) fn of_record(record: &Record) -> Self {
        let text = |name: &str| {
            record.get(name).map_or_else(String::new, |value| {
                String::from_utf8_lossy(value).into_owned()
            })
        };
        let list = |name: &str| {
            text(name)
                .split(LIST)
                .filter(|code| !code.is_empty())
                .map(str::to_owned)
                .collect()
        };
        Self {
            operation: text("operation"),
            what: list("what"),
            name: text("name"),
            worker: text("worker"),
            role: text("role"),
            organisation: text("organisation"),
            organisation_name: text("organisation-name"),
            told: text("told"),
            at: text("at"),
            purpose: text("purpose"),
            channel: text("channel"),
            answer: text("answer"),
            grounds: list("grounds"),
            because: text("because"),
            because_since: text("because-since"),
            reason: text("reason"),
            basis: text("basis"),
            obligations: list("obligations"),
            count: text("count").parse().unwrap_or(0),
            content: text("content"),
            rules: text("rules"),
            opens: text(ledger::pack::OPENS),
            erases: text(ledger::pack::ERASES),
            alias: text("alias"),
            matter: text("matter"),
            withheld: Vec::new(),
        }
    }

    /// Seals the event for one view.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the home's key cannot be used.
    pub fn seal(
        &self,
        cx: &Context,
        view: ViewId,
        home: HomeId,
        home_key: &HomeKey,
        operation: [u8; 16],
    ) -> Result<NewEntry, Error> {
        self.seal_for(cx, view, home, home_key, operation, None)
    }

    /// Seals the event in a chain of its own, held back from the account that it belongs to.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the home's key cannot be used.
    pub fn seal_held(
        &self,
        cx: &Context,
        home: HomeId,
        home_key: &HomeKey,
        operation: [u8; 16],
        held: HeldBack,
    ) -> Result<NewEntry, Error> {
        let alone = ViewId(cx.draw());
        self.seal_for(cx, alone, home, home_key, operation, Some(held))
    }

    fn seal_for(
        &self,
        cx: &Context,
        view: ViewId,
        home: HomeId,
        home_key: &HomeKey,
        operation: [u8; 16],
        held: Option<HeldBack>,
    ) -> Result<NewEntry, Error> {
        let alias = cx.keys.alias_of(home, &self.worker);
        let record = self.record(&alias, held.as_ref())?;
        let key = EntryKey::new(cx.draw());
        let opening = Opening(cx.draw());
        let salts = Salts::new(cx.draw());
        let sealed = seal_entry(&key, cx.draw(), &opening, &record, &salts).map_err(unreadable)?;
        Ok(NewEntry {
            view,
            home,
            operation,
            root: sealed.root,
            opening,
            sealed: sealed.bytes,
            wrapped_key: home_key.wrap(&key, cx.draw()).map_err(unreadable)?,
            held,
        })
    }

    /// Opens an event from its entry.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the entry does not open or is not what its root commits to.
    pub fn open(entry: &StoredEntry, home_key: &HomeKey) -> Result<Self, Error> {
        let key = home_key.unwrap(&entry.wrapped_key).map_err(unreadable)?;
        let opened =
            ledger::seal::open_entry(&key, &entry.root, &entry.sealed).map_err(unreadable)?;
        Ok(Self::of_record(&opened.record))
    }
}

/// The event as one sentence, addressed to the person, at the hour where Candour is at home.
#[must_use]
pub fn sentence(event: &Event) -> String {
    if let Some(sentence) = crate::erase::sentence(event) {
        return sentence;
    }
    if event.operation == Operation::Family.code() {
        return crate::messages::family::sentence(event);
    }
    if event.operation == Operation::Join.code() {
        return join(event);
    }
    if event.operation == Operation::Breach.code() {
        return crate::messages::call::breach(event).unwrap_or_else(|| breach(event));
    }
    if let Some(sentence) = crate::notices::sentence(event) {
        return sentence;
    }
    if event.operation == Operation::Fact.code() {
        return crate::say::sentence(event);
    }
    if event.operation == Operation::Correction.code() {
        return crate::messages::call::sentence(event);
    }
    if event.operation == Operation::Retraction.code() {
        return crate::messages::retracted::sentence(event);
    }
    if event.operation == Operation::Invitation.code() {
        return crate::invitation::sentence(event);
    }
    if event.operation == Operation::Earlier.code() {
        return crate::account::sentence(event);
    }
    if event.operation == Operation::Challenge.code() {
        return crate::messages::challenge::sentence(event);
    }
    if event.operation == Operation::Decision.code() {
        return crate::messages::planned::sentence(event);
    }
    policy::explain::sentence(&policy::explain::Line {
        what: event.what.clone(),
        name: event.name.clone(),
        role: event.role.clone(),
        organisation: event.organisation_name.clone(),
        told: event.told.clone(),
        when: Timestamp::parse(&event.at).map_or_else(|| event.at.clone(), spoken::moment),
        purpose: crate::screened::purpose_told(event).to_owned(),
        answer: event.answer.clone(),
        grounds: event.grounds.clone(),
        channel: match event.operation.as_str() {
            "find" => "search".to_owned(),
            own @ ("request" | "response" | "concern" | "discussion" | "statement" | "account") => {
                own.to_owned()
            }
            _ => match event.channel.as_str() {
                "api" | "page" | "safe" => "view".to_owned(),
                "export" => "print".to_owned(),
                other => other.to_owned(),
            },
        },
        because: event.because.clone(),
    })
}

/// What a person reads whose records stood apart until now.
fn join(event: &Event) -> String {
    let when = Timestamp::parse(&event.at).map_or_else(|| event.at.clone(), spoken::moment);
    if event.worker.is_empty() {
        return format!(
            "On {when}, {} brought its details of you up to date. With them two records here are certainly both of you, \
             and the exchange joined them. If that is wrong, say so: it can be undone.",
            event.organisation_name
        );
    }
    format!(
        "On {when}, {} of {} found that two records here are both of you, and joined them. \
         If that is wrong, say so: it can be undone.",
        event.name, event.organisation_name
    )
}

/// What a person reads whose record stood together with somebody else's. It names nobody.
fn breach(event: &Event) -> String {
    let moment = |at: &str| Timestamp::parse(at).map_or_else(|| at.to_owned(), spoken::moment);
    let followed_up = "This is followed up as a breach of privacy.";
    let shown = match event.count {
        0 => "In that time nothing of it was opened.".to_owned(),
        1 => format!("In that time it was opened once. {followed_up}"),
        times => format!("In that time it was opened {times} times. {followed_up}"),
    };
    format!(
        "By mistake your record stood together with somebody else's from {} to {}. {shown}",
        moment(&event.because_since),
        moment(&event.at)
    )
}

fn role_of(caller: &Caller) -> &'static str {
    match &caller.capacity {
        Capacity::Worker { role, .. } => role.code(),
        Capacity::Person(_) => THE_PERSON,
        Capacity::Outsider { kind, .. } => kind.code(),
    }
}

fn codes<T>(values: &[T], code: impl Fn(&T) -> &'static str) -> Vec<String> {
    values.iter().map(|value| code(value).to_owned()).collect()
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Unavailable(Box::new(error))
}
