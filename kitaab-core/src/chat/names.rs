//! How a text names people: `<@id>` somebody, `<!channel>` everybody in the channel.

use crate::ids::UserId;

/// Everybody in the channel.
pub(super) const EVERYBODY: &str = "<!channel>";
/// The same, in letters that Markdown does not take for HTML and that no text may have.
const EVERYBODY_INSIDE: &str = "\u{1}channel\u{1}";

/// A text in which everybody is named by letters that the parser leaves alone.
pub(super) fn marked(text: &str) -> String {
    text.replace(EVERYBODY, EVERYBODY_INSIDE)
}

/// The same text as it was written.
pub(super) fn unmarked(text: &str) -> String {
    text.replace(EVERYBODY_INSIDE, EVERYBODY)
}

/// A piece of a text: as it stands, or a name; of everybody if of none.
pub(super) enum Piece<'t> {
    Text(&'t str),
    Name(Option<UserId>),
}

/// Whether `<@…>` is there with something that is no id: a slip that the author wants to hear of.
pub(super) fn unreadable(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find("<@") {
        rest = &rest[at + 2..];
        let named = rest.split(['>', '\n', ' ']).next().unwrap_or_default();
        if rest[named.len()..].starts_with('>') && named.len() == 36 && named.parse::<UserId>().is_err() {
            return true;
        }
    }
    false
}

/// Replaces the mentions of a text.
#[must_use]
pub(crate) fn replace_mentions(text: &str, name: impl Fn(Option<UserId>) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(&marked(text)) {
        match piece {
            Piece::Name(user_id) => out.push_str(&name(user_id)),
            Piece::Text(text) => out.push_str(text),
        }
    }
    out
}

/// A mention within Markdown that calls nobody: `@` and the name, shown as it is, or "Someone" where it is not known.
#[must_use]
pub(crate) fn plain_mention(name: Option<&str>) -> String {
    let name = name.unwrap_or("Someone");
    let mut out = String::with_capacity(name.len() + 1);
    out.push('@');
    for c in name.chars().filter(|c| !matches!(c, '<' | '>')) {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A text in which everybody is [`marked`], and the names in it.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some((at, length, user_id)) = first_mention(rest) {
        found.extend([Piece::Text(&rest[..at]), Piece::Name(user_id)]);
        rest = &rest[at + length..];
    }
    found.push(Piece::Text(rest));
    found
}

/// Where the first mention of a text is, how long it is, and of whom; of everybody if of none.
fn first_mention(text: &str) -> Option<(usize, usize, Option<UserId>)> {
    let everybody = text.find(EVERYBODY_INSIDE).map(|at| (at, EVERYBODY_INSIDE.len(), None));
    let person = text.match_indices("<@").find_map(|(at, _)| {
        let named = text[at + 2..].split('>').next()?;
        let ends = text[at + 2 + named.len()..].starts_with('>');
        let user = named.parse::<UserId>().ok().filter(|_| ends)?;
        Some((at, named.len() + 3, Some(user)))
    });
    [everybody, person].into_iter().flatten().min_by_key(|(at, ..)| *at)
}
