//! One's notifications.

use serde::{Deserialize, Serialize};

use super::{NotificationRow, NotificationView, Notifications};
use crate::access::{InWorkspace, Reads, action};
use crate::chat::Called;
use crate::error::{Error, Result};
use crate::ids::{NotificationId, WorkspaceId};
use crate::input::Input;
use crate::page::{Page, PageAsk, Span};
use crate::work::Work;
use crate::workspace::scope;

/// What cursors of this list are for.
const CURSORS: &str = "notifications";

/// A page of notifications, and the badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationsPage {
    /// The notifications, newest first.
    pub items: Vec<NotificationView>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
    /// How many of all are unread.
    pub unread_count: i64,
}

impl Notifications<'_> {
    /// The caller's notifications of what they see now, newest first, and how many are unread.
    pub async fn list(&self, workspace: WorkspaceId, ask: Input<PageAsk>) -> Result<NotificationsPage> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListNotifications>(InWorkspace(workspace)).await?;
        let page = ask.checked()?;
        let span = Span { after: page.position::<NotificationId>(self.kitaab.keys(), CURSORS)?, limit: page.limit() + 1 };
        let rows = work.tx()?.notifications(&permit, user, &span).await?;
        let found = views(&mut work, &permit, rows).await?;
        let unread_count = work.tx()?.unread_notifications(&permit, user).await?;
        let Page { items, next_cursor } =
            Page::cut(found, page.limit(), self.kitaab.keys(), self.kitaab.random(), CURSORS, |notification| notification.id)?;
        Ok(NotificationsPage { items, next_cursor, unread_count })
    }

    /// A notification of the caller's, as an event tells it.
    pub(crate) async fn told(&self, workspace: WorkspaceId, id: NotificationId) -> Result<NotificationView> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListNotifications>(InWorkspace(workspace)).await?;
        let row = work.tx()?.notification(&permit, user, id).await?;
        views(&mut work, &permit, row.into_iter().collect()).await?.pop().ok_or(Error::NotFound)
    }
}

async fn views(work: &mut Work<'_>, permit: &Reads<InWorkspace>, rows: Vec<NotificationRow>) -> Result<Vec<NotificationView>> {
    let called = Called::by(work, permit, rows.iter().filter_map(NotificationRow::message)).await?;
    Ok(rows.into_iter().map(|row| NotificationView::new(row, &called)).collect())
}
