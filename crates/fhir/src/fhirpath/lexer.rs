//! Words and signs of an expression (<http://hl7.org/fhirpath/N1/#lexical-elements>).

use super::SyntaxError;

/// One word or sign.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name or a word of the language.
    Word(String),
    /// A name in back-quotes, which is never a word of the language.
    Quoted(String),
    /// `'text'`
    Text(String),
    /// A number as written.
    Number(String),
    /// `@2027-01-11T09:30`, without its `@`.
    Moment(String),
    /// `%name`
    Variable(String),
    /// `$this` and its like, without the `$`.
    Special(String),
    /// A sign such as `<=`.
    Sign(&'static str),
}

/// Signs, longer ones before those that begin them.
const SIGNS: [&str; 24] = [
    "<=", ">=", "!=", "!~", "=", "~", "<", ">", "+", "-", "*", "/", "&", "|", "(", ")", "[", "]",
    "{", "}", ".", ",", ";", ":",
];

/// The words and signs of a text, each with its place.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, SyntaxError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut found = Vec::new();
    loop {
        lexer.skip_space()?;
        let at = lexer.at;
        match lexer.next()? {
            Some(token) => found.push((at, token)),
            None => return Ok(found),
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn wrong<T>(&self, what: impl Into<String>) -> Result<T, SyntaxError> {
        Err(SyntaxError {
            at: self.at,
            what: what.into(),
        })
    }

    fn skip_space(&mut self) -> Result<(), SyntaxError> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if trimmed.starts_with("//") {
                self.at += trimmed.find('\n').unwrap_or(trimmed.len());
            } else if trimmed.starts_with("/*") {
                match trimmed.find("*/") {
                    Some(end) => self.at += end + 2,
                    None => return self.wrong("a comment has no end"),
                }
            } else {
                return Ok(());
            }
        }
    }

    fn next(&mut self) -> Result<Option<Token>, SyntaxError> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(None);
        };
        let token = match first {
            '\'' => Token::Text(self.quoted('\'')?),
            '`' | '"' => Token::Quoted(self.quoted(first)?),
            '@' => Token::Moment(self.moment()),
            '%' => Token::Variable(self.variable()?),
            '$' => {
                self.at += 1;
                Token::Special(self.take(is_of_word).to_owned())
            }
            first if first.is_ascii_digit() => Token::Number(self.number()),
            first if is_of_word(first) => Token::Word(self.take(is_of_word).to_owned()),
            _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => {
                    self.at += sign.len();
                    Token::Sign(sign)
                }
                None => return self.wrong("no expression has such a sign"),
            },
        };
        Ok(Some(token))
    }

    /// Everything from here whose letters are of a kind.
    fn take(&mut self, is_kind: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|letter| !is_kind(letter)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn number(&mut self) -> String {
        let mut number = self.take(|letter| letter.is_ascii_digit()).to_owned();
        let decimals = self.rest().strip_prefix('.').unwrap_or_default();
        if decimals.starts_with(|letter: char| letter.is_ascii_digit()) {
            self.at += 1;
            number.push('.');
            number.push_str(self.take(|letter| letter.is_ascii_digit()));
        }
        number
    }

    fn moment(&mut self) -> String {
        self.at += 1;
        let is_part = |letter: char| letter.is_ascii_digit() || "-:TZ+".contains(letter);
        let mut moment = self.take(is_part).to_owned();
        let decimals = self.rest().strip_prefix('.').unwrap_or_default();
        if decimals.starts_with(|letter: char| letter.is_ascii_digit()) {
            self.at += 1;
            moment.push('.');
            moment.push_str(self.take(is_part));
        }
        moment
    }

    fn variable(&mut self) -> Result<String, SyntaxError> {
        self.at += 1;
        match self.rest().chars().next() {
            Some(quote @ ('\'' | '`' | '"')) => self.quoted(quote),
            // Names such as vs-observation-status have hyphens.
            _ => Ok(self
                .take(|letter| is_of_word(letter) || letter == '-')
                .to_owned()),
        }
    }

    /// What stands between quotes, its escapes read.
    fn quoted(&mut self, quote: char) -> Result<String, SyntaxError> {
        self.at += quote.len_utf8();
        let mut text = String::new();
        let mut letters = self.rest().char_indices();
        while let Some((place, letter)) = letters.next() {
            if letter == quote {
                self.at += place + quote.len_utf8();
                return Ok(text);
            }
            if letter != '\\' {
                text.push(letter);
                continue;
            }
            match letters.next() {
                Some((_, 'u')) => {
                    let code: String = letters.by_ref().take(4).map(|(_, digit)| digit).collect();
                    let code = u32::from_str_radix(&code, 16).ok();
                    match code.and_then(char::from_u32) {
                        Some(letter) => text.push(letter),
                        None => return self.wrong("an escape is no character"),
                    }
                }
                Some((_, escaped)) => text.push(unescaped(escaped)),
                None => break,
            }
        }
        self.wrong("a text has no end")
    }
}

fn unescaped(letter: char) -> char {
    match letter {
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        same => same,
    }
}

fn is_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}
