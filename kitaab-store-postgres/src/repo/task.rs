//! Tasks, in their order.

use async_trait::async_trait;
use kitaab_core::access::{OnProject, OnTask, OnTaskComment, Reach, Reads, Role, Writes};
use kitaab_core::ids::{TaskCommentId, TaskId, UserId};
use kitaab_core::page::Span;
use kitaab_core::project::{Place, Task, TaskComment};
use kitaab_core::store::{Gap, StoreResult, TaskFilter, TaskRepo};
use kitaab_core::text::folded;
use kitaab_core::time::Timestamp;
use sqlx::query;

use super::project_rows::{tag_needle, tags_text};
use super::rows::FIRST;
use super::task_rows::{comment, task};
use crate::engine::Unit;

/// Whether the permit reaches what is internal; none if it reaches nothing.
pub(super) fn internal_too(reach: Reach) -> Option<bool> {
    match reach {
        Reach::All => Some(true),
        Reach::Assigned(_) => Some(false),
        Reach::Own | Reach::Known | Reach::Inside | Reach::Nothing => None,
    }
}

#[async_trait]
impl TaskRepo for Unit {
    async fn tasks(&mut self, permit: &Reads<OnProject>, filter: &TaskFilter, span: &Span<String>) -> StoreResult<Vec<Task>> {
        let Some(internal_too) = internal_too(permit.reach()) else { return Ok(Vec::new()) };
        let OnProject(workspace, project) = permit.target();
        let query = query!(
            r#"SELECT t.id, t.project_id, t.title, t.description, t.state, t.assignee_id, m.role AS "assignee_role?", t.due_on, t.tags,
                t.client_visible, t.position, t.created_at, t.updated_at, t.version
            FROM tasks t LEFT JOIN memberships m ON m.workspace_id = t.workspace_id AND m.user_id = t.assignee_id
            WHERE t.workspace_id = $1 AND t.project_id = $2 AND t.position > $3 AND (t.client_visible OR $4)
                AND CASE WHEN CAST($5 AS TEXT) IS NULL THEN TRUE ELSE t.state = $5 END
                AND CASE WHEN CAST($6 AS UUID) IS NULL THEN TRUE ELSE t.assignee_id = $6 END
                AND CASE WHEN CAST($7 AS TEXT) IS NULL THEN TRUE ELSE instr(t.tags, $7) > 0 END
                AND CASE WHEN CAST($8 AS TEXT) IS NULL THEN TRUE ELSE instr(t.title_folded, $8) > 0 OR instr(t.description_folded, $8) > 0 END
            ORDER BY t.position LIMIT $9"#,
            workspace as _,
            project as _,
            span.after.as_deref().unwrap_or_default(),
            internal_too,
            filter.state as _,
            filter.assignee_id as _,
            filter.tag.as_deref().map(tag_needle),
            filter.part.as_deref(),
            i64::from(span.limit)
        );
        self.all(query).await?.into_iter().map(|row| Ok(task!(row))).collect()
    }

    async fn task(&mut self, permit: &Reads<OnTask>) -> StoreResult<Option<Task>> {
        let OnTask(workspace, id) = permit.target();
        let query = query!(
            r#"SELECT t.id, t.project_id, t.title, t.description, t.state, t.assignee_id, m.role AS "assignee_role?", t.due_on, t.tags,
                t.client_visible, t.position, t.created_at, t.updated_at, t.version
            FROM tasks t LEFT JOIN memberships m ON m.workspace_id = t.workspace_id AND m.user_id = t.assignee_id
            WHERE t.workspace_id = $1 AND t.id = $2"#,
            workspace as _,
            id as _
        );
        self.optional(query).await?.map(|row| Ok(task!(row))).transpose()
    }

    async fn task_gap(&mut self, permit: &Reads<OnProject>, place: Place, moving: Option<TaskId>) -> StoreResult<Option<Gap>> {
        let OnProject(workspace, project) = permit.target();
        let moving = moving.map_or(FIRST, |task| task.0);
        if place == Place::Last {
            let last = query!(
                "SELECT position FROM tasks WHERE workspace_id = $1 AND project_id = $2 AND id <> $3 ORDER BY position DESC LIMIT 1",
                workspace as _,
                project as _,
                moving
            );
            return Ok(Some((self.optional(last).await?.map(|row| row.position), None)));
        }
        let before = match place {
            Place::First | Place::Last => None,
            Place::After(other) => {
                let found = query!(
                    "SELECT position FROM tasks WHERE workspace_id = $1 AND project_id = $2 AND id = $3",
                    workspace as _,
                    project as _,
                    other as _
                );
                let Some(found) = self.optional(found).await? else { return Ok(None) };
                Some(found.position)
            }
        };
        let next = query!(
            "SELECT position FROM tasks WHERE workspace_id = $1 AND project_id = $2 AND position > $3 AND id <> $4 ORDER BY position LIMIT 1",
            workspace as _,
            project as _,
            before.as_deref().unwrap_or_default(),
            moving
        );
        let after = self.optional(next).await?.map(|row| row.position);
        Ok(Some((before, after)))
    }

