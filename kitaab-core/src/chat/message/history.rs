//! What a message said before it was changed.

use serde::{Deserialize, Serialize};

use crate::access::{OnMessage, action};
use crate::chat::Chat;
use crate::error::Result;
use crate::ids::{MessageId, WorkspaceId};
use crate::time::Timestamp;
use crate::work::Work;
use crate::workspace::scope;

/// What a message said at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Version {
    /// Counted from 1.
    pub version: i64,
    /// Markdown.
    pub text: String,
    /// From when on it said so.
    pub at: Timestamp,
}

/// What a message said before, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Versions {
    /// Earlier versions; none if it was never changed, or was deleted.
    pub items: Vec<Version>,
}

impl Chat<'_> {
    /// What a message said before it was changed. For all in the channel; empty once it is deleted.
    pub async fn history(&self, workspace: WorkspaceId, message: MessageId) -> Result<Versions> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewMessage>(OnMessage(workspace, message)).await?;
        Ok(Versions { items: work.tx()?.message_versions(&permit).await? })
    }
}
