//! Text from people: what a field may hold, and the form in which it is kept.
//!
//! All text is NFC. A single line has no control characters; a name besides has nothing that reorders or hides
//! letters, so that no two names look alike and no name rewrites the line around it (Unicode UTS #39, UAX #9).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use crate::error::Problems;

/// The longest email address that mail servers must take (RFC 5321, 4.5.3.1, and its erratum 1690).
pub const EMAIL_MAX: usize = 254;
/// Names of people, companies, workspaces and projects.
pub const NAME_MAX: usize = 200;
/// Notes, descriptions and personal messages.
pub const TEXT_MAX: usize = 10_000;

const INVISIBLE: &str = "Leave out characters that are invisible or change the direction of text.";

/// A required name in its stored form; blank or strange ones are noted.
pub fn name(value: &mut String, field: &str, problems: &mut Problems) {
    visible_line(value, field, NAME_MAX, problems);
    if value.is_empty() {
        problems.add(field, "required", "Fill this in.");
    }
}

/// A name that may be left out: blank becomes none.
pub fn optional_name(value: &mut Option<String>, field: &str, problems: &mut Problems) {
    if let Some(text) = value {
        line(text, field, NAME_MAX, problems);
        if text.is_empty() {
            *value = None;
        } else {
            name(text, field, problems);
        }
    }
}

/// A single line of at most `max` characters, trimmed.
pub fn line(value: &mut String, field: &str, max: usize, problems: &mut Problems) {
    let given = value.chars().count();
    *value = value.nfc().collect();
    *value = String::from(value.trim());
    if value.chars().any(char::is_control) || value.contains(['\u{2028}', '\u{2029}']) {
        problems.add(field, "invalid", "Write this on one line, without control characters.");
    }
    // The document's limit is one of what is sent, blanks around it too.
    if given > max || value.chars().count() > max {
        problems.add(field, "too_long", format!("Use at most {max} characters."));
    }
}

/// As [`line()`], without characters that reorder or hide others.
pub fn visible_line(value: &mut String, field: &str, max: usize, problems: &mut Problems) {
    line(value, field, max, problems);
    if hides_letters(value) {
        problems.add(field, "invalid", INVISIBLE);
    }
}

/// Text of several lines: line feeds and tabs may stay, line ends become `\n`.
pub fn text(value: &mut String, field: &str, max: usize, problems: &mut Problems) {
    *value = value.replace("\r\n", "\n").replace('\r', "\n").nfc().collect();
    if value.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        problems.add(field, "invalid", "Leave out control characters.");
    }
    cap(value, field, max, problems);
}

/// Text of several lines that must say something.
pub fn required_text(value: &mut String, field: &str, max: usize, problems: &mut Problems) {
    text(value, field, max, problems);
    if value.trim().is_empty() {
        problems.add(field, "required", "Fill this in.");
    }
}

/// Text of several lines that may be left out: blank becomes none.
pub fn optional_text(value: &mut Option<String>, field: &str, max: usize, problems: &mut Problems) {
    if let Some(inner) = value {
        text(inner, field, max, problems);
        if inner.trim().is_empty() {
            *value = None;
        }
    }
}

fn cap(value: &str, field: &str, max: usize, problems: &mut Problems) {
    if value.chars().count() > max {
        problems.add(field, "too_long", format!("Use at most {max} characters."));
    }
}

/// Whether a name has a character that reorders or hides letters where it has no work to do.
fn hides_letters(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let at = |index: Option<usize>| index.and_then(|index| letters.get(index)).copied().unwrap_or(' ');
    letters.iter().enumerate().any(|(index, c)| hides(*c) && !shapes(at(index.checked_sub(1)), *c, at(index.checked_add(1))))
}

/// Whether a joiner or a selector does what it is for: it shapes a conjunct after a virama, keeps two Arabic letters
/// apart (RFC 5892, A.1 and A.2), or picks and joins pictures (UTS #51).
fn shapes(before: char, c: char, after: char) -> bool {
    let arabic = |c: char| matches!(c, '\u{0620}'..='\u{06FF}' | '\u{0750}'..='\u{077F}') && c.is_alphabetic();
    let picture = |c: char| matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}');
    let virama = canonical_combining_class(before) == 9;
    match c {
        '\u{200C}' => virama || (arabic(before) && arabic(after)),
        '\u{200D}' => virama || ((picture(before) || before == '\u{FE0F}') && picture(after)),
        '\u{FE0F}' => picture(before),
        _ => false,
    }
}

