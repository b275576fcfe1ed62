//! Closed lists of values: each has a code, the words for it, and is read back from the code.

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $( $(#[$vdoc:meta])* $variant:ident = $code:literal, $words:literal; )* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name { $( $(#[$vdoc])* #[serde(rename = $code)] $variant, )* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [$name] = &[ $( $name::$variant, )* ];

            /// The word in rows, rules, forms and FHIR.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $( $name::$variant => $code, )* }
            }

            /// How a page or a sentence says it.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self { $( $name::$variant => $words, )* }
            }

            /// Reads the code back.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    };
}

pub(crate) use coded;
