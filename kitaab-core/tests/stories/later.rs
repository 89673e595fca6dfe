//! What is said later, and what is said again and again: scheduled messages and templates.

use std::sync::Arc;
use std::time::Duration;

use kitaab_core::access::Actor;
use kitaab_core::chat::{
    KeepDraft, MessagesAsk, NewScheduled, NewTemplate, ScheduledState, ScheduledView, TemplatesAsk, UpdateChannel, UpdateScheduled,
    UpdateTemplate,
};
use kitaab_core::error::Error;
use kitaab_core::ids::ChannelId;
use kitaab_core::input::Input;
use kitaab_core::store::Store;

use crate::channels::direct;
use crate::chat::id;
use crate::common::{Studio, code, on_both_engines};

const HOUR: Duration = Duration::from_hours(1);

impl Studio {
    async fn try_schedule(&self, who: &Actor, channel: ChannelId, text: &str, after: Duration) -> Result<ScheduledView, Error> {
        let new = NewScheduled { text: text.into(), due_at: Some(self.kitaab.now().after(after)), reply_to: None };
        self.kitaab.chat(who).schedule(self.workspace, channel, new.into()).await.map(|made| made.item)
    }

    pub async fn schedule(&self, who: &Actor, channel: ChannelId, text: &str, after: Duration) -> ScheduledView {
        self.try_schedule(who, channel, text, after).await.unwrap()
    }

    async fn scheduled(&self, who: &Actor, channel: ChannelId) -> Vec<ScheduledView> {
        self.kitaab.chat(who).scheduled(self.workspace, channel).await.unwrap().items
    }

    async fn texts(&self, who: &Actor, channel: ChannelId) -> Vec<String> {
        self.page(who, channel, MessagesAsk::default()).await.into_iter().filter_map(|(_, text)| text).collect()
    }

    async fn move_to(&self, who: &Actor, message: &ScheduledView, after: Duration) -> Result<ScheduledView, Error> {
        let change = UpdateScheduled { due_at: Some(self.kitaab.now().after(after)), text: None };
        self.kitaab.chat(who).update_scheduled(self.workspace, message.id, change.into(), None).await.map(|changed| changed.item)
    }
}

async fn what_is_scheduled_is_said_once_when_its_time_comes(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    let later = studio.schedule(&meera, page, "Good morning", HOUR).await;
    assert_eq!((later.state, later.version), (ScheduledState::Waiting, 1));
    assert!(studio.scheduled(&studio.nikhil, page).await.is_empty(), "nobody else sees it");
    let draft = KeepDraft { text: "Something else".into(), ..KeepDraft::default() };
    studio.kitaab.chat(&meera).keep_draft(studio.workspace, page, draft.into()).await.unwrap();

    studio.clock.advance(Duration::from_mins(59));
    studio.mail().await;
    assert!(studio.texts(&studio.nikhil, page).await.is_empty(), "it is a minute too early");
    studio.clock.advance(Duration::from_mins(1));
    studio.mail().await;
    studio.mail().await;
    assert_eq!(studio.texts(&studio.nikhil, page).await, ["Good morning"]);
    assert!(studio.scheduled(&meera, page).await.is_empty());
    let drafts = studio.kitaab.chat(&meera).drafts(studio.workspace, Input::default()).await.unwrap().items;
    assert_eq!(drafts.len(), 1, "what she is writing meanwhile stays");
    let said = studio.kitaab.chat(&meera).messages(studio.workspace, page, MessagesAsk::default().into()).await.unwrap().items.remove(0);
    assert_eq!(said.client_message_id, Some(later.id.to_string()), "its id is its key");
    assert_eq!(said.author.id, Some(id(&meera)));
    assert_eq!(code(studio.move_to(&meera, &later, HOUR).await), "not_found", "it is a message by now");
}

