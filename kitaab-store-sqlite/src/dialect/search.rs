//! Searching: FTS5 over the numbers of one workspace.
//!
//! A document's number (`place`) is its workspace's number and the moment that it was made: a search asks for a range of
//! numbers, so that FTS5 seeks past other workspaces, and reads from the end, so that it stops at the newest that match.

use std::time::Duration;

use kitaab_core::ids::{ChannelId, ClientId, MessageId, ProjectId, UserId, WorkspaceId};
use kitaab_core::search::{DocumentKind, FoundMessage, Thing};
use kitaab_core::store::{Candidates, DocumentPlace, Sought, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::{query, query_as};
use tokio::time::Instant;
use uuid::Uuid;

use super::expression::Expression;
use super::index::{MOMENT_BITS, moment};
use super::lists::hex;
use crate::engine::Unit;
use crate::repo::thing;

/// How many documents are looked through at first: enough for a page of what nearly all candidates match.
const FIRST_STRETCH: i64 = 500;
/// And from then on, each time before the clock is looked at. To begin anew costs FTS5 milliseconds.
const STRETCH: i64 = 2_000;
/// How far from its moment a document may be, where many were made at once; milliseconds.
const SLACK: i64 = 60_000;

/// The lists of a search as parameters; none is no condition.
struct Lists {
    kinds: String,
    channels: Option<String>,
    projects: Option<String>,
    task_projects: Option<String>,
    comment_projects: Option<String>,
    internal: bool,
    authors: Option<String>,
    link: bool,
}

impl Lists {
    fn of(sought: &Sought) -> Self {
        let projects = |list: &Option<Vec<ProjectId>>| list.as_ref().map(|ids| hex(ids.iter().map(|id| id.0)));
        Self {
            kinds: sought.kinds.iter().map(|kind| kind.as_str()).collect::<serde_json::Value>().to_string(),
            channels: sought.channels.as_ref().map(|ids| hex(ids.iter().map(|id: &ChannelId| id.0))),
            projects: projects(&sought.projects),
            task_projects: projects(&sought.task_projects),
            comment_projects: projects(&sought.comment_projects),
            internal: sought.internal,
            authors: sought.authors.as_ref().map(|ids| hex(ids.iter().map(|id: &UserId| id.0))),
            link: sought.link,
        }
    }
}

/// A row of a stretch: something within reach, or at its end (without an id) what the stretch was.
struct Row {
    place: Option<i64>,
    id: Option<Uuid>,
    kind: Option<DocumentKind>,
    seen: i64,
    scanned: i64,
}

/// Between which places a stretch is read, from the last on, and how much of it.
#[derive(Clone, Copy)]
struct Range {
    least: i64,
    most: i64,
    length: i64,
}

/// What was found in a stretch of documents.
#[derive(Default)]
struct Stretch {
    found: Vec<(DocumentPlace, DocumentKind)>,
    /// How many of it were within reach.
    seen: i64,
    /// The last of it, if there are more.
    reached: Option<i64>,
}

impl Stretch {
    fn of(rows: Vec<Row>, length: i64) -> Self {
        let mut stretch = Self::default();
        for row in rows {
            match (row.place, row.id, row.kind) {
                (Some(at), Some(id), Some(kind)) => stretch.found.push((DocumentPlace { at, id }, kind)),
                (place, ..) => (stretch.seen, stretch.reached) = (row.seen, place.filter(|_| row.scanned >= length)),
            }
        }
        stretch.found.sort_by_key(|(place, _)| std::cmp::Reverse(*place));
        stretch
    }
}

/// What is within reach of a stretch of documents, which `$source` names by their places.
macro_rules! stretch {
    ($unit:ident, $lists:ident, $part:expr, $source:literal, $words:expr, $range:ident) => {{
        let query = sqlx::query_as!(
            Row,
            "WITH stretch AS MATERIALIZED ("
                + $source
                + r#"), reached AS MATERIALIZED (
                SELECT d.place, d.id, d.kind, CASE WHEN $8 IS NULL THEN '' ELSE d.folded END AS folded
                FROM stretch s CROSS JOIN search_documents d ON d.place = s.place
                WHERE d.kind IN (SELECT value FROM json_each($1))
                    AND ($2 IS NULL OR d.kind <> 'message' OR d.channel_id IN (SELECT unhex(value) FROM json_each($2)))
                    AND ($3 IS NULL OR d.kind <> 'project' OR d.project_id IN (SELECT unhex(value) FROM json_each($3)))
                    AND ($4 IS NULL OR d.kind <> 'task' OR d.project_id IN (SELECT unhex(value) FROM json_each($4)))
                    AND ($5 IS NULL OR d.kind <> 'task_comment' OR d.project_id IN (SELECT unhex(value) FROM json_each($5)))
                    AND ($6 OR NOT d.internal)
                    AND ($7 IS NULL OR d.author_id IN (SELECT unhex(value) FROM json_each($7)))
                    AND ($13 = FALSE OR d.link)
            )
            SELECT place AS "place?: i64", id AS "id?: Uuid", kind AS "kind?: DocumentKind", 0 AS "seen!: i64", 0 AS "scanned!: i64"
            FROM reached WHERE $8 IS NULL OR instr(folded, $8) > 0
            UNION ALL SELECT MIN(s.place), NULL, NULL, (SELECT COUNT(*) FROM reached), COUNT(*) FROM stretch s"#,
            $lists.kinds,
            $lists.channels,
            $lists.projects,
            $lists.task_projects,
            $lists.comment_projects,
            $lists.internal,
            $lists.authors,
            $part,
            $words,
            $range.least,
            $range.most,
            $range.length,
            $lists.link
        );
        Ok(Stretch::of($unit.all(query).await?, $range.length))
    }};
}

