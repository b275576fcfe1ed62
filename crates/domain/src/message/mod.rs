//! Messages between teams: what kinds there are, by when somebody answers, who stands in, and the
//! states that a message and each of its deliveries go through.
//!
//! A message is addressed to teams, never to a name: a team has somebody on duty tomorrow too. One
//! that touches several people is one message for each of them, bound by a common root, so that
//! what is said about one never stands on the record of another.

pub mod advocacy;
pub mod attempts;
pub mod call;
pub mod challenge;
pub mod claim;
pub mod clock;
pub mod concern;
pub mod content;
pub mod delivery;
pub mod discussion;
pub mod family;
pub mod hearing;
pub mod kind;
pub mod recall;
pub mod request;
pub mod rota;

pub use advocacy::Advocacy;
pub use attempts::{Attempt, Attempts, Cause, Finding, Way};
pub use call::{Attendee, Call, Fault, Identity, Wrong};
pub use challenge::{Challenge, Challenged, Challenger};
pub use claim::{Checked, Claim};
pub use clock::Clock as AnswerClock;
pub use concern::{Concern, Holds, Outcome, Point, ThreePoints};
pub use content::{Ending, Message, NotNow, Sender, Stage};
pub use delivery::{Delivery, Illegal, Move, Reply, Rung, State};
pub use discussion::{
    Conclusion, Course, Discussion, Other, Prompt, PromptAnswer, Statement, Touched,
};
pub use family::{Came, FamilyWord};
pub use hearing::ToBeHeard;
pub use kind::{Harm, Kind, Terms, Urgency};
pub use recall::Recall;
pub use request::{AdultsWord, InformationRequest, Refusal, Required, Response};
pub use rota::{Opening, Rota};
