//! What is in an export: everything that its person may see, each thing as the API shows it to them, of one snapshot.

use serde::Serialize;

use super::archive::Archive;
use super::{Export, ExportScope, columns};
use crate::access::{Actor, InWorkspace, Ledger, OnChannel, OnClient, OnProject, Permit, Role, action};
use crate::activity::ActivityView;
use crate::chat::{Around, ChannelView, DraftPlace, ScheduledView, TemplateView, message_views};
use crate::client::{ClientForClient, ClientForStaff};
use crate::error::{Error, Result};
use crate::finance::{EntryKind, EntryPosition, TimePosition, with_overlaps};
use crate::ids::{ChannelId, ProjectId, WorkspaceId};
use crate::invitation::InvitationItem;
use crate::page::Span;
use crate::project::{ProjectForClient, ProjectForStaff, TaskCommentView, TaskView, UpdateView};
use crate::store::{AuditFilter, ClientFilter, ClientPosition, EntryFilter, ProjectFilter, TaskFilter, TimeFilter};
use crate::table::{BATCH, some};
use crate::text::folded;
use crate::time::Timestamp;
use crate::work::Work;
use crate::workspace::{WorkspaceView, scope};

/// What the export is, for whoever opens it.
#[derive(Serialize)]
struct About<'a> {
    scope: ExportScope,
    made_at: Timestamp,
    role: Role,
    workspace: &'a WorkspaceView,
}

/// A row with the name of its project, for people.
#[derive(Serialize)]
struct InProject<'a, T> {
    #[serde(flatten)]
    item: T,
    project: &'a str,
}

/// A row with the name of its channel, for people.
#[derive(Serialize)]
struct InChannel<'a, T> {
    #[serde(flatten)]
    item: T,
    channel: &'a str,
}

/// A row that does not say itself which project it is of.
#[derive(Serialize)]
struct OnIt<T> {
    project_id: ProjectId,
    #[serde(flatten)]
    of: T,
}

/// Reads batch after batch, and writes each item as what `$view` makes of it.
macro_rules! every {
    ($table:ident, $after:ident => $read:expr, $position:expr, $view:expr) => {{
        let mut $after = None;
        while let Some(found) = some($read) {
            $after = found.last().map($position);
            for item in found {
                $table.row(&$view(item))?;
            }
        }
    }};
}

/// Writes everything; the workspace's access epoch in the snapshot that was read.
pub(super) async fn write(
    kitaab: &crate::Kitaab,
    person: &Actor,
    workspace: WorkspaceId,
    export: &Export,
    archive: &mut Archive,
) -> Result<i64> {
    let mut work = Work::read(kitaab, person, scope(person, workspace)).await?;
    let within = work.may::<action::ViewWorkspace>(InWorkspace(workspace)).await?;
    let epoch = work.access_epoch().ok_or(Error::NotFound)?;
    if within.role() != export.role {
        return Err(Error::NotFound);
    }
    let room = work.tx()?.workspace(&within).await?.ok_or(Error::NotFound)?;
    let room = WorkspaceView::new(room, within.role());
    archive.thing("export", &About { scope: export.scope, made_at: work.now(), role: export.role, workspace: &room })?;
    people(&mut work, workspace, archive).await?;
    clients(&mut work, workspace, archive).await?;
    let shown = projects(&mut work, workspace, archive).await?;
    tasks(&mut work, workspace, &shown, archive).await?;
    happened(&mut work, workspace, archive).await?;
    said(&mut work, workspace, archive).await?;
    if let Some(permit) = work.permitted::<action::ViewLedger>(Ledger(workspace)).await? {
        money(&mut work, &permit, archive).await?;
        if export.scope == ExportScope::Workspace {
            history(&mut work, &permit, archive).await?;
        }
    }
    if export.scope == ExportScope::Workspace {
        let permit = work.may::<action::ViewAudit>(InWorkspace(workspace)).await?;
        let any = AuditFilter::default();
        let mut table = archive.table("audit", columns::AUDIT)?;
        every!(table, after => work.tx()?.audit(&permit, &any, &Span { after, limit: BATCH }).await?, |entry| entry.id, |entry| entry);
        table.end().await?;
    }
    Ok(epoch)
}

async fn people(work: &mut Work<'_>, workspace: WorkspaceId, archive: &mut Archive) -> Result<()> {
    let permit = work.may::<action::ListPeople>(InWorkspace(workspace)).await?;
    let mut table = archive.table("members", columns::MEMBERS)?;
    every!(
        table,
        after => work.tx()?.people(&permit, &Span { after, limit: BATCH }).await?,
        |member| member.user_id,
        |member: crate::workspace::Member| member.seen_by(&permit)
    );
    table.end().await?;
    let Some(permit) = work.permitted::<action::ListInvitations>(InWorkspace(workspace)).await? else { return Ok(()) };
    let now = work.now();
    let mut table = archive.table("invitations", columns::INVITATIONS)?;
    every!(
        table,
        after => work.tx()?.invitations(&permit, &Span { after, limit: BATCH }).await?,
        |(invitation, _)| invitation.id,
        |(invitation, invited)| InvitationItem::new(invitation, invited, now)
    );
    table.end().await
}

