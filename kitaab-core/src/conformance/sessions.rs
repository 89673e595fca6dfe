//! Sessions.

use super::permits;
use super::world::{at, hash, id, second, user};
use crate::account::{Session, User};
use crate::ids::UserId;
use crate::store::{Scope, Store, StoreResult};
use crate::time::Timestamp;

fn session(user_id: UserId, created_at: Timestamp) -> Session {
    Session {
        id: id(),
        user_id,
        created_at,
        last_seen_at: created_at,
        expires_at: second(3_600),
        authenticated_at: created_at,
        user_agent: Some("Firefox".into()),
    }
}

async fn somebody(store: &dyn Store) -> StoreResult<User> {
    let mridul = user("Mridul");
    let mut tx = store.write(Scope::Nobody).await?;
    assert!(tx.insert_user(&permits::instance(), &mridul, None).await?);
    tx.commit().await?;
    Ok(mridul)
}

/// By the hash of its token, with times to the microsecond.
pub async fn a_session_leads_to_its_person(store: &dyn Store) -> StoreResult<()> {
    let mridul = somebody(store).await?;
    let (own, anyone, key) = (permits::own(mridul.id), permits::instance(), hash());
    let mut session = session(mridul.id, at(123_457));
    let mut tx = store.write(Scope::Nobody).await?;
    tx.insert_session(&own, &session, &key).await?;
    tx.touch_session(&own, session.id, second(60)).await?;
    tx.touch_session(&own, session.id, second(30)).await?;
    tx.refresh_session(&own, session.id, second(90)).await?;
    tx.commit().await?;
    (session.last_seen_at, session.authenticated_at) = (second(60), second(90));
    let mut tx = store.write(Scope::Nobody).await?;
    assert_eq!(tx.session_by_hash(&anyone, &key).await?, Some((session, mridul.clone())), "seen last at the latest time it was seen");
    assert_eq!(tx.session_by_hash(&anyone, &hash()).await?, None);
    tx.erase_user(&own, "Former member", second(100)).await?;
    assert_eq!(tx.session_by_hash(&anyone, &key).await?, None, "of nobody who is still there");
    tx.commit().await
}

/// Only the newest stay.
pub async fn the_oldest_sessions_end_beyond_the_limit(store: &dyn Store) -> StoreResult<()> {
    let (mridul, meera) = (somebody(store).await?, somebody(store).await?);
    let own = permits::own(mridul.id);
    let mut tx = store.write(Scope::Nobody).await?;
    let mut kept = Vec::new();
    for n in [3, 1, 5, 2, 4] {
        let session = session(mridul.id, second(n));
        tx.insert_session(&own, &session, &hash()).await?;
        kept.push(session);
    }
    let others = session(meera.id, second(0));
    tx.insert_session(&permits::own(meera.id), &others, &hash()).await?;
    tx.trim_sessions(&own, 3).await?;
    kept.sort_by_key(|session| std::cmp::Reverse(session.created_at));
    kept.truncate(3);
    assert_eq!(tx.sessions(&own, second(10), second(-10)).await?, kept);
    assert_eq!(tx.sessions(&permits::own(meera.id), second(10), second(-10)).await?, [others], "another person's stay");
    tx.commit().await
}

/// Microseconds decide, and after them the id.
pub async fn sessions_of_one_second_keep_their_order(store: &dyn Store) -> StoreResult<()> {
    let mridul = somebody(store).await?;
    let own = permits::own(mridul.id);
    let mut made: Vec<_> = [3, 1, 2, 1, 0].into_iter().map(|micros| session(mridul.id, at(micros))).collect();
    let mut tx = store.write(Scope::Nobody).await?;
    for session in &made {
        tx.insert_session(&own, session, &hash()).await?;
    }
    made.sort_by_key(|session| std::cmp::Reverse((session.created_at, session.id)));
    assert_eq!(tx.sessions(&own, second(10), second(-10)).await?, made);
    tx.commit().await
}

/// One, all others, all; and only what still holds is listed.
pub async fn sessions_end_one_by_one_or_together(store: &dyn Store) -> StoreResult<()> {
    let mridul = somebody(store).await?;
    let own = permits::own(mridul.id);
    let mut tx = store.write(Scope::Nobody).await?;
    let sessions = [1, 2, 3, 4].map(|n| session(mridul.id, second(n)));
    for session in &sessions {
        tx.insert_session(&own, session, &hash()).await?;
    }
    let [first, second_one, third, fourth] = &sessions;
    assert_eq!(tx.sessions(&own, second(10), second(3)).await?, std::slice::from_ref(fourth), "the others were idle for too long");
    assert_eq!(tx.sessions(&own, second(3_600), second(0)).await?, [], "all have run out");
    assert!(!tx.delete_session(&permits::own(id()), first.id).await?, "not by somebody else");
    assert!(tx.delete_session(&own, first.id).await?);
    assert!(!tx.delete_session(&own, first.id).await?, "it ended before");
    tx.delete_sessions(&own, Some(third.id)).await?;
    assert_eq!(tx.sessions(&own, second(10), second(0)).await?, std::slice::from_ref(third), "{second_one:?} ended too");
    tx.delete_sessions(&own, None).await?;
    assert_eq!(tx.sessions(&own, second(10), second(0)).await?, []);
    tx.commit().await
}