async fn until_then_its_author_changes_and_cancels_it(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    let (moved, cancelled) = (studio.schedule(&meera, page, "Moved", HOUR).await, studio.schedule(&meera, page, "Cancelled", HOUR).await);
    assert_eq!(code(studio.move_to(&studio.nikhil, &moved, HOUR).await), "not_found", "it is hers");
    let chat = studio.kitaab.chat(&meera);
    let change = UpdateScheduled { text: Some("Moved on".into()), due_at: Some(studio.kitaab.now().after(2 * HOUR)) };
    assert_eq!(chat.update_scheduled(studio.workspace, moved.id, change.clone().into(), Some(1)).await.unwrap().item.version, 2);
    assert_eq!(code(chat.update_scheduled(studio.workspace, moved.id, change.into(), Some(1)).await), "stale");
    chat.cancel_scheduled(studio.workspace, cancelled.id).await.unwrap();
    assert_eq!(code(chat.cancel_scheduled(studio.workspace, cancelled.id).await), "not_found");
    studio.clock.advance(HOUR);
    studio.mail().await;
    assert!(studio.texts(&meera, page).await.is_empty(), "neither at the old time");
    studio.clock.advance(HOUR);
    studio.mail().await;
    assert_eq!(studio.texts(&meera, page).await, ["Moved on"]);
}

async fn what_may_not_be_said_any_more_failed_and_can_be_tried_again(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    let later = studio.schedule(&meera, page, "Are you there?", HOUR).await;
    let archive = async |archived: bool| {
        let change = UpdateChannel { name: None, archived: Some(archived) };
        studio.kitaab.chat(&studio.nikhil).update_channel(studio.workspace, page, change.into(), None).await.unwrap();
    };
    archive(true).await;
    studio.clock.advance(HOUR);
    studio.mail().await;
    let failed = studio.scheduled(&meera, page).await.remove(0);
    assert_eq!((failed.state, failed.reason.as_deref()), (ScheduledState::Failed, Some("archived")));
    assert_eq!(code(studio.try_schedule(&meera, page, "Hello?", HOUR).await), "archived", "nothing new either");
    archive(false).await;
    let again = studio.move_to(&meera, &later, HOUR).await.unwrap();
    assert_eq!((again.state, again.reason), (ScheduledState::Waiting, None));
    studio.clock.advance(HOUR);
    studio.mail().await;
    assert_eq!(studio.texts(&meera, page).await, ["Are you there?"]);

    // Whoever is put out says nothing more, and nothing is kept of what they would have said.
    studio.schedule(&meera, page, "Still here", HOUR).await;
    studio.kitaab.chat(&studio.nikhil).remove_channel_member(studio.workspace, page, id(&meera)).await.unwrap();
    studio.clock.advance(HOUR);
    studio.mail().await;
    assert_eq!(studio.texts(&studio.nikhil, page).await, ["Are you there?"]);
}

async fn what_is_a_day_late_is_still_said_and_later_it_failed(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let page = studio.group("Page", &[]).await;
    studio.schedule(&studio.nikhil, page, "A day late", HOUR).await;
    studio.clock.advance(25 * HOUR);
    studio.schedule(&studio.nikhil, page, "Two days late", HOUR).await;
    studio.mail().await;
    studio.clock.advance(HOUR + 24 * HOUR + Duration::from_secs(1));
    studio.mail().await;
    assert_eq!(studio.texts(&studio.nikhil, page).await, ["A day late"]);
    let left = studio.scheduled(&studio.nikhil, page).await;
    let left: Vec<_> = left.iter().map(|each| (each.text.as_str(), each.state, each.reason.as_deref())).collect();
    assert_eq!(left, [("Two days late", ScheduledState::Failed, Some("too_late"))]);
}

