//! Who can sign in to a demo: its workers and people, in a file beside its data, so that
//! `candour token` need not open the store that a running demo owns. All of them are invented.

use std::io;
use std::path::Path;

use domain::{OrganisationId, PersonId, Role, WorkerId};
use serde::{Deserialize, Serialize};

const FILE: &str = "sign-ins.json";

/// Everyone who can sign in to a demo.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// The town's seed.
    pub seed: u64,
    /// In the order in which the sign-in page shows them.
    pub sign_ins: Vec<SignIn>,
}

/// Someone who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The short name to ask for: `pauline.heggie`, `ishbel-drummond`, `hospital`.
    pub key: String,
    /// Their name as people know it.
    pub name: String,
    /// Worker or person.
    #[serde(flatten)]
    pub kind: SignInKind,
}

/// In what capacity someone signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SignInKind {
    /// A worker; their key is their id in the directory.
    Worker {
        /// What they do.
        role: Role,
        /// For which agency.
        organisation: OrganisationId,
    },
    /// A person, for themself.
    Person {
        /// Who.
        person: PersonId,
    },
}

/// Nobody, or more than one, is meant by a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownName {
    /// Nobody.
    #[error("nobody here is called {name:?}{}", hint(near))]
    Nobody {
        /// What was asked for.
        name: String,
        /// Keys like it.
        near: Vec<String>,
    },
    /// Several, by their keys.
    #[error("{name:?} could be any of {}: give the short name", among.join(", "))]
    Several {
        /// What was asked for.
        name: String,
        /// Their keys.
        among: Vec<String>,
    },
}

fn hint(near: &[String]) -> String {
    if near.is_empty() {
        String::new()
    } else {
        format!(": did you mean {}?", near.join(" or "))
    }
}

impl SignIn {
    /// The `sub` of their token.
    #[must_use]
    pub fn subject(&self) -> String {
        match &self.kind {
            SignInKind::Worker { .. } => WorkerId::new(&self.key).to_string(),
            SignInKind::Person { person } => person.to_string(),
        }
    }
}

impl Roster {
    /// The roster kept in this data directory; empty if there is none.
    ///
    /// # Errors
    /// If the file is there and cannot be read.
    pub fn read(data: &Path) -> io::Result<Self> {
        match std::fs::read(data.join(FILE)) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Keeps the roster in this data directory.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, data: &Path) -> io::Result<()> {
        std::fs::write(data.join(FILE), serde_json::to_vec_pretty(self)?)
    }

    /// Whether people live here, and not agencies alone.
    #[must_use]
    pub fn has_people(&self) -> bool {
        self.sign_ins
            .iter()
            .any(|one| matches!(one.kind, SignInKind::Person { .. }))
    }

    /// Whom a name means: a key, else an agency's record system by the agency's short name, else a
    /// whole name, else the only one with that word in it.
    ///
    /// # Errors
    /// See [`UnknownName`].
    pub fn find(&self, name: &str) -> Result<&SignIn, UnknownName> {
        let wanted = name.trim().to_lowercase();
        let by_key = |key: &str| self.sign_ins.iter().find(|one| one.key == key);
        if let Some(found) = by_key(&wanted).or_else(|| by_key(&format!("{wanted}-records"))) {
            return Ok(found);
        }
        let named: Vec<&SignIn> = self.matching(|one| one.name.to_lowercase() == wanted);
        let named = if named.is_empty() {
            self.matching(|one| {
                one.name
                    .to_lowercase()
                    .split(' ')
                    .any(|word| word == wanted)
            })
        } else {
            named
        };
        match &named[..] {
            [only] => Ok(only),
            [] => Err(UnknownName::Nobody {
                name: name.to_owned(),
                near: self.near(&wanted),
            }),
            several => Err(UnknownName::Several {
                name: name.to_owned(),
                among: several.iter().map(|one| one.key.clone()).collect(),
            }),
        }
    }

    fn matching(&self, is_meant: impl Fn(&SignIn) -> bool) -> Vec<&SignIn> {
        self.sign_ins.iter().filter(|one| is_meant(one)).collect()
    }

    fn near(&self, wanted: &str) -> Vec<String> {
        let mut near: Vec<(f64, &String)> = self
            .sign_ins
            .iter()
            .map(|one| (strsim::jaro_winkler(&one.key, wanted), &one.key))
            .filter(|(likeness, _)| *likeness > 0.8)
            .collect();
        near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        near.into_iter()
            .take(3)
            .map(|(_, key)| key.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(key: &str, name: &str) -> SignIn {
        SignIn {
            key: key.to_owned(),
            name: name.to_owned(),
            kind: SignInKind::Worker {
                role: Role::SocialWorker,
                organisation: "northburn-social-work".into(),
            },
        }
    }

    fn town() -> Roster {
        Roster {
            seed: 1,
            sign_ins: vec![
                worker("pauline.heggie", "Pauline Heggie"),
                worker("gregor.baird", "Gregor Baird"),
                worker("colin.baird", "Colin Baird"),
            ],
        }
    }

    #[test]
    fn a_worker_is_found_by_key_whole_name_or_first_name() {
        let town = town();
        for name in ["pauline.heggie", "Pauline Heggie", "pauline"] {
            assert_eq!(town.find(name).unwrap().key, "pauline.heggie");
        }
    }

    #[test]
    fn a_name_that_two_bear_is_not_guessed() {
        let refusal = town().find("Baird").unwrap_err().to_string();
        insta::assert_snapshot!(refusal, @r#""Baird" could be any of gregor.baird, colin.baird: give the short name"#);
    }

    #[test]
    fn a_slip_of_the_pen_is_met_with_a_suggestion() {
        let refusal = town().find("pauline.hegie").unwrap_err().to_string();
        insta::assert_snapshot!(refusal, @r#"nobody here is called "pauline.hegie": did you mean pauline.heggie?"#);
    }

    #[test]
    fn the_roster_reads_back_from_its_directory() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(Roster::read(data.path()).unwrap(), Roster::default());
        town().write(data.path()).unwrap();
        assert_eq!(Roster::read(data.path()).unwrap(), town());
    }
}
