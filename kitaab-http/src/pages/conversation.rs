//! A conversation to be read: where the mails about it lead.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kitaab_core::chat::{MarkRead, MessagesAsk};
use kitaab_core::ids::{ChannelId, UserId, WorkspaceId};
use kitaab_core::input::Input;

use super::answer::{go, moment_in, page};
use super::view::{Conversation, Said, SignIn};
use crate::app::App;
use crate::extract::{Caller, Form, Ids, MaybeCaller};
use crate::problem::Answer;

/// The page of a conversation.
pub(super) fn path(workspace: WorkspaceId, channel: ChannelId) -> String {
    format!("/conversations/{workspace}/{channel}")
}

/// The newest messages; the sign-in page for who is not signed in.
pub(super) async fn show(
    State(app): State<App>,
    MaybeCaller(actor): MaybeCaller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
) -> Answer<Response> {
    let Some(reader) = actor.user() else { return Ok(page(StatusCode::OK, &SignIn::default())) };
    let chat = app.kitaab.chat(&actor);
    let room = chat.channel(workspace, channel).await?.item;
    let people = chat.channel_members(workspace, channel).await?.items;
    let messages = chat.messages(workspace, channel, Input::from(MessagesAsk::default())).await?;
    let zone = app.kitaab.accounts(&actor).profile().await?.time_zone;
    let name = |who: UserId| people.iter().find(|person| person.id == Some(who)).map(|person| person.display_name.as_str());
    let read_seq = room.own.map_or(0, |own| own.read_seq);
    let said = messages.items.iter().map(|message| Said {
        author: message.author.display_name.clone(),
        at: moment_in(message.created_at, &zone),
        text: message.plain_text(name),
        new: message.seq > read_seq && message.author.id != Some(reader),
    });
    let conversation = Conversation {
        title: room.title(),
        said: said.collect(),
        more: messages.has_before,
        unread: room.own.map_or(0, |own| own.unread_count),
        last_seq: room.last_seq,
        path: path(workspace, channel),
    };
    Ok(page(StatusCode::OK, &conversation))
}

/// Notes that all that was shown is read.
pub(super) async fn mark_read(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
    form: Form,
) -> Answer<Response> {
    let seq = form.get("seq").parse().ok();
    app.kitaab.chat(&actor).mark_read(workspace, channel, Input::from(MarkRead { seq, mark_unread: false })).await?;
    Ok(go(&path(workspace, channel)))
}
