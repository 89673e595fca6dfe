//! The activity feed, and the tags in use.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, Ledger, OnTask, OnTaskComment, Reach, Reads, Role, Writes};
use kitaab_core::activity::{Activity, ActivityRow, Deed};
use kitaab_core::ids::{ActivityId, ClientId, ProjectId};
use kitaab_core::page::Span;
use kitaab_core::project::Task;
use kitaab_core::store::{ActivityRepo, Closing, StoreResult};
use kitaab_core::workspace::Author;
use sqlx::query;

use super::project_rows::tags_of;
use super::rows::{LAST, workspace_of};
use crate::engine::Unit;

// What lines are about is read by subqueries and not by joins: for a page of unknown length PostgreSQL takes a join of whole
// tables for cheaper than looking up fifty rows (2 ms instead of 0.8).

/// The line in a row.
macro_rules! line {
    ($row:expr) => {{
        let row = $row;
        let name = row.actor_name;
        let actor = row.actor_id.zip(name).map(|(id, display_name)| Author { id, display_name, role: row.actor_role });
        ActivityRow {
            id: row.id,
            at: row.at,
            actor,
            verb: row.verb,
            kind: row.kind,
            subject_id: row.subject_id,
            title: row.title,
            project_id: row.project_id,
            project_name: row.project_name,
        }
    }};
}

/// Whether the reader may know of money.
fn money_too(permit: &Reads<InWorkspace>) -> bool {
    matches!(permit.role(), Role::Owner | Role::System)
}

impl Unit {
    async fn activity_of_card(
        &mut self,
        permit: &Reads<InWorkspace>,
        card: ClientId,
        project: Option<ProjectId>,
        span: &Span<ActivityId>,
    ) -> StoreResult<Vec<ActivityRow>> {
        let query = query!(
            r#"SELECT a.id, a.at, a.actor_id, (SELECT u.display_name FROM users u WHERE u.id = a.actor_id) AS "actor_name?",
                (SELECT m.role FROM memberships m WHERE m.workspace_id = $1 AND m.user_id = a.actor_id) AS "actor_role?: Role",
                a.verb, a.kind, a.subject_id, COALESCE((SELECT t.title FROM tasks t WHERE t.workspace_id = $1 AND t.id = a.task_id), a.title) AS "title?",
                a.project_id, p.name AS "project_name?"
            FROM activity a
            JOIN collaborators k ON k.workspace_id = a.workspace_id AND k.project_id = a.project_id AND k.client_id = $2
            JOIN projects p ON p.workspace_id = a.workspace_id AND p.id = a.project_id AND p.archived_at IS NULL
            WHERE a.workspace_id = $1 AND a.id < $3 AND CASE WHEN CAST($4 AS UUID) IS NULL THEN TRUE ELSE a.project_id = $4 END
                AND CASE a.kind WHEN 'project' THEN TRUE WHEN 'update' THEN TRUE
                    WHEN 'task' THEN k.grant_tasks
                    WHEN 'task_comment' THEN k.grant_tasks AND k.grant_comments AND COALESCE(
                        (SELECT c.client_visible FROM task_comments c WHERE c.workspace_id = $1 AND c.id = a.subject_id), a.client_visible)
                    ELSE FALSE END
                AND CASE a.kind WHEN 'project' THEN TRUE WHEN 'update' THEN TRUE ELSE COALESCE(
                    (SELECT t.client_visible FROM tasks t WHERE t.workspace_id = $1 AND t.id = a.task_id), a.client_visible) END
            ORDER BY a.id DESC LIMIT $5"#,
            permit.workspace() as _,
            card as _,
            span.after.map_or(LAST, |after| after.0),
            project as _,
            i64::from(span.limit)
        );
        Ok(self.all(query).await?.into_iter().map(|row| line!(row)).collect())
    }

    async fn activity_of_project(
        &mut self,
        permit: &Reads<InWorkspace>,
        project: ProjectId,
        span: &Span<ActivityId>,
    ) -> StoreResult<Vec<ActivityRow>> {
        let query = query!(
            r#"SELECT a.id, a.at, a.actor_id, (SELECT u.display_name FROM users u WHERE u.id = a.actor_id) AS "actor_name?",
                (SELECT m.role FROM memberships m WHERE m.workspace_id = $1 AND m.user_id = a.actor_id) AS "actor_role?: Role",
                a.verb, a.kind, a.subject_id, COALESCE((SELECT t.title FROM tasks t WHERE t.workspace_id = $1 AND t.id = a.task_id), a.title) AS "title?",
                a.project_id, (SELECT p.name FROM projects p WHERE p.workspace_id = $1 AND p.id = a.project_id) AS "project_name?"
            FROM activity a
            WHERE a.workspace_id = $1 AND a.project_id = $2 AND a.id < $3 AND ($4 OR a.kind NOT IN ('expense', 'income'))
            ORDER BY a.id DESC LIMIT $5"#,
            permit.workspace() as _,
            project as _,
            span.after.map_or(LAST, |after| after.0),
            money_too(permit),
            i64::from(span.limit)
        );
        Ok(self.all(query).await?.into_iter().map(|row| line!(row)).collect())
    }
}

