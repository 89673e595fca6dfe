//! A link that is the permission itself: for one export, one person, and a quarter of an hour.

use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

use crate::ids::{ExportId, UserId, WorkspaceId};
use crate::keys::{Keys, Purpose};
use crate::time::Timestamp;

/// What the link says, and its signature holds to: method, kind and version of what is signed.
const SAYS: &str = "GET export v1 attachment";

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) workspace: WorkspaceId,
    pub(super) export: ExportId,
    pub(super) user: UserId,
    pub(super) expires_at: Timestamp,
}

impl Link {
    /// The link as a piece of a URL.
    pub(super) fn sign(self, keys: &Keys) -> String {
        let body = self.body();
        BASE64URL_NOPAD.encode(&[&body[..], &keys.sign(Purpose::Download, SAYS, &body)].concat())
    }

    /// What a piece of a URL is good for now, if it is one of ours.
    pub(super) fn read(keys: &Keys, text: &str, now: Timestamp) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (body, signature) = bytes.split_at_checked(56)?;
        if !keys.verify(Purpose::Download, SAYS, body, signature) {
            return None;
        }
        let id = |from: usize| Some(Uuid::from_bytes(body.get(from..from + 16)?.try_into().ok()?));
        let link = Self {
            workspace: id(0)?.into(),
            export: id(16)?.into(),
            user: id(32)?.into(),
            expires_at: Timestamp::from_micros(i64::from_be_bytes(body.get(48..)?.try_into().ok()?)),
        };
        (now < link.expires_at).then_some(link)
    }

    fn body(self) -> Vec<u8> {
        let Self { workspace, export, user, expires_at } = self;
        [&workspace.0.as_bytes()[..], export.0.as_bytes(), user.0.as_bytes(), &expires_at.micros().to_be_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_micros(second * 1_000_000)
    }

    fn link() -> Link {
        let id = Uuid::from_u128;
        Link { workspace: id(1).into(), export: id(2).into(), user: id(3).into(), expires_at: at(900) }
    }

    #[test]
    fn a_link_is_good_until_it_ends() {
        let keys = Keys::new(&[7; 32]);
        let text = link().sign(&keys);
        assert_eq!(Link::read(&keys, &text, at(0)), Some(link()));
        assert_eq!(Link::read(&keys, &text, at(900)), None);
        assert_eq!(Link::read(&Keys::new(&[8; 32]), &text, at(0)), None);
        assert_eq!(Link::read(&Keys::new(&[9; 32]).with_previous(&[7; 32]), &text, at(0)), Some(link()));
    }

    #[test]
    fn any_other_letter_spoils_it() {
        let keys = Keys::new(&[7; 32]);
        let text = link().sign(&keys);
        for place in 0..text.len() {
            for other in ["A", "B", "", "AA", "é"] {
                let mut changed = text.clone();
                changed.replace_range(place..=place, other);
                assert!(changed == text || Link::read(&keys, &changed, at(0)).is_none(), "{place} {other}");
            }
        }
        assert_eq!(Link::read(&keys, "", at(0)), None);
    }
}
