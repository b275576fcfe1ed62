//! A discussion between agencies: opening one, what was said, and what was decided.

use askama::Template;

use super::common::{Choice, Errors, Page, Viewer};
use crate::portal::render::MomentView;

/// `/care/people/{p}/discussions/new`: asking other agencies to discuss whether somebody is safe.
#[derive(Debug, Clone, Template)]
#[template(path = "care/discussion.html")]
pub struct DiscussionPage {
    /// Common parts.
    pub page: Page,
    /// The opaque id by which the person is named.
    pub person: String,
    /// Their name, if this worker opened their record of late.
    pub known: Option<String>,
    /// Whom it protects: a child or an adult.
    pub about: Vec<Choice>,
    /// The teams that are involved, and the police.
    pub to: Vec<Choice>,
    /// Every other team.
    pub others: Vec<Choice>,
    /// Whether people know: `told` or `hold`.
    pub telling: Vec<Choice>,
    /// The name by which the worker knows the person, as typed.
    pub name: String,
    /// Why they should discuss, as typed.
    pub text: String,
    /// The message that it is opened from; empty if none.
    pub from: String,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// What was said in a discussion, and the forms to say more.
#[derive(Debug, Clone)]
pub struct DiscussionView {
    /// What each agency says, oldest first.
    pub blocks: Vec<BlockView>,
    /// Who does not agree.
    pub dissents: Vec<BlockView>,
    /// Who else is touched, a sentence each.
    pub others: Vec<String>,
    /// What was decided, oldest first.
    pub conclusions: Vec<ConclusionView>,
    /// Opaque id of the child protection message that was raised out of it.
    pub raised: Option<String>,
    /// What this worker may do, while it is open.
    pub forms: Option<DiscussionForms>,
}

/// What one agency says.
#[derive(Debug, Clone)]
pub struct BlockView {
    /// The agency.
    pub agency: String,
    /// Who wrote it.
    pub name: String,
    /// When.
    pub at: MomentView,
    /// Its paragraphs.
    pub text: Vec<String>,
    /// Whether a later block of the same agency stands in its place.
    pub superseded: bool,
}

/// What was decided.
#[derive(Debug, Clone)]
pub struct ConclusionView {
    /// Which of the seven, in words.
    pub course: String,
    /// Why.
    pub reasons: Vec<String>,
    /// The interim safety plan.
    pub plan: Vec<String>,
    /// Each question with its answer.
    pub prompts: Vec<(String, String)>,
    /// The agencies that had said nothing; empty if all had.
    pub without: String,
    /// Who wrote it down.
    pub name: String,
    /// When.
    pub at: MomentView,
    /// Whether a later decision stands in its place.
    pub superseded: bool,
}

/// What a worker may do in a discussion, beside speaking for their own agency.
#[derive(Debug, Clone, Copy)]
pub struct DiscussionForms {
    /// Whether they may write down what is decided.
    pub may_conclude: bool,
    /// Whether they may raise a child protection message out of it.
    pub may_protect: bool,
}

/// `/care/inbox/{m}/conclude`: what a discussion decides.
#[derive(Debug, Clone, Template)]
#[template(path = "care/conclude.html")]
pub struct ConcludePage {
    /// Common parts.
    pub page: Page,
    /// Opaque id of the discussion.
    pub message: String,
    /// Whom it is about.
    pub name: String,
    /// The seven decisions.
    pub courses: Vec<Choice>,
    /// What is asked first.
    pub prompts: Vec<PromptChoices>,
    /// Why, as typed.
    pub reasons: String,
    /// The interim safety plan, as typed.
    pub plan: String,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// A question that is asked before anything is decided.
#[derive(Debug, Clone)]
pub struct PromptChoices {
    /// The field's name.
    pub field: String,
    /// The question.
    pub question: String,
    /// Yes, no, not known.
    pub answers: Vec<Choice>,
}

/// `/care/inbox/{m}/others`: another child, or an adult, whom a discussion touches.
#[derive(Debug, Clone, Template)]
#[template(path = "care/naming.html")]
pub struct NamingPage {
    /// Common parts.
    pub page: Page,
    /// Opaque id of the discussion.
    pub message: String,
    /// Whom the discussion is about.
    pub name: String,
    /// A child or an adult.
    pub is: Vec<Choice>,
    /// By what name the agency knows them, as typed.
    pub other: String,
    /// What they are to the person, as typed.
    pub relationship: String,
    /// Whether they have parental responsibilities and rights.
    pub rights: Vec<Choice>,
    /// Those whose record this worker opened lately.
    pub records: Vec<Choice>,
    /// What is wrong with the form.
    pub errors: Errors,
}
