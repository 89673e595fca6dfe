//! Accepting an invitation: with a new account, or with the one that has the invited address.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::link::{follow, follow_in};
use super::{Invitation, Invitations, Link, LinkKind};
use crate::access::{Instance, OnInvitation, Own, Role, Writes, action};
use crate::account::{AccountAct, Belonging, LoginTokenKind, Me, SessionToken, User, mail_link, new_user, start_session};
use crate::activity::{Deed, Verb};
use crate::error::{Error, Problems, Result};
use crate::event::{EventKind, Part, Told};
use crate::ids::UserId;
use crate::input::{Check, Input};
use crate::job::JobKind;
use crate::notification::{Notice, Rule};
use crate::password::check_password;
use crate::project::ProjectGrant;
use crate::store::Scope;
use crate::text;
use crate::token::GivenToken;
use crate::work::{Work, again};
use crate::workspace::Membership;

/// The acceptance of an invitation. Who is signed in gives the token alone.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Accept {
    /// The token of the link.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String))]
    #[serde(default)]
    pub token: GivenToken,
    /// The name that others see, for a new account.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub display_name: Option<String>,
    /// 12 to 128 characters, for a new account.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 128))]
    pub password: Option<SecretString>,
    /// Where they work, for a new account.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub company: Option<String>,
}

impl Check for Accept {
    fn check(&mut self, problems: &mut Problems) {
        self.token.check(problems);
        if let Some(name) = &mut self.display_name {
            text::name(name, "display_name", problems);
        }
        text::optional_name(&mut self.company, "company", problems);
    }
}

impl Accept {
    /// What a new account besides needs.
    fn check_new(&self, email: &str, problems: &mut Problems) {
        let name = self.display_name.as_deref().unwrap_or_default();
        if name.is_empty() {
            problems.add("display_name", "required", "Give your name.");
        }
        let password = self.password.clone().unwrap_or_default();
        check_password(&password, "password", &[email, name, self.company.as_deref().unwrap_or_default()], problems);
    }
}

/// Somebody who joined.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Joined {
    /// The person.
    pub user: Me,
    /// The workspace, and what they are to it.
    pub workspace: Belonging,
    /// For a new account: they are signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionToken>,
}

impl Invitations<'_> {
    /// Accepts an invitation, exactly once however many try at the same time.
    ///
    /// Nobody signed in and no account with the address: makes one. Signed in as the invited person: joins with it.
    /// An account that nobody is signed in to: `sign_in_required`; its password is never touched. Signed in as
    /// somebody else: `other_account`.
    pub async fn accept(&self, input: Input<Accept>, user_agent: Option<&str>) -> Result<Joined> {
        let mut problems = Problems::default();
        let given = input.check_into(&mut problems)?;
        let link = follow(self.kitaab, given.token.text()).await?;
        let invitation = self.acceptable(&link).await?;
        if self.actor.user().is_some() {
            problems.into_result()?;
            return again(self.kitaab, || self.join_as_oneself(&link, &given)).await;
        }
        if self.is_known(&invitation.email).await? {
            // The account may be that of whoever used the link up since it was looked at.
            self.acceptable(&link).await?;
            return Err(Error::conflict("sign_in_required", "There is an account with this address. Sign in to accept."));
        }
        given.check_new(&invitation.email, &mut problems);
        problems.into_result()?;
        let password = given.password.clone().unwrap_or_default();
        let hash = self.kitaab.hashing().hash(&password, self.kitaab.random()).await?;
        again(self.kitaab, || self.join_anew(&link, &given, &hash, user_agent)).await
    }

    /// The invitation, if it can be accepted now.
    async fn acceptable(&self, link: &Link) -> Result<Invitation> {
        let mut work = Work::read(self.kitaab, self.actor, Scope::Guest(link.workspace())).await?;
        let permit = work.may_with::<action::PreviewInvitation>(link.target(), link.proof()).await?;
        let (invitation, _) = work.tx()?.invitation(&permit).await?.ok_or(Error::NotFound)?;
        let open = invitation.closed_at.is_none() && work.now() < invitation.milestones.expires_at;
        if open { Ok(invitation) } else { Err(Error::NotFound) }
    }

    async fn is_known(&self, email: &str) -> Result<bool> {
        let mut work = Work::read(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = work.may::<action::Recognise>(Instance).await?;
        Ok(work.tx()?.login_by_email(&permit, email).await?.is_some())
    }

    async fn join_as_oneself(&self, link: &Link, given: &Accept) -> Result<Joined> {
        let user_id = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::write(self.kitaab, self.actor, Scope::Guest(link.workspace())).await?;
        let permit = work.may_with::<action::AcceptInvitation>(link.target(), link.proof()).await?;
        let own = work.may::<action::EditAccount>(Own(user_id)).await?;
        let mut user = work.tx()?.login(&own).await?.ok_or(Error::NotFound)?.user;
        let invitation = use_up(&mut work, &permit, given).await?;
        let workspace = join(&mut work, &permit, link, &invitation, user_id).await?;
        if link.kind == LinkKind::Mailed {
            let now = work.now();
            // Signed in and holding the mailed link: the mailbox is theirs, and so is the account.
            work.tx()?.verify_email(&own, now).await?;
            user.email_verified_at = user.email_verified_at.or(Some(now));
        }
        work.commit().await?;
        Ok(Joined { user: user.into(), workspace, session: None })
    }

    async fn join_anew(&self, link: &Link, given: &Accept, hash: &str, user_agent: Option<&str>) -> Result<Joined> {
        let mut work = Work::write(self.kitaab, self.actor, Scope::Guest(link.workspace())).await?;
        let permit = work.may_with::<action::JoinByInvitation>(link.target(), link.proof()).await?;
        let invitation = use_up(&mut work, &permit, given).await?;
        let user = self.open_account(&mut work, link, &invitation, given, hash).await?;
        let workspace = join(&mut work, &permit, link, &invitation, user.id).await?;
        work.made_by::<action::JoinByInvitation>(user.id);
        let session = start_session(&mut work, &user, user_agent).await?;
        work.note(AccountAct::SignedUp, Some(user.id)).await?;
        work.commit().await?;
        Ok(Joined { user: user.into(), workspace, session: Some(session) })
    }

    /// The new account: verified if the mailed link was used, otherwise it gets a mail to verify it.
    async fn open_account(&self, work: &mut Work<'_>, link: &Link, invitation: &Invitation, given: &Accept, hash: &str) -> Result<User> {
        let open = work.may::<action::OpenAccount>(Instance).await?;
        let now = work.now();
        let name = given.display_name.clone().unwrap_or_default();
        let mut user = new_user(work.id(), invitation.email.clone(), name, given.company.clone(), now);
        user.email_verified_at = (link.kind == LinkKind::Mailed).then_some(now);
        if !work.tx()?.insert_user(&open, &user, Some(hash)).await? {
            return Err(Error::conflict("sign_in_required", "There is an account with this address. Sign in to accept."));
        }
        if link.kind == LinkKind::Copied {
            mail_link(work, LoginTokenKind::Verification, Some(user.id), None, None).await?;
        }
        Ok(user)
    }
}

