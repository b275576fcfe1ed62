//! Stories of the town, told through the use cases over a real store.

mod acting;
mod barred;
mod barrier;
mod concerns;
mod delayed;
mod discussions;
mod erased;
mod found;
mod hall;
mod held;
mod joined;
mod messages;
mod protection;
mod proven;
mod reconciled;
mod refused;
mod represented;
mod requests;
mod requirements;
mod rotated;
mod safe_channel;
mod screened;
mod shared;
mod unnamed;
mod withdrawn;