#[async_trait]
impl ActivityRepo for Unit {
    async fn append_activity(&mut self, closing: &Closing, lines: &[Activity]) -> StoreResult<()> {
        let workspace = workspace_of(closing)?;
        for Activity { id, at, actor_id, deed } in lines {
            let Deed { verb, kind, subject_id, project_id, task_id, title, client_visible } = deed;
            let query = query!(
                "INSERT INTO activity (workspace_id, id, at, actor_id, kind, verb, subject_id, project_id, task_id, title, client_visible)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                workspace as _,
                id as _,
                at as _,
                actor_id as _,
                kind as _,
                verb as _,
                subject_id,
                project_id as _,
                task_id as _,
                title.as_deref(),
                client_visible
            );
            self.execute(query).await?;
        }
        Ok(())
    }

    async fn activity(
        &mut self,
        permit: &Reads<InWorkspace>,
        project: Option<ProjectId>,
        span: &Span<ActivityId>,
    ) -> StoreResult<Vec<ActivityRow>> {
        match (permit.reach(), project) {
            (Reach::All, None) => {}
            (Reach::All, Some(project)) => return self.activity_of_project(permit, project, span).await,
            (Reach::Assigned(card), project) => return self.activity_of_card(permit, card, project, span).await,
            (Reach::Own | Reach::Known | Reach::Inside | Reach::Nothing, _) => return Ok(Vec::new()),
        }
        let query = query!(
            r#"SELECT a.id, a.at, a.actor_id, (SELECT u.display_name FROM users u WHERE u.id = a.actor_id) AS "actor_name?",
                (SELECT m.role FROM memberships m WHERE m.workspace_id = $1 AND m.user_id = a.actor_id) AS "actor_role?: Role",
                a.verb, a.kind, a.subject_id, COALESCE((SELECT t.title FROM tasks t WHERE t.workspace_id = $1 AND t.id = a.task_id),
                    CASE WHEN a.kind = 'client' THEN (SELECT l.name FROM clients l WHERE l.workspace_id = $1 AND l.id = a.subject_id) END,
                    a.title) AS "title?",
                a.project_id, (SELECT p.name FROM projects p WHERE p.workspace_id = $1 AND p.id = a.project_id) AS "project_name?"
            FROM activity a
            WHERE a.workspace_id = $1 AND a.id < $2 AND ($3 OR a.kind NOT IN ('expense', 'income')) ORDER BY a.id DESC LIMIT $4"#,
            permit.workspace() as _,
            span.after.map_or(LAST, |after| after.0),
            money_too(permit),
            i64::from(span.limit)
        );
        Ok(self.all(query).await?.into_iter().map(|row| line!(row)).collect())
    }

    async fn close_task_activity(&mut self, permit: &Writes<OnTask>, task: &Task) -> StoreResult<()> {
        let OnTask(workspace, id) = permit.target();
        let query = query!(
            "UPDATE activity SET title = $3, client_visible = CASE WHEN kind = 'task' THEN $4 ELSE FALSE END
            WHERE workspace_id = $1 AND task_id = $2",
            workspace as _,
            id as _,
            task.title,
            task.client_visible
        );
        self.execute(query).await.map(drop)
    }

    async fn close_comment_activity(&mut self, permit: &Writes<OnTaskComment>, client_visible: bool) -> StoreResult<()> {
        let OnTaskComment(workspace, comment) = permit.target();
        let query = query!(
            "UPDATE activity SET client_visible = $3 WHERE workspace_id = $1 AND kind = 'task_comment' AND subject_id = $2
            AND task_id = (SELECT c.task_id FROM task_comments c WHERE c.workspace_id = $1 AND c.id = $2)",
            workspace as _,
            comment as _,
            client_visible
        );
        self.execute(query).await.map(drop)
    }

    async fn tags_in_use(&mut self, permit: &Reads<InWorkspace>, money: Option<&Reads<Ledger>>) -> StoreResult<Vec<Vec<String>>> {
        let workspace = permit.workspace();
        let found: Vec<String> = match permit.reach() {
            Reach::All => {
                let query = query!(
                    r#"SELECT tags AS "tags!" FROM projects WHERE workspace_id = $1 AND archived_at IS NULL AND tags <> '[]'
                    UNION ALL SELECT t.tags FROM tasks t JOIN projects p ON p.workspace_id = t.workspace_id AND p.id = t.project_id
                    WHERE t.workspace_id = $1 AND p.archived_at IS NULL AND t.tags <> '[]'
                    UNION ALL SELECT tags FROM ledger_entries
                    WHERE workspace_id = $1 AND $2 AND deleted_at IS NULL AND tags <> '[]'"#,
                    workspace as _,
                    money.is_some_and(|money| money.workspace() == workspace)
                );
                self.all(query).await?.into_iter().map(|row| row.tags).collect()
            }
            Reach::Assigned(card) => {
                let query = query!(
                    r#"SELECT p.tags AS "tags!" FROM collaborators k JOIN projects p ON p.workspace_id = k.workspace_id AND p.id = k.project_id
                    WHERE k.workspace_id = $1 AND k.client_id = $2 AND p.archived_at IS NULL AND p.tags <> '[]'
                    UNION ALL SELECT t.tags FROM collaborators k
                    JOIN projects p ON p.workspace_id = k.workspace_id AND p.id = k.project_id
                    JOIN tasks t ON t.workspace_id = k.workspace_id AND t.project_id = k.project_id
                    WHERE k.workspace_id = $1 AND k.client_id = $2 AND k.grant_tasks AND p.archived_at IS NULL AND t.client_visible
                        AND t.tags <> '[]'"#,
                    workspace as _,
                    card as _
                );
                self.all(query).await?.into_iter().map(|row| row.tags).collect()
            }
            Reach::Own | Reach::Known | Reach::Inside | Reach::Nothing => return Ok(Vec::new()),
        };
        found.iter().map(|tags| tags_of(tags)).collect()
    }
}
