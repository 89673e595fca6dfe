//! The one table: who may do what. Read it beside the table in the product's description.

use super::{FactSet, Facts, Role, TargetKind};
use crate::error::Refusal;

/// What the table answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Go on.
    Allowed,
    /// The caller sees the thing but may not do this.
    Forbidden(Refusal),
    /// To the caller the thing does not exist.
    Hidden,
}

/// A cell: the facts that must hold; none of them suffices if there is no cell at all.
pub type Cell = Option<FactSet>;

const SEEN_TASK: FactSet = FactSet::SAME_WORKSPACE.and(FactSet::ON_PROJECT).and(FactSet::GRANT_TASKS).and(FactSet::CLIENT_VISIBLE);

const NEVER: Cell = None;
const ALWAYS: Cell = Some(FactSet::NONE);
/// In this workspace.
const HERE: Cell = Some(FactSet::SAME_WORKSPACE);
/// In this workspace, and one's own.
const MINE: Cell = Some(FactSet::SAME_WORKSPACE.and(FactSet::OWN));
/// Somebody of this workspace whom a client may know of; a canned message that is shared or one's own.
const KNOWN: Cell = Some(FactSet::SAME_WORKSPACE.and(FactSet::KNOWN));
/// On the project.
const ON_IT: Cell = Some(FactSet::SAME_WORKSPACE.and(FactSet::ON_PROJECT));
/// On the project, with the grant to see its tasks.
const TASKS: Cell = Some(FactSet::SAME_WORKSPACE.and(FactSet::ON_PROJECT).and(FactSet::GRANT_TASKS));
/// And with the grant to comment.
const COMMENTS: Cell = Some(FactSet::SAME_WORKSPACE.and(FactSet::ON_PROJECT).and(FactSet::GRANT_TASKS).and(FactSet::GRANT_COMMENTS));
/// And the task is not internal.
const TASK: Cell = Some(SEEN_TASK);
/// And with the grant to comment.
const COMMENT: Cell = Some(SEEN_TASK.and(FactSet::GRANT_COMMENTS));
/// And the caller wrote it.
const OWN_COMMENT: Cell = Some(SEEN_TASK.and(FactSet::GRANT_COMMENTS).and(FactSet::AUTHOR));
/// In the channel.
const INSIDE: Cell = Some(FactSet::SAME_WORKSPACE.and(FactSet::IN_CHANNEL));
/// In the channel, and it is not archived.
const INSIDE_OPEN: Cell = Some(FactSet::SAME_WORKSPACE.and(FactSet::IN_CHANNEL).and(FactSet::ACTIVE));
/// In the channel, and the caller wrote it.
const OWN_MESSAGE: Cell = Some(FactSet::SAME_WORKSPACE.and(FactSet::IN_CHANNEL).and(FactSet::AUTHOR));
/// And it may still be changed.
const OWN_FRESH_MESSAGE: Cell =
    Some(FactSet::SAME_WORKSPACE.and(FactSet::IN_CHANNEL).and(FactSet::ACTIVE).and(FactSet::AUTHOR).and(FactSet::WITHIN_EDIT_WINDOW));
/// A canned message that the caller wrote.
const OWN_TEMPLATE: Cell = Some(FactSet::SAME_WORKSPACE.and(FactSet::KNOWN).and(FactSet::AUTHOR));
/// Here, and not archived.
const OPEN: Cell = Some(FactSet::SAME_WORKSPACE.and(FactSet::ACTIVE));
/// Here, with a password typed just now.
const HERE_FRESH: Cell = Some(FactSet::SAME_WORKSPACE.and(FactSet::FRESH));
/// One's own account.
const SELF: Cell = Some(FactSet::OWN);
/// One's own account, with a password typed just now.
const SELF_FRESH: Cell = Some(FactSet::OWN.and(FactSet::FRESH));
/// There, for a moderator.
const MODERATED: Cell = Some(FactSet::MODERATED);
/// Whoever holds the secret.
const TOKEN: Cell = Some(FactSet::TOKEN);
/// Whoever holds the secret and is signed in with the invited address.
const INVITED: Cell = Some(FactSet::TOKEN.and(FactSet::IS_RECIPIENT));

