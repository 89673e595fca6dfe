//! The instance itself: which key its data belongs to.

use crate::access::{Actor, Instance, action};
use crate::error::{Error, Result};
use crate::kitaab::Kitaab;
use crate::store::Scope;
use crate::work::Work;

/// The database belongs to another instance key.
#[derive(Debug, thiserror::Error)]
#[error(
    "this database was made with another secret key (fingerprint {theirs}; the one given has {ours}). \
     Give the key it was made with, or name that one as the previous key beside a new one"
)]
pub struct OtherKey {
    /// The fingerprint in the database.
    pub theirs: String,
    /// The fingerprint of the key given.
    pub ours: String,
}

impl Kitaab {
    /// The fingerprint of the key that the database is tied to, if it is: then no other key will do.
    pub async fn claimed_key(&self) -> Result<Option<String>> {
        let system = Actor::system();
        let mut work = Work::read(self, &system, Scope::Nobody).await?;
        let permit = work.may::<action::RunJobs>(Instance).await?;
        Ok(work.tx()?.kept_fingerprint(&permit).await?)
    }

    /// Ties the database to this instance's key at the first start, and refuses another key ever after: links in mails
    /// already sent, cursors and signed addresses would be dead without a word. A new key takes over where the old one
    /// is given as the previous one. The error's source is [`OtherKey`].
    pub async fn claim_key(&self) -> Result<()> {
        let system = Actor::system();
        let (ours, previous) = (self.keys().fingerprint(), self.keys().previous_fingerprint());
        let mut work = Work::write(self, &system, Scope::Nobody).await?;
        let permit = work.may::<action::RunJobs>(Instance).await?;
        let theirs = work.tx()?.instance_fingerprint(&permit, &ours).await?;
        let takes_over = previous.as_ref() == Some(&theirs) && work.tx()?.replace_fingerprint(&permit, &theirs, &ours).await?;
        if theirs != ours && !takes_over {
            return Err(Error::internal(OtherKey { theirs, ours }));
        }
        work.commit().await
    }
}