/// Whether a character reorders or hides text (bidirectional controls, zero width, tags, fillers).
fn hides(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// An email address as it is kept and compared: trimmed and in lower case.
///
/// The form is that of HTML's `type=email` with a domain of at least two labels, so that what a browser lets pass
/// is taken here; international domains are written in their ASCII form.
pub fn email(value: &mut String, field: &str, problems: &mut Problems) {
    *value = value.trim().to_lowercase();
    if value.is_empty() {
        problems.add(field, "required", "Give an email address.");
    } else if !is_email(value) {
        problems.add(field, "invalid", "Give an email address as in name@example.com.");
    }
}

/// Whether this has the form of an email address.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
    let label = |l: &str| {
        (1..=63).contains(&l.len()) && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !l.starts_with('-') && !l.ends_with('-')
    };
    text.len() <= EMAIL_MAX
        && (1..=64).contains(&local.len())
        && local.split('.').all(|part| !part.is_empty() && part.chars().all(atom))
        && domain.contains('.')
        && domain.split('.').all(label)
        && domain.rsplit('.').next().is_some_and(|tld| tld.len() >= 2 && tld.chars().any(|c| c.is_ascii_alphabetic()))
}

/// Mail domains that many people have; an address one slip away from one of them is worth a question.
const COMMON_DOMAINS: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "yahoo.co.in",
    "yahoo.co.uk",
    "hotmail.com",
    "outlook.com",
    "live.com",
    "icloud.com",
    "me.com",
    "aol.com",
    "email.com",
    "ymail.com",
    "proton.me",
    "protonmail.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "rediffmail.com",
    "zoho.com",
    "fastmail.com",
    "mail.com",
];

/// What the domain of an address was probably meant to be, if it is one slip away from a well-known one.
#[must_use]
pub fn likely_domain(email: &str) -> Option<&'static str> {
    let domain = email.rsplit_once('@')?.1;
    if COMMON_DOMAINS.contains(&domain) {
        return None;
    }
    // Short names are one slip away from too many real ones: `me.com` and `ma.com`.
    COMMON_DOMAINS.iter().copied().find(|known| known.len() >= 8 && one_slip(domain.as_bytes(), known.as_bytes()))
}

/// Whether one inserted, missing, wrong or swapped letter makes the one from the other.
fn one_slip(typed: &[u8], meant: &[u8]) -> bool {
    let same = typed.iter().zip(meant).take_while(|(a, b)| a == b).count();
    let (a, b) = (&typed[same..], &meant[same..]);
    let rest = |x: &[u8], n: usize| x.get(n..).map(<[u8]>::to_vec);
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Equal if a.is_empty() => false,
        std::cmp::Ordering::Equal => a[1..] == b[1..] || (a.len() > 1 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..]),
        std::cmp::Ordering::Less => rest(b, 1).as_deref() == Some(a),
        std::cmp::Ordering::Greater => rest(a, 1).as_deref() == Some(b),
    }
}

/// The form in which texts are compared, sorted and searched: compatibility forms united, case and marks removed. A mark that
/// makes another letter stays: the vowel signs of Indian scripts, and the voicing of Japanese ones.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for cluster in clusters(text) {
        fold_cluster(cluster, &mut out);
    }
    out
}

/// The letters of a text, each with the marks upon it.
pub(crate) fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut characters = rest.char_indices();
        characters.next()?;
        let end = characters.find(|(_, c)| !is_mark(*c)).map_or(rest.len(), |(at, _)| at);
        let (cluster, after) = rest.split_at(end);
        rest = after;
        Some(cluster)
    })
}

/// Whether it belongs to the letter before it; so do the voicing marks that follow narrow Japanese letters.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || matches!(c, '\u{FF9E}' | '\u{FF9F}')
}

/// Folds one of [`clusters`].
pub(crate) fn fold_cluster(cluster: &str, out: &mut String) {
    let mut bytes = cluster.bytes();
    if let (Some(byte @ 0..0x80), None) = (bytes.next(), bytes.next()) {
        return out.push(char::from(byte.to_ascii_lowercase()));
    }
    let small: String = cluster.nfkd().flat_map(char::to_lowercase).collect();
    for c in small.nfd().filter(|c| !is_removed(*c)).nfc() {
        match c {
            // Letters that Unicode does not take apart, as the languages that have them write them without.
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'đ' => out.push('d'),
            'ħ' => out.push('h'),
            'ı' => out.push('i'),
            'ł' => out.push('l'),
            'ŧ' => out.push('t'),
            'ς' => out.push('σ'),
            c => out.push(c),
        }
    }
}

/// Marks above, below and through letters, and the points of Hebrew and Arabic, by their combining class (Unicode, UAX 44);
/// and what has no look of its own.
fn is_removed(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
        || matches!(unicode_normalization::char::canonical_combining_class(c), 1 | 7 | 10..=36 | 200..=240)
}

