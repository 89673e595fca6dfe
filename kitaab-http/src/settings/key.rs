//! The secret key of an instance: given, or made at the first start.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};
use kitaab_core::keys::Keys;
use kitaab_core::provider::Chance;
use secrecy::{ExposeSecret, SecretString};

use super::{Settings, Wrong};

/// 32 secret bytes.
pub type SecretKey = [u8; 32];

/// Whether a key may be made where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// This is the first start: make one.
    Make,
    /// There is data already, and it belongs to a key that is not here.
    Refuse,
}

/// The keys of this instance. Without any setting the key is in the data directory, made there at the first start.
pub fn secret_key(settings: &Settings, chance: &dyn Chance, missing: Missing) -> Result<Keys, Wrong> {
    let key = match (&settings.secret_key, &settings.secret_key_file) {
        (Some(_), Some(_)) => return Err(Wrong::new("KITAAB_SECRET_KEY", "give either this or KITAAB_SECRET_KEY_FILE, not both")),
        (Some(text), None) => parse("KITAAB_SECRET_KEY", text.expose_secret())?,
        (None, Some(path)) => from_file(path)?,
        (None, None) if missing == Missing::Refuse => from_file(&settings.data_dir.join("secret.key"))?,
        (None, None) => kept_or_made(&settings.data_dir, chance)?,
    };
    let keys = Keys::new(&key);
    match &settings.secret_key_previous {
        Some(text) => Ok(keys.with_previous(&parse("KITAAB_SECRET_KEY_PREVIOUS", text.expose_secret())?)),
        None => Ok(keys),
    }
}

fn parse(place: impl std::fmt::Display, text: &str) -> Result<SecretKey, Wrong> {
    let text = text.trim().as_bytes();
    let bytes = match text.len() {
        64 => HEXLOWER_PERMISSIVE.decode(text).ok(),
        44 => BASE64.decode(text).ok(),
        _ => BASE64URL_NOPAD.decode(text).ok(),
    };
    let key = bytes.and_then(|bytes| SecretKey::try_from(bytes).ok());
    key.ok_or_else(|| Wrong::new(place, "a key is 32 random bytes, written as 64 hexadecimal digits; `openssl rand -hex 32` makes one"))
}

fn from_file(path: &Path) -> Result<SecretKey, Wrong> {
    let text = fs::read_to_string(path).map_err(|error| {
        let what = "the secret key that the data belongs to cannot be read";
        Wrong::new(path.display(), format!("{what}: {error}. Put it there, or give it as KITAAB_SECRET_KEY"))
    })?;
    parse(path.display(), &text)
}

fn kept_or_made(folder: &Path, chance: &dyn Chance) -> Result<SecretKey, Wrong> {
    let path = folder.join("secret.key");
    match make(folder, &path, chance) {
        Ok(key) => Ok(key),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => from_file(&path),
        Err(error) => Err(Wrong::new(path.display(), format!("the key cannot be made: {error}"))),
    }
}

/// Makes the key, for its owner alone to read. It is linked into place whole, so that of two processes that start at
/// once both end up with the same.
fn make(folder: &Path, path: &Path, chance: &dyn Chance) -> io::Result<SecretKey> {
    if path.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let (mut key, mut mark) = ([0; 32], [0; 8]);
    chance.fill(&mut key);
    chance.fill(&mut mark);
    let part = folder.join(format!("secret.key.{}", HEXLOWER.encode(&mark)));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    writeln!(file, "{}", HEXLOWER.encode(&key))?;
    file.sync_all()?;
    let linked = fs::hard_link(&part, path);
    fs::remove_file(&part)?;
    linked.map(|()| key)
}

/// A text that is not shown.
pub(super) fn secret(text: String) -> SecretString {
    text.into()
}
