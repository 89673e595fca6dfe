//! Who is in a channel: listed, taken into a group, put out of it, leaving it.

use super::{ChannelKind, membership_fixed};
use crate::access::{OnChannel, OnPerson, Role, Writes, action};
use crate::chat::Chat;
use crate::error::{Error, Result};
use crate::event::{EventKind, Part, Told};
use crate::ids::{ChannelId, UserId, WorkspaceId};
use crate::page::Page;
use crate::work::{Work, again};
use crate::workspace::{Person, scope};

impl Chat<'_> {
    /// Who is in the channel, by id.
    pub async fn channel_members(&self, workspace: WorkspaceId, channel: ChannelId) -> Result<Page<Person>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewChannel>(OnChannel(workspace, channel)).await?;
        let members = work.tx()?.channel_members(&permit).await?.into_iter();
        // Whoever is in a channel is known to all in it.
        let items = members.map(|member| Person { id: Some(member.person.id), display_name: member.person.display_name }).collect();
        Ok(Page { items, next_cursor: None })
    }

    /// Takes a person of the workspace into a group; who is in it stays in it.
    pub async fn add_channel_member(&self, workspace: WorkspaceId, channel: ChannelId, person: UserId) -> Result<Person> {
        again(self.kitaab, || async {
            let target = OnChannel(workspace, channel);
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            work.may::<action::ViewChannel>(target).await?;
            let known = work.may::<action::ViewPerson>(OnPerson(workspace, person)).await?;
            let permit = work.may::<action::AddChannelMember>(target).await?;
            let member = work.tx()?.person(&known).await?.ok_or(Error::NotFound)?;
            self.must_be_a_group(&mut work, &permit).await?;
            let now = work.now();
            if work.tx()?.take_person_in(&permit, person, now).await? {
                work.access_changed(Told::gained(person, Part::Channel(channel)));
                work.tell(Told::channel(EventKind::ChannelMemberAdded, channel, None, person.0));
            } else {
                work.unchanged::<action::AddChannelMember>();
            }
            work.commit().await?;
            Ok(Person { id: Some(member.user_id), display_name: member.display_name })
        })
        .await
    }

    /// Puts a person out of a group, at once; oneself, to leave it. The owner is in every group.
    pub async fn remove_channel_member(&self, workspace: WorkspaceId, channel: ChannelId, person: UserId) -> Result<()> {
        again(self.kitaab, || async {
            let target = OnChannel(workspace, channel);
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let view = work.may::<action::ViewChannel>(target).await?;
            if !work.tx()?.is_in_channel(&view, person).await? {
                return Err(Error::NotFound);
            }
            if self.actor.user() == Some(person) {
                let permit = work.may::<action::LeaveChannel>(target).await?;
                self.put_out_of_group(&mut work, &permit, person).await?;
            } else {
                let permit = work.may::<action::RemoveChannelMember>(target).await?;
                self.put_out_of_group(&mut work, &permit, person).await?;
            }
            work.commit().await
        })
        .await
    }

    async fn put_out_of_group(&self, work: &mut Work<'_>, permit: &Writes<OnChannel>, person: UserId) -> Result<()> {
        let OnChannel(workspace, channel) = permit.target();
        self.must_be_a_group(work, permit).await?;
        let known = work.may::<action::ViewPerson>(OnPerson(workspace, person)).await?;
        if work.tx()?.person(&known).await?.is_some_and(|member| member.role == Role::Owner) {
            return Err(Error::conflict("owner_stays", "The owner of the workspace is in every group."));
        }
        if !work.tx()?.put_person_out(permit, person).await? {
            return Err(Error::NotFound);
        }
        work.access_changed(Told::lost(person, Part::Channel(channel)));
        work.tell(Told::channel(EventKind::ChannelMemberRemoved, channel, None, person.0));
        Ok(())
    }

    async fn must_be_a_group(&self, work: &mut Work<'_>, permit: &Writes<OnChannel>) -> Result<()> {
        let kind = work.tx()?.channel_kind(permit).await?.ok_or(Error::NotFound)?;
        if kind == ChannelKind::Group { Ok(()) } else { Err(membership_fixed()) }
    }
}
