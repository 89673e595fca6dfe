//! Somebody who watches the event log while twelve write never sees a number that is followed by an older one later.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kitaab_core::conformance::world::{World, event};
use kitaab_core::store::Closing;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// Looks again and again until told to stop. Says at which look a number was missing below one that was there.
async fn watch(url: String, table: &'static str, stop: Arc<AtomicBool>) -> Option<String> {
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let look = format!("SELECT COALESCE(MAX(seq), 0), COUNT(*) FROM {table}");
    while !stop.load(Ordering::Relaxed) {
        let (last, count): (i64, i64) = sqlx::query_as(AssertSqlSafe(look.clone())).fetch_one(&mut connection).await.unwrap();
        if last != count {
            return Some(format!("the last number is {last}, and there are {count}"));
        }
    }
    None
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_log_has_no_gap_at_any_moment() {
    let (store, database) = crate::common::store().await;
    let world = World::found(&store).await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let watching = tokio::spawn(watch(database.url().to_owned(), "events", Arc::clone(&stop)));
    let writers: Vec<_> = (0..12)
        .map(|writer| {
            let (store, world) = (store.clone(), world.clone());
            tokio::spawn(async move {
                for round in 0..20 {
                    let mut tx = world.write(&store).await.unwrap();
                    tx.append_events(&Closing::forged(Some(world.workspace)), &[event(), event()], false).await.unwrap();
                    if (writer + round) % 4 == 0 {
                        drop(tx);
                    } else {
                        tx.commit().await.unwrap();
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    assert_eq!(watching.await.unwrap(), None);
    assert_eq!(database.say("SELECT COUNT(*), MAX(seq) FROM events").unwrap(), "360|360");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_bare_sequence_is_found_out() {
    let database = crate::common::database().await;
    database.say("CREATE TABLE naive (seq bigserial, writer integer)").unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let watching = tokio::spawn(watch(database.url().to_owned(), "naive", Arc::clone(&stop)));
    let writers: Vec<_> = (0..12)
        .map(|writer| {
            let url = database.url().to_owned();
            tokio::spawn(async move {
                let mut connection = PgConnection::connect(&url).await.unwrap();
                for _ in 0..20 {
                    connection.execute("BEGIN").await.unwrap();
                    connection.execute(AssertSqlSafe(format!("INSERT INTO naive (writer) VALUES ({writer})"))).await.unwrap();
                    connection.execute(if writer == 0 { "ROLLBACK" } else { "COMMIT" }).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    // One more look at what is there now, if the watcher was slow.
    let numbers = database.say("SELECT MAX(seq) = COUNT(*) FROM naive").unwrap();
    stop.store(true, Ordering::Relaxed);
    assert!(watching.await.unwrap().is_some() || numbers == "f");
}
