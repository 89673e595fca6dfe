//! Canned messages.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, OnChannel, OnTemplate, Reads, Writes};
use kitaab_core::chat::{Surroundings, Template};
use kitaab_core::ids::{TemplateId, UserId};
use kitaab_core::page::Span;
use kitaab_core::store::{StoreResult, TemplateRepo};
use sqlx::{query, query_as};

use crate::engine::Unit;
use crate::repo::rows::LAST;

#[async_trait]
impl TemplateRepo for Unit {
    async fn templates(&mut self, permit: &Reads<InWorkspace>, user: UserId, span: &Span<TemplateId>) -> StoreResult<Vec<Template>> {
        let query = query_as!(
            Template,
            "SELECT id, author_id, shared, name, text, created_at, updated_at, version FROM templates
            WHERE workspace_id = $1 AND (shared OR author_id = $2) AND id < $3 ORDER BY id DESC LIMIT $4",
            permit.workspace() as _,
            user as _,
            span.after.map_or(LAST, |after| after.0),
            i64::from(span.limit)
        );
        self.all(query).await
    }

    async fn count_templates(&mut self, permit: &Reads<InWorkspace>) -> StoreResult<i64> {
        let query = query!(r#"SELECT COUNT(*) AS "count!: i64" FROM templates WHERE workspace_id = $1"#, permit.workspace() as _);
        Ok(self.one(query).await?.count)
    }

    async fn template(&mut self, permit: &Reads<OnTemplate>) -> StoreResult<Option<Template>> {
        let OnTemplate(workspace, id) = permit.target();
        let query = query_as!(
            Template,
            "SELECT id, author_id, shared, name, text, created_at, updated_at, version FROM templates WHERE workspace_id = $1 AND id = $2",
            workspace as _,
            id as _
        );
        self.optional(query).await
    }

    async fn insert_template(&mut self, permit: &Writes<InWorkspace>, template: &Template) -> StoreResult<()> {
        let query = query!(
            "INSERT INTO templates (workspace_id, id, author_id, shared, name, text, created_at, updated_at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            permit.workspace() as _,
            template.id as _,
            template.author_id as _,
            template.shared,
            template.name,
            template.text,
            template.created_at as _,
            template.updated_at as _,
            template.version
        );
        self.execute(query).await.map(drop)
    }

    async fn update_template(&mut self, permit: &Writes<OnTemplate>, template: &Template, expected: i64) -> StoreResult<bool> {
        let OnTemplate(workspace, id) = permit.target();
        let query = query!(
            "UPDATE templates SET shared = $4, name = $5, text = $6, updated_at = $7, version = version + 1
            WHERE workspace_id = $1 AND id = $2 AND version = $3",
            workspace as _,
            id as _,
            expected,
            template.shared,
            template.name,
            template.text,
            template.updated_at as _
        );
        self.touch(query).await
    }

    async fn delete_template(&mut self, permit: &Writes<OnTemplate>) -> StoreResult<bool> {
        let OnTemplate(workspace, id) = permit.target();
        self.touch(query!("DELETE FROM templates WHERE workspace_id = $1 AND id = $2", workspace as _, id as _)).await
    }

    async fn surroundings(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<Surroundings> {
        let OnChannel(workspace, id) = permit.target();
        let query = query_as!(
            Surroundings,
            r#"SELECT k.name AS "client_name?", k.company AS "client_company?", p.name AS "project_name?", p.due_on AS "project_due_on?"
            FROM channels c
            LEFT JOIN projects p ON p.workspace_id = c.workspace_id AND p.id = c.project_id
            LEFT JOIN memberships m ON m.workspace_id = c.workspace_id
                AND m.user_id = CASE WHEN c.first_user_id = $3 THEN c.second_user_id ELSE c.first_user_id END
            LEFT JOIN clients k ON k.workspace_id = c.workspace_id AND k.id = COALESCE(p.client_id, m.client_id)
            WHERE c.workspace_id = $1 AND c.id = $2"#,
            workspace as _,
            id as _,
            user as _
        );
        Ok(self.optional(query).await?.unwrap_or_default())
    }
}
