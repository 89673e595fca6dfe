//! The parameters of lists: what they are called, and how they are described.
#![expect(dead_code, reason = "the fields describe parameters; core's own types read them")]

use kitaab_core::Error;
use kitaab_core::access::ActionKind;
use kitaab_core::activity::ActivityAsk;
use kitaab_core::audit::AuditAsk;
use kitaab_core::away::UnsubscribeToken;
use kitaab_core::chat::{ChannelsAsk, DraftAsk, InboxAsk, MessagesAsk, PresenceAsk, TemplatesAsk};
use kitaab_core::client::ClientsAsk;
use kitaab_core::error::{Problems, Refusal};
use kitaab_core::finance::{EntriesAsk, GroupBy, ReportAsk, TimeAsk};
use kitaab_core::ids::{ClientId, ProjectId, TaskId, UserId};
use kitaab_core::input::Check;
use kitaab_core::page::PageAsk;
use kitaab_core::project::{ProjectStatus, ProjectsAsk, TaskState, TasksAsk};
use kitaab_core::search::SearchAsk;
use kitaab_core::time::Date;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::extract::{Ask, Format};

macro_rules! known {
    ($($ask:ident: $($name:literal)+;)+) => {$(
        impl Ask for $ask {
            const NAMES: &'static [&'static str] = &[$($name),+];
        }
    )+};
}
known! {
    PageAsk: "limit" "cursor";
    ClientsAsk: "limit" "cursor" "q" "archived";
    ProjectsAsk: "limit" "cursor" "status" "client_id" "tag" "archived" "q";
    TasksAsk: "limit" "cursor" "state" "assignee_id" "tag" "q";
    EntriesAsk: "limit" "cursor" "from" "to" "category" "project_id" "client_id" "tag";
    ReportAsk: "from" "to" "group_by";
    TimeAsk: "limit" "cursor" "from" "to" "project_id" "task_id" "billable";
    ActivityAsk: "limit" "cursor" "project_id";
    AuditAsk: "limit" "cursor" "actor_id" "action" "target_id";
    ChannelsAsk: "limit" "cursor";
    DraftAsk: "thread_id";
    SearchAsk: "q" "types" "sort" "limit" "cursor";
    TemplatesAsk: "channel_id" "limit" "cursor";
    InboxAsk: "filter" "limit" "cursor";
    MessagesAsk: "before" "after" "around" "limit";
    PresenceAsk: "user_ids";
    Removal: "permanent";
    UnsubscribeToken: "token";
}

/// Which page.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PageParams {
    /// At most this many items; 50 when absent.
    #[param(minimum = 1, maximum = 200, required = false)]
    limit: u32,
    /// The `next_cursor` of the page before.
    #[param(required = false)]
    cursor: String,
}

/// The link in a mail.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UnsubscribeParams {
    /// `ktu_…`, as in the link.
    #[param(required = true)]
    token: String,
}

/// Which clients.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ClientsParams {
    /// At most this many items; 50 when absent.
    #[param(minimum = 1, maximum = 200, required = false)]
    limit: u32,
    /// The `next_cursor` of the page before.
    #[param(required = false)]
    cursor: String,
    /// A part of the name, company or email.
    #[param(max_length = 200, required = false)]
    q: String,
    /// `true` lists the archived ones instead of the others.
    #[param(required = false)]
    archived: bool,
}

/// Which projects.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ProjectsParams {
    /// At most this many items; 50 when absent.
    #[param(minimum = 1, maximum = 200, required = false)]
    limit: u32,
    /// The `next_cursor` of the page before.
    #[param(required = false)]
    cursor: String,
    /// In this state.
    #[param(required = false, inline)]
    status: ProjectStatus,
    /// For this client.
    #[param(required = false)]
    client_id: ClientId,
    /// With this tag.
    #[param(max_length = 50, required = false)]
    tag: String,
    /// `true` lists the archived ones instead of the others.
    #[param(required = false)]
    archived: bool,
    /// A part of the name or description.
    #[param(max_length = 200, required = false)]
    q: String,
}

