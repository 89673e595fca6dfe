//! What projects and clients are called, for tables that people read.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::access::{Ledger, Reads};
use crate::error::{Error, Result};
use crate::work::Work;

/// The names of all projects and clients of a workspace.
pub(crate) struct Names(HashMap<Uuid, String>);

impl Names {
    pub(crate) async fn of(work: &mut Work<'_>, permit: &Reads<Ledger>) -> Result<Self> {
        Ok(Self(work.tx()?.ledger_names(permit).await?.into_iter().collect()))
    }

    /// The row with the names of its project and its client beside their ids.
    pub(crate) fn with(&self, row: &impl Serialize) -> Result<Value> {
        let mut row = serde_json::to_value(row).map_err(Error::internal)?;
        for (id, name) in [("project_id", "project"), ("client_id", "client")] {
            let known = row[id].as_str().and_then(|id| id.parse().ok()).and_then(|id: Uuid| self.0.get(&id));
            if let Some(known) = known {
                row[name] = Value::from(known.as_str());
            }
        }
        Ok(row)
    }
}
