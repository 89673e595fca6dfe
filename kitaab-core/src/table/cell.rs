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

/// What begins a formula, the wide forms too, which some programs fold.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// Where a program that was told of other separators begins a new cell.
const SEPARATORS: [char; 4] = [';', '\t', '\r', '\n'];

/// With an apostrophe before what a spreadsheet would take for a formula (OWASP, *CSV Injection*): at the beginning, also
/// after blanks that some programs skip, and wherever other separators than ours would begin a cell.
pub(super) fn neutral(cell: Cow<'_, str>) -> Cow<'_, str> {
    let is_formula = |rest: &str| rest.trim_start().starts_with(FORMULA);
    let begins_badly = is_formula(&cell) || cell.starts_with(SEPARATORS);
    if !begins_badly && !cell.match_indices(SEPARATORS).any(|(at, _)| is_formula(&cell[at + 1..])) {
        return cell;
    }
    let mut safe = String::with_capacity(cell.len() + 2);
    if begins_badly {
        safe.push('\'');
    }
    for (at, letter) in cell.char_indices() {
        safe.push(letter);
        if SEPARATORS.contains(&letter) && is_formula(&cell[at + 1..]) {
            safe.push('\'');
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_be_a_formula_is_changed() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tno", "\rno", "\nno", "＝1+1", "－1"] {
            assert_eq!(neutral(text.into()), format!("'{text}"));
        }
        for (text, safe) in [
            ("ok;=1+1", "ok;'=1+1"),
            ("a\t -1", "a\t' -1"),
            ("a\n@b;+c", "a\n'@b;'+c"),
            (" =1", "' =1"),
            ("\t=1", "'\t'=1"),
            ("\n-1", "'\n'-1"),
        ] {
            assert_eq!(neutral(text.into()), safe);
        }
        for text in ["", "1-1", "a=b", "'quoted", "Müller & Sons", "a; b", "one\ntwo"] {
            assert_eq!(neutral(text.into()), text);
        }
    }
}
