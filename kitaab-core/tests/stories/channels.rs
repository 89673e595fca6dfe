//! Channels: who is in them, who sees them, and who hears what is said there.

use std::collections::BTreeSet;
use std::sync::Arc;

use kitaab_core::access::Actor;
use kitaab_core::chat::{ChannelKind, MessagesAsk, NewChannel, UpdateChannel};
use kitaab_core::event::{Feed, From, Heard};
use kitaab_core::ids::{ChannelId, ProjectId};
use kitaab_core::input::Input;
use kitaab_core::invitation::{InvitationToken, NewInvitation};
use kitaab_core::project::{ProjectGrant, Share, UpdateProject};
use kitaab_core::store::Store;

use crate::chat::{group, id, say};
use crate::common::{Studio, accept, code, email, for_client, freelancer, on_both_engines};

pub fn direct(peer: &Actor) -> NewChannel {
    NewChannel { kind: Some(ChannelKind::Direct), user_id: peer.user(), ..NewChannel::default() }
}

async fn who_is_in_the_channel_of_a_project_follows_from_the_project(store: Arc<dyn Store>) {
    let studio = Studio::on(store).await;
    let (website, shop) = (studio.project("Website").await, studio.project("Shop").await);
    let (mridul, card) = studio.client("Mridul", &[website]).await;
    let names = async |who: &Actor| {
        let mut names: Vec<String> = studio.channels(who).await.into_iter().filter_map(|channel| channel.name).collect();
        names.sort();
        names
    };
    assert_eq!(names(&mridul).await, ["Website"]);
    let grant = Some(ProjectGrant { tasks: false, comments: false, upload: false });
    studio.kitaab.projects(&studio.nikhil).share(studio.workspace, shop, card, Share { grant }.into()).await.unwrap();
    assert_eq!(names(&mridul).await, ["Shop", "Website"]);
    studio.kitaab.projects(&studio.nikhil).unshare(studio.workspace, website, card).await.unwrap();
    assert_eq!(names(&mridul).await, ["Shop"]);
    let channel = studio.channel_named(&mridul, "Shop").await.id;
    studio.kitaab.projects(&studio.nikhil).archive(studio.workspace, shop).await.unwrap();
    assert_eq!(names(&mridul).await, Vec::<String>::new(), "an archived project takes its channel along");
    assert_eq!(code(studio.kitaab.chat(&mridul).channel(studio.workspace, channel).await), "not_found");
    assert_eq!(code(studio.kitaab.chat(&studio.nikhil).post(studio.workspace, channel, say("Still?").into()).await), "archived");

    let meera = studio.colleague("Meera").await;
    assert_eq!(names(&meera).await, ["Shop", "Website"], "a colleague is in every channel of a project");
    let fixed = studio.kitaab.chat(&studio.nikhil).remove_channel_member(studio.workspace, channel, id(&meera)).await;
    assert_eq!(code(fixed), "membership_fixed");
    studio.kitaab.people(&studio.nikhil).remove(studio.workspace, id(&meera)).await.unwrap();
    let members = studio.kitaab.chat(&studio.nikhil).channel_members(studio.workspace, channel).await.unwrap().items;
    assert!(members.iter().all(|member| member.id != meera.user()), "who left the workspace is in none of its channels");
}

async fn a_direct_channel_is_made_once_and_is_for_two(store: Arc<dyn Store>) {
    let studio = Studio::on(store).await;
    let (website, shop) = (studio.project("Website").await, studio.project("Shop").await);
    let (mridul, _) = studio.client("Mridul", &[website]).await;
    let (farah, _) = studio.client("Farah", &[shop]).await;
    let open = async |who: &Actor, peer: &Actor| studio.kitaab.chat(who).open_channel(studio.workspace, direct(peer).into()).await;
    let (first, made) = open(&mridul, &studio.nikhil).await.unwrap();
    let (again, made_again) = open(&studio.nikhil, &mridul).await.unwrap();
    assert_eq!((first.item.id, made, made_again), (again.item.id, true, false));
    assert_eq!(first.item.peer.unwrap().display_name, "Nikhil");
    assert_eq!(again.item.peer.unwrap().display_name, "Mridul");
    // Clients who share nothing do not exist for each other.
    assert_eq!(code(open(&mridul, &farah).await), "invalid");
    assert_eq!(code(studio.kitaab.chat(&farah).channel(studio.workspace, first.item.id).await), "not_found");
    let members = studio.kitaab.people(&mridul).list(studio.workspace, Input::default()).await.unwrap().items;
    assert!(members.iter().all(|member| member.display_name != "Farah"));
    let mention = say(&format!("Do you know <@{}>?", id(&farah)));
    assert_eq!(code(studio.kitaab.chat(&mridul).post(studio.workspace, first.item.id, mention.into()).await), "invalid");
    // In a group they meet.
    let page = studio.group("Page", &[&mridul, &farah]).await;
    assert!(open(&mridul, &farah).await.is_ok());
    let hello = studio.post(&farah, page, "Hello").await;
    assert_eq!(studio.message(&mridul, hello.id).await.author.display_name, "Farah");
    studio.kitaab.chat(&studio.nikhil).remove_channel_member(studio.workspace, page, id(&farah)).await.unwrap();
    assert_eq!(studio.message(&mridul, hello.id).await.author.display_name, "Someone", "to a client, who left a channel is somebody");
    assert_eq!(
        code(studio.kitaab.chat(&farah).message(studio.workspace, hello.id).await),
        "not_found",
        "a link opens for those who are in"
    );
    assert_eq!(code(studio.kitaab.chat(&mridul).open_channel(studio.workspace, group("Mine", &[]).into()).await), "forbidden");
}

