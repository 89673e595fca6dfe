//! The actions of the table as types.

use super::permit::Grant;
use super::{ActionKind, Target};

/// Something one may or may not do.
pub trait Action: Send + Sync + 'static {
    /// Its row in the table.
    const KIND: ActionKind;
    /// What it is done to.
    type Target: Target;
    /// What its permit is good for: [`Reads`](super::Reads) or [`Writes`](super::Writes) of the target.
    type Grant: Grant<Target = Self::Target> + std::fmt::Debug + Clone + Send + Sync;
}

pub use super::policy::types::*;
