//! What stands between people and the server, and can do them every wrong that the server promises not to do: so it is
//! seen that the wrong would be noticed.

use std::collections::HashSet;
use std::io;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use crate::server::Server;

/// One frame in so many is struck.
const STRUCK: usize = 5;
/// What waits for a reader in the kernel; little, so that who does not read is noticed soon.
const WAITING: u32 = 16 * 1024;
/// The byte of a frame that ends a socket.
const CLOSE: u8 = 0x88;

/// What goes wrong on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing. What is found then is the doing of the way itself.
    None,
    /// Some frames with events do not arrive.
    LoseFrames,
    /// Some arrive twice.
    RepeatFrames,
    /// Some arrive after the one that follows them.
    SwapFrames,
    /// A message that is sent again arrives under another name.
    RenameRepeats,
    /// Who cannot go on is told that nothing was missed.
    Reassure,
    /// The last word of a socket does not arrive.
    HideClose,
    /// Answers of a server that stops do not arrive.
    CutAnswers,
    /// Frames go out one after the other, whoever they are for.
    OneForAll,
    /// Frames are kept, as many as there are, until somebody reads them.
    Hoard,
}

/// A server's stand-in at another address, until it is dropped.
pub struct Proxy {
    pub url: String,
    _serving: AbortOnDropHandle<()>,
}

struct Way {
    fault: Fault,
    server: String,
    /// The names of the messages that were sent.
    names: Mutex<HashSet<Vec<u8>>>,
    /// Held while a frame goes out.
    turn: tokio::sync::Mutex<()>,
}

impl Proxy {
    pub fn before(server: &Server, fault: Fault) -> Self {
        let listener = TcpSocket::new_v4().and_then(|socket| {
            socket.set_send_buffer_size(WAITING)?;
            socket.bind("127.0.0.1:0".parse().expect("an address"))?;
            socket.listen(1024)
        });
        let listener = listener.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let server = server.url.trim_start_matches("http://").to_owned();
        let way = Arc::new(Way { fault, server, names: Mutex::default(), turn: tokio::sync::Mutex::default() });
        let serving = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(carry(Arc::clone(&way), client));
            }
        });
        Self { url, _serving: AbortOnDropHandle::new(serving) }
    }
}

/// Carries one connection there and back until either side ends it.
async fn carry(way: Arc<Way>, client: TcpStream) -> io::Result<()> {
    let (from_server, mut to_server) = TcpStream::connect(&way.server).await?.into_split();
    let (from_client, to_client) = client.into_split();
    let (mut from_client, mut from_server) = (BufReader::new(from_client), BufReader::new(from_server));
    let Some(first) = way.request(&mut from_client).await? else { return Ok(()) };
    to_server.write_all(&first).await?;
    // What begins as a socket stays one, and the rest never becomes one.
    let is_socket = String::from_utf8_lossy(&first).to_ascii_lowercase().contains("upgrade: websocket");
    let there = async {
        if is_socket {
            return tokio::io::copy(&mut from_client, &mut to_server).await.map(drop);
        }
        while let Some(request) = way.request(&mut from_client).await? {
            to_server.write_all(&request).await?;
        }
        Ok(())
    };
    let back =
        async { if is_socket { way.frames(&mut from_server, to_client).await } else { way.answers(&mut from_server, to_client).await } };
    tokio::select! {
        done = there => done,
        done = back => done,
    }
}

/// What comes before a body.
async fn head(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if from.read_until(b'\n', &mut head).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(head))
}

/// A frame of a server, whole, and where in it its text begins.
async fn frame(from: &mut BufReader<OwnedReadHalf>) -> io::Result<(Vec<u8>, usize)> {
    let mut frame = vec![0; 2];
    from.read_exact(&mut frame).await?;
    let more = match frame[1] {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    frame.resize(2 + more, 0);
    from.read_exact(&mut frame[2..]).await?;
    let length = if more == 0 { usize::from(frame[1]) } else { frame[2..].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)) };
    frame.resize(2 + more + length, 0);
    from.read_exact(&mut frame[2 + more..]).await?;
    Ok((frame, 2 + more))
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

impl Way {
    /// The next request, as it is to arrive; none after the last one.
    async fn request(&self, from: &mut BufReader<OwnedReadHalf>) -> io::Result<Option<Vec<u8>>> {
        let Some(mut request) = head(from).await? else { return Ok(None) };
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        from.read_exact(&mut body).await?;
        if self.fault == Fault::RenameRepeats {
            self.rename_repeat(&mut body);
        }
        request.append(&mut body);
        Ok(Some(request))
    }

    fn rename_repeat(&self, body: &mut [u8]) {
        let field = br#""client_message_id":""#;
        let Some(at) = find(body, field).map(|at| at + field.len()) else { return };
        let name = body[at..].split(|byte| *byte == b'"').next().unwrap_or_default().to_vec();
        if !self.names.lock().expect("nobody panicked").insert(name) {
            body[at] = b'x';
        }
    }

    async fn answers(&self, from: &mut BufReader<OwnedReadHalf>, mut to: OwnedWriteHalf) -> io::Result<()> {
        loop {
            let piece = from.fill_buf().await?;
            let length = piece.len();
            let is_cut = self.fault == Fault::CutAnswers && find(piece, b"connection: close").is_some();
            if length == 0 || is_cut {
                return Ok(());
            }
            to.write_all(piece).await?;
            from.consume(length);
        }
    }

    async fn frames(&self, from: &mut BufReader<OwnedReadHalf>, mut to: OwnedWriteHalf) -> io::Result<()> {
        let (hand, mut handed) = mpsc::channel::<Vec<u8>>(if self.fault == Fault::Hoard { 1 << 20 } else { 1 });
        let reading = async move {
            let Some(upgraded) = head(from).await? else { return Ok(()) };
            hand.send(upgraded).await.ok();
            let (mut told, mut held) = (0, None);
            loop {
                let (frame, text) = frame(from).await?;
                for frame in self.strike(frame, text, &mut told, &mut held) {
                    hand.send(frame).await.ok();
                }
            }
        };
        let writing = async {
            while let Some(frame) = handed.recv().await {
                let _turn = if self.fault == Fault::OneForAll { Some(self.turn.lock().await) } else { None };
                to.write_all(&frame).await?;
            }
            Ok(())
        };
        // When the server has said its last, it is still to arrive.
        let (read, written): (io::Result<()>, io::Result<()>) = tokio::join!(reading, writing);
        read.and(written)
    }

    /// What arrives in the place of a frame.
    fn strike(&self, mut frame: Vec<u8>, text: usize, told: &mut usize, held: &mut Option<Vec<u8>>) -> Vec<Vec<u8>> {
        let tells = frame[text..].starts_with(br#"{"events":[{"#);
        *told += usize::from(tells);
        let struck = tells && told.is_multiple_of(STRUCK);
        match self.fault {
            Fault::LoseFrames if struck => vec![],
            Fault::RepeatFrames if struck => vec![frame.clone(), frame],
            Fault::SwapFrames if struck => {
                *held = Some(frame);
                vec![]
            }
            Fault::SwapFrames if tells => std::iter::once(frame).chain(held.take()).collect(),
            Fault::HideClose if frame[0] == CLOSE => vec![],
            Fault::Reassure => {
                let verdict = br#""recovered":false"#;
                if let Some(at) = find(&frame, verdict) {
                    frame[at..at + verdict.len()].copy_from_slice(br#""recovered":true "#);
                }
                vec![frame]
            }
            _ => vec![frame],
        }
    }
}
