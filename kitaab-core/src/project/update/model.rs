//! What an update is, and how the caller sees it.

use serde::{Deserialize, Serialize};

use crate::access::{OnUpdate, Reads, Target, action};
use crate::answer::Single;
use crate::error::{Error, Result};
use crate::ids::{ProjectId, UpdateId};
use crate::time::Timestamp;
use crate::work::Work;
use crate::workspace::{Author, Person};

/// An update as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// The id.
    pub id: UpdateId,
    /// The project it is about.
    pub project_id: ProjectId,
    /// Who posted it.
    pub author: Author,
    /// What it says.
    pub text: String,
    /// When it was posted.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

/// An update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateView {
    /// The id.
    pub id: UpdateId,
    /// The project it is about.
    pub project_id: ProjectId,
    /// Who posted it.
    pub author: Person,
    /// What it says.
    pub text: String,
    /// When it was posted.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change; the quoted number is the `ETag`.
    pub version: i64,
}

impl UpdateView {
    pub(crate) fn new<T: Target>(update: Update, reader: &Reads<T>) -> Self {
        let Update { id, project_id, author, text, created_at, updated_at, version } = update;
        Self { id, project_id, author: author.seen_by(reader), text, created_at, updated_at, version }
    }
}

/// The update and what the caller may do to it.
pub(super) async fn single(work: &mut Work<'_>, target: OnUpdate) -> Result<Single<UpdateView>> {
    let permit = work.may::<action::ViewUpdate>(target).await?;
    let update = work.tx()?.update(&permit).await?.ok_or(Error::NotFound)?;
    let can = work.can(target).await?;
    Ok(Single::new(UpdateView::new(update, &permit), can))
}
