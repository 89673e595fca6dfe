//! What a client's card is, and who sees what of it.

use serde::{Deserialize, Serialize};

use crate::client::InvitationStatus;
use crate::ids::{ClientId, UserId};
use crate::time::Timestamp;

/// A client's card as it is kept. Internal notes are kept apart from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The id.
    pub id: ClientId,
    /// The person's name.
    pub name: String,
    /// Where they are written to; compared trimmed and in lower case.
    pub email: String,
    /// Where they work.
    pub company: Option<String>,
    /// As it was written.
    pub phone: Option<String>,
    /// The person, once they accepted and while they have access.
    pub user_id: Option<UserId>,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

/// A card as owner and members see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientForStaff {
    /// The id.
    pub id: ClientId,
    /// The person's name.
    pub name: String,
    /// Where they are written to.
    pub email: String,
    /// Where they work.
    pub company: Option<String>,
    /// As it was written.
    pub phone: Option<String>,
    /// Internal: no client ever sees them.
    pub notes: Option<String>,
    /// Where the newest invitation is; null if there is none.
    pub invitation_status: Option<InvitationStatus>,
    /// The person, once they accepted.
    pub user_id: Option<UserId>,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change; the quoted number is the `ETag`.
    pub version: i64,
}

/// A card as the client themself sees it: no notes, no state of invitations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientForClient {
    /// The id.
    pub id: ClientId,
    /// The person's name.
    pub name: String,
    /// Where they are written to.
    pub email: String,
    /// Where they work.
    pub company: Option<String>,
    /// As it was written.
    pub phone: Option<String>,
    /// The person.
    pub user_id: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

impl From<Client> for ClientForClient {
    fn from(client: Client) -> Self {
        let Client { id, name, email, company, phone, user_id, archived_at: _, created_at, updated_at, version } = client;
        Self { id, name, email, company, phone, user_id, created_at, updated_at, version }
    }
}

impl ClientForStaff {
    pub(crate) fn new(client: Client, notes: Option<String>, invitation_status: Option<InvitationStatus>) -> Self {
        let Client { id, name, email, company, phone, user_id, archived_at, created_at, updated_at, version } = client;
        Self { id, name, email, company, phone, notes, invitation_status, user_id, archived_at, created_at, updated_at, version }
    }
}
