//! The server with sockets: a busy room beside a bare broadcast, small rooms beside single rows, how long a message takes,
//! and many who only listen.

pub mod bare;
mod client;
mod idle;
mod talk;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use self::bare::Bare;
use self::client::Socket;
use self::talk::{Guest, Pace, Talk, talk};
use crate::chat::{Bare as Engines, Much};
use crate::crowd::Crowd;
use crate::disk::print_flushes;
use crate::engine::Engine;
use crate::serve::Server;
use crate::table::{head, quantile, ratio, row};

/// People in the busy room, and of them who send.
const PEOPLE: usize = 100;
const SENDERS: usize = 10;
const SMALL_ROOMS: usize = 200;
/// Messages a second at the rate that delays are measured at.
const RATE: u32 = 200;

/// What is measured.
pub struct Ask {
    pub folder: PathBuf,
    pub server: PathBuf,
    /// Seconds of each closed loop, and of the steady rate.
    pub seconds: (f64, f64),
    pub rounds: usize,
    pub sockets: usize,
    pub only: Option<String>,
}

impl Ask {
    fn wants(&self, what: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == what)
    }
}

/// Measures on both engines.
pub async fn run(ask: &Ask) -> anyhow::Result<()> {
    many_files()?;
    for name in ["sqlite", "postgres"] {
        let engine = if name == "sqlite" { Engine::sqlite(&ask.folder).await? } else { Engine::postgres(&ask.folder).await? };
        print_flushes(&ask.folder, "before")?;
        if ask.wants("room") {
            room(&engine, ask).await?;
        }
        if ask.wants("small") {
            small(&engine, ask).await?;
        }
        if ask.wants("idle") {
            idle::run(&engine, &ask.server, ask.sockets).await?;
        }
        print_flushes(&ask.folder, "after")?;
    }
    Ok(())
}

/// Each socket is a file, on both ends.
fn many_files() -> anyhow::Result<()> {
    let mut limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    limit.current = limit.maximum;
    Ok(rustix::process::setrlimit(rustix::process::Resource::Nofile, limit)?)
}

/// The busy room, in a closed loop beside a bare broadcast, and then at a rate.
async fn room(engine: &Engine, ask: &Ask) -> anyhow::Result<()> {
    let crowd = Crowd::gather(engine, PEOPLE, 1, PEOPLE).await?;
    let server = Server::on(engine, &ask.server).await?;
    let mut guests = enter(server.port, &crowd, 1, PEOPLE, SENDERS).await?;
    println!();
    head(&[
        "engine",
        "100 in a room",
        "messages/s",
        "bare broadcast, messages/s",
        "ratio",
        "CPU for 1,000 messages",
        "of it the database's",
    ]);
    let loops = Duration::from_secs_f64(ask.seconds.0);
    let mut figures = Vec::new();
    for _ in 0..ask.rounds {
        let before = (server.cpu(), engine.cpu());
        let (ours, back) = talk(guests, vec![0; PEOPLE], Pace::Closed, loops).await?;
        guests = back;
        let cpu = (server.cpu() - before.0, engine.cpu() - before.1);
        let bare = Bare::start(ours.frames).await?;
        let strangers = enter(bare.port, &crowd, 1, PEOPLE, SENDERS).await?;
        let (other, _) = talk(strangers, vec![0; PEOPLE], Pace::Closed, loops).await?;
        anyhow::ensure!(ours.deliveries == ours.sent * PEOPLE as u64, "not all was delivered");
        println!("bare broadcast: {:.2} s of CPU for 1,000; frames of {:?} bytes", bare.cpu() / thousands(&other), ours.frames);
        figures.push((rate(&ours), rate(&other), (cpu.0 + cpu.1) / thousands(&ours), cpu.1 / thousands(&ours)));
    }
    figures.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let (ours, bare, cpu, database) = figures[figures.len() / 2];
    row(&[
        engine.name().into(),
        "closed loop of 10".into(),
        format!("{ours:.0}"),
        format!("{bare:.0}"),
        ratio(ours, bare),
        format!("{cpu:.2} s"),
        format!("{database:.2} s"),
    ]);
    let step = Duration::from_secs(1) * u32::try_from(SENDERS)? / RATE;
    let before = (server.cpu(), engine.cpu());
    let (mut steady, _) = talk(guests, vec![0; PEOPLE], Pace::Every(step), Duration::from_secs_f64(ask.seconds.1)).await?;
    let cpu = server.cpu() - before.0 + engine.cpu() - before.1;
    println!();
    head(&["engine", "at a rate", "messages/s", "p50", "p99", "p99.9", "most", "CPU for 1,000 messages"]);
    row(&[
        engine.name().into(),
        format!("{RATE}/s for {:.0} s", ask.seconds.1),
        format!("{:.0}", rate(&steady)),
        format!("{:.1?}", quantile(&mut steady.delays, 0.5)),
        format!("{:.1?}", quantile(&mut steady.delays, 0.99)),
        format!("{:.1?}", quantile(&mut steady.delays, 0.999)),
        format!("{:.1?}", quantile(&mut steady.delays, 1.0)),
        format!("{:.2} s", cpu / thousands(&steady)),
    ]);
    server.stop().await
}

