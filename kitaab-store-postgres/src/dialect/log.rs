//! Appending to the event log in one statement, so that the head row is held no longer than it must be.

use kitaab_core::event::NewEvent;
use kitaab_core::ids::WorkspaceId;
use kitaab_core::store::{Appended, StoreResult};
use sqlx::query_as;

use crate::engine::Unit;

impl Unit {
    pub(crate) async fn append_to_log(
        &mut self,
        workspace: WorkspaceId,
        events: &[NewEvent],
        access_changed: bool,
    ) -> StoreResult<Option<Appended>> {
        self.pass_gate(workspace).await;
        if events.is_empty() && !access_changed {
            // Nothing to number, but whoever is changing access right now must be waited for.
            let query = query_as!(Appended, "SELECT seq, access_epoch FROM event_head WHERE workspace_id = $1 FOR SHARE", workspace as _);
            return self.optional(query).await;
        }
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let each = |value: fn(&NewEvent) -> Option<uuid::Uuid>| events.iter().map(value).collect::<Vec<_>>();
        let kinds: Vec<&str> = events.iter().map(|event| event.told.kind.as_str()).collect();
        let times: Vec<i64> = events.iter().map(|event| event.at.micros()).collect();
        let audiences: Vec<&str> = events.iter().map(|event| event.told.audience.kind()).collect();
        let details: Vec<Option<&str>> = events.iter().map(|event| event.told.detail.as_deref()).collect();
        let tags: Vec<i64> = events.iter().map(|event| event.tag).collect();
        let query = query_as!(
            Appended,
            r#"WITH head AS (
                UPDATE event_head SET seq = seq + $2, access_epoch = access_epoch + $3 WHERE workspace_id = $1
                RETURNING seq, access_epoch - $3 AS access_epoch
            ), appended AS (
                INSERT INTO events (workspace_id, seq, id, kind, at, actor_id, audience, audience_id, subject_id, project_id, channel_id,
                    detail, tag)
                SELECT $1, head.seq - $2 + e.place, e.id, e.kind, TIMESTAMPTZ 'epoch' + e.at * INTERVAL '1 microsecond', e.actor_id,
                    e.audience, e.audience_id, e.subject_id, e.project_id, e.channel_id, e.detail, e.tag
                FROM head, UNNEST($4::uuid[], $5::text[], $6::bigint[], $7::uuid[], $8::text[], $9::uuid[], $10::uuid[], $11::uuid[],
                    $12::bigint[], $13::uuid[], $14::text[]) WITH ORDINALITY
                    AS e (id, kind, at, actor_id, audience, audience_id, subject_id, project_id, tag, channel_id, detail, place)
            )
            SELECT seq AS "seq!", access_epoch AS "access_epoch!" FROM head"#,
            workspace as _,
            count,
            i64::from(access_changed),
            each(|event| Some(event.id.0)) as _,
            kinds as _,
            &times,
            each(|event| event.actor_id.map(|actor| actor.0)) as _,
            audiences as _,
            each(|event| event.told.audience.id()) as _,
            each(|event| Some(event.told.subject)) as _,
            each(|event| event.told.project.map(|project| project.0)) as _,
            &tags,
            each(|event| event.told.channel.map(|channel| channel.0)) as _,
            details as _
        );
        self.optional(query).await
    }
}
