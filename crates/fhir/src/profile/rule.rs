//! What a profile says, as a tree that follows the elements of a resource.

use serde_json::Value;

use crate::invariants::Invariant;

/// A profile.
#[derive(Debug)]
pub(super) struct Profile {
    /// Its URL, without a version.
    pub(super) url: String,
    /// Its version; empty if it has none.
    pub(super) version: String,
    /// Its name, as messages give it.
    pub(super) name: String,
    /// The type that it constrains.
    pub(super) of: &'static str,
    /// What it says of the whole.
    pub(super) root: Rule,
    /// What it says that is not looked at, in words.
    pub(super) unseen: Vec<String>,
    /// The value sets that it requires.
    pub(super) bindings: Vec<String>,
}

/// What a profile says of an element, or of a slice of one.
#[derive(Debug, Default)]
pub(super) struct Rule {
    /// The name of the element, without `[x]`.
    pub(super) name: String,
    /// The name of the slice; empty for the element as a whole.
    pub(super) slice: String,
    /// The fewest.
    pub(super) min: usize,
    /// The most; `None` for any number.
    pub(super) max: Option<usize>,
    /// The types that it may have, where the element takes several.
    pub(super) types: Vec<Type>,
    /// The value that it must have.
    pub(super) fixed: Option<Value>,
    /// What its value must hold.
    pub(super) pattern: Option<Value>,
    /// The value set that its codes must be from.
    pub(super) binding: Option<String>,
    /// What must hold between the elements below, in FHIRPath.
    pub(super) invariants: Vec<Invariant>,
    /// The longest text.
    pub(super) max_length: Option<usize>,
    /// How its values are told apart.
    pub(super) slicing: Option<Slicing>,
    /// What is said of each slice.
    pub(super) slices: Vec<Rule>,
    /// What is said of the elements below.
    pub(super) children: Vec<Rule>,
}

/// A type that an element may have.
#[derive(Debug)]
pub(super) struct Type {
    /// Its name.
    pub(super) code: String,
    /// Profiles, of which a value must meet one.
    pub(super) profiles: Vec<String>,
    /// Profiles of resources, of which a reference must lead to one.
    pub(super) targets: Vec<String>,
}

/// How the values of an element are told apart.
#[derive(Debug)]
pub(super) struct Slicing {
    /// By what, all of which must fit.
    pub(super) discriminators: Vec<Discriminator>,
    /// Whether each value must be of a slice.
    pub(super) is_closed: bool,
}

/// What tells slices apart (<https://hl7.org/fhir/R4/profiling.html#discriminator>).
#[derive(Debug)]
pub(super) struct Discriminator {
    /// How.
    pub(super) by: By,
    /// At which element names below the value; empty for the value itself.
    pub(super) path: Vec<String>,
}

/// How a discriminator tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// By a value, a pattern or a value set that the slice requires.
    Value,
    /// By whether something is there.
    Exists,
    /// By its type.
    Type,
}

impl Rule {
    /// The rule for an element below, by the names on the way.
    pub(super) fn below(&self, path: &[String]) -> Option<&Rule> {
        let Some((name, rest)) = path.split_first() else {
            return Some(self);
        };
        let child = self.children.iter().find(|child| child.name == *name)?;
        child.below(rest)
    }
}