/// All cards with their notes for staff, the own one for a client.
async fn clients(work: &mut Work<'_>, workspace: WorkspaceId, archive: &mut Archive) -> Result<()> {
    if let Some(permit) = work.permitted::<action::ListClients>(InWorkspace(workspace)).await? {
        let now = work.now();
        let mut table = archive.table("clients", columns::CLIENTS)?;
        for archived in [false, true] {
            let filter = ClientFilter { part: None, archived };
            every!(
                table,
                after => work.tx()?.clients(&permit, &filter, &Span { after, limit: BATCH }).await?,
                |row| ClientPosition { name: folded(&row.client.name), id: row.client.id },
                |row: crate::store::ClientRow| ClientForStaff::new(row.client, row.notes, row.invitation.map(|times| times.status(now)))
            );
        }
        return table.end().await;
    }
    let permit = work.may::<action::ListProjects>(InWorkspace(workspace)).await?;
    let mut table = archive.table("clients", columns::OWN_CARD)?;
    if let Some(card) = permit.card() {
        let own = work.may::<action::ViewClient>(OnClient(workspace, card)).await?;
        if let Some(card) = work.tx()?.client(&own).await? {
            table.row(&ClientForClient::from(card))?;
        }
    }
    table.end().await
}

/// The projects, and which they are: archived ones too for staff.
async fn projects(work: &mut Work<'_>, workspace: WorkspaceId, archive: &mut Archive) -> Result<Vec<(ProjectId, String)>> {
    let permit = work.may::<action::ListProjects>(InWorkspace(workspace)).await?;
    let mut shown = Vec::new();
    if let Some(card) = permit.card() {
        let any = ProjectFilter::default();
        let mut table = archive.table("projects", columns::PROJECTS_OF_CLIENT)?;
        every!(
            table,
            after => work.tx()?.projects_of(&permit, card, &any, &Span { after, limit: BATCH }).await?,
            |(project, _)| project.id,
            |(project, grant): (crate::project::Project, _)| {
                shown.push((project.id, project.name.clone()));
                ProjectForClient::new(project, grant, card)
            }
        );
        table.end().await?;
        return Ok(shown);
    }
    let permit = work.may::<action::ListProjectNotes>(InWorkspace(workspace)).await?;
    let mut table = archive.table("projects", columns::PROJECTS)?;
    for archived in [false, true] {
        let filter = ProjectFilter { archived, ..ProjectFilter::default() };
        every!(
            table,
            after => work.tx()?.projects(&permit, &filter, &Span { after, limit: BATCH }).await?,
            |(project, _)| project.id,
            |(project, notes): (crate::project::Project, _)| {
                shown.push((project.id, project.name.clone()));
                ProjectForStaff::new(project, notes)
            }
        );
    }
    table.end().await?;
    let mut table = archive.table("collaborators", columns::COLLABORATORS)?;
    for (project, name) in &shown {
        let permit = work.may::<action::ListCollaborators>(OnProject(workspace, *project)).await?;
        for item in work.tx()?.collaborators(&permit).await? {
            table.row(&OnIt { project_id: *project, of: InProject { item, project: name } })?;
        }
    }
    table.end().await?;
    Ok(shown)
}

/// Tasks and comments of the projects where they are granted.
async fn tasks(work: &mut Work<'_>, workspace: WorkspaceId, shown: &[(ProjectId, String)], archive: &mut Archive) -> Result<()> {
    let any = TaskFilter::default();
    let mut table = archive.table("tasks", columns::TASKS)?;
    for (id, project) in shown {
        let Some(permit) = work.permitted::<action::ListTasks>(OnProject(workspace, *id)).await? else { continue };
        every!(
            table,
            after => work.tx()?.tasks(&permit, &any, &Span { after, limit: BATCH }).await?,
            |task| task.position.clone(),
            |task| InProject { item: TaskView::new(task, &permit), project }
        );
    }
    table.end().await?;
    let mut table = archive.table("task_comments", columns::COMMENTS)?;
    for (id, project) in shown {
        let Some(permit) = work.permitted::<action::ListProjectComments>(OnProject(workspace, *id)).await? else { continue };
        every!(
            table,
            after => work.tx()?.project_comments(&permit, &Span { after, limit: BATCH }).await?,
            |comment| comment.id,
            |comment| InProject { item: TaskCommentView::new(comment, &permit), project }
        );
    }
    table.end().await
}

