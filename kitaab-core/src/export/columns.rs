//! The columns of the tables in an export.

use crate::table::{Column, exact, text};

pub(super) const MEMBERS: &[Column] = &[
    exact("user_id", "/user_id"),
    text("display_name", "/display_name"),
    exact("role", "/role"),
    exact("client_id", "/client_id"),
    exact("invited_by", "/invited_by"),
    exact("invitation_accepted_at", "/invitation_accepted_at"),
];

pub(super) const INVITATIONS: &[Column] = &[
    exact("id", "/id"),
    exact("status", "/status"),
    text("email", "/email"),
    exact("role", "/role"),
    exact("client_id", "/client_id"),
    exact("project_ids", "/project_ids"),
    text("message", "/message"),
    exact("created_at", "/created_at"),
    exact("sent_at", "/sent_at"),
    exact("opened_at", "/opened_at"),
    exact("accepted_at", "/accepted_at"),
    exact("revoked_at", "/revoked_at"),
    exact("expires_at", "/expires_at"),
    exact("delivery", "/delivery/state"),
];

pub(super) const CLIENTS: &[Column] = &[
    exact("id", "/id"),
    text("name", "/name"),
    text("email", "/email"),
    text("company", "/company"),
    text("phone", "/phone"),
    text("notes", "/notes"),
    exact("invitation_status", "/invitation_status"),
    exact("user_id", "/user_id"),
    exact("archived_at", "/archived_at"),
    exact("created_at", "/created_at"),
    exact("updated_at", "/updated_at"),
];

pub(super) const OWN_CARD: &[Column] = &[
    exact("id", "/id"),
    text("name", "/name"),
    text("email", "/email"),
    text("company", "/company"),
    text("phone", "/phone"),
    exact("user_id", "/user_id"),
    exact("created_at", "/created_at"),
    exact("updated_at", "/updated_at"),
];

pub(super) const PROJECTS: &[Column] = &[
    exact("id", "/id"),
    text("name", "/name"),
    text("description", "/description"),
    exact("status", "/status"),
    exact("progress", "/progress"),
    exact("starts_on", "/starts_on"),
    exact("due_on", "/due_on"),
    exact("client_id", "/client_id"),
    text("tags", "/tags"),
    text("internal_notes", "/internal_notes"),
    exact("archived_at", "/archived_at"),
    exact("created_at", "/created_at"),
    exact("updated_at", "/updated_at"),
];

pub(super) const PROJECTS_OF_CLIENT: &[Column] = &[
    exact("id", "/id"),
    text("name", "/name"),
    text("description", "/description"),
    exact("status", "/status"),
    exact("progress", "/progress"),
    exact("starts_on", "/starts_on"),
    exact("due_on", "/due_on"),
    text("tags", "/tags"),
    exact("created_at", "/created_at"),
    exact("updated_at", "/updated_at"),
];

pub(super) const COLLABORATORS: &[Column] = &[
    exact("project_id", "/project_id"),
    text("project", "/project"),
    exact("client_id", "/client_id"),
    text("name", "/name"),
    exact("user_id", "/user_id"),
    exact("tasks", "/grant/tasks"),
    exact("comments", "/grant/comments"),
    exact("upload", "/grant/upload"),
];

pub(super) const TASKS: &[Column] = &[
    exact("id", "/id"),
    exact("project_id", "/project_id"),
    text("project", "/project"),
    text("title", "/title"),
    text("description", "/description"),
    exact("state", "/state"),
    exact("assignee_id", "/assignee_id"),
    exact("due_on", "/due_on"),
    text("tags", "/tags"),
    exact("client_visible", "/client_visible"),
    exact("position", "/position"),
    exact("created_at", "/created_at"),
    exact("updated_at", "/updated_at"),
];

