//! Reading the audit log.

use serde::Deserialize;

use super::AuditItem;
use crate::access::{ActionKind, Actor, InWorkspace, action};
use crate::error::{Problems, Result};
use crate::ids::{AuditId, UserId, WorkspaceId};
use crate::input::{Check, Input};
use crate::kitaab::Kitaab;
use crate::page::{Page, PageAsk, Span};
use crate::store::AuditFilter;
use crate::work::Work;
use crate::workspace::scope;

/// The use cases of the audit log; see [`Kitaab::audit`].
#[derive(Clone, Copy)]
pub struct Audit<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// The audit log.
    #[must_use]
    pub fn audit<'a>(&'a self, actor: &'a Actor) -> Audit<'a> {
        Audit { kitaab: self, actor }
    }
}

/// Which entries.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditAsk {
    /// At most this many.
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Done by this person.
    pub actor_id: Option<UserId>,
    /// This action: `client.archive`.
    pub action: Option<ActionKind>,
    /// Done to this thing.
    pub target_id: Option<uuid::Uuid>,
}

impl AuditAsk {
    fn page(&self) -> PageAsk {
        PageAsk { limit: self.limit, cursor: self.cursor.clone() }
    }
}

impl Check for AuditAsk {
    fn check(&mut self, problems: &mut Problems) {
        self.page().check(problems);
    }
}

impl Audit<'_> {
    /// The entries of a workspace, newest first. For its owner alone.
    pub async fn list(&self, workspace: WorkspaceId, ask: Input<AuditAsk>) -> Result<Page<AuditItem>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewAudit>(InWorkspace(workspace)).await?;
        let ask = ask.checked()?;
        let (page, keys) = (ask.page(), self.kitaab.keys());
        let span = Span { after: page.position::<AuditId>(keys, "audit")?, limit: page.limit() + 1 };
        let filter = AuditFilter { actor_id: ask.actor_id, action: ask.action, target_id: ask.target_id };
        let found = work.tx()?.audit(&permit, &filter, &span).await?;
        Page::cut(found, page.limit(), keys, self.kitaab.random(), "audit", |entry| entry.id)
    }
}
