//! Reading codes from TOML into the domain's types, so that a wrong one is an error with a line.

use domain::{Category, Confidentiality, Role, Sensitivity};
use serde::{Deserialize, Deserializer, de};

/// A type that is written as a code.
pub(crate) trait Coded: Sized {
    const WHAT: &'static str;
    fn read(code: &str) -> Option<Self>;
}

macro_rules! coded {
    ($($name:ident: $kind:ty = $what:literal;)*) => { $(
        impl Coded for $kind {
            const WHAT: &'static str = $what;
            fn read(code: &str) -> Option<Self> { <$kind>::from_code(code) }
        }

        pub(crate) fn $name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$kind, D::Error> {
            one(deserializer)
        }
    )* };
}

coded! {
    category: Category = "category";
    confidentiality: Confidentiality = "confidentiality";
    role: Role = "role";
    sensitivity: Sensitivity = "sensitivity";
}

fn one<'de, D: Deserializer<'de>, T: Coded>(deserializer: D) -> Result<T, D::Error> {
    let code = String::deserialize(deserializer)?;
    T::read(&code).ok_or_else(|| de::Error::custom(format!("`{code}` is not a {}", T::WHAT)))
}

/// A list of codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Coded> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let codes = Vec::<String>::deserialize(deserializer)?;
        let read = |code: &String| {
            T::read(code).ok_or_else(|| de::Error::custom(format!("`{code}` is not a {}", T::WHAT)))
        };
        codes.iter().map(read).collect::<Result<_, _>>().map(Self)
    }
}
