//! The tags in use.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Overview;
use crate::access::{InWorkspace, Ledger, action};
use crate::error::Result;
use crate::ids::WorkspaceId;
use crate::page::Page;
use crate::text::folded;
use crate::work::Work;
use crate::workspace::scope;

/// A tag and how often it is used, on things that the reader may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tag {
    /// The tag.
    pub name: String,
    /// On how many things.
    pub count: u64,
}

impl Overview<'_> {
    /// The tags in use on projects and tasks that the caller may see, for an owner on expenses and income too, by name;
    /// archived projects are left out.
    pub async fn tags(&self, workspace: WorkspaceId) -> Result<Page<Tag>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListTags>(InWorkspace(workspace)).await?;
        let money = work.permitted::<action::ViewLedger>(Ledger(workspace)).await?;
        let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
        for name in work.tx()?.tags_in_use(&permit, money.as_deref()).await?.into_iter().flatten() {
            *counts.entry((folded(&name), name)).or_default() += 1;
        }
        let items = counts.into_iter().map(|((_, name), count)| Tag { name, count }).collect();
        Ok(Page { items, next_cursor: None })
    }
}
