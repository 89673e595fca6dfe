//! Tokens that people and programs carry: what they look like, and that only their hash is kept.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::error::Problems;

/// What a token is good for; it shows in its first letters, so that a leaked one is known for what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A signed-in session.
    Session,
    /// An invitation.
    Invitation,
    /// A new password.
    Reset,
    /// The address of an account is right.
    Verification,
    /// Sign-in without a password, and the browser that asked for it.
    MagicLink,
}

impl TokenKind {
    /// The first letters.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Session => "kts_",
            Self::Invitation => "kti_",
            Self::Reset => "ktr_",
            Self::Verification => "ktv_",
            Self::MagicLink => "ktm_",
        }
    }
}

/// A secret of 256 bits. It prints as its kind only.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    kind: TokenKind,
    secret: [u8; 32],
}

/// SHA-256 of a token: what tables keep and look it up by. A token has 256 random bits, so no salt is needed (ASVS 6.5.2).
pub type TokenHash = [u8; 32];

impl Token {
    /// From its 32 secret bytes.
    #[must_use]
    pub fn new(kind: TokenKind, secret: [u8; 32]) -> Self {
        Self { kind, secret }
    }

    /// Reads a token of this kind; blanks around it are passed over. Anything else is nothing.
    #[must_use]
    pub fn parse(kind: TokenKind, text: &str) -> Option<Self> {
        let body = text.trim().strip_prefix(kind.prefix())?;
        let secret = BASE64URL_NOPAD.decode(body.as_bytes()).ok()?;
        Some(Self { kind, secret: secret.try_into().ok()? })
    }

    /// What is handed out, once.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{}{}", self.kind.prefix(), BASE64URL_NOPAD.encode(&self.secret))
    }

    /// What is kept.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        Sha256::new().chain_update(self.kind.prefix()).chain_update(self.secret).finalize().into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}…)", self.kind.prefix())
    }
}

/// A token as somebody gives it. Whether it is good is found out later, and told alike for all that are not; only that
/// none was given at all is told at once.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct GivenToken(Option<SecretString>);

impl GivenToken {
    /// Notes that none was given.
    pub fn check(&self, problems: &mut Problems) {
        if self.0.is_none() {
            problems.add("token", "required", "Give the token of the link.");
        }
    }

    /// What was given.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.as_ref().map_or("", |token| token.expose_secret())
    }
}

impl<T: Into<SecretString>> From<T> for GivenToken {
    fn from(token: T) -> Self {
        Self(Some(token.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_with_blanks_around_it() {
        let token = Token::new(TokenKind::Invitation, [9; 32]);
        assert_eq!(Token::parse(TokenKind::Invitation, &format!(" {}\n", token.reveal())), Some(token));
    }

    #[test]
    fn a_token_of_another_kind_or_form_is_none() {
        let token = Token::new(TokenKind::Invitation, [9; 32]).reveal();
        assert_eq!(Token::parse(TokenKind::Session, &token), None);
        for bad in ["", "kti_", "kti_!!!!", &token[..20], &format!("{token}A")] {
            assert_eq!(Token::parse(TokenKind::Invitation, bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_same_secret_as_two_kinds_has_two_hashes() {
        assert_ne!(Token::new(TokenKind::Reset, [1; 32]).hash(), Token::new(TokenKind::Session, [1; 32]).hash());
    }

    #[test]
    fn a_token_does_not_print_its_secret() {
        assert_eq!(format!("{:?}", Token::new(TokenKind::Session, [1; 32])), "Token(kts_…)");
    }
}
