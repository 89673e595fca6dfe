//! Channels and messages from rows that have their columns.

use std::collections::HashMap;

use kitaab_core::chat::{MessageRow, ReactionRow};
use kitaab_core::ids::{MessageId, UserId, WorkspaceId};
use kitaab_core::store::StoreResult;

use crate::engine::Unit;

/// The bare channel in a row.
macro_rules! bare_channel {
    ($row:expr) => {
        Channel {
            id: $row.id,
            kind: $row.kind,
            name: $row.name,
            project_id: $row.project_id,
            pair: $row.first_user_id.zip($row.second_user_id),
            last_seq: $row.last_seq,
            archived_at: $row.archived_at,
            created_at: $row.created_at,
            version: $row.version,
        }
    };
}

/// The channel in a row, with what one person sees beside it.
macro_rules! channel {
    ($row:expr) => {{
        let row = $row;
        let peer = match (row.peer_id, row.peer_name) {
            (Some(id), Some(display_name)) => Some(kitaab_core::workspace::Author { id, display_name, role: row.peer_role }),
            _ => None,
        };
        ChannelRow {
            channel: bare_channel!(row),
            project_name: row.project_name,
            peer,
            read_seq: row.read_seq,
            unread_count: row.unread_count,
            mention_count: row.mention_count,
        }
    }};
}

/// The bare message in a row.
macro_rules! bare_message {
    ($row:expr) => {
        Message {
            id: $row.id,
            channel_id: $row.channel_id,
            seq: $row.seq,
            author_id: $row.author_id,
            client_message_id: $row.client_message_id,
            text: $row.text,
            reply_to: $row.reply_to,
            thread_id: $row.thread_id,
            quote_of: $row.quote_of,
            created_at: $row.created_at,
            edited_at: $row.edited_at,
            deleted_at: $row.deleted_at,
            deleted_by: $row.deleted_by,
        }
    };
}

/// The message in a row, with who wrote it and what hangs on it; and whether anybody reacted to it.
macro_rules! message {
    ($row:expr) => {{
        let row = $row;
        let author = kitaab_core::workspace::Author { id: row.author_id, display_name: row.display_name, role: row.author_role };
        let flags = MessageFlags { reply_count: row.reply_count, pinned: row.pinned, starred: row.starred };
        let inside = row.author_inside;
        let reacted = row.reacted;
        let message = kitaab_core::chat::Message {
            id: row.id,
            channel_id: row.channel_id,
            seq: row.seq,
            author_id: row.author_id,
            client_message_id: row.client_message_id,
            text: row.text,
            reply_to: row.reply_to,
            thread_id: row.thread_id,
            quote_of: row.quote_of,
            created_at: row.created_at,
            edited_at: row.edited_at,
            deleted_at: row.deleted_at,
            deleted_by: row.deleted_by,
        };
        (MessageRow { message, author, author_inside: inside, flags, reactions: Vec::new() }, reacted)
    }};
}

pub(crate) use message;
pub(super) use {bare_channel, bare_message, channel};

impl Unit {
    /// Adds the reactions to the rows that have any, in one query more.
    pub(super) async fn with_reactions(
        &mut self,
        workspace: WorkspaceId,
        user: Option<UserId>,
        found: Vec<(MessageRow, bool)>,
    ) -> StoreResult<Vec<MessageRow>> {
        let reacted: Vec<MessageId> = found.iter().filter(|(_, reacted)| *reacted).map(|(row, _)| row.message.id).collect();
        let mut reactions: HashMap<MessageId, Vec<ReactionRow>> = HashMap::new();
        if !reacted.is_empty() {
            for (message, row) in self.reactions_to(workspace, user, &reacted).await? {
                reactions.entry(message).or_default().push(row);
            }
        }
        let rows = found.into_iter().map(|(row, _)| {
            let reactions = reactions.remove(&row.message.id).unwrap_or_default();
            MessageRow { reactions, ..row }
        });
        Ok(rows.collect())
    }
}
