//! What the fields of a project may hold.

use super::{TAG_MAX, TAGS_MAX};
use crate::error::Problems;
use crate::text;
use crate::time::Date;

/// Why a progress cannot be set.
pub(super) const COUNTED: &str = "The progress is counted from the tasks. Set progress_mode to manual to set it by hand.";

/// 0 to 100 percent.
pub(super) fn progress(value: Option<i64>, problems: &mut Problems) {
    if value.is_some_and(|percent| !(0..=100).contains(&percent)) {
        problems.add("progress", "out_of_range", "Give a percentage from 0 to 100.");
    }
}

/// The last day is not before the first.
pub(super) fn dates(starts_on: Option<Date>, due_on: Option<Date>, problems: &mut Problems) {
    if let (Some(start), Some(due)) = (starts_on, due_on)
        && due < start
    {
        problems.add("due_on", "before_start", "The due date is before the start.");
    }
}

/// Labels: names, each once, in the order given.
pub(crate) fn tags(tags: &mut Vec<String>, problems: &mut Problems) {
    if tags.len() > TAGS_MAX {
        problems.add("tags", "too_many", format!("Use at most {TAGS_MAX} tags."));
        return;
    }
    for (index, tag) in tags.iter_mut().enumerate() {
        let field = format!("tags[{index}]");
        text::name(tag, &field, problems);
        if tag.chars().count() > TAG_MAX {
            problems.add(field, "too_long", format!("Use at most {TAG_MAX} characters."));
        }
    }
    let mut seen = std::collections::HashSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
}