impl Unit {
    /// The number of a workspace; none before anything of it was taken in.
    async fn number_of(&mut self, workspace: WorkspaceId) -> StoreResult<Option<i64>> {
        let query = query!("SELECT number FROM search_workspaces WHERE workspace_id = $1", workspace as _);
        Ok(self.optional(query).await?.map(|row| row.number))
    }

    pub(crate) async fn may_match(
        &mut self,
        workspace: WorkspaceId,
        sought: &Sought,
        below: Option<DocumentPlace>,
        limit: u32,
        within: Duration,
    ) -> StoreResult<Candidates> {
        let began = Instant::now();
        let Some(number) = self.number_of(workspace).await? else { return Ok(Candidates::default()) };
        let least = (number << MOMENT_BITS) + sought.from.map_or(0, |at| (moment(at.millis()) - SLACK).max(0));
        let most = (number << MOMENT_BITS) + sought.until.map_or((1 << MOMENT_BITS) - 1, |at| moment(at.millis()) + SLACK);
        let next = below.map_or(most, |place| place.at - 1).min(most);
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let lists = Lists::of(sought);
        let Some(Expression { by_grams, words }) = Expression::of(sought) else { return Ok(Candidates::default()) };
        let longest = sought.terms.iter().max_by_key(|term| term.len()).map(String::as_str);
        // What no index has is read for from the newest on, also for a later page.
        let (part, mut unread) = sought.part.as_ref().map_or((None, i64::MAX), |(part, newest)| (Some(part.as_str()), i64::from(*newest)));
        let mut range = Range { least, most: if part.is_some() { most } else { next }, length: FIRST_STRETCH };
        let mut found = Vec::new();
        loop {
            let stretch = if by_grams {
                self.with_grams(&lists, &words, range).await?
            } else if words.is_empty() {
                self.all_between(&lists, part, range).await?
            } else {
                self.with_trigrams(&lists, &words, longest.or(part), range).await?
            };
            unread -= stretch.seen;
            found.extend(stretch.found.into_iter().filter(|(place, _)| place.at <= next));
            if found.len() >= wanted {
                found.truncate(wanted);
                return Ok(Candidates { found, more: true, late: false });
            }
            match stretch.reached.filter(|_| unread > 0) {
                None => return Ok(Candidates { found, more: false, late: false }),
                Some(place) => {
                    range.most = place - 1;
                    range.length = STRETCH.min(unread);
                }
            }
            if began.elapsed() >= within {
                return Ok(Candidates { found, more: true, late: true });
            }
        }
    }

    /// What has these trigrams, and this part.
    async fn with_trigrams(&mut self, lists: &Lists, words: &str, part: Option<&str>, range: Range) -> StoreResult<Stretch> {
        stretch!(
            self,
            lists,
            part,
            "SELECT rowid AS place FROM search_text WHERE search_text MATCH $9 AND rowid BETWEEN $10 AND $11 ORDER BY rowid DESC LIMIT $12",
            words,
            range
        )
    }

    async fn with_grams(&mut self, lists: &Lists, words: &str, range: Range) -> StoreResult<Stretch> {
        stretch!(
            self,
            lists,
            None::<&str>,
            "SELECT rowid AS place FROM search_grams WHERE search_grams MATCH $9 AND rowid BETWEEN $10 AND $11 ORDER BY rowid DESC LIMIT $12",
            words,
            range
        )
    }

    /// Everything, or what has this part.
    async fn all_between(&mut self, lists: &Lists, part: Option<&str>, range: Range) -> StoreResult<Stretch> {
        stretch!(
            self,
            lists,
            part,
            "SELECT place FROM search_documents WHERE $9 = '' AND place BETWEEN $10 AND $11 ORDER BY place DESC LIMIT $12",
            "",
            range
        )
    }

