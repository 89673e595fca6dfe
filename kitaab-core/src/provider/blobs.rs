//! Where files are kept.

use std::fmt;
use std::io;
use std::path::{Path as Folder, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::io::AsyncWriteExt;

use super::ProviderError;

/// Keeps files under keys that Kitaab makes.
///
/// What is behind it is the business of the crate `object_store`: a folder here, a bucket where an application brings one.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    root: Path,
    /// Where it is a folder of this machine.
    folder: Option<PathBuf>,
}

/// A file as it is read.
pub struct Blob {
    /// How many bytes.
    pub size: u64,
    /// They, piece by piece.
    pub bytes: BoxStream<'static, io::Result<Bytes>>,
}

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.store, self.root)
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.size)
    }
}

impl Blobs {
    /// In a store of whatever kind, below `root`.
    #[must_use]
    pub fn new(store: Arc<dyn ObjectStore>, root: &str) -> Self {
        Self { store, root: Path::from(root), folder: None }
    }

    /// In a folder of this machine; it is made with the first file. All nodes of one database need the same.
    pub fn folder(folder: impl AsRef<Folder>) -> Result<Self, ProviderError> {
        let bad = |error: &dyn fmt::Display| ProviderError::permanent(format!("files cannot be kept there: {error}"));
        let whole = std::path::absolute(folder).map_err(|error| bad(&error))?;
        let root = Path::from_absolute_path(&whole).map_err(|error| bad(&error))?;
        Ok(Self { store: Arc::new(LocalFileSystem::new().with_automatic_cleanup(true)), root, folder: Some(whole) })
    }

    fn path(&self, key: &str) -> Path {
        key.split('/').fold(self.root.clone(), Path::join)
    }

    /// Keeps a file; it is there whole or not at all. Nobody but the program's own user may look into the folder.
    pub(crate) async fn put(&self, key: &str, file: std::fs::File) -> Result<(), ProviderError> {
        if let Some(folder) = &self.folder {
            make_folder(folder).map_err(|error| ProviderError::transient("the folder of files cannot be made").because(error))?;
        }
        let mut out = BufWriter::new(Arc::clone(&self.store), self.path(key));
        let copied = async {
            tokio::io::copy(&mut tokio::fs::File::from_std(file), &mut out).await?;
            out.shutdown().await
        };
        if let Err(error) = copied.await {
            let _ = out.abort().await;
            return Err(ProviderError::transient("a file could not be kept").because(error));
        }
        Ok(())
    }

    /// The file, if it is there.
    pub(crate) async fn get(&self, key: &str) -> Result<Option<Blob>, ProviderError> {
        match self.store.get(&self.path(key)).await {
            Ok(found) => {
                let size = found.meta.size;
                Ok(Some(Blob { size, bytes: found.into_stream().map_err(io::Error::other).boxed() }))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(ProviderError::transient("a file could not be read").because(error)),
        }
    }

    /// Removes a file; that there is none is no error.
    pub(crate) async fn delete(&self, key: &str) -> Result<(), ProviderError> {
        match self.store.delete(&self.path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(ProviderError::transient("a file could not be removed").because(error)),
        }
    }

    /// Removes every file whose key begins with this and a slash.
    pub(crate) async fn delete_below(&self, key: &str) -> Result<(), ProviderError> {
        let unlisted = |error| ProviderError::transient("files could not be listed").because(error);
        let found: Vec<Path> = self.store.list(Some(&self.path(key))).map_ok(|meta| meta.location).try_collect().await.map_err(unlisted)?;
        for path in found {
            let deleted = self.store.delete(&path).await;
            if let Err(error) = deleted.or_else(|error| match error {
                object_store::Error::NotFound { .. } => Ok(()),
                other => Err(other),
            }) {
                return Err(ProviderError::transient("a file could not be removed").because(error));
            }
        }
        Ok(())
    }
}

/// Makes a folder that nobody else looks into, where there is none.
fn make_folder(folder: &Folder) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, Write};

    use super::*;

    fn file(bytes: &[u8]) -> std::fs::File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        file
    }

    async fn read(blobs: &Blobs, key: &str) -> Option<Vec<u8>> {
        let blob = blobs.get(key).await.unwrap()?;
        let pieces: Vec<Bytes> = blob.bytes.try_collect().await.unwrap();
        assert_eq!(blob.size, pieces.iter().map(|piece| piece.len() as u64).sum::<u64>());
        Some(pieces.concat())
    }

    #[tokio::test]
    async fn files_are_kept_read_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::folder(folder.path().join("not yet there")).unwrap();
        assert_eq!(read(&blobs, "exports/a/1.zip").await, None);
        let large = vec![7; 11 * 1024 * 1024];
        blobs.put("exports/a/1.zip", file(&large)).await.unwrap();
        blobs.put("exports/a/2.zip", file(b"two")).await.unwrap();
        blobs.put("exports/b/1.zip", file(b"")).await.unwrap();
        assert_eq!(read(&blobs, "exports/a/1.zip").await, Some(large));
        blobs.delete("exports/a/1.zip").await.unwrap();
        blobs.delete("exports/a/1.zip").await.unwrap();
        assert_eq!(read(&blobs, "exports/a/1.zip").await, None);
        blobs.delete_below("exports/a").await.unwrap();
        assert_eq!(read(&blobs, "exports/a/2.zip").await, None);
        assert_eq!(read(&blobs, "exports/b/1.zip").await, Some(Vec::new()));
    }

    #[tokio::test]
    async fn a_key_stays_below_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::folder(folder.path().join("below")).unwrap();
        blobs.put("../outside.zip", file(b"x")).await.unwrap();
        assert!(!folder.path().join("outside.zip").exists());
    }
}
