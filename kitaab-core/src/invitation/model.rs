//! What an invitation is.

use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::ids::{ChannelId, ClientId, InvitationId, ProjectId, UserId};
use crate::sql::names;
use crate::time::Timestamp;

names! {
    /// Where an invitation is. Expiry is computed, not written.
    pub enum InvitationStatus {
        /// Made, not mailed yet.
        Pending = "pending",
        /// The mail server took the mail.
        Sent = "sent",
        /// Somebody with its link looked at it.
        Opened = "opened",
        /// It made a membership.
        Accepted = "accepted",
        /// Its time is over.
        Expired = "expired",
        /// The owner took it back.
        Revoked = "revoked",
    }
}

names! {
    /// How the mail of an invitation fares.
    pub enum DeliveryState {
        /// It waits to be sent.
        Queued = "queued",
        /// The mail server took it.
        Sent = "sent",
        /// It failed and is tried again.
        Retrying = "retrying",
        /// It failed for good.
        Failed = "failed",
        /// It is not mailed: its recipient got too many invitations of late, or it was over before its turn.
        Withheld = "withheld",
    }
}

/// The times that decide where an invitation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milestones {
    /// When a mail server took the mail.
    pub sent_at: Option<Timestamp>,
    /// When somebody first looked at it.
    pub opened_at: Option<Timestamp>,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// It is good until then.
    pub expires_at: Timestamp,
}

impl Milestones {
    /// Where the invitation is at `now`.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> InvitationStatus {
        if self.accepted_at.is_some() {
            InvitationStatus::Accepted
        } else if self.revoked_at.is_some() {
            InvitationStatus::Revoked
        } else if self.expires_at <= now {
            InvitationStatus::Expired
        } else if self.opened_at.is_some() {
            InvitationStatus::Opened
        } else if self.sent_at.is_some() {
            InvitationStatus::Sent
        } else {
            InvitationStatus::Pending
        }
    }
}

/// An invitation as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The id.
    pub id: InvitationId,
    /// The address it went to.
    pub email: String,
    /// What the person becomes: client or member.
    pub role: Role,
    /// The card, for a client.
    pub client_id: Option<ClientId>,
    /// The personal message.
    pub message: Option<String>,
    /// Who invites.
    pub invited_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// The times that decide where it is.
    pub milestones: Milestones,
    /// Set once it can never be accepted again: accepted, revoked, or replaced by a newer one. Until then it is
    /// the one open invitation of its email.
    pub closed_at: Option<Timestamp>,
    /// How the mail fares.
    pub delivery: Delivery,
    /// Counts the links: each resend makes new ones and the old ones die.
    pub generation: i64,
    /// The key the links are derived with.
    pub key_id: i64,
    /// When it was last sent off, for the pause between two sendings.
    pub queued_at: Timestamp,
}

/// What an invitation leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invited {
    /// The projects that it shares, in the order given.
    pub projects: Vec<ProjectId>,
    /// The groups that it takes one into, besides the channels of its projects; by id.
    pub channels: Vec<ChannelId>,
}

/// How the mail of an invitation fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// Where it is.
    pub state: DeliveryState,
    /// Why it failed, in words of the mail server.
    pub error: Option<String>,
    /// Since when.
    pub at: Timestamp,
}

names! {
    /// Which of an invitation's two secrets a link carries.
    pub enum LinkKind {
        /// The one in the mail: whoever has it can read that mailbox.
        Mailed = "mailed",
        /// The one to copy: it may have gone any way.
        Copied = "copied",
    }
}

/// What a link's hash leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The workspace it leads into.
    pub workspace_id: crate::ids::WorkspaceId,
    /// The invitation.
    pub invitation_id: InvitationId,
    /// Mailed or copied.
    pub kind: LinkKind,
}

/// What an invitation shows to who is invited: names alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facing {
    /// The name of who invites.
    pub inviter: String,
    /// The name of the workspace.
    pub workspace_name: String,
    /// The name on the card, for a client.
    pub name: Option<String>,
    /// The company on the card, for a client.
    pub company: Option<String>,
}
