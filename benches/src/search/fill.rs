//! A million messages of made-up words, and what is searched of them, in the tongue of either engine.

use kitaab_core::ids::WorkspaceId;

use crate::overview::bare::Bare;

/// Channels of a workspace.
pub const CHANNELS: u32 = 500;
/// Pairs of letters that words are made of.
const PAIRS: &str = "babebibocacecicodadedidofafefifogagegigohahehihojajejijokakekikolalelilomamemimonanenino\
                     papepipoqaqeqiqorareriroSASESISOtatetitovaveviVOwaweWIwoxaXexixoyayeyiYOzazeziZO";

/// A word that ten of a million messages have: those whose number ends so (in 100,000).
pub fn rare(end: u32) -> String {
    let pairs = PAIRS.to_lowercase();
    let pair = |which: u32| pairs.chars().skip((which % 80) as usize * 2).take(2).collect::<String>();
    format!("zz{}{}{}", pair(end), pair(end / 80), pair(end / 6_400))
}

/// The words of a message, by its number: eight of 20,000, one rare one; every tenth message says `invoice`, every hundredth
/// `quotation`; and every tenth `settlement`, in channels that the client is not in.
fn words() -> String {
    let pair = |which: &str| format!("substr('{}', CAST((({which}) % 80) * 2 + 1 AS INTEGER), 2)", PAIRS.to_lowercase());
    let word = |salt: i64| {
        let v = format!("((CAST(s.n AS BIGINT) * {} + {salt}) % 20011)", 7919 + salt * 2);
        format!("{} || {} || {}", pair(&v), pair(&format!("{v} / 80")), pair(&format!("{v} * 7 + {salt}")))
    };
    let eight: Vec<String> = (1..=8).map(word).collect();
    format!(
        "{} || CASE WHEN s.n % 10 = 3 THEN ' invoice' ELSE '' END || CASE WHEN s.n % 100 = 7 THEN ' quotation' ELSE '' END
        || CASE WHEN s.n % 100 BETWEEN 40 AND 49 THEN ' settlement' ELSE '' END
        || ' zz' || {}",
        eight.join(" || ' ' || "),
        [pair("s.n % 100000"), pair("s.n % 100000 / 80"), pair("s.n % 100000 / 6400")].join(" || ")
    )
}

/// The channels of a workspace, with people in them: all of them the owner's, and the first twenty the client's.
pub fn channels(bare: &Bare, workspace: WorkspaceId, owner: &str, client: &str) -> Vec<String> {
    let (w, at) = (bare.id(workspace.0), bare.tongue().at("1"));
    let id = channel(bare, "s.n");
    let series = bare.tongue().series(CHANNELS);
    let into = |user: &str, least: u32| {
        format!(
            "INSERT INTO channel_members (workspace_id, channel_id, user_id, joined_at, read_seq, seen_seq)
            SELECT {w}, {id}, {user}, {at}, 0, 0 FROM {series} WHERE s.n <= {least}"
        )
    };
    vec![
        format!(
            "INSERT INTO channels (workspace_id, id, kind, name, last_seq, created_at, last_at, version)
            SELECT {w}, {id}, 'group', 'Channel ' || s.n, 0, {at}, {at}, 1 FROM {series}"
        ),
        into(owner, CHANNELS),
        into(client, 20),
    ]
}

fn channel(bare: &Bare, n: &str) -> String {
    match bare {
        Bare::Sqlite(_) => format!("unhex(printf('%012x70008000%012x', 1767000000000, {n}))"),
        Bare::Postgres { .. } => {
            format!("('01' || lpad(to_hex(1767000000000), 10, '0') || '70008000' || lpad(to_hex({n}), 12, '0'))::uuid")
        }
    }
}

/// The messages of a workspace (if `said`) and what is searched of them.
pub fn messages(bare: &Bare, workspace: WorkspaceId, author: &str, count: u32, number: u32, said: bool) -> Vec<String> {
    let (w, at, words, series) = (bare.id(workspace.0), bare.tongue().at("1"), words(), bare.tongue().series(count));
    let in_channel = channel(bare, &format!("s.n % {CHANNELS} + 1"));
    let mut all = Vec::new();
    let (id, documents) = match bare {
        Bare::Sqlite(_) => {
            let id = "unhex(printf('%012x70008000%012x', 1768000000000 + s.n, s.n))".to_owned();
            // As the store numbers them: the workspace, and the moment since 2020.
            let place = format!("(({number} << 41) + 1768000000000 - 1577836800000 + s.n)");
            let documents = vec![
                format!(
                    "INSERT INTO search_workspaces (workspace_id, number) VALUES ({w}, {number})
                    ON CONFLICT (workspace_id) DO UPDATE SET number = excluded.number"
                ),
                format!(
                    "INSERT INTO search_documents (place, workspace_id, id, kind, channel_id, author_id, internal, link, folded)
                    SELECT {place}, {w}, {id}, 'message', {in_channel}, {author}, FALSE, FALSE, {words} FROM {series}"
                ),
                format!(
                    "INSERT INTO search_text (rowid, folded, within)
                    SELECT place, folded, char(983040, 983040, 983041 + (place - ({number} << 41) - 1768000000000 + 1577836800000) % {CHANNELS})
                    FROM search_documents
                    WHERE place BETWEEN {number} << 41 AND (({number} + 1) << 41) - 1 ORDER BY place"
                ),
            ];
            (id, documents)
        }
        Bare::Postgres { .. } => {
            let id = "('01' || lpad(to_hex(1768000000000 + s.n), 10, '0') || '70008000' || lpad(to_hex(s.n), 12, '0'))::uuid".to_owned();
            let documents = vec![format!(
                "INSERT INTO search_documents (workspace_id, id, kind, channel_id, author_id, internal, link, folded, grams)
                SELECT {w}, {id}, 'message', {in_channel}, {author}, FALSE, FALSE, {words}, '{{}}' FROM {series}"
            )];
            (id, documents)
        }
    };
    if said {
        all.push(format!(
            "INSERT INTO messages (workspace_id, channel_id, seq, id, author_id, client_message_id, text, created_at)
            SELECT {w}, {in_channel}, s.n / {CHANNELS} + 1, {id}, {author}, 'm' || s.n, {words}, {at} FROM {series}"
        ));
        all.push(format!(
            "UPDATE channels SET last_seq = (SELECT MAX(m.seq) FROM messages m WHERE m.workspace_id = channels.workspace_id
                AND m.channel_id = channels.id) WHERE workspace_id = {w} AND name LIKE 'Channel %'"
        ));
        all.push(format!("UPDATE channel_members SET read_seq = {} WHERE workspace_id = {w}", count / CHANNELS - 3));
    }
    all.extend(documents);
    all
}
