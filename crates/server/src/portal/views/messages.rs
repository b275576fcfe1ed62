//! A team's messages: the list, one message, and those about one person.

use askama::Template;

use super::answer_link::OutLink;
use super::calls::CallView;
use super::common::{Choice, Contact, Errors, Page, Viewer};
use super::discussion::DiscussionView;
use super::family::FamilyView;
use super::record::Banner;
use crate::portal::render::MomentView;

/// `/care/inbox`: the list of the worker's team.
#[derive(Debug, Clone, Template)]
#[template(path = "care/inbox.html")]
pub struct InboxPage {
    /// Common parts.
    pub page: Page,
    /// The team's name.
    pub team: String,
    /// What interrupts or is due today, worst harm first.
    pub today: Vec<InboxRow>,
    /// The rest, read once a day.
    pub digest: Vec<InboxRow>,
    /// How many agreements the reader must see to, as the privacy officer of their agency.
    pub agreements: usize,
    /// The address of the next page.
    pub older: Option<String>,
}

impl InboxPage {
    /// How many lines interrupt.
    #[must_use]
    pub fn interrupting(&self) -> usize {
        self.today.iter().filter(|row| row.interrupts).count()
    }
}

/// One line of a list.
#[derive(Debug, Clone)]
pub struct InboxRow {
    /// Opaque id of the message.
    pub message: String,
    /// Whom it is about.
    pub name: String,
    /// What sort it is: "Child protection message".
    pub kind: String,
    /// Who sent it, and for which team.
    pub from: String,
    /// What waiting may cost: "Protection", "Today", "Routine".
    pub harm: String,
    /// Where it stands, in words.
    pub state: String,
    /// Since when it waits.
    pub since: MomentView,
    /// By when somebody answers.
    pub due: Option<MomentView>,
    /// Whether that time is past.
    pub overdue: bool,
    /// Whether it interrupts.
    pub interrupts: bool,
}

/// `/care/inbox/{m}`: one message.
#[derive(Debug, Clone, Template)]
#[template(path = "care/message.html")]
pub struct MessagePage {
    /// Common parts.
    pub page: Page,
    /// Opaque id of the message.
    pub message: String,
    /// What sort it is.
    pub kind: String,
    /// Whom it is about.
    pub name: String,
    /// The opaque id by which their record is opened; empty where nobody is known.
    pub person: String,
    /// The messages of its thread that this worker may see, oldest first, itself last.
    pub thread: Vec<MessagePart>,
    /// What it is for, in words.
    pub purpose: String,
    /// Whom to ring.
    pub ring: Vec<Contact>,
    /// How it stands with each team.
    pub teams: Vec<TeamState>,
    /// Why it ended, if it has.
    pub ended: Option<String>,
    /// Whether this worker may put in what somebody answered by letter or telephone.
    pub may_put_in: bool,
    /// Whether it may be printed as a letter.
    pub may_print: bool,
    /// Whether somebody without an account can be given a link to answer it.
    pub may_link: bool,
    /// The links with which somebody can answer it.
    pub links: Vec<OutLink>,
    /// What is asked for, if it is a request for information.
    pub asked: Option<Asked>,
    /// The form that answers it, if this worker may.
    pub respond: Option<RespondForm>,
    /// What a concern says beside its text, if it is one.
    pub concern: Option<ConcernView>,
    /// The form that says what became of it, if this worker may.
    pub triage: Option<TriageForm>,
    /// What may be said of attempts on a record, if it alerts this worker to some.
    pub findings: Vec<Choice>,
    /// The form that decides about a challenge, if this worker's team has it.
    pub ruling: Option<ChallengeForm>,
    /// What agencies said to each other, if it is a discussion between them.
    pub discussion: Option<DiscussionView>,
    /// Whether this worker may open a discussion from it.
    pub may_discuss: bool,
    /// Whether it ends by what is recorded of a planned decision.
    pub of_decision: bool,
    /// Who was told what, if it notes a call or meeting.
    pub call: Option<CallView>,
    /// Who wrote it, if somebody close to the person did.
    pub family: Option<FamilyView>,
    /// Whether this worker may require records in the inquiry that it is.
    pub may_require: bool,
    /// Whether this worker is the reader of what it requires.
    pub may_read: bool,
    /// How many records an extract is from; none if it is no extract.
    pub sources: usize,
    /// The answers that this worker may give in one tap.
    pub answers: Vec<Choice>,
    /// Whether it may be answered that it is about somebody else than the person they know.
    pub may_be_wrong: bool,
    /// Whether the reader decides that somebody stays shut out.
    pub decides_shut_out: bool,
    /// Until when accounts do not show it, where this worker may say that people were told.
    pub held: Option<MomentView>,
    /// Whether this worker may answer in words.
    pub may_reply: bool,
    /// Whether this worker may say it anew, close it or take it back.
    pub may_end: bool,
    /// What was typed in a form with faults.
    pub typed: String,
    /// What is wrong with the form.
    pub errors: Errors,
}

