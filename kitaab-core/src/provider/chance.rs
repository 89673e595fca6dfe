//! Randomness.

/// Gives random bytes. The only way in which chance enters; a test gives its own.
pub trait Chance: Send + Sync + 'static {
    /// Fills the buffer. Secrets are made of this: it must be fit for cryptography.
    fn fill(&self, buffer: &mut [u8]);
}

/// The randomness of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    /// # Panics
    /// If the operating system has no randomness, which leaves nothing safe to do.
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "the one place where chance comes from, and there is no going on without"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system gives random bytes");
    }
}
