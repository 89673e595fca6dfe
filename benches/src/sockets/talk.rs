//! Rooms in which some send and all listen: as fast as it goes, or at a rate.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use kitaab_core::ids::ChannelId;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::client::{Came, Socket};
use crate::crowd::next_id;

/// How somebody sends.
#[derive(Clone, Copy)]
pub enum Pace {
    /// The next one once the last one is answered.
    Closed,
    /// One in each such time, whatever was answered.
    Every(Duration),
}

/// Somebody with a socket.
pub struct Guest {
    pub socket: Socket,
    pub channel: ChannelId,
    pub sends: bool,
}

/// What came of it.
pub struct Talk {
    /// Messages that were answered, and delivered to all.
    pub sent: u64,
    pub deliveries: u64,
    /// From the first one until the last one had arrived everywhere.
    pub took: Duration,
    /// From each sending to each arriving.
    pub delays: Vec<Duration>,
    /// One frame with one event, and one answer.
    pub frames: (usize, usize),
}

struct Shared {
    began: Instant,
    end: Instant,
    sent: Vec<AtomicU64>,
    senders: AtomicUsize,
    over: watch::Sender<bool>,
    timed: bool,
}

/// Lets all senders send for a time, and waits until everybody has everything. `rooms` says which room a guest is in.
pub async fn talk(guests: Vec<Guest>, rooms: Vec<usize>, pace: Pace, lasts: Duration) -> anyhow::Result<(Talk, Vec<Guest>)> {
    let began = Instant::now();
    let shared = Arc::new(Shared {
        began,
        end: began + lasts,
        sent: (0..=rooms.iter().copied().max().unwrap_or_default()).map(|_| AtomicU64::new(0)).collect(),
        senders: AtomicUsize::new(guests.iter().filter(|guest| guest.sends).count()),
        over: watch::Sender::new(false),
        timed: matches!(pace, Pace::Every(_)),
    });
    let tasks: Vec<_> = guests
        .into_iter()
        .zip(rooms)
        .enumerate()
        .map(|(number, (guest, room))| tokio::spawn(stay(guest, number, room, pace, Arc::clone(&shared))))
        .collect();
    let mut talk = Talk { sent: 0, deliveries: 0, took: Duration::ZERO, delays: Vec::new(), frames: (0, 0) };
    let mut guests = Vec::new();
    for task in tasks {
        let (guest, heard) = task.await??;
        talk.deliveries += heard.count;
        talk.delays.extend(heard.delays);
        talk.took = talk.took.max(heard.last.saturating_duration_since(began));
        talk.frames = (talk.frames.0.max(heard.frames.0), talk.frames.1.max(heard.frames.1));
        guests.push(guest);
    }
    talk.sent = shared.sent.iter().map(|sent| sent.load(Ordering::Acquire)).sum();
    Ok((talk, guests))
}

struct Heard {
    count: u64,
    last: Instant,
    delays: Vec<Duration>,
    frames: (usize, usize),
}

impl Heard {
    fn take(&mut self, came: &Came, shared: &Shared) -> bool {
        match came {
            Came::Events(count, text) => {
                self.count += *count as u64;
                self.last = Instant::now();
                if *count == 1 {
                    self.frames.0 = text.len();
                }
                if shared.timed {
                    let now = shared.began.elapsed();
                    for said in text.split("\"text\":\"at=").skip(1) {
                        let at = said.split(' ').next().and_then(|at| at.parse().ok()).unwrap_or_default();
                        self.delays.push(now.saturating_sub(Duration::from_nanos(at)));
                    }
                }
                false
            }
            Came::Answer(text) => {
                self.frames.1 = text.len();
                true
            }
            Came::Other => false,
        }
    }
}

async fn stay(mut guest: Guest, number: usize, room: usize, pace: Pace, shared: Arc<Shared>) -> anyhow::Result<(Guest, Heard)> {
    let mut heard = Heard { count: 0, last: shared.began, delays: Vec::new(), frames: (0, 0) };
    if guest.sends {
        match pace {
            Pace::Closed => send_all(&mut guest, room, &mut heard, &shared).await?,
            Pace::Every(step) => send_at(&mut guest, (number, room), step, &mut heard, &shared).await?,
        }
        if shared.senders.fetch_sub(1, Ordering::AcqRel) == 1 {
            shared.over.send_replace(true);
        }
    }
    let mut over = shared.over.subscribe();
    loop {
        let is_over = *over.borrow_and_update();
        if is_over && heard.count >= shared.sent[room].load(Ordering::Acquire) {
            return Ok((guest, heard));
        }
        tokio::select! {
            changed = over.changed(), if !is_over => changed?,
            came = guest.socket.next() => {
                heard.take(&came?, &shared);
            }
        }
    }
}

async fn post(guest: &mut Guest, room: usize, shared: &Shared) -> anyhow::Result<()> {
    shared.sent[room].fetch_add(1, Ordering::AcqRel);
    let text = format!("at={} the drafts are in the folder, have a look before noon.", shared.began.elapsed().as_nanos());
    guest.socket.post(guest.channel, &next_id().to_string(), &text).await
}

async fn send_all(guest: &mut Guest, room: usize, heard: &mut Heard, shared: &Shared) -> anyhow::Result<()> {
    while Instant::now() < shared.end {
        post(guest, room, shared).await?;
        while !heard.take(&guest.socket.next().await?, shared) {}
    }
    Ok(())
}

async fn send_at(guest: &mut Guest, at: (usize, usize), step: Duration, heard: &mut Heard, shared: &Shared) -> anyhow::Result<()> {
    let (number, room) = at;
    // They do not all speak at once.
    let first = shared.began + step.mul_f64(f64::from(u32::try_from(number % 10)?) / 10.0);
    let mut ticks = tokio::time::interval_at(first.into(), step);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut owed = 0_u32;
    while Instant::now() < shared.end || owed > 0 {
        tokio::select! {
            _ = ticks.tick(), if Instant::now() < shared.end => {
                post(guest, room, shared).await?;
                owed += 1;
            }
            came = guest.socket.next() => {
                if heard.take(&came?, shared) {
                    owed -= 1;
                }
            }
        }
    }
    Ok(())
}
