//! The conditions in SQL that Splink's comparison library writes, and what they mean.

/// Parts of an address and a postcode, as Splink cuts them out.
const USER: &str = "^[^@]+";
const SECTOR: &str = "^[A-Za-z]{1,2}[0-9][A-Za-z0-9]?[0-9]";
const DISTRICT: &str = "^[A-Za-z]{1,2}[0-9][A-Za-z0-9]?";
const AREA: &str = "^[A-Za-z]{1,2}";
const DAY_SECONDS: f64 = 86_400.0;

/// What a condition asks of two values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    /// To be equal.
    Same,
    /// To be at most so many edits apart.
    Edits(u32),
    /// To be at least so similar, from 0 to 1.
    Alike(f64),
    /// To be dates at most so many days apart.
    WithinDays(f64),
    /// To be e-mail addresses equal before the @.
    SameUser,
    /// To be postcodes of one sector.
    Sector,
    /// To be postcodes of one district.
    District,
    /// To be postcodes of one area.
    Area,
    /// Nothing: whatever no level before it took.
    Else,
}

/// A condition, and the same without the blanks and quotes that dialects differ in.
pub(super) struct Condition<'a> {
    sql: &'a str,
    plain: String,
}

impl<'a> Condition<'a> {
    pub(super) fn of(sql: &'a str) -> Self {
        let meant = |letter: &char| !letter.is_whitespace() && !matches!(letter, '"' | '`');
        Self {
            sql,
            plain: sql.chars().filter(meant).collect(),
        }
    }

    /// The columns that it names: each stands there with `_l` and `_r` behind it.
    pub(super) fn columns(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let words = self
            .sql
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        words.filter_map(|word| word.strip_suffix("_l").or_else(|| word.strip_suffix("_r")))
    }

    /// What it asks of a column; `None` if that is not one of the conditions known here.
    pub(super) fn meaning(&self, column: &str) -> Option<Meaning> {
        let text = self.plain.as_str();
        let both = |before: &str, after: &str, between: &str| {
            format!("{before}{column}_l{after}{between}{before}{column}_r{after}")
        };
        let cut = |pattern: &str| {
            both(
                "NULLIF(regexp_extract(",
                &format!(",'{pattern}',0),'')"),
                "=",
            )
        };
        let cut_out = [
            (USER, Meaning::SameUser),
            (SECTOR, Meaning::Sector),
            (DISTRICT, Meaning::District),
            (AREA, Meaning::Area),
        ];
        if text == "ELSE" {
            return Some(Meaning::Else);
        }
        if text == both("", "", "=") {
            return Some(Meaning::Same);
        }
        if let Some((_, meaning)) = cut_out.iter().find(|(pattern, _)| text == cut(pattern)) {
            return Some(*meaning);
        }
        self.measured(column)
    }

    /// A distance or likeness, and its limit.
    fn measured(&self, column: &str) -> Option<Meaning> {
        let (left, right) = (format!("{column}_l"), format!("{column}_r"));
        if let Some((measure, limit)) = self.plain.split_once("<=") {
            let edits = ["levenshtein", "damerau_levenshtein"];
            if edits
                .iter()
                .any(|name| measure == format!("{name}({left},{right})"))
            {
                return limit.parse().ok().map(Meaning::Edits);
            }
            let of_dates = measure.starts_with("ABS(EPOCH(")
                && measure.contains(&left)
                && measure.contains(&right);
            let seconds: Option<f64> = limit.parse().ok().filter(|_| of_dates);
            return seconds.map(|seconds| Meaning::WithinDays(seconds / DAY_SECONDS));
        }
        let (measure, limit) = self.plain.split_once(">=")?;
        let (name, values) = measure.split_once('(')?;
        let alike = ["jaro_winkler_similarity", "jaro_similarity", "jaccard"];
        let user = |side: &str| format!("NULLIF(regexp_extract({side},'{USER}',0),'')");
        let whole = format!("{left},{right})");
        let users = format!("{},{})", user(&left), user(&right));
        let is_known = alike.contains(&name) && (values == whole || values == users);
        // Addresses that are alike before the @ only are somewhat alike.
        let least: f64 = limit.parse().ok().filter(|_| is_known)?;
        Some(Meaning::Alike(if values == users {
            least.min(0.8)
        } else {
            least
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(sql: &str, column: &str) -> Option<Meaning> {
        Condition::of(sql).meaning(column)
    }

    #[test]
    fn a_condition_is_read_in_any_quotes() {
        for sql in ["\"dob_l\" = \"dob_r\"", "`dob_l` = `dob_r`", "dob_l=dob_r"] {
            assert_eq!(meaning(sql, "dob"), Some(Meaning::Same), "{sql}");
        }
        let edits = "damerau_levenshtein(\"chi_l\", \"chi_r\") <= 2";
        assert_eq!(meaning(edits, "chi"), Some(Meaning::Edits(2)));
        let alike = "jaro_winkler_similarity(\"city_l\", \"city_r\") >= 0.92";
        assert_eq!(meaning(alike, "city"), Some(Meaning::Alike(0.92)));
        let month = "ABS(EPOCH(try_strptime(\"dob_l\", '%Y')) - EPOCH(try_strptime(\"dob_r\", '%Y'))) <= 2629800.0";
        assert_eq!(meaning(month, "dob"), Some(Meaning::WithinDays(30.4375)));
        assert_eq!(meaning("ELSE", "dob"), Some(Meaning::Else));
    }

    #[test]
    fn a_condition_that_asks_anything_else_means_nothing_here() {
        for sql in [
            "soundex(\"city_l\") = soundex(\"city_r\")",
            "\"city_l\" = \"town_r\"",
            "\"city_l\" = \"city_r\" AND \"dob_l\" = \"dob_r\"",
            "levenshtein(\"city_l\", \"city_r\") <= 2 OR 1 = 1",
        ] {
            assert_eq!(meaning(sql, "city"), None, "{sql}");
        }
    }

    #[test]
    fn a_condition_names_its_columns() {
        let condition = Condition::of("\"a_b_l\" = \"c_r\"");
        assert_eq!(condition.columns().collect::<Vec<_>>(), ["a_b", "c"]);
    }
}
