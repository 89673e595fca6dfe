//! The proof that an action was allowed.

use std::marker::PhantomData;
use std::ops::Deref;

use super::{Action, Actor, Facts, Reach, Role, Target, Who};
use crate::ids::{ClientId, WorkspaceId};

/// The right to read a target.
#[derive(Debug, Clone)]
pub struct Reads<T: Target> {
    target: T,
    who: Who,
    role: Role,
    card: Option<ClientId>,
    reach: Reach,
}

impl<T: Target> Reads<T> {
    /// What may be read.
    #[must_use]
    pub fn target(&self) -> T {
        self.target
    }

    /// Who may.
    #[must_use]
    pub fn who(&self) -> Who {
        self.who
    }

    /// As what they may.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The caller's own card, if they are a client.
    #[must_use]
    pub fn card(&self) -> Option<ClientId> {
        self.card
    }

    /// How far a list goes.
    #[must_use]
    pub fn reach(&self) -> Reach {
        self.reach
    }
}

macro_rules! workspace_of {
    ($($target:ident),+) => {$(
        impl Reads<super::$target> {
            /// The workspace that every statement binds.
            #[must_use]
            pub fn workspace(&self) -> WorkspaceId { self.target.0 }
        }
    )+};
}
workspace_of!(
    InWorkspace,
    Ledger,
    OnPerson,
    OnClient,
    OnInvitation,
    OnProject,
    OnTask,
    OnTaskComment,
    OnUpdate,
    OnChannel,
    OnMessage,
    OnTemplate,
    OnScheduled
);

/// The right to write a target, and so to read it.
#[derive(Debug, Clone)]
pub struct Writes<T: Target>(Reads<T>);

impl<T: Target> Deref for Writes<T> {
    type Target = Reads<T>;
    fn deref(&self) -> &Reads<T> {
        &self.0
    }
}

/// Proves that action `A` was allowed on a target. Only `access` makes one.
///
/// It reads as a [`Writes`] or a [`Reads`] of its target, as the action says; that is what repositories take.
#[derive(Debug, Clone)]
pub struct Permit<A: Action> {
    grant: A::Grant,
    action: PhantomData<A>,
}

impl<A: Action> Deref for Permit<A> {
    type Target = A::Grant;
    fn deref(&self) -> &A::Grant {
        &self.grant
    }
}

/// A right that a decision can hand out; [`Reads`] and [`Writes`] only.
pub trait Grant: sealed::Sealed {
    /// What it is a right to.
    type Target: Target;
    /// Whether it lets one change the target.
    const WRITES: bool;
    #[doc(hidden)]
    fn new(reads: Reads<Self::Target>, _: &sealed::Decided) -> Self;
}

mod sealed {
    pub trait Sealed {}
    impl<T: super::Target> Sealed for super::Reads<T> {}
    impl<T: super::Target> Sealed for super::Writes<T> {}
    /// Made only where the table was asked.
    #[derive(Debug)]
    pub struct Decided(pub(super) ());
}

impl<T: Target> Grant for Reads<T> {
    type Target = T;
    const WRITES: bool = false;
    fn new(reads: Self, _: &sealed::Decided) -> Self {
        reads
    }
}

impl<T: Target> Grant for Writes<T> {
    type Target = T;
    const WRITES: bool = true;
    fn new(reads: Reads<T>, _: &sealed::Decided) -> Self {
        Self(reads)
    }
}

impl<A: Action> Permit<A> {
    /// Called by the gate alone, after the table said yes.
    pub(in crate::access) fn decided(target: A::Target, actor: &Actor, facts: &Facts, reach: Reach) -> Self {
        let reads = Reads { target, who: actor.who, role: facts.role, card: facts.card, reach };
        Self { grant: A::Grant::new(reads, &sealed::Decided(())), action: PhantomData }
    }

    /// A permit that nobody decided on, for showing that the fence below holds without this one.
    #[cfg(feature = "testing")]
    #[doc(hidden)]
    pub fn forged(target: A::Target, who: Who, role: Role, card: Option<ClientId>, reach: Reach) -> Self {
        let reads = Reads { target, who, role, card, reach };
        Self { grant: A::Grant::new(reads, &sealed::Decided(())), action: PhantomData }
    }
}
