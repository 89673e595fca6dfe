//! Writing an expense or income down.

use serde::Deserialize;

use super::model::Change;
use super::{EntryKind, LedgerEntry, change};
use crate::access::{Ledger, action};
use crate::answer::Single;
use crate::error::{Problems, Result};
use crate::finance::{CATEGORY_MAX, Finance, NOTE_MAX};
use crate::ids::{ClientId, ProjectId, WorkspaceId};
use crate::input::{Check, Input};
use crate::money::GivenMoney;
use crate::project::check_tags;
use crate::text;
use crate::time::Date;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A new expense or income.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewEntry {
    /// How much; not negative, and with no more decimals than its currency has.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = GivenMoney))]
    pub money: Option<GivenMoney>,
    /// On which day.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = Date))]
    pub on: Option<Date>,
    /// What for.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub category: Option<String>,
    /// For which project.
    pub project_id: Option<ProjectId>,
    /// For or from which client.
    pub client_id: Option<ClientId>,
    /// More about it.
    #[cfg_attr(feature = "openapi", schema(max_length = 10_000))]
    pub note: Option<String>,
    /// Labels, each once.
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    #[serde(default)]
    pub tags: Vec<String>,
}

/// A category in its stored form: one visible line, blank is none.
pub(super) fn check_category(category: &mut Option<String>, problems: &mut Problems) {
    if let Some(text) = category {
        text::visible_line(text, "category", CATEGORY_MAX, problems);
        if text.is_empty() {
            *category = None;
        }
    }
}

impl Check for NewEntry {
    fn check(&mut self, problems: &mut Problems) {
        match &self.money {
            Some(money) => drop(money.read("money", problems)),
            None => problems.add("money", "required", "Say how much."),
        }
        if self.on.is_none() {
            problems.add("on", "required", "Say on which day.");
        }
        check_category(&mut self.category, problems);
        text::optional_text(&mut self.note, "note", NOTE_MAX, problems);
        check_tags(&mut self.tags, problems);
    }
}

impl Finance<'_> {
    /// Writes an expense or income down.
    pub async fn create(&self, workspace: WorkspaceId, kind: EntryKind, input: Input<NewEntry>) -> Result<Single<LedgerEntry>> {
        again(self.kitaab, || self.try_create(workspace, kind, &input)).await
    }

    async fn try_create(&self, workspace: WorkspaceId, kind: EntryKind, input: &Input<NewEntry>) -> Result<Single<LedgerEntry>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::AddToLedger>(Ledger(workspace)).await?;
        if let Some(first) = work.repeated().await? {
            work.commit().await?;
            return Ok(first);
        }
        let mut problems = Problems::default();
        let new = input.check_into(&mut problems)?;
        change::references(&mut work, new.project_id, new.client_id, &mut problems).await?;
        let money = new.money.and_then(|money| money.read("money", &mut problems));
        problems.into_result()?;
        let (Some(money), Some(on)) = (money, new.on) else { return Err(crate::Error::NotFound) };
        let now = work.now();
        let entry = LedgerEntry {
            id: work.id(),
            kind,
            money,
            on,
            category: new.category,
            project_id: new.project_id,
            client_id: new.client_id,
            note: new.note,
            tags: new.tags,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        work.tx()?.insert_entry(&permit, &entry).await?;
        work.made::<action::AddToLedger>(entry.id.0);
        change::record(&mut work, &permit, &entry, Change::Created).await?;
        let answer = Single::new(entry, work.can(Ledger(workspace)).await?);
        work.answer(&answer)?;
        work.commit().await?;
        Ok(answer)
    }
}