pub(super) const COMMENTS: &[Column] = &[
    exact("id", "/id"),
    exact("task_id", "/task_id"),
    text("project", "/project"),
    text("author", "/author/display_name"),
    text("text", "/text"),
    exact("client_visible", "/client_visible"),
    exact("created_at", "/created_at"),
    exact("updated_at", "/updated_at"),
];

pub(super) const UPDATES: &[Column] = &[
    exact("id", "/id"),
    exact("project_id", "/project_id"),
    text("author", "/author/display_name"),
    text("text", "/text"),
    exact("created_at", "/created_at"),
    exact("updated_at", "/updated_at"),
];

pub(super) const ACTIVITY: &[Column] = &[
    exact("id", "/id"),
    exact("at", "/at"),
    text("actor", "/actor/display_name"),
    exact("verb", "/verb"),
    exact("kind", "/kind"),
    exact("subject_id", "/subject_id"),
    text("title", "/title"),
    exact("project_id", "/project_id"),
    text("project_name", "/project_name"),
];

pub(super) const HISTORY: &[Column] = &[
    exact("id", "/entry/id"),
    exact("kind", "/entry/kind"),
    exact("version", "/version"),
    exact("at", "/at"),
    text("actor", "/actor/display_name"),
    exact("on", "/entry/on"),
    exact("amount", "/entry/money/amount"),
    exact("currency", "/entry/money/currency"),
    text("category", "/entry/category"),
    exact("project_id", "/entry/project_id"),
    exact("client_id", "/entry/client_id"),
    text("note", "/entry/note"),
    text("tags", "/entry/tags"),
];

pub(super) const CHANNELS: &[Column] = &[
    exact("id", "/id"),
    exact("kind", "/kind"),
    text("name", "/name"),
    text("peer", "/peer/display_name"),
    exact("project_id", "/project_id"),
    exact("last_seq", "/last_seq"),
    exact("read_seq", "/read_seq"),
    exact("archived_at", "/archived_at"),
    exact("created_at", "/created_at"),
];

pub(super) const MESSAGES: &[Column] = &[
    exact("id", "/id"),
    exact("channel_id", "/channel_id"),
    text("channel", "/channel"),
    exact("seq", "/seq"),
    text("author", "/author/display_name"),
    text("text", "/text"),
    exact("reply_to", "/reply_to"),
    exact("thread_id", "/thread_id"),
    exact("quote_of", "/quote_of"),
    exact("pinned", "/pinned"),
    exact("starred", "/starred"),
    exact("created_at", "/created_at"),
    exact("edited_at", "/edited_at"),
    exact("deleted_at", "/deleted_at"),
];

pub(super) const DRAFTS: &[Column] =
    &[exact("channel_id", "/channel_id"), exact("thread_id", "/thread_id"), text("text", "/text"), exact("updated_at", "/updated_at")];

pub(super) const SCHEDULED: &[Column] = &[
    exact("id", "/id"),
    exact("channel_id", "/channel_id"),
    text("channel", "/channel"),
    text("text", "/text"),
    exact("reply_to", "/reply_to"),
    exact("due_at", "/due_at"),
    exact("state", "/state"),
    exact("reason", "/reason"),
    exact("created_at", "/created_at"),
];

pub(super) const TEMPLATES: &[Column] = &[
    exact("id", "/id"),
    text("name", "/name"),
    text("text", "/text"),
    exact("shared", "/shared"),
    exact("created_at", "/created_at"),
    exact("updated_at", "/updated_at"),
];

pub(super) const AUDIT: &[Column] = &[
    exact("id", "/id"),
    exact("at", "/at"),
    exact("actor_id", "/actor_id"),
    text("actor_name", "/actor_name"),
    exact("role", "/role"),
    exact("action", "/action"),
    exact("target_kind", "/target_kind"),
    exact("target_id", "/target_id"),
    exact("outcome", "/outcome"),
    text("address", "/address"),
    text("request_id", "/request_id"),
    text("reason", "/reason"),
];
