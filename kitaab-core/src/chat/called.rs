//! What people are called whom texts mention, where a text is shown without marks.

use std::collections::{BTreeSet, HashMap};

use super::{Mentions, plain_mention, plain_text, replace_mentions};
use crate::access::{InWorkspace, Reads};
use crate::error::Result;
use crate::ids::UserId;
use crate::work::Work;

/// A text without marks, in which people are called by their names; "Someone" whose name is not known.
pub(crate) fn plain_with<'a>(text: &str, name: impl Fn(UserId) -> Option<&'a str>) -> String {
    plain_text(&replace_mentions(text, |who| who.map_or("@all".into(), |who| plain_mention(name(who)))))
}

/// The names of people who are mentioned.
#[derive(Debug, Default)]
pub(crate) struct Called(HashMap<UserId, String>);

impl Called {
    /// Of those whom these texts mention, which the holder of the permit reads.
    pub(crate) async fn by<'t>(work: &mut Work<'_>, permit: &Reads<InWorkspace>, texts: impl Iterator<Item = &'t str>) -> Result<Self> {
        let people: BTreeSet<UserId> = texts.flat_map(|text| Mentions::of(text).people).collect();
        if people.is_empty() {
            return Ok(Self::default());
        }
        let people: Vec<UserId> = people.into_iter().collect();
        Ok(Self(work.tx()?.names_among(permit, &people).await?.into_iter().collect()))
    }

    /// The text without marks, and with their names.
    pub(crate) fn plain(&self, text: &str) -> String {
        plain_with(text, |who| self.0.get(&who).map(String::as_str))
    }
}
