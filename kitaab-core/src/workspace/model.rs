//! What a workspace and a person in it are.

use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::ids::{ClientId, UserId, WorkspaceId};
use crate::time::Timestamp;

/// The tenant. Everything else belongs to exactly one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The id.
    pub id: WorkspaceId,
    /// The name; mails and doors bear it as the brand.
    pub name: String,
    /// `#rrggbb`, for mails and doors.
    pub brand_color: Option<String>,
    /// IANA name; months of reports are of this zone.
    pub time_zone: String,
    /// ISO 4217; what new amounts are in when nobody says.
    pub currency: String,
    /// When it was founded.
    pub created_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

/// A person of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// The person.
    pub user_id: UserId,
    /// The name that others see.
    pub display_name: String,
    /// What they are to the workspace.
    pub role: Role,
    /// Their card, if they are a client.
    pub client_id: Option<ClientId>,
    /// Where their picture is.
    pub avatar_url: Option<String>,
    /// Who invited them; null for the founder.
    pub invited_by: Option<UserId>,
    /// When they joined; null for the founder.
    pub invitation_accepted_at: Option<Timestamp>,
}

/// A person's place in a workspace, as it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub user_id: UserId,
    /// As what.
    pub role: Role,
    /// Their card, if they are a client.
    pub client_id: Option<ClientId>,
    /// Who invited them.
    pub invited_by: Option<UserId>,
    /// When they accepted.
    pub invitation_accepted_at: Option<Timestamp>,
    /// When they joined.
    pub created_at: Timestamp,
}
