//! A zip in which each table is two files: JSON as the API says it, and CSV for spreadsheets.

use std::fs::File;
use std::io::{self, Read, Seek, Write};

use serde::Serialize;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::error::{Error, Result};
use crate::table::{Column, SheetWriter, not_written};

/// So many bytes are packed at a time: about a millisecond.
const PIECE: u64 = 64 * 1024;

/// A zip that is being written, to a file without a name.
pub(super) struct Archive {
    zip: ZipWriter<File>,
}

/// One table of it.
pub(super) struct Table<'a> {
    archive: &'a mut Archive,
    name: &'static str,
    sheet: SheetWriter,
    empty: bool,
}

impl Archive {
    pub(super) fn new() -> Result<Self> {
        Ok(Self { zip: ZipWriter::new(tempfile::tempfile().map_err(not_written)?) })
    }

    fn begin(&mut self, name: &str) -> Result<()> {
        let options = SimpleFileOptions::default().unix_permissions(0o600).large_file(true);
        self.zip.start_file(name, options).map_err(zipped)
    }

    /// A file with a single thing in it.
    pub(super) fn thing(&mut self, name: &str, thing: &impl Serialize) -> Result<()> {
        self.begin(&format!("{name}.json"))?;
        let json = serde_json::to_vec_pretty(thing).map_err(Error::internal)?;
        self.zip.write_all(&json).map_err(not_written)
    }

    /// Begins a table; end it with [`Table::end`].
    pub(super) fn table(&mut self, name: &'static str, columns: &'static [Column]) -> Result<Table<'_>> {
        self.begin(&format!("{name}.json"))?;
        self.zip.write_all(b"[").map_err(not_written)?;
        Ok(Table { archive: self, name, sheet: SheetWriter::new(columns)?, empty: true })
    }

    /// The file, at its beginning, and how many bytes it has.
    pub(super) fn finish(self) -> Result<(File, u64)> {
        let mut file = self.zip.finish().map_err(zipped)?;
        let size = file.stream_position().map_err(not_written)?;
        file.rewind().map_err(not_written)?;
        Ok((file, size))
    }
}

impl Table<'_> {
    pub(super) fn row(&mut self, row: &impl Serialize) -> Result<()> {
        self.sheet.row(row)?;
        let mut json = if self.empty { b"\n".to_vec() } else { b",\n".to_vec() };
        self.empty = false;
        serde_json::to_writer(&mut json, row).map_err(Error::internal)?;
        self.archive.zip.write_all(&json).map_err(not_written)
    }

    /// Piece by piece, so that others get their turn while a large table is packed.
    pub(super) async fn end(self) -> Result<()> {
        self.archive.zip.write_all(b"\n]\n").map_err(not_written)?;
        self.archive.begin(&format!("{}.csv", self.name))?;
        let mut sheet = self.sheet.finish()?;
        while io::copy(&mut (&mut sheet).take(PIECE), &mut self.archive.zip).map_err(not_written)? == PIECE {
            tokio::task::yield_now().await;
        }
        Ok(())
    }
}

fn zipped(error: zip::result::ZipError) -> Error {
    match error {
        zip::result::ZipError::Io(error) => not_written(error),
        other => Error::internal(other),
    }
}
