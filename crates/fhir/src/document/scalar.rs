//! Strings and numbers, checked to the letter of RFC 8259.

use super::node::Kind;
use super::parser::{Parser, Read, Why};

impl Parser<'_> {
    /// Reads a string; the span includes its quotes.
    pub(super) fn string(&mut self) -> Read<(u32, u32)> {
        let start = self.at;
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let Some(run) = memchr::memchr2(b'"', b'\\', rest) else {
                self.at = start;
                return Err(self.expected("a closing quote for this text"));
            };
            let plain = rest.get(..run).unwrap_or_default();
            if let Some(control) = plain.iter().position(|byte| *byte < 0x20) {
                self.at += control;
                return Err(self.expected("a control character written as an escape"));
            }
            self.at += run;
            if rest.get(run) == Some(&b'"') {
                self.at += 1;
                return Ok((start as u32, self.at as u32));
            }
            self.escape()?;
        }
    }

    fn escape(&mut self) -> Read<()> {
        const WANTED: &str = "an escape such as \\n or \\u00eb";
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                let code = self
                    .hex4(self.at + 2)
                    .ok_or_else(|| self.expected(WANTED))?;
                match code {
                    0 => return Err(self.fault(Why::Forbidden("the character U+0000"))),
                    0xD800..=0xDBFF => self.low_surrogate()?,
                    0xDC00..=0xDFFF => {
                        return Err(self.fault(Why::Forbidden("half of a surrogate pair")));
                    }
                    _ => {}
                }
                self.at += 6;
            }
            _ => return Err(self.expected(WANTED)),
        }
        Ok(())
    }

    /// Checks the second half of a pair and stands on it.
    fn low_surrogate(&mut self) -> Read<()> {
        let is_escape = self.bytes.get(self.at + 6..self.at + 8) == Some(b"\\u");
        match self.hex4(self.at + 8) {
            Some(0xDC00..=0xDFFF) if is_escape => {
                self.at += 6;
                Ok(())
            }
            _ => Err(self.fault(Why::Forbidden("half of a surrogate pair"))),
        }
    }

    fn hex4(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 4)?;
        digits.iter().try_fold(0, |code, byte| {
            Some(code * 16 + char::from(*byte).to_digit(16)?)
        })
    }

    pub(super) fn number(&mut self) -> Read<Kind> {
        const WANTED: &str = "a digit";
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits(WANTED)?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits(WANTED)?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits(WANTED)?;
        }
        Ok(Kind::Number)
    }

    fn digits(&mut self, wanted: &'static str) -> Read<()> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return Err(self.expected(wanted));
        }
        self.at += count;
        Ok(())
    }
}
