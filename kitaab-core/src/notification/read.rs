//! Having read notifications.

use serde::{Deserialize, Serialize};

use super::Notifications;
use crate::access::{InWorkspace, action};
use crate::error::{Problems, Result};
use crate::event::{EventKind, Told};
use crate::ids::{NotificationId, WorkspaceId};
use crate::input::{Check, Input};
use crate::page::MAX_LIMIT;
use crate::work::{Work, again};
use crate::workspace::scope;

/// Which notifications were read: exactly one of the two.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkNotifications {
    /// These; others' and unknown ones are passed over.
    #[cfg_attr(feature = "openapi", schema(required = false, max_items = 200))]
    pub ids: Option<Vec<NotificationId>>,
    /// This one and all before it.
    pub before: Option<NotificationId>,
}

impl Check for MarkNotifications {
    fn check(&mut self, problems: &mut Problems) {
        if self.ids.is_some() == self.before.is_some() {
            problems.add("ids", "required", "Name the notifications by ids, or by before; one of the two.");
        }
        if self.ids.as_ref().is_some_and(|ids| ids.len() > MAX_LIMIT as usize) {
            problems.add("ids", "too_many", format!("Name at most {MAX_LIMIT}."));
        }
    }
}

/// What is left to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unread {
    /// How many notifications are unread.
    pub unread_count: i64,
}

impl Notifications<'_> {
    /// Marks notifications of the caller's as read, on all their devices.
    pub async fn mark_read(&self, workspace: WorkspaceId, input: Input<MarkNotifications>) -> Result<Unread> {
        let user = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::ReadNotifications>(InWorkspace(workspace)).await?;
            let MarkNotifications { ids, before } = input.checked()?;
            let at = work.now();
            let mut marked = 0;
            if let Some(before) = before {
                marked += work.tx()?.read_notifications_up_to(&permit, user, before, at).await?;
            }
            for id in ids.unwrap_or_default() {
                marked += u64::from(work.tx()?.read_notification(&permit, user, id, at).await?);
            }
            if marked > 0 {
                work.tell(Told::own(EventKind::NotificationsRead, user, None, workspace.0));
            }
            let unread_count = work.tx()?.unread_notifications(&permit, user).await?;
            work.commit().await?;
            Ok(Unread { unread_count })
        })
        .await
    }

    /// What is left to read, as an event tells it.
    pub(crate) async fn unread_told(&self, workspace: WorkspaceId) -> Result<Unread> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListNotifications>(InWorkspace(workspace)).await?;
        Ok(Unread { unread_count: work.tx()?.unread_notifications(&permit, user).await? })
    }
}
