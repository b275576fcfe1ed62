//! Search: which parameters there are, and what a query asks (<https://hl7.org/fhir/R4/search.html>).

mod date;
mod fold;
mod query;
mod table;
mod value;

pub use date::DateRange;
pub use fold::fold;
pub use query::{Format, Query, Sort, pairs, parse_query};
pub use table::params_of;
pub use value::{DateTerm, Filter, Prefix, ReferenceTerm, TextMode, TokenTerm};

/// What kind of value a search parameter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamKind {
    /// A code with or without its system.
    Token,
    /// Another resource.
    Reference,
    /// A date, time or period.
    Date,
    /// Words, whatever their case and accents.
    String,
    /// A URI, compared exactly.
    Uri,
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
        }
    }
}

/// One search parameter of one resource type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchParam {
    /// The name in a query.
    pub name: &'static str,
    /// What it compares.
    pub kind: ParamKind,
    /// Where the values are in a resource, as dotted element paths.
    pub paths: &'static [&'static str],
    /// The only resource type its references may point at, where there is just one.
    pub target: Option<&'static str>,
}
