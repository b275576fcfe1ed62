//! Text made comparable: folded, cut into words, measured against other text.

mod distance;
mod sound;

use unicode_normalization::UnicodeNormalization as _;

pub(crate) use distance::{edits_within, jaro_winkler};
pub(crate) use sound::{skeleton, sound};

/// Small letters and digits without marks: "Guðmundsdóttir" is "gudmundsdottir". What is neither
/// letter nor digit becomes one blank. Letters of other scripts stay as they are.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        for byte in text.bytes() {
            push(&mut folded, char::from(byte.to_ascii_lowercase()));
        }
    } else {
        for letter in text.nfkd().flat_map(char::to_lowercase) {
            match letter {
                '\u{300}'..='\u{36f}' => {}
                'ð' => folded.push('d'),
                'þ' => folded.push_str("th"),
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'đ' => folded.push('d'),
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'ı' => folded.push('i'),
                other => push(&mut folded, other),
            }
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

fn push(folded: &mut String, letter: char) {
    if letter.is_alphanumeric() {
        folded.push(letter);
    } else if !folded.is_empty() && !folded.ends_with(' ') {
        folded.push(' ');
    }
}

/// The words of folded text.
pub(crate) fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(' ').filter(|word| !word.is_empty())
}

/// Letters and digits only, joined: identifiers and postcodes.
pub(crate) fn compact(text: &str) -> String {
    fold(text).split(' ').collect()
}

/// A stable hash of bytes (FNV-1a, then mixed), the same on every machine and in every run.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let folded = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    mix(folded)
}

/// Spreads a number over all 64 bits (the finaliser of `SplitMix64`).
pub(crate) fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_case_and_punctuation_do_not_make_another_name() {
        assert_eq!(fold("Björk Guðmundsdóttir"), "bjork gudmundsdottir");
        assert_eq!(fold("O\u{2019}BRIEN"), "o brien");
        assert_eq!(fold("  Smith--Jones. "), "smith jones");
        assert_eq!(fold("Łukasz Sørensen"), "lukasz sorensen");
        assert_eq!(fold("Иван"), "иван");
        assert_eq!(compact("KY1 2AB"), "ky12ab");
    }

    #[test]
    fn a_hash_is_the_same_in_every_run() {
        assert_eq!(hash(b"agnes"), hash(b"agnes"));
        assert_ne!(hash(b"agnes"), hash(b"agnez"));
    }
}