macro_rules! policy {
    ($($(#[$meta:meta])* $name:ident $text:literal ($target:ident, $grant:ident, $audit:ident, sees $sees:ident)
        [$owner:ident $member:ident $client:ident $moderator:ident $system:ident $anonymous:ident])+) => {
        crate::sql::names! {
            /// Every action there is.
            pub enum ActionKind { $($(#[$meta])* $name = $text,)+ }
        }

        /// One row of the table.
        #[derive(Debug, Clone, Copy)]
        pub(super) struct Row {
            pub(super) kind: crate::access::TargetKind,
            pub(super) cells: [Cell; 6],
            pub(super) sees: ActionKind,
            pub(super) writes: bool,
            pub(super) audited: bool,
            pub(super) told: bool,
        }

        pub(super) fn row(action: ActionKind) -> Row {
            TABLE[action as usize]
        }

        const TABLE: &[Row] = &[$(Row {
            kind: <crate::access::$target as crate::access::Target>::KIND,
            cells: [$owner, $member, $client, $moderator, $system, $anonymous],
            sees: ActionKind::$sees,
            writes: writes!($grant),
            audited: audited!($audit),
            told: told!($audit),
        },)+];

        /// The actions as types; each knows its target and whether it writes.
        pub(in crate::access) mod types {
            use crate::access::permit::{Reads, Writes};
            $(
                $(#[$meta])*
                #[derive(Debug, Clone, Copy)]
                pub struct $name;
                impl crate::access::Action for $name {
                    const KIND: super::ActionKind = super::ActionKind::$name;
                    type Target = crate::access::$target;
                    type Grant = $grant<crate::access::$target>;
                }
            )+
        }
    };
}
macro_rules! writes {
    (Reads) => {
        false
    };
    (Writes) => {
        true
    };
}
macro_rules! audited {
    (audited) => {
        true
    };
    ($quiet:ident) => {
        false
    };
}
// What people do all day is in `can`, and not in the audit log.
macro_rules! told {
    (quiet) => {
        false
    };
    ($told:ident) => {
        true
    };
}

#[rustfmt::skip]
mod table {
    use super::{
        ALWAYS, COMMENT, COMMENTS, Cell, HERE, HERE_FRESH, INSIDE, INSIDE_OPEN, INVITED, KNOWN, MINE, MODERATED, NEVER, ON_IT, OPEN, OWN_COMMENT,
        OWN_FRESH_MESSAGE, OWN_MESSAGE, OWN_TEMPLATE, SELF, SELF_FRESH, TASK, TASKS, TOKEN,
    };
    policy! {
    // action and its name in the API                    what it is done to, how, whether the audit log has it   owner      member     client     moderator  system     anonymous
    /// Make an account.
    OpenAccount          "account.open"                (Instance,     Writes, quiet,   sees OpenAccount)      [ALWAYS     ALWAYS     ALWAYS     ALWAYS     ALWAYS     ALWAYS    ]
    /// Find out who a password, a session or a link belongs to.
    Recognise            "account.recognise"           (Instance,     Writes, quiet,   sees Recognise)        [ALWAYS     ALWAYS     ALWAYS     ALWAYS     ALWAYS     ALWAYS    ]
    /// Start a session, having shown a secret of the account.
    StartSession         "account.start_session"       (Own,          Writes, quiet,   sees StartSession)     [TOKEN      TOKEN      TOKEN      TOKEN      NEVER      TOKEN     ]
    /// Look at one's own account and sessions.
    ViewAccount          "account.view"                (Own,          Reads,  quiet,   sees ViewAccount)      [SELF       SELF       SELF       SELF       NEVER      SELF      ]
    /// Change one's own profile, password or sessions.
    EditAccount          "account.edit"                (Own,          Writes, quiet,   sees ViewAccount)      [SELF       SELF       SELF       SELF       NEVER      SELF      ]
    /// Change the password or verify the email by a link in a mail.
    RecoverAccount       "account.recover"             (Own,          Writes, quiet,   sees RecoverAccount)   [TOKEN      TOKEN      TOKEN      TOKEN      NEVER      TOKEN     ]
    /// Make the rows of a workspace, with a new account or an old one.
    FoundWorkspace       "account.found_workspace"     (Own,          Writes, quiet,   sees FoundWorkspace)   [TOKEN      TOKEN      TOKEN      NEVER      NEVER      TOKEN     ]
    /// End the sessions of an account that lost its role.
    EndSessions          "account.end_sessions"        (Own,          Writes, quiet,   sees EndSessions)      [NEVER      NEVER      NEVER      NEVER      ALWAYS     NEVER     ]
    /// Change one's own email.
    ChangeEmail          "account.change_email"        (Own,          Writes, quiet,   sees ViewAccount)      [SELF_FRESH SELF_FRESH SELF_FRESH SELF_FRESH NEVER      SELF_FRESH]
    /// Delete one's own account.
    DeleteAccount        "account.delete"              (Own,          Writes, quiet,   sees ViewAccount)      [SELF_FRESH SELF_FRESH SELF_FRESH SELF_FRESH NEVER      SELF_FRESH]
    /// Found a workspace of one's own.
    CreateWorkspace      "account.create_workspace"    (Own,          Writes, quiet,   sees ViewAccount)      [SELF       SELF       SELF       NEVER      NEVER      SELF      ]

    /// Look at a workspace's name, brand and settings.
    ViewWorkspace        "workspace.view"              (InWorkspace,  Reads,  quiet,   sees ViewWorkspace)    [HERE       HERE       HERE       NEVER      HERE       NEVER     ]
    /// Change a workspace's name, brand and settings.
    EditWorkspace        "workspace.edit"              (InWorkspace,  Writes, audited, sees ViewWorkspace)    [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Delete a workspace.
    DeleteWorkspace      "workspace.delete"            (InWorkspace,  Writes, audited, sees ViewWorkspace)    [HERE_FRESH NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Read the audit log of a workspace.
    ViewAudit            "workspace.view_audit"        (InWorkspace,  Reads,  quiet,   sees ViewAudit)        [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]

    /// Look at a person of the directory.
    ViewPerson           "member.view"                 (OnPerson,     Reads,  quiet,   sees ViewPerson)       [HERE       HERE       KNOWN      NEVER      HERE       NEVER     ]
    /// List the people of a workspace.
    ListPeople           "workspace.list_members"      (InWorkspace,  Reads,  quiet,   sees ListPeople)       [HERE       HERE       HERE       NEVER      HERE       NEVER     ]
    /// Change a person's role.
    EditPerson           "member.edit"                 (OnPerson,     Writes, audited, sees ViewPerson)       [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Put a person out of a workspace.
    RemovePerson         "member.remove"               (OnPerson,     Writes, audited, sees ViewPerson)       [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]

    /// Leave a workspace oneself; the own account is about to be deleted.
    LeaveWorkspace       "member.leave"                (OnPerson,     Writes, audited, sees ViewPerson)       [MINE       MINE       MINE       NEVER      NEVER      NEVER     ]

    /// List client cards.
    ListClients          "workspace.list_clients"      (InWorkspace,  Reads,  quiet,   sees ListClients)      [HERE       HERE       NEVER      NEVER      HERE       NEVER     ]
    /// Look at a client's card.
    ViewClient           "client.view"                 (OnClient,     Reads,  quiet,   sees ViewClient)       [HERE       HERE       MINE       NEVER      HERE       NEVER     ]
    /// Add a client.
    CreateClient         "workspace.create_client"     (InWorkspace,  Writes, audited, sees ListClients)      [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Change a client's card.
    EditClient           "client.edit"                 (OnClient,     Writes, audited, sees ViewClient)       [OPEN       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Read the internal notes on a client.
    ViewClientNotes      "client.view_notes"           (OnClient,     Reads,  quiet,   sees ViewClientNotes)  [HERE       HERE       NEVER      NEVER      NEVER      NEVER     ]
    /// Change the internal notes on a client.
    EditClientNotes      "client.edit_notes"           (OnClient,     Writes, audited, sees ViewClient)       [HERE       HERE       NEVER      NEVER      NEVER      NEVER     ]
    /// Archive a client, which ends their access.
    ArchiveClient        "client.archive"              (OnClient,     Writes, audited, sees ViewClient)       [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Bring an archived client's card back.
    RestoreClient        "client.restore"              (OnClient,     Writes, audited, sees ViewClient)       [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Destroy a client's card that has no history.
    DeleteClient         "client.delete"               (OnClient,     Writes, audited, sees ViewClient)       [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]

    /// List invitations.
    ListInvitations      "workspace.list_invitations"  (InWorkspace,  Reads,  quiet,   sees ListInvitations)  [HERE       HERE       NEVER      NEVER      NEVER      NEVER     ]
    /// Look at an invitation.
    ViewInvitation       "invitation.view"             (OnInvitation, Reads,  quiet,   sees ViewInvitation)   [HERE       HERE       NEVER      NEVER      HERE       NEVER     ]
    /// Invite somebody.
    SendInvitation       "workspace.send_invitation"   (InWorkspace,  Writes, audited, sees ListInvitations)  [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Send an invitation again, with new links.
    ResendInvitation     "invitation.resend"           (OnInvitation, Writes, audited, sees ViewInvitation)   [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Take an invitation back.
    RevokeInvitation     "invitation.revoke"           (OnInvitation, Writes, audited, sees ViewInvitation)   [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// See what one is invited to, holding its link. Notes that it was opened.
    PreviewInvitation    "invitation.preview"          (OnInvitation, Writes, quiet,   sees PreviewInvitation)[TOKEN      TOKEN      TOKEN      TOKEN      NEVER      TOKEN     ]
    /// Accept an invitation with a new account.
    JoinByInvitation     "invitation.join"             (OnInvitation, Writes, audited, sees PreviewInvitation)[NEVER      NEVER      NEVER      NEVER      NEVER      TOKEN     ]
    /// Accept an invitation with the account one is signed in with.
    AcceptInvitation     "invitation.accept"           (OnInvitation, Writes, audited, sees PreviewInvitation)[INVITED    INVITED    INVITED    NEVER      NEVER      INVITED   ]

    /// List projects.
    ListProjects         "workspace.list_projects"     (InWorkspace,  Reads,  quiet,   sees ListProjects)     [HERE       HERE       HERE       NEVER      HERE       NEVER     ]
    /// Look at a project.
    ViewProject          "project.view"                (OnProject,    Reads,  quiet,   sees ViewProject)      [HERE       HERE       ON_IT      NEVER      HERE       NEVER     ]
    /// Start a project.
    CreateProject        "workspace.create_project"    (InWorkspace,  Writes, audited, sees ListProjects)     [HERE       HERE       NEVER      NEVER      NEVER      NEVER     ]
    /// Read the internal notes on projects.
    ListProjectNotes     "workspace.list_project_notes" (InWorkspace,  Reads,  quiet,   sees ListProjectNotes) [HERE       HERE       NEVER      NEVER      NEVER      NEVER     ]
    /// Come with a change of a project; what it may change is asked with its fields.
    OpenProject          "project.open"                (OnProject,    Writes, quiet,   sees ViewProject)      [HERE       HERE       NEVER      NEVER      NEVER      NEVER     ]
    /// Change a project.
    EditProject          "project.edit"                (OnProject,    Writes, audited, sees ViewProject)      [OPEN       OPEN       NEVER      NEVER      NEVER      NEVER     ]
    /// Read the internal notes on a project.
    ViewProjectNotes     "project.view_notes"          (OnProject,    Reads,  quiet,   sees ViewProjectNotes) [HERE       HERE       NEVER      NEVER      NEVER      NEVER     ]
    /// Archive a project, which hides it from its clients.
    ArchiveProject       "project.archive"             (OnProject,    Writes, audited, sees ViewProject)      [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Bring an archived project back.
    RestoreProject       "project.restore"             (OnProject,    Writes, audited, sees ViewProject)      [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Destroy a project.
    DeleteProject        "project.delete"              (OnProject,    Writes, audited, sees ViewProject)      [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// List who a project is shared with, and their grants.
    ListCollaborators    "project.list_collaborators"  (OnProject,    Reads,  quiet,   sees ListCollaborators)[HERE       HERE       NEVER      NEVER      NEVER      NEVER     ]
    /// Share a project with a client, or stop.
    EditCollaborators    "project.edit_collaborators"  (OnProject,    Writes, audited, sees ListCollaborators)[OPEN       NEVER      NEVER      NEVER      NEVER      NEVER     ]

    /// List the tasks of a project.
    ListTasks            "project.list_tasks"          (OnProject,     Reads,  quiet,   sees ViewProject)      [HERE       HERE       TASKS      NEVER      NEVER      NEVER     ]
    /// Read the comments on all tasks of a project.
    ListProjectComments  "project.list_comments"       (OnProject,     Reads,  quiet,   sees ViewProject)      [HERE       HERE       COMMENTS   NEVER      NEVER      NEVER     ]
    /// Add a task to a project.
    CreateTask           "project.create_task"         (OnProject,     Writes, audited, sees ViewProject)      [OPEN       OPEN       NEVER      NEVER      NEVER      NEVER     ]
    /// Keep the progress of a project that is counted from its tasks.
    CountProgress        "project.count_progress"      (OnProject,     Writes, quiet,   sees ViewProject)      [OPEN       OPEN       NEVER      NEVER      NEVER      NEVER     ]
    /// Look at a task.
    ViewTask             "task.view"                   (OnTask,        Reads,  quiet,   sees ViewTask)         [HERE       HERE       TASK       NEVER      HERE       NEVER     ]
    /// Change a task.
    EditTask             "task.edit"                   (OnTask,        Writes, audited, sees ViewTask)         [OPEN       OPEN       NEVER      NEVER      NEVER      NEVER     ]
    /// Destroy a task.
    DeleteTask           "task.delete"                 (OnTask,        Writes, audited, sees ViewTask)         [OPEN       OPEN       NEVER      NEVER      NEVER      NEVER     ]
    /// Read the comments on a task.
    ListTaskComments     "task.list_comments"          (OnTask,        Reads,  quiet,   sees ViewTask)         [HERE       HERE       COMMENT    NEVER      NEVER      NEVER     ]
    /// Comment on a task.
    CreateTaskComment    "task.comment"                (OnTask,        Writes, audited, sees ViewTask)         [OPEN       OPEN       COMMENT    NEVER      NEVER      NEVER     ]
    /// Look at a comment.
    ViewTaskComment      "task_comment.view"           (OnTaskComment, Reads,  quiet,   sees ViewTaskComment)  [HERE       HERE       COMMENT    NEVER      HERE       NEVER     ]
    /// Change a comment.
    EditTaskComment      "task_comment.edit"           (OnTaskComment, Writes, audited, sees ViewTaskComment)  [OPEN       OPEN       OWN_COMMENT NEVER      NEVER      NEVER     ]
    /// Destroy a comment.
    DeleteTaskComment    "task_comment.delete"         (OnTaskComment, Writes, audited, sees ViewTaskComment)  [OPEN       OPEN       NEVER      NEVER      NEVER      NEVER     ]
    /// Read the updates of a project.
    ListUpdates          "project.list_updates"        (OnProject,     Reads,  quiet,   sees ViewProject)      [HERE       HERE       ON_IT      NEVER      NEVER      NEVER     ]
    /// Post an update to a project.
    PostUpdate           "project.post_update"         (OnProject,     Writes, audited, sees ViewProject)      [OPEN       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Look at an update.
    ViewUpdate           "update.view"                 (OnUpdate,      Reads,  quiet,   sees ViewUpdate)       [HERE       HERE       ON_IT      NEVER      HERE       NEVER     ]
    /// Change an update.
    EditUpdate           "update.edit"                 (OnUpdate,      Writes, audited, sees ViewUpdate)       [OPEN       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Destroy an update.
    DeleteUpdate         "update.delete"               (OnUpdate,      Writes, audited, sees ViewUpdate)       [OPEN       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Read who did what.
    ListActivity         "workspace.list_activity"     (InWorkspace,   Reads,  quiet,   sees ListActivity)     [HERE       HERE       HERE       NEVER      NEVER      NEVER     ]
    /// List the tags in use.
    ListTags             "workspace.list_tags"         (InWorkspace,   Reads,  quiet,   sees ListTags)         [HERE       HERE       HERE       NEVER      NEVER      NEVER     ]

    /// Find clients by a word of their card, among other things.
    FindClients          "workspace.find_clients"      (InWorkspace,  Reads,  quiet,   sees FindClients)      [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Take everything in for searching it.
    IndexWorkspace       "workspace.index"             (InWorkspace,  Writes, quiet,   sees IndexWorkspace)   [NEVER      NEVER      NEVER      NEVER      HERE       NEVER     ]

    /// Look at one's own notifications, and at what one wants to hear of.
    ListNotifications    "workspace.list_notifications" (InWorkspace, Reads,  quiet,   sees ListNotifications) [HERE      HERE       HERE       NEVER      NEVER      NEVER     ]
    /// Mark one's own notifications as read.
    ReadNotifications    "workspace.read_notifications" (InWorkspace, Writes, quiet,   sees ListNotifications) [HERE      HERE       HERE       NEVER      NEVER      NEVER     ]
    /// Say what one wants to hear of.
    SetNotificationPreferences "workspace.set_notification_preferences" (InWorkspace, Writes, quiet, sees ListNotifications) [HERE HERE HERE NEVER NEVER NEVER]
    /// Find out why somebody was not notified of a message.
    ViewWhyNotNotified   "message.view_why_not_notified" (OnMessage,  Reads,  quiet,   sees ViewWhyNotNotified) [INSIDE   NEVER      NEVER      NEVER      NEVER      NEVER     ]

    /// Decide who in a channel is to be told by mail what they missed.
    LookForAway          "channel.look_for_away"       (OnChannel,    Writes, quiet,   sees LookForAway)      [NEVER      NEVER      NEVER      NEVER      HERE       NEVER     ]
    /// Send the mail about what somebody missed, and note how that went.
    SendMailing          "workspace.send_mailing"      (InWorkspace,  Writes, quiet,   sees SendMailing)      [NEVER      NEVER      NEVER      NEVER      HERE       NEVER     ]
    /// End somebody's mail about conversations, by the link in it.
    EndMail              "member.end_mail"             (OnPerson,     Writes, quiet,   sees EndMail)          [TOKEN      TOKEN      TOKEN      NEVER      NEVER      TOKEN     ]

    /// List the channels one is in.
    ListChannels         "workspace.list_channels"     (InWorkspace,  Reads,  quiet,   sees ListChannels)     [HERE       HERE       HERE       NEVER      NEVER      NEVER     ]
    /// Look at a channel, the messages in it and who is in it.
    ViewChannel          "channel.view"                (OnChannel,    Reads,  quiet,   sees ViewChannel)      [INSIDE     INSIDE     INSIDE     NEVER      HERE       NEVER     ]
    /// Open a direct channel with somebody.
    OpenDirect           "member.open_channel"         (OnPerson,     Writes, quiet,   sees ViewPerson)       [HERE       HERE       KNOWN      NEVER      NEVER      NEVER     ]
    /// Make a group.
    CreateChannel        "workspace.create_channel"    (InWorkspace,  Writes, audited, sees ListChannels)     [HERE       HERE       NEVER      NEVER      NEVER      NEVER     ]
    /// Change the name of a channel.
    EditChannel          "channel.edit"                (OnChannel,    Writes, audited, sees ViewChannel)      [INSIDE_OPEN INSIDE_OPEN NEVER    NEVER      NEVER      NEVER     ]
    /// Archive a channel, which leaves it to be read, or bring it back.
    ArchiveChannel       "channel.archive"             (OnChannel,    Writes, audited, sees ViewChannel)      [INSIDE     INSIDE     NEVER      NEVER      NEVER      NEVER     ]
    /// Take somebody into a channel.
    AddChannelMember     "channel.add_member"          (OnChannel,    Writes, audited, sees ViewChannel)      [INSIDE_OPEN INSIDE_OPEN NEVER    NEVER      NEVER      NEVER     ]
    /// Put somebody out of a channel.
    RemoveChannelMember  "channel.remove_member"       (OnChannel,    Writes, audited, sees ViewChannel)      [INSIDE     INSIDE     NEVER      NEVER      NEVER      NEVER     ]
    /// Leave a channel.
    LeaveChannel         "channel.leave"               (OnChannel,    Writes, audited, sees ViewChannel)      [INSIDE     INSIDE     INSIDE     NEVER      NEVER      NEVER     ]
    /// Write in a channel.
    PostMessage          "channel.post"                (OnChannel,    Writes, spoken,  sees ViewChannel)      [INSIDE_OPEN INSIDE_OPEN INSIDE_OPEN NEVER   NEVER      NEVER     ]
    /// Note how far one has read.
    MarkRead             "channel.mark_read"           (OnChannel,    Writes, quiet,   sees ViewChannel)      [INSIDE     INSIDE     INSIDE     NEVER      NEVER      NEVER     ]
    /// Pin, mute, hide or put away a channel for oneself.
    SetPreferences       "channel.set_preferences"     (OnChannel,    Writes, quiet,   sees ViewChannel)      [INSIDE     INSIDE     INSIDE     NEVER      NEVER      NEVER     ]
    /// Keep what one has begun to write in a channel, or throw it away.
    KeepDraft            "channel.keep_draft"          (OnChannel,    Writes, quiet,   sees ViewChannel)      [INSIDE     INSIDE     INSIDE     NEVER      NEVER      NEVER     ]
    /// Look at a message and what hangs on it.
    ViewMessage          "message.view"                (OnMessage,    Reads,  quiet,   sees ViewMessage)      [INSIDE     INSIDE     INSIDE     NEVER      HERE       NEVER     ]
    /// Change what one has written, for a while.
    EditMessage          "message.edit"                (OnMessage,    Writes, spoken,  sees ViewMessage)      [OWN_FRESH_MESSAGE OWN_FRESH_MESSAGE OWN_FRESH_MESSAGE NEVER NEVER NEVER]
    /// Delete what one has written.
    DeleteMessage        "message.delete"              (OnMessage,    Writes, spoken,  sees ViewMessage)      [OWN_MESSAGE OWN_MESSAGE OWN_MESSAGE NEVER   NEVER      NEVER     ]
    /// Delete what somebody else has written.
    RedactMessage        "message.redact"              (OnMessage,    Writes, audited, sees ViewMessage)      [INSIDE     NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// React to a message.
    ReactToMessage       "message.react"               (OnMessage,    Writes, spoken,  sees ViewMessage)      [INSIDE_OPEN INSIDE_OPEN INSIDE_OPEN NEVER   NEVER      NEVER     ]
    /// Pin a message for everybody in the channel.
    PinMessage           "message.pin"                 (OnMessage,    Writes, spoken,  sees ViewMessage)      [INSIDE_OPEN INSIDE_OPEN INSIDE_OPEN NEVER   NEVER      NEVER     ]
    /// Put a private mark on a message, or note how far one has read its thread.
    MarkMessage          "message.star"                (OnMessage,    Writes, spoken,  sees ViewMessage)      [INSIDE     INSIDE     INSIDE     NEVER      NEVER      NEVER     ]
    /// Follow what happens in a workspace, as far as one may see it.
    FollowEvents         "workspace.follow_events"     (InWorkspace,  Reads,  quiet,   sees FollowEvents)     [HERE       HERE       HERE       NEVER      NEVER      NEVER     ]
    /// Read the log of a workspace, to hand each what they may see.
    ReadLog              "workspace.read_log"          (InWorkspace,  Reads,  quiet,   sees ReadLog)          [NEVER      NEVER      NEVER      NEVER      HERE       NEVER     ]

    /// See expenses, income, time and profit.
    ViewLedger           "ledger.view"                 (Ledger,       Reads,  quiet,   sees ViewLedger)       [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Write an expense, income or time down.
    AddToLedger          "ledger.add"                  (Ledger,       Writes, audited, sees ViewLedger)       [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Change an expense, income or time.
    EditLedger           "ledger.edit"                 (Ledger,       Writes, audited, sees ViewLedger)       [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Delete an expense, income or time.
    DeleteFromLedger     "ledger.delete"               (Ledger,       Writes, audited, sees ViewLedger)       [HERE       NEVER      NEVER      NEVER      NEVER      NEVER     ]

    /// Take everything of a workspace away.
    ExportWorkspace      "workspace.export"            (InWorkspace,  Writes, audited, sees ViewWorkspace)    [HERE_FRESH NEVER      NEVER      NEVER      NEVER      NEVER     ]
    /// Take away what one may see oneself.
    ExportMine           "workspace.export_mine"       (InWorkspace,  Writes, audited, sees ViewWorkspace)    [HERE_FRESH HERE_FRESH HERE_FRESH NEVER      NEVER      NEVER     ]
    /// See how far one's own exports are.
    ViewExports          "workspace.view_exports"      (InWorkspace,  Reads,  quiet,   sees ViewExports)      [HERE       HERE       HERE       NEVER      NEVER      NEVER     ]
    /// Get a link to an export of one's own.
    LinkExport           "workspace.link_export"       (InWorkspace,  Reads,  quiet,   sees ViewExports)      [HERE_FRESH HERE_FRESH HERE_FRESH NEVER      NEVER      NEVER     ]
    /// Fetch an export by the link to it.
    FetchExport          "workspace.fetch_export"      (InWorkspace,  Reads,  quiet,   sees FetchExport)      [HERE       HERE       HERE       NEVER      NEVER      NEVER     ]
    /// Make the file of an export, and note how that went.
    MakeExport           "workspace.make_export"       (InWorkspace,  Writes, quiet,   sees MakeExport)       [NEVER      NEVER      NEVER      NEVER      HERE       NEVER     ]

    /// Claim jobs, run and finish them, clear away what has run out.
    RunJobs              "instance.run_jobs"           (Instance,     Writes, quiet,   sees RunJobs)          [NEVER      NEVER      NEVER      NEVER      ALWAYS     NEVER     ]
    /// Note how the mail of an invitation fares.
    RecordDelivery       "invitation.record_delivery"  (OnInvitation, Writes, quiet,   sees ViewInvitation)   [NEVER      NEVER      NEVER      NEVER      HERE       NEVER     ]
    /// Look an account up to write to its owner.
    WriteToAccount       "account.write_to"            (Own,          Reads,  quiet,   sees WriteToAccount)   [NEVER      NEVER      NEVER      NEVER      ALWAYS     NEVER     ]
    /// List the canned messages one has.
    ListTemplates        "workspace.list_templates"    (InWorkspace,  Reads,  quiet,   sees ListTemplates)    [HERE       HERE       NEVER      NEVER      NEVER      NEVER     ]
    /// Write a canned message.
    CreateTemplate       "workspace.create_template"   (InWorkspace,  Writes, spoken,  sees ListTemplates)    [HERE       HERE       NEVER      NEVER      NEVER      NEVER     ]
    /// Look at a canned message: one's own, or a shared one.
    ViewTemplate         "template.view"               (OnTemplate,   Reads,  quiet,   sees ViewTemplate)     [KNOWN      KNOWN      NEVER      NEVER      NEVER      NEVER     ]
    /// Change a canned message, or throw it away.
    EditTemplate         "template.edit"               (OnTemplate,   Writes, spoken,  sees ViewTemplate)     [KNOWN      OWN_TEMPLATE NEVER    NEVER      NEVER      NEVER     ]
    /// Schedule a message for a channel.
    ScheduleMessage      "channel.schedule"            (OnChannel,    Writes, spoken,  sees ViewChannel)      [INSIDE_OPEN INSIDE_OPEN INSIDE_OPEN NEVER   NEVER      NEVER     ]
    /// Change a scheduled message of one's own, or cancel it.
    EditScheduled        "scheduled_message.edit"      (OnScheduled,  Writes, spoken,  sees EditScheduled)    [MINE       MINE       MINE       NEVER      NEVER      NEVER     ]
    /// Send a scheduled message whose time has come.
    SendScheduled        "scheduled_message.send"      (OnScheduled,  Writes, quiet,   sees SendScheduled)    [NEVER      NEVER      NEVER      NEVER      HERE       NEVER     ]
    /// List the channels of a workspace, as a moderator.
    LookThroughChannels  "workspace.look_through_channels" (InWorkspace, Reads, audited, sees LookThroughChannels) [NEVER NEVER  NEVER      MODERATED  NEVER      NEVER     ]
    /// Search the conversations of a workspace, as a moderator.
    LookForMessages      "workspace.look_for_messages" (InWorkspace,  Reads,  audited, sees LookForMessages)  [NEVER      NEVER      NEVER      MODERATED  NEVER      NEVER     ]
    /// Look at a channel and the messages in it, as a moderator.
    LookIntoChannel      "channel.look_into"           (OnChannel,    Reads,  audited, sees LookIntoChannel)  [NEVER      NEVER      NEVER      MODERATED  NEVER      NEVER     ]
    /// Look at a message, as a moderator.
    LookAtMessage        "message.look_at"             (OnMessage,    Reads,  audited, sees LookAtMessage)    [NEVER      NEVER      NEVER      MODERATED  NEVER      NEVER     ]

    /// Make or remove a moderator; done with the server's shell.
    AppointModerator     "instance.appoint_moderator"  (Instance,     Writes, quiet,   sees AppointModerator) [NEVER      NEVER      NEVER      NEVER      ALWAYS     NEVER     ]
    /// Clear away what has run out in a workspace.
    SweepWorkspace       "workspace.sweep"             (InWorkspace,  Writes, quiet,   sees SweepWorkspace)   [NEVER      NEVER      NEVER      NEVER      HERE       NEVER     ]
    /// Destroy a workspace whose grace is over.
    EraseWorkspace       "workspace.erase"             (InWorkspace,  Writes, quiet,   sees EraseWorkspace)   [NEVER      NEVER      NEVER      NEVER      ALWAYS     NEVER     ]
    }
}
pub use table::ActionKind;
pub(in crate::access) use table::types;

impl ActionKind {
    /// Whether it changes anything.
    #[must_use]
    pub fn writes(self) -> bool {
        table::row(self).writes
    }

    /// Whether the audit log notes that it was done.
    #[must_use]
    pub fn audited(self) -> bool {
        table::row(self).audited
    }

    /// Whether `can` names it: what a person decides to do, and not what comes along with it.
    #[must_use]
    pub fn told(self) -> bool {
        table::row(self).told
    }

    /// The kind of thing it is done to.
    #[must_use]
    pub fn kind(self) -> TargetKind {
        table::row(self).kind
    }

    /// Its name among the actions on its kind of thing, as `can` lists it: `archive` for `client.archive`.
    #[must_use]
    pub fn verb(self) -> &'static str {
        self.as_str().split_once('.').map_or(self.as_str(), |(_, verb)| verb)
    }

    /// The action that decides whether a refusal says "forbidden" or "not found".
    #[must_use]
    pub fn sees(self) -> Self {
        table::row(self).sees
    }
}

/// The facts that `role` needs for `action`; none if nothing would do.
#[must_use]
pub fn cell(action: ActionKind, role: Role) -> Cell {
    table::row(action).cells[role as usize]
}

/// Asks the table.
#[must_use]
pub fn decide(action: ActionKind, facts: &Facts) -> Decision {
    match cell(action, facts.role) {
        Some(needs) if facts.set.has(needs) => Decision::Allowed,
        asked => {
            let sees = action.sees();
            let visible = sees != action && cell(sees, facts.role).is_some_and(|needs| facts.set.has(needs));
            if visible { Decision::Forbidden(refusal(asked, facts.set)) } else { Decision::Hidden }
        }
    }
}

/// Says what is missing, where the caller can do something about it.
fn refusal(asked: Cell, known: FactSet) -> Refusal {
    let Some(needs) = asked else { return Refusal::Role };
    let missing = needs.without(known);
    let grants = FactSet::GRANT_TASKS | FactSet::GRANT_COMMENTS | FactSet::GRANT_UPLOAD;
    if missing.has(FactSet::AUTHOR) && needs.has(FactSet::IN_CHANNEL) {
        Refusal::NotAuthor
    } else if missing.has(FactSet::ACTIVE) {
        Refusal::Archived
    } else if missing.has(FactSet::IS_RECIPIENT) {
        Refusal::OtherAccount
    } else if missing.has(FactSet::WITHIN_EDIT_WINDOW) {
        Refusal::EditWindowOver
    } else if missing.has(FactSet::FRESH) {
        Refusal::ReauthRequired
    } else if missing.without(grants) == FactSet::NONE {
        Refusal::NotGranted
    } else {
        Refusal::Role
    }
}
