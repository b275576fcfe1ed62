//! Messages between teams as those meet them who work with them: pages and API, over the settled
//! town and a clock that the story sets.

#[expect(
    dead_code,
    reason = "shared with the tests of the API, which use all of it"
)]
#[path = "../api/actor.rs"]
mod actor;
mod agreements;
#[expect(
    dead_code,
    reason = "shared with the tests of the API, which use all of it"
)]
#[path = "../api/answer.rs"]
mod answer;
mod answered_by_link;
mod at_risk;
mod attorney;
mod bad_input;
mod browser;
mod calls;
mod challenged;
mod concerns;
mod counts;
mod discussions;
mod duty;
#[expect(
    dead_code,
    reason = "shared with the tests of the API, which use all of it"
)]
#[path = "../api/hall.rs"]
mod hall;
#[path = "../api/premises.rs"]
mod premises;
mod saying;

mod family;
mod friday;
mod heard;
mod heard_by_link;
mod inbox;
mod invited;
mod kept_out;
mod linked;
mod mailed;
mod many;
mod night;
mod nurse;
mod operations;
mod packs;
mod planned;
mod recalled;
mod refused;
mod reports;
mod representatives;
mod requests;
mod rung;
mod screened;
mod section_ten;
mod suspected;
mod to_be_heard;
mod told_before;
mod unseen;
mod ward;
mod wrong_person;
