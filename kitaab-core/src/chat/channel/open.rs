//! Opening a direct channel, and making a group.

use serde::Deserialize;

use super::{Channel, ChannelKind, ChannelView, view};
use crate::access::{InWorkspace, OnChannel, OnPerson, action};
use crate::answer::Single;
use crate::chat::Chat;
use crate::error::{Error, Problems, Result};
use crate::event::{EventKind, Part, Told};
use crate::ids::{ChannelId, UserId, WorkspaceId};
use crate::input::{Check, Input};
use crate::text;
use crate::work::{Work, again};
use crate::workspace::scope;

/// The most people a group begins with.
const BEGINS_WITH_AT_MOST: usize = 200;

/// A new channel: `{kind:"direct",user_id}` or `{kind:"group",name,member_ids}`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewChannel {
    /// `direct` or `group`; the channel of a project comes with the project.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String, pattern = "^(direct|group)$"))]
    pub kind: Option<ChannelKind>,
    /// With whom, for a direct channel.
    pub user_id: Option<UserId>,
    /// What a group is called.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: Option<String>,
    /// Who is in a group besides the owner and its maker.
    #[cfg_attr(feature = "openapi", schema(max_items = 200))]
    pub member_ids: Option<Vec<UserId>>,
}

impl Check for NewChannel {
    fn check(&mut self, problems: &mut Problems) {
        match self.kind {
            Some(ChannelKind::Direct) => {
                if self.user_id.is_none() {
                    problems.add("user_id", "required", "Say with whom.");
                }
                refuse(self.name.is_some(), "name", "A direct channel has no name.", problems);
                refuse(self.member_ids.is_some(), "member_ids", "A direct channel has exactly its two people.", problems);
            }
            Some(ChannelKind::Group) => {
                refuse(self.user_id.is_some(), "user_id", "Name the people of a group in member_ids.", problems);
                let name = self.name.get_or_insert_default();
                text::name(name, "name", problems);
                if self.member_ids.as_ref().is_some_and(|ids| ids.len() > BEGINS_WITH_AT_MOST) {
                    problems.add("member_ids", "too_many", format!("Begin with at most {BEGINS_WITH_AT_MOST} people."));
                }
            }
            Some(ChannelKind::Project) => problems.add("kind", "invalid", "The channel of a project comes with the project."),
            None => problems.add("kind", "required", "Say which kind: direct or group."),
        }
    }
}

fn refuse(given: bool, field: &str, why: &str, problems: &mut Problems) {
    if given {
        problems.add(field, "not_allowed", why);
    }
}

impl Chat<'_> {
    /// Opens a channel; true if it is new. The direct channel of two people is made once.
    ///
    /// A client opens direct channels with owner, members and people of shared channels, and makes no groups.
    pub async fn open_channel(&self, workspace: WorkspaceId, input: Input<NewChannel>) -> Result<(Single<ChannelView>, bool)> {
        let user = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || self.try_open(workspace, user, &input)).await
    }

    async fn try_open(&self, workspace: WorkspaceId, user: UserId, input: &Input<NewChannel>) -> Result<(Single<ChannelView>, bool)> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        work.may::<action::ListChannels>(InWorkspace(workspace)).await?;
        if let Some(first) = work.repeated().await? {
            work.commit().await?;
            return Ok(first);
        }
        let mut problems = Problems::default();
        let new = input.check_into(&mut problems)?;
        let (channel, made) = match new.kind {
            Some(ChannelKind::Direct) => self.direct(&mut work, workspace, user, &new, problems).await?,
            _ => (self.group(&mut work, workspace, user, new, problems).await?, true),
        };
        let permit = work.may::<action::ViewChannel>(OnChannel(workspace, channel)).await?;
        let answer = (view::single(&mut work, &permit, user).await?, made);
        work.answer(&answer)?;
        work.commit().await?;
        Ok(answer)
    }

    async fn direct(
        &self,
        work: &mut Work<'_>,
        workspace: WorkspaceId,
        user: UserId,
        new: &NewChannel,
        mut problems: Problems,
    ) -> Result<(ChannelId, bool)> {
        let peer = new.user_id.unwrap_or(user);
        if new.user_id == Some(user) {
            problems.add("user_id", "invalid", "Name somebody else.");
        }
        let permit = work.permitted::<action::OpenDirect>(OnPerson(workspace, peer)).await?;
        if permit.is_none() {
            problems.add("user_id", "not_found", "There is no such person.");
        }
        problems.into_result()?;
        let permit = permit.ok_or(Error::NotFound)?;
        let now = work.now();
        let fresh = Channel::direct(work.id(), user, peer, now);
        let (channel, made) = work.tx()?.open_direct(&permit, user, &fresh).await?;
        let came_in = work.tx()?.take_pair_in(&permit, user, channel, now).await?;
        if !made && !came_in.is_empty() {
            work.tell(Told::channel(EventKind::ChannelUpdated, channel, None, channel.0));
        }
        for person in came_in {
            work.access_changed(Told::gained(person, Part::Channel(channel)));
        }
        if made {
            work.tell(Told::channel(EventKind::ChannelCreated, channel, None, channel.0));
        }
        Ok((channel, made))
    }

    async fn group(
        &self,
        work: &mut Work<'_>,
        workspace: WorkspaceId,
        user: UserId,
        new: NewChannel,
        mut problems: Problems,
    ) -> Result<ChannelId> {
        let permit = work.may::<action::CreateChannel>(InWorkspace(workspace)).await?;
        let mut people = new.member_ids.unwrap_or_default();
        for (index, person) in people.iter().enumerate().take(BEGINS_WITH_AT_MOST) {
            if work.permitted::<action::ViewPerson>(OnPerson(workspace, *person)).await?.is_none() {
                problems.add(format!("member_ids[{index}]"), "not_found", "There is no such person.");
            }
        }
        problems.into_result()?;
        let now = work.now();
        let channel = Channel::group(work.id(), new.name.unwrap_or_default(), now);
        people.push(user);
        people.extend(work.tx()?.owners(&permit).await?);
        people.sort_unstable();
        people.dedup();
        work.tx()?.insert_channel(&permit, &channel).await?;
        work.tx()?.take_people_in(&permit, channel.id, &people, now).await?;
        work.made::<action::CreateChannel>(channel.id.0);
        for person in people {
            work.access_changed(Told::gained(person, Part::Channel(channel.id)));
        }
        work.tell(Told::channel(EventKind::ChannelCreated, channel.id, None, channel.id.0));
        Ok(channel.id)
    }
}
