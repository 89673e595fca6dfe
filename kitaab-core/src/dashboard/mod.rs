//! What one sees first: how things stand, what happened, and what is due.
//!
//! Each part is one statement, however many projects there are.

mod client;
mod deadline;
mod staff;
mod unread;

use serde::{Deserialize, Serialize};

pub use client::{ClientCards, ClientDashboard};
pub use deadline::{Deadline, DeadlineKind, DeadlineRow};
pub use staff::{MemberCards, OwnerCards, StaffDashboard};

use crate::access::{InWorkspace, Own, Role, action};
use crate::activity::Overview;
use crate::error::{Error, Result};
use crate::ids::WorkspaceId;
use crate::time::Date;
use crate::work::Work;
use crate::workspace::scope;

/// The longest list on a dashboard, projects of a client apart.
pub const DASHBOARD_LIST_MAX: u32 = 20;

/// The first page of whoever asks. What each sees is a type of its own, without anything to leak.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Dashboard {
    /// An owner's.
    Owner(StaffDashboard<OwnerCards>),
    /// A member's: the owner's without money and invitations.
    Member(StaffDashboard<MemberCards>),
    /// A client's: what they are on.
    Client(ClientDashboard),
}

impl Overview<'_> {
    /// How things stand for the caller: for owners with money, for members without, for clients what they are on.
    /// What is due is judged by the day in the caller's own time zone.
    pub async fn dashboard(&self, workspace: WorkspaceId) -> Result<Dashboard> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListProjects>(InWorkspace(workspace)).await?;
        let today = today(&mut work).await?;
        match permit.role() {
            Role::Owner => Ok(Dashboard::Owner(staff::of_owner(&mut work, workspace, today).await?)),
            Role::Member => Ok(Dashboard::Member(staff::of_member(&mut work, workspace, today).await?)),
            Role::Client => Ok(Dashboard::Client(client::of_client(&mut work, workspace, today).await?)),
            Role::Moderator | Role::System | Role::Anonymous => Err(Error::NotFound),
        }
    }
}

/// The day that it is where the caller lives.
async fn today(work: &mut Work<'_>) -> Result<Date> {
    let user = work.actor().user().ok_or(Error::NotFound)?;
    let own = work.may::<action::ViewAccount>(Own(user)).await?;
    let login = work.tx()?.login(&own).await?.ok_or(Error::NotFound)?;
    Ok(work.now().date_in(&login.user.time_zone))
}
