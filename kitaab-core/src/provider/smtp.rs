//! Mail through an SMTP server.

use std::time::Duration;

use async_trait::async_trait;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

use super::{Email, Mailer, ProviderError};

/// No command waits longer for the server.
const TIMEOUT: Duration = Duration::from_secs(10);

/// An SMTP server. Each mail has a connection of its own, so that one that fell silent harms no other.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

/// The address of the mail server makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("write the mail server as smtps://user:password@host or smtp://user:password@host:587?tls=required: {0}")]
pub struct BadSmtpUrl(String);

impl Smtp {
    /// `smtps://` speaks TLS from the start; `smtp://…?tls=required` begins with STARTTLS; `smtp://` alone is in the
    /// clear and for a server on the same machine.
    pub fn new(url: &SecretString) -> Result<Self, BadSmtpUrl> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret()).map_err(|error| BadSmtpUrl(error.to_string()))?;
        Ok(Self { transport: builder.timeout(Some(TIMEOUT)).build() })
    }

    /// As [`new`](Self::new) with STARTTLS, trusting besides a certificate in PEM that no public authority signed.
    pub fn trusting(url: &SecretString, host: &str, pem: &[u8]) -> Result<Self, BadSmtpUrl> {
        let bad = |error: lettre::transport::smtp::Error| BadSmtpUrl(error.to_string());
        let certificate = Certificate::from_pem(pem).map_err(bad)?;
        let tls = TlsParameters::builder(host.to_owned()).add_root_certificate(certificate).build().map_err(bad)?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret()).map_err(bad)?;
        Ok(Self { transport: builder.timeout(Some(TIMEOUT)).tls(Tls::Required(tls)).build() })
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        let message = email.message()?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => Err(said(error)),
        }
    }
}

/// What the server said decides: 5yz is for good, 4yz and everything else (a cut line, a timeout) may pass. So may a
/// refused sign-in (RFC 4954: 530, 534, 535, 538): it speaks of the settings and not of the mail.
fn said(error: lettre::transport::smtp::Error) -> ProviderError {
    let code = error.status().map(u16::from);
    let permanent = error.is_permanent() && !matches!(code, Some(530 | 534 | 535 | 538));
    let words: String = error.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    if permanent { ProviderError::permanent(words).because(error) } else { ProviderError::transient(words).because(error) }
}
