//! Inviting somebody.

use std::time::Duration;

use serde::Deserialize;

use super::link::put_links;
use super::{
    Delivery, DeliveryState, Invitation, InvitationItem, Invitations, Invited, MESSAGE_MAX, Milestones, OPEN_MAX, PER_HOUR, PER_RECIPIENT,
    PROJECTS_MAX,
};
use crate::access::{InWorkspace, Instance, OnInvitation, Permit, Role, action};
use crate::answer::{Single, Warning};
use crate::client::{NewClient, insert_card};
use crate::error::{Error, Problems, Result};
use crate::event::{EventKind, Told};
use crate::ids::{ChannelId, ClientId, InvitationId, ProjectId, WorkspaceId};
use crate::input::{Check, Input};
use crate::job::JobKind;
use crate::keys::Purpose;
use crate::store::StoreError;
use crate::text;
use crate::work::{Work, again};
use crate::workspace::scope;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// Somebody who has no card yet; inviting them makes one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitedClient {
    /// The person's name.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 200))]
    #[serde(default)]
    pub name: String,
    /// Where they are written to.
    #[cfg_attr(feature = "openapi", schema(required = true, format = Email, max_length = 254))]
    #[serde(default)]
    pub email: String,
    /// Where they work.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub company: Option<String>,
}

/// An invitation. Exactly one of `client_id`, `client` and (for a member) `email` names the person.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewInvitation {
    /// What the person becomes: `client` (when absent) or `member`.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, pattern = "^(client|member)$"))]
    pub role: Option<Role>,
    /// A card that exists.
    pub client_id: Option<ClientId>,
    /// A card to be made.
    pub client: Option<InvitedClient>,
    /// A colleague's address.
    #[cfg_attr(feature = "openapi", schema(format = Email, max_length = 254))]
    pub email: Option<String>,
    /// The projects to be shared with a client.
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    #[serde(default)]
    pub project_ids: Vec<ProjectId>,
    /// The groups to be taken into, besides the channels of the projects.
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    #[serde(default)]
    pub channel_ids: Vec<ChannelId>,
    /// A personal message.
    #[cfg_attr(feature = "openapi", schema(max_length = 2_000))]
    pub message: Option<String>,
}

impl NewInvitation {
    fn role(&self) -> Role {
        self.role.unwrap_or(Role::Client)
    }
}

impl Check for NewInvitation {
    fn check(&mut self, problems: &mut Problems) {
        if !matches!(self.role(), Role::Client | Role::Member) {
            problems.add("role", "invalid", "Invite somebody as client or member.");
        }
        let ways = [self.client_id.is_some(), self.client.is_some(), self.email.is_some()];
        match (self.role(), ways) {
            (Role::Client, [true, false, false] | [false, true, false]) | (Role::Member, [false, false, true]) => {}
            (Role::Member, _) => problems.add("email", "one_person", "Name a member by email alone."),
            _ => problems.add("client_id", "one_person", "Name the client either by client_id or by client."),
        }
        if let Some(client) = &mut self.client {
            text::name(&mut client.name, "client.name", problems);
            text::email(&mut client.email, "client.email", problems);
            text::optional_name(&mut client.company, "client.company", problems);
        }
        if let Some(email) = &mut self.email {
            text::email(email, "email", problems);
        }
        if self.role() == Role::Member && !self.project_ids.is_empty() {
            problems.add("project_ids", "invalid", "A member sees every project; leave this out.");
        }
        if self.project_ids.len() > PROJECTS_MAX {
            problems.add("project_ids", "too_many", format!("Name at most {PROJECTS_MAX} projects."));
        }
        self.project_ids.sort_unstable();
        self.project_ids.dedup();
        if self.channel_ids.len() > PROJECTS_MAX {
            problems.add("channel_ids", "too_many", format!("Name at most {PROJECTS_MAX} channels."));
        }
        self.channel_ids.sort_unstable();
        self.channel_ids.dedup();
        text::optional_text(&mut self.message, "message", MESSAGE_MAX, problems);
    }
}

