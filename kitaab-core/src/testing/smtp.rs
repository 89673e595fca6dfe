//! An SMTP server that behaves by plan: it takes mail, refuses it, stalls or cuts the line.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// What the server does with one mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// Takes it.
    Take,
    /// 451 at the end of the data: later.
    RefuseForNow,
    /// 550 at the recipient: never.
    RefuseForGood,
    /// Keeps the mail and cuts the line before it says so.
    CutAfterData,
    /// Cuts the line at the greeting.
    CutAtOnce,
    /// Says nothing any more after the sender.
    Stall,
}

/// A mail that the server has, as it came: headers and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The address that it was for.
    pub to: String,
    /// RFC 5322, line ends as sent.
    pub data: Vec<u8>,
}

#[derive(Default)]
struct State {
    plan: Mutex<VecDeque<Behaviour>>,
    received: Mutex<Vec<Received>>,
    stalled: AtomicUsize,
    news: Notify,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A server on loopback; it ends when this is dropped.
pub struct PlannedSmtp {
    address: SocketAddr,
    state: Arc<State>,
    server: JoinHandle<()>,
}

impl PlannedSmtp {
    /// Begins to listen. One entry of the plan is used for each mail; when none is left, mail is taken.
    pub async fn start(plan: impl IntoIterator<Item = Behaviour>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State { plan: Mutex::new(plan.into_iter().collect()), ..State::default() });
        let shared = Arc::clone(&state);
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move { converse(stream, &state).await.ok() });
            }
        });
        Ok(Self { address, state, server })
    }

    /// For `KITAAB_SMTP_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// What it has so far.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        locked(&self.state.received).clone()
    }

    /// Waits until so many senders wait for it in vain.
    pub async fn until_stalled(&self, senders: usize) {
        loop {
            let news = self.state.news.notified();
            if self.state.stalled.load(Ordering::Acquire) >= senders {
                return;
            }
            news.await;
        }
    }

    /// Waits until it has mail that this says yes to.
    pub async fn until(&self, enough: impl Fn(&[Received]) -> bool) {
        loop {
            let news = self.state.news.notified();
            if enough(&self.received()) {
                return;
            }
            news.await;
        }
    }
}

impl Drop for PlannedSmtp {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn converse(stream: TcpStream, state: &State) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read);
    let mut behaviour = next(state);
    if behaviour == Behaviour::CutAtOnce {
        return Ok(());
    }
    write.write_all(b"220 planned.example ESMTP\r\n").await?;
    let (mut to, mut line) = (String::new(), Vec::new());
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let command = String::from_utf8_lossy(&line).trim().to_ascii_uppercase();
        let answer: &[u8] = match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => b"250-planned.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
            "MAIL" if behaviour == Behaviour::Stall => {
                state.stalled.fetch_add(1, Ordering::AcqRel);
                state.news.notify_waiters();
                std::future::pending().await
            }
            "RCPT" if behaviour == Behaviour::RefuseForGood => {
                behaviour = next(state);
                b"550 5.1.1 no such mailbox\r\n"
            }
            "RCPT" => {
                let text = String::from_utf8_lossy(&line).into_owned();
                to = String::from(text.split(['<', '>']).nth(1).unwrap_or_default());
                b"250 ok\r\n"
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let data = data(&mut lines).await?;
                let done = std::mem::replace(&mut behaviour, Behaviour::Take);
                if done == Behaviour::RefuseForNow {
                    behaviour = next(state);
                    b"451 4.3.0 try again later\r\n"
                } else {
                    locked(&state.received).push(Received { to: to.clone(), data });
                    state.news.notify_waiters();
                    if done == Behaviour::CutAfterData {
                        return Ok(());
                    }
                    behaviour = next(state);
                    b"250 2.0.0 taken\r\n"
                }
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => b"250 ok\r\n",
        };
        write.write_all(answer).await?;
    }
}

fn next(state: &State) -> Behaviour {
    locked(&state.plan).pop_front().unwrap_or(Behaviour::Take)
}

/// The mail, its leading dots taken off again (RFC 5321, 4.5.2).
async fn data(lines: &mut BufReader<tokio::net::tcp::OwnedReadHalf>) -> io::Result<Vec<u8>> {
    let (mut data, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(data);
        }
        data.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
