//! Channels, who is in them, and how far each has read.

use super::permits;
use super::world::{World, all, id, look, message, second};
use crate::access::Reach;
use crate::chat::{Channel, ChannelChange, ChannelKind, ChannelRow, ChannelStep, Position};
use crate::ids::{ChannelId, UserId};
use crate::page::Span;
use crate::project::ProjectGrant;
use crate::store::{Closing, Scope, Store, StoreResult};

fn ids(rows: Vec<ChannelRow>) -> Vec<ChannelId> {
    rows.into_iter().map(|row| row.channel.id).collect()
}

/// Each kind with its fields, as it was made and as it was changed; what one sees beside it is one's own.
pub async fn a_channel_is_kept_whole(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let on_page = permits::on_channel(world.workspace, world.page);
    let mut tx = world.write(store).await?;
    let page = tx.channel(&on_page, world.mridul).await?.expect("the group");
    assert_eq!((page.channel.kind, page.channel.name.as_deref(), page.channel.last_seq), (ChannelKind::Group, Some("Page"), 1));
    assert_eq!((page.read_seq, page.unread_count, page.mention_count), (0, 1, 1), "everybody was called");
    let own = tx.channel(&on_page, world.meera).await?.expect("the group");
    assert_eq!((own.unread_count, own.mention_count), (0, 0), "nobody is called by themselves");
    let site = tx.channel(&permits::on_channel(world.workspace, world.website_channel), world.nikhil).await?.expect("the project's");
    assert_eq!((site.channel.project_id, site.project_name.as_deref()), (Some(world.website), Some("Website")));

    let changed = Channel { name: Some("Seite 🙂".into()), archived_at: Some(second(3)), ..page.channel };
    assert!(tx.update_channel(&on_page, &changed, 1).await?);
    assert!(!tx.update_channel(&on_page, &changed, 1).await?, "it is of another version by now");
    let now = tx.channel(&on_page, world.nikhil).await?.expect("the group").channel;
    assert_eq!(now, Channel { version: 2, ..changed });
    let groups = permits::within(world.workspace);
    assert_eq!(tx.open_groups(&groups, &[world.page, world.website_channel]).await?, [], "one is archived and one no group");
    tx.commit().await
}

/// One of two people, whoever opens it; it is archived when one of them leaves, and the same one when they are back.
pub async fn a_direct_channel_is_of_two_people(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let World { workspace, nikhil, mridul, card, .. } = world;
    let (with_mridul, with_nikhil) = (permits::on_person(workspace, mridul), permits::on_person(workspace, nikhil));
    let closing = Closing::forged(Some(workspace));
    let new = Channel::direct(id(), nikhil, mridul, second(1));
    let mut tx = store.write(Scope::System(workspace)).await?;
    assert_eq!(tx.open_direct(&with_mridul, nikhil, &new).await?, (new.id, true));
    let mut both = vec![nikhil, mridul];
    both.sort_unstable();
    assert_eq!(tx.take_pair_in(&with_mridul, nikhil, new.id, second(1)).await?, both);
    let again = Channel::direct(id(), mridul, nikhil, second(2));
    assert_eq!(tx.open_direct(&with_nikhil, mridul, &again).await?, (new.id, false));
    assert_eq!(tx.take_pair_in(&with_nikhil, mridul, new.id, second(2)).await?, [] as [UserId; 0]);
    let on_it = permits::on_channel(workspace, new.id);
    let peer = tx.channel(&on_it, nikhil).await?.expect("it is there").peer.expect("the other one");
    assert_eq!((peer.id, peer.display_name.as_str()), (mridul, "Mridul"));

    tx.leave_client(&permits::on_person(workspace, mridul), second(3)).await?;
    assert!(tx.delete_membership(&permits::on_person(workspace, mridul)).await?);
    let steps = tx.keep_channels_in_step(&closing, mridul, second(3)).await?;
    let archived = ChannelStep { channel_id: new.id, project_id: None, change: ChannelChange::Archived };
    assert!(steps.contains(&archived), "{steps:?}");
    assert_eq!(steps.iter().filter(|step| step.change == ChannelChange::Left).count(), 3, "this one, the group and the project's");
    assert_eq!(tx.channel(&on_it, nikhil).await?.expect("it is there").channel.archived_at, Some(second(3)));
    assert_eq!(tx.keep_channels_in_step(&closing, mridul, second(4)).await?, [], "nothing is left to do");

    let door = permits::on_invitation(workspace, world.invitation);
    assert!(tx.insert_membership(&door, &super::world::membership(mridul, crate::access::Role::Client, Some(card))).await?);
    assert_eq!(tx.open_direct(&with_mridul, nikhil, &again).await?, (new.id, false));
    assert_eq!(tx.take_pair_in(&with_mridul, nikhil, new.id, second(5)).await?, [mridul]);
    assert_eq!(tx.channel(&on_it, nikhil).await?.expect("it is there").channel.archived_at, None);
    tx.commit().await
}