/// Notes a time zone that the IANA database does not know.
pub(crate) fn check_zone(zone: &str, field: &str, problems: &mut Problems) {
    if zone.len() > 64 || jiff::tz::TimeZone::get(zone).is_err() {
        problems.add(field, "unknown", "Give a time zone as in Asia/Kolkata or Europe/Berlin.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(check: impl FnOnce(&mut Problems)) -> Vec<&'static str> {
        let mut problems = Problems::default();
        check(&mut problems);
        problems.iter().map(|p| p.code).collect()
    }

    #[test]
    fn a_name_that_hides_or_reorders_letters_is_refused() {
        for bad in ["Mri\u{200B}dul", "\u{202E}ludirM", "Mri\u{AD}dul", "a\u{FE0F}b"] {
            assert_eq!(codes(|p| name(&mut bad.to_owned(), "name", p)), ["invalid"], "{bad:?}");
        }
    }

    #[test]
    fn names_are_spelt_as_their_people_spell_them() {
        for good in ["ශ්\u{200D}රී", "می\u{200C}خواهم", "क्\u{200D}ष", "❤\u{FE0F} Studio", "👩\u{200D}👩\u{200D}👧 Foto"]
        {
            let mut value = good.to_owned();
            assert!(codes(|p| name(&mut value, "name", p)).is_empty(), "{good:?}");
            assert_eq!(value, good.nfc().collect::<String>());
        }
        for bad in ["Mri\u{200D}dul", "Mri\u{200C}dul", "a\u{200C}", "\u{200D}", "\u{2800}"] {
            assert_eq!(codes(|p| name(&mut bad.to_owned(), "name", p)), ["invalid"], "{bad:?}");
        }
    }

    #[test]
    fn a_name_is_kept_composed_and_trimmed() {
        let mut value = "  Jose\u{301} ".to_owned();
        assert!(codes(|p| name(&mut value, "name", p)).is_empty());
        assert_eq!(value, "José");
    }

    #[test]
    fn a_single_line_has_no_line_end_and_no_nul() {
        for bad in ["a\nb", "a\r\nBcc: x", "a\0b", "a\u{2028}b", "a\u{85}b"] {
            assert_eq!(codes(|p| line(&mut bad.to_owned(), "name", 50, p)), ["invalid"], "{bad:?}");
        }
    }

    #[test]
    fn text_of_several_lines_keeps_them() {
        let mut value = "one\r\n\ttwo\rthree".to_owned();
        assert!(codes(|p| text(&mut value, "message", 50, p)).is_empty());
        assert_eq!(value, "one\n\ttwo\nthree");
    }

    #[test]
    fn addresses_are_compared_trimmed_and_in_lower_case() {
        let mut value = " Mridul@Example.COM ".to_owned();
        assert!(codes(|p| email(&mut value, "email", p)).is_empty());
        assert_eq!(value, "mridul@example.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in [
            "a",
            "a@b",
            "a@b.c",
            "a@@b.com",
            "a b@c.com",
            "a@b..com",
            ".a@b.com",
            "a@-b.com",
            "a@b.com\r\nBcc:x@y.zz",
            "a@1.2.3.4",
            "ü@b.com",
        ] {
            assert_eq!(codes(|p| email(&mut bad.to_owned(), "email", p)), ["invalid"], "{bad:?}");
        }
    }

    #[test]
    fn a_slip_in_the_domain_is_pointed_out_and_a_real_one_is_not() {
        for typed in ["gmial.com", "gmal.com", "gmaill.com", "gnail.com", "hotmial.com", "outlok.com"] {
            assert!(likely_domain(&format!("a@{typed}")).is_some(), "{typed}");
        }
        for typed in ["gmail.com", "gmx.de", "example.com", "email.com", "mail.com", "example.org"] {
            assert_eq!(likely_domain(&format!("a@{typed}")), None, "{typed}");
        }
    }

    #[test]
    fn folding_unites_what_people_take_for_the_same() {
        for (text, expected) in [
            ("ÉCOLE Straße ﬁn", "ecole strasse fin"),
            ("Smørrebrød ŁÓDŹ İstanbul ısı", "smorrebrod lodz istanbul isi"),
            ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
            ("Ёлка й", "елка и"),
            ("كِتَاب أحمد", "كتاب احمد"),
            ("हिन्दी क़लम", "हिन्दी कलम"),
            ("ｶﾞラス が か", "ガラス が か"),
            ("می\u{200C}خواهم", "میخواهم"),
        ] {
            assert_eq!(folded(text), expected.nfc().collect::<String>(), "{text}");
        }
    }
}