    pub(crate) async fn found_among(
        &mut self,
        workspace: WorkspaceId,
        user: Option<UserId>,
        ids: &[MessageId],
    ) -> StoreResult<Vec<FoundMessage>> {
        let query = query_as!(
            FoundMessage,
            r#"SELECT m.id, m.channel_id, m.author_id, m.text, m.created_at,
                EXISTS (SELECT 1 FROM pins p WHERE p.workspace_id = m.workspace_id AND p.message_id = m.id) AS "pinned!: bool",
                EXISTS (SELECT 1 FROM stars s WHERE s.workspace_id = m.workspace_id AND s.user_id = $3 AND s.message_id = m.id) AS "starred!: bool"
            FROM (SELECT unhex(value) AS id FROM json_each($2)) w CROSS JOIN messages m ON m.workspace_id = $1 AND m.id = w.id"#,
            workspace as _,
            hex(ids.iter().map(|id| id.0)),
            user as _
        );
        self.all(query).await
    }

    pub(crate) async fn things_among(&mut self, workspace: WorkspaceId, ids: &[Uuid]) -> StoreResult<Vec<Thing>> {
        let query = query!(
            r#"WITH wanted AS MATERIALIZED (SELECT unhex(value) AS id FROM json_each($2))
            SELECT 'project' AS "kind!: DocumentKind", p.id AS "id!: Uuid", p.id AS "project_id?: ProjectId", p.name AS "title!: String",
                p.name AS "name?: String", p.description AS "text?: String", NULL AS "author_id?: UserId",
                p.created_at AS "created_at!: Timestamp", FALSE AS "internal!: bool"
            FROM wanted w CROSS JOIN projects p ON p.workspace_id = $1 AND p.id = w.id
            UNION ALL SELECT 'task', t.id, t.project_id, t.title, t.title, t.description, NULL, t.created_at, NOT t.client_visible
            FROM wanted w CROSS JOIN tasks t ON t.workspace_id = $1 AND t.id = w.id
            UNION ALL SELECT 'task_comment', c.id, t.project_id, t.title, NULL, c.text, c.author_id, c.created_at, NOT c.client_visible
            FROM wanted w CROSS JOIN task_comments c ON c.workspace_id = $1 AND c.id = w.id
            JOIN tasks t ON t.workspace_id = c.workspace_id AND t.id = c.task_id
            UNION ALL SELECT 'client', k.id, NULL, k.name, k.name, COALESCE(k.company || char(10), '') || k.email, NULL, k.created_at, TRUE
            FROM wanted w CROSS JOIN clients k ON k.workspace_id = $1 AND k.id = w.id"#,
            workspace as _,
            hex(ids.iter().copied())
        );
        Ok(self.all(query).await?.into_iter().map(|row| thing!(row)).collect())
    }

    pub(crate) async fn things_of_card_among(&mut self, workspace: WorkspaceId, card: ClientId, ids: &[Uuid]) -> StoreResult<Vec<Thing>> {
        let query = query!(
            r#"WITH wanted AS MATERIALIZED (SELECT unhex(value) AS id FROM json_each($2)), reached AS MATERIALIZED (
                SELECT p.id, p.name, p.description, p.created_at, k.grant_tasks, k.grant_comments FROM collaborators k
                JOIN projects p ON p.workspace_id = k.workspace_id AND p.id = k.project_id
                WHERE k.workspace_id = $1 AND k.client_id = $3 AND p.archived_at IS NULL
            )
            SELECT 'project' AS "kind!: DocumentKind", p.id AS "id!: Uuid", p.id AS "project_id?: ProjectId", p.name AS "title!: String",
                p.name AS "name?: String", p.description AS "text?: String", NULL AS "author_id?: UserId",
                p.created_at AS "created_at!: Timestamp", FALSE AS "internal!: bool"
            FROM reached p WHERE p.id IN (SELECT id FROM wanted)
            UNION ALL SELECT 'task', t.id, t.project_id, t.title, t.title, t.description, NULL, t.created_at, NOT t.client_visible
            FROM wanted w CROSS JOIN tasks t ON t.workspace_id = $1 AND t.id = w.id AND t.client_visible
            JOIN reached p ON p.id = t.project_id AND p.grant_tasks
            UNION ALL SELECT 'task_comment', c.id, t.project_id, t.title, NULL, c.text, c.author_id, c.created_at, NOT c.client_visible
            FROM wanted w CROSS JOIN task_comments c ON c.workspace_id = $1 AND c.id = w.id AND c.client_visible
            JOIN tasks t ON t.workspace_id = c.workspace_id AND t.id = c.task_id AND t.client_visible
            JOIN reached p ON p.id = t.project_id AND p.grant_tasks AND p.grant_comments"#,
            workspace as _,
            hex(ids.iter().copied()),
            card as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| thing!(row)).collect())
    }
}
