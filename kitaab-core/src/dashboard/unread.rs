//! What was written, and not read yet.

use std::collections::HashMap;

use super::DASHBOARD_LIST_MAX;
use crate::access::{InWorkspace, action};
use crate::chat::{MessageView, ToldMessage};
use crate::error::{Error, Result};
use crate::ids::WorkspaceId;
use crate::work::Work;

/// How many messages the caller has not read, over all channels that they are in.
pub(super) async fn unread(work: &mut Work<'_>, workspace: WorkspaceId) -> Result<i64> {
    let user = work.actor().user().ok_or(Error::NotFound)?;
    let permit = work.may::<action::ListChannels>(InWorkspace(workspace)).await?;
    Ok(work.tx()?.unread(&permit, user).await?)
}

/// What was written lately in the channels of a client.
pub(super) async fn newest(work: &mut Work<'_>, workspace: WorkspaceId) -> Result<Vec<MessageView>> {
    let user = work.actor().user().ok_or(Error::NotFound)?;
    let permit = work.may::<action::ListChannels>(InWorkspace(workspace)).await?;
    let ids = work.tx()?.newest_messages(&permit, user, DASHBOARD_LIST_MAX).await?;
    let rows = work.tx()?.messages_told(&permit, &ids).await?;
    let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.message.id, row)).collect();
    Ok(ids.iter().filter_map(|id| rows.remove(id)).map(|row| MessageView::told(row, ToldMessage::Clients)).collect())
}