async fn who_left_is_written_to_no_more_until_they_are_back(store: Arc<dyn Store>) {
    let studio = Studio::on(store).await;
    let meera = studio.colleague("Meera").await;
    let open = async || studio.kitaab.chat(&studio.nikhil).open_channel(studio.workspace, direct(&meera).into()).await.unwrap().0.item;
    let channel = open().await.id;
    studio.post(&meera, channel, "I am off").await;
    studio.kitaab.people(&studio.nikhil).remove(studio.workspace, id(&meera)).await.unwrap();
    let alone = studio.kitaab.chat(&studio.nikhil).post(studio.workspace, channel, say("Are you there?").into()).await;
    assert_eq!(code(alone), "archived");
    assert_eq!(studio.page(&studio.nikhil, channel, MessagesAsk::default()).await.len(), 1, "what was said is left to be read");

    let role = Some(kitaab_core::access::Role::Member);
    studio.invite(NewInvitation { role, email: Some(email("Meera")), ..NewInvitation::default() }).await.unwrap();
    studio.mail().await;
    let token = studio.mailer.token_to(&email("Meera")).unwrap();
    studio.kitaab.invitations(&meera).accept(accept("Meera", &token).into(), None).await.unwrap();
    let back = open().await;
    assert_eq!((back.id, back.archived_at, back.peer.unwrap().id), (channel, None, meera.user()));
    studio.post(&studio.nikhil, channel, "Welcome back").await;
    assert_eq!(studio.page(&meera, channel, MessagesAsk::default()).await.len(), 2);
}