/// Which tasks.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TasksParams {
    /// At most this many items; 50 when absent.
    #[param(minimum = 1, maximum = 200, required = false)]
    limit: u32,
    /// The `next_cursor` of the page before.
    #[param(required = false)]
    cursor: String,
    /// In this state.
    #[param(required = false, inline)]
    state: TaskState,
    /// Done by this person.
    #[param(required = false)]
    assignee_id: UserId,
    /// With this tag.
    #[param(max_length = 50, required = false)]
    tag: String,
    /// A part of the title or description.
    #[param(max_length = 200, required = false)]
    q: String,
}

/// Which expenses or income.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EntriesParams {
    /// At most this many items; 50 when absent.
    #[param(minimum = 1, maximum = 200, required = false)]
    limit: u32,
    /// The `next_cursor` of the page before.
    #[param(required = false)]
    cursor: String,
    /// From this day on.
    #[param(required = false)]
    from: Date,
    /// Up to this day.
    #[param(required = false)]
    to: Date,
    /// Of this category.
    #[param(max_length = 100, required = false)]
    category: String,
    /// For this project.
    #[param(required = false)]
    project_id: ProjectId,
    /// For or from this client.
    #[param(required = false)]
    client_id: ClientId,
    /// With this tag.
    #[param(max_length = 50, required = false)]
    tag: String,
}

/// Which report.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportParams {
    /// From this day on.
    #[param(required = false)]
    from: Date,
    /// Up to this day.
    #[param(required = false)]
    to: Date,
    /// By what it adds up; by project when absent.
    #[param(required = false, inline)]
    group_by: GroupBy,
}

/// In which form.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FormatParam {
    /// `csv` answers everything that matches at once, as a table; without `limit` and `cursor`.
    #[param(required = false, inline)]
    format: Format,
}

/// Which time entries.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TimeParams {
    /// At most this many items; 50 when absent.
    #[param(minimum = 1, maximum = 200, required = false)]
    limit: u32,
    /// The `next_cursor` of the page before.
    #[param(required = false)]
    cursor: String,
    /// Begun on this day of the workspace's time zone or later.
    #[param(required = false)]
    from: Date,
    /// Begun on this day or earlier.
    #[param(required = false)]
    to: Date,
    /// On this project.
    #[param(required = false)]
    project_id: ProjectId,
    /// On this task.
    #[param(required = false)]
    task_id: TaskId,
    /// Somebody is to pay for, or not.
    #[param(required = false)]
    billable: bool,
}

/// Which lines of the activity feed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ActivityParams {
    /// At most this many items; 50 when absent.
    #[param(minimum = 1, maximum = 200, required = false)]
    limit: u32,
    /// The `next_cursor` of the page before.
    #[param(required = false)]
    cursor: String,
    /// In this project.
    #[param(required = false)]
    project_id: ProjectId,
}

/// Which entries of the audit log.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditParams {
    /// At most this many items; 50 when absent.
    #[param(minimum = 1, maximum = 200, required = false)]
    limit: u32,
    /// The `next_cursor` of the page before.
    #[param(required = false)]
    cursor: String,
    /// Done by this person.
    #[param(required = false)]
    actor_id: UserId,
    /// This action.
    #[param(required = false, inline)]
    action: ActionKind,
    /// Done to this thing.
    #[param(required = false)]
    target_id: Uuid,
}

/// Which conversations.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct InboxParams {
    /// Those of the inbox that are `unread`, `active`, with `mentions`, in a `category:NAME` or of `priority`; or those that
    /// were put away: `archived`.
    #[param(pattern = "^(unread|active|archived|mentions|priority|category:.+)$", required = false)]
    filter: String,
    /// At most this many items; 50 when absent.
    #[param(minimum = 1, maximum = 200, required = false)]
    limit: u32,
    /// The `next_cursor` of the page before.
    #[param(required = false)]
    cursor: String,
}

/// What to look for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchParams {
    /// Words, phrases and filters.
    #[param(min_length = 1, max_length = 500)]
    q: String,
    /// Of these kinds, with commas between: `message`, `project`, `task`, `task_comment`, `client`, `file`; all when absent.
    #[param(required = false)]
    types: String,
    /// `newest` first when absent; or by `relevance`: of the newest 1,000 those with whole words first.
    #[param(required = false, pattern = "^(newest|relevance)$")]
    sort: String,
    /// At most this many items; 50 when absent.
    #[param(minimum = 1, maximum = 200, required = false)]
    limit: u32,
    /// The `next_cursor` of the page before.
    #[param(required = false)]
    cursor: String,
}

