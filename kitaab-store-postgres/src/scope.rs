//! How a unit begins: its scope becomes the context of row-level security, in the same round trip.
//!
//! The settings hold for the transaction alone, so no connection carries one over to the next unit.

use kitaab_core::store::Scope;

/// The statements that begin a unit. Ids are formatted from their bytes and nothing else is put in.
pub(crate) fn begin(scope: Scope, writes: bool) -> String {
    let begin = if writes { "BEGIN ISOLATION LEVEL READ COMMITTED" } else { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" };
    let (workspace, user, role) = match scope {
        Scope::Workspace { workspace, user: Some(user) } => return format!("{begin}; SELECT kitaab_enter('{workspace}', '{user}')"),
        Scope::Workspace { workspace, user: None } => return format!("{begin}; SELECT kitaab_enter('{workspace}', NULL)"),
        Scope::Guest(workspace) => (workspace.to_string(), String::new(), "guest"),
        Scope::System(workspace) => (workspace.to_string(), String::new(), "system"),
        Scope::Person(user) => (String::new(), user.to_string(), ""),
        Scope::Nobody => (String::new(), String::new(), ""),
    };
    format!(
        "{begin}; SELECT set_config('kitaab.workspace', '{workspace}', true), set_config('kitaab.user', '{user}', true), \
         set_config('kitaab.role', '{role}', true)"
    )
}

#[cfg(test)]
mod tests;
