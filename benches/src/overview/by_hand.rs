//! What somebody would write who has the database and the question, and nothing else.

/// How an engine says today, and whether a text is a part of another.
pub struct Words {
    pub today: &'static str,
    pub part: fn(&str, &str) -> String,
}

/// The statements of each question, in the order they are asked.
pub struct Questions {
    pub owner: Vec<String>,
    pub client: Vec<String>,
    pub activity: Vec<String>,
    pub profit: Vec<String>,
    pub projects: Vec<String>,
    pub tasks: Vec<String>,
    pub clients: Vec<String>,
}

const PROJECT: &str = "p.id, p.name, p.description, p.status, p.progress, p.progress_mode, p.starts_on, p.due_on, p.client_id, p.tags, \
    p.archived_at, p.created_at, p.updated_at, p.version";

impl Questions {
    /// About the workspace `w`, as its owner and as the client with card `c`, of whom `p` is a project.
    pub fn new(words: &Words, w: &str, c: &str, p: &str) -> Self {
        let today = words.today;
        let open = OPEN;
        let feed = |from: &str, and: &str, limit: u32| {
            format!(
                "SELECT a.id, a.at, a.actor_id, u.display_name, m.role, a.verb, a.kind, a.subject_id,
                    COALESCE(t.title, l.name, a.title) AS title, a.project_id, p.name FROM {from} LEFT JOIN users u ON u.id = a.actor_id
                LEFT JOIN memberships m ON m.workspace_id = a.workspace_id AND m.user_id = a.actor_id
                LEFT JOIN tasks t ON t.workspace_id = a.workspace_id AND t.id = a.task_id
                LEFT JOIN projects p ON p.workspace_id = a.workspace_id AND p.id = a.project_id
                LEFT JOIN clients l ON l.workspace_id = a.workspace_id AND a.kind = 'client' AND l.id = a.subject_id
                WHERE a.workspace_id = {w} {and} ORDER BY a.id DESC LIMIT {limit}"
            )
        };
        let on = format!(
            "collaborators k JOIN projects p ON p.workspace_id = k.workspace_id AND p.id = k.project_id
            WHERE k.workspace_id = {w} AND k.client_id = {c} AND p.archived_at IS NULL"
        );
        let page = |and: &str, limit: u32| {
            format!(
                "SELECT {PROJECT}, n.body FROM projects p LEFT JOIN project_notes n ON n.workspace_id = p.workspace_id
                AND n.project_id = p.id WHERE p.workspace_id = {w} AND p.archived_at IS NULL {and} ORDER BY p.id DESC LIMIT {limit}"
            )
        };
        Self {
            owner: vec![
                format!(
                    "SELECT 'projects', NULL AS currency, COUNT(*) FROM projects WHERE workspace_id = {w} AND archived_at IS NULL
                    UNION ALL SELECT 'clients', NULL, COUNT(*) FROM clients WHERE workspace_id = {w} AND archived_at IS NULL
                    UNION ALL SELECT 'invitations', NULL, COUNT(*) FROM invitations WHERE workspace_id = {w} AND closed_at IS NULL
                    UNION ALL SELECT kind, currency, CAST(SUM(minor) AS BIGINT) FROM ledger_entries
                        WHERE workspace_id = {w} AND deleted_at IS NULL GROUP BY kind, currency"
                ),
                page("AND p.status = 'active'", 20),
                feed("activity a", "", 20),
                format!("{} UNION ALL {}", walk(w, today, "<", "DESC"), walk(w, today, ">=", "ASC")),
            ],
            client: vec![
                format!(
                    "SELECT (SELECT COUNT(*) FROM {on}),
                        (SELECT COUNT(*) FROM tasks t WHERE t.workspace_id = {w} AND t.state = 'done' AND t.client_visible
                            AND t.project_id IN (SELECT p.id FROM {on})),
                        (SELECT COUNT(*) FROM {on} AND p.due_on >= {today} AND p.status {open}),
                        (SELECT COUNT(*) FROM tasks t WHERE t.workspace_id = {w} AND t.state {open} AND t.due_on >= {today}
                            AND t.client_visible AND t.project_id IN (SELECT p.id FROM {on}))"
                ),
                format!("SELECT {PROJECT}, k.grant_tasks, k.grant_comments, k.grant_upload FROM {on} ORDER BY p.id DESC LIMIT 200"),
                format!(
                    "SELECT x.id, x.project_id, x.author_id, u.display_name, x.text, x.created_at, x.updated_at, x.version
                    FROM project_updates x JOIN users u ON u.id = x.author_id
                    WHERE x.workspace_id = {w} AND x.project_id IN (SELECT p.id FROM {on}) ORDER BY x.id DESC LIMIT 20"
                ),
                due(w, today, &on),
            ],
            activity: vec![feed("activity a", "", 51)],
            profit: vec![format!(
                "SELECT e.project_id, p.name, e.currency, e.income, e.expense FROM (SELECT project_id, currency,
                    CAST(SUM(CASE WHEN kind = 'income' THEN minor ELSE 0 END) AS BIGINT) AS income,
                    CAST(SUM(CASE WHEN kind = 'expense' THEN minor ELSE 0 END) AS BIGINT) AS expense
                    FROM ledger_entries WHERE workspace_id = {w} AND deleted_at IS NULL GROUP BY project_id, currency) e
                LEFT JOIN projects p ON p.workspace_id = {w} AND p.id = e.project_id"
            )],
            projects: vec![page(
                &format!("AND ({} OR {})", (words.part)("p.name_folded", "7"), (words.part)("p.description_folded", "7")),
                51,
            )],
            tasks: vec![format!(
                "SELECT t.id, t.project_id, t.title, t.description, t.state, t.assignee_id, t.due_on, t.tags, t.client_visible, t.position,
                    t.created_at, t.updated_at, t.version FROM tasks t WHERE t.workspace_id = {w} AND t.project_id = {p}
                    AND ({} OR {}) ORDER BY t.position LIMIT 51",
                (words.part)("t.title_folded", "7"),
                (words.part)("t.description_folded", "7")
            )],
            clients: vec![format!(
                "SELECT c.id, c.name, c.email, c.company, c.phone, c.user_id, c.archived_at, c.created_at, c.updated_at, c.version, n.body,
                    i.sent_at, i.opened_at, i.accepted_at, i.revoked_at, i.expires_at
                FROM (SELECT clients.*, (SELECT l.id FROM invitations l WHERE l.workspace_id = {w} AND l.client_id = clients.id
                    ORDER BY l.id DESC LIMIT 1) AS newest FROM clients WHERE workspace_id = {w} AND archived_at IS NULL
                    AND ({} OR {} OR {}) ORDER BY name_folded, id LIMIT 51) c
                LEFT JOIN client_notes n ON n.workspace_id = {w} AND n.client_id = c.id
                LEFT JOIN invitations i ON i.workspace_id = {w} AND i.id = c.newest ORDER BY c.name_folded, c.id",
                (words.part)("name_folded", "7"),
                (words.part)("company_folded", "7"),
                (words.part)("email", "7")
            )],
        }
    }
}

