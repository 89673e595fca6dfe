//! Moderators look at conversations of any workspace, say why, and leave a line that the owner reads.

use std::sync::Arc;

use kitaab_core::Error;
use kitaab_core::access::{Actor, Origin};
use kitaab_core::chat::NewChannel;
use kitaab_core::event::From;
use kitaab_core::input::Input;
use kitaab_core::store::Store;

use crate::accounts::{actor, sign_in};
use crate::chat::say;
use crate::common::{PASSWORD, Studio, code, on_both_engines};

/// Maya, who says why she looks.
async fn maya(studio: &Studio) -> (Actor, Actor) {
    studio.kitaab.create_moderator("maya@example.com", "Maya", &PASSWORD.into()).await.unwrap();
    let silent = actor(studio, &sign_in(studio, "Maya", PASSWORD).await.unwrap()).await.unwrap();
    let reason = Some("A client flagged a message.".to_owned());
    (silent.clone().from(Origin { reason, ..Origin::default() }), silent)
}

async fn a_moderator_reads_every_conversation_and_each_look_is_noted(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let site = studio.project("Site").await;
    let (mridul, _) = studio.client("Mridul", &[site]).await;
    let page = studio.group("Page", &[]).await;
    let peer = NewChannel { kind: Some(kitaab_core::chat::ChannelKind::Direct), user_id: mridul.user(), ..NewChannel::default() };
    let between = studio.kitaab.chat(&studio.nikhil).open_channel(studio.workspace, peer.into()).await.unwrap().0.item.id;
    studio.post(&studio.nikhil, page, "In the group").await;
    let said = studio.post(&mridul, between, "Between two").await;
    let (maya, _) = maya(&studio).await;
    let chat = studio.kitaab.chat(&maya);
    let channels = chat.channels(studio.workspace, Input::default()).await.unwrap().items;
    assert!([page, between].iter().all(|id| channels.iter().any(|channel| channel.id == *id && channel.own.is_none())));
    let channel = chat.channel(studio.workspace, between).await.unwrap();
    assert!(channel.can.is_empty(), "{:?}", channel.can);
    let read = chat.messages(studio.workspace, between, Input::default()).await.unwrap();
    assert_eq!(read.items.iter().filter_map(|message| message.text.as_deref()).collect::<Vec<_>>(), ["Between two"]);
    assert_eq!(chat.message(studio.workspace, said.id).await.unwrap().item.text.as_deref(), Some("Between two"));
    let noted = studio.kitaab.audit(&studio.nikhil).list(studio.workspace, Input::default()).await.unwrap().items;
    let looks: Vec<_> = noted
        .iter()
        .filter(|entry| entry.actor_id == maya.user())
        .map(|entry| (entry.action.as_str(), entry.target_id, entry.reason.as_deref(), entry.actor_name.as_deref()))
        .collect();
    let (why, who) = (Some("A client flagged a message."), Some("Maya"));
    assert_eq!(
        looks,
        [
            ("message.look_at", Some(said.id.0), why, who),
            ("channel.look_into", Some(between.0), why, who),
            ("channel.look_into", Some(between.0), why, who),
            ("workspace.look_through_channels", None, why, who),
        ]
    );
}

async fn a_moderator_without_a_reason_sees_nothing_and_leaves_no_line(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let page = studio.group("Page", &[]).await;
    let (maya, silent) = maya(&studio).await;
    let because = |reason: &str| silent.clone().from(Origin { reason: Some(reason.into()), ..Origin::default() });
    for actor in [silent.clone(), because("two\nlines"), because(&"x".repeat(501))] {
        let refused = studio.kitaab.chat(&actor).messages(studio.workspace, page, Input::default()).await;
        assert!(matches!(&refused, Err(Error::Invalid(problems)) if problems.iter().any(|one| one.field == "X-Reason")), "{refused:?}");
    }
    let nowhere = kitaab_core::ids::ChannelId(studio.workspace.0);
    for actor in [&maya, &silent] {
        assert_eq!(code(studio.kitaab.chat(actor).channel(studio.workspace, nowhere).await), "not_found");
        let elsewhere = kitaab_core::ids::WorkspaceId(page.0);
        assert_eq!(code(studio.kitaab.chat(actor).channels(elsewhere, Input::default()).await), "not_found");
    }
    let noted = studio.kitaab.audit(&studio.nikhil).list(studio.workspace, Input::default()).await.unwrap().items;
    assert!(noted.iter().all(|entry| entry.actor_id != maya.user()), "{noted:#?}");
}

async fn a_moderator_takes_part_in_nothing(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let page = studio.group("Page", &[]).await;
    let said = studio.post(&studio.nikhil, page, "One").await;
    let (maya, _) = maya(&studio).await;
    let chat = studio.kitaab.chat(&maya);
    assert_eq!(code(chat.post(studio.workspace, page, say("I am here").into()).await), "not_found");
    assert_eq!(code(chat.delete(studio.workspace, said.id).await), "not_found");
    assert_eq!(code(chat.channel_members(studio.workspace, page).await), "not_found");
    assert_eq!(code(chat.receipts(studio.workspace, page).await), "not_found");
    assert_eq!(code(studio.kitaab.follow(&maya, studio.workspace, From::Now).await.map(drop)), "not_found");
    // What is noted of moderators says nothing about others.
    let reasoned = studio.nikhil.clone().from(Origin { reason: Some("because".into()), ..Origin::default() });
    studio.kitaab.chat(&reasoned).open_channel(studio.workspace, crate::chat::group("Other", &[]).into()).await.unwrap();
    let noted = studio.kitaab.audit(&studio.nikhil).list(studio.workspace, Input::default()).await.unwrap().items;
    assert!(noted.iter().all(|entry| entry.reason.is_none()));
}

on_both_engines! {
    a_moderator_reads_every_conversation_and_each_look_is_noted,
    a_moderator_without_a_reason_sees_nothing_and_leaves_no_line,
    a_moderator_takes_part_in_nothing,
}
