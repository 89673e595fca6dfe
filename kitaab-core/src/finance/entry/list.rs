//! Expenses or income, latest day first.

use serde::{Deserialize, Serialize};

use super::{EntryKind, LedgerEntry};
use crate::access::{Ledger, action};
use crate::error::{Problems, Result};
use crate::finance::names::Names;
use crate::finance::{CATEGORY_MAX, Finance};
use crate::ids::{ClientId, LedgerEntryId, ProjectId, WorkspaceId};
use crate::input::{Check, Input};
use crate::page::{self, Page, PageAsk, Span};
use crate::project::TAG_MAX;
use crate::store::EntryFilter;
use crate::table::{BATCH, Column, Sheet, SheetWriter, exact, some, text as written};
use crate::text;
use crate::time::Date;
use crate::work::Work;
use crate::workspace::scope;

/// Which entries.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EntriesAsk {
    /// At most this many.
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// From this day on.
    pub from: Option<Date>,
    /// Up to this day.
    pub to: Option<Date>,
    /// For this.
    pub category: Option<String>,
    /// For this project.
    pub project_id: Option<ProjectId>,
    /// For or from this client.
    pub client_id: Option<ClientId>,
    /// With this tag.
    pub tag: Option<String>,
}

impl EntriesAsk {
    fn page(&self) -> PageAsk {
        PageAsk { limit: self.limit, cursor: self.cursor.clone() }
    }

    fn filter(self) -> EntryFilter {
        let Self { from, to, category, project_id, client_id, tag, .. } = self;
        EntryFilter { from, to, category, project_id, client_id, tag }
    }
}

/// The days of a question are in order.
pub(in crate::finance) fn check_days(from: Option<Date>, to: Option<Date>, problems: &mut Problems) {
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        problems.add("to", "before_start", "The last day is before the first.");
    }
}

impl Check for EntriesAsk {
    fn check(&mut self, problems: &mut Problems) {
        self.page().check(problems);
        check_days(self.from, self.to, problems);
        if let Some(category) = &mut self.category {
            text::line(category, "category", CATEGORY_MAX, problems);
        }
        if let Some(tag) = &mut self.tag {
            text::line(tag, "tag", TAG_MAX, problems);
        }
    }
}

impl EntryPosition {
    pub(crate) fn of(entry: &LedgerEntry) -> Self {
        Self { on: entry.on, id: entry.id }
    }
}

/// Where a page of entries begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPosition {
    /// After an entry of this day …
    pub on: Date,
    /// … and this id.
    pub id: LedgerEntryId,
}

impl Finance<'_> {
    /// Expenses or income, latest day first.
    pub async fn list(&self, workspace: WorkspaceId, kind: EntryKind, ask: Input<EntriesAsk>) -> Result<Page<LedgerEntry>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewLedger>(Ledger(workspace)).await?;
        let ask = ask.checked()?;
        let (page, keys) = (ask.page(), self.kitaab.keys());
        let span = Span { after: page.position::<EntryPosition>(keys, kind.as_str())?, limit: page.limit() + 1 };
        let found = work.tx()?.entries(&permit, kind, &ask.filter(), &span).await?;
        Page::cut(found, page.limit(), keys, self.kitaab.random(), kind.as_str(), EntryPosition::of)
    }

    /// All of them, as a table.
    pub async fn table(&self, workspace: WorkspaceId, kind: EntryKind, ask: Input<EntriesAsk>) -> Result<Sheet> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewLedger>(Ledger(workspace)).await?;
        let ask = page::whole(&ask, EntriesAsk::page)?;
        let (filter, names) = (ask.filter(), Names::of(&mut work, &permit).await?);
        let mut sheet = SheetWriter::new(COLUMNS)?;
        let mut after = None;
        while let Some(found) = some(work.tx()?.entries(&permit, kind, &filter, &Span { after, limit: BATCH }).await?) {
            after = found.last().map(EntryPosition::of);
            for entry in found {
                sheet.row(&names.with(entry))?;
            }
        }
        sheet.finish()
    }
}

/// The columns of a table of expenses or income.
pub(crate) const COLUMNS: &[Column] = &[
    exact("id", "/id"),
    exact("on", "/on"),
    exact("amount", "/money/amount"),
    exact("currency", "/money/currency"),
    written("category", "/category"),
    exact("project_id", "/project_id"),
    written("project", "/project"),
    exact("client_id", "/client_id"),
    written("client", "/client"),
    written("note", "/note"),
    written("tags", "/tags"),
    exact("created_at", "/created_at"),
    exact("updated_at", "/updated_at"),
];
