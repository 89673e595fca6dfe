//! The look before serving: does the second fence stand?

use kitaab_core::store::StoreError;
use sqlx::query_as;

use crate::error::store_error;
use crate::store::PostgresStore;

/// Tables that belong to no workspace, or are read before anything is known of the caller. Each holds accounts, or ids
/// and counters alone; but for what is searched, which the server's role cannot touch.
const WITHOUT_WORKSPACE: &[&str] = &[
    "_sqlx_migrations",
    "account_audit",
    "event_head",
    "instance",
    "jobs",
    "last_seen",
    "link_tokens",
    "login_tokens",
    "presence_leases",
    "rate_limits",
    "search_documents",
    "sessions",
    "users",
];

/// Why the server must not serve from this database.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The database could not be asked.
    #[error("the database could not be checked")]
    Store(#[from] StoreError),
    /// Everything that is wrong with it, a sentence each.
    #[error("the database is not safe to serve from: {}", .0.join(" "))]
    Unfit(Vec<String>),
}

struct Role {
    name: String,
    superuser: bool,
    bypasses: bool,
    encoding: String,
}

struct Table {
    name: String,
    owned: bool,
    fenced: bool,
    commands: String,
}

impl PostgresStore {
    /// Refuses a database whose row-level security would not hold for the role that the server works as.
    pub async fn check(&self) -> Result<(), CheckError> {
        let role = query_as!(
            Role,
            r#"SELECT current_user::text AS "name!", rolsuper AS "superuser!", rolbypassrls AS "bypasses!",
                current_setting('server_encoding') AS "encoding!"
            FROM pg_roles WHERE rolname = current_user"#
        );
        let role = role.fetch_one(self.pool()).await.map_err(store_error)?;
        // Which commands a restrictive policy on the workspace binds: all of them (*), or read, insert, update, delete.
        let tables = query_as!(
            Table,
            r#"SELECT c.relname::text AS "name!", pg_has_role(current_user, c.relowner, 'MEMBER') AS "owned!",
                (c.relrowsecurity AND c.relforcerowsecurity) AS "fenced!",
                COALESCE((SELECT string_agg(DISTINCT p.polcmd::text, '' ORDER BY p.polcmd::text) FROM pg_policy p
                    WHERE p.polrelid = c.oid AND NOT p.polpermissive AND p.polroles = '{0}'
                    AND COALESCE(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
                        LIKE '%kitaab.workspace%'), '') AS "commands!"
            FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname"#
        );
        let tables = tables.fetch_all(self.pool()).await.map_err(store_error)?;
        let mut problems = problems(&role, &tables);
        if tables.iter().any(|table| table.name == "search_documents") {
            let letters = sqlx::query_scalar!(r#"SELECT cardinality(show_trgm('日本語')) > 0 AS "known!""#);
            if !letters.fetch_one(self.pool()).await.map_err(store_error)? {
                problems.push(
                    "The database knows no letters but those of English, and would find nothing else; make one with LC_CTYPE 'C.UTF-8'."
                        .into(),
                );
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(CheckError::Unfit(problems)) }
    }
}

fn problems(role: &Role, tables: &[Table]) -> Vec<String> {
    let mut found = Vec::new();
    if role.superuser || role.bypasses {
        found.push(format!("The role {} is not bound by row-level security; the server must work as kitaab_app.", role.name));
    }
    if role.encoding != "UTF8" {
        found.push(format!("The database keeps text as {}; make one with ENCODING 'UTF8'.", role.encoding));
    }
    if tables.is_empty() {
        found.push("There are no tables; apply the migrations first.".into());
    }
    for table in tables {
        if table.owned {
            found.push(format!("The table {} belongs to the role {}, which could lift its policies.", table.name, role.name));
        }
        let fenced = table.fenced && matches!(table.commands.as_str(), "*" | "adrw");
        if !fenced && !WITHOUT_WORKSPACE.contains(&table.name.as_str()) {
            found.push(format!("The table {} has no forced row-level security on the workspace.", table.name));
        }
    }
    found
}
