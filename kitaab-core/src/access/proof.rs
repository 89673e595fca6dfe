//! What a caller has shown besides who they are: a secret that opens exactly one thing.

use uuid::Uuid;

use super::target::AnyTarget;
use super::{FactSet, TargetKind};
use crate::ids::{InvitationId, UserId};

/// Shows that the caller holds the secret of one target. Made only from what the store knows of a secret.
#[derive(Debug, Clone, Copy)]
pub struct Proof {
    kind: TargetKind,
    id: Uuid,
}

impl Proof {
    /// The secret of a link in a mail, or a password, opens this account.
    pub(crate) fn of_account(user: UserId) -> Self {
        Self { kind: TargetKind::Account, id: user.0 }
    }

    /// The secret of an invitation's link opens this invitation.
    pub(crate) fn of_invitation(invitation: InvitationId) -> Self {
        Self { kind: TargetKind::Invitation, id: invitation.0 }
    }

    /// The secret of the link in a mail about conversations opens what mail this person gets.
    pub(crate) fn of_reader(person: UserId) -> Self {
        Self { kind: TargetKind::Member, id: person.0 }
    }

    pub(super) fn facts(self, target: AnyTarget) -> FactSet {
        let opens = match target {
            AnyTarget::Account(user) => self.kind == TargetKind::Account && self.id == user.0,
            AnyTarget::Invitation(_, invitation) => self.kind == TargetKind::Invitation && self.id == invitation.0,
            AnyTarget::Member(_, person) => self.kind == TargetKind::Member && self.id == person.0,
            _ => false,
        };
        FactSet::NONE.with(FactSet::TOKEN, opens)
    }
}
