//! Who may do what, so that a forgotten check does not compile.
//!
//! [`policy`] holds one table: action × role → the facts that must hold. [`facts`] says what is known of a caller and a
//! thing. A [`Permit`] proves that an action was allowed on a target; only this module makes one, and every
//! repository method takes one. [`Reach`] is the same table as a condition for lists.
//!
//! A permit cannot be made outside:
//!
//! ```compile_fail
//! use kitaab_core::access::{Permit, action::ViewProject};
//! let permit: Permit<ViewProject> = Permit { grant: todo!() };
//! ```
//!
//! A permit to read does not write:
//!
//! ```compile_fail,E0308
//! use kitaab_core::access::{OnProject, Permit, Writes, action::ViewProject};
//! fn writes(_: &Writes<OnProject>) {}
//! fn attempt(permit: &Permit<ViewProject>) { writes(permit) }
//! ```
//!
//! A permit for a project opens no ledger:
//!
//! ```compile_fail,E0308
//! use kitaab_core::access::{Ledger, Permit, Reads, action::EditProject};
//! fn reads(_: &Reads<Ledger>) {}
//! fn attempt(permit: &Permit<EditProject>) { reads(permit) }
//! ```
//!
//! While a permit to edit also reads, and this compiles:
//!
//! ```
//! use kitaab_core::access::{OnProject, Permit, Reads, action::EditProject};
//! fn reads(_: &Reads<OnProject>) {}
//! fn attempt(permit: &Permit<EditProject>) { reads(permit) }
//! ```

pub mod action;
mod actor;
pub mod facts;
mod gate;
mod permit;
pub mod policy;
mod proof;
mod reach;
mod role;
mod target;

pub use action::Action;
pub use actor::{Actor, IdempotencyKey, Origin, Who};
pub use facts::{FactSet, Facts};
pub use gate::{Denied, Standing};
pub(crate) use gate::{Moment, allowed, ask, facts_of, judge};
pub use permit::{Permit, Reads, Writes};
pub use policy::{ActionKind, Decision};
pub use proof::Proof;
pub use reach::Reach;
pub use role::Role;
pub use target::AnyTarget;
pub use target::{
    InWorkspace, Instance, Ledger, OnChannel, OnClient, OnInvitation, OnMessage, OnPerson, OnProject, OnScheduled, OnTask, OnTaskComment,
    OnTemplate, OnUpdate, Own, Target, TargetKind,
};