    async fn role_on_project(&mut self, permit: &Reads<OnProject>, person: UserId) -> StoreResult<Option<Role>> {
        let OnProject(workspace, project) = permit.target();
        let query = query!(
            "SELECT m.role FROM memberships m
            LEFT JOIN collaborators k ON k.workspace_id = m.workspace_id AND k.project_id = $2 AND k.client_id = m.client_id
            WHERE m.workspace_id = $1 AND m.user_id = $3 AND (m.role <> 'client' OR k.client_id IS NOT NULL)",
            workspace as _,
            project as _,
            person as _
        );
        Ok(self.optional(query).await?.map(|row| row.role))
    }

    async fn insert_task(&mut self, permit: &Writes<OnProject>, task: &Task) -> StoreResult<()> {
        let OnProject(workspace, project) = permit.target();
        let Task { id, title, description, state, assignee_id, due_on, tags, client_visible, position, .. } = task;
        let query = query!(
            "INSERT INTO tasks (workspace_id, id, project_id, title, title_folded, description, description_folded, state, assignee_id,
                due_on, tags, client_visible, position, created_at, updated_at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            workspace as _,
            id as _,
            project as _,
            title,
            folded(title),
            description.as_deref(),
            description.as_deref().map(folded),
            state as _,
            assignee_id as _,
            due_on as _,
            tags_text(tags),
            client_visible,
            position,
            task.created_at as _,
            task.updated_at as _,
            task.version
        );
        self.execute(query).await?;
        self.index_again(workspace, id.0).await
    }

    async fn update_task(&mut self, permit: &Writes<OnTask>, task: &Task, expected: i64) -> StoreResult<bool> {
        let OnTask(workspace, id) = permit.target();
        let Task { title, description, state, assignee_id, due_on, tags, client_visible, position, .. } = task;
        let query = query!(
            "UPDATE tasks SET title = $4, title_folded = $5, description = $6, description_folded = $7, state = $8, assignee_id = $9,
                due_on = $10, tags = $11, client_visible = $12, position = $13, updated_at = $14, version = version + 1
            WHERE workspace_id = $1 AND id = $2 AND version = $3",
            workspace as _,
            id as _,
            expected,
            title,
            folded(title),
            description.as_deref(),
            description.as_deref().map(folded),
            state as _,
            assignee_id as _,
            due_on as _,
            tags_text(tags),
            client_visible,
            position,
            task.updated_at as _
        );
        let done = self.touch(query).await?;
        if done {
            self.index_again(workspace, id.0).await?;
        }
        Ok(done)
    }

    async fn delete_task(&mut self, permit: &Writes<OnTask>) -> StoreResult<bool> {
        let OnTask(workspace, id) = permit.target();
        self.touch(query!("DELETE FROM tasks WHERE workspace_id = $1 AND id = $2", workspace as _, id as _)).await
    }

    async fn hold_project(&mut self, permit: &Writes<OnProject>) -> StoreResult<bool> {
        let OnProject(workspace, id) = permit.target();
        self.touch(query!("UPDATE projects SET version = version WHERE workspace_id = $1 AND id = $2", workspace as _, id as _)).await
    }

    async fn count_progress(&mut self, permit: &Writes<OnProject>, at: Timestamp) -> StoreResult<bool> {
        let OnProject(workspace, project) = permit.target();
        let counts = query!(
            r#"SELECT COUNT(*) AS "counted!: i64", CAST(COALESCE(SUM(CASE WHEN state = 'done' THEN 1 ELSE 0 END), 0) AS BIGINT) AS "done!: i64"
            FROM tasks WHERE workspace_id = $1 AND project_id = $2 AND client_visible AND state <> 'cancelled'"#,
            workspace as _,
            project as _
        );
        let counts = self.one(counts).await?;
        let progress = (counts.done * 100).checked_div(counts.counted).unwrap_or(0);
        let update = query!(
            "UPDATE projects SET progress = $3, updated_at = $4, version = version + 1
            WHERE workspace_id = $1 AND id = $2 AND progress_mode = 'tasks' AND progress <> $3",
            workspace as _,
            project as _,
            progress,
            at as _
        );
        self.touch(update).await
    }

