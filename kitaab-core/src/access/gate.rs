//! Fetches the facts, asks the table, hands out the permit.

use super::target::AnyTarget;
use super::{Action, ActionKind, Actor, Decision, FactSet, Facts, Permit, Proof, Reach, Role, Target, TargetKind, Who, policy};
use crate::error::{Error, Refusal};
use crate::ids::{ClientId, WorkspaceId};
use crate::store::{StoreResult, Tx};
use crate::time::Timestamp;

/// What the store knows of a caller in a workspace, and of the thing they ask about.
#[derive(Debug, Clone, Copy, Default)]
pub struct Standing {
    /// The caller's role in the workspace, if they have one.
    pub role: Option<Role>,
    /// The caller's own card.
    pub card: Option<ClientId>,
    /// The workspace's access epoch.
    pub epoch: i64,
    /// Whether the thing exists in this workspace; true for the workspace itself.
    pub found: bool,
    /// What is known of the thing: `OWN`, `ON_PROJECT`, the grants, `ACTIVE`, `CLIENT_VISIBLE`, `AUTHOR`, `IS_RECIPIENT`,
    /// `IN_CHANNEL`.
    pub set: FactSet,
    /// When a message that still says something was written: from then on it may be changed for a while.
    pub said_at: Option<Timestamp>,
}

/// Why an action was refused, for the audit log.
#[derive(Debug, Clone, Copy)]
pub struct Denied {
    /// What was asked for.
    pub action: ActionKind,
    /// As what the caller asked.
    pub role: Role,
    /// The workspace in which it was asked.
    pub workspace: Option<WorkspaceId>,
    /// The kind of thing.
    pub kind: TargetKind,
    /// Which one.
    pub id: Option<uuid::Uuid>,
    /// What the caller is told.
    pub decision: Decision,
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        match denied.decision {
            Decision::Forbidden(Refusal::EditWindowOver) => {
                Self::conflict("edit_window_over", "A message can be changed for a while after it was sent, and that is over.")
            }
            Decision::Forbidden(refusal) => Self::Forbidden(refusal),
            Decision::Hidden | Decision::Allowed => Self::NotFound,
        }
    }
}

/// When a decision is made, and for how long what was said may be changed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) now: Timestamp,
    pub(crate) edit_window: std::time::Duration,
}

/// Fetches what is known of `actor` and `target`: one query.
pub(crate) async fn facts_of(tx: &mut dyn Tx, actor: &Actor, moment: Moment, target: AnyTarget) -> StoreResult<Facts> {
    let user = actor.user();
    let standing = match target {
        AnyTarget::Instance | AnyTarget::Account(_) => None,
        AnyTarget::Workspace(workspace) => tx.workspace_standing(workspace, user).await?,
        AnyTarget::Member(workspace, person) => tx.person_standing(workspace, user, person).await?,
        AnyTarget::Client(workspace, client) => tx.client_standing(workspace, user, client).await?,
        AnyTarget::Invitation(workspace, invitation) => tx.invitation_standing(workspace, user, invitation).await?,
        AnyTarget::Project(workspace, project) => tx.project_standing(workspace, user, project).await?,
        AnyTarget::Task(workspace, task) => tx.task_standing(workspace, user, task).await?,
        AnyTarget::TaskComment(workspace, comment) => tx.task_comment_standing(workspace, user, comment).await?,
        AnyTarget::Update(workspace, update) => tx.update_standing(workspace, user, update).await?,
        AnyTarget::Channel(workspace, channel) => tx.channel_standing(workspace, user, channel).await?,
        AnyTarget::Message(workspace, message) => tx.message_standing(workspace, user, message).await?,
        AnyTarget::Scheduled(workspace, scheduled) => tx.scheduled_standing(workspace, user, scheduled).await?,
        AnyTarget::Template(workspace, template) => tx.template_standing(workspace, user, template).await?,
    };
    Ok(judge(actor, moment, target, standing))
}

/// Puts together what the store knows and what the caller brought.
pub(crate) fn judge(actor: &Actor, moment: Moment, target: AnyTarget, standing: Option<Standing>) -> Facts {
    let own_account = matches!((target, actor.who), (AnyTarget::Account(account), Who::Person(user)) if account == user);
    let fresh = actor.fresh_until.is_some_and(|until| moment.now < until);
    let set = FactSet::NONE.with(FactSet::FRESH, fresh).with(FactSet::OWN, own_account);
    let outside = if actor.moderator { Role::Moderator } else { Role::Anonymous };
    let Some(standing) = standing else {
        return Facts { role: if actor.who == Who::System { Role::System } else { outside }, set, card: None, epoch: None };
    };
    let role = match actor.who {
        Who::System => Some(Role::System),
        Who::Person(_) => standing.role,
        Who::Nobody => None,
    };
    // What the store says of the thing counts only if the thing is there.
    let here = role.is_some() && standing.found;
    let about = if standing.found { standing.set } else { FactSet::NONE };
    // Of a deleted message no time runs out: that it is deleted is what its author is told.
    let editable = standing.found && standing.said_at.is_none_or(|said| moment.now < said.after(moment.edit_window));
    let moderated = standing.found && role.is_none() && outside == Role::Moderator;
    Facts {
        role: role.unwrap_or(outside),
        set: (set | about)
            .with(FactSet::MODERATED, moderated)
            .with(FactSet::SAME_WORKSPACE, here)
            .with(FactSet::WITHIN_EDIT_WINDOW, editable),
        card: standing.card,
        epoch: Some(standing.epoch),
    }
}

/// Asks the table for a permit. `proof` is a secret that the caller has shown.
pub(crate) fn ask<A: Action>(
    actor: &Actor,
    target: A::Target,
    mut facts: Facts,
    proof: Option<Proof>,
) -> Result<(Permit<A>, Facts), Denied> {
    if let Some(proof) = proof {
        facts.set = facts.set | proof.facts(target.any());
    }
    let decision = policy::decide(A::KIND, &facts);
    if decision == Decision::Allowed {
        let reach = Reach::of(view_of(A::KIND), &facts);
        return Ok((Permit::decided(target, actor, &facts, reach), facts));
    }
    Err(Denied { action: A::KIND, role: facts.role, workspace: target.workspace(), kind: A::Target::KIND, id: target.id(), decision })
}

/// The action on a single thing whose cell says how far a list of such things goes.
fn view_of(list: ActionKind) -> ActionKind {
    match list {
        ActionKind::ListProjects | ActionKind::ListActivity | ActionKind::ListTags => ActionKind::ViewProject,
        ActionKind::ListTasks => ActionKind::ViewTask,
        ActionKind::ListTaskComments | ActionKind::ListProjectComments => ActionKind::ViewTaskComment,
        ActionKind::ListUpdates => ActionKind::ViewUpdate,
        ActionKind::ListClients | ActionKind::FindClients => ActionKind::ViewClient,
        ActionKind::ListPeople => ActionKind::ViewPerson,
        ActionKind::ListInvitations => ActionKind::ViewInvitation,
        ActionKind::ListChannels => ActionKind::ViewChannel,
        ActionKind::LookThroughChannels | ActionKind::LookForMessages => ActionKind::LookIntoChannel,
        other => other,
    }
}

/// The names of the actions on `kind` that these facts allow, for `can` in the API.
pub(crate) fn allowed(kind: TargetKind, facts: &Facts) -> Vec<ActionKind> {
    let on_it = ActionKind::ALL.iter().copied().filter(|action| action.kind() == kind);
    on_it.filter(|action| action.writes() && action.told() && policy::decide(*action, facts) == Decision::Allowed).collect()
}
