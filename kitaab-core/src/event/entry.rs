//! An event of the log in memory, with what is told of it: written once for each kind of reader, and shared by all.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::{EventKind, NewEvent};
use crate::access::Role;
use crate::ids::UserId;
use crate::store::LogRow;

/// Readers who are told the same words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Class {
    /// Owner and members, of what is said in a channel.
    Staff,
    /// Clients, of what is said in a channel.
    Clients,
    /// Everybody of this role.
    Role(Role),
    /// One person.
    Person(UserId),
}

/// What an event says, as JSON, and what its author's own devices besides hear.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    pub(crate) json: Arc<str>,
    /// Who wrote the message, and their own name for it.
    pub(crate) own: Option<(UserId, Arc<str>)>,
}

/// An event of the log.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) seq: i64,
    pub(crate) event: NewEvent,
    /// Grows when what was written of it is no longer so.
    age: AtomicU64,
    words: Mutex<HashMap<Class, Words>>,
}

impl From<LogRow> for Arc<Entry> {
    fn from(LogRow { seq, event }: LogRow) -> Self {
        Self::new(Entry { seq, event, age: AtomicU64::new(0), words: Mutex::default() })
    }
}

impl Entry {
    /// Which words are for a reader of this role.
    pub(crate) fn class(&self, user: UserId, role: Role) -> Class {
        if self.is_about_message() || self.is_about_people() {
            return if role.is_staff() { Class::Staff } else { Class::Clients };
        }
        let personal = matches!(
            self.event.told.kind,
            EventKind::ChannelCreated
                | EventKind::ChannelUpdated
                | EventKind::ChannelArchived
                | EventKind::ReadMoved
                | EventKind::StarAdded
                | EventKind::StarRemoved
                | EventKind::AccessLost
                | EventKind::AccessGained
        );
        if role.is_staff() && !personal { Class::Role(role) } else { Class::Person(user) }
    }

    /// Whether it is about a message and what hangs on it.
    pub(crate) fn is_about_message(&self) -> bool {
        self.event.told.kind.is_about_message()
    }

    /// Whether it changes what was told of a thing before: everything does that is not new itself.
    pub(crate) fn is_about_something_older(&self) -> bool {
        !self.event.told.kind.as_str().ends_with(".created")
    }

    pub(crate) fn is_reaction(&self) -> bool {
        matches!(self.event.told.kind, EventKind::ReactionAdded | EventKind::ReactionRemoved)
    }

    fn is_about_people(&self) -> bool {
        matches!(self.event.told.kind, EventKind::ChannelMemberAdded | EventKind::ChannelMemberRemoved)
    }

    pub(crate) fn words(&self, class: Class) -> Option<Words> {
        self.all_words().get(&class).cloned()
    }

    pub(crate) fn age(&self) -> u64 {
        self.age.load(Ordering::Acquire)
    }

    /// Keeps words, unless what they were written from has changed meanwhile.
    pub(crate) fn keep(&self, class: Class, words: Words, age: u64) {
        let mut all = self.all_words();
        if self.age() == age {
            all.insert(class, words);
        }
    }

    /// What was written is no longer so.
    pub(crate) fn forget(&self) {
        let mut all = self.all_words();
        self.age.fetch_add(1, Ordering::Release);
        all.clear();
    }

    fn all_words(&self) -> std::sync::MutexGuard<'_, HashMap<Class, Words>> {
        self.words.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