async fn happened(work: &mut Work<'_>, workspace: WorkspaceId, archive: &mut Archive) -> Result<()> {
    let permit = work.may::<action::ListActivity>(InWorkspace(workspace)).await?;
    let mut table = archive.table("updates", columns::UPDATES)?;
    every!(
        table,
        after => work.tx()?.updates_reached(&permit, &Span { after, limit: BATCH }).await?,
        |update| update.id,
        |update| UpdateView::new(update, &permit)
    );
    table.end().await?;
    let mut table = archive.table("activity", columns::ACTIVITY)?;
    every!(
        table,
        after => work.tx()?.activity(&permit, None, &Span { after, limit: BATCH }).await?,
        |line| line.id,
        |line| ActivityView::new(line, &permit)
    );
    table.end().await
}

/// What was said in the channels that the person is in, channel by channel in the order of the messages.
async fn said(work: &mut Work<'_>, workspace: WorkspaceId, archive: &mut Archive) -> Result<()> {
    let user = work.actor().user().ok_or(Error::NotFound)?;
    let permit = work.may::<action::ListChannels>(InWorkspace(workspace)).await?;
    let mut shown = Vec::new();
    let mut table = archive.table("channels", columns::CHANNELS)?;
    every!(
        table,
        after => work.tx()?.channels(&permit, user, &Span { after, limit: BATCH }).await?,
        |row| row.channel.id,
        |row| {
            let channel = ChannelView::new(row, &*permit);
            shown.push((channel.id, channel.title()));
            channel
        }
    );
    table.end().await?;
    let mut table = archive.table("messages", columns::MESSAGES)?;
    for (id, channel) in &shown {
        let permit = work.may::<action::ViewChannel>(OnChannel(workspace, *id)).await?;
        let mut after = 0;
        while let Some(found) = some(work.tx()?.messages(&permit, user, Around::After(after), BATCH).await?) {
            after = found.last().map_or(i64::MAX, |row| row.message.seq);
            for item in message_views(&permit, found) {
                table.row(&InChannel { item, channel })?;
            }
        }
    }
    table.end().await?;
    unsaid(work, workspace, &shown, archive).await
}

/// What the person has not said yet, which is theirs alone: begun, or to be sent later; and the texts that they keep.
async fn unsaid(work: &mut Work<'_>, workspace: WorkspaceId, shown: &[(ChannelId, String)], archive: &mut Archive) -> Result<()> {
    let user = work.actor().user().ok_or(Error::NotFound)?;
    let permit = work.may::<action::ListChannels>(InWorkspace(workspace)).await?;
    let mut table = archive.table("drafts", columns::DRAFTS)?;
    every!(
        table,
        after => work.tx()?.drafts(&permit, user, &Span { after, limit: BATCH }).await?,
        DraftPlace::of,
        |draft| draft
    );
    table.end().await?;
    let mut table = archive.table("scheduled_messages", columns::SCHEDULED)?;
    for (id, channel) in shown {
        let permit = work.may::<action::ViewChannel>(OnChannel(workspace, *id)).await?;
        for waiting in work.tx()?.scheduled_in(&permit, user).await? {
            table.row(&InChannel { item: ScheduledView::from(waiting), channel })?;
        }
    }
    table.end().await?;
    let Some(permit) = work.permitted::<action::ListTemplates>(InWorkspace(workspace)).await? else { return Ok(()) };
    let mut table = archive.table("templates", columns::TEMPLATES)?;
    every!(
        table,
        after => work.tx()?.templates(&permit, user, &Span { after, limit: BATCH }).await?,
        |template| template.id,
        TemplateView::from
    );
    table.end().await
}

async fn money(work: &mut Work<'_>, permit: &Permit<action::ViewLedger>, archive: &mut Archive) -> Result<()> {
    let names = crate::finance::Names::of(work, permit).await?;
    let any = EntryFilter::default();
    for (kind, name) in [(EntryKind::Expense, "expenses"), (EntryKind::Income, "income")] {
        let mut table = archive.table(name, crate::finance::ENTRY_COLUMNS)?;
        every!(
            table,
            after => work.tx()?.entries(permit, kind, &any, &Span { after, limit: BATCH }).await?,
            EntryPosition::of,
            |entry| names.with(entry)
        );
        table.end().await?;
    }
    let any = TimeFilter::default();
    let mut table = archive.table("time_entries", crate::finance::TIME_COLUMNS)?;
    let mut after = None;
    while let Some(found) = some(work.tx()?.time_entries(permit, &any, &Span { after, limit: BATCH }).await?) {
        after = found.last().map(TimePosition::of);
        for entry in with_overlaps(work, permit, found).await? {
            table.row(&names.with(entry))?;
        }
    }
    table.end().await
}

async fn history(work: &mut Work<'_>, permit: &Permit<action::ViewLedger>, archive: &mut Archive) -> Result<()> {
    let mut table = archive.table("ledger_history", columns::HISTORY)?;
    every!(
        table,
        after => work.tx()?.ledger_history(permit, after, BATCH).await?,
        |version| (version.entry.id, version.version),
        |version| version
    );
    table.end().await
}
