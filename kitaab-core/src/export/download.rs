//! Fetching an export by its link.

use super::link::Link;
use super::{ExportStatus, Exports, key};
use crate::access::{Actor, InWorkspace, action};
use crate::error::{Error, Result};
use crate::provider::Blob;
use crate::work::Work;
use crate::workspace::scope;

/// A file to hand out.
#[derive(Debug)]
pub struct Download {
    /// What a browser is to call it: ASCII, no quotes.
    pub name: String,
    /// The file.
    pub blob: Blob,
}

impl Exports<'_> {
    /// What a link leads to. Whoever has it need not be signed in, but not as somebody else either; the person it was
    /// made for must still see what is in it. Anything else is not found.
    pub async fn download(&self, token: &str) -> Result<Download> {
        let link = Link::read(self.kitaab.keys(), token, self.kitaab.now()).ok_or(Error::NotFound)?;
        if self.actor.user().is_some_and(|user| user != link.user) {
            return Err(Error::NotFound);
        }
        let person = Actor::person(link.user);
        let mut work = Work::read(self.kitaab, &person, scope(&person, link.workspace)).await?;
        let permit = work.may::<action::FetchExport>(InWorkspace(link.workspace)).await?;
        let export = work.tx()?.export(&permit, link.user, link.export).await?.ok_or(Error::NotFound)?;
        if export.status(work.now(), permit.role(), work.access_epoch()) != ExportStatus::Ready {
            return Err(Error::NotFound);
        }
        drop(work);
        let made_at = export.access_epoch.ok_or(Error::NotFound)?;
        let blob = self.kitaab.blobs()?.get(&key(link.workspace, link.export, made_at)).await.map_err(Error::Provider)?;
        let name = format!("kitaab-{}-{}.zip", export.scope, export.created_at.date_in("UTC"));
        Ok(Download { name, blob: blob.ok_or(Error::NotFound)? })
    }
}
