//! Workspaces full of people who are in channels with each other, put into the tables past every use case.

use std::sync::atomic::{AtomicU64, Ordering};

use kitaab_core::ids::{ChannelId, UserId, WorkspaceId};
use kitaab_core::token::{Token, TokenKind};
use uuid::Uuid;

use crate::engine::Engine;

/// Rows in one statement.
const ROWS: usize = 500;
/// 2026-05-01, in microseconds.
const BEGAN: &str = "1777636800000000";

/// A workspace and who is in it.
pub struct Crowd {
    pub workspace: WorkspaceId,
    /// Its owner is the first.
    pub people: Vec<UserId>,
    pub channels: Vec<ChannelId>,
}

/// An id that sorts as it was made.
pub fn next_id() -> Uuid {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    uuid::Builder::from_unix_timestamp_millis(1_777_636_800_000 + number, &[7; 10]).into_uuid()
}

/// The token of somebody's session.
pub fn token(user: UserId) -> Token {
    let mut secret = [9; 32];
    secret[..16].copy_from_slice(user.0.as_bytes());
    Token::new(TokenKind::Session, secret)
}

impl Crowd {
    /// Makes a workspace of so many people, and channels of so many each: the first channel has the first people, the
    /// next one the next, and from the last person on the first again.
    pub async fn gather(engine: &Engine, people: usize, channels: usize, in_each: usize) -> anyhow::Result<Self> {
        let crowd = Self {
            workspace: WorkspaceId(next_id()),
            people: (0..people).map(|_| UserId(next_id())).collect(),
            channels: (0..channels).map(|_| ChannelId(next_id())).collect(),
        };
        engine.fill(&crowd.rows(engine, in_each)).await?;
        Ok(crowd)
    }

    /// Who is in a channel.
    pub fn inside(&self, channel: usize, in_each: usize) -> impl Iterator<Item = UserId> + '_ {
        (0..in_each).map(move |place| self.people[(channel * in_each + place) % self.people.len()])
    }

    fn rows(&self, engine: &Engine, in_each: usize) -> Vec<String> {
        let (w, at) = (engine.id(self.workspace.0), engine.at(BEGAN));
        let now = match engine {
            Engine::Sqlite { .. } => "(unixepoch('now') * 1000000)",
            Engine::Postgres { .. } => "now()",
        };
        let later = engine.at("4102444800000000");
        let id = |id: Uuid| engine.id(id);
        let mut all = vec![
            format!(
                "INSERT INTO workspaces (id, name, name_folded, time_zone, currency, created_at, version)
                VALUES ({w}, 'Crowd', 'crowd', 'UTC', 'EUR', {at}, 1)"
            ),
            format!("INSERT INTO event_head (workspace_id, seq, floor, log_epoch, access_epoch) VALUES ({w}, 0, 0, 1, 1)"),
        ];
        let mut put = |into: &str, rows: Vec<String>| {
            all.extend(rows.chunks(ROWS).map(|rows| format!("INSERT INTO {into} VALUES {}", rows.join(", "))));
        };
        let people = || self.people.iter().enumerate().map(|(number, person)| (number, id(person.0)));
        put(
            "users (id, email, display_name, time_zone, locale, moderator, created_at)",
            people().map(|(n, user)| format!("({user}, NULL, 'Person {n}', 'UTC', 'en', FALSE, {at})")).collect(),
        );
        put(
            "memberships (workspace_id, user_id, role, created_at)",
            people().map(|(n, user)| format!("({w}, {user}, '{}', {at})", if n == 0 { "owner" } else { "member" })).collect(),
        );
        put(
            "sessions (id, user_id, token_hash, created_at, last_seen_at, expires_at, authenticated_at)",
            self.people
                .iter()
                .map(|user| {
                    format!("({}, {}, {}, {at}, {now}, {later}, {at})", id(next_id()), id(user.0), engine.bytes(&token(*user).hash()))
                })
                .collect(),
        );
        put(
            "channels (workspace_id, id, kind, name, last_seq, created_at, last_at, version)",
            self.channels.iter().map(|channel| format!("({w}, {}, 'group', 'Room', 0, {at}, {at}, 1)", id(channel.0))).collect(),
        );
        let members = self.channels.iter().enumerate().flat_map(|(number, channel)| {
            self.inside(number, in_each).map(|user| format!("({w}, {}, {}, {at}, 0, 0)", id(channel.0), id(user.0))).collect::<Vec<_>>()
        });
        put("channel_members (workspace_id, channel_id, user_id, joined_at, read_seq, seen_seq)", members.collect());
        all
    }
}
