//! What the platform's staff may look at: conversations of any workspace, read-only, each look with its reason in the audit
//! log that the owner reads.
//!
//! To everything else of a workspace a moderator is a stranger, and no permit of theirs writes.

mod look;

pub(crate) use look::look;
