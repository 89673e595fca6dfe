//! Channels and who is in them.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, OnChannel, OnInvitation, OnPerson, OnProject, Reach, Reads, Role, Writes};
use kitaab_core::chat::{Channel, ChannelChange, ChannelKind, ChannelMember, ChannelRow, ChannelStep};
use kitaab_core::ids::{ChannelId, ProjectId, UserId};
use kitaab_core::page::Span;
use kitaab_core::store::{ChannelRepo, Closing, StoreResult};
use kitaab_core::time::Timestamp;
use kitaab_core::workspace::Author;
use sqlx::query;

use super::rows::{bare_channel, channel};
use crate::engine::Unit;
use crate::repo::rows::{LAST, workspace_of};

#[async_trait]
impl ChannelRepo for Unit {
    async fn channels(&mut self, permit: &Reads<InWorkspace>, user: UserId, span: &Span<ChannelId>) -> StoreResult<Vec<ChannelRow>> {
        if permit.reach() != Reach::Inside {
            return Ok(Vec::new());
        }
        let query = query!(
            r#"SELECT c.id, c.kind, c.name, c.project_id, c.first_user_id, c.second_user_id, c.last_seq, c.archived_at, c.created_at,
                c.version, p.name AS "project_name?", u.id AS "peer_id?", u.display_name AS "peer_name?", x.role AS "peer_role?", i.read_seq,
                (SELECT COUNT(*) FROM messages m WHERE m.workspace_id = $1 AND m.channel_id = c.id AND m.seq > i.read_seq
                    AND m.author_id <> $2 AND m.deleted_at IS NULL) AS "unread_count!: i64",
                (SELECT COUNT(DISTINCT n.seq) FROM message_mentions n WHERE n.workspace_id = $1 AND n.channel_id = c.id
                    AND n.user_id IN ($2, $5) AND n.seq > i.read_seq AND n.author_id <> $2) AS "mention_count!: i64"
            FROM channel_members i JOIN channels c ON c.workspace_id = i.workspace_id AND c.id = i.channel_id
            JOIN memberships me ON me.workspace_id = i.workspace_id AND me.user_id = i.user_id
            LEFT JOIN projects p ON p.workspace_id = c.workspace_id AND p.id = c.project_id
            LEFT JOIN users u ON u.id = CASE WHEN c.first_user_id = $2 THEN c.second_user_id ELSE c.first_user_id END
            LEFT JOIN memberships x ON x.workspace_id = c.workspace_id AND x.user_id = u.id
            WHERE i.workspace_id = $1 AND i.user_id = $2 AND i.channel_id < $3
                AND NOT (c.kind = 'project' AND c.archived_at IS NOT NULL AND me.role = 'client')
            ORDER BY i.channel_id DESC LIMIT $4"#,
            permit.workspace() as _,
            user as _,
            span.after.map_or(LAST, |after| after.0),
            i64::from(span.limit),
            uuid::Uuid::nil()
        );
        Ok(self.all(query).await?.into_iter().map(|row| channel!(row)).collect())
    }

    async fn all_channels(&mut self, permit: &Reads<InWorkspace>, span: &Span<ChannelId>) -> StoreResult<Vec<Channel>> {
        if permit.role() != Role::Moderator || permit.reach() != Reach::All {
            return Ok(Vec::new());
        }
        let query = query!(
            r#"SELECT c.id, c.kind, COALESCE(c.name, p.name) AS "name?", c.project_id, c.first_user_id, c.second_user_id, c.last_seq,
                c.archived_at, c.created_at, c.version
            FROM channels c LEFT JOIN projects p ON p.workspace_id = c.workspace_id AND p.id = c.project_id
            WHERE c.workspace_id = $1 AND c.id < $2 ORDER BY c.id DESC LIMIT $3"#,
            permit.workspace() as _,
            span.after.map_or(LAST, |after| after.0),
            i64::from(span.limit)
        );
        Ok(self.all(query).await?.into_iter().map(|row| bare_channel!(row)).collect())
    }

