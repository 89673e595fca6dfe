//! Updates of projects.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, OnProject, OnUpdate, Reach, Reads, Writes};
use kitaab_core::ids::UpdateId;
use kitaab_core::page::Span;
use kitaab_core::project::Update;
use kitaab_core::store::{StoreResult, UpdateRepo};
use sqlx::query;

use super::rows::LAST;
use super::task_rows::update;
use crate::engine::Unit;

#[async_trait]
impl UpdateRepo for Unit {
    async fn updates(&mut self, permit: &Reads<OnProject>, span: &Span<UpdateId>) -> StoreResult<Vec<Update>> {
        let OnProject(workspace, project) = permit.target();
        let query = query!(
            r#"SELECT x.id, x.project_id, x.author_id, u.display_name, m.role AS "author_role?", x.text, x.created_at, x.updated_at, x.version
            FROM project_updates x JOIN users u ON u.id = x.author_id
            LEFT JOIN memberships m ON m.workspace_id = x.workspace_id AND m.user_id = x.author_id
            WHERE x.workspace_id = $1 AND x.project_id = $2 AND x.id < $3 ORDER BY x.id DESC LIMIT $4"#,
            workspace as _,
            project as _,
            span.after.map_or(LAST, |after| after.0),
            i64::from(span.limit)
        );
        Ok(self.all(query).await?.into_iter().map(|row| update!(row)).collect())
    }

    async fn updates_reached(&mut self, permit: &Reads<InWorkspace>, span: &Span<UpdateId>) -> StoreResult<Vec<Update>> {
        let card = match permit.reach() {
            Reach::All => None,
            Reach::Assigned(card) => Some(card),
            Reach::Own | Reach::Known | Reach::Inside | Reach::Nothing => return Ok(Vec::new()),
        };
        let query = query!(
            r#"SELECT x.id, x.project_id, x.author_id, u.display_name, m.role AS "author_role?", x.text, x.created_at, x.updated_at, x.version
            FROM project_updates x JOIN projects p ON p.workspace_id = x.workspace_id AND p.id = x.project_id
            JOIN users u ON u.id = x.author_id
            LEFT JOIN memberships m ON m.workspace_id = x.workspace_id AND m.user_id = x.author_id
            LEFT JOIN collaborators k ON k.workspace_id = x.workspace_id AND k.project_id = x.project_id AND k.client_id = $4
            WHERE x.workspace_id = $1 AND x.id < $2
                AND CASE WHEN CAST($4 AS UUID) IS NULL THEN TRUE ELSE k.client_id IS NOT NULL AND p.archived_at IS NULL END
            ORDER BY x.id DESC LIMIT $3"#,
            permit.workspace() as _,
            span.after.map_or(LAST, |after| after.0),
            i64::from(span.limit),
            card as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| update!(row)).collect())
    }

    async fn update(&mut self, permit: &Reads<OnUpdate>) -> StoreResult<Option<Update>> {
        let OnUpdate(workspace, id) = permit.target();
        let query = query!(
            r#"SELECT x.id, x.project_id, x.author_id, u.display_name, m.role AS "author_role?", x.text, x.created_at, x.updated_at, x.version
            FROM project_updates x JOIN users u ON u.id = x.author_id
            LEFT JOIN memberships m ON m.workspace_id = x.workspace_id AND m.user_id = x.author_id
            WHERE x.workspace_id = $1 AND x.id = $2"#,
            workspace as _,
            id as _
        );
        Ok(self.optional(query).await?.map(|row| update!(row)))
    }

    async fn insert_update(&mut self, permit: &Writes<OnProject>, update: &Update) -> StoreResult<()> {
        let OnProject(workspace, project) = permit.target();
        let query = query!(
            "INSERT INTO project_updates (workspace_id, id, project_id, author_id, text, created_at, updated_at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            workspace as _,
            update.id as _,
            project as _,
            update.author.id as _,
            update.text,
            update.created_at as _,
            update.updated_at as _,
            update.version
        );
        self.execute(query).await.map(drop)
    }

    async fn update_update(&mut self, permit: &Writes<OnUpdate>, update: &Update, expected: i64) -> StoreResult<bool> {
        let OnUpdate(workspace, id) = permit.target();
        let query = query!(
            "UPDATE project_updates SET text = $4, updated_at = $5, version = version + 1
            WHERE workspace_id = $1 AND id = $2 AND version = $3",
            workspace as _,
            id as _,
            expected,
            update.text,
            update.updated_at as _
        );
        self.touch(query).await
    }

    async fn delete_update(&mut self, permit: &Writes<OnUpdate>) -> StoreResult<bool> {
        let OnUpdate(workspace, id) = permit.target();
        self.touch(query!("DELETE FROM project_updates WHERE workspace_id = $1 AND id = $2", workspace as _, id as _)).await
    }
}
