//! Posting without anybody who listens: one busy room, 64 workspaces, and 200 small rooms, each beside its rows by hand.

mod by_hand;
mod indexing;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kitaab_core::chat::NewMessage;
use kitaab_core::{Kitaab, Settings};

pub use self::by_hand::{Bare, Much};
use crate::callers::throughput;
use crate::crowd::{Crowd, next_id};
use crate::disk::print_flushes;
use crate::engine::Engine;
use crate::table::{head, ratio, row};

/// Callers of the busy room and of the 64 workspaces.
const CALLERS: usize = 32;
/// Of them who write.
const SENDERS: usize = 10;
const WORKSPACES: usize = 64;
const SMALL_ROOMS: usize = 200;
/// Callers by hand beside the small rooms.
const CLIENTS: usize = 8;

/// What is written, and what beside it by hand.
struct Case {
    name: &'static str,
    callers: usize,
    by_hand: [(Much, usize); 2],
    crowds: Arc<Vec<Crowd>>,
    beside: Arc<Vec<Crowd>>,
}

/// How long each way is measured, how often in turn, and which cases: those with these words in their engine and name.
pub struct Ask {
    pub seconds: f64,
    pub rounds: usize,
    pub only: String,
}

/// Measures on both engines.
pub async fn run(folder: &Path, ask: &Ask) -> anyhow::Result<()> {
    for engine in [Engine::sqlite(folder).await?, Engine::postgres(folder).await?] {
        print_flushes(folder, "before")?;
        println!();
        head(&["engine", "posts", "Kitaab, 1/s", "rows by hand, 1/s", "ratio", "all by hand or one row, 1/s", "ratio"]);
        let crowded = gather(&engine, 1, 100, 1, 100).await?;
        let beside = gather(&engine, 1, 100, 1, 100).await?;
        let full = [(Much::Rows, CALLERS), (Much::All, CALLERS)];
        measure(&engine, Case { name: "one room, 32 callers", callers: CALLERS, by_hand: full, crowds: crowded.clone(), beside }, ask)
            .await?;
        if engine.url().is_some() {
            let crowds = gather(&engine, WORKSPACES, SENDERS, 1, SENDERS).await?;
            let beside = gather(&engine, WORKSPACES, SENDERS, 1, SENDERS).await?;
            let case = Case { name: "64 workspaces, 32 callers", callers: CALLERS, by_hand: full, crowds, beside };
            measure(&engine, case, ask).await?;
        }
        let crowds = gather(&engine, 1, 3 * SMALL_ROOMS, SMALL_ROOMS, 3).await?;
        let beside = gather(&engine, 1, 3 * SMALL_ROOMS, SMALL_ROOMS, 3).await?;
        let ceiling = [(Much::Rows, CLIENTS), (Much::Message, CLIENTS)];
        let case = Case { name: "200 rooms of 3, 8 by hand", callers: SMALL_ROOMS, by_hand: ceiling, crowds, beside };
        measure(&engine, case, ask).await?;
        let case = Case { name: "one room, 32 callers", callers: CALLERS, by_hand: full, crowds: crowded.clone(), beside: crowded };
        indexing::measure(&engine, case, ask).await?;
        print_flushes(folder, "after")?;
    }
    Ok(())
}

async fn gather(engine: &Engine, crowds: usize, people: usize, channels: usize, in_each: usize) -> anyhow::Result<Arc<Vec<Crowd>>> {
    let mut all = Vec::new();
    for _ in 0..crowds {
        all.push(Crowd::gather(engine, people, channels, in_each).await?);
    }
    Ok(Arc::new(all))
}

async fn measure(engine: &Engine, case: Case, ask: &Ask) -> anyhow::Result<()> {
    let Ask { seconds, rounds, only } = ask;
    if !format!("{}, {}", engine.name(), case.name).contains(only) {
        return Ok(());
    }
    let seconds = *seconds;
    let bare = Bare::on(engine).await?;
    let settings = Settings { limits: false, ..Settings::default() };
    let kitaab = Kitaab::builder(engine.store().await?).settings(settings).build();
    let [first, second] = case.by_hand;
    posts(&kitaab, &case, 0.3).await?;
    let mut figures = Vec::new();
    for _ in 0..*rounds {
        let rows = bare.posts(&case.beside, first.0, first.1, seconds).await?;
        let ours = posts(&kitaab, &case, seconds).await?;
        figures.push((ours, rows, bare.posts(&case.beside, second.0, second.1, seconds).await?));
    }
    kitaab.store().close().await;
    figures.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let (ours, rows, other) = figures[figures.len() / 2];
    row(&[
        engine.name().into(),
        case.name.into(),
        format!("{ours:.0}"),
        format!("{rows:.0}"),
        ratio(ours, rows),
        format!("{other:.0}"),
        ratio(ours, other),
    ]);
    Ok(())
}

/// Posts through the use case. Each caller has workspaces and a room of its own as far as there are so many, and a turn
/// in each after the other.
async fn posts(kitaab: &Kitaab, case: &Case, seconds: f64) -> anyhow::Result<f64> {
    let (kitaab, crowds, callers) = (kitaab.clone(), Arc::clone(&case.crowds), case.callers);
    let turns: Vec<AtomicUsize> = (0..callers).map(|_| AtomicUsize::new(0)).collect();
    throughput(callers, seconds, move |caller| {
        let turn = turns[caller].fetch_add(1, Ordering::Relaxed);
        let crowd = &crowds[(caller + turn * callers) % crowds.len()];
        let channel = caller % crowd.channels.len();
        // In a small room its three people take turns, in a large one ten of the hundred write.
        let author = if crowd.channels.len() > 1 { 3 * channel + turn % 3 } else { caller % SENDERS };
        let (kitaab, workspace, channel, author) = (kitaab.clone(), crowd.workspace, crowd.channels[channel], crowd.people[author]);
        async move {
            let new = NewMessage {
                client_message_id: next_id().to_string(),
                text: "The drafts are in the folder, have a look before noon if you can.".into(),
                ..NewMessage::default()
            };
            kitaab.chat(&kitaab_core::access::Actor::person(author)).post(workspace, channel, new.into()).await?;
            Ok(())
        }
    })
    .await
}
