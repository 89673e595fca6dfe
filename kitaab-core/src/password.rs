//! Passwords: what may be one, and how it is kept (OWASP Password Storage, ASVS 5 §6.2, NIST 800-63B-4).

use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};
use data_encoding::BASE64_NOPAD;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use crate::error::{Error, Problems, Result};
use crate::text::folded;

/// Memory of argon2id in KiB (OWASP Password Storage Cheat Sheet: 19 MiB, t = 2, p = 1; about 50 ms).
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Fewest code points of a password (ASVS 6.2.1 asks for 8 and recommends 15).
pub const MIN_LENGTH: usize = 12;
/// Most code points.
pub const MAX_LENGTH: usize = 128;
/// Longer ones are refused before anything is computed.
pub const MAX_BYTES: usize = 512;
/// Callers that may wait for their turn at hashing before others are turned away.
const QUEUE: usize = 32;

/// Bounds how many passwords are hashed at once: each takes 19 MiB and a core.
///
/// The memory is kept for the next hash. Given back to the allocator, blocks of this size stay with whichever thread
/// freed them: 200 sign-ins grew a server from 42 to 726 MiB.
#[derive(Clone)]
pub struct Hashing {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
}

/// A hash nobody knows a password for; checking against it costs what a real one costs.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody has this password", [0; 16], &mut Vec::new()).ok());

impl Hashing {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { running: Arc::new(Semaphore::new(cores)), waiting: Arc::new(Semaphore::new(QUEUE + cores)), memory: Arc::default() }
    }

    /// Hashes with a fresh salt. [`Error::Busy`] when too many wait already.
    pub async fn hash(&self, password: &SecretString, salt: [u8; 16]) -> Result<String> {
        let password = password.clone();
        self.run(move |memory| hash_now(password.expose_secret(), salt, memory)).await?
    }

    /// Whether the password fits. Without a hash the same work is done, so that unknown accounts cost the same.
    pub async fn verify(&self, password: &SecretString, hash: Option<&str>) -> Result<bool> {
        if password.expose_secret().len() > MAX_BYTES {
            return Ok(false);
        }
        let (password, hash) = (password.clone(), hash.map(str::to_owned));
        self.run(move |memory| {
            let known = hash.is_some();
            let fits = hash.as_deref().or(NOBODY.as_deref()).is_some_and(|hash| fits(password.expose_secret(), hash, memory));
            known && fits
        })
        .await
    }

    /// Whether a hash was made with weaker parameters than today's.
    #[must_use]
    pub fn is_outdated(hash: &str) -> bool {
        let Ok(parsed) = PasswordHash::new(hash) else { return true };
        Params::try_from(&parsed).map_or(true, |params| params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static) -> Result<T> {
        let busy = || Error::Busy { retry_after: Duration::from_secs(2) };
        let _place = self.waiting.clone().try_acquire_owned().map_err(|_| busy())?;
        let turn = self.running.clone().acquire_owned().await.map_err(|_| busy())?;
        let pool = Arc::clone(&self.memory);
        // The turn goes along, so that a caller who hangs up does not let another hash begin beside this one.
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let mut memory = pool.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            let done = work(&mut memory);
            pool.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            done
        })
        .await
        .map_err(Error::internal)
    }
}

/// The bytes of argon2id for these parameters, computed in `memory`, which grows to what they need.
fn argon2id(password: &str, salt: &[u8], params: Params, out: &mut [u8], memory: &mut Vec<Block>) -> argon2::Result<()> {
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::new());
    }
    let engine = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    engine.hash_password_into_with_memory(password.as_bytes(), salt, out, &mut memory[..blocks])
}

/// In the PHC string format.
fn hash_now(password: &str, salt: [u8; 16], memory: &mut Vec<Block>) -> Result<String> {
    let failed = |error: argon2::Error| Error::internal(error.to_string());
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(failed)?;
    let mut hash = [0; 32];
    argon2id(password, &salt, params, &mut hash, memory).map_err(failed)?;
    let (salt, hash) = (BASE64_NOPAD.encode(&salt), BASE64_NOPAD.encode(&hash));
    Ok(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}"))
}

fn fits(password: &str, hash: &str, memory: &mut Vec<Block>) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    let (Some(salt), Some(wanted), Ok(params)) = (&parsed.salt, &parsed.hash, Params::try_from(&parsed)) else { return false };
    if parsed.algorithm.as_str() != "argon2id" || parsed.version != Some(19) {
        return false;
    }
    let mut given = vec![0; wanted.as_bytes().len()];
    argon2id(password, salt, params, &mut given, memory).is_ok() && bool::from(given.ct_eq(wanted.as_bytes()))
}

