//! Exactly one emoji, as it is kept.

use std::fmt;

use crate::error::{Error, Result};

/// One emoji in its fully qualified form, so that ❤ with and without its variation selector is one (UTS #51).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Emoji(String);

impl Emoji {
    /// Reads one; letters, shortcodes and several at once are none.
    pub fn read(text: &str) -> Result<Self> {
        let plain = text.replace('\u{FE0F}', "");
        let found = emojis::get(text).or_else(|| emojis::get(&plain)).or_else(|| emojis::get(&format!("{plain}\u{FE0F}")));
        // A digit is a part of an emoji, and none by itself.
        let found = found.filter(|_| !plain.is_ascii());
        let found = found.ok_or_else(|| Error::field("emoji", "invalid", "React with exactly one emoji, such as 👍."))?;
        Ok(Self(found.as_str().to_owned()))
    }

    /// The emoji.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Emoji {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_emoji_is_taken_in_its_full_form() {
        for (given, kept) in [("👍", "👍"), ("👍🏽", "👍🏽"), ("❤", "❤️"), ("❤️", "❤️"), ("🇮🇳", "🇮🇳"), ("👩‍💻", "👩‍💻"), ("☺", "☺️")]
        {
            assert_eq!(Emoji::read(given).unwrap().as_str(), kept, "{given}");
        }
    }

    #[test]
    fn what_is_no_single_emoji_is_refused() {
        for given in ["", "a", ":thumbsup:", "👍👍", "👍 ", "1", "\u{FE0F}", "<b>", "👍a"] {
            assert!(Emoji::read(given).is_err(), "{given:?}");
        }
    }
}
