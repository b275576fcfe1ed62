//! Search: which parameters there are, and what a query asks (<https://hl7.org/fhir/R4/search.html>).

mod answer;
mod date;
mod filter;
mod fold;
mod number;
mod query;
mod table;
mod value;

pub use answer::{Include, Shape, Sort, SortKey, Summary, Total};
pub use date::DateRange;
pub use filter::{
    DateTerm, Filter, Near, Prefix, ReferenceTerm, Term, TextMode, TokenTerm, UriMode, filter_of,
};
pub use fold::fold;
pub use number::{QuantityTerm, Unit};
pub use query::{Format, OfType, Query, pairs, parse_query, parse_shape};
pub use table::{Composite, Part, Path, SearchParam, items_of, param_of, params_of, paths_of};

/// What kind of value a search parameter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParamKind {
    /// A code with or without its system.
    Token,
    /// Another resource.
    Reference,
    /// A date, time or period.
    Date,
    /// Words, whatever their case and accents.
    String,
    /// A URI.
    Uri,
    /// A number.
    Number,
    /// A number with its unit.
    Quantity,
    /// Several values that belong together.
    Composite,
    /// A rule of its own: a place on the Earth.
    Special,
}

impl ParamKind {
    /// The FHIR code (<https://hl7.org/fhir/R4/valueset-search-param-type.html>).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Reference => "reference",
            Self::Date => "date",
            Self::String => "string",
            Self::Uri => "uri",
            Self::Number => "number",
            Self::Quantity => "quantity",
            Self::Composite => "composite",
            Self::Special => "special",
        }
    }

    fn of(code: &str) -> Option<Self> {
        [
            Self::Token,
            Self::Reference,
            Self::Date,
            Self::String,
            Self::Uri,
            Self::Number,
            Self::Quantity,
            Self::Composite,
            Self::Special,
        ]
        .into_iter()
        .find(|kind| kind.code() == code)
    }
}