    async fn channel(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<Option<ChannelRow>> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!(
            r#"SELECT c.id, c.kind, c.name, c.project_id, c.first_user_id, c.second_user_id, c.last_seq, c.archived_at, c.created_at,
                c.version, p.name AS "project_name?", u.id AS "peer_id?", u.display_name AS "peer_name?", x.role AS "peer_role?",
                COALESCE(i.read_seq, c.last_seq) AS "read_seq!: i64",
                (SELECT COUNT(*) FROM messages m WHERE m.workspace_id = $1 AND m.channel_id = c.id AND m.seq > i.read_seq
                    AND m.author_id <> $2 AND m.deleted_at IS NULL) AS "unread_count!: i64",
                (SELECT COUNT(DISTINCT n.seq) FROM message_mentions n WHERE n.workspace_id = $1 AND n.channel_id = c.id
                    AND n.user_id IN ($2, $4) AND n.seq > i.read_seq AND n.author_id <> $2) AS "mention_count!: i64"
            FROM channels c LEFT JOIN channel_members i ON i.workspace_id = c.workspace_id AND i.channel_id = c.id AND i.user_id = $2
            LEFT JOIN projects p ON p.workspace_id = c.workspace_id AND p.id = c.project_id
            LEFT JOIN users u ON u.id = CASE WHEN c.first_user_id = $2 THEN c.second_user_id ELSE c.first_user_id END
            LEFT JOIN memberships x ON x.workspace_id = c.workspace_id AND x.user_id = u.id
            WHERE c.workspace_id = $1 AND c.id = $3"#,
            workspace as _,
            user as _,
            id as _,
            uuid::Uuid::nil()
        );
        Ok(self.optional(query).await?.map(|row| channel!(row)))
    }