/// Page by page, newest first; of a project only while it is not archived, for a client.
pub async fn channels_page_without_holes_or_doubles(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let within = permits::within(world.workspace);
    let inside = permits::reaching(world.workspace, None, None, Reach::Inside);
    let mut made = Vec::new();
    let mut tx = world.write(store).await?;
    for n in 0..7 {
        let group = Channel::group(id(), format!("{n}"), second(n));
        tx.insert_channel(&within, &group).await?;
        let people = if n % 2 == 0 { vec![world.nikhil, world.mridul] } else { vec![world.nikhil] };
        tx.take_people_in(&within, group.id, &people, second(n)).await?;
        made.push(group.id);
    }
    tx.commit().await?;
    let mut tx = world.read(store).await?;
    let whole = ids(tx.channels(&inside, world.nikhil, &all()).await?);
    assert!(whole.iter().is_sorted_by(|one, next| one > next) && made.iter().all(|channel| whole.contains(channel)));
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let page = ids(tx.channels(&inside, world.nikhil, &Span { after, limit: 2 }).await?);
        if page.is_empty() {
            break;
        }
        after = page.last().copied();
        paged.extend(page);
    }
    assert_eq!(paged, whole);
    let hers = ids(tx.channels(&inside, world.mridul, &all()).await?);
    let expected = made.iter().step_by(2).copied().chain([world.page, world.website_channel]);
    assert_eq!(hers.iter().copied().collect::<std::collections::BTreeSet<_>>(), expected.collect());
    drop(tx);

    let site = permits::on_project(world.workspace, world.website);
    let mut tx = world.write(store).await?;
    let project = tx.project(&site).await?.expect("the project");
    assert!(tx.update_project(&site, &crate::project::Project { archived_at: Some(second(9)), ..project.clone() }, project.version).await?);
    assert_eq!(tx.archive_project_channel(&site, Some(second(9))).await?, Some(world.website_channel));
    assert!(!ids(tx.channels(&inside, world.mridul, &all()).await?).contains(&world.website_channel));
    assert!(ids(tx.channels(&inside, world.nikhil, &all()).await?).contains(&world.website_channel));
    tx.commit().await
}

/// Whoever is put on a project comes into its channel, and whoever is taken off it leaves.
pub async fn channels_of_projects_keep_in_step(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let World { workspace, mridul, card, .. } = world;
    let closing = Closing::forged(Some(workspace));
    let shop = Channel::of_project(id(), world.shop, second(1));
    let mut tx = world.write(store).await?;
    tx.insert_channel(&permits::within(workspace), &shop).await?;
    tx.take_staff_in(&permits::within(workspace), shop.id, second(1)).await?;
    let on_it = permits::on_channel(workspace, shop.id);
    let mut staff = vec![world.nikhil, world.meera];
    staff.sort_unstable();
    let inside: Vec<UserId> = tx.channel_members(&on_it).await?.iter().map(|member| member.person.id).collect();
    assert_eq!(inside, staff);

    let site = permits::on_project(workspace, world.shop);
    assert!(tx.put_collaborator(&site, card, ProjectGrant::INVITED, second(2)).await?);
    let step = |change| ChannelStep { channel_id: shop.id, project_id: Some(world.shop), change };
    assert_eq!(tx.keep_channels_in_step(&closing, mridul, second(2)).await?, [step(ChannelChange::Joined)]);
    assert!(tx.is_in_channel(&on_it, mridul).await?);
    assert!(tx.delete_collaborator(&site, card).await?);
    assert_eq!(tx.keep_channels_in_step(&closing, mridul, second(3)).await?, [step(ChannelChange::Left)]);
    assert!(!tx.is_in_channel(&on_it, mridul).await?);
    assert!(tx.put_person_out(&permits::on_channel(workspace, world.page), mridul).await?);
    assert!(!tx.put_person_out(&permits::on_channel(workspace, world.page), mridul).await?);
    tx.commit().await
}

/// Forward alone, not beyond the newest message, and back only when something is marked unread, which is not unseen.
pub async fn a_position_moves_forward(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (on_page, closing) = (permits::on_channel(world.workspace, world.page), Closing::forged(Some(world.workspace)));
    let mut tx = world.write(store).await?;
    tx.number_messages(&closing, &[(world.page, 4)], second(0), look(0)).await?;
    for seq in 2..=5 {
        tx.insert_messages(&[(&on_page, &message(world.page, seq, world.nikhil, "and another thing"))], true).await?;
    }
    let moves = [
        (Position::Forward(2), true, 2, 3),
        (Position::Forward(1), false, 2, 3),
        (Position::Forward(99), true, 5, 0),
        (Position::Before(4), true, 3, 2),
        (Position::Before(4), false, 3, 2),
    ];
    for (to, changes, read_seq, unread) in moves {
        assert_eq!(tx.move_position(&on_page, world.meera, to, second(7)).await?, changes, "{to:?}");
        let own = tx.own_position(&on_page, world.meera).await?.expect("she is in it").0;
        assert_eq!((own.read_seq, own.unread_count), (read_seq, unread), "{to:?}");
    }
    let seen = tx.receipts(&on_page).await?.into_iter().find(|receipt| receipt.user_id == world.meera).expect("hers");
    assert_eq!(seen.seq, 5);
    assert_eq!(tx.own_position(&on_page, id()).await?, None, "of whoever is not in it");
    tx.commit().await
}
