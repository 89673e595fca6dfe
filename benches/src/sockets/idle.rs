//! Many who only listen: what each costs, and how they come back.

use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use sqlx::{Connection, PgConnection};

use super::client::{Came, Socket, field};
use crate::crowd::{Crowd, next_id};
use crate::engine::Engine;
use crate::serve::Server;
use crate::table::{head, quantile, row};

/// What one who comes back has missed, and what each of all who come back at once has.
const MISSED: usize = 300;
const MISSED_BY_ALL: usize = 20;
/// How many connect at the same time while the number grows.
const DOORS: usize = 64;
const RESUMES: usize = 20;

/// Somebody who went away, and the last cursor they saw.
type Away = Vec<String>;

/// Opens so many sockets, each of a person of their own, all in one workspace and in one channel.
pub async fn run(engine: &Engine, program: &Path, sockets: usize) -> anyhow::Result<()> {
    let crowd = Crowd::gather(engine, sockets, 1, sockets).await?;
    let server = Server::on(engine, program).await?;
    // What the first ones bring into memory is there anyway.
    let warm = come(&server, &crowd, 0..50, None).await?.0;
    tokio::time::sleep(Duration::from_secs(7)).await;
    let base = server.resident()?;
    let (started, cpu) = (Instant::now(), server.cpu() + engine.cpu());
    let mut all = warm;
    for from in (50..sockets).step_by(DOORS) {
        all.extend(come(&server, &crowd, from..(from + DOORS).min(sockets), None).await?.0);
    }
    let took = started.elapsed();
    println!("\n{sockets} came in {took:.1?}");
    let count = sockets - 50;
    // Presence is told five seconds later.
    let mut listening = Vec::new();
    for socket in all {
        listening.push(tokio::spawn(listen(socket)));
    }
    tokio::time::sleep(Duration::from_secs(20)).await;
    let arrived = server.cpu() + engine.cpu() - cpu;
    let (resident, cpu) = (server.resident()?, server.cpu() + engine.cpu());
    tokio::time::sleep(Duration::from_secs(10)).await;
    let idle = (server.cpu() + engine.cpu() - cpu) / 10.0;
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    let each = (resident - base) / count as f64;
    println!();
    head(&["engine", "sockets", "base, MiB", "all, MiB", "KiB each", "CPU to arrive", "CPU of an idle second"]);
    row(&[
        engine.name().into(),
        sockets.to_string(),
        format!("{:.1}", base / 1024.0),
        format!("{:.1}", resident / 1024.0),
        format!("{each:.1}"),
        format!("{arrived:.1} s"),
        format!("{:.0} ms", idle * 1000.0),
    ]);
    for task in listening {
        task.abort();
    }
    tokio::time::sleep(Duration::from_secs(15)).await;
    resume(engine, &server, &crowd, sockets).await?;
    server.stop().await
}

async fn listen(mut socket: Socket) -> anyhow::Result<()> {
    loop {
        socket.next().await?;
    }
}

/// Some people come at once: their sockets, and their cursors. With cursors, each waits for what they missed.
async fn come(
    server: &Server,
    crowd: &Crowd,
    who: std::ops::Range<usize>,
    cursors: Option<(&Away, usize)>,
) -> anyhow::Result<(Vec<Socket>, Away, Vec<Duration>)> {
    let came = try_join_all(who.map(|number| async move {
        let started = Instant::now();
        let mut socket = Socket::open(server.port, crowd.people[number]).await?;
        let cursor = cursors.map(|(cursors, _)| cursors[number].as_str());
        let (mut at, recovered) = socket.subscribe(crowd.workspace, cursor).await?;
        anyhow::ensure!(recovered == cursors.is_some(), "not recovered");
        let mut missed = cursors.map_or(0, |(_, missed)| missed);
        while missed > 0 {
            if let Came::Events(count, text) = socket.next().await? {
                missed = missed.saturating_sub(count);
                field(&text, "cursor").unwrap_or_default().clone_into(&mut at);
            }
        }
        anyhow::Ok((socket, at, started.elapsed()))
    }))
    .await?;
    let (mut sockets, mut cursors, mut times) = (Vec::new(), Vec::new(), Vec::new());
    for (socket, cursor, time) in came {
        sockets.push(socket);
        cursors.push(cursor);
        times.push(time);
    }
    Ok((sockets, cursors, times))
}

/// One comes back to 300 events; then everybody at once to 20.
async fn resume(engine: &Engine, server: &Server, crowd: &Crowd, sockets: usize) -> anyhow::Result<()> {
    let (mut one, cursor, _) = come(server, crowd, 0..1, None).await?;
    let mut author = one.remove(0);
    post(&mut author, crowd, MISSED).await?;
    let mut times = Vec::new();
    for _ in 0..RESUMES {
        let (_, _, took) = come(server, crowd, 0..1, Some((&cursor, MISSED))).await?;
        times.extend(took);
    }
    let mut cursors = Vec::new();
    for from in (0..sockets).step_by(DOORS) {
        let (left, at, _) = come(server, crowd, from..(from + DOORS).min(sockets), None).await?;
        cursors.extend(at);
        drop(left);
    }
    author.close().await;
    let mut author = Socket::open(server.port, crowd.people[0]).await?;
    author.subscribe(crowd.workspace, None).await?;
    post(&mut author, crowd, MISSED_BY_ALL).await?;
    author.close().await;
    tokio::time::sleep(Duration::from_secs(15)).await;
    let (reads, cpu, started) = (reads(engine).await?, server.cpu() + engine.cpu(), Instant::now());
    let (_all, _, mut back) = come(server, crowd, 0..sockets, Some((&cursors, MISSED_BY_ALL))).await?;
    let took = started.elapsed();
    let cpu = server.cpu() + engine.cpu() - cpu;
    // The statistics come a second late.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let reads = self::reads(engine).await?.zip(reads).map_or("not counted".to_owned(), |(after, before)| (after - before).to_string());
    println!();
    head(&[
        "engine",
        "one back to 300 events, p50",
        "most",
        "all back at once to 20 each",
        "p50 of each",
        "p99 of each",
        "CPU",
        "scans of the log",
    ]);
    row(&[
        engine.name().into(),
        format!("{:.1?}", quantile(&mut times, 0.5)),
        format!("{:.1?}", quantile(&mut times, 1.0)),
        format!("{took:.1?}"),
        format!("{:.1?}", quantile(&mut back, 0.5)),
        format!("{:.1?}", quantile(&mut back, 0.99)),
        format!("{cpu:.1} s"),
        reads,
    ]);
    Ok(())
}

async fn post(author: &mut Socket, crowd: &Crowd, count: usize) -> anyhow::Result<()> {
    for _ in 0..count {
        author.post(crowd.channels[0], &next_id().to_string(), "The drafts are in the folder, have a look before noon.").await?;
        while !matches!(author.next().await?, Came::Answer(_)) {}
    }
    Ok(())
}

/// How often PostgreSQL has looked into the log.
async fn reads(engine: &Engine) -> anyhow::Result<Option<i64>> {
    let Some(url) = engine.url() else { return Ok(None) };
    let mut connection = PgConnection::connect(url).await?;
    let scans = "SELECT seq_scan + COALESCE(idx_scan, 0) FROM pg_stat_user_tables WHERE relname = 'events'";
    let (count,): (i64,) = sqlx::query_as(scans).fetch_one(&mut connection).await?;
    Ok(Some(count))
}
