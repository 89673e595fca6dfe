//! The place of a task among the others: a text between two texts, so that moving one renumbers none.

use fractional_index::FractionalIndex;

use crate::access::{OnProject, Reads};
use crate::error::{Error, Result};
use crate::ids::TaskId;
use crate::store::StoreError;
use crate::work::Work;

/// Where a task is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Before all others.
    First,
    /// Right after this one.
    After(TaskId),
    /// After all others.
    Last,
}

/// A position there; none if the task to go after is not in the project.
pub(super) async fn position(
    work: &mut Work<'_>,
    permit: &Reads<OnProject>,
    place: Place,
    moving: Option<TaskId>,
) -> Result<Option<String>> {
    let Some((before, after)) = work.tx()?.task_gap(permit, place, moving).await? else { return Ok(None) };
    between(before.as_deref(), after.as_deref()).map(Some)
}

fn between(before: Option<&str>, after: Option<&str>) -> Result<String> {
    let read = |text: Option<&str>| {
        let index = text.map(FractionalIndex::from_string).transpose();
        index.map_err(|error| Error::from(StoreError::Corrupt(error.to_string())))
    };
    let made = FractionalIndex::new(read(before)?.as_ref(), read(after)?.as_ref());
    Ok(made.ok_or_else(|| Error::from(StoreError::Corrupt("two tasks are in the same place".into())))?.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn however_tasks_are_put_between_others_the_texts_keep_their_order(places in prop::collection::vec(0usize..50, 1..120)) {
            let mut texts: Vec<String> = Vec::new();
            for place in places {
                let at = place % (texts.len() + 1);
                let before = at.checked_sub(1).map(|index| texts[index].as_str());
                let made = between(before, texts.get(at).map(String::as_str)).unwrap();
                texts.insert(at, made);
            }
            prop_assert!(texts.windows(2).all(|pair| pair[0] < pair[1]), "{texts:?}");
        }
    }
}
