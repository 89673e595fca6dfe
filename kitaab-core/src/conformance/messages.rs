//! Messages and what hangs on them.

use super::permits;
use super::world::{World, id, look, message, second};
use crate::access::Reach;
use crate::chat::{Around, Emoji, Marks, Message, MessageRow, PostKey, Version};
use crate::ids::MessageId;
use crate::page::Span;
use crate::store::{Closing, Store, StoreResult, Tx};

fn numbers(rows: &[MessageRow]) -> Vec<i64> {
    rows.iter().map(|row| row.message.seq).collect()
}

/// Says more on the page of the world, from number 2 on.
async fn say(tx: &mut dyn Tx, world: &World, said: &[Message]) -> StoreResult<()> {
    let (on_page, closing) = (permits::on_channel(world.workspace, world.page), Closing::forged(Some(world.workspace)));
    let count = i64::try_from(said.len()).unwrap_or(0);
    let numbered = tx.number_messages(&closing, &[(world.page, count)], second(0), look(0)).await?;
    assert_eq!(
        numbered.iter().map(|each| (each.channel_id, each.last_seq)).collect::<Vec<_>>(),
        [(world.page, said.last().map_or(0, |last| last.seq))]
    );
    let said: Vec<_> = said.iter().map(|each| (&*on_page, each)).collect();
    tx.insert_messages(&said, true).await
}

/// Every field, as it was said, as it was changed, and as a tombstone.
pub async fn a_message_is_kept_whole(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let made = Message {
        client_message_id: "Ünïcode 🙂".into(),
        text: Some("Line one\n\tline two 🙂".into()),
        reply_to: Some(world.message),
        thread_id: Some(world.message),
        quote_of: Some(world.message),
        ..message(world.page, 2, world.nikhil, "")
    };
    let on_it = permits::on_message(world.workspace, made.id);
    let mut tx = world.write(store).await?;
    say(&mut *tx, &world, std::slice::from_ref(&made)).await?;
    let row = tx.message(&on_it, Some(world.mridul)).await?.expect("it is there");
    assert_eq!((&row.message, row.author.display_name.as_str(), row.author_inside), (&made, "Nikhil", true));
    assert_eq!(tx.messages_told(&permits::within(world.workspace), &[made.id, id()]).await?.len(), 1, "what is gone is left out");
    let first = tx.message(&permits::on_message(world.workspace, world.message), None).await?.expect("it is there");
    assert_eq!(first.flags.reply_count, 1);

    let changed = Message { text: Some("Plain".into()), edited_at: Some(second(9)), ..made.clone() };
    assert_eq!(tx.edit_message(&on_it, &made, &changed).await?, 1);
    let more = Message { text: Some("Plainer".into()), edited_at: Some(second(10)), ..made.clone() };
    assert_eq!(tx.edit_message(&on_it, &changed, &more).await?, 2);
    assert_eq!(tx.message(&on_it, None).await?.expect("it is there").message, more);
    let versions = [
        Version { version: 1, text: "Line one\n\tline two 🙂".into(), at: made.created_at },
        Version { version: 2, text: "Plain".into(), at: second(9) },
    ];
    assert_eq!(tx.message_versions(&on_it).await?, versions);

    let thumb = Emoji::read("👍").expect("an emoji");
    assert!(tx.add_reaction(&on_it, world.mridul, &thumb, second(11)).await?);
    assert!(tx.add_pin(&on_it, &made, world.nikhil, second(11)).await?);
    assert!(tx.add_star(&on_it, world.mridul, second(11)).await?);
    tx.bury_message(&on_it, world.nikhil, second(12)).await?;
    let tombstone = tx.message(&on_it, Some(world.mridul)).await?.expect("it keeps its place");
    let expected =
        Message { text: None, quote_of: None, edited_at: None, deleted_at: Some(second(12)), deleted_by: Some(world.nikhil), ..made };
    assert_eq!((tombstone.message, tombstone.reactions, tombstone.flags.pinned, tombstone.flags.starred), (expected, vec![], false, false));
    assert!(tx.message_versions(&on_it).await?.is_empty());
    let first = tx.message(&permits::on_message(world.workspace, world.message), None).await?.expect("it is there");
    assert_eq!(first.flags.reply_count, 0, "a deleted reply is not counted");
    tx.commit().await
}

