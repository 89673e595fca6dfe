//! Looking at an expense or income, and changing it. What it was before is kept.

use serde::Deserialize;

use super::create::check_category;
use super::model::Change;
use super::{EntryKind, EntryVersion, LedgerEntry, change};
use crate::access::{Ledger, action};
use crate::answer::Single;
use crate::error::{Error, Problems, Result};
use crate::finance::{Finance, NOTE_MAX};
use crate::ids::{ClientId, LedgerEntryId, ProjectId, WorkspaceId};
use crate::input::{Check, Input, Patch, check_patch};
use crate::money::GivenMoney;
use crate::page::Page;
use crate::project::check_tags;
use crate::store::StoreError;
use crate::text;
use crate::time::Date;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A change of an expense or income. Absent fields stay, `null` clears.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateEntry {
    /// How much; not negative, and with no more decimals than its currency has.
    pub money: Option<GivenMoney>,
    /// On which day.
    pub on: Option<Date>,
    /// What for.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 100))]
    #[serde(default)]
    pub category: Patch<String>,
    /// For which project.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ProjectId>))]
    #[serde(default)]
    pub project_id: Patch<ProjectId>,
    /// For or from which client.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ClientId>))]
    #[serde(default)]
    pub client_id: Patch<ClientId>,
    /// More about it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 10_000))]
    #[serde(default)]
    pub note: Patch<String>,
    /// All labels, each once.
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub tags: Option<Vec<String>>,
}

impl Check for UpdateEntry {
    fn check(&mut self, problems: &mut Problems) {
        if let Some(money) = &self.money {
            money.read("money", problems);
        }
        check_patch(&mut self.category, |text| check_category(text, problems));
        check_patch(&mut self.note, |text| text::optional_text(text, "note", NOTE_MAX, problems));
        if let Some(tags) = &mut self.tags {
            check_tags(tags, problems);
        }
    }
}

impl Finance<'_> {
    /// An expense or income.
    pub async fn get(&self, workspace: WorkspaceId, kind: EntryKind, id: LedgerEntryId) -> Result<Single<LedgerEntry>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewLedger>(Ledger(workspace)).await?;
        let entry = work.tx()?.entry(&permit, kind, id).await?.ok_or(Error::NotFound)?;
        Ok(Single::new(entry, work.can(Ledger(workspace)).await?))
    }

    /// Everything that an expense or income ever was, newest first; also of one that was deleted.
    pub async fn history(&self, workspace: WorkspaceId, kind: EntryKind, id: LedgerEntryId) -> Result<Page<EntryVersion>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewLedger>(Ledger(workspace)).await?;
        let items = work.tx()?.entry_versions(&permit, kind, id).await?;
        if items.is_empty() {
            return Err(Error::NotFound);
        }
        Ok(Page { items, next_cursor: None })
    }

    /// Changes an expense or income. With `if_match`, only if it still has this version.
    pub async fn update(
        &self,
        workspace: WorkspaceId,
        kind: EntryKind,
        id: LedgerEntryId,
        input: Input<UpdateEntry>,
        if_match: Option<i64>,
    ) -> Result<Single<LedgerEntry>> {
        again(self.kitaab, || self.try_update(workspace, kind, id, &input, if_match)).await
    }

    async fn try_update(
        &self,
        workspace: WorkspaceId,
        kind: EntryKind,
        id: LedgerEntryId,
        input: &Input<UpdateEntry>,
        if_match: Option<i64>,
    ) -> Result<Single<LedgerEntry>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::EditLedger>(Ledger(workspace)).await?;
        let entry = work.tx()?.entry(&permit, kind, id).await?.ok_or(Error::NotFound)?;
        work.made::<action::EditLedger>(id.0);
        let mut problems = Problems::default();
        let change = input.check_into(&mut problems)?;
        // What it names already may have been archived since; only what is new is looked at.
        let (project, client) = (set(&change.project_id), set(&change.client_id));
        change::references(&mut work, project, client, &mut problems).await?;
        let money = change.money.as_ref().and_then(|money| money.read("money", &mut problems));
        problems.into_result()?;
        if if_match.is_some_and(|expected| expected != entry.version) {
            return Err(Error::Stale { current_version: entry.version });
        }
        let before = entry.version;
        let entry = LedgerEntry {
            money: money.unwrap_or(entry.money),
            on: change.on.unwrap_or(entry.on),
            category: change.category.or(entry.category),
            project_id: change.project_id.or(entry.project_id),
            client_id: change.client_id.or(entry.client_id),
            note: change.note.or(entry.note),
            tags: change.tags.unwrap_or(entry.tags),
            updated_at: work.now(),
            version: before + 1,
            ..entry
        };
        if !work.tx()?.update_entry(&permit, &entry, None).await? {
            return Err(StoreError::Conflict.into());
        }
        change::record(&mut work, &permit, &entry, Change::Updated).await?;
        let answer = Single::new(entry, work.can(Ledger(workspace)).await?);
        work.commit().await?;
        Ok(answer)
    }
}

fn set<T: Copy>(patch: &Patch<T>) -> Option<T> {
    match patch {
        Patch::Set(value) => Some(*value),
        Patch::Keep | Patch::Clear => None,
    }
}
