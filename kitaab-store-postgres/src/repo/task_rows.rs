//! Tasks, comments and updates from rows that have their columns.

/// The task in a row.
macro_rules! task {
    ($row:expr) => {
        Task {
            id: $row.id,
            project_id: $row.project_id,
            title: $row.title,
            description: $row.description,
            state: $row.state,
            assignee_id: $row.assignee_id,
            assignee_role: $row.assignee_role,
            due_on: $row.due_on,
            tags: $crate::repo::project_rows::tags_of(&$row.tags)?,
            client_visible: $row.client_visible,
            position: $row.position,
            created_at: $row.created_at,
            updated_at: $row.updated_at,
            version: $row.version,
        }
    };
}

/// Who wrote what is in a row.
macro_rules! author {
    ($row:expr) => {
        kitaab_core::workspace::Author { id: $row.author_id, display_name: $row.display_name, role: $row.author_role }
    };
}

/// The comment in a row.
macro_rules! comment {
    ($row:expr) => {
        TaskComment {
            id: $row.id,
            task_id: $row.task_id,
            author: $crate::repo::task_rows::author!($row),
            text: $row.text,
            client_visible: $row.client_visible,
            created_at: $row.created_at,
            updated_at: $row.updated_at,
            version: $row.version,
        }
    };
}

/// The update in a row.
macro_rules! update {
    ($row:expr) => {
        Update {
            id: $row.id,
            project_id: $row.project_id,
            author: $crate::repo::task_rows::author!($row),
            text: $row.text,
            created_at: $row.created_at,
            updated_at: $row.updated_at,
            version: $row.version,
        }
    };
}

pub(super) use {author, comment, task, update};
