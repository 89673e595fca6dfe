//! Searching a million messages over 500 channels, as the owner and as a client who sees 20 of them, beside as many in other
//! workspaces; and the inbox of 500 channels. Beside it the candidates alone, asked of the engine by hand, without any fence.

mod fill;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use kitaab_core::access::Actor;
use kitaab_core::chat::InboxAsk;
use kitaab_core::ids::WorkspaceId;
use kitaab_core::search::SearchAsk;

use crate::overview::bare::Bare;
use crate::place::{Place, postgres, sqlite};
use crate::table::{head, quantile, ratio, row};

const ROUNDS: u32 = 100;

/// Measures both engines, with so many messages here and, in steps, so many times as many elsewhere.
pub async fn run(folder: &Path, messages: u32, others: &[u32], only: &str) -> anyhow::Result<()> {
    if "sqlite".contains(only) {
        let (_room, path, store) = sqlite(folder).await?;
        let place = Place::on(store).await?;
        let bare = Bare::sqlite(&path).await?;
        on("SQLite", &place, &bare, messages, others).await?;
    }
    if "postgres".contains(only) {
        let (_server, database, store) = postgres().await?;
        let place = Place::on(store).await?;
        let bare = Bare::postgres(database.url(), place.workspace, place.nikhil.user().context("a person")?).await?;
        on("PostgreSQL", &place, &bare, messages, others).await?;
    }
    Ok(())
}

async fn on(engine: &str, place: &Place, bare: &Bare, messages: u32, others: &[u32]) -> anyhow::Result<()> {
    let (mridul, _) = place.client().await?;
    let (owner, client) = (bare.id(place.nikhil.user().context("a person")?.0), bare.id(mridul.user().context("a person")?.0));
    bare.fill(&fill::channels(bare, place.workspace, &owner, &client)).await?;
    let started = Instant::now();
    bare.fill(&fill::messages(bare, place.workspace, &client, messages, 1_000, true)).await?;
    println!("\n{engine}: {messages} messages in {:.0?}\n", started.elapsed());
    head(&["engine", "who", "elsewhere", "query", "p50", "p95", "candidates by hand, p50", "ratio"]);
    let mut there = 0;
    for more in others {
        for n in there..*more {
            let workspace = WorkspaceId(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(n)));
            bare.fill(&fill::messages(bare, workspace, &owner, messages, 2_000 + n, false)).await?;
        }
        there = *more;
        bare.settle().await?;
        for (who, actor) in [("owner", &place.nikhil), ("client", &mridul)] {
            // A client's rare words are in the client's channels.
            let rare = |round: u32| fill::rare(if who == "owner" { round * 991 % 100_000 } else { round * 500 + round % 20 });
            measure(engine, who, *more, place, bare, actor, "rare word", &rare).await?;
            measure(engine, who, *more, place, bare, actor, "1 of 100", &|_| "quotation".into()).await?;
            measure(engine, who, *more, place, bare, actor, "1 of 10", &|_| "invoice".into()).await?;
            measure(engine, who, *more, place, bare, actor, "three letters", &|round| ["ino", "bab", "voi"][round as usize % 3].into())
                .await?;
            measure(engine, who, *more, place, bare, actor, "two letters", &|round| ["zz", "zq", "qx"][round as usize % 3].into()).await?;
            if who == "client" {
                measure(engine, who, *more, place, bare, actor, "1 of 10, elsewhere", &|_| "settlement".into()).await?;
            }
            measure(engine, who, *more, place, bare, actor, "nothing", &|round| format!("nowhere{round}")).await?;
        }
    }
    println!();
    for limit in [50, 200] {
        let mut samples = Vec::new();
        for _ in 0..ROUNDS {
            let ask = InboxAsk { limit: Some(limit), ..InboxAsk::default() };
            let started = Instant::now();
            let page = place.kitaab.chat(&place.nikhil).inbox(place.workspace, ask.into()).await?;
            samples.push(started.elapsed());
            anyhow::ensure!(page.items.len() == limit as usize && page.items[0].own.unread_count > 0, "an inbox");
        }
        let (half, most) = (quantile(&mut samples, 0.5), quantile(&mut samples, 0.95));
        println!("{engine}: inbox of 500 channels, a page of {limit}: p50 {half:.2?}, p95 {most:.2?}");
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "a row of a table")]
async fn measure(
    engine: &str,
    who: &str,
    elsewhere: u32,
    place: &Place,
    bare: &Bare,
    actor: &Actor,
    what: &str,
    query: &dyn Fn(u32) -> String,
) -> anyhow::Result<()> {
    let (mut ours, mut by_hand): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
    let (mut partial, mut found) = (0, 0);
    for round in 0..ROUNDS {
        let ask = SearchAsk { q: query(round), ..SearchAsk::default() };
        let started = Instant::now();
        let results = place.kitaab.search(actor).find(place.workspace, ask.into()).await?;
        ours.push(started.elapsed());
        partial += u32::from(results.partial);
        found += results.items.len();
        anyhow::ensure!(
            ["nothing", "two letters", "1 of 10, elsewhere"].contains(&what) || !results.items.is_empty(),
            "{what} found nothing"
        );
        if let Some(took) = candidates(bare, place.workspace, &query(round)).await? {
            by_hand.push(took);
        }
    }
    let (half, most) = (quantile(&mut ours, 0.5), quantile(&mut ours, 0.95));
    let bare_half = if by_hand.is_empty() { None } else { Some(quantile(&mut by_hand, 0.5)) };
    row(&[
        engine.into(),
        who.into(),
        format!("{elsewhere} ×"),
        format!("{what} ({} found{})", found / ROUNDS as usize, if partial > 0 { format!(", {partial} partial") } else { String::new() }),
        format!("{half:.2?}"),
        format!("{most:.2?}"),
        bare_half.map_or_else(|| "–".into(), |half| format!("{half:.2?}")),
        bare_half.map_or_else(|| "–".into(), |bare| ratio(half.as_secs_f64(), bare.as_secs_f64())),
    ]);
    Ok(())
}

/// The newest fifty that match, from the index alone; none for what no index has.
async fn candidates(bare: &Bare, workspace: WorkspaceId, term: &str) -> anyhow::Result<Option<Duration>> {
    if term.len() < 3 {
        return Ok(None);
    }
    let w = bare.id(workspace.0);
    let trigrams = (0..term.len() - 2).map(|at| &term[at..at + 3]);
    let statement = match bare {
        Bare::Sqlite(_) => {
            let trigrams: Vec<String> = trigrams.map(|three| format!("\"{three}\"")).collect();
            format!(
                "SELECT d.id FROM (SELECT rowid AS place FROM search_text WHERE search_text MATCH '{}' AND rowid BETWEEN 1000 << 41 AND (1001 << 41) - 1
                ORDER BY rowid DESC LIMIT 50) t JOIN search_documents d ON d.place = t.place",
                trigrams.join(" AND ")
            )
        }
        Bare::Postgres { .. } => {
            let own = workspace.0.to_string();
            let keys: Vec<String> = trigrams.map(|three| format!("'{}{three}'", &own[own.len() - 4..])).collect();
            format!(
                "SELECT id FROM search_documents WHERE kitaab_keys(workspace_id, channel_id, project_id, folded, grams) @> ARRAY[{}]
                AND workspace_id = {w} AND folded LIKE '%{term}%' ORDER BY id DESC LIMIT 50",
                keys.join(", ")
            )
        }
    };
    let started = Instant::now();
    bare.ask_unfenced(&statement).await?;
    Ok(Some(started.elapsed()))
}
