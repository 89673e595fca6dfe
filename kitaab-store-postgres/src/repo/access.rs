//! The facts that permits rest on: one query for each kind of thing.

use async_trait::async_trait;
use kitaab_core::access::{FactSet, Role, Standing};
use kitaab_core::chat::ChannelKind;
use kitaab_core::ids::{
    ChannelId, ClientId, InvitationId, MessageId, ProjectId, ScheduledId, TaskCommentId, TaskId, TemplateId, UpdateId, UserId, WorkspaceId,
};
use kitaab_core::store::{AccessRepo, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::{query, query_as};

use crate::engine::Unit;

struct Here {
    role: Option<Role>,
    card: Option<ClientId>,
    epoch: i64,
}

struct OfPerson {
    role: Option<Role>,
    card: Option<ClientId>,
    epoch: i64,
    theirs: Option<Role>,
    shares: bool,
}

struct OfClient {
    role: Option<Role>,
    card: Option<ClientId>,
    epoch: i64,
    found: Option<ClientId>,
    archived_at: Option<Timestamp>,
}

struct OfInvitation {
    role: Option<Role>,
    card: Option<ClientId>,
    epoch: i64,
    invited: Option<String>,
    email: Option<String>,
}

struct OfProject {
    role: Option<Role>,
    card: Option<ClientId>,
    epoch: i64,
    found: Option<ProjectId>,
    archived_at: Option<Timestamp>,
    tasks: Option<bool>,
    comments: Option<bool>,
    upload: Option<bool>,
}

/// What a caller's card may do on a project: nothing on one that is archived.
fn on_project(archived_at: Option<Timestamp>, tasks: Option<bool>, comments: Option<bool>, upload: Option<bool>) -> FactSet {
    let active = archived_at.is_none();
    let on_it = active && tasks.is_some();
    FactSet::NONE
        .with(FactSet::ACTIVE, active)
        .with(FactSet::ON_PROJECT, on_it)
        .with(FactSet::GRANT_TASKS, on_it && tasks == Some(true))
        .with(FactSet::GRANT_COMMENTS, on_it && comments == Some(true))
        .with(FactSet::GRANT_UPLOAD, on_it && upload == Some(true))
}

/// What a channel is to somebody: a client is in that of a project only while it is not archived.
pub(crate) fn in_channel(role: Option<Role>, kind: ChannelKind, archived_at: Option<Timestamp>, inside: bool) -> FactSet {
    let active = archived_at.is_none();
    let inside = inside && (active || kind != ChannelKind::Project || role.is_some_and(Role::is_staff));
    FactSet::NONE.with(FactSet::ACTIVE, active).with(FactSet::IN_CHANNEL, inside)
}

impl From<OfProject> for Standing {
    fn from(row: OfProject) -> Self {
        let set = on_project(row.archived_at, row.tasks, row.comments, row.upload);
        Self { role: row.role, card: row.card, epoch: row.epoch, found: row.found.is_some(), set, said_at: None }
    }
}

#[async_trait]
impl AccessRepo for Unit {
    async fn workspace_standing(&mut self, workspace: WorkspaceId, caller: Option<UserId>) -> StoreResult<Option<Standing>> {
        let query = query_as!(
            Here,
            r#"SELECT m.role AS "role?", m.client_id AS "card?", h.access_epoch AS "epoch!"
            FROM workspaces w JOIN event_head h ON h.workspace_id = w.id
            LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2
            WHERE w.id = $1 AND w.deleted_at IS NULL"#,
            workspace as _,
            caller as _
        );
        let row = self.optional(query).await?;
        Ok(row.map(|Here { role, card, epoch }| Standing { role, card, epoch, found: true, set: FactSet::NONE, said_at: None }))
    }

    async fn person_standing(&mut self, workspace: WorkspaceId, caller: Option<UserId>, person: UserId) -> StoreResult<Option<Standing>> {
        let query = query_as!(
            OfPerson,
            r#"SELECT m.role AS "role?", m.client_id AS "card?", h.access_epoch AS "epoch!", p.role AS "theirs?",
                EXISTS (SELECT 1 FROM channel_members a JOIN channel_members b ON b.workspace_id = a.workspace_id
                    AND b.channel_id = a.channel_id AND b.user_id = $3
                    JOIN channels c ON c.workspace_id = a.workspace_id AND c.id = a.channel_id
                    WHERE a.workspace_id = $1 AND a.user_id = $2 AND NOT (c.kind = 'project' AND c.archived_at IS NOT NULL))
                    AS "shares!: bool"
            FROM workspaces w JOIN event_head h ON h.workspace_id = w.id
            LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2
            LEFT JOIN memberships p ON p.workspace_id = w.id AND p.user_id = $3
            WHERE w.id = $1 AND w.deleted_at IS NULL"#,
            workspace as _,
            caller as _,
            person as _
        );
        let row = self.optional(query).await?;
        Ok(row.map(|OfPerson { role, card, epoch, theirs, shares }| {
            let own = caller == Some(person);
            let known = own || shares || theirs.is_some_and(Role::is_staff);
            let set = FactSet::NONE.with(FactSet::OWN, own).with(FactSet::KNOWN, known);
            Standing { role, card, epoch, found: theirs.is_some(), set, said_at: None }
        }))
    }

    async fn client_standing(&mut self, workspace: WorkspaceId, caller: Option<UserId>, client: ClientId) -> StoreResult<Option<Standing>> {
        let query = query_as!(
            OfClient,
            r#"SELECT m.role AS "role?", m.client_id AS "card?", h.access_epoch AS "epoch!", c.id AS "found?",
                c.archived_at AS "archived_at?"
            FROM workspaces w JOIN event_head h ON h.workspace_id = w.id
            LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2
            LEFT JOIN clients c ON c.workspace_id = w.id AND c.id = $3
            WHERE w.id = $1 AND w.deleted_at IS NULL"#,
            workspace as _,
            caller as _,
            client as _
        );
        let row = self.optional(query).await?;
        Ok(row.map(|OfClient { role, card, epoch, found, archived_at }| {
            let set = FactSet::NONE.with(FactSet::OWN, card == Some(client)).with(FactSet::ACTIVE, archived_at.is_none());
            Standing { role, card, epoch, found: found.is_some(), set, said_at: None }
        }))
    }

    async fn invitation_standing(
        &mut self,
        workspace: WorkspaceId,
        caller: Option<UserId>,
        invitation: InvitationId,
    ) -> StoreResult<Option<Standing>> {
        let query = query_as!(
            OfInvitation,
            r#"SELECT m.role AS "role?", m.client_id AS "card?", h.access_epoch AS "epoch!", i.email AS "invited?", u.email AS "email?"
            FROM workspaces w JOIN event_head h ON h.workspace_id = w.id
            LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2
            LEFT JOIN invitations i ON i.workspace_id = w.id AND i.id = $3
            LEFT JOIN users u ON u.id = $2
            WHERE w.id = $1 AND w.deleted_at IS NULL"#,
            workspace as _,
            caller as _,
            invitation as _
        );
        let row = self.optional(query).await?;
        Ok(row.map(|OfInvitation { role, card, epoch, invited, email }| {
            let recipient = email.is_some() && email == invited;
            Standing {
                role,
                card,
                epoch,
                found: invited.is_some(),
                set: FactSet::NONE.with(FactSet::IS_RECIPIENT, recipient),
                said_at: None,
            }
        }))
    }

    async fn project_standing(
        &mut self,
        workspace: WorkspaceId,
        caller: Option<UserId>,
        project: ProjectId,
    ) -> StoreResult<Option<Standing>> {
        let query = query_as!(
            OfProject,
            r#"SELECT m.role AS "role?", m.client_id AS "card?", h.access_epoch AS "epoch!", p.id AS "found?",
                p.archived_at AS "archived_at?", k.grant_tasks AS "tasks?", k.grant_comments AS "comments?", k.grant_upload AS "upload?"
            FROM workspaces w JOIN event_head h ON h.workspace_id = w.id
            LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2
            LEFT JOIN projects p ON p.workspace_id = w.id AND p.id = $3
            LEFT JOIN collaborators k ON k.workspace_id = w.id AND k.project_id = $3 AND k.client_id = m.client_id
            WHERE w.id = $1 AND w.deleted_at IS NULL"#,
            workspace as _,
            caller as _,
            project as _
        );
        let row = self.optional(query).await?;
        Ok(row.map(Standing::from))
    }

    async fn task_standing(&mut self, workspace: WorkspaceId, caller: Option<UserId>, task: TaskId) -> StoreResult<Option<Standing>> {
        let query = query!(
            r#"SELECT m.role AS "role?", m.client_id AS "card?", h.access_epoch AS "epoch!", t.client_visible AS "shown?",
                p.archived_at AS "archived_at?", k.grant_tasks AS "tasks?", k.grant_comments AS "comments?", k.grant_upload AS "upload?"
            FROM workspaces w JOIN event_head h ON h.workspace_id = w.id
            LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2
            LEFT JOIN tasks t ON t.workspace_id = w.id AND t.id = $3
            LEFT JOIN projects p ON p.workspace_id = w.id AND p.id = t.project_id
            LEFT JOIN collaborators k ON k.workspace_id = w.id AND k.project_id = t.project_id AND k.client_id = m.client_id
            WHERE w.id = $1 AND w.deleted_at IS NULL"#,
            workspace as _,
            caller as _,
            task as _
        );
        Ok(self.optional(query).await?.map(|row| {
            let set = on_project(row.archived_at, row.tasks, row.comments, row.upload);
            let set = set.with(FactSet::CLIENT_VISIBLE, row.shown == Some(true));
            Standing { role: row.role, card: row.card, epoch: row.epoch, found: row.shown.is_some(), set, said_at: None }
        }))
    }

    async fn task_comment_standing(
        &mut self,
        workspace: WorkspaceId,
        caller: Option<UserId>,
        comment: TaskCommentId,
    ) -> StoreResult<Option<Standing>> {
        let query = query!(
            r#"SELECT m.role AS "role?", m.client_id AS "card?", h.access_epoch AS "epoch!", c.author_id AS "author?",
                c.client_visible AS "shown?", t.client_visible AS "task_shown?", p.archived_at AS "archived_at?",
                k.grant_tasks AS "tasks?", k.grant_comments AS "comments?", k.grant_upload AS "upload?"
            FROM workspaces w JOIN event_head h ON h.workspace_id = w.id
            LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2
            LEFT JOIN task_comments c ON c.workspace_id = w.id AND c.id = $3
            LEFT JOIN tasks t ON t.workspace_id = w.id AND t.id = c.task_id
            LEFT JOIN projects p ON p.workspace_id = w.id AND p.id = t.project_id
            LEFT JOIN collaborators k ON k.workspace_id = w.id AND k.project_id = t.project_id AND k.client_id = m.client_id
            WHERE w.id = $1 AND w.deleted_at IS NULL"#,
            workspace as _,
            caller as _,
            comment as _
        );
        Ok(self.optional(query).await?.map(|row| {
            let set = on_project(row.archived_at, row.tasks, row.comments, row.upload)
                .with(FactSet::CLIENT_VISIBLE, row.shown == Some(true) && row.task_shown == Some(true))
                .with(FactSet::AUTHOR, caller.is_some() && row.author == caller);
            Standing { role: row.role, card: row.card, epoch: row.epoch, found: row.author.is_some(), set, said_at: None }
        }))
    }

    async fn update_standing(&mut self, workspace: WorkspaceId, caller: Option<UserId>, update: UpdateId) -> StoreResult<Option<Standing>> {
        let query = query_as!(
            OfProject,
            r#"SELECT m.role AS "role?", m.client_id AS "card?", h.access_epoch AS "epoch!", x.project_id AS "found?",
                p.archived_at AS "archived_at?", k.grant_tasks AS "tasks?", k.grant_comments AS "comments?", k.grant_upload AS "upload?"
            FROM workspaces w JOIN event_head h ON h.workspace_id = w.id
            LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2
            LEFT JOIN project_updates x ON x.workspace_id = w.id AND x.id = $3
            LEFT JOIN projects p ON p.workspace_id = w.id AND p.id = x.project_id
            LEFT JOIN collaborators k ON k.workspace_id = w.id AND k.project_id = x.project_id AND k.client_id = m.client_id
            WHERE w.id = $1 AND w.deleted_at IS NULL"#,
            workspace as _,
            caller as _,
            update as _
        );
        Ok(self.optional(query).await?.map(Standing::from))
    }

    async fn template_standing(
        &mut self,
        workspace: WorkspaceId,
        caller: Option<UserId>,
        template: TemplateId,
    ) -> StoreResult<Option<Standing>> {
        let query = query!(
            r#"SELECT m.role AS "role?", m.client_id AS "card?", h.access_epoch AS "epoch!", x.author_id AS "author?", x.shared AS "shared?"
            FROM workspaces w JOIN event_head h ON h.workspace_id = w.id
            LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2
            LEFT JOIN templates x ON x.workspace_id = w.id AND x.id = $3
            WHERE w.id = $1 AND w.deleted_at IS NULL"#,
            workspace as _,
            caller as _,
            template as _
        );
        Ok(self.optional(query).await?.map(|row| {
            let own = caller.is_some() && row.author == caller;
            let set = FactSet::NONE.with(FactSet::AUTHOR, own).with(FactSet::KNOWN, own || row.shared == Some(true));
            Standing { role: row.role, card: row.card, epoch: row.epoch, found: row.author.is_some(), set, said_at: None }
        }))
    }

    async fn scheduled_standing(
        &mut self,
        workspace: WorkspaceId,
        caller: Option<UserId>,
        scheduled: ScheduledId,
    ) -> StoreResult<Option<Standing>> {
        let query = query!(
            r#"SELECT m.role AS "role?", m.client_id AS "card?", h.access_epoch AS "epoch!", x.author_id AS "author?"
            FROM workspaces w JOIN event_head h ON h.workspace_id = w.id
            LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2
            LEFT JOIN scheduled_messages x ON x.workspace_id = w.id AND x.id = $3
            WHERE w.id = $1 AND w.deleted_at IS NULL"#,
            workspace as _,
            caller as _,
            scheduled as _
        );
        Ok(self.optional(query).await?.map(|row| {
            let set = FactSet::NONE.with(FactSet::OWN, caller.is_some() && row.author == caller);
            Standing { role: row.role, card: row.card, epoch: row.epoch, found: row.author.is_some(), set, said_at: None }
        }))
    }

    async fn channel_standing(
        &mut self,
        workspace: WorkspaceId,
        caller: Option<UserId>,
        channel: ChannelId,
    ) -> StoreResult<Option<Standing>> {
        let query = query!(
            r#"SELECT m.role AS "role?", m.client_id AS "card?", h.access_epoch AS "epoch!", c.kind AS "kind?",
                c.archived_at AS "archived_at?", i.user_id IS NOT NULL AS "inside!: bool"
            FROM workspaces w JOIN event_head h ON h.workspace_id = w.id
            LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2
            LEFT JOIN channels c ON c.workspace_id = w.id AND c.id = $3
            LEFT JOIN channel_members i ON i.workspace_id = w.id AND i.channel_id = $3 AND i.user_id = $2
            WHERE w.id = $1 AND w.deleted_at IS NULL"#,
            workspace as _,
            caller as _,
            channel as _
        );
        Ok(self.optional(query).await?.map(|row| {
            let set = row.kind.map_or(FactSet::NONE, |kind| in_channel(row.role, kind, row.archived_at, row.inside));
            Standing { role: row.role, card: row.card, epoch: row.epoch, found: row.kind.is_some(), set, said_at: None }
        }))
    }

    async fn message_standing(
        &mut self,
        workspace: WorkspaceId,
        caller: Option<UserId>,
        message: MessageId,
    ) -> StoreResult<Option<Standing>> {
        let query = query!(
            r#"SELECT m.role AS "role?", m.client_id AS "card?", h.access_epoch AS "epoch!", c.kind AS "kind?",
                c.archived_at AS "archived_at?", i.user_id IS NOT NULL AS "inside!: bool", x.author_id AS "author?",
                x.created_at AS "said_at?", x.deleted_at AS "deleted_at?"
            FROM workspaces w JOIN event_head h ON h.workspace_id = w.id
            LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2
            LEFT JOIN messages x ON x.workspace_id = w.id AND x.id = $3
            LEFT JOIN channels c ON c.workspace_id = w.id AND c.id = x.channel_id
            LEFT JOIN channel_members i ON i.workspace_id = w.id AND i.channel_id = x.channel_id AND i.user_id = $2
            WHERE w.id = $1 AND w.deleted_at IS NULL"#,
            workspace as _,
            caller as _,
            message as _
        );
        Ok(self.optional(query).await?.map(|row| {
            let set = row.kind.map_or(FactSet::NONE, |kind| in_channel(row.role, kind, row.archived_at, row.inside));
            let set = set.with(FactSet::AUTHOR, caller.is_some() && row.author == caller);
            let said_at = row.said_at.filter(|_| row.deleted_at.is_none());
            Standing { role: row.role, card: row.card, epoch: row.epoch, found: row.author.is_some(), set, said_at }
        }))
    }
}
