//! Projects and who they are shared with.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, OnClient, OnInvitation, OnPerson, OnProject, Reach, Reads, Writes};
use kitaab_core::ids::{ClientId, ProjectId, UserId, WorkspaceId};
use kitaab_core::page::Span;
use kitaab_core::project::{Collaborator, Project, ProjectGrant};
use kitaab_core::store::{ProjectFilter, ProjectRepo, StoreResult};
use kitaab_core::text::folded;
use kitaab_core::time::Timestamp;
use sqlx::{query, query_as};

use super::project_rows::{CollaboratorRow, GrantRow, project, tag_needle, tags_text};
use super::rows::LAST;
use crate::engine::Unit;

impl Unit {
    async fn put_project_notes(&mut self, workspace: WorkspaceId, project: ProjectId, notes: &str) -> StoreResult<()> {
        let query = query!(
            "INSERT INTO project_notes (workspace_id, project_id, body) VALUES ($1, $2, $3)
            ON CONFLICT (workspace_id, project_id) DO UPDATE SET body = $3",
            workspace as _,
            project as _,
            notes
        );
        self.execute(query).await.map(drop)
    }
}

#[async_trait]
impl ProjectRepo for Unit {
    async fn projects(
        &mut self,
        permit: &Reads<InWorkspace>,
        filter: &ProjectFilter,
        span: &Span<ProjectId>,
    ) -> StoreResult<Vec<(Project, Option<String>)>> {
        if permit.reach() != Reach::All {
            return Ok(Vec::new());
        }
        let query = query!(
            r#"SELECT p.id, p.name, p.description, p.status, p.progress, p.progress_mode, p.starts_on, p.due_on, p.client_id, p.tags,
                p.archived_at, p.created_at, p.updated_at, p.version, n.body AS "notes?"
            FROM projects p LEFT JOIN project_notes n ON n.workspace_id = p.workspace_id AND n.project_id = p.id
            WHERE p.workspace_id = $1 AND p.id < $2 AND CASE WHEN $3 THEN p.archived_at IS NOT NULL ELSE p.archived_at IS NULL END
                AND CASE WHEN CAST($4 AS TEXT) IS NULL THEN TRUE ELSE p.status = $4 END
                AND CASE WHEN CAST($5 AS UUID) IS NULL THEN TRUE ELSE p.client_id = $5 END
                AND CASE WHEN CAST($6 AS TEXT) IS NULL THEN TRUE ELSE instr(p.tags, $6) > 0 END
                AND CASE WHEN CAST($7 AS TEXT) IS NULL THEN TRUE ELSE instr(p.name_folded, $7) > 0 OR instr(p.description_folded, $7) > 0 END
            ORDER BY p.id DESC LIMIT $8"#,
            permit.workspace() as _,
            span.after.map_or(LAST, |after| after.0),
            filter.archived,
            filter.status as _,
            filter.client_id as _,
            filter.tag.as_deref().map(tag_needle),
            filter.part.as_deref(),
            i64::from(span.limit)
        );
        self.all(query).await?.into_iter().map(|row| Ok((project!(row), row.notes))).collect()
    }

    async fn projects_of(
        &mut self,
        permit: &Reads<InWorkspace>,
        card: ClientId,
        filter: &ProjectFilter,
        span: &Span<ProjectId>,
    ) -> StoreResult<Vec<(Project, ProjectGrant)>> {
        let reached = match permit.reach() {
            Reach::All => true,
            // What is archived is hidden from clients, so a list of archived ones is empty.
            Reach::Assigned(own) => own == card && !filter.archived,
            Reach::Own | Reach::Known | Reach::Inside | Reach::Nothing => false,
        };
        if !reached {
            return Ok(Vec::new());
        }
        let query = query!(
            "SELECT p.id, p.name, p.description, p.status, p.progress, p.progress_mode, p.starts_on, p.due_on, p.client_id, p.tags,
                p.archived_at, p.created_at, p.updated_at, p.version, k.grant_tasks, k.grant_comments, k.grant_upload
            FROM collaborators k JOIN projects p ON p.workspace_id = k.workspace_id AND p.id = k.project_id
            WHERE k.workspace_id = $1 AND k.client_id = $2 AND k.project_id < $3 AND CASE WHEN $4 THEN p.archived_at IS NOT NULL ELSE p.archived_at IS NULL END
                AND CASE WHEN CAST($5 AS TEXT) IS NULL THEN TRUE ELSE p.status = $5 END
                AND CASE WHEN CAST($6 AS UUID) IS NULL THEN TRUE ELSE p.client_id = $6 END
                AND CASE WHEN CAST($7 AS TEXT) IS NULL THEN TRUE ELSE instr(p.tags, $7) > 0 END
                AND CASE WHEN CAST($8 AS TEXT) IS NULL THEN TRUE ELSE instr(p.name_folded, $8) > 0 OR instr(p.description_folded, $8) > 0 END
            ORDER BY k.project_id DESC LIMIT $9",
            permit.workspace() as _,
            card as _,
            span.after.map_or(LAST, |after| after.0),
            filter.archived,
            filter.status as _,
            filter.client_id as _,
            filter.tag.as_deref().map(tag_needle),
            filter.part.as_deref(),
            i64::from(span.limit)
        );
        let rows = self.all(query).await?.into_iter();
        rows.map(|row| {
            let grant = ProjectGrant { tasks: row.grant_tasks, comments: row.grant_comments, upload: row.grant_upload };
            Ok((project!(row), grant))
        })
        .collect()
    }

