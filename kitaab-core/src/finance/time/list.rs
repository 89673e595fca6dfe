//! Time entries, latest start first.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Time, TimeEntry, TimeEntryView};
use crate::access::{InWorkspace, Ledger, Reads, action};
use crate::error::{Error, Problems, Result};
use crate::finance::entry::check_days;
use crate::finance::names::Names;
use crate::ids::{ProjectId, TaskId, TimeEntryId, WorkspaceId};
use crate::input::{Check, Input};
use crate::page::{self, Page, PageAsk, Span};
use crate::store::TimeFilter;
use crate::table::{BATCH, Column, Sheet, SheetWriter, exact, some, text};
use crate::time::{Date, Timestamp};
use crate::work::Work;
use crate::workspace::scope;

/// Which time entries.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimeAsk {
    /// At most this many.
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Begun on this day of the workspace's time zone or later.
    pub from: Option<Date>,
    /// Begun on this day or earlier.
    pub to: Option<Date>,
    /// On this project.
    pub project_id: Option<ProjectId>,
    /// On this task.
    pub task_id: Option<TaskId>,
    /// Somebody is to pay for, or not.
    pub billable: Option<bool>,
}

impl TimeAsk {
    fn page(&self) -> PageAsk {
        PageAsk { limit: self.limit, cursor: self.cursor.clone() }
    }

    /// What days are depends on where the workspace is.
    async fn filter(&self, work: &mut Work<'_>, workspace: WorkspaceId) -> Result<TimeFilter> {
        let within = work.may::<action::ViewWorkspace>(InWorkspace(workspace)).await?;
        let zone = work.tx()?.workspace(&within).await?.ok_or(Error::NotFound)?.time_zone;
        Ok(TimeFilter {
            from: self.from.map(|day| day.begins_in(&zone)),
            before: self.to.map(|day| day.ends_in(&zone)),
            project_id: self.project_id,
            task_id: self.task_id,
            billable: self.billable,
        })
    }
}

impl Check for TimeAsk {
    fn check(&mut self, problems: &mut Problems) {
        self.page().check(problems);
        check_days(self.from, self.to, problems);
    }
}

impl TimePosition {
    pub(crate) fn of(entry: &TimeEntry) -> Self {
        Self { started_at: entry.started_at, id: entry.id }
    }
}

/// Where a page of time entries begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimePosition {
    /// After an entry that began then …
    pub started_at: Timestamp,
    /// … and has this id.
    pub id: TimeEntryId,
}

impl Time<'_> {
    /// Time entries of all owners, latest start first.
    pub async fn list(&self, workspace: WorkspaceId, ask: Input<TimeAsk>) -> Result<Page<TimeEntryView>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewLedger>(Ledger(workspace)).await?;
        let ask = ask.checked()?;
        let (page, keys) = (ask.page(), self.kitaab.keys());
        let span = Span { after: page.position::<TimePosition>(keys, "time_entries")?, limit: page.limit() + 1 };
        let filter = ask.filter(&mut work, workspace).await?;
        let found = work.tx()?.time_entries(&permit, &filter, &span).await?;
        let found = Page::cut(found, page.limit(), keys, self.kitaab.random(), "time_entries", TimePosition::of)?;
        Ok(Page { items: with_overlaps(&mut work, &permit, found.items).await?, next_cursor: found.next_cursor })
    }

    /// All of them, as a table.
    pub async fn table(&self, workspace: WorkspaceId, ask: Input<TimeAsk>) -> Result<Sheet> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewLedger>(Ledger(workspace)).await?;
        let ask = page::whole(&ask, TimeAsk::page)?;
        let filter = ask.filter(&mut work, workspace).await?;
        let names = Names::of(&mut work, &permit).await?;
        let mut sheet = SheetWriter::new(COLUMNS)?;
        let mut after = None;
        while let Some(found) = some(work.tx()?.time_entries(&permit, &filter, &Span { after, limit: BATCH }).await?) {
            after = found.last().map(TimePosition::of);
            for entry in found {
                sheet.row(&names.with(TimeEntryView::new(entry, Vec::new())))?;
            }
        }
        sheet.finish()
    }
}

/// Entries together with what lies at the same time.
pub(crate) async fn with_overlaps(work: &mut Work<'_>, permit: &Reads<Ledger>, entries: Vec<TimeEntry>) -> Result<Vec<TimeEntryView>> {
    let mut overlaps: HashMap<TimeEntryId, Vec<TimeEntryId>> = HashMap::new();
    for (entry, other) in work.tx()?.overlaps(permit, &entries).await? {
        overlaps.entry(entry).or_default().push(other);
    }
    let each = entries.into_iter().map(|entry| {
        let others = overlaps.remove(&entry.id).unwrap_or_default();
        TimeEntryView::new(entry, others)
    });
    Ok(each.collect())
}

/// The columns of a table of time entries.
pub(crate) const COLUMNS: &[Column] = &[
    exact("id", "/id"),
    exact("started_at", "/started_at"),
    exact("ended_at", "/ended_at"),
    exact("minutes", "/minutes"),
    exact("billable", "/billable"),
    exact("rate", "/rate/amount"),
    exact("amount", "/amount/amount"),
    exact("currency", "/rate/currency"),
    exact("user_id", "/user_id"),
    exact("project_id", "/project_id"),
    text("project", "/project"),
    exact("task_id", "/task_id"),
    text("note", "/note"),
    exact("created_at", "/created_at"),
    exact("updated_at", "/updated_at"),
];
