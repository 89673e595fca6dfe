//! The people of a workspace: listed, given another role, put out.

use serde::Deserialize;

use super::{Member, People};
use crate::access::{InWorkspace, OnPerson, Reads, Role, Target, Writes, action};
use crate::answer::Single;
use crate::error::{Error, Problems, Result};
use crate::event::{EventKind, Part, Told};
use crate::ids::{UserId, WorkspaceId};
use crate::input::{Check, Input};
use crate::page::{Page, PageAsk, Span};
use crate::work::{Work, again};

/// Another role for a colleague.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateMember {
    /// `owner` or `member`.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String, pattern = "^(owner|member)$"))]
    pub role: Option<Role>,
}

impl Check for UpdateMember {
    fn check(&mut self, problems: &mut Problems) {
        match self.role {
            Some(Role::Owner | Role::Member) => {}
            Some(_) => problems.add("role", "invalid", "A colleague is owner or member."),
            None => problems.add("role", "required", "Say which role: owner or member."),
        }
    }
}

/// Ends a membership and all that hangs on it: the card is untied and its projects are not shared any more.
pub(crate) async fn put_out(work: &mut Work<'_>, permit: &Writes<OnPerson>) -> Result<()> {
    let now = work.now();
    let tx = work.tx()?;
    tx.unshare_person(permit).await?;
    tx.leave_client(permit, now).await?;
    if !tx.delete_membership(permit).await? {
        return Err(Error::NotFound);
    }
    Ok(())
}

impl People<'_> {
    /// The directory, as far as the caller may know it.
    pub async fn list(&self, workspace: WorkspaceId, ask: Input<PageAsk>) -> Result<Page<Member>> {
        let mut work = Work::read(self.kitaab, self.actor, super::scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListPeople>(InWorkspace(workspace)).await?;
        let ask = ask.checked()?;
        let span = Span { after: ask.position::<UserId>(self.kitaab.keys(), "members")?, limit: ask.limit() + 1 };
        let found = work.tx()?.people(&permit, &span).await?.into_iter().map(|member| member.seen_by(&permit)).collect();
        Page::cut(found, ask.limit(), self.kitaab.keys(), self.kitaab.random(), "members", |member| member.user_id)
    }

    /// Makes a colleague owner or member. A client stays a client; the last owner stays owner.
    pub async fn update(&self, workspace: WorkspaceId, person: UserId, input: Input<UpdateMember>) -> Result<Single<Member>> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, super::scope(self.actor, workspace)).await?;
            let permit = work.may::<action::EditPerson>(OnPerson(workspace, person)).await?;
            let change = input.checked()?;
            let Some(role) = change.role else { return Err(Error::NotFound) };
            let mut member = work.tx()?.person(&permit).await?.ok_or(Error::NotFound)?;
            if member.role == Role::Client {
                return Err(Error::conflict("role_fixed", "A client stays a client. Invite them as a member with another address."));
            }
            if member.role == role {
                work.unchanged::<action::EditPerson>();
                let can = work.can(OnPerson(workspace, person)).await?;
                work.commit().await?;
                return Ok(Single::new(member, can));
            }
            if member.role == Role::Owner && work.tx()?.lock_owners(&permit).await? <= 1 {
                return Err(Error::conflict("last_owner", "A workspace has an owner. Make somebody else owner first."));
            }
            work.tx()?.set_role(&permit, role).await?;
            work.access_changed(Told::access_changed(person));
            member.role = role;
            // Whoever gave their own role up may less from now on.
            let can = work.can(OnPerson(workspace, person)).await?;
            work.commit().await?;
            Ok(Single::new(member, can))
        })
        .await
    }

    /// Puts a person out of the workspace at once. The last owner cannot be put out.
    pub async fn remove(&self, workspace: WorkspaceId, person: UserId) -> Result<()> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, super::scope(self.actor, workspace)).await?;
            let permit = work.may::<action::RemovePerson>(OnPerson(workspace, person)).await?;
            let member = work.tx()?.person(&permit).await?.ok_or(Error::NotFound)?;
            if member.role == Role::Owner && work.tx()?.lock_owners(&permit).await? <= 1 {
                return Err(Error::conflict("last_owner", "A workspace has an owner. Make somebody else owner first."));
            }
            put_out(&mut work, &permit).await?;
            work.access_changed(Told::lost(person, Part::Workspace(workspace)));
            if let Some(client) = member.client_id {
                work.tell(Told::staff(EventKind::ClientUpdated, client.0));
            }
            work.commit().await
        })
        .await
    }
}

impl Member {
    /// To a client nobody's card, and nothing of who invited whom and when, is shown but their own.
    pub(crate) fn seen_by<T: Target>(self, reader: &Reads<T>) -> Self {
        if reader.role() != Role::Client || reader.who().user() == Some(self.user_id) {
            return self;
        }
        Self { client_id: None, invited_by: None, invitation_accepted_at: None, ..self }
    }
}
