//! What somebody close to a person asks and tells, and what they are answered.

use askama::Template;

use super::care::FindForm;
use super::common::{Choice, Contact, Errors, Page, Viewer};
use super::hearings::AskedRow;
use super::me::AccountLine;
use super::messages::MessagePart;
use super::representatives::CheckForm;
use crate::portal::render::MomentView;

/// `/me/family`: asking about somebody, and what was written before.
#[derive(Debug, Clone, Template)]
#[template(path = "me/family.html")]
pub struct FamilyPage {
    /// Common parts.
    pub page: Page,
    /// Whom it is about.
    pub form: FindForm,
    /// What the asker is to them.
    pub says_to_be: String,
    /// What the reader is asked for their view of, newest first.
    pub asked: Vec<AskedRow>,
    /// What the asker wrote before, newest first.
    pub words: Vec<WordRow>,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// Something written before.
#[derive(Debug, Clone)]
pub struct WordRow {
    /// Opaque id.
    pub message: String,
    /// Whom it is about, as the writer named them.
    pub about: String,
    /// The team that has it.
    pub team: String,
    /// Where it stands.
    pub state: String,
    /// When it was written.
    pub at: MomentView,
}

/// `/me/family/asked/{q}`: the answer, and the form that tells something.
#[derive(Debug, Clone, Template)]
#[template(path = "me/family_answer.html")]
pub struct FamilyAnswerPage {
    /// Common parts.
    pub page: Page,
    /// The question, sealed.
    pub question: String,
    /// Whom it is about, as the asker named them.
    pub about: String,
    /// What may be said; `None` where nothing can be said about any patient.
    pub standing: Option<StandingView>,
    /// The teams that could read what is told.
    pub teams: Vec<Choice>,
    /// What was typed.
    pub text: String,
    /// Whether the writer is not to be named.
    pub unnamed: bool,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// What somebody close may know, why not the rest, and who answers for that.
#[derive(Debug, Clone, Default)]
pub struct StandingView {
    /// What the person said about their life in their own words: it stands before everything else.
    pub own_words: Vec<String>,
    /// What the person did not want them to be told about: it stands before everything else.
    pub wished: Vec<String>,
    /// What they are told, in sentences.
    pub told: Vec<String>,
    /// What of the record is open to them.
    pub opened: Vec<String>,
    /// What stays back.
    pub withheld: Vec<WithheldLine>,
    /// Who decides about the rest.
    pub deciders: Vec<DeciderLine>,
    /// What would change the answer.
    pub advice: Vec<String>,
    /// Where to go with it.
    pub routes: Vec<String>,
    /// Who was told what, if that is open to them.
    pub lines: Option<Vec<AccountLine>>,
    /// Whom to ring.
    pub ring: Vec<Contact>,
    /// The team that answers, by name.
    pub team: Option<String>,
}

/// Something that stays back.
#[derive(Debug, Clone)]
pub struct WithheldLine {
    /// What it is about; empty for the record as such.
    pub what: String,
    /// Why.
    pub why: String,
    /// Who can change that.
    pub who: String,
}

/// Who decides about something.
#[derive(Debug, Clone)]
pub struct DeciderLine {
    /// The agency.
    pub name: String,
    /// By when.
    pub by: MomentView,
    /// What is missing for it.
    pub missing: String,
}

/// `/me/family/words/{m}`: one thing that was told, who has it and by when they answer.
#[derive(Debug, Clone, Template)]
#[template(path = "me/family_word.html")]
pub struct FamilyWordPage {
    /// Common parts.
    pub page: Page,
    /// Whom it is about, as the writer named them.
    pub about: String,
    /// What was written.
    pub text: Vec<String>,
    /// When.
    pub at: MomentView,
    /// The team that has it.
    pub team: String,
    /// Where it stands.
    pub state: String,
    /// By when somebody answers.
    pub due: Option<MomentView>,
    /// That it is late, and who has it besides.
    pub late: Option<String>,
    /// Whom to ring.
    pub ring: Vec<Contact>,
    /// The answers, oldest first.
    pub replies: Vec<MessagePart>,
    /// Whether the writer is not named in the person's account.
    pub unnamed: bool,
}

/// What a worker sees of whoever wrote, and the forms that answer or pass it on.
#[derive(Debug, Clone)]
pub struct FamilyView {
    /// What they say they are to the person; empty for the person's own word.
    pub says_to_be: String,
    /// The date of birth that they gave.
    pub born: String,
    /// Whether one person of that name and birth is known.
    pub found: bool,
    /// Whether they asked not to be named to the person.
    pub unnamed: bool,
    /// How it came, if a worker put it in.
    pub came: Option<CameView>,
    /// What an answer may tell of the record; empty where it cannot be answered.
    pub told: Vec<Choice>,
    /// The teams whose it may be.
    pub teams: Vec<Choice>,
    /// Whether this worker may answer.
    pub may_answer: bool,
    /// What is recorded of the paper that they gave, while nobody has looked at it.
    pub check: Option<CheckForm>,
}

/// How a word came that a worker put in for somebody.
#[derive(Debug, Clone)]
pub struct CameView {
    /// By what way, and when: "By letter of 8 January 2027".
    pub how: String,
    /// Who put it in.
    pub put_in_by: String,
    /// Where the answer goes.
    pub answer_to: String,
}
