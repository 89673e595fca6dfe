//! Deleting one's own account: texts stay, the name becomes "Former member".

use super::{AccountAct, Accounts};
use crate::access::{Actor, OnPerson, Own, Role, action};
use crate::error::{Error, Result};
use crate::event::{Part, Told};
use crate::ids::{UserId, WorkspaceId};
use crate::store::Scope;
use crate::work::{Work, again};

/// What a deleted person is called wherever their texts stay.
pub const FORMER_MEMBER: &str = "Former member";

impl Accounts<'_> {
    /// Deletes the own account. Needs a fresh sign-in. Who is the last owner of a workspace deletes it, or makes
    /// somebody else its owner, first.
    pub async fn delete_account(&self) -> Result<()> {
        let user = self.require()?;
        let mut work = Work::read(self.kitaab, self.actor, Scope::Person(user)).await?;
        let permit = work.may::<action::DeleteAccount>(Own(user)).await?;
        let belongings = work.tx()?.belongings(&permit).await?;
        drop(work);
        for belonging in belongings.iter().filter(|belonging| belonging.role == Role::Owner) {
            self.must_not_be_the_last_owner(belonging.id, user).await?;
        }
        for belonging in &belongings {
            again(self.kitaab, || async { self.leave(belonging.id, user).await }).await?;
        }
        let mut work = Work::write(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = work.may::<action::DeleteAccount>(Own(user)).await?;
        let now = work.now();
        let tx = work.tx()?;
        tx.erase_user(&permit, FORMER_MEMBER, now).await?;
        tx.delete_sessions(&permit, None).await?;
        tx.close_login_tokens(&permit, None, now).await?;
        work.note(AccountAct::Deleted, Some(user)).await?;
        work.commit().await
    }

    async fn must_not_be_the_last_owner(&self, workspace: WorkspaceId, user: UserId) -> Result<()> {
        let system = Actor::system();
        let mut work = Work::read(self.kitaab, &system, Scope::System(workspace)).await?;
        let permit = work.may::<action::ListPeople>(crate::access::InWorkspace(workspace)).await?;
        if work.tx()?.owners(&permit).await? == [user] {
            return Err(Error::conflict(
                "last_owner",
                "You are the only owner of a workspace. Delete it, or make somebody else its owner, first.",
            ));
        }
        Ok(())
    }

    /// Ends one membership as the person themself leaves.
    async fn leave(&self, workspace: WorkspaceId, user: UserId) -> Result<()> {
        let mut work = Work::write(self.kitaab, self.actor, Scope::Workspace { workspace, user: Some(user) }).await?;
        let permit = work.may::<action::LeaveWorkspace>(OnPerson(workspace, user)).await?;
        if permit.role() == Role::Owner && work.tx()?.lock_owners(&permit).await? <= 1 {
            return Err(Error::conflict(
                "last_owner",
                "You are the only owner of a workspace. Delete it, or make somebody else its owner, first.",
            ));
        }
        crate::workspace::put_out(&mut work, &permit).await?;
        work.access_changed(Told::lost(user, Part::Workspace(workspace)));
        work.commit().await
    }
}