async fn what_is_scheduled_has_a_time_and_an_end(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let page = studio.group("Page", &[]).await;
    assert_eq!(code(studio.try_schedule(&studio.nikhil, page, "x", Duration::ZERO).await), "invalid", "now is not later");
    assert_eq!(code(studio.try_schedule(&studio.nikhil, page, "x", 24 * 400 * HOUR).await), "invalid", "beyond a year");
    assert_eq!(code(studio.try_schedule(&studio.nikhil, page, "", HOUR).await), "invalid");
    let timeless = NewScheduled { text: "x".into(), ..NewScheduled::default() };
    assert_eq!(code(studio.kitaab.chat(&studio.nikhil).schedule(studio.workspace, page, timeless.into()).await), "invalid");
    for number in 0..100 {
        studio.schedule(&studio.nikhil, page, &number.to_string(), HOUR).await;
    }
    assert_eq!(code(studio.try_schedule(&studio.nikhil, page, "One too many", HOUR).await), "too_many_scheduled");
}

async fn the_staff_have_templates_that_are_filled_in_for_a_channel(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let website = studio.project("Website").await;
    let (mridul, _) = studio.client("Mridul", &[website]).await;
    let direct = studio.kitaab.chat(&meera).open_channel(studio.workspace, direct(&mridul).into()).await.unwrap().0.item.id;
    let new = |name: &str, text: &str, shared| NewTemplate { name: name.into(), text: text.into(), shared };
    let write = async |who: &Actor, new: NewTemplate| studio.kitaab.chat(who).create_template(studio.workspace, new.into()).await;
    let hello = write(&meera, new("Hello", "Dear {{client.name}}, it is {{today}}. {{me.name}}", false)).await.unwrap().item;
    let thanks = write(&studio.nikhil, new("Thanks", "Thank you for {{project.name}}.", true)).await.unwrap().item;
    let names = async |who: &Actor| {
        let found = studio.kitaab.chat(who).templates(studio.workspace, Input::default()).await.unwrap().items;
        found.into_iter().map(|template| template.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&meera).await, ["Thanks", "Hello"]);
    assert_eq!(names(&studio.nikhil).await, ["Thanks"], "hers are hers");
    assert_eq!(code(studio.kitaab.chat(&mridul).templates(studio.workspace, Input::default()).await), "not_found", "clients have none");
    assert_eq!(code(write(&mridul, new("Mine", "x", false)).await), "not_found");

    let ask = TemplatesAsk { channel_id: Some(direct), ..TemplatesAsk::default() };
    let filled = studio.kitaab.chat(&meera).templates(studio.workspace, ask.clone().into()).await.unwrap().items;
    let filled: Vec<String> = filled.into_iter().filter_map(|template| template.filled).collect();
    let today = studio.kitaab.now().to_string()[..10].to_owned();
    assert_eq!(filled, ["Thank you for {{project.name}}.".to_owned(), format!("Dear Mridul, it is {today}. Meera")]);
    assert_eq!(code(studio.kitaab.chat(&studio.nikhil).templates(studio.workspace, ask.into()).await), "invalid", "he is not in it");

    let chat = studio.kitaab.chat(&meera);
    let share = |shared| UpdateTemplate { shared: Some(shared), ..UpdateTemplate::default() };
    assert_eq!(code(chat.update_template(studio.workspace, thanks.id, share(false).into(), None).await), "forbidden");
    assert_eq!(chat.update_template(studio.workspace, hello.id, share(true).into(), Some(1)).await.unwrap().item.version, 2);
    assert_eq!(names(&studio.nikhil).await, ["Thanks", "Hello"]);
    studio.kitaab.chat(&studio.nikhil).delete_template(studio.workspace, hello.id).await.unwrap();
    assert_eq!(names(&meera).await, ["Thanks"]);
    assert_eq!(code(write(&meera, new("Odd", "{{weather}}", false)).await), "invalid");
}

on_both_engines! {
    what_is_scheduled_is_said_once_when_its_time_comes,
    until_then_its_author_changes_and_cancels_it,
    what_may_not_be_said_any_more_failed_and_can_be_tried_again,
    what_is_a_day_late_is_still_said_and_later_it_failed,
    what_is_scheduled_has_a_time_and_an_end,
    the_staff_have_templates_that_are_filled_in_for_a_channel,
}
