//! Who asks, and how they say so to the API.

use domain::Purpose;
use server::chance::SeededChance;
use server::tokens::{Roster, TokenFor};

use crate::ask::Ask;
use crate::premises::issuer;

/// Somebody who asks both worlds.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    /// Their key in the roster.
    pub name: &'static str,
    /// The purposes of their token, the usual one first.
    pub purposes: &'static [&'static str],
    /// Whether they may give `emergency` as a reason on a page without leaving what is hidden
    /// from them: an emergency names the holder of what is locked.
    pub in_emergencies: bool,
}

impl Caller {
    /// A worker who asks for these purposes.
    pub const fn worker(name: &'static str, purposes: &'static [&'static str]) -> Self {
        Self {
            name,
            purposes,
            in_emergencies: false,
        }
    }

    /// A worker whom not even an emergency brings nearer.
    pub const fn even_in_emergencies(self) -> Self {
        Self {
            in_emergencies: true,
            ..self
        }
    }

    /// A person who asks for themself.
    pub const fn person(name: &'static str) -> Self {
        Self {
            name,
            purposes: &["PATRQT", "SAR"],
            in_emergencies: false,
        }
    }

    /// Their token, the same in both worlds.
    pub fn token(&self, roster: &Roster, now: domain::Timestamp) -> String {
        let purposes: Vec<Purpose> = self
            .purposes
            .iter()
            .map(|code| code.parse().expect("a purpose"))
            .collect();
        let wanted = TokenFor {
            bearer: roster.find(self.name).expect("somebody of the town"),
            purposes: &purposes,
            issued: now,
            seconds: 3600,
        };
        issuer().issue(&wanted, &SeededChance::new(1))
    }

    /// The request as they send it, for their usual purpose or, now and then, for another.
    pub fn asks(&self, token: &str, turn: usize, ask: Ask) -> Ask {
        if ask.headers.iter().any(|(name, _)| *name == "authorization") {
            return ask;
        }
        let other = turn % 5 == 4;
        let place = if other {
            turn / 5 % self.purposes.len()
        } else {
            0
        };
        let ask = ask
            .with("authorization", format!("Bearer {token}"))
            .with("purpose-of-use", self.purposes[place]);
        match other {
            true => ask.with("reason", "Asked by the ward to plan her going home"),
            false => ask,
        }
    }
}
