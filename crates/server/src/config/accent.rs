//! The portal's accent colour, which must be readable under white text.

use std::fmt;

/// A colour `#rrggbb` on which white text has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent([u8; 3]);

const LEAST_CONTRAST: f64 = 4.5;

impl Accent {
    /// The colour of an exchange that chose none: a deep teal.
    pub const DEFAULT: Accent = Accent([0x0b, 0x5c, 0x5e]);

    /// Reads `#rrggbb`.
    ///
    /// # Errors
    /// A sentence: not a colour, or too pale.
    pub fn parse(text: &str) -> Result<Self, String> {
        let not_a_colour = || format!("expected a colour such as #0b5c5e, not {text:?}");
        let digits = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6)
            .ok_or_else(not_a_colour)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(not_a_colour());
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| not_a_colour())?;
        let [_, red, green, blue] = number.to_be_bytes();
        let accent = Accent([red, green, blue]);
        let contrast = accent.contrast_with_white();
        if contrast < LEAST_CONTRAST {
            return Err(format!(
                "white text on {text} has a contrast of {contrast:.1} to 1; \
                 at least {LEAST_CONTRAST} is needed to read it: choose a darker colour"
            ));
        }
        Ok(accent)
    }

    fn contrast_with_white(self) -> f64 {
        1.05 / (self.luminance() + 0.05)
    }

    /// Relative luminance, <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_too_pale_for_white_text_is_refused_with_its_contrast() {
        insta::assert_snapshot!(Accent::parse("#ffcc00").unwrap_err(), @"white text on #ffcc00 has a contrast of 1.5 to 1; at least 4.5 is needed to read it: choose a darker colour");
        // #767676 is the palest grey that passes, #777777 the darkest that fails.
        assert!(Accent::parse("#767676").is_ok());
        assert!(Accent::parse("#777777").is_err());
        assert!(Accent::parse(&Accent::DEFAULT.to_string()).is_ok());
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in ["teal", "#12345", "#12345g", "0b5c5e", "#+12345"] {
            assert!(Accent::parse(text).is_err(), "{text}");
        }
    }
}