/// Which templates.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TemplatesParams {
    /// A channel that one is in: places are filled in for it.
    #[param(required = false)]
    channel_id: Uuid,
    /// At most this many items; 50 when absent.
    #[param(minimum = 1, maximum = 200, required = false)]
    limit: u32,
    /// The `next_cursor` of the page before.
    #[param(required = false)]
    cursor: String,
}

/// Of which draft.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DraftParams {
    /// The first message of its thread; the channel itself when absent.
    #[param(required = false)]
    thread_id: Uuid,
}

/// Which messages; one of `before`, `after` and `around`, or the newest.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MessagesParams {
    /// The ones right before this number.
    #[param(minimum = 0, required = false)]
    before: i64,
    /// The ones right after this number.
    #[param(minimum = 0, required = false)]
    after: i64,
    /// Those before and after this number, and itself.
    #[param(minimum = 0, required = false)]
    around: i64,
    /// At most this many items; 50 when absent.
    #[param(minimum = 1, maximum = 200, required = false)]
    limit: u32,
}

/// After whom one asks.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PresenceParams {
    /// Their ids, with commas between them; at most 200.
    user_ids: String,
}

/// Whether what is deleted is put away or destroyed.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Removal {
    pub(super) permanent: bool,
}

impl Check for Removal {
    fn check(&mut self, _: &mut Problems) {}
}

/// Refuses a request whose query makes no sense, first for its person and only then for the query.
pub(super) fn refuse(can: &[String], needed: &str, error: Error) -> Result<(), Error> {
    if can.iter().any(|action| action == needed) { Err(error) } else { Err(Error::Forbidden(Refusal::Role)) }
}

/// How to delete.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RemovalParams {
    /// `true` destroys it instead of archiving it.
    #[param(required = false)]
    permanent: bool,
}

/// The version that a change expects.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(super) struct IfMatchParam {
    /// The `ETag` of the version that is to be changed; another one answers 412.
    #[param(rename = "If-Match", required = false)]
    if_match: String,
}

/// By what a repeat is known.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(super) struct IdempotencyParam {
    /// The same key on the same path answers what the first call answered, for 24 hours.
    #[param(rename = "Idempotency-Key", required = false)]
    idempotency_key: Uuid,
}

/// Why a moderator looks.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(super) struct ReasonParam {
    /// For moderators, who see every conversation and say why they look, in 500 characters at most: the owner reads it in the
    /// audit log.
    #[param(rename = "X-Reason", required = false)]
    x_reason: String,
}

/// Where: in a workspace.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct InWorkspace {
    /// The workspace.
    workspace_id: Uuid,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described<P: IntoParams>() -> Vec<String> {
        P::into_params(|| None).into_iter().map(|parameter| parameter.name).collect()
    }

    #[test]
    fn what_is_described_is_what_is_read() {
        assert_eq!(described::<PageParams>(), PageAsk::NAMES);
        assert_eq!(described::<ClientsParams>(), ClientsAsk::NAMES);
        assert_eq!(described::<ProjectsParams>(), ProjectsAsk::NAMES);
        assert_eq!(described::<TasksParams>(), TasksAsk::NAMES);
        assert_eq!(described::<EntriesParams>(), EntriesAsk::NAMES);
        assert_eq!(described::<ReportParams>(), ReportAsk::NAMES);
        assert_eq!(described::<TimeParams>(), TimeAsk::NAMES);
        assert_eq!(described::<ActivityParams>(), ActivityAsk::NAMES);
        assert_eq!(described::<AuditParams>(), AuditAsk::NAMES);
        assert_eq!(described::<PageParams>(), ChannelsAsk::NAMES);
        assert_eq!(described::<InboxParams>(), InboxAsk::NAMES);
        assert_eq!(described::<SearchParams>(), SearchAsk::NAMES);
        assert_eq!(described::<TemplatesParams>(), TemplatesAsk::NAMES);
        assert_eq!(described::<DraftParams>(), DraftAsk::NAMES);
        assert_eq!(described::<MessagesParams>(), MessagesAsk::NAMES);
        assert_eq!(described::<PresenceParams>(), PresenceAsk::NAMES);
        assert_eq!(described::<RemovalParams>(), Removal::NAMES);
    }
}
