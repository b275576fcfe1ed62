//! Text out of HTML and XML.

/// Takes tags, comments, scripts and styles out and reads the common entities. A tag becomes a
/// space where it would otherwise join two words.
pub(super) fn strip(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len() / 2);
    let mut rest = markup;
    while let Some((before, tag)) = rest.split_once('<') {
        push_words(&mut text, before);
        rest = after_tag(tag);
        if !is_inline(tag) {
            space(&mut text);
        }
    }
    push_words(&mut text, rest);
    text.truncate(text.trim_end().len());
    text
}

/// What follows a tag, given what follows its `<`.
fn after_tag(tag: &str) -> &str {
    let end = if tag.starts_with("!--") {
        "-->"
    } else if starts_with_name(tag, "script") {
        "</script>"
    } else if starts_with_name(tag, "style") {
        "</style>"
    } else {
        ">"
    };
    tag.split_once(end).map_or("", |(_, rest)| rest)
}

fn starts_with_name(tag: &str, name: &str) -> bool {
    let start = tag.get(..name.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(name))
}

/// Whether a tag stands inside words rather than between them.
fn is_inline(tag: &str) -> bool {
    const INLINE: [&str; 9] = ["b", "i", "u", "em", "strong", "span", "a", "sup", "sub"];
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let end = tag
        .find(|letter: char| !letter.is_ascii_alphanumeric())
        .unwrap_or(tag.len());
    let name = tag.get(..end).unwrap_or_default();
    INLINE
        .iter()
        .any(|inline| name.eq_ignore_ascii_case(inline))
}

/// Appends text with entities read and runs of white space made one.
fn push_words(text: &mut String, mut part: &str) {
    while let Some(letter) = part.chars().next() {
        let (letter, length) = match letter {
            '&' => entity(part).unwrap_or(('&', 1)),
            letter => (letter, letter.len_utf8()),
        };
        if letter.is_whitespace() {
            space(text);
        } else {
            text.push(letter);
        }
        part = part.get(length..).unwrap_or_default();
    }
}

fn space(text: &mut String) {
    if !text.is_empty() && !text.ends_with(' ') {
        text.push(' ');
    }
}

/// Reads an entity such as `&amp;` or `&#233;`, and how long it is.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((letter, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_stay_and_markup_goes() {
        assert_eq!(
            strip("<p>Alcohol <b>dep</b>endence</p><p>since&nbsp;2019 &#8212; caf&#xe9;</p>"),
            "Alcohol dependence since 2019 — café"
        );
        assert_eq!(strip("a<script>x < y</script>b<!-- <i> -->c"), "a b c");
        assert_eq!(strip("5 &lt; 6 & 7 < 8"), "5 < 6 & 7");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(markup in "[<>&;#x!/a-z é-]{0,40}") {
            strip(&markup);
        }
    }
}
