//! The story people: each lives in a situation that sharing systems get wrong. They are the same
//! in every town, whatever its seed.

mod everyday;
mod home;
mod protected;
mod sensitive;
mod ward;

pub(super) use everyday::{ILLNESSES, Illness};

use super::builder::Builder;

/// Everyone with a story, in the order in which the guide tells them.
pub(super) fn settle(town: &mut Builder) {
    ward::settle(town);
    home::settle(town);
    protected::settle(town);
    sensitive::settle(town);
}
