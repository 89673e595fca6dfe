//! Who is there.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, Instance, Own, Reads, Writes};
use kitaab_core::chat::{Lease, PresenceRow, PresenceState};
use kitaab_core::ids::{LeaseId, UserId};
use kitaab_core::store::{PresenceRepo, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::query;

use crate::engine::Unit;

#[async_trait]
impl PresenceRepo for Unit {
    async fn hold_lease(&mut self, _: &Writes<Own>, lease: &Lease) -> StoreResult<bool> {
        let query = query!(
            "INSERT INTO presence_leases (id, user_id, away, began_at, seen_at) VALUES ($1, $2, $3, $4, $4)
            ON CONFLICT (id) DO UPDATE SET away = excluded.away, seen_at = excluded.seen_at WHERE presence_leases.ended_at IS NULL",
            lease.id as _,
            lease.user_id as _,
            lease.away,
            lease.seen_at as _
        );
        self.touch(query).await
    }

    async fn give_lease_back(&mut self, permit: &Writes<Own>, lease: LeaseId, at: Timestamp) -> StoreResult<()> {
        let Own(user) = permit.target();
        let query = query!(
            "UPDATE presence_leases SET ended_at = $3 WHERE id = $1 AND user_id = $2 AND ended_at IS NULL",
            lease as _,
            user as _,
            at as _
        );
        self.execute(query).await?;
        self.note_last_seen(user, at).await
    }

    async fn presence_of(&mut self, permit: &Reads<Own>, since: Timestamp) -> StoreResult<PresenceRow> {
        let Own(user) = permit.target();
        let rows = self.presences_among(&[user], since).await?;
        Ok(rows.into_iter().next().unwrap_or(PresenceRow { user_id: user, state: PresenceState::Offline, last_seen_at: None }))
    }

    async fn presences(&mut self, permit: &Reads<InWorkspace>, people: &[UserId], since: Timestamp) -> StoreResult<Vec<PresenceRow>> {
        let inside = self.people_among(permit.workspace(), people).await?;
        self.presences_among(&inside, since).await
    }

    async fn end_lapsed_leases(&mut self, _: &Writes<Instance>, since: Timestamp, now: Timestamp) -> StoreResult<Vec<UserId>> {
        let query = query!(
            r#"UPDATE presence_leases SET ended_at = $2 WHERE ended_at IS NULL AND seen_at < $1
            RETURNING user_id AS "user_id!: UserId", seen_at AS "seen_at!: Timestamp""#,
            since as _,
            now as _
        );
        let mut people = Vec::new();
        for row in self.all(query).await? {
            self.note_last_seen(row.user_id, row.seen_at).await?;
            people.push(row.user_id);
        }
        Ok(people)
    }

    async fn sweep_leases(&mut self, _: &Writes<Instance>, before: Timestamp) -> StoreResult<u64> {
        self.execute(query!("DELETE FROM presence_leases WHERE ended_at < $1", before as _)).await
    }
}

impl Unit {
    async fn note_last_seen(&mut self, user: UserId, at: Timestamp) -> StoreResult<()> {
        let query = query!(
            "INSERT INTO last_seen (user_id, at) VALUES ($1, $2)
            ON CONFLICT (user_id) DO UPDATE SET at = excluded.at WHERE last_seen.at < excluded.at",
            user as _,
            at as _
        );
        self.execute(query).await.map(drop)
    }
}

/// How somebody is, by their leases: how many there are, and how many of them are away.
pub(crate) fn state(leases: i64, away: i64) -> PresenceState {
    match (leases, leases - away) {
        (0, _) => PresenceState::Offline,
        (_, 0) => PresenceState::Away,
        _ => PresenceState::Online,
    }
}
