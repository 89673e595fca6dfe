//! Lists in pages: a limit, and a cursor that says where the next page begins.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Problems, Result};
use crate::input::{Check, Input};
use crate::keys::{Keys, Purpose};

/// How many items a page has when nobody says.
pub const DEFAULT_LIMIT: u32 = 50;
/// The most items of a page.
pub const MAX_LIMIT: u32 = 200;

/// Which page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PageAsk {
    /// At most this many items, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before; the first page when absent.
    pub cursor: Option<String>,
}

impl Check for PageAsk {
    fn check(&mut self, problems: &mut Problems) {
        if self.limit.is_some_and(|limit| limit == 0 || limit > MAX_LIMIT) {
            problems.add("limit", "out_of_range", format!("Ask for 1 to {MAX_LIMIT} items."));
        }
    }
}

/// A question that is answered whole: there are no pages of it. Unpack it after the permit, as [`Input::checked`].
pub(crate) fn whole<T: Check + Clone>(ask: &Input<T>, page: impl FnOnce(&T) -> PageAsk) -> Result<T> {
    let mut problems = Problems::default();
    let ask = ask.check_into(&mut problems)?;
    page(&ask).refuse(&mut problems);
    problems.into_result()?;
    Ok(ask)
}

impl PageAsk {
    fn refuse(&self, problems: &mut Problems) {
        for (field, given) in [("limit", self.limit.is_some()), ("cursor", self.cursor.is_some())] {
            if given {
                problems.add(field, "not_allowed", "A table has everything at once. Leave this out.");
            }
        }
    }

    /// The number of items wanted.
    #[must_use]
    pub fn limit(&self) -> u32 {
        self.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT)
    }

    /// Where the page begins. `list` names the list: the cursor of another one is refused.
    pub fn position<P: DeserializeOwned>(&self, keys: &Keys, list: &str) -> Result<Option<P>> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let opened = keys.open(Purpose::PageCursor, list, cursor);
        match opened.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            Some(position) => Ok(Some(position)),
            None => {
                Err(Error::field("cursor", "invalid", "Begin again without a cursor; this one is of another list or has been changed."))
            }
        }
    }
}

/// Where a page begins and how long it is, as the store takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span<P> {
    /// The last item of the page before.
    pub after: Option<P>,
    /// At most this many.
    pub limit: u32,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Cuts a page out of what the store gave, which was asked for one item more than the page holds.
    pub fn cut<P: Serialize>(
        mut found: Vec<T>,
        limit: u32,
        keys: &Keys,
        nonce: [u8; 24],
        list: &str,
        position: impl FnOnce(&T) -> P,
    ) -> Result<Self> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let next_cursor = match found.last().filter(|_| more) {
            Some(end) => {
                let bytes = serde_json::to_vec(&position(end)).map_err(Error::internal)?;
                Some(keys.seal(Purpose::PageCursor, list, &bytes, nonce))
            }
            None => None,
        };
        Ok(Self { items: found, next_cursor })
    }

    /// The same page of something else.
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(each).collect(), next_cursor: self.next_cursor }
    }
}