const OPEN: &str = "NOT IN ('done', 'cancelled')";

/// What is due in a client's projects.
fn due(w: &str, today: &str, on: &str) -> String {
    format!(
        "WITH due AS MATERIALIZED (SELECT 'project' AS kind, p.id, p.name AS title, p.id AS project_id, p.name AS project, p.due_on
            FROM {on} AND p.status {OPEN} AND p.due_on IS NOT NULL
        UNION ALL SELECT 'task', t.id, t.title, p.id, p.name, t.due_on
            FROM (SELECT p.id, p.name FROM {on} AND p.status {OPEN}) p
            JOIN tasks i ON i.workspace_id = {w} AND i.project_id = p.id JOIN tasks t ON t.workspace_id = {w} AND t.id = i.id
            WHERE i.due_on IS NOT NULL AND i.state {OPEN} AND i.client_visible)
        SELECT * FROM (SELECT * FROM due WHERE due_on < {today} ORDER BY due_on DESC, id LIMIT 20) AS a
        UNION ALL SELECT * FROM (SELECT * FROM due WHERE due_on >= {today} ORDER BY due_on, id LIMIT 20) AS b"
    )
}

/// What is due in all projects, walking an index away from today.
fn walk(w: &str, today: &str, side: &str, order: &str) -> String {
    format!(
        "SELECT * FROM (SELECT 'task' AS kind, t.id, t.title, p.id AS project_id, p.name, t.due_on FROM tasks t
            JOIN projects p ON p.workspace_id = t.workspace_id AND p.id = t.project_id
            WHERE t.workspace_id = {w} AND t.due_on {side} {today} AND t.state {OPEN} AND p.archived_at IS NULL AND p.status {OPEN}
            ORDER BY t.due_on {order}, t.id {order} LIMIT 20) AS t
        UNION ALL SELECT * FROM (SELECT 'project', p.id, p.name, p.id, p.name, p.due_on FROM projects p
            WHERE p.workspace_id = {w} AND p.due_on {side} {today} AND p.archived_at IS NULL AND p.status {OPEN}
            ORDER BY p.due_on {order}, p.id {order} LIMIT 20) AS p"
    )
}
