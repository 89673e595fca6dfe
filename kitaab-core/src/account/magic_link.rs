//! Signing in by a link in a mail, in the browser that asked for it.

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::link::{mail_link, open_link};
use super::session::{self, Signed, SignedIn, recognise};
use super::{AccountAct, Accounts, LoginTokenKind};
use crate::access::{Own, Proof, action};
use crate::error::{Error, Problems, Result};
use crate::input::{Check, Input};
use crate::store::Scope;
use crate::text;
use crate::token::{GivenToken, Token, TokenKind};
use crate::work::Work;

/// For whom a link is wanted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskMagicLink {
    /// The address of the account.
    #[cfg_attr(feature = "openapi", schema(required = true, format = Email, max_length = 254))]
    #[serde(default)]
    pub email: String,
}

impl Check for AskMagicLink {
    fn check(&mut self, problems: &mut Problems) {
        text::email(&mut self.email, "email", problems);
    }
}

/// What ties the link to the browser that asked for it; the same for unknown addresses.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MagicLinkAsked {
    /// To be given back with the token, or kept as a cookie.
    pub request: String,
}

/// The mailed token, and what shows that this is the browser that asked.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfirmMagicLink {
    /// The token of the link.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String))]
    #[serde(default)]
    pub token: GivenToken,
    /// The `request` of the answer; a cookie does as well.
    pub request: Option<String>,
    /// The request that came as a cookie.
    #[serde(skip)]
    pub cookie: Option<String>,
}

impl Check for ConfirmMagicLink {
    fn check(&mut self, problems: &mut Problems) {
        self.token.check(problems);
    }
}

impl Accounts<'_> {
    /// Mails a link to sign in with, if the address has an account. Answers alike in any case.
    pub async fn ask_magic_link(&self, input: Input<AskMagicLink>) -> Result<MagicLinkAsked> {
        let ask = input.checked()?;
        let request: [u8; 32] = self.kitaab.random();
        let request = Token::new(TokenKind::MagicLink, request);
        self.ask_link(LoginTokenKind::MagicLink, &ask.email, Some(request.hash())).await?;
        Ok(MagicLinkAsked { request: request.reveal() })
    }

    /// Signs in by a mailed link. In another browser than the one that asked, it is as if the link did not exist.
    pub async fn confirm_magic_link(&self, input: Input<ConfirmMagicLink>, user_agent: Option<&str>) -> Result<SignedIn> {
        let given = input.checked()?;
        let mut work = Work::read(self.kitaab, self.actor, Scope::Nobody).await?;
        let (link, user_id) = open_link(&mut work, &[LoginTokenKind::MagicLink], given.token.text()).await?;
        drop(work);
        let known = [given.request.as_deref(), given.cookie.as_deref()].into_iter().flatten();
        let mut hashes = known.filter_map(|text| Token::parse(TokenKind::MagicLink, text)).map(|token| token.hash());
        if !hashes.any(|hash| link.request_hash.is_some_and(|wanted| bool::from(wanted.ct_eq(&hash)))) {
            return Err(Error::NotFound);
        }
        let mut work = Work::write(self.kitaab, self.actor, Scope::Person(user_id)).await?;
        let permit = work.may_with::<action::RecoverAccount>(Own(user_id), Proof::of_account(user_id)).await?;
        let now = work.now();
        if !work.tx()?.use_login_token(&permit, link.id, now).await? {
            return Err(Error::NotFound);
        }
        super::verify::first_proof(&mut work, &permit).await?;
        let login = work.tx()?.login(&permit).await?.ok_or(Error::NotFound)?;
        let session = session::start(&mut work, &login.user, user_agent).await?;
        let workspaces = work.tx()?.belongings(&permit).await?;
        work.note(AccountAct::SignedIn, Some(user_id)).await?;
        work.commit().await?;
        let signed = Signed { moderator: login.user.moderator, user: login.user.into(), workspaces };
        Ok(SignedIn { signed, session })
    }

    /// Makes a link for an address, known or not: the same rows, the same job, the same answer.
    pub(super) async fn ask_link(&self, kind: LoginTokenKind, email: &str, request: Option<crate::token::TokenHash>) -> Result<()> {
        let mut work = Work::write(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = recognise(&mut work).await?;
        let now = work.now();
        let mark = self.mark(kind.as_str(), email);
        let count = work.tx()?.count(&permit, &mark, now, now.before(super::link::WINDOW)).await?;
        let login = work.tx()?.login_by_email(&permit, email).await?;
        // Beyond the limit it is silently not mailed, and costs the same.
        let withheld = self.kitaab.settings().limits && count.hits > super::link::PER_WINDOW;
        let user_id = login.filter(|_| !withheld).map(|login| login.user.id);
        mail_link(&mut work, kind, user_id, None, request).await?;
        work.note(AccountAct::LinkRequested, user_id).await?;
        work.commit().await
    }
}
