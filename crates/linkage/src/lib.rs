//! Who is this person: which records are of one human being, how sure that is, and why.
//!
//! A [`Record`] says how one source describes somebody. [`People`] makes records comparable,
//! [`resolve`] finds who is who among them with a [`Model`] trained on them, and [`explain`] says
//! what spoke for and against any pair. [`Index`] answers the same question for one record at a
//! time. Joining two people shows one the other's record, while leaving one apart loses nothing
//! that a steward cannot mend: so rules stand above every weight.

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod address;
mod birth;
mod candidates;
mod certain;
mod cluster;
mod compare;
mod explain;
mod grade;
mod household;
mod index;
mod links;
mod model;
mod names;
mod number;
mod people;
mod postcode;
mod progress;
mod quality;
mod record;
mod resolve;
mod rules;
mod score;
mod text;
mod train;

pub use candidates::{Candidates, Mode, candidates};
pub use certain::{Identity, certainly_same};
pub use cluster::{Constraints, cluster};
pub use explain::{Explanation, Step, explain};
pub use grade::Grade;
pub use index::{Hit, Index, Missing, judge_alone, missing};
pub use links::{LinkError, LinkEvent, Links, Persons};
pub use model::{Comparison, Dependent, Level, MODEL_VERSION, Model, Scope};
pub use number::{
    CHI_SYSTEM, HC_SYSTEM, NHS_SYSTEM, National, Validity, digits_of, is_national_number, validity,
};
pub use people::People;
pub use progress::{Progress, Stage};
pub use quality::{Asked, Filled, Question, Survey, Surveyed, questions};
pub use record::{
    Address, AddressKind, BirthDate, Flags, Identifier, IdentifierUse, Name, NameUse, Other,
    Period, Record, Sex,
};
pub use resolve::{Figures, Options, Outcome, SMALLEST_TO_TRAIN, resolve};
pub use rules::Rule;
pub use score::{Pair, score};
pub use train::train;
