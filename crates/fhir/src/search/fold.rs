//! Words made comparable: what FHIR string search ignores is taken out on both sides.

use unicode_normalization::UnicodeNormalization;

/// Folds text for comparison: lower case, marks of Latin, Greek, Cyrillic, Arabic and Hebrew
/// stripped, look-alike punctuation and white space made one.
///
/// Vowel signs of other scripts are letters to their readers and stay.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        if part.is_ascii() {
            out.extend(part.chars().map(|letter| letter.to_ascii_lowercase()));
        } else {
            part.nfkd()
                .filter(|letter| !is_mark(*letter))
                .flat_map(char::to_lowercase)
                // Lower case may bring a mark of its own: İ becomes i with a dot.
                .filter(|letter| !is_mark(*letter))
                .for_each(|letter| push_plain(&mut out, letter));
        }
    }
    out
}

fn is_mark(letter: char) -> bool {
    matches!(
        letter,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}'..='\u{5c7}'
            | '\u{64b}'..='\u{65f}' | '\u{670}'
    )
}

/// Letters that Unicode does not take apart, and punctuation typed in several ways.
fn push_plain(out: &mut String, letter: char) {
    match letter {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'þ' => out.push_str("th"),
        'ø' => out.push('o'),
        'đ' | 'ð' => out.push('d'),
        'ł' => out.push('l'),
        'ı' => out.push('i'),
        '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{b4}' | '`' => out.push('\''),
        '\u{2010}'..='\u{2015}' => out.push('-'),
        other => out.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_whatever_their_case_and_accents() {
        assert_eq!(
            fold("Zoë  O\u{2019}Brien\u{2013}Łukasz"),
            "zoe o'brien-lukasz"
        );
        assert_eq!(fold("Søren Strauß"), "soren strauss");
        assert_eq!(fold("İpek"), "ipek");
        assert_eq!(fold("مُحَمَّد"), fold("محمد"));
        assert_eq!(fold("Ελένη"), "ελενη");
    }

    #[test]
    fn other_scripts_keep_their_vowels() {
        assert_ne!(fold("की"), fold("का"));
        assert!(!fold("李小龍").is_empty());
    }
}