/// Common passwords, one a line; its head says where they come from.
const COMMON: &str = include_str!("common_passwords.txt");

static COMMON_FOLDED: LazyLock<std::collections::HashSet<String>> =
    LazyLock::new(|| COMMON.lines().filter(|line| !line.starts_with('#')).map(folded).collect());

/// Notes why a text cannot be a password for somebody with this context: their name, email, company, workspace.
pub fn check_password(password: &SecretString, field: &str, context: &[&str], problems: &mut Problems) {
    let text = password.expose_secret();
    let length = text.chars().count();
    if text.is_empty() {
        problems.add(field, "required", "Choose a password.");
    } else if length < MIN_LENGTH {
        problems.add(field, "too_short", format!("Use at least {MIN_LENGTH} characters; a sentence is good."));
    } else if length > MAX_LENGTH || text.len() > MAX_BYTES {
        problems.add(field, "too_long", format!("Use at most {MAX_LENGTH} characters."));
    } else if is_guessable(text, context) {
        problems.add(field, "guessable", "This is easy to guess. Use a few unrelated words, and not your name or address.");
    }
}

fn is_guessable(text: &str, context: &[&str]) -> bool {
    let plain = folded(text);
    let core = plain.trim_matches(|c: char| !c.is_alphabetic());
    if COMMON_FOLDED.contains(&plain) || COMMON_FOLDED.contains(core) {
        return true;
    }
    let words: Vec<String> = context.iter().chain(&["kitaab"]).flat_map(|part| words_of(part)).collect();
    // Taken away the words that everybody knows of this person, something must remain.
    let rest = words.iter().fold(plain, |rest, word| rest.replace(word.as_str(), ""));
    let letters = rest.chars().filter(|c| c.is_alphanumeric()).count();
    let changed = rest.chars().count() < folded(text).chars().count();
    if changed && letters < MIN_LENGTH - 4 {
        return true;
    }
    let hints: Vec<&str> = words.iter().map(String::as_str).collect();
    u8::from(zxcvbn::zxcvbn(text, &hints).score()) < 3
}

fn words_of(text: &str) -> Vec<String> {
    let folded = folded(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= 4).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str, context: &[&str]) -> Option<&'static str> {
        let mut problems = Problems::default();
        check_password(&password.into(), "password", context, &mut problems);
        problems.iter().map(|problem| problem.code).next()
    }

    #[test]
    fn mridul_may_choose_a_sentence() {
        assert_eq!(code("violet anchors drift at noon", &["Mridul Sharma", "mridul@example.com"]), None);
        assert_eq!(code("темная сторона луны 7", &[]), None);
    }

    #[test]
    fn mridul_may_not_choose_what_anybody_would_try() {
        let about = ["Mridul Sharma", "mridul@acme-studios.example", "Acme Studios"];
        for bad in [
            "mridulsharma2026",
            "kitaab-client",
            "Kitaab-client1",
            "acmestudios!!1",
            "password1234",
            "qwertyuiop12",
            "aaaaaaaaaaaaaaa",
            "123456789012",
        ] {
            assert_eq!(code(bad, &about), Some("guessable"), "{bad}");
        }
    }

    #[test]
    fn length_counts_in_code_points() {
        assert_eq!(code("short", &[]), Some("too_short"));
        assert_eq!(code(&"ä".repeat(129), &[]), Some("too_long"));
        assert_eq!(code("", &[]), Some("required"));
    }

    #[tokio::test]
    async fn a_hash_that_another_program_made_is_understood() {
        // The reference implementation: echo -n password | argon2 somesalt -id -m 16 -t 2 -p 1
        let reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        let hashing = Hashing::new();
        assert!(hashing.verify(&"password".into(), Some(reference)).await.unwrap());
        assert!(!hashing.verify(&"Password".into(), Some(reference)).await.unwrap());
        for broken in ["", "$argon2id$", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"] {
            assert!(!hashing.verify(&"password".into(), Some(broken)).await.unwrap(), "{broken}");
        }
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_alone() {
        let hashing = Hashing::new();
        let hash = hashing.hash(&"violet anchors drift".into(), [3; 16]).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hashing.verify(&"violet anchors drift".into(), Some(&hash)).await.unwrap());
        assert!(!hashing.verify(&"violet anchors drifs".into(), Some(&hash)).await.unwrap());
        assert!(!hashing.verify(&"nobody has this password".into(), None).await.unwrap());
        assert!(!Hashing::is_outdated(&hash));
    }
}
