//! One instance key, and a key of its own for every purpose (HKDF-SHA256, RFC 5869).
//!
//! What is sealed or derived begins with, or is kept beside, the id of its key, so that the previous key still opens
//! what it made after a change.

use std::fmt;
use std::sync::OnceLock;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// What a key is for. Keys of different purposes have nothing in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Tokens that a mail or a link to copy carries.
    LinkToken,
    /// Where the next page of a list begins.
    PageCursor,
    /// Where a reader of the event log is.
    EventCursor,
    /// Links to files, which are permissions themselves.
    Download,
    /// Links that end mail about conversations.
    Unsubscribe,
    /// The marks by which limits are counted, so that no table holds whose they are.
    LimitKey,
}

impl Purpose {
    const COUNT: usize = Self::LimitKey as usize + 1;

    fn info(self) -> &'static [u8] {
        match self {
            Self::LinkToken => b"kitaab link token v1",
            Self::PageCursor => b"kitaab page cursor v1",
            Self::EventCursor => b"kitaab event cursor v1",
            Self::Download => b"kitaab download v1",
            Self::Unsubscribe => b"kitaab unsubscribe v1",
            Self::LimitKey => b"kitaab limit key v1",
        }
    }
}

/// The key of this instance, and the one before it.
#[derive(Clone)]
pub struct Keys {
    current: Key,
    previous: Option<Key>,
}

#[derive(Clone)]
struct Key {
    id: i64,
    root: Hkdf<Sha256>,
    made: [OnceLock<[u8; 32]>; Purpose::COUNT],
}

impl Key {
    fn new(secret: &[u8; 32]) -> Self {
        let root = Hkdf::<Sha256>::new(None, secret);
        let mut id = [0; 4];
        expand(&root, b"kitaab key id v1", &mut id);
        Self { id: i64::from(u32::from_be_bytes(id)), root, made: Default::default() }
    }

    /// Made once for each purpose: every event that is handed out is sealed with one.
    fn of(&self, purpose: Purpose) -> [u8; 32] {
        *self.made[purpose as usize].get_or_init(|| {
            let mut key = [0; 32];
            expand(&self.root, purpose.info(), &mut key);
            key
        })
    }
}

fn expand(root: &Hkdf<Sha256>, info: &[u8], out: &mut [u8]) {
    // Fails only for outputs of more than 255 hashes (RFC 5869, 2.3); ours are one at most.
    debug_assert!(out.len() <= 32);
    let _ = root.expand(info, out);
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("current", &self.current.id).field("previous", &self.previous.as_ref().map(|key| key.id)).finish()
    }
}

impl Keys {
    /// From the 32 secret bytes of this instance.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self { current: Key::new(secret), previous: None }
    }

    /// With the key that was used before, which still opens what it sealed.
    #[must_use]
    pub fn with_previous(mut self, secret: &[u8; 32]) -> Self {
        self.previous = Some(Key::new(secret));
        self
    }

    /// Says which key this is without giving it away; kept in the database so that nodes with different keys notice.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.current)
    }

    /// The fingerprint of the key that was used before.
    #[must_use]
    pub fn previous_fingerprint(&self) -> Option<String> {
        self.previous.as_ref().map(fingerprint)
    }

    /// The id of the key in use, to be kept beside what is derived from it.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.current.id
    }

    /// Derives 32 bytes from a row and its generation. None if the key of this id is gone.
    #[must_use]
    pub fn derive(&self, purpose: Purpose, key_id: i64, row: Uuid, generation: i64, kind: &str) -> Option<[u8; 32]> {
        let key = self.by_id(key_id)?;
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key.of(purpose)).ok()?;
        mac.update(row.as_bytes());
        mac.update(&generation.to_be_bytes());
        mac.update(kind.as_bytes());
        Some(mac.finalize().into_bytes().into())
    }

    /// A mark for `text` from which nobody without the key finds it.
    #[must_use]
    pub fn mark(&self, purpose: Purpose, text: &str) -> [u8; 32] {
        let mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.current.of(purpose)).ok();
        mac.map_or([0; 32], |mac| mac.chain_update(text.as_bytes()).finalize().into_bytes().into())
    }

    /// Signs bytes that somebody carries for us and may read: the id of the key, then HMAC-SHA256 over `context` and them.
    #[must_use]
    pub fn sign(&self, purpose: Purpose, context: &str, body: &[u8]) -> Vec<u8> {
        let id = u32::try_from(self.current.id).unwrap_or(0).to_be_bytes();
        let mac = signature(&self.current, purpose, context, body).map(|mac| mac.finalize().into_bytes());
        [&id[..], mac.as_deref().unwrap_or_default()].concat()
    }

    /// Whether [`sign`](Self::sign) made this signature; takes the same time whatever is wrong with it.
    #[must_use]
    pub fn verify(&self, purpose: Purpose, context: &str, body: &[u8], signed: &[u8]) -> bool {
        let verified = || {
            let (id, mac) = signed.split_at_checked(4)?;
            let key = self.by_id(i64::from(u32::from_be_bytes(id.try_into().ok()?)))?;
            signature(key, purpose, context, body)?.verify_slice(mac).ok()
        };
        verified().is_some()
    }

    /// Seals bytes for somebody who may carry but not read them. `context` must be the same when it is opened;
    /// `nonce` must be random and new.
    #[must_use]
    pub fn seal(&self, purpose: Purpose, context: &str, plain: &[u8], nonce: [u8; 24]) -> String {
        let cipher = XChaCha20Poly1305::new(&self.current.of(purpose).into());
        let payload = Payload { msg: plain, aad: context.as_bytes() };
        // Encryption fails only for plain texts of over 256 GiB.
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        let id = u32::try_from(self.current.id).unwrap_or(0).to_be_bytes();
        BASE64URL_NOPAD.encode(&[&id[..], &nonce[..], &sealed[..]].concat())
    }

    /// Opens what [`seal`](Self::seal) made, or nothing: for another purpose, context or key, or if it was changed.
    #[must_use]
    pub fn open(&self, purpose: Purpose, context: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let (id, rest) = bytes.split_at_checked(4)?;
        let (nonce, sealed) = rest.split_at_checked(24)?;
        let key = self.by_id(i64::from(u32::from_be_bytes(id.try_into().ok()?)))?;
        let nonce = XNonce::from(<[u8; 24]>::try_from(nonce).ok()?);
        let cipher = XChaCha20Poly1305::new(&key.of(purpose).into());
        cipher.decrypt(&nonce, Payload { msg: sealed, aad: context.as_bytes() }).ok()
    }

    fn by_id(&self, id: i64) -> Option<&Key> {
        [Some(&self.current), self.previous.as_ref()].into_iter().flatten().find(|key| key.id == id)
    }
}

