//! Pages of 50 messages at any depth of a long channel, over HTTP.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::crowd::{Crowd, token};
use crate::disk::print_flushes;
use crate::engine::Engine;
use crate::http::Line;
use crate::serve::Server;
use crate::table::{head, quantile, ratio, row};

/// How far down, as a share of the channel, from its newest message.
const DEPTHS: [(&str, f64); 6] = [("newest", 0.0), ("10 %", 0.1), ("25 %", 0.25), ("half", 0.5), ("90 %", 0.9), ("deepest", 1.0)];
/// How far apart the pages of one depth are.
const APART: i64 = 37;
const AUTHORS: usize = 10;

/// Fills a channel with so many messages and their events, and asks for pages at every depth in turn.
pub async fn run(folder: &Path, server: &Path, messages: i64, rounds: usize) -> anyhow::Result<()> {
    for engine in [Engine::sqlite(folder).await?, Engine::postgres(folder).await?] {
        let crowd = Crowd::gather(&engine, AUTHORS, 1, AUTHORS).await?;
        let started = Instant::now();
        engine.fill(&rows(&engine, &crowd, messages)).await?;
        engine.settle().await?;
        println!("\n{}: {messages} messages and their events in {:.0?}", engine.name(), started.elapsed());
        print_flushes(folder, "after that")?;
        println!();
        head(&["engine", "depth", "p50", "p99", "p50 to the newest's"]);
        let running = Server::on(&engine, server).await?;
        ask(&engine, &crowd, running.port, messages, rounds).await?;
        running.stop().await?;
    }
    Ok(())
}

async fn ask(engine: &Engine, crowd: &Crowd, port: u16, messages: i64, rounds: usize) -> anyhow::Result<()> {
    let (mut line, bearer) = (Line::to(port).await?, token(crowd.people[1]).reveal());
    let mut samples: Vec<Vec<Duration>> = DEPTHS.iter().map(|_| Vec::new()).collect();
    // The first tenth warms up.
    for round in 0..rounds + rounds / 10 {
        for (samples, (_, depth)) in samples.iter_mut().zip(DEPTHS) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a number of a message")]
            let down = (messages as f64 * depth) as i64;
            let step = APART * i64::try_from(round % 50)?;
            let before = (messages + 1 - down - step).max(51 + step);
            let path = format!("/api/v1/workspaces/{}/channels/{}/messages?before={before}", crowd.workspace, crowd.channels[0]);
            let started = Instant::now();
            let (status, body) = line.get(&path, Some(&bearer)).await?;
            let took = started.elapsed();
            anyhow::ensure!(status == 200 && body.len() > 10_000, "{status} {}", String::from_utf8_lossy(&body));
            if round >= rounds / 10 {
                samples.push(took);
            }
        }
    }
    let newest = quantile(&mut samples[0], 0.5);
    for (samples, (depth, _)) in samples.iter_mut().zip(DEPTHS) {
        let (half, most) = (quantile(samples, 0.5), quantile(samples, 0.99));
        row(&[
            engine.name().into(),
            depth.into(),
            format!("{half:.2?}"),
            format!("{most:.2?}"),
            ratio(half.as_secs_f64(), newest.as_secs_f64()),
        ]);
    }
    Ok(())
}

/// The rows of a long conversation, as its posts would have left them.
fn rows(engine: &Engine, crowd: &Crowd, messages: i64) -> Vec<String> {
    let (w, c) = (engine.id(crowd.workspace.0), engine.id(crowd.channels[0].0));
    let authors: Vec<String> =
        crowd.people.iter().enumerate().map(|(n, user)| format!("SELECT {n} AS k, {} AS id", engine.id(user.0))).collect();
    let authors = format!("({}) a", authors.join(" UNION ALL "));
    let (series, id): (String, fn(i64) -> String) = match engine {
        Engine::Sqlite { .. } => {
            (format!("(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {messages}) SELECT n FROM s) s"), |shift| {
                format!("unhex(printf('%012x70008000%012x', {shift} + s.n, s.n))")
            })
        }
        Engine::Postgres { .. } => (format!("generate_series(1::bigint, {messages}) AS s(n)"), |shift| {
            format!("(lpad(to_hex({shift} + s.n), 12, '0') || '70008000' || lpad(to_hex(s.n), 12, '0'))::uuid")
        }),
    };
    // Within the last half hour: older events would be swept while the questions are asked.
    let begun = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros()) - 1_800_000_000;
    let at = engine.at(&format!("{begun} + s.n * 1000"));
    let (message, event) = (id(1_777_636_800_000), id(1_877_636_800_000));
    vec![
        format!(
            "INSERT INTO messages (workspace_id, channel_id, seq, id, author_id, client_message_id, text, created_at)
            SELECT {w}, {c}, s.n, {message}, a.id, 'm' || s.n,
                'Number ' || s.n || ': the drafts are in the folder, **have a look** before noon if you can, and tell me.', {at}
            FROM {series} JOIN {authors} ON a.k = s.n % {AUTHORS} ORDER BY s.n"
        ),
        format!(
            "INSERT INTO events (workspace_id, channel_id, seq, id, actor_id, subject_id, at, kind, audience, audience_id, tag)
            SELECT {w}, {c}, s.n, {event}, a.id, {message}, {at}, 'message.created', 'channel', {c}, 7
            FROM {series} JOIN {authors} ON a.k = s.n % {AUTHORS} ORDER BY s.n"
        ),
        format!("UPDATE channels SET last_seq = {messages} WHERE workspace_id = {w} AND id = {c}"),
        format!("UPDATE event_head SET seq = {messages} WHERE workspace_id = {w}"),
    ]
}
