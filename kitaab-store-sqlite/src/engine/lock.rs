//! One process to a file: two writers would hold each other up, and each would keep the other's secrets of what is
//! committed.
//!
//! The lock is the operating system's, on a file beside the database; it ends with its process, however that ends. What
//! is written in the file only names the process.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Another process has the database open.
#[derive(Debug)]
pub struct InUse {
    /// The database file.
    pub path: PathBuf,
    /// The other process, if it wrote down its id.
    pub pid: Option<u32>,
}

impl fmt::Display for InUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is in use by another process", self.path.display())?;
        if let Some(pid) = self.pid {
            write!(f, " (pid {pid})")?;
        }
        f.write_str("; stop that one first, or use another file")
    }
}

impl std::error::Error for InUse {}

/// Held as long as the database is open.
#[derive(Debug)]
pub(crate) struct LockFile {
    _file: File,
}

impl LockFile {
    /// Takes the lock of a database file, or says who has it.
    pub(crate) fn take(database: &Path) -> io::Result<Self> {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(PathBuf::from(path))?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0)?;
                file.seek(SeekFrom::Start(0))?;
                write!(file, "{}", std::process::id())?;
                Ok(Self { _file: file })
            }
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                file.read_to_string(&mut pid).ok();
                let in_use = InUse { path: database.to_owned(), pid: pid.trim().parse().ok() };
                Err(io::Error::new(io::ErrorKind::ResourceBusy, in_use))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}