/// 200 rooms of three with a sender in each, beside single rows by hand of eight clients.
async fn small(engine: &Engine, ask: &Ask) -> anyhow::Result<()> {
    let crowd = Crowd::gather(engine, 3 * SMALL_ROOMS, SMALL_ROOMS, 3).await?;
    let beside = Arc::new(vec![Crowd::gather(engine, 3 * SMALL_ROOMS, SMALL_ROOMS, 3).await?]);
    let by_hand = Engines::on(engine).await?;
    let server = Server::on(engine, &ask.server).await?;
    let mut guests = enter(server.port, &crowd, SMALL_ROOMS, 3, 1).await?;
    let rooms: Vec<usize> = (0..3 * SMALL_ROOMS).map(|guest| guest / 3).collect();
    println!();
    head(&[
        "engine",
        "200 rooms of 3",
        "messages/s",
        "rows by hand of 8, 1/s",
        "ratio",
        "one row of 8, 1/s",
        "ratio",
        "CPU for 1,000 messages",
    ]);
    let mut figures = Vec::new();
    for _ in 0..ask.rounds {
        let rows = by_hand.posts(&beside, Much::Rows, 8, ask.seconds.0).await?;
        let before = server.cpu() + engine.cpu();
        let (ours, back) = talk(guests, rooms.clone(), Pace::Closed, Duration::from_secs_f64(ask.seconds.0)).await?;
        guests = back;
        let cpu = (server.cpu() + engine.cpu() - before) / thousands(&ours);
        figures.push((rate(&ours), rows, by_hand.posts(&beside, Much::Message, 8, ask.seconds.0).await?, cpu));
    }
    figures.sort_by(|a, b| (a.0 / a.2).total_cmp(&(b.0 / b.2)));
    let (ours, rows, one, cpu) = figures[figures.len() / 2];
    row(&[
        engine.name().into(),
        "a sender in each".into(),
        format!("{ours:.0}"),
        format!("{rows:.0}"),
        ratio(ours, rows),
        format!("{one:.0}"),
        ratio(ours, one),
        format!("{cpu:.2} s"),
    ]);
    server.stop().await
}

/// Everybody of the channels comes with a socket and follows; the first ones of each channel send.
async fn enter(port: u16, crowd: &Crowd, channels: usize, in_each: usize, senders: usize) -> anyhow::Result<Vec<Guest>> {
    let mut guests = Vec::new();
    for channel in 0..channels {
        for (place, person) in crowd.inside(channel, in_each).enumerate() {
            let mut socket = Socket::open(port, person).await?;
            socket.subscribe(crowd.workspace, None).await?;
            guests.push(Guest { socket, channel: crowd.channels[channel], sends: place < senders });
        }
    }
    Ok(guests)
}

#[expect(clippy::cast_precision_loss, reason = "a count of seconds' work")]
fn rate(talk: &Talk) -> f64 {
    talk.sent as f64 / talk.took.as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "a count of seconds' work")]
fn thousands(talk: &Talk) -> f64 {
    talk.sent as f64 / 1000.0
}
