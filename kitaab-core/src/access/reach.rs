//! How far a list goes: the table's condition for one thing, as a condition for many.

use super::{ActionKind, FactSet, Facts, Role, policy};
use crate::ids::ClientId;

/// Which things of a kind a caller may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All of the workspace.
    All,
    /// Projects that this card is on and that are not archived.
    Assigned(ClientId),
    /// Only what is the caller's own.
    Own,
    /// People whom a client may know of: owners, members, the client, those of shared channels.
    Known,
    /// What is in the channels that the caller is in.
    Inside,
    /// Nothing.
    Nothing,
}

impl Reach {
    /// Reads the reach off the table's cell for looking at a single thing.
    #[must_use]
    pub fn of(view: ActionKind, facts: &Facts) -> Self {
        let Some(needs) = policy::cell(view, facts.role) else { return Self::Nothing };
        if !facts.set.has(FactSet::SAME_WORKSPACE) && needs.has(FactSet::SAME_WORKSPACE) {
            return Self::Nothing;
        }
        match (needs.has(FactSet::ON_PROJECT), facts.card) {
            (true, Some(card)) => Self::Assigned(card),
            (true, None) => Self::Nothing,
            (false, _) if needs.has(FactSet::IN_CHANNEL) => Self::Inside,
            (false, _) if needs.has(FactSet::OWN) => Self::Own,
            (false, _) if needs.has(FactSet::KNOWN) => Self::Known,
            (false, _) if needs == FactSet::MODERATED => Self::All,
            // Where the table asks for more than a list can say, the list is empty rather than too long.
            (false, _) if needs.without(FactSet::SAME_WORKSPACE) != FactSet::NONE => Self::Nothing,
            (false, _) if facts.role == Role::Anonymous => Self::Nothing,
            (false, _) => Self::All,
        }
    }
}
