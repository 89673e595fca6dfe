//! A channel as somebody in it sees it.

use serde::{Deserialize, Serialize};

use super::{Channel, ChannelKind, ChannelRow};
use crate::access::{OnChannel, Permit, Reads, Role, Target, action};
use crate::answer::Single;
use crate::chat::Chat;
use crate::error::{Error, Result};
use crate::ids::{ChannelId, ProjectId, UserId, WorkspaceId};
use crate::moderation::look;
use crate::time::Timestamp;
use crate::work::Work;
use crate::workspace::{Person, scope};

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelView {
    /// The id.
    pub id: ChannelId,
    /// What it is for.
    pub kind: ChannelKind,
    /// The name of a group, or of the project; null for a direct channel.
    pub name: Option<String>,
    /// The other one of a direct channel.
    pub peer: Option<Person>,
    /// The project it comes with.
    pub project_id: Option<ProjectId>,
    /// The number of the newest message; 0 before the first.
    pub last_seq: i64,
    /// When it was archived: it is only to be read.
    pub archived_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Grows with each change of the channel itself; the quoted number is the `ETag`.
    pub version: i64,
    /// How far the caller has read; not in events.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnPosition>,
}

/// How far one person has read a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnPosition {
    /// The last message that they have seen.
    pub read_seq: i64,
    /// Messages by others after it that were not deleted.
    pub unread_count: i64,
    /// Those of them that mention the person, or everybody.
    pub mention_count: i64,
}

impl ChannelView {
    /// As one who is in it sees it. Both of a direct channel know each other's name; who left is "Someone" to a client.
    pub(crate) fn new<T: Target>(row: ChannelRow, reader: &Reads<T>) -> Self {
        let ChannelRow { channel, project_name, peer, read_seq, unread_count, mention_count } = row;
        Self {
            id: channel.id,
            kind: channel.kind,
            name: channel.name.or(project_name),
            peer: peer.map(|peer| {
                let known = reader.role() != Role::Client || peer.role.is_some();
                if known { Person { id: Some(peer.id), display_name: peer.display_name } } else { Person::someone() }
            }),
            project_id: channel.project_id,
            last_seq: channel.last_seq,
            archived_at: channel.archived_at,
            created_at: channel.created_at,
            version: channel.version,
            own: Some(OwnPosition { read_seq, unread_count, mention_count }),
        }
    }

    /// As a moderator sees it, to whom nothing in it is their own.
    pub(super) fn looked_into(channel: Channel) -> Self {
        let Channel { id, kind, name, project_id, last_seq, archived_at, created_at, version, .. } = channel;
        Self { id, kind, name, peer: None, project_id, last_seq, archived_at, created_at, version, own: None }
    }

    /// What it is called: a direct channel by the other one.
    #[must_use]
    pub fn title(&self) -> String {
        let peer = self.peer.as_ref().map(|peer| peer.display_name.clone());
        self.name.clone().or(peer).unwrap_or_default()
    }

    /// Without what differs from person to person, for an event.
    pub(crate) fn without_counts(self) -> Self {
        Self { own: None, ..self }
    }
}

/// The channel and what the caller may do in it.
pub(super) async fn single(work: &mut Work<'_>, permit: &Permit<action::ViewChannel>, user: UserId) -> Result<Single<ChannelView>> {
    let row = work.tx()?.channel(permit, user).await?.ok_or(Error::NotFound)?;
    let mut can = work.can(permit.target()).await?;
    if row.channel.kind != ChannelKind::Group {
        // Who is in it, and what it is called, follows from elsewhere.
        can.retain(|verb| !["edit", "archive", "add_member", "remove_member", "leave"].contains(&verb.as_str()));
    }
    Ok(Single::new(ChannelView::new(row, permit), can))
}

impl Chat<'_> {
    /// A channel that the caller is in; for a moderator any.
    pub async fn channel(&self, workspace: WorkspaceId, channel: ChannelId) -> Result<Single<ChannelView>> {
        let user = self.kitaab.accounts(self.actor).require()?;
        if self.actor.moderator {
            let target = OnChannel(workspace, channel);
            let (mut work, permit) = look::<action::LookIntoChannel>(self.kitaab, self.actor, target).await?;
            let row = work.tx()?.channel(&permit, user).await?.ok_or(Error::NotFound)?;
            let channel = Channel { name: row.channel.name.or(row.project_name), ..row.channel };
            return Ok(Single::new(ChannelView::looked_into(channel), Vec::new()));
        }
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewChannel>(OnChannel(workspace, channel)).await?;
        single(&mut work, &permit, user).await
    }
}