async fn a_group_is_joined_by_invitation_and_left(store: Arc<dyn Store>) {
    let studio = Studio::on(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Diwali sale", &[]).await;
    assert_eq!(code(studio.kitaab.chat(&meera).channel(studio.workspace, page).await), "not_found");
    studio.post(&studio.nikhil, page, "Before anybody came").await;
    studio.invite(NewInvitation { channel_ids: vec![page], ..for_client("Kiran", &[]) }).await.unwrap();
    studio.mail().await;
    let token = studio.mailer.token_to(&email("Kiran")).unwrap();
    let nobody = Actor::nobody();
    let preview = studio.kitaab.invitations(&nobody).preview(InvitationToken { token: token.clone().into() }.into()).await.unwrap();
    assert_eq!(preview.channels.iter().map(|channel| channel.name.as_str()).collect::<Vec<_>>(), ["Diwali sale"]);
    let joined = studio.kitaab.invitations(&nobody).accept(accept("Kiran", &token).into(), None).await.unwrap();
    let kiran = Actor::person(joined.user.id);
    assert_eq!(studio.channels(&kiran).await.iter().map(|channel| channel.name.clone().unwrap()).collect::<Vec<_>>(), ["Diwali sale"]);
    assert_eq!(studio.counts(&kiran, page).await, (0, 0), "who joins has read what was said before");
    assert_eq!(studio.page(&kiran, page, MessagesAsk::default()).await.len(), 1, "and sees it");

    studio.kitaab.chat(&studio.nikhil).add_channel_member(studio.workspace, page, id(&meera)).await.unwrap();
    let renamed = UpdateChannel { name: Some("Holi sale".into()), archived: None };
    studio.kitaab.chat(&meera).update_channel(studio.workspace, page, renamed.into(), None).await.unwrap();
    let by_kiran = UpdateChannel { name: Some("Mine".into()), archived: None };
    assert_eq!(code(studio.kitaab.chat(&kiran).update_channel(studio.workspace, page, by_kiran.into(), None).await), "forbidden");
    let remove_owner = studio.kitaab.chat(&meera).remove_channel_member(studio.workspace, page, id(&studio.nikhil)).await;
    assert_eq!(code(remove_owner), "owner_stays");
    studio.kitaab.chat(&kiran).remove_channel_member(studio.workspace, page, id(&kiran)).await.unwrap();
    assert!(studio.channels(&kiran).await.is_empty());
    let archived = UpdateChannel { name: None, archived: Some(true) };
    studio.kitaab.chat(&meera).update_channel(studio.workspace, page, archived.into(), None).await.unwrap();
    assert_eq!(code(studio.kitaab.chat(&meera).post(studio.workspace, page, say("Late").into()).await), "archived");
    assert_eq!(studio.page(&meera, page, MessagesAsk::default()).await.len(), 1, "it is left to be read");
}

/// Somebody, and what they hear.
struct Listener {
    who: Actor,
    feed: Option<Feed>,
}

impl Listener {
    /// The channels in which they heard somebody say this.
    async fn heard(&mut self, text: &str) -> BTreeSet<ChannelId> {
        let (mut channels, Some(feed)) = (BTreeSet::new(), &mut self.feed) else { return BTreeSet::new() };
        loop {
            let Heard::Batch(batch) = feed.now(100).await.unwrap() else { panic!("a batch") };
            for event in &batch.events {
                let event: serde_json::Value = serde_json::from_str(&event.json()).unwrap();
                if event["type"] == "message.created" && event["data"]["text"] == text {
                    channels.insert(event["channel_id"].as_str().unwrap().parse().unwrap());
                }
            }
            if !batch.more {
                return channels;
            }
        }
    }
}

/// Sharing, archiving, groups and direct channels, at random: after each step, what somebody lists is what they may look
/// into, and where nothing is archived it is where they hear what is said.
async fn what_one_lists_may_look_into_and_hears_is_the_same(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let projects: Vec<ProjectId> = vec![studio.project("Website").await, studio.project("Shop").await];
    let mut clients = Vec::new();
    for name in ["Mridul", "Farah", "Kiran"] {
        clients.push(studio.client(name, &[]).await);
    }
    let meera = studio.colleague("Meera").await;
    let pages = [studio.group("Page", &[]).await, studio.group("Sale", &[&meera]).await];
    let stranger = freelancer(&studio.kitaab, "Stranger").await.0;
    let mut people: Vec<Listener> = Vec::new();
    for who in clients.iter().map(|(who, _)| who).chain([&meera, &studio.nikhil, &stranger]) {
        let feed = studio.kitaab.follow(who, studio.workspace, From::Now).await.ok();
        people.push(Listener { who: who.clone(), feed });
    }
    // A fixed seed: the same course each time.
    let mut seed = 20_261_122_u64;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let mut all: BTreeSet<ChannelId> = studio.channels(&studio.nikhil).await.into_iter().map(|channel| channel.id).collect();
    let owner = studio.kitaab.projects(&studio.nikhil);
    let chat = studio.kitaab.chat(&studio.nikhil);
    for step in 0..40 {
        let ((client, card), project, page) = (clients[random(3)].clone(), projects[random(2)], pages[random(2)]);
        // What is asked twice, or for what is archived, is refused and changes nothing.
        match random(8) {
            0 | 1 => drop(owner.share(studio.workspace, project, card, Share { grant: Some(ProjectGrant::INVITED) }.into()).await),
            2 => drop(owner.unshare(studio.workspace, project, card).await),
            3 => drop(owner.archive(studio.workspace, project).await),
            4 => {
                let back = UpdateProject { archived: Some(false), ..UpdateProject::default() };
                drop(owner.update(studio.workspace, project, back.into(), None).await);
            }
            5 => drop(chat.add_channel_member(studio.workspace, page, id(&client)).await),
            6 => drop(chat.remove_channel_member(studio.workspace, page, id(&client)).await),
            _ => {
                let peer = if random(2) == 0 { &meera } else { &clients[random(3)].0 };
                if let Ok((opened, _)) = studio.kitaab.chat(&client).open_channel(studio.workspace, direct(peer).into()).await {
                    all.insert(opened.item.id);
                }
            }
        }
        let text = format!("after step {step}");
        let mut talked_in = BTreeSet::new();
        for channel in &all {
            for author in &people {
                if studio.kitaab.chat(&author.who).post(studio.workspace, *channel, say(&text).into()).await.is_ok() {
                    talked_in.insert(*channel);
                    break;
                }
            }
        }
        for person in &mut people {
            let listed = studio.kitaab.chat(&person.who).channels(studio.workspace, Input::default()).await;
            let listed: BTreeSet<ChannelId> =
                listed.map_or_else(|_| BTreeSet::new(), |page| page.items.iter().map(|channel| channel.id).collect());
            for channel in &all {
                let looks = studio.kitaab.chat(&person.who).channel(studio.workspace, *channel).await.is_ok();
                let reads = studio.kitaab.chat(&person.who).messages(studio.workspace, *channel, Input::default()).await.is_ok();
                assert_eq!((listed.contains(channel), reads), (looks, looks), "step {step}, {:?}", person.who.user());
            }
            let expected: BTreeSet<ChannelId> = listed.intersection(&talked_in).copied().collect();
            assert_eq!(person.heard(&text).await, expected, "step {step}, {:?}", person.who.user());
        }
    }
    assert!(all.len() > 4, "direct channels were opened on the way");
}

on_both_engines! {
    who_is_in_the_channel_of_a_project_follows_from_the_project,
    a_direct_channel_is_made_once_and_is_for_two,
    who_left_is_written_to_no_more_until_they_are_back,
    a_group_is_joined_by_invitation_and_left,
    what_one_lists_may_look_into_and_hears_is_the_same,
}