impl MessagePage {
    /// What was typed into this field, if that is the one with a fault.
    fn typed_at(&self, field: &str) -> &str {
        match self.errors.at(field) {
            Some(_) => &self.typed,
            None => "",
        }
    }
}

/// What a request asks for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The categories, in words.
    pub what: Vec<String>,
    /// The lawful basis of asking.
    pub basis: String,
    /// What else a requirement of the law says; nothing of other requests.
    pub terms: Vec<String>,
}

/// The form that answers a request. Everything but a text that is shared is one tap.
#[derive(Debug, Clone)]
pub struct RespondForm {
    /// What may be told; what was asked for is ticked.
    pub told: Vec<Choice>,
    /// The closed grounds on which a part may stay back.
    pub grounds: Vec<Choice>,
    /// The teams that may hold it.
    pub teams: Vec<Choice>,
    /// Whom the asker would ring: this worker's team.
    pub ring: Contact,
    /// What was typed.
    pub text: String,
}

/// What a concern says beside what was seen.
#[derive(Debug, Clone)]
pub struct ConcernView {
    /// What whoever recorded it does themselves.
    pub own_action: String,
    /// By what number their agency knows it.
    pub reference: Option<String>,
    /// The three points of being an adult at risk, each with whether it holds and what shows it.
    pub points: Vec<String>,
    /// What they come to, if they were said.
    pub is_at_risk: Option<&'static str>,
    /// Whether somebody who acts for the person, or is close to them, is shut out by it.
    pub harmer_is_shut_out: bool,
}

/// One of the three points of being an adult at risk, to be said of an adult.
#[derive(Debug, Clone)]
pub struct PointField {
    /// The field.
    pub name: &'static str,
    /// What it says.
    pub says: &'static str,
    /// Yes, no, not known.
    pub answers: [Choice; 3],
    /// What shows it, as typed.
    pub words: String,
}

/// The form that says what became of a concern: one tap, and words where nothing more is done.
#[derive(Debug, Clone)]
pub struct TriageForm {
    /// The teams that it may be passed on to.
    pub teams: Vec<Choice>,
    /// Whether an advocate was offered, where the case of an adult is looked into.
    pub advocacy: Option<AdvocacyForm>,
}

/// That an advocate was offered to an adult.
#[derive(Debug, Clone)]
pub struct AdvocacyForm {
    /// What was recorded of it.
    pub recorded: Option<String>,
    /// What may be recorded.
    pub answers: Vec<Choice>,
}

