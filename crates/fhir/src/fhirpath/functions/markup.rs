//! Whether XHTML is of the plain kind that narratives are made of
//! (<https://hl7.org/fhir/R4/narrative.html#xhtml>).

/// The elements of HTML that format text.
const ELEMENTS: [&str; 62] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "b",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "map",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "center",
    "font",
    "nobr",
];

/// Elements without an end.
const EMPTY: [&str; 5] = ["area", "br", "col", "hr", "img"];

/// Whether a text is one `<div>` of well-formed XHTML that says something, of elements and
/// attributes that format text and do nothing.
pub(super) fn is_plain(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("<div") && is_of_plain_tags(text).unwrap_or(false)
}

/// `None` where a tag or an entity has no end.
fn is_of_plain_tags(text: &str) -> Option<bool> {
    let mut open: Vec<&str> = Vec::new();
    let mut says_something = false;
    let mut rest = text;
    while !rest.is_empty() {
        let (words, tag) = rest.split_once('<').unwrap_or((rest, ""));
        says_something |= !words.trim().is_empty();
        if !words.trim().is_empty() && open.is_empty() {
            return Some(false);
        }
        if words.len() == rest.len() {
            break;
        }
        if let Some(comment) = tag.strip_prefix("!--") {
            (_, rest) = comment.split_once("-->")?;
            continue;
        }
        let (inner, after) = tag.split_once('>')?;
        rest = after;
        if let Some(name) = inner.strip_prefix('/') {
            if open.pop() != Some(name.trim_end()) {
                return Some(false);
            }
            if open.is_empty() && !rest.trim().is_empty() {
                return Some(false);
            }
            continue;
        }
        let is_closed = inner.ends_with('/');
        let inner = inner.trim_end_matches('/');
        let end = inner.find(char::is_whitespace).unwrap_or(inner.len());
        let (name, attributes) = inner.split_at_checked(end)?;
        if !ELEMENTS.contains(&name) || !are_plain(attributes)? {
            return Some(false);
        }
        says_something |= name == "img";
        if !is_closed {
            open.push(name);
        }
    }
    let is_closed = open.iter().all(|name| EMPTY.contains(name));
    Some(is_closed && says_something)
}

/// Whether attributes are those that format and lead elsewhere, and start no program.
fn are_plain(mut attributes: &str) -> Option<bool> {
    loop {
        attributes = attributes.trim_start();
        if attributes.is_empty() {
            return Some(true);
        }
        let (name, rest) = attributes.split_once('=')?;
        let rest = rest.trim_start();
        let quote = rest
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, rest) = rest.strip_prefix(quote)?.split_once(quote)?;
        let name = name.trim().to_ascii_lowercase();
        let value = value.trim_start().to_ascii_lowercase();
        if name.starts_with("on") || value.starts_with("javascript:") {
            return Some(false);
        }
        attributes = rest;
    }
}
