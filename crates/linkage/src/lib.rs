//! Who is this person: whether two descriptions are certainly of one human being.
//!
//! This is the first rule only, the one that may act by itself: the same national number, an
//! agreeing birth date and a name in common. Anything less certain is left apart, because joining
//! two people shows one the other's record, while leaving one apart loses nothing that a steward
//! cannot mend.

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod certain;
mod chi;

pub use certain::{Identity, certainly_same};
pub use chi::{CHI_SYSTEM, NHS_SYSTEM, is_national_number};
