//! Ending mail about conversations.

use askama::Template;

use super::paths;

/// Where somebody is who wants no more mail.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/unsubscribe.html")]
pub enum Unsubscribe {
    /// They are asked; opening the link ends nothing.
    Ask {
        /// Whose conversations they are.
        workspace: String,
        /// Where the button sends.
        ends: String,
    },
    /// Mail about the conversation has ended.
    Ended {
        /// Whose conversations they are.
        workspace: String,
        /// Where the second button sends, which ends the rest.
        ends: String,
    },
    /// Mail about all conversations has ended.
    AllEnded {
        /// Whose conversations they are.
        workspace: String,
    },
    /// The link leads nowhere, or they are not in the conversation any more.
    Unknown,
}
