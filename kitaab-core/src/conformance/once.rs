//! Idempotency keys.

use uuid::Uuid;

use super::permits;
use super::together::together;
use super::world::{World, all, client, number, second};
use crate::access::IdempotencyKey;
use crate::store::{ClientFilter, Closing, Repeat, Scope, Store, StoreError, StoreResult};

fn key() -> IdempotencyKey {
    IdempotencyKey { key: Uuid::from_u128(number()), call: "POST /clients".into() }
}

/// The same key by the same person on the same call gives the first answer again; anything else is new.
pub async fn a_key_is_answered_with_the_first_answer(store: &dyn Store) -> StoreResult<()> {
    let (world, key) = (World::found(store).await?, key());
    let closing = Closing::forged(Some(world.workspace));
    let mut tx = world.write(store).await?;
    assert_eq!(tx.claim_key(&closing, world.nikhil, &key, second(0)).await?, Repeat::First);
    tx.keep_answer(&closing, world.nikhil, &key, r#"{"id":1}"#, second(10)).await?;
    tx.commit().await?;

    let mut tx = world.write(store).await?;
    let again = tx.claim_key(&closing, world.nikhil, &key, second(0)).await?;
    assert_eq!(again, Repeat::Answered(r#"{"id":1}"#.into()));
    assert_eq!(tx.claim_key(&closing, world.meera, &key, second(0)).await?, Repeat::First, "another person");
    let elsewhere = IdempotencyKey { call: "POST /projects".into(), ..key.clone() };
    assert_eq!(tx.claim_key(&closing, world.nikhil, &elsewhere, second(0)).await?, Repeat::First, "another call");
    assert_eq!(tx.claim_key(&closing, world.nikhil, &key, second(10)).await?, Repeat::First, "it was answered too long ago");
    tx.keep_answer(&closing, world.nikhil, &key, "2", second(20)).await?;
    assert_eq!(tx.claim_key(&closing, world.nikhil, &key, second(10)).await?, Repeat::Answered("2".into()), "answered anew");
    tx.commit().await
}

/// Of several calls at the same time one has effect; the others are told to wait, or get its answer.
pub async fn a_key_has_effect_once(store: &dyn Store) -> StoreResult<()> {
    let (world, key) = (&World::found(store).await?, &key());
    let closing = &Closing::forged(Some(world.workspace));
    let calls = together((0..8).map(|n| async move {
        loop {
            let mut tx = world.write(store).await?;
            match tx.claim_key(closing, world.nikhil, key, second(0)).await? {
                Repeat::First => {
                    assert!(tx.insert_client(&permits::within(world.workspace), &client("Once")).await?);
                    tx.keep_answer(closing, world.nikhil, key, &n.to_string(), second(1)).await?;
                    tx.commit().await?;
                    return Ok::<_, StoreError>(n.to_string());
                }
                Repeat::Running => {
                    drop(tx);
                    tokio::task::yield_now().await;
                }
                Repeat::Answered(answer) => {
                    tx.commit().await?;
                    return Ok(answer);
                }
            }
        }
    }))
    .await;
    let answers = calls.into_iter().collect::<StoreResult<Vec<_>>>()?;
    assert!(answers.iter().all(|answer| *answer == answers[0]), "all got the first answer: {answers:?}");
    let mut tx = store.read(Scope::System(world.workspace)).await?;
    let filter = ClientFilter { part: Some("once".into()), archived: false };
    assert_eq!(tx.clients(&permits::within(world.workspace), &filter, &all()).await?.len(), 1);
    Ok(())
}

/// What is old enough is forgotten.
pub async fn answers_are_forgotten(store: &dyn Store) -> StoreResult<()> {
    let (world, key) = (World::found(store).await?, key());
    let (closing, within) = (Closing::forged(Some(world.workspace)), permits::within(world.workspace));
    let mut tx = world.write(store).await?;
    tx.keep_answer(&closing, world.nikhil, &key, "1", second(10)).await?;
    assert_eq!(tx.sweep_answers(&within, second(10)).await?, 0);
    assert_eq!(tx.sweep_answers(&within, second(11)).await?, 1);
    assert_eq!(tx.claim_key(&closing, world.nikhil, &key, second(0)).await?, Repeat::First);
    tx.commit().await
}