    async fn channel_kind(&mut self, permit: &Reads<OnChannel>) -> StoreResult<Option<ChannelKind>> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!("SELECT kind FROM channels WHERE workspace_id = $1 AND id = $2", workspace as _, id as _);
        Ok(self.optional(query).await?.map(|row| row.kind))
    }

    async fn last_seq(&mut self, permit: &Reads<OnChannel>) -> StoreResult<i64> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!("SELECT last_seq FROM channels WHERE workspace_id = $1 AND id = $2", workspace as _, id as _);
        Ok(self.optional(query).await?.map_or(0, |row| row.last_seq))
    }

    async fn project_of_channel(&mut self, permit: &Reads<OnChannel>) -> StoreResult<Option<ProjectId>> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!("SELECT project_id FROM channels WHERE workspace_id = $1 AND id = $2", workspace as _, id as _);
        Ok(self.optional(query).await?.and_then(|row| row.project_id))
    }

    async fn channel_of_project(&mut self, permit: &Reads<OnProject>) -> StoreResult<Option<ChannelId>> {
        let OnProject(workspace, project) = permit.target();
        let query = query!("SELECT id FROM channels WHERE workspace_id = $1 AND project_id = $2", workspace as _, project as _);
        Ok(self.optional(query).await?.map(|row| row.id))
    }

    async fn open_groups(&mut self, permit: &Reads<InWorkspace>, ids: &[ChannelId]) -> StoreResult<Vec<ChannelId>> {
        self.open_groups_among(permit.workspace(), ids).await
    }

    async fn insert_channel(&mut self, permit: &Writes<InWorkspace>, channel: &Channel) -> StoreResult<()> {
        let query = query!(
            "INSERT INTO channels (workspace_id, id, kind, name, project_id, last_seq, archived_at, created_at, last_at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
            permit.workspace() as _,
            channel.id as _,
            channel.kind as _,
            channel.name.as_deref(),
            channel.project_id as _,
            channel.last_seq,
            channel.archived_at as _,
            channel.created_at as _,
            channel.version
        );
        self.execute(query).await.map(drop)
    }

    async fn open_direct(&mut self, permit: &Writes<OnPerson>, user: UserId, channel: &Channel) -> StoreResult<(ChannelId, bool)> {
        let OnPerson(workspace, peer) = permit.target();
        let (first, second) = (user.min(peer), user.max(peer));
        let insert = query!(
            "INSERT INTO channels (workspace_id, id, kind, first_user_id, second_user_id, last_seq, created_at, last_at, version)
            VALUES ($1, $2, 'direct', $3, $4, 0, $5, $5, 1)
            ON CONFLICT (workspace_id, first_user_id, second_user_id) WHERE first_user_id IS NOT NULL DO NOTHING",
            workspace as _,
            channel.id as _,
            first as _,
            second as _,
            channel.created_at as _
        );
        if self.touch(insert).await? {
            return Ok((channel.id, true));
        }
        let found = query!(
            r#"UPDATE channels SET archived_at = NULL, version = version + CASE WHEN archived_at IS NULL THEN 0 ELSE 1 END
            WHERE workspace_id = $1 AND first_user_id = $2 AND second_user_id = $3 RETURNING id AS "id!: ChannelId""#,
            workspace as _,
            first as _,
            second as _
        );
        Ok((self.one(found).await?.id, false))
    }

    async fn update_channel(&mut self, permit: &Writes<OnChannel>, channel: &Channel, expected: i64) -> StoreResult<bool> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!(
            "UPDATE channels SET name = $4, archived_at = $5, version = version + 1 WHERE workspace_id = $1 AND id = $2 AND version = $3",
            workspace as _,
            id as _,
            expected,
            channel.name.as_deref(),
            channel.archived_at as _
        );
        self.touch(query).await
    }

    async fn archive_project_channel(&mut self, permit: &Writes<OnProject>, at: Option<Timestamp>) -> StoreResult<Option<ChannelId>> {
        let OnProject(workspace, project) = permit.target();
        let query = query!(
            r#"UPDATE channels SET archived_at = $3, version = version + 1 WHERE workspace_id = $1 AND project_id = $2
            RETURNING id AS "id!: ChannelId""#,
            workspace as _,
            project as _,
            at as _
        );
        Ok(self.optional(query).await?.map(|row| row.id))
    }

    async fn channel_members(&mut self, permit: &Reads<OnChannel>) -> StoreResult<Vec<ChannelMember>> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!(
            r#"SELECT i.user_id, u.display_name, m.role AS "role?", i.joined_at FROM channel_members i JOIN users u ON u.id = i.user_id
            LEFT JOIN memberships m ON m.workspace_id = i.workspace_id AND m.user_id = i.user_id
            WHERE i.workspace_id = $1 AND i.channel_id = $2 ORDER BY i.user_id"#,
            workspace as _,
            id as _
        );
        let members = self.all(query).await?.into_iter().map(|row| ChannelMember {
            person: Author { id: row.user_id, display_name: row.display_name, role: row.role },
            joined_at: row.joined_at,
        });
        Ok(members.collect())
    }

    async fn is_in_channel(&mut self, permit: &Reads<OnChannel>, person: UserId) -> StoreResult<bool> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!(
            "SELECT user_id FROM channel_members WHERE workspace_id = $1 AND channel_id = $2 AND user_id = $3",
            workspace as _,
            id as _,
            person as _
        );
        Ok(self.optional(query).await?.is_some())
    }

    async fn take_staff_in(&mut self, permit: &Writes<InWorkspace>, channel: ChannelId, at: Timestamp) -> StoreResult<()> {
        let query = query!(
            "INSERT INTO channel_members (workspace_id, channel_id, user_id, joined_at, read_seq, seen_seq)
            SELECT m.workspace_id, c.id, m.user_id, $3, c.last_seq, 0
            FROM memberships m JOIN channels c ON c.workspace_id = m.workspace_id AND c.id = $2
            WHERE m.workspace_id = $1 AND m.role <> 'client'
            ON CONFLICT (workspace_id, channel_id, user_id) DO NOTHING",
            permit.workspace() as _,
            channel as _,
            at as _
        );
        self.execute(query).await.map(drop)
    }

    async fn take_people_in(
        &mut self,
        permit: &Writes<InWorkspace>,
        channel: ChannelId,
        people: &[UserId],
        at: Timestamp,
    ) -> StoreResult<()> {
        for person in people {
            self.take_in(permit.workspace(), channel, *person, at).await?;
        }
        Ok(())
    }

    async fn take_pair_in(
        &mut self,
        permit: &Writes<OnPerson>,
        user: UserId,
        channel: ChannelId,
        at: Timestamp,
    ) -> StoreResult<Vec<UserId>> {
        let OnPerson(workspace, peer) = permit.target();
        let mut came_in = Vec::new();
        for person in [user.min(peer), user.max(peer)] {
            if self.take_in(workspace, channel, person, at).await? {
                came_in.push(person);
            }
        }
        Ok(came_in)
    }

    async fn take_person_in(&mut self, permit: &Writes<OnChannel>, person: UserId, at: Timestamp) -> StoreResult<bool> {
        let OnChannel(workspace, id) = permit.target();
        self.take_in(workspace, id, person, at).await
    }

    async fn take_invited_in(&mut self, permit: &Writes<OnInvitation>, person: UserId, at: Timestamp) -> StoreResult<Vec<ChannelId>> {
        let OnInvitation(workspace, invitation) = permit.target();
        let query = query!(
            "SELECT c.id FROM invitation_channels v JOIN channels c ON c.workspace_id = v.workspace_id AND c.id = v.channel_id
            WHERE v.workspace_id = $1 AND v.invitation_id = $2 AND c.kind = 'group' AND c.archived_at IS NULL ORDER BY c.id",
            workspace as _,
            invitation as _
        );
        let mut entered = Vec::new();
        for row in self.all(query).await? {
            if self.take_in(workspace, row.id, person, at).await? {
                entered.push(row.id);
            }
        }
        Ok(entered)
    }

    async fn put_person_out(&mut self, permit: &Writes<OnChannel>, person: UserId) -> StoreResult<bool> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!(
            "DELETE FROM channel_members WHERE workspace_id = $1 AND channel_id = $2 AND user_id = $3",
            workspace as _,
            id as _,
            person as _
        );
        self.touch(query).await
    }

    async fn keep_channels_in_step(&mut self, closing: &Closing, person: UserId, at: Timestamp) -> StoreResult<Vec<ChannelStep>> {
        let workspace = workspace_of(closing)?;
        let left = query!(
            r#"DELETE FROM channel_members WHERE workspace_id = $1 AND user_id = $2 AND (
                NOT EXISTS (SELECT 1 FROM memberships m WHERE m.workspace_id = $1 AND m.user_id = $2)
                OR EXISTS (SELECT 1 FROM channels c JOIN memberships m ON m.workspace_id = $1 AND m.user_id = $2 AND m.role = 'client'
                    WHERE c.workspace_id = $1 AND c.id = channel_members.channel_id AND c.kind = 'project' AND NOT EXISTS
                        (SELECT 1 FROM collaborators k WHERE k.workspace_id = $1 AND k.project_id = c.project_id AND k.client_id = m.client_id)))
            RETURNING channel_id AS "channel_id!: ChannelId""#,
            workspace as _,
            person as _
        );
        let mut steps: Vec<_> = self.all(left).await?.into_iter().map(|row| (row.channel_id, ChannelChange::Left)).collect();
        let alone = query!(
            r#"UPDATE channels SET archived_at = $3, version = version + 1
            WHERE workspace_id = $1 AND (first_user_id = $2 OR second_user_id = $2) AND archived_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.workspace_id = $1 AND m.user_id = $2)
            RETURNING id AS "channel_id!: ChannelId""#,
            workspace as _,
            person as _,
            at as _
        );
        steps.extend(self.all(alone).await?.into_iter().map(|row| (row.channel_id, ChannelChange::Archived)));
        let joined = query!(
            r#"INSERT INTO channel_members (workspace_id, channel_id, user_id, joined_at, read_seq, seen_seq)
            SELECT c.workspace_id, c.id, m.user_id, $3, c.last_seq, 0
            FROM memberships m JOIN channels c ON c.workspace_id = m.workspace_id
            LEFT JOIN collaborators k ON k.workspace_id = m.workspace_id AND k.project_id = c.project_id AND k.client_id = m.client_id
            WHERE m.workspace_id = $1 AND m.user_id = $2
                AND (c.kind = 'project' AND (m.role <> 'client' OR k.client_id IS NOT NULL) OR c.kind = 'group' AND m.role = 'owner')
            ON CONFLICT (workspace_id, channel_id, user_id) DO NOTHING
            RETURNING channel_id AS "channel_id!: ChannelId""#,
            workspace as _,
            person as _,
            at as _
        );
        steps.extend(self.all(joined).await?.into_iter().map(|row| (row.channel_id, ChannelChange::Joined)));
        let mut found = Vec::with_capacity(steps.len());
        for (channel_id, change) in steps {
            let query = query!("SELECT project_id FROM channels WHERE workspace_id = $1 AND id = $2", workspace as _, channel_id as _);
            let project_id = self.optional(query).await?.and_then(|row| row.project_id);
            found.push(ChannelStep { channel_id, project_id, change });
        }
        Ok(found)
    }
}

impl Unit {
    /// Whoever comes in has read everything that was said before.
    async fn take_in(
        &mut self,
        workspace: kitaab_core::ids::WorkspaceId,
        channel: ChannelId,
        person: UserId,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let query = query!(
            "INSERT INTO channel_members (workspace_id, channel_id, user_id, joined_at, read_seq, seen_seq)
            SELECT c.workspace_id, c.id, $3, $4, c.last_seq, 0 FROM channels c WHERE c.workspace_id = $1 AND c.id = $2
            ON CONFLICT (workspace_id, channel_id, user_id) DO NOTHING",
            workspace as _,
            channel as _,
            person as _,
            at as _
        );
        self.touch(query).await
    }
}
