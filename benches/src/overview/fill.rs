//! A large workspace, and many small ones beside it, in the tongue of either engine.

/// How an engine says what the other says otherwise.
pub struct Tongue {
    pub uuid: &'static str,
    /// The numbers from 1 up to `{N}`, as a table `s` with a column `n`.
    pub series: &'static str,
    /// A day, `{N}` days from now.
    pub day: &'static str,
    /// A moment, `{N}` hours ago.
    pub at: &'static str,
    /// `{N}` as six digits.
    pub six: &'static str,
}

pub const POSTGRES: Tongue = Tongue {
    uuid: "gen_random_uuid()",
    series: "generate_series(1, {N}) AS s(n)",
    day: "(CURRENT_DATE + CAST({N} AS INTEGER))",
    at: "(now() - {N} * INTERVAL '1 hour')",
    six: "right('000000' || ({N}), 6)",
};

pub const SQLITE: Tongue = Tongue {
    uuid: "randomblob(16)",
    series: "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {N}) SELECT n FROM s) AS s",
    day: "date('now', ({N}) || ' days')",
    at: "((unixepoch('now') - ({N}) * 3600) * 1000000)",
    six: "substr('000000' || ({N}), -6)",
};

impl Tongue {
    pub fn series(&self, count: u32) -> String {
        self.series.replace("{N}", &count.to_string())
    }

    fn day(&self, expression: &str) -> String {
        self.day.replace("{N}", expression)
    }

    pub fn at(&self, expression: &str) -> String {
        self.at.replace("{N}", expression)
    }

    /// Other workspaces, so many more. Nobody belongs to them; they are there.
    pub fn neighbours(&self, more: u32) -> Vec<String> {
        let (uuid, at) = (self.uuid, self.at("1"));
        let found = format!(
            "INSERT INTO workspaces (id, name, name_folded, brand_color, time_zone, currency, created_at, deleted_at, version)
            SELECT {uuid}, 'New', 'new', NULL, 'UTC', 'EUR', {at}, NULL, 1 FROM {}",
            self.series(more)
        );
        let heads = "INSERT INTO event_head (workspace_id, seq, floor, log_epoch, access_epoch)
            SELECT id, 0, 0, 1, 1 FROM workspaces WHERE name = 'New'";
        let mut all = vec![found, heads.into()];
        all.extend(self.things("(SELECT id FROM workspaces WHERE name = 'New')", [5, 5, 20, 50]));
        all.push("UPDATE workspaces SET name = 'Old' WHERE name = 'New'".into());
        all
    }

    /// So many clients, projects, tasks in each project, and entries for each, in every workspace of a set.
    pub fn things(&self, workspaces: &str, [clients, projects, tasks, entries]: [u32; 4]) -> Vec<String> {
        let (uuid, at, six) = (self.uuid, self.at("s.n"), self.six);
        let position = six.replace("{N}", "s.n");
        vec![
            format!(
                "INSERT INTO clients (workspace_id, id, name, name_folded, email, created_at, updated_at, version)
                SELECT w.id, {uuid}, 'Client ' || s.n, 'client ' || s.n, 'c' || s.n || '@example.com', {at}, {at}, 1
                FROM {workspaces} AS w, {}",
                self.series(clients)
            ),
            format!(
                "INSERT INTO projects (workspace_id, id, name, name_folded, description, description_folded, status, progress,
                    progress_mode, due_on, tags, created_at, updated_at, version)
                SELECT w.id, {uuid}, 'Project ' || s.n, 'project ' || s.n, 'What it is about.', 'what it is about.',
                    CASE WHEN s.n % 4 = 0 THEN 'done' ELSE 'active' END, s.n % 100, 'manual', {}, '[]', {at}, {at}, 1
                FROM {workspaces} AS w, {}",
                self.day("s.n - 100"),
                self.series(projects)
            ),
            format!(
                "INSERT INTO tasks (workspace_id, id, project_id, title, title_folded, state, due_on, tags, client_visible, position,
                    created_at, updated_at, version)
                SELECT p.workspace_id, {uuid}, p.id, 'Task ' || s.n, 'task ' || s.n, CASE WHEN s.n % 2 = 0 THEN 'done' ELSE 'todo' END,
                    CASE WHEN s.n % 3 = 0 THEN {} END, '[]', TRUE, {position}, {at}, {at}, 1
                FROM projects p, {} WHERE p.workspace_id IN (SELECT w.id FROM {workspaces} AS w)",
                self.day("s.n - 50"),
                self.series(tasks)
            ),
            format!(
                "INSERT INTO activity (workspace_id, id, at, actor_id, kind, verb, subject_id, project_id, task_id, client_visible)
                SELECT t.workspace_id, {uuid}, t.created_at, NULL, 'task', 'created', t.id, t.project_id, t.id, TRUE
                FROM tasks t WHERE t.workspace_id IN (SELECT w.id FROM {workspaces} AS w)"
            ),
            format!(
                "INSERT INTO ledger_entries (workspace_id, id, kind, minor, currency, \"on\", category, project_id, tags, created_at,
                    updated_at, version)
                SELECT p.workspace_id, {uuid}, CASE WHEN s.n % 3 = 0 THEN 'income' ELSE 'expense' END, s.n * 137,
                    CASE WHEN s.n % 10 = 0 THEN 'JPY' ELSE 'EUR' END, {}, 'Category ' || (s.n % 12), p.id, '[]', {at}, {at}, 1
                FROM projects p, {} WHERE p.workspace_id IN (SELECT w.id FROM {workspaces} AS w)",
                self.day("-(s.n % 365)"),
                self.series(entries)
            ),
        ]
    }

    /// A card is on every tenth project of its workspace.
    pub fn share(&self, workspace: &str, card: &str) -> String {
        format!(
            "INSERT INTO collaborators (workspace_id, project_id, client_id, grant_tasks, grant_comments, grant_upload, created_at)
            SELECT workspace_id, id, {card}, TRUE, TRUE, TRUE, {} FROM projects WHERE workspace_id = {workspace} AND name LIKE '%0'",
            self.at("1")
        )
    }
}
