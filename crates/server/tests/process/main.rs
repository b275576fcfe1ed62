//! The program as a whole, from outside: real processes that are fed, asked, killed at random
//! moments and started again.

mod attempting;
mod counting;
mod crash;
mod importing;
mod load;
mod owning;
mod program;
mod proving;
mod restoring;
mod sample;
mod staffing;
mod town;
mod witnessing;