    async fn project(&mut self, permit: &Reads<OnProject>) -> StoreResult<Option<Project>> {
        let OnProject(workspace, project) = permit.target();
        let query = query!(
            "SELECT id, name, description, status, progress, progress_mode, starts_on, due_on, client_id, tags, archived_at, created_at,
                updated_at, version
            FROM projects WHERE workspace_id = $1 AND id = $2",
            workspace as _,
            project as _
        );
        self.optional(query).await?.map(|row| Ok(project!(row))).transpose()
    }

    async fn project_notes(&mut self, permit: &Reads<OnProject>) -> StoreResult<Option<String>> {
        let OnProject(workspace, project) = permit.target();
        let query = query!("SELECT body FROM project_notes WHERE workspace_id = $1 AND project_id = $2", workspace as _, project as _);
        Ok(self.optional(query).await?.map(|row| row.body))
    }

    async fn active_projects(&mut self, permit: &Reads<InWorkspace>, ids: &[ProjectId]) -> StoreResult<Vec<ProjectId>> {
        self.active_among(permit.workspace(), ids).await
    }

    async fn insert_project(&mut self, permit: &Writes<InWorkspace>, project: &Project) -> StoreResult<()> {
        let Project { id, name, description, status, progress, progress_mode, starts_on, due_on, client_id, tags, .. } = project;
        let query = query!(
            "INSERT INTO projects (workspace_id, id, name, name_folded, description, description_folded, status, progress, progress_mode,
                starts_on, due_on, client_id, tags, archived_at, created_at, updated_at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            permit.workspace() as _,
            id as _,
            name,
            folded(name),
            description.as_deref(),
            description.as_deref().map(folded),
            status as _,
            progress,
            progress_mode as _,
            starts_on as _,
            due_on as _,
            client_id as _,
            tags_text(tags),
            project.archived_at as _,
            project.created_at as _,
            project.updated_at as _,
            project.version
        );
        self.execute(query).await?;
        self.index_again(permit.workspace(), id.0).await
    }

    async fn insert_project_notes(&mut self, permit: &Writes<InWorkspace>, project: ProjectId, notes: &str) -> StoreResult<()> {
        self.put_project_notes(permit.workspace(), project, notes).await
    }

    async fn update_project(&mut self, permit: &Writes<OnProject>, project: &Project, expected: i64) -> StoreResult<bool> {
        let OnProject(workspace, id) = permit.target();
        let Project { name, description, status, progress, progress_mode, starts_on, due_on, client_id, tags, .. } = project;
        let query = query!(
            "UPDATE projects SET name = $4, name_folded = $5, description = $6, description_folded = $7, status = $8, progress = $9,
                progress_mode = $10, starts_on = $11, due_on = $12, client_id = $13, tags = $14, archived_at = $15, updated_at = $16,
                version = version + 1
            WHERE workspace_id = $1 AND id = $2 AND version = $3",
            workspace as _,
            id as _,
            expected,
            name,
            folded(name),
            description.as_deref(),
            description.as_deref().map(folded),
            status as _,
            progress,
            progress_mode as _,
            starts_on as _,
            due_on as _,
            client_id as _,
            tags_text(tags),
            project.archived_at as _,
            project.updated_at as _
        );
        let done = self.touch(query).await?;
        if done {
            self.index_again(workspace, id.0).await?;
        }
        Ok(done)
    }

    async fn set_project_notes(&mut self, permit: &Writes<OnProject>, notes: Option<&str>) -> StoreResult<()> {
        let OnProject(workspace, project) = permit.target();
        if let Some(notes) = notes {
            return self.put_project_notes(workspace, project, notes).await;
        }
        let query = query!("DELETE FROM project_notes WHERE workspace_id = $1 AND project_id = $2", workspace as _, project as _);
        self.execute(query).await.map(drop)
    }

    async fn delete_project(&mut self, permit: &Writes<OnProject>) -> StoreResult<bool> {
        let OnProject(workspace, project) = permit.target();
        self.touch(query!("DELETE FROM projects WHERE workspace_id = $1 AND id = $2", workspace as _, project as _)).await
    }

    async fn collaborators(&mut self, permit: &Reads<OnProject>) -> StoreResult<Vec<Collaborator>> {
        let OnProject(workspace, project) = permit.target();
        let query = query_as!(
            CollaboratorRow,
            "SELECT c.id AS client_id, c.name, c.user_id, k.grant_tasks, k.grant_comments, k.grant_upload
            FROM collaborators k JOIN clients c ON c.workspace_id = k.workspace_id AND c.id = k.client_id
            WHERE k.workspace_id = $1 AND k.project_id = $2 ORDER BY c.name_folded, c.id",
            workspace as _,
            project as _
        );
        Ok(self.all(query).await?.into_iter().map(Collaborator::from).collect())
    }