/// From any place, both ways, in the whole channel and in one thread.
pub async fn messages_page_from_any_place(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let said: Vec<Message> = (2..=12)
        .map(|seq| {
            let thread_id = (seq % 3 == 0).then_some(world.message);
            Message { thread_id, reply_to: thread_id, ..message(world.page, seq, world.nikhil, "more") }
        })
        .collect();
    let (on_page, on_first) = (permits::on_channel(world.workspace, world.page), permits::on_message(world.workspace, world.message));
    let mut tx = world.write(store).await?;
    say(&mut *tx, &world, &said).await?;
    let asks = [
        (Around::Before(i64::MAX), 3, vec![10, 11, 12]),
        (Around::Before(10), 4, vec![6, 7, 8, 9]),
        (Around::Before(2), 4, vec![1]),
        (Around::After(0), 3, vec![1, 2, 3]),
        (Around::After(10), 5, vec![11, 12]),
        (Around::After(12), 5, vec![]),
    ];
    for (around, limit, expected) in asks {
        assert_eq!(numbers(&tx.messages(&on_page, world.mridul, around, limit).await?), expected, "{around:?}");
    }
    let asks = [(Around::Before(i64::MAX), 2, vec![9, 12]), (Around::Before(9), 5, vec![3, 6]), (Around::After(3), 5, vec![6, 9, 12])];
    for (around, limit, expected) in asks {
        assert_eq!(numbers(&tx.replies(&on_first, world.mridul, around, limit).await?), expected, "{around:?}");
    }
    let people: Vec<_> = tx.thread_people(&on_first).await?.into_iter().map(|(person, inside)| (person.id, inside)).collect();
    assert_eq!(people, [(world.meera, true), (world.nikhil, true)], "first who began it");
    tx.commit().await
}

/// By its author's own name for it, in its channel; and what it hangs on is looked for there.
pub async fn a_post_is_known_again(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let key = |author, channel, name: &str| PostKey { author, channel, client_message_id: name.into() };
    let keys = [
        key(world.meera, world.page, "1"),
        key(world.nikhil, world.page, "1"),
        key(world.meera, world.website_channel, "1"),
        key(world.meera, world.page, "2"),
        key(id(), world.page, "1"),
    ];
    let mut tx = world.write(store).await?;
    let facts = tx.post_facts(world.workspace, &keys).await?;
    let repeated: Vec<Option<MessageId>> = facts.iter().map(|fact| fact.repeated).collect();
    assert_eq!(repeated[1..], [None, None, None, None]);
    assert_eq!(repeated[0], Some(world.message));
    assert_eq!((facts[2].project_id, facts[0].author_name.as_str()), (Some(world.website), "Meera"));
    let (on_page, elsewhere) =
        (permits::on_channel(world.workspace, world.page), permits::on_channel(world.workspace, world.website_channel));
    assert_eq!(tx.thread_of(&on_page, world.message).await?, Some(world.message));
    assert_eq!(tx.thread_of(&elsewhere, world.message).await?, None, "it is of another channel");
    tx.commit().await
}

