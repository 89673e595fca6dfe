//! A person as the author of something.

use serde::{Deserialize, Serialize};

use crate::access::{Reads, Role, Target};
use crate::ids::UserId;

/// A person by name. To a reader who may not know them they are somebody: no id, and no name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// Who; null if the reader may not know them.
    pub id: Option<UserId>,
    /// The name, or "Someone".
    pub display_name: String,
}

/// A person as a row names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Who.
    pub id: UserId,
    /// The name, as it is now.
    pub display_name: String,
    /// What they are to the workspace now; none once they left.
    pub role: Option<Role>,
}

impl Author {
    /// As the holder of a permit sees them: a client knows the staff and themselves.
    #[must_use]
    pub fn seen_by<T: Target>(self, reader: &Reads<T>) -> Person {
        let known = reader.role() != Role::Client || reader.who().user() == Some(self.id) || self.role.is_some_and(Role::is_staff);
        if known { Person { id: Some(self.id), display_name: self.display_name } } else { Person::someone() }
    }
}

impl Person {
    /// Somebody whom the reader may not know.
    #[must_use]
    pub fn someone() -> Self {
        Self { id: None, display_name: "Someone".into() }
    }
}