impl Invitations<'_> {
    /// Invites somebody by mail, and hands out the link to copy. The mail leaves after the commit.
    pub async fn send(&self, workspace: WorkspaceId, input: Input<NewInvitation>) -> Result<Single<InvitationItem>> {
        again(self.kitaab, || self.try_send(workspace, &input)).await
    }

    async fn try_send(&self, workspace: WorkspaceId, input: &Input<NewInvitation>) -> Result<Single<InvitationItem>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::SendInvitation>(InWorkspace(workspace)).await?;
        if let Some(first) = work.repeated().await? {
            work.commit().await?;
            return Ok(first);
        }
        let new = self.references(&mut work, &permit, input).await?;
        let (email, client_id) = self.person(&mut work, &permit, &new).await?;
        let warnings = Warning::of_email(if new.client.is_some() { "client.email" } else { "email" }, &email);
        self.make_room(&mut work, &permit, &email).await?;
        let withheld = self.count(&mut work, workspace, &email).await?;
        let invitation = self.invitation(&work, &new, email, client_id, withheld)?;
        let invited = Invited { projects: new.project_ids, channels: new.channel_ids };
        if !work.tx()?.insert_invitation(&permit, &invitation, &invited).await? {
            return Err(StoreError::Conflict.into());
        }
        let link = put_links(&mut work, &permit, &invitation).await?;
        if !withheld {
            work.enqueue(JobKind::InvitationMail, invitation.id.0, invitation.generation, invitation.generation);
        }
        work.made::<action::SendInvitation>(invitation.id.0);
        work.tell(Told::staff(EventKind::InvitationCreated, invitation.id.0));
        let can = work.can(OnInvitation(workspace, invitation.id)).await?;
        let mut answer = Single { item: InvitationItem::new(invitation, invited, work.now()), can, warnings };
        work.answer(&answer)?;
        work.commit().await?;
        answer.item.link = Some(link);
        Ok(answer)
    }

    /// The checked input, with every id in it that leads nowhere noted beside the other findings.
    async fn references(
        &self,
        work: &mut Work<'_>,
        permit: &Permit<action::SendInvitation>,
        input: &Input<NewInvitation>,
    ) -> Result<NewInvitation> {
        let mut problems = Problems::default();
        let new = input.check_into(&mut problems)?;
        if new.project_ids.len() <= PROJECTS_MAX {
            let there = work.tx()?.active_projects(permit, &new.project_ids).await?;
            for (index, id) in new.project_ids.iter().enumerate().filter(|(_, id)| !there.contains(id)) {
                problems.add(format!("project_ids[{index}]"), "not_found", format!("There is no project {id}."));
            }
        }
        if new.channel_ids.len() <= PROJECTS_MAX {
            let there = work.tx()?.open_groups(permit, &new.channel_ids).await?;
            for (index, id) in new.channel_ids.iter().enumerate().filter(|(_, id)| !there.contains(id)) {
                problems.add(format!("channel_ids[{index}]"), "not_found", format!("There is no group {id}."));
            }
        }
        if let Some(id) = new.client_id
            && work.tx()?.active_client(permit, id).await?.is_none()
        {
            problems.add("client_id", "not_found", "There is no such client.");
        }
        problems.into_result()?;
        Ok(new)
    }

    /// Whom it goes to: the card that is named, one made now, or a colleague's address.
    async fn person(
        &self,
        work: &mut Work<'_>,
        permit: &Permit<action::SendInvitation>,
        new: &NewInvitation,
    ) -> Result<(String, Option<ClientId>)> {
        let (email, client_id) = match (&new.client, new.client_id, &new.email) {
            (Some(client), _, _) => (client.email.clone(), None),
            (None, Some(id), _) => (work.tx()?.active_client(permit, id).await?.ok_or(Error::NotFound)?.email, Some(id)),
            (None, None, email) => (email.clone().ok_or(Error::NotFound)?, None),
        };
        if work.tx()?.is_member(permit, &email).await? {
            return Err(Error::conflict("already_member", "This person is in the workspace already."));
        }
        let Some(client) = &new.client else { return Ok((email, client_id)) };
        // An open invitation is the nearer reason than the card that came with it.
        self.make_room(work, permit, &email).await?;
        let create = work.may::<action::CreateClient>(permit.target()).await?;
        let InvitedClient { name, email: _, company } = client.clone();
        let card = NewClient { name, email: email.clone(), company, phone: None, notes: None };
        let card = insert_card(work, &create, card).await?;
        Ok((email, Some(card.id)))
    }

    /// Closes an expired invitation of this email; an open one stands in the way.
    async fn make_room(&self, work: &mut Work<'_>, permit: &Permit<action::SendInvitation>, email: &str) -> Result<()> {
        let now = work.now();
        let Some(other) = work.tx()?.unclosed_invitation(permit, email).await? else { return Ok(()) };
        if now < other.milestones.expires_at {
            return Err(Error::duplicate("already_invited", "This person has an open invitation. Send that one again.", other.id.0));
        }
        work.tx()?.close_invitation(permit, other.id, now).await?;
        work.tell(Told::staff(EventKind::InvitationUpdated, other.id.0));
        Ok(())
    }

    /// Counts against the limits; true if the recipient has had enough mail.
    async fn count(&self, work: &mut Work<'_>, workspace: WorkspaceId, email: &str) -> Result<bool> {
        if !self.kitaab.settings().limits {
            return Ok(false);
        }
        let (now, keys) = (work.now(), self.kitaab.keys());
        let permit = work.may::<action::ListInvitations>(InWorkspace(workspace)).await?;
        if work.tx()?.count_open_invitations(&permit, now).await? >= OPEN_MAX {
            return Err(Error::conflict("too_many_open", "Too many invitations are open. Take some back, or wait until they expire."));
        }
        let limits = work.may::<action::Recognise>(Instance).await?;
        let mark = keys.mark(Purpose::LimitKey, &format!("invitations:{workspace}"));
        let sent = work.tx()?.count(&limits, &mark, now, now.before(HOUR)).await?;
        if sent.hits > PER_HOUR {
            return Err(Error::TooMany { retry_after: HOUR.saturating_sub(now.since(sent.since)) });
        }
        self.count_recipient(work, email).await
    }

    /// Counts a mail to this address; true if it has had enough.
    pub(super) async fn count_recipient(&self, work: &mut Work<'_>, email: &str) -> Result<bool> {
        if !self.kitaab.settings().limits {
            return Ok(false);
        }
        let limits = work.may::<action::Recognise>(Instance).await?;
        let (now, mark) = (work.now(), self.kitaab.keys().mark(Purpose::LimitKey, &format!("recipient:{email}")));
        Ok(work.tx()?.count(&limits, &mark, now, now.before(DAY)).await?.hits > PER_RECIPIENT)
    }

    fn invitation(
        &self,
        work: &Work<'_>,
        new: &NewInvitation,
        email: String,
        client_id: Option<ClientId>,
        withheld: bool,
    ) -> Result<Invitation> {
        let now = work.now();
        let invited_by = self.kitaab.accounts(self.actor).require()?;
        let state = if withheld { DeliveryState::Withheld } else { DeliveryState::Queued };
        Ok(Invitation {
            id: work.id::<InvitationId>(),
            email,
            role: new.role(),
            client_id,
            message: new.message.clone(),
            invited_by,
            created_at: now,
            milestones: Milestones {
                sent_at: None,
                opened_at: None,
                accepted_at: None,
                revoked_at: None,
                expires_at: now.after(self.kitaab.settings().invitation_ttl),
            },
            closed_at: None,
            delivery: Delivery { state, error: None, at: now },
            generation: 1,
            key_id: self.kitaab.keys().id(),
            queued_at: now,
        })
    }
}