/// Uses the invitation up, before anything is made of it: of several at once, all but one find it used.
async fn use_up(work: &mut Work<'_>, permit: &Writes<OnInvitation>, given: &Accept) -> Result<Invitation> {
    let now = work.now();
    let (invitation, _) = work.tx()?.invitation(permit).await?.ok_or(Error::NotFound)?;
    if !work.tx()?.accept_invitation(permit, now).await? {
        return Err(Error::NotFound);
    }
    // The invitation is held from here on. If it was sent anew since the link was followed, the link is dead.
    follow_in(work, given.token.text()).await?;
    Ok(invitation)
}

/// Makes the one membership that an invitation makes.
async fn join(
    work: &mut Work<'_>,
    permit: &Writes<OnInvitation>,
    link: &Link,
    invitation: &Invitation,
    user_id: UserId,
) -> Result<Belonging> {
    let now = work.now();
    let membership = Membership {
        user_id,
        role: invitation.role,
        client_id: invitation.client_id,
        invited_by: Some(invitation.invited_by),
        invitation_accepted_at: Some(now),
        created_at: now,
    };
    if !work.tx()?.insert_membership(permit, &membership).await? {
        return Err(Error::conflict("already_member", "You are in this workspace already."));
    }
    if let (Role::Client, Some(card)) = (invitation.role, invitation.client_id) {
        if !work.tx()?.join_client(permit, card, user_id, now).await? {
            return Err(Error::NotFound);
        }
        for project in work.tx()?.share_invited_projects(permit, card, ProjectGrant::INVITED, now).await? {
            work.tell(Told::project(EventKind::ProjectUpdated, project));
        }
        work.record_by(user_id, Deed::client(Verb::Joined, card));
        work.tell(Told::staff(EventKind::ClientUpdated, card.0));
    }
    for channel in work.tx()?.take_invited_in(permit, user_id, now).await? {
        work.tell(Told::channel(EventKind::ChannelMemberAdded, channel, None, user_id.0));
    }
    work.access_changed(Told::gained(user_id, Part::Workspace(link.workspace())));
    work.tell(Told::staff(EventKind::InvitationUpdated, link.invitation_id.0));
    work.notify(Notice {
        user: invitation.invited_by,
        rule: Rule::OwnInvitationAccepted,
        actor: Some(user_id),
        subject: link.invitation_id.0,
        channel: None,
        project: None,
    });
    work.enqueue(JobKind::WelcomeMail, user_id.0, 0, link.invitation_id);
    let facing = work.tx()?.invitation_facing(permit).await?.ok_or(Error::NotFound)?;
    Ok(Belonging { id: link.workspace(), name: facing.workspace_name, role: invitation.role, client_id: invitation.client_id })
}
