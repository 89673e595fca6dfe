//! A value as the text of a cell.

use std::borrow::Cow;

use serde_json::Value;

/// Nothing is empty; lists are joined by a semicolon.
pub(super) fn of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        Value::Array(items) => Cow::Owned(items.iter().map(of).collect::<Vec<_>>().join("; ")),
        other => Cow::Owned(other.to_string()),
    }
}

/// With an apostrophe before what a spreadsheet would take for a formula (OWASP, *CSV Injection*): `=`, `+`, `-`, `@`,
/// their wide forms, which some programs fold, and the blanks that some skip.
pub(super) fn neutral(cell: Cow<'_, str>) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) { Cow::Owned(format!("'{cell}")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_be_a_formula_is_changed() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "－1"] {
            assert_eq!(neutral(text.into()), format!("'{text}"));
        }
        for text in ["", "1-1", "a=b", "'quoted", "Müller & Sons", " -"] {
            assert_eq!(neutral(text.into()), text);
        }
    }
}
