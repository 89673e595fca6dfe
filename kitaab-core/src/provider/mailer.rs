//! Mail: what one is, who sends it, and the folder that takes it where nobody does.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use super::ProviderError;
use crate::mail::Rendered;
use crate::time::Timestamp;

/// A mail ready to be sent. Every try of the same mail has the same id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// Without angle brackets; the same on each try, so that a mail sent twice is seen once.
    pub message_id: String,
    /// When it was caused.
    pub at: Timestamp,
    /// Whom it is from: `Kitaab <kitaab@example.com>`.
    pub from: String,
    /// The address it goes to.
    pub to: String,
    /// What it says.
    pub content: Rendered,
    /// The id of the thread that it belongs to, without angle brackets: mail programs show what has the same one together.
    pub thread: Option<String>,
    /// The address that ends such mail by a POST of one click (RFC 8058).
    pub unsubscribe: Option<String>,
}

/// Whether mail can be from this: `Kitaab <kitaab@example.com>`, or the address alone.
#[must_use]
pub fn is_sender(from: &str) -> bool {
    from.parse::<Mailbox>().is_ok()
}

impl Email {
    /// The mail in the form of RFC 5322, with `Auto-Submitted` (RFC 3834) so that no machine answers it.
    pub fn message(&self) -> Result<lettre::Message, ProviderError> {
        let bad = |what: &str, error: &dyn std::error::Error| ProviderError::permanent(format!("the {what} is no mail address: {error}"));
        let from: Mailbox = self.from.parse().map_err(|error| bad("sender", &error))?;
        let to: lettre::Address = self.to.parse().map_err(|error| bad("recipient", &error))?;
        let lines = [Some(&self.message_id), Some(&self.content.subject), self.thread.as_ref(), self.unsubscribe.as_ref()];
        if lines.into_iter().flatten().any(|line| line.contains(['\r', '\n'])) {
            return Err(ProviderError::permanent("a header would end early"));
        }
        let auto = HeaderName::new_from_ascii_str("Auto-Submitted");
        let message = lettre::Message::builder()
            .message_id(Some(format!("<{}>", self.message_id)))
            .date(std::time::UNIX_EPOCH + std::time::Duration::from_millis(self.at.millis()))
            .from(from)
            .to(Mailbox::new(None, to))
            .subject(&self.content.subject)
            .multipart(MultiPart::alternative_plain_html(self.content.text.clone(), self.content.html.clone()))
            .map_err(|error| ProviderError::permanent("the mail could not be put together").because(error))?;
        let mut message = message;
        let headers = message.headers_mut();
        headers.insert_raw(HeaderValue::new(auto, "auto-generated".into()));
        if let Some(thread) = &self.thread {
            for name in ["In-Reply-To", "References"] {
                headers.insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str(name), format!("<{thread}>")));
            }
        }
        if let Some(unsubscribe) = &self.unsubscribe {
            let list = HeaderName::new_from_ascii_str("List-Unsubscribe");
            headers.insert_raw(HeaderValue::dangerous_new_pre_encoded(list, format!("<{unsubscribe}>"), format!("<{unsubscribe}>")));
            let post = HeaderName::new_from_ascii_str("List-Unsubscribe-Post");
            headers.insert_raw(HeaderValue::new(post, "List-Unsubscribe=One-Click".into()));
        }
        Ok(message)
    }
}

/// Sends mail.
///
/// ```
/// use kitaab_core::provider::{Email, Mailer, ProviderError};
///
/// struct Console;
///
/// #[async_trait::async_trait]
/// impl Mailer for Console {
///     async fn send(&self, email: &Email) -> Result<(), ProviderError> {
///         println!("to {}: {}", email.to, email.content.subject);
///         Ok(())
///     }
/// }
/// ```
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Returns once somebody else has taken the mail over. A transient error is tried again for a day.
    async fn send(&self, email: &Email) -> Result<(), ProviderError>;
}

#[async_trait]
impl<M: Mailer + ?Sized> Mailer for std::sync::Arc<M> {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        (**self).send(email).await
    }
}

/// Writes each mail as an `.eml` file into a folder: for trying out, and until SMTP is set up.
#[derive(Debug, Clone)]
pub struct Outbox {
    folder: PathBuf,
}

impl Outbox {
    /// The folder is made when the first mail comes.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Where the mails are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        let bytes = email.message()?.formatted();
        let name: String = email.message_id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let (path, part) = (self.folder.join(format!("{name}.eml")), self.folder.join(format!("{name}.part")));
        let written = async {
            tokio::fs::create_dir_all(&self.folder).await?;
            // Renamed when whole, so that whoever looks into the folder sees no half mail.
            tokio::fs::write(&part, bytes).await?;
            tokio::fs::rename(&part, &path).await
        };
        written.await.map_err(|error| ProviderError::transient("the outbox could not be written").because(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(subject: &str) -> Email {
        Email {
            message_id: "one@kitaab.example".into(),
            at: Timestamp::from_micros(1_775_000_000_000_000),
            from: "Kitaab <kitaab@example.com>".into(),
            to: "mridul@example.com".into(),
            content: Rendered { subject: subject.into(), html: "<p>hello</p>".into(), text: "hello".into() },
            thread: None,
            unsubscribe: None,
        }
    }

    #[test]
    fn every_try_of_a_mail_has_the_same_headers_and_asks_no_machine_to_answer() {
        let text = String::from_utf8(mail("Grüße").message().unwrap().formatted()).unwrap();
        for line in [
            "Message-ID: <one@kitaab.example>",
            "Auto-Submitted: auto-generated",
            "Date: Tue, 31 Mar 2026 23:33:20 +0000",
            "To: mridul@example.com",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn a_mail_of_a_conversation_names_its_thread_and_how_to_end_it() {
        let unsubscribe = format!("https://kitaab.example/unsubscribe?token=ktu_{}", "x".repeat(150));
        let mail = Email { thread: Some("c@kitaab.example".into()), unsubscribe: Some(unsubscribe.clone()), ..mail("News") };
        let text = String::from_utf8(mail.message().unwrap().formatted()).unwrap();
        for line in [
            "In-Reply-To: <c@kitaab.example>",
            "References: <c@kitaab.example>",
            &format!("List-Unsubscribe: <{unsubscribe}>"),
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn a_line_end_in_a_header_is_refused() {
        assert!(mail("Hello\r\nBcc: eve@example.com").message().is_err());
        let mut forged = mail("Hello");
        forged.to = "mridul@example.com\r\nBcc: eve@example.com".into();
        assert!(forged.message().is_err());
        assert!(Email { thread: Some("a>\r\nBcc: eve@example.com".into()), ..mail("Hello") }.message().is_err());
        assert!(Email { unsubscribe: Some("https://a\nBcc: eve@example.com".into()), ..mail("Hello") }.message().is_err());
    }
}
