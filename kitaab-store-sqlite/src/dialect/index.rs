//! Taking in what is searched: each document gets a number (see `search`), and FTS5 its words.

use kitaab_core::ids::WorkspaceId;
use kitaab_core::search::{Document, DocumentKind};
use kitaab_core::store::StoreResult;
use sqlx::query;
use uuid::Uuid;

use crate::engine::Unit;

/// How many bits of a number say when: milliseconds, for 69 years.
pub(super) const MOMENT_BITS: u32 = 41;
/// 1 January 2020, in milliseconds since 1970.
const BEGINNING: u64 = 1_577_836_800_000;

/// The moment in the number of something made then.
pub(super) fn moment(millis: u64) -> i64 {
    i64::try_from(millis.saturating_sub(BEGINNING)).unwrap_or(i64::MAX).min((1 << MOMENT_BITS) - 1)
}

/// When a thing was made, by its id (RFC 9562, version 7); the first moment if that does not say.
fn made(id: Uuid) -> u64 {
    id.get_timestamp().map_or(BEGINNING, |at| at.to_unix().0 * 1_000 + u64::from(at.to_unix().1) / 1_000_000)
}

/// The key of what is in no channel.
pub(super) const OTHER: &str = "\u{100000}\u{100000}\u{100000}";

/// The key of a channel or a project: three characters that nobody writes (plane 15, private use), so that it is one trigram.
/// Were it in a text all the same, that text is a candidate more.
pub(super) fn key(id: Uuid) -> String {
    let pairs = id.as_bytes().chunks_exact(2).skip(5).filter_map(|pair| pair.try_into().ok()).map(u16::from_be_bytes);
    pairs.filter_map(|pair| char::from_u32(0xF_0000 + u32::from(pair))).collect()
}

/// The keys of where a document is.
fn keys(document: &Document) -> String {
    match document.channel {
        Some(channel) => key(channel.0),
        None => document.project.map_or(OTHER.to_owned(), |project| format!("{OTHER} {}", key(project.0))),
    }
}

impl Unit {
    /// Takes documents in. Those that are there already are written anew, or left when `renew` is false.
    pub(crate) async fn index(&mut self, workspace: WorkspaceId, renew: bool, documents: &[Document]) -> StoreResult<()> {
        for document in documents {
            self.index_one(workspace, renew, document).await?;
        }
        Ok(())
    }

    async fn index_one(&mut self, workspace: WorkspaceId, renew: bool, document: &Document) -> StoreResult<()> {
        // Nearly always it is new: one statement then, and one for its words.
        if let Some(place) = self.take_place(workspace, document).await? {
            return self.take_words(place, document).await;
        }
        let there = query!(
            r#"SELECT place AS "place!: i64" FROM search_documents WHERE workspace_id = $1 AND id = $2"#,
            workspace as _,
            document.id
        );
        let Some(row) = self.optional(there).await? else {
            // The first of its workspace.
            self.number(workspace).await?;
            return match self.take_place(workspace, document).await? {
                Some(place) => self.take_words(place, document).await,
                None => Ok(()),
            };
        };
        if !renew {
            return Ok(());
        }
        // Its words go with it, and it is taken in anew where it was.
        self.execute(query!("DELETE FROM search_documents WHERE place = $1", row.place)).await?;
        let insert = query!(
            "INSERT INTO search_documents (place, workspace_id, id, kind, channel_id, project_id, author_id, internal, link, folded)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            row.place,
            workspace as _,
            document.id,
            document.kind as _,
            document.channel as _,
            document.project as _,
            document.author as _,
            document.internal,
            document.link,
            document.folded
        );
        self.execute(insert).await?;
        self.take_words(row.place, document).await
    }

    /// Takes a document in at the first number at its moment or after it that no other has; none if it is there already, or its
    /// workspace has no number yet.
    async fn take_place(&mut self, workspace: WorkspaceId, document: &Document) -> StoreResult<Option<i64>> {
        let query = query!(
            r#"INSERT INTO search_documents (place, workspace_id, id, kind, channel_id, project_id, author_id, internal, link, folded)
            SELECT (WITH RECURSIVE p (place) AS (SELECT (w.number << $10) + $9 UNION ALL
                    SELECT p.place + 1 FROM p WHERE EXISTS (SELECT 1 FROM search_documents d WHERE d.place = p.place))
                SELECT MAX(place) FROM p), $1, $2, $3, $4, $5, $6, $7, $8, $11
            FROM search_workspaces w WHERE w.workspace_id = $1 ON CONFLICT (workspace_id, id) DO NOTHING RETURNING place AS "place!: i64""#,
            workspace as _,
            document.id,
            document.kind as _,
            document.channel as _,
            document.project as _,
            document.author as _,
            document.internal,
            document.link,
            moment(made(document.id)),
            MOMENT_BITS,
            document.folded
        );
        Ok(self.optional(query).await?.map(|row| row.place))
    }

    async fn take_words(&mut self, place: i64, document: &Document) -> StoreResult<()> {
        let within = keys(document);
        self.execute(query!("INSERT INTO search_text (rowid, folded, within) VALUES ($1, $2, $3)", place, document.folded, within)).await?;
        if !document.grams.is_empty() {
            self.execute(query!("INSERT INTO search_grams (rowid, grams, within) VALUES ($1, $2, $3)", place, document.grams, within))
                .await?;
        }
        Ok(())
    }

    /// Gives a workspace a number, if it has none.
    async fn number(&mut self, workspace: WorkspaceId) -> StoreResult<()> {
        let make = query!(
            "INSERT INTO search_workspaces (workspace_id, number) SELECT $1, COALESCE((SELECT MAX(number) FROM search_workspaces), 0) + 1
            WHERE TRUE ON CONFLICT (workspace_id) DO NOTHING",
            workspace as _
        );
        self.execute(make).await.map(drop)
    }

    /// The next ids of a kind. There is one writer, so their rows stay as they are until the unit ends.
    pub(crate) async fn hold_after(
        &mut self,
        workspace: WorkspaceId,
        kind: DocumentKind,
        after: Uuid,
        limit: i64,
    ) -> StoreResult<Vec<Uuid>> {
        macro_rules! ids {
            ($sql:literal) => {{
                let query = query!($sql, workspace as _, after, limit);
                Ok(self.all(query).await?.into_iter().map(|row| row.id.0).collect())
            }};
        }
        match kind {
            DocumentKind::Message => ids!("SELECT id FROM messages WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3"),
            DocumentKind::Project => ids!("SELECT id FROM projects WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3"),
            DocumentKind::Task => ids!("SELECT id FROM tasks WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3"),
            DocumentKind::TaskComment => ids!("SELECT id FROM task_comments WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3"),
            DocumentKind::Client => ids!("SELECT id FROM clients WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3"),
        }
    }
}