/// Each once, by each person; a star is private, and they are listed newest first.
pub async fn marks_are_put_on_and_taken_off(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (nikhil, mridul) = (world.nikhil, world.mridul);
    let said: Vec<Message> = (2..=4).map(|seq| message(world.page, seq, nikhil, "more")).collect();
    let on_it = permits::on_message(world.workspace, world.message);
    let (thumb, heart) = (Emoji::read("👍").expect("an emoji"), Emoji::read("❤").expect("an emoji"));
    let mut tx = world.write(store).await?;
    say(&mut *tx, &world, &said).await?;
    for (who, emoji, is_new) in [(nikhil, &thumb, true), (nikhil, &thumb, false), (mridul, &thumb, true), (mridul, &heart, true)] {
        assert_eq!(tx.add_reaction(&on_it, who, emoji, second(5)).await?, is_new);
    }
    assert_eq!(tx.different_reactions(&on_it, &heart).await?, 1, "besides this one");
    let row = tx.message(&on_it, Some(nikhil)).await?.expect("it is there");
    let mut reactions: Vec<_> = row.reactions.iter().map(|each| (each.emoji.as_str(), each.count, each.me)).collect();
    reactions.sort_unstable();
    assert_eq!(reactions, [("❤️", 1, false), ("👍", 2, true)]);
    assert!(tx.remove_reaction(&on_it, nikhil, &thumb).await?);
    assert!(!tx.remove_reaction(&on_it, nikhil, &thumb).await?);

    let (first, _) = tx.hold_message(&on_it).await?.expect("it is there");
    assert!(tx.add_pin(&on_it, &first, nikhil, second(6)).await?);
    assert!(!tx.add_pin(&on_it, &first, mridul, second(7)).await?);
    assert_eq!(tx.count_pins(&on_it, &first).await?, 1);
    assert_eq!(numbers(&tx.pins(&permits::on_channel(world.workspace, world.page), mridul).await?), [1]);
    assert!(tx.remove_pin(&on_it, &first).await?);
    assert!(!tx.remove_pin(&on_it, &first).await?);

    for (each, at) in said.iter().zip([20, 30, 20]) {
        assert!(tx.add_star(&permits::on_message(world.workspace, each.id), mridul, second(at)).await?);
    }
    assert!(!tx.add_star(&permits::on_message(world.workspace, said[0].id), mridul, second(99)).await?);
    let within = permits::reaching(world.workspace, None, None, Reach::Inside);
    let (mut starred, mut after) = (Vec::new(), None);
    loop {
        let page = tx.starred(&within, mridul, &Span { after, limit: 2 }).await?;
        let Some((last, at)) = page.last() else { break };
        after = Some(Marks { at: *at, message: last.message.id });
        starred.extend(page.into_iter().map(|(row, _)| row.message.seq));
    }
    let mut tied = [(said[0].id, 2), (said[2].id, 4)];
    tied.sort_unstable();
    assert_eq!(starred, [3, tied[1].1, tied[0].1]);
    assert!(tx.starred(&within, nikhil, &super::world::all()).await?.is_empty(), "a star is private");
    assert!(tx.remove_star(&permits::on_message(world.workspace, said[0].id), mridul).await?);
    assert!(!tx.remove_star(&permits::on_message(world.workspace, said[0].id), mridul).await?);
    tx.commit().await
}

/// All their channels together, and the newest of what was said there without what was deleted.
pub async fn what_is_new_is_read_over_all_channels(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let said: Vec<Message> = (2..=4).map(|seq| message(world.page, seq, world.nikhil, "more")).collect();
    let within = permits::reaching(world.workspace, None, None, Reach::Inside);
    let mut tx = world.write(store).await?;
    say(&mut *tx, &world, &said).await?;
    tx.bury_message(&permits::on_message(world.workspace, said[1].id), world.nikhil, second(9)).await?;
    assert_eq!(tx.unread(&within, world.mridul).await?, 3, "the deleted one is not counted");
    assert_eq!(tx.unread(&within, world.nikhil).await?, 0, "who posts has read what was said before");
    assert_eq!(tx.newest_messages(&within, world.mridul, 3).await?, [said[2].id, said[0].id]);
    assert_eq!(tx.newest_messages(&within, id(), 2).await?, [] as [MessageId; 0], "of whoever is in none");
    tx.commit().await
}
