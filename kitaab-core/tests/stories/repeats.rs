//! Calls that are repeated because their answer was lost.

use std::sync::Arc;
use std::time::Duration;

use crate::common::{Studio, card, on_both_engines};
use kitaab_core::access::{IdempotencyKey, Origin};
use kitaab_core::client::ClientsAsk;
use kitaab_core::store::Store;

type Database = Arc<dyn Store>;

async fn a_repeat_with_the_same_key_answers_as_the_first_and_makes_nothing(db: Database) {
    let studio = Studio::on(db).await;
    let key = IdempotencyKey { key: uuid::Uuid::from_u128(1), call: "POST /clients".into() };
    let with_key = studio.nikhil.clone().from(Origin { idempotency: Some(key), ..Origin::default() });
    let clients = studio.kitaab.clients(&with_key);
    let first = clients.create(studio.workspace, card("Mridul").into()).await.unwrap();
    let second = clients.create(studio.workspace, card("Somebody else entirely").into()).await.unwrap();
    assert_eq!(first, second);
    let all = studio.kitaab.clients(&studio.nikhil).list(studio.workspace, ClientsAsk::default().into()).await.unwrap().items;
    assert_eq!(all.len(), 1);
    studio.clock.advance(Duration::from_hours(24));
    studio.kitaab.clients(&with_key).create(studio.workspace, card("Farah").into()).await.unwrap();
}

async fn parallel_repeats_make_one_client(db: Database) {
    let studio = Studio::on(db).await;
    let key = IdempotencyKey { key: uuid::Uuid::from_u128(2), call: "POST /clients".into() };
    let with_key = studio.nikhil.clone().from(Origin { idempotency: Some(key), ..Origin::default() });
    let tries: Vec<_> = (0..10)
        .map(|_| {
            let (kitaab, actor, workspace) = (studio.kitaab.clone(), with_key.clone(), studio.workspace);
            tokio::spawn(async move { kitaab.clients(&actor).create(workspace, card("Mridul").into()).await })
        })
        .collect();
    let mut ids = std::collections::HashSet::new();
    for one in tries {
        match one.await.unwrap() {
            Ok(single) => drop(ids.insert(single.item.id)),
            Err(error) => assert_eq!(error.code(), "in_progress"),
        }
    }
    assert_eq!(ids.len(), 1);
}

async fn a_repeated_invitation_does_not_show_its_link_again(db: Database) {
    let studio = Studio::on(db).await;
    let key = IdempotencyKey { key: uuid::Uuid::from_u128(3), call: "POST /invitations".into() };
    let with_key = studio.nikhil.clone().from(Origin { idempotency: Some(key), ..Origin::default() });
    let send = async || {
        studio.kitaab.invitations(&with_key).send(studio.workspace, crate::common::for_client("Mridul", &[]).into()).await.unwrap()
    };
    let (first, second) = (send().await.item, send().await.item);
    assert!(first.link.is_some());
    assert_eq!((second.id, second.link), (first.id, None));
}

on_both_engines! {
    a_repeat_with_the_same_key_answers_as_the_first_and_makes_nothing,
    parallel_repeats_make_one_client,
    a_repeated_invitation_does_not_show_its_link_again,
}
