//! Everything that somebody may see, as a file to take away: a zip of JSON and CSV, made by a job.
//!
//! A job makes it as the person who asked, with permits like any other call: what they may not see is not in it. It is
//! fetched by a link that is the permission itself, and is checked again when it is used.

mod archive;
mod ask;
mod columns;
mod contents;
mod download;
mod link;
mod make;
mod model;

use std::time::Duration;

pub use ask::NewExport;
pub use download::Download;
pub use model::{Export, ExportScope, ExportState, ExportStatus, ExportView, MadeExport};

pub(crate) use make::{erase, give_up, make, sweep};

use crate::access::Actor;
use crate::ids::{ExportId, WorkspaceId};
use crate::kitaab::Kitaab;

/// How long a link to an export is good.
pub const LINK_TTL: Duration = Duration::from_mins(15);
/// How long an export can be fetched; then it is removed.
pub const KEPT_FOR: Duration = Duration::from_hours(24);

/// The use cases of exports; see [`Kitaab::exports`].
#[derive(Clone, Copy)]
pub struct Exports<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// Exports.
    #[must_use]
    pub fn exports<'a>(&'a self, actor: &'a Actor) -> Exports<'a> {
        Exports { kitaab: self, actor }
    }
}

/// Under which key the file of an export is kept. A second try may see more or less than the first, and must not put it
/// in the other's place: what was seen at another epoch is another file.
fn key(workspace: WorkspaceId, export: ExportId, access_epoch: i64) -> String {
    format!("{}/{access_epoch}.zip", files(workspace, export))
}

/// Below which all tries of an export are.
fn files(workspace: WorkspaceId, export: ExportId) -> String {
    format!("{}/{export}", folder(workspace))
}

fn folder(workspace: WorkspaceId) -> String {
    format!("exports/{workspace}")
}