fn signature(key: &Key, purpose: Purpose, context: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key.of(purpose)).ok()?;
    // The length keeps context and body apart.
    Some(mac.chain_update((context.len() as u64).to_be_bytes()).chain_update(context).chain_update(body))
}

fn fingerprint(key: &Key) -> String {
    let mut print = [0; 16];
    expand(&key.root, b"kitaab key fingerprint v1", &mut print);
    HEXLOWER.encode(&print)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_context_only() {
        let keys = Keys::new(&[7; 32]);
        let sealed = keys.seal(Purpose::PageCursor, "clients", b"here", [1; 24]);
        assert_eq!(keys.open(Purpose::PageCursor, "clients", &sealed).as_deref(), Some(&b"here"[..]));
        assert_eq!(keys.open(Purpose::PageCursor, "projects", &sealed), None);
        assert_eq!(keys.open(Purpose::EventCursor, "clients", &sealed), None);
        assert_eq!(Keys::new(&[8; 32]).open(Purpose::PageCursor, "clients", &sealed), None);
    }

    #[test]
    fn a_changed_letter_is_noticed() {
        let keys = Keys::new(&[7; 32]);
        let sealed = keys.seal(Purpose::PageCursor, "clients", b"here", [1; 24]);
        for place in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            if changed != sealed {
                assert_eq!(keys.open(Purpose::PageCursor, "clients", &changed), None, "{place}");
            }
        }
    }

    #[test]
    fn the_previous_key_still_opens_and_derives() {
        let (old, row) = (Keys::new(&[1; 32]), Uuid::from_u128(5));
        let new = Keys::new(&[2; 32]).with_previous(&[1; 32]);
        let sealed = old.seal(Purpose::PageCursor, "x", b"y", [3; 24]);
        assert!(new.open(Purpose::PageCursor, "x", &sealed).is_some());
        assert_eq!(new.derive(Purpose::LinkToken, old.id(), row, 1, "mailed"), old.derive(Purpose::LinkToken, old.id(), row, 1, "mailed"));
        assert_ne!(new.derive(Purpose::LinkToken, new.id(), row, 1, "mailed"), old.derive(Purpose::LinkToken, old.id(), row, 1, "mailed"));
    }

    #[test]
    fn kind_and_generation_make_another_token() {
        let keys = Keys::new(&[1; 32]);
        let make = |generation, kind| keys.derive(Purpose::LinkToken, keys.id(), Uuid::from_u128(5), generation, kind);
        assert_ne!(make(1, "mailed"), make(1, "copied"));
        assert_ne!(make(1, "mailed"), make(2, "mailed"));
    }
}