/// `/care/people/{p}/concerns/new`: recording a concern about somebody.
#[derive(Debug, Clone, Template)]
#[template(path = "care/concern.html")]
pub struct ConcernPage {
    /// Common parts.
    pub page: Page,
    /// The opaque id by which the person is named.
    pub person: String,
    /// Their name, if this worker opened their record of late.
    pub known: Option<String>,
    /// What it may be about.
    pub about: Vec<Choice>,
    /// The teams that are involved, for those who may read the record.
    pub to: Vec<Choice>,
    /// Every other team, for a list to choose from.
    pub others: Vec<Choice>,
    /// Whether people know: `told` or `hold`.
    pub telling: Vec<Choice>,
    /// The three points of being an adult at risk.
    pub points: Vec<PointField>,
    /// Those who act for the person or are close to them, for those who may read the record.
    pub harmers: Vec<Choice>,
    /// What was typed.
    pub filled: ConcernFilled,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// A concern as typed so far.
#[derive(Debug, Clone, Default)]
pub struct ConcernFilled {
    /// The name by which the worker knows the person.
    pub name: String,
    /// What was seen or heard.
    pub text: String,
    /// What the worker does themselves.
    pub own_action: String,
    /// The number of their own agency.
    pub reference: String,
}

/// One message of a thread.
#[derive(Debug, Clone)]
pub struct MessagePart {
    /// Who says it: name and team.
    pub from: String,
    /// When.
    pub at: MomentView,
    /// Its paragraphs.
    pub text: Vec<String>,
    /// How often it was said anew; nothing if once.
    pub revised: Option<String>,
}

/// How a message stands with one team.
#[derive(Debug, Clone)]
pub struct TeamState {
    /// The team.
    pub team: String,
    /// Where it stands, in words.
    pub state: String,
    /// Since when.
    pub since: MomentView,
    /// By when an answer is due.
    pub due: Option<MomentView>,
    /// Whether that time is past.
    pub overdue: bool,
    /// With whom it is now, if not with the team itself.
    pub with: Option<String>,
    /// How far it climbed, in words.
    pub climbed: Option<String>,
    /// How many opened it.
    pub seen: usize,
    /// Since when what they answered is contested.
    pub contested: Option<MomentView>,
    /// The team, where this worker may challenge what it answered.
    pub challenge: Option<String>,
}

/// The form that decides about a challenge.
#[derive(Debug, Clone)]
pub struct ChallengeForm {
    /// Whether what is challenged stands.
    pub verdicts: Vec<Choice>,
    /// On which ground something still stays back; none where nothing was refused.
    pub grounds: Vec<Choice>,
    /// By when the law wants it decided.
    pub until: MomentView,
    /// Whether sharing waits for it.
    pub paused: bool,
}

/// `/care/people/{p}/messages`: the messages about one person, and a new one.
#[derive(Debug, Clone, Template)]
#[template(path = "care/messages.html")]
pub struct MessagesPage {
    /// Common parts.
    pub page: Page,
    /// Whose record it is.
    pub person: Banner,
    /// Messages between this worker's team and others, newest first.
    pub messages: Vec<InboxRow>,
    /// The teams that are involved.
    pub to: Vec<Choice>,
    /// Every other team, for a list to choose from.
    pub others: Vec<Choice>,
    /// What may be told, as categories.
    pub told: Vec<Choice>,
    /// Whether this worker may raise a child protection message.
    pub may_protect: bool,
    /// Whether this worker may open a discussion between agencies.
    pub may_discuss: bool,
    /// Whether this worker may plan a decision about their life.
    pub may_decide: bool,
    /// What was typed.
    pub text: String,
    /// Whether it was ticked as urgent.
    pub urgent: bool,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// `/care/people/{p}/protection`: a child protection message, raised without typing a word.
#[derive(Debug, Clone, Template)]
#[template(path = "care/protection.html")]
pub struct ProtectionPage {
    /// Common parts.
    pub page: Page,
    /// Whose record it is.
    pub person: Banner,
    /// The teams that are involved with the child; all are chosen.
    pub to: Vec<Choice>,
    /// The teams that may answer for it.
    pub answers_for: Vec<Choice>,
    /// Who may be linked: whom the discussion named, and people opened of late.
    pub people: Vec<LinkChoice>,
    /// Whether people know: `told` or `hold`.
    pub telling: Vec<Choice>,
    /// The discussion between agencies that it is raised out of; empty if none.
    pub out_of: String,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// Somebody who may be linked.
#[derive(Debug, Clone)]
pub struct LinkChoice {
    /// Opaque id of the person.
    pub person: String,
    /// By what name they are known.
    pub name: String,
    /// As what a discussion named them: `linked-child` or `linked-adult`; empty if it named them not.
    pub named: &'static str,
}

/// `/care/people/{p}/requests/new`: asking other teams for information.
#[derive(Debug, Clone, Template)]
#[template(path = "care/ask.html")]
pub struct AskPage {
    /// Common parts.
    pub page: Page,
    /// Whose record it is.
    pub person: Banner,
    /// The teams that are involved.
    pub to: Vec<Choice>,
    /// Every other team, for a list to choose from.
    pub others: Vec<Choice>,
    /// What may be asked for, as categories.
    pub what: Vec<Choice>,
    /// By when.
    pub by: Vec<Choice>,
    /// What it is asked for, in words: the worker's own purpose.
    pub purpose: String,
    /// What was typed.
    pub text: String,
    /// The address of a request for the same, which has to be read before asking again.
    pub alike: Option<String>,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// `/care/requests`: what the worker's team asked others for.
#[derive(Debug, Clone, Template)]
#[template(path = "care/requests.html")]
pub struct RequestsPage {
    /// Common parts.
    pub page: Page,
    /// The team's name.
    pub team: String,
    /// The requests, what is due first at the top.
    pub requests: Vec<RequestRow>,
    /// The address of the next page.
    pub older: Option<String>,
}

/// One request that a team made.
#[derive(Debug, Clone)]
pub struct RequestRow {
    /// Opaque id of the message.
    pub message: String,
    /// Whom it is about.
    pub name: String,
    /// What is asked for, in words.
    pub what: String,
    /// When it was asked.
    pub at: MomentView,
    /// How it stands with each team.
    pub teams: Vec<TeamState>,
}

/// `/care/inbox/{m}/refuse`: refusing a request, on a closed ground.
#[derive(Debug, Clone, Template)]
#[template(path = "care/refuse.html")]
pub struct RefusePage {
    /// Common parts.
    pub page: Page,
    /// Opaque id of the request.
    pub message: String,
    /// Whom it is about.
    pub name: String,
    /// Who asks.
    pub from: String,
    /// The closed grounds.
    pub grounds: Vec<Choice>,
    /// Whether the whole form is needed: harms, decider and review.
    pub whole: bool,
    /// What was typed.
    pub filled: RefuseFilled,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// A refusal as filled in so far.
#[derive(Debug, Clone, Default)]
pub struct RefuseFilled {
    /// The ground that was chosen.
    pub ground: String,
    /// Another reason, in the worker's words.
    pub other: String,
    /// Anything more to say.
    pub text: String,
    /// What harm would come from sharing.
    pub harm_if_shared: String,
    /// What harm would come from not sharing.
    pub harm_if_not_shared: String,
    /// Who decided, and in what role.
    pub decider: String,
    /// When it is looked at again, as `YYYY-MM-DD`.
    pub review_on: String,
}
