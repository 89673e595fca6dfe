//! The list of cards.

use serde::Deserialize;

use super::{ClientForStaff, Clients};
use crate::access::{InWorkspace, action};
use crate::error::{Problems, Result};
use crate::ids::WorkspaceId;
use crate::input::{Check, Input};
use crate::page::{Page, PageAsk, Span};
use crate::store::{ClientFilter, ClientPosition};
use crate::text::{self, folded};
use crate::work::Work;
use crate::workspace::scope;

/// The longest search text, in characters.
pub(crate) const QUERY_MAX: usize = 200;

/// Which cards.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientsAsk {
    /// At most this many.
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// A part of the name, company or email.
    pub q: Option<String>,
    /// Archived ones instead of the others.
    pub archived: bool,
}

impl ClientsAsk {
    fn page(&self) -> PageAsk {
        PageAsk { limit: self.limit, cursor: self.cursor.clone() }
    }
}

impl Check for ClientsAsk {
    fn check(&mut self, problems: &mut Problems) {
        self.page().check(problems);
        if let Some(q) = &mut self.q {
            text::line(q, "q", QUERY_MAX, problems);
        }
    }
}

impl Clients<'_> {
    /// Cards by name. For staff alone: a client does not even learn that there is a list.
    pub async fn list(&self, workspace: WorkspaceId, ask: Input<ClientsAsk>) -> Result<Page<ClientForStaff>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListClients>(InWorkspace(workspace)).await?;
        let ask = ask.checked()?;
        let (page, keys) = (ask.page(), self.kitaab.keys());
        let part = ask.q.as_deref().map(folded).filter(|part| !part.is_empty());
        let filter = ClientFilter { part, archived: ask.archived };
        let span = Span { after: page.position::<ClientPosition>(keys, "clients")?, limit: page.limit() + 1 };
        let found = work.tx()?.clients(&permit, &filter, &span).await?;
        let now = work.now();
        let position = |row: &crate::store::ClientRow| ClientPosition { name: folded(&row.client.name), id: row.client.id };
        let rows = Page::cut(found, page.limit(), keys, self.kitaab.random(), "clients", position)?;
        Ok(rows.map(|row| ClientForStaff::new(row.client, row.notes, row.invitation.map(|times| times.status(now)))))
    }
}
