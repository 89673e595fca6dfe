//! The list of invitations.

use super::{InvitationItem, Invitations};
use crate::access::{InWorkspace, action};
use crate::error::Result;
use crate::ids::{InvitationId, WorkspaceId};
use crate::input::Input;
use crate::page::{Page, PageAsk, Span};
use crate::work::Work;
use crate::workspace::scope;

impl Invitations<'_> {
    /// All invitations, newest first.
    pub async fn list(&self, workspace: WorkspaceId, ask: Input<PageAsk>) -> Result<Page<InvitationItem>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListInvitations>(InWorkspace(workspace)).await?;
        let ask = ask.checked()?;
        let keys = self.kitaab.keys();
        let span = Span { after: ask.position::<InvitationId>(keys, "invitations")?, limit: ask.limit() + 1 };
        let found = work.tx()?.invitations(&permit, &span).await?;
        let now = work.now();
        let page = Page::cut(found, ask.limit(), keys, self.kitaab.random(), "invitations", |(invitation, _)| invitation.id)?;
        Ok(page.map(|(invitation, invited)| InvitationItem::new(invitation, invited, now)))
    }
}
