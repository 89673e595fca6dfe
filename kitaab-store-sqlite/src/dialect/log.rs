//! Appending to the event log: a statement costs microseconds here, so each event is one.

use kitaab_core::event::NewEvent;
use kitaab_core::ids::WorkspaceId;
use kitaab_core::store::{Appended, StoreResult};
use sqlx::{query, query_as};

use crate::engine::Unit;

impl Unit {
    pub(crate) async fn append_to_log(
        &mut self,
        workspace: WorkspaceId,
        events: &[NewEvent],
        access_changed: bool,
    ) -> StoreResult<Option<Appended>> {
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let query = query_as!(
            Appended,
            r#"UPDATE event_head SET seq = seq + $2, access_epoch = access_epoch + $3 WHERE workspace_id = $1
            RETURNING seq AS "seq!", access_epoch - $3 AS "access_epoch!: i64""#,
            workspace as _,
            count,
            i64::from(access_changed)
        );
        let Some(appended) = self.optional(query).await? else { return Ok(None) };
        for (seq, event) in (appended.seq - count + 1..).zip(events) {
            let NewEvent { id, told, at, actor_id, tag } = event;
            let (audience, audience_id) = (told.audience.kind(), told.audience.id());
            let query = query!(
                "INSERT INTO events (workspace_id, seq, id, kind, at, actor_id, audience, audience_id, subject_id, project_id, channel_id,
                    detail, tag)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                workspace as _,
                seq,
                id as _,
                told.kind as _,
                at as _,
                actor_id as _,
                audience,
                audience_id,
                told.subject,
                told.project as _,
                told.channel as _,
                told.detail.as_deref(),
                tag
            );
            self.execute(query).await?;
        }
        Ok(Some(appended))
    }
}
