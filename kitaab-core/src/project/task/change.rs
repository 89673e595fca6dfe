//! What every change of a task brings with it.

use crate::access::{OnProject, Permit, Reads, Role, action};
use crate::error::{Error, Problems, Result};
use crate::event::{EventKind, Told};
use crate::ids::{ProjectId, UserId};
use crate::notification::{Notice, Rule};
use crate::project::Task;
use crate::work::Work;

/// What the person who is to do a task is to the workspace: owner, member, or a client on the project.
pub(super) async fn assignee(
    work: &mut Work<'_>,
    permit: &Reads<OnProject>,
    person: Option<UserId>,
    problems: &mut Problems,
) -> Result<Option<Role>> {
    let Some(person) = person else { return Ok(None) };
    let role = work.tx()?.role_on_project(permit, person).await?;
    if role.is_none() {
        problems.add("assignee_id", "not_found", "There is no such person on this project.");
    }
    Ok(role)
}

/// Holds the project until the unit ends, before any of its tasks is touched: so no two tasks are put in the same
/// place, and of two that are done at the same time the second is counted with the first.
pub(super) async fn hold(work: &mut Work<'_>, project: ProjectId) -> Result<Permit<action::CountProgress>> {
    let permit = work.may::<action::CountProgress>(OnProject(work.here()?, project)).await?;
    if !work.tx()?.hold_project(&permit).await? {
        return Err(Error::NotFound);
    }
    Ok(permit)
}

/// Counts the progress of a project that is held from its tasks, if it is counted.
pub(in crate::project) async fn count_progress(work: &mut Work<'_>, held: &Permit<action::CountProgress>) -> Result<()> {
    let now = work.now();
    if work.tx()?.count_progress(held, now).await? {
        work.tell(Told::project(EventKind::ProjectUpdated, held.target().1));
    }
    Ok(())
}

/// Says that a task was given to somebody, if it is now and they did not take it themselves.
pub(super) fn notify(work: &mut Work<'_>, before: Option<UserId>, task: &Task) {
    let giver = work.actor().user();
    if let Some(user) = task.assignee_id.filter(|user| before != Some(*user) && giver != Some(*user)) {
        let (subject, project) = (task.id.0, Some(task.project_id));
        work.notify(Notice { user, rule: Rule::GivenTask, actor: giver, subject, channel: None, project });
    }
}
