//! The event log: appended to, read, forgotten.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, Instance, Reads, Role, Writes};
use kitaab_core::event::{Audience, NewEvent, Seen, Told};
use kitaab_core::ids::{ChannelId, UserId, WorkspaceId};
use kitaab_core::project::ProjectGrant;
use kitaab_core::store::{Appended, Closing, EventRepo, Head, LogRow, StoreError, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::query;

use super::rows::{FIRST, workspace_of};
use crate::engine::Unit;

#[async_trait]
impl EventRepo for Unit {
    async fn append_events(&mut self, closing: &Closing, events: &[NewEvent], access_changed: bool) -> StoreResult<Option<Appended>> {
        self.append_to_log(workspace_of(closing)?, events, access_changed).await
    }

    async fn sweep_events(&mut self, permit: &Writes<InWorkspace>, before: Timestamp) -> StoreResult<u64> {
        let workspace = permit.workspace();
        // The head first: what is appended after this look has a higher number and stays.
        let head = self.optional(query!("SELECT seq FROM event_head WHERE workspace_id = $1", workspace as _)).await?;
        let Some(head) = head else { return Ok(0) };
        let kept = query!("SELECT seq FROM events WHERE workspace_id = $1 AND at >= $2 ORDER BY seq LIMIT 1", workspace as _, before as _);
        let kept = self.optional(kept).await?;
        let floor = kept.map_or(head.seq, |first| (first.seq - 1).min(head.seq));
        let raise = query!("UPDATE event_head SET floor = $2 WHERE workspace_id = $1 AND floor < $2", workspace as _, floor);
        if !self.touch(raise).await? {
            return Ok(0);
        }
        self.execute(query!("DELETE FROM events WHERE workspace_id = $1 AND seq <= $2", workspace as _, floor)).await
    }

    async fn head(&mut self, permit: &Reads<InWorkspace>) -> StoreResult<Option<Head>> {
        let query = query!(
            "SELECT h.seq, h.floor, h.log_epoch FROM event_head h JOIN workspaces w ON w.id = h.workspace_id
            WHERE h.workspace_id = $1 AND w.deleted_at IS NULL",
            permit.workspace() as _
        );
        Ok(self.optional(query).await?.map(|row| Head { seq: row.seq, floor: row.floor, log_epoch: row.log_epoch }))
    }

    async fn log(&mut self, permit: &Reads<InWorkspace>, after: i64, limit: u32) -> StoreResult<Vec<LogRow>> {
        let query = query!(
            "SELECT seq, id, kind, at, actor_id, audience, audience_id, subject_id, project_id, channel_id, detail, tag FROM events
            WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            permit.workspace() as _,
            after,
            i64::from(limit)
        );
        let rows = self.all(query).await?.into_iter().map(|row| {
            let audience = Audience::of(&row.audience, row.audience_id);
            let audience = audience.ok_or_else(|| StoreError::Corrupt(format!("an event is for {}", row.audience)))?;
            let told = Told {
                kind: row.kind,
                audience,
                subject: row.subject_id,
                project: row.project_id,
                channel: row.channel_id,
                detail: row.detail,
            };
            let event = NewEvent { id: row.id, told, at: row.at, actor_id: row.actor_id, tag: row.tag };
            Ok(LogRow { seq: row.seq, event })
        });
        rows.collect()
    }

    async fn log_tag(&mut self, permit: &Reads<InWorkspace>, seq: i64) -> StoreResult<Option<i64>> {
        let query = query!("SELECT tag FROM events WHERE workspace_id = $1 AND seq = $2", permit.workspace() as _, seq);
        Ok(self.optional(query).await?.map(|row| row.tag))
    }

    async fn seen_by(&mut self, permit: &Reads<InWorkspace>, user: UserId) -> StoreResult<Seen> {
        let workspace = permit.workspace();
        let Some(head) = self.head(permit).await? else { return Ok(Seen::default()) };
        let role = query!("SELECT role FROM memberships WHERE workspace_id = $1 AND user_id = $2", workspace as _, user as _);
        let role = self.optional(role).await?.map(|row| row.role);
        let mut seen = Seen { as_of: head.seq, role, ..Seen::default() };
        if role == Some(Role::Client) {
            let projects = query!(
                "SELECT p.id, k.grant_tasks, k.grant_comments, k.grant_upload FROM memberships m
                JOIN collaborators k ON k.workspace_id = m.workspace_id AND k.client_id = m.client_id
                JOIN projects p ON p.workspace_id = k.workspace_id AND p.id = k.project_id AND p.archived_at IS NULL
                WHERE m.workspace_id = $1 AND m.user_id = $2",
                workspace as _,
                user as _
            );
            let rows = self.all(projects).await?.into_iter();
            seen.projects = rows
                .map(|row| (row.id, ProjectGrant { tasks: row.grant_tasks, comments: row.grant_comments, upload: row.grant_upload }))
                .collect();
        }
        // Staff are in every channel of a project, and see it by that.
        let channels = query!(
            "SELECT c.id FROM channel_members i JOIN channels c ON c.workspace_id = i.workspace_id AND c.id = i.channel_id
            WHERE i.workspace_id = $1 AND i.user_id = $2 AND (c.kind <> 'project' OR $3 AND c.archived_at IS NULL)",
            workspace as _,
            user as _,
            role == Some(Role::Client)
        );
        seen.channels = self.all(channels).await?.into_iter().map(|row| row.id).collect();
        let gained = query!(
            "SELECT subject_id, channel_id, seq FROM events WHERE workspace_id = $1 AND audience_id = $2 AND kind = 'access.gained'",
            workspace as _,
            user.0
        );
        for row in self.all(gained).await? {
            seen.gained.push((row.subject_id, row.seq));
            seen.gained.extend(row.channel_id.map(|channel| (channel.0, row.seq)));
        }
        Ok(seen)
    }

    async fn known_in(&mut self, permit: &Reads<InWorkspace>, channel: Option<ChannelId>) -> StoreResult<Vec<UserId>> {
        let query = query!(
            r#"SELECT user_id AS "user_id!: UserId" FROM memberships WHERE workspace_id = $1 AND role <> 'client'
            UNION SELECT user_id FROM channel_members WHERE workspace_id = $1 AND channel_id = $2"#,
            permit.workspace() as _,
            channel.map(|channel| channel.0)
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.user_id).collect())
    }

    async fn heads(&mut self, _: &Reads<Instance>, workspaces: &[WorkspaceId]) -> StoreResult<Vec<(WorkspaceId, i64)>> {
        self.heads_among(workspaces).await
    }

    async fn workspaces_after(&mut self, _: &Writes<Instance>, after: Option<WorkspaceId>, limit: u32) -> StoreResult<Vec<WorkspaceId>> {
        let query = query!(
            "SELECT workspace_id FROM event_head WHERE workspace_id > $1 ORDER BY workspace_id LIMIT $2",
            after.map_or(FIRST, |after| after.0),
            i64::from(limit)
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.workspace_id).collect())
    }
}