    async fn task_comments(&mut self, permit: &Reads<OnTask>, span: &Span<TaskCommentId>) -> StoreResult<Vec<TaskComment>> {
        let Some(internal_too) = internal_too(permit.reach()) else { return Ok(Vec::new()) };
        let OnTask(workspace, task) = permit.target();
        let query = query!(
            r#"SELECT c.id, c.task_id, c.author_id, u.display_name, m.role AS "author_role?", c.text, c.client_visible, c.created_at,
                c.updated_at, c.version
            FROM task_comments c JOIN users u ON u.id = c.author_id
            LEFT JOIN memberships m ON m.workspace_id = c.workspace_id AND m.user_id = c.author_id
            WHERE c.workspace_id = $1 AND c.task_id = $2 AND c.id > $3 AND (c.client_visible OR $4) ORDER BY c.id LIMIT $5"#,
            workspace as _,
            task as _,
            span.after.map_or(FIRST, |after| after.0),
            internal_too,
            i64::from(span.limit)
        );
        let rows = self.all(query).await?.into_iter();
        Ok(rows.map(|row| comment!(row)).collect())
    }

    async fn project_comments(&mut self, permit: &Reads<OnProject>, span: &Span<TaskCommentId>) -> StoreResult<Vec<TaskComment>> {
        let Some(internal_too) = internal_too(permit.reach()) else { return Ok(Vec::new()) };
        let OnProject(workspace, project) = permit.target();
        let query = query!(
            r#"SELECT c.id, c.task_id, c.author_id, u.display_name, m.role AS "author_role?", c.text, c.client_visible, c.created_at,
                c.updated_at, c.version
            FROM tasks t JOIN task_comments c ON c.workspace_id = t.workspace_id AND c.task_id = t.id JOIN users u ON u.id = c.author_id
            LEFT JOIN memberships m ON m.workspace_id = c.workspace_id AND m.user_id = c.author_id
            WHERE t.workspace_id = $1 AND t.project_id = $2 AND c.id > $3 AND ($4 OR (t.client_visible AND c.client_visible))
            ORDER BY c.id LIMIT $5"#,
            workspace as _,
            project as _,
            span.after.map_or(FIRST, |after| after.0),
            internal_too,
            i64::from(span.limit)
        );
        let rows = self.all(query).await?.into_iter();
        Ok(rows.map(|row| comment!(row)).collect())
    }

    async fn task_comment(&mut self, permit: &Reads<OnTaskComment>) -> StoreResult<Option<TaskComment>> {
        let OnTaskComment(workspace, id) = permit.target();
        let query = query!(
            r#"SELECT c.id, c.task_id, c.author_id, u.display_name, m.role AS "author_role?", c.text, c.client_visible, c.created_at,
                c.updated_at, c.version
            FROM task_comments c JOIN users u ON u.id = c.author_id
            LEFT JOIN memberships m ON m.workspace_id = c.workspace_id AND m.user_id = c.author_id
            WHERE c.workspace_id = $1 AND c.id = $2"#,
            workspace as _,
            id as _
        );
        Ok(self.optional(query).await?.map(|row| comment!(row)))
    }

    async fn insert_task_comment(&mut self, permit: &Writes<OnTask>, comment: &TaskComment) -> StoreResult<()> {
        let OnTask(workspace, task) = permit.target();
        let query = query!(
            "INSERT INTO task_comments (workspace_id, id, task_id, author_id, text, client_visible, created_at, updated_at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            workspace as _,
            comment.id as _,
            task as _,
            comment.author.id as _,
            comment.text,
            comment.client_visible,
            comment.created_at as _,
            comment.updated_at as _,
            comment.version
        );
        self.execute(query).await?;
        self.index_again(workspace, comment.id.0).await
    }

    async fn update_task_comment(&mut self, permit: &Writes<OnTaskComment>, comment: &TaskComment, expected: i64) -> StoreResult<bool> {
        let OnTaskComment(workspace, id) = permit.target();
        let query = query!(
            "UPDATE task_comments SET text = $4, client_visible = $5, updated_at = $6, version = version + 1
            WHERE workspace_id = $1 AND id = $2 AND version = $3",
            workspace as _,
            id as _,
            expected,
            comment.text,
            comment.client_visible,
            comment.updated_at as _
        );
        let done = self.touch(query).await?;
        if done {
            self.index_again(workspace, id.0).await?;
        }
        Ok(done)
    }

    async fn delete_task_comment(&mut self, permit: &Writes<OnTaskComment>) -> StoreResult<bool> {
        let OnTaskComment(workspace, id) = permit.target();
        self.touch(query!("DELETE FROM task_comments WHERE workspace_id = $1 AND id = $2", workspace as _, id as _)).await
    }
}
