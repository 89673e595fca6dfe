//! What projects and clients are called, for tables that people read.

use std::collections::HashMap;

use serde::Serialize;
use uuid::Uuid;

use super::{LedgerEntry, TimeEntryView};
use crate::access::{Ledger, Reads};
use crate::error::Result;
use crate::ids::{ClientId, ProjectId};
use crate::work::Work;

/// The names of all projects and clients of a workspace.
pub(crate) struct Names(HashMap<Uuid, String>);

/// A row with the names of its project and its client beside their ids.
#[derive(Serialize)]
pub(crate) struct Named<'a, T> {
    #[serde(flatten)]
    item: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<&'a str>,
}

/// What belongs to a project or a client.
pub(crate) trait Belongs: Serialize {
    fn to(&self) -> (Option<ProjectId>, Option<ClientId>);
}

impl Belongs for LedgerEntry {
    fn to(&self) -> (Option<ProjectId>, Option<ClientId>) {
        (self.project_id, self.client_id)
    }
}

impl Belongs for TimeEntryView {
    fn to(&self) -> (Option<ProjectId>, Option<ClientId>) {
        (self.project_id, None)
    }
}

impl Names {
    pub(crate) async fn of(work: &mut Work<'_>, permit: &Reads<Ledger>) -> Result<Self> {
        Ok(Self(work.tx()?.ledger_names(permit).await?.into_iter().collect()))
    }

    pub(crate) fn with<T: Belongs>(&self, item: T) -> Named<'_, T> {
        let (project, client) = item.to();
        let name = |id: Option<Uuid>| self.0.get(&id?).map(String::as_str);
        Named { project: name(project.map(|id| id.0)), client: name(client.map(|id| id.0)), item }
    }
}
