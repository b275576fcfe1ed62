//! The story people: each lives in a situation that sharing systems get wrong. They are the same
//! in every town, whatever its seed.

mod adoption;
mod care_home;
mod carers;
mod emergency;
mod everyday;
mod family;
mod identity;
mod newcomers;
mod protected;
mod sensitive;
mod tenants;
mod ward;
mod young;

pub(super) use everyday::{ILLNESSES, Illness, first_observations};

use super::builder::Builder;

/// Everyone with a story, in the order in which the guide tells them.
pub(super) fn settle(town: &mut Builder) {
    ward::settle(town);
    emergency::settle(town);
    tenants::settle(town);
    carers::settle(town);
    care_home::settle(town);
    identity::settle(town);
    adoption::settle(town);
    newcomers::settle(town);
    protected::settle(town);
    sensitive::settle(town);
    family::settle(town);
    young::settle(town);
}
