//! What people wrote, as one visible line in reading order.

/// Longest subject, in characters; longer ones are cut by most mail clients anyway.
const SUBJECT: usize = 150;

/// Folds blanks and line ends, drops what is invisible or turns the reading order, and keeps a right-to-left name from
/// reordering the sentence around it.
pub(super) fn clean(text: &str) -> String {
    let visible: String = text.chars().map(blank).filter(|&c| !is_hidden(c)).collect();
    let folded = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().any(is_right_to_left) { format!("\u{2068}{folded}\u{2069}") } else { folded }
}

/// The lines of a message, each cleaned; at most one empty line in a row, none at the ends.
pub(super) fn lines(text: &str) -> Vec<String> {
    let unix = text.replace("\r\n", "\n");
    let mut lines: Vec<String> = unix.trim().split(['\n', '\r', '\u{2028}', '\u{2029}']).map(clean).collect();
    lines.dedup_by(|next, last| next.is_empty() && last.is_empty());
    lines
}

/// How somebody is called after the first mention. Names of one word, and those that begin with an initial, stay whole.
pub(super) fn first_name(name: &str) -> String {
    let name = clean(name);
    match name.split_once(' ') {
        Some((first, _)) if first.chars().count() > 1 && first.chars().all(char::is_alphabetic) => first.to_owned(),
        _ => name,
    }
}

/// Makes a subject: one line, no control characters, at most 150 characters.
pub(super) fn subject_line(text: &str) -> String {
    let visible: String = text.chars().map(blank).filter(|&c| !is_hidden(c) || is_isolate(c)).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SUBJECT {
        return line;
    }
    let kept: String = line.chars().take(SUBJECT - 1).collect();
    // An isolate that was cut off open would swallow what follows in a list of mails.
    let close = if kept.matches('\u{2068}').count() > kept.matches('\u{2069}').count() { "\u{2069}" } else { "" };
    let kept: String = kept.chars().take(SUBJECT - 1 - close.chars().count()).collect();
    format!("{}{close}…", kept.trim_end())
}

/// Line ends and tabs separate words; dropping them would join two.
fn blank(c: char) -> char {
    if c.is_whitespace() { ' ' } else { c }
}

/// Control characters, marks and overrides of direction, and what has no width. The two joiners stay: several scripts
/// and many emoji need them, and they do not hide a host name, since its dots are broken.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E001F}')
}

/// What `clean` itself puts around a name.
fn is_isolate(c: char) -> bool {
    matches!(c, '\u{2068}' | '\u{2069}')
}

/// The blocks of right-to-left scripts.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_go_and_words_stay_apart() {
        assert_eq!(clean("  Nikhil\r\nBcc: x@y\t!\u{0} "), "Nikhil Bcc: x@y !");
        assert_eq!(clean("abc\u{202E}gpj.exe\u{200B}\u{FEFF}"), "abcgpj.exe");
        assert_eq!(clean("👩\u{200D}💻"), "👩\u{200D}💻");
    }

    #[test]
    fn a_right_to_left_name_is_fenced() {
        assert_eq!(clean("دانا"), "\u{2068}دانا\u{2069}");
        assert_eq!(clean("Dana"), "Dana");
    }

    #[test]
    fn messages_keep_their_lines() {
        assert_eq!(lines("one\r\ntwo\r\n\r\n\r\n three \u{2028}four\n\n"), ["one", "two", "", "three", "four"]);
    }

    #[test]
    fn first_names_only_where_they_are_certain() {
        assert_eq!(first_name("Nikhil Rao"), "Nikhil");
        assert_eq!(first_name("J. R. Hartley"), "J. R. Hartley");
        assert_eq!(first_name("Acme"), "Acme");
        assert_eq!(first_name("http://evil.example x"), "http://evil.example x");
    }

    #[test]
    fn subjects_are_one_short_line() {
        assert_eq!(subject_line("Hello\r\nBcc: x@y\u{0}\u{7f}\u{85}"), "Hello Bcc: x@y");
        let long = subject_line(&"wörd ".repeat(60));
        assert!(long.chars().count() <= 150 && long.ends_with('…'));
        let cut = subject_line(&clean(&"دانا ".repeat(60)));
        assert!(cut.chars().count() <= 150 && cut.contains('\u{2069}'), "{cut:?}");
    }
}