    async fn collaborating_users(&mut self, permit: &Reads<OnProject>) -> StoreResult<Vec<UserId>> {
        let OnProject(workspace, project) = permit.target();
        let query = query!(
            "SELECT m.user_id FROM collaborators k JOIN memberships m ON m.workspace_id = k.workspace_id AND m.client_id = k.client_id
            WHERE k.workspace_id = $1 AND k.project_id = $2 ORDER BY m.user_id",
            workspace as _,
            project as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.user_id).collect())
    }

    async fn grant_of(&mut self, permit: &Reads<OnProject>, client: ClientId) -> StoreResult<Option<ProjectGrant>> {
        let OnProject(workspace, project) = permit.target();
        let query = query_as!(
            GrantRow,
            "SELECT grant_tasks, grant_comments, grant_upload FROM collaborators
            WHERE workspace_id = $1 AND project_id = $2 AND client_id = $3",
            workspace as _,
            project as _,
            client as _
        );
        Ok(self.optional(query).await?.map(ProjectGrant::from))
    }

    async fn put_collaborator(
        &mut self,
        permit: &Writes<OnProject>,
        client: ClientId,
        grant: ProjectGrant,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let OnProject(workspace, project) = permit.target();
        let ProjectGrant { tasks, comments, upload } = grant;
        let insert = query!(
            "INSERT INTO collaborators (workspace_id, project_id, client_id, grant_tasks, grant_comments, grant_upload, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace_id, project_id, client_id) DO NOTHING",
            workspace as _,
            project as _,
            client as _,
            tasks,
            comments,
            upload,
            at as _
        );
        if self.touch(insert).await? {
            return Ok(true);
        }
        let update = query!(
            "UPDATE collaborators SET grant_tasks = $4, grant_comments = $5, grant_upload = $6
            WHERE workspace_id = $1 AND project_id = $2 AND client_id = $3",
            workspace as _,
            project as _,
            client as _,
            tasks,
            comments,
            upload
        );
        self.execute(update).await?;
        Ok(false)
    }

    async fn delete_collaborator(&mut self, permit: &Writes<OnProject>, client: ClientId) -> StoreResult<bool> {
        let OnProject(workspace, project) = permit.target();
        let query = query!(
            "DELETE FROM collaborators WHERE workspace_id = $1 AND project_id = $2 AND client_id = $3",
            workspace as _,
            project as _,
            client as _
        );
        self.touch(query).await
    }

    async fn share_invited_projects(
        &mut self,
        permit: &Writes<OnInvitation>,
        client: ClientId,
        grant: ProjectGrant,
        at: Timestamp,
    ) -> StoreResult<Vec<ProjectId>> {
        let OnInvitation(workspace, invitation) = permit.target();
        let ProjectGrant { tasks, comments, upload } = grant;
        let query = query!(
            r#"INSERT INTO collaborators (workspace_id, project_id, client_id, grant_tasks, grant_comments, grant_upload, created_at)
            SELECT i.workspace_id, i.project_id, $3, $4, $5, $6, $7 FROM invitation_projects i
            JOIN projects p ON p.workspace_id = i.workspace_id AND p.id = i.project_id AND p.archived_at IS NULL
            WHERE i.workspace_id = $1 AND i.invitation_id = $2
            ON CONFLICT (workspace_id, project_id, client_id) DO NOTHING RETURNING project_id AS "project_id!: ProjectId""#,
            workspace as _,
            invitation as _,
            client as _,
            tasks,
            comments,
            upload,
            at as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.project_id).collect())
    }

    async fn unshare_client(&mut self, permit: &Writes<OnClient>) -> StoreResult<Vec<ProjectId>> {
        let OnClient(workspace, client) = permit.target();
        let query = query!(
            r#"DELETE FROM collaborators WHERE workspace_id = $1 AND client_id = $2 RETURNING project_id AS "project_id!: ProjectId""#,
            workspace as _,
            client as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.project_id).collect())
    }

    async fn unshare_person(&mut self, permit: &Writes<OnPerson>) -> StoreResult<Vec<ProjectId>> {
        let OnPerson(workspace, person) = permit.target();
        // By the membership or by the card: whichever of the two is undone first.
        let query = query!(
            r#"DELETE FROM collaborators WHERE workspace_id = $1 AND client_id IN (
                SELECT m.client_id FROM memberships m WHERE m.workspace_id = $1 AND m.user_id = $2 AND m.client_id IS NOT NULL
                UNION SELECT c.id FROM clients c WHERE c.workspace_id = $1 AND c.user_id = $2)
            RETURNING project_id AS "project_id!: ProjectId""#,
            workspace as _,
            person as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.project_id).collect())
    }
}
