//! Tables for spreadsheets: rows are what the API answers, columns say where in it to look.
//!
//! A table is written whole before anybody reads it, to a temporary file once it is large: so it is of one moment, an
//! error is an error and no half table, a slow reader holds no connection, and memory does not grow with it.

mod cell;

use std::fs::File;
use std::io::{self, Seek, SeekFrom};

use serde::Serialize;
use serde_json::Value;
use tempfile::{SpooledData, SpooledTempFile};

use crate::error::{Error, Result};
use crate::store::StoreError;

/// Rows that are read at a time.
pub(crate) const BATCH: u32 = 500;
/// Tables up to this many bytes stay in memory.
const IN_MEMORY: usize = 256 * 1024;

/// A column: what it is called, where in a row its value is (RFC 6901), and whether people write it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    name: &'static str,
    path: &'static str,
    exact: bool,
}

/// What people write: a cell that a spreadsheet would take for a formula is made a text.
pub(crate) const fn text(name: &'static str, path: &'static str) -> Column {
    Column { name, path, exact: false }
}

/// Ids, days, amounts and names of ours: as they are, a minus too.
pub(crate) const fn exact(name: &'static str, path: &'static str) -> Column {
    Column { name, path, exact: true }
}

/// A finished table: CSV as RFC 4180 has it, UTF-8, with a line of column names.
#[derive(Debug)]
pub struct Sheet {
    file: SpooledTempFile,
    size: u64,
}

/// Where a finished table is.
#[derive(Debug)]
pub enum SheetData {
    /// Small enough for memory.
    Memory(Vec<u8>),
    /// A file without a name, at its beginning; gone when it is closed.
    File(File),
}

impl Sheet {
    /// How many bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// For reading it.
    #[must_use]
    pub fn into_data(self) -> SheetData {
        match self.file.into_inner() {
            SpooledData::InMemory(bytes) => SheetData::Memory(bytes.into_inner()),
            SpooledData::OnDisk(file) => SheetData::File(file),
        }
    }
}

impl io::Read for Sheet {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

/// A table that is being written.
pub(crate) struct SheetWriter {
    out: csv::Writer<SpooledTempFile>,
    columns: &'static [Column],
}

impl SheetWriter {
    pub(crate) fn new(columns: &'static [Column]) -> Result<Self> {
        let file = tempfile::spooled_tempfile(IN_MEMORY);
        let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(file);
        out.write_record(columns.iter().map(|column| column.name)).map_err(|error| not_written(error.into()))?;
        Ok(Self { out, columns })
    }

    pub(crate) fn row(&mut self, row: &impl Serialize) -> Result<()> {
        let row = serde_json::to_value(row).map_err(Error::internal)?;
        let cells = self.columns.iter().map(|column| {
            let cell = cell::of(row.pointer(column.path).unwrap_or(&Value::Null));
            if column.exact { cell } else { cell::neutral(cell) }
        });
        self.out.write_record(cells.map(std::borrow::Cow::into_owned)).map_err(|error| not_written(error.into()))
    }

    pub(crate) fn finish(self) -> Result<Sheet> {
        let mut file = self.out.into_inner().map_err(|error| not_written(error.into_error()))?;
        let size = file.stream_position().map_err(not_written)?;
        file.seek(SeekFrom::Start(0)).map_err(not_written)?;
        Ok(Sheet { file, size })
    }
}

/// The batch, if there is anything in it: for reading on until there is not.
pub(crate) fn some<T>(batch: Vec<T>) -> Option<Vec<T>> {
    (!batch.is_empty()).then_some(batch)
}

/// A temporary file could not be written.
pub(crate) fn not_written(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full(Box::new(error)).into(),
        _ => Error::internal(error),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use serde_json::json;

    use super::*;

    const COLUMNS: &[Column] = &[exact("on", "/on"), exact("amount", "/money/amount"), text("note", "/note"), text("tags", "/tags")];

    #[test]
    fn a_table_is_what_rfc_4180_says_and_no_cell_is_a_formula() {
        let mut sheet = SheetWriter::new(COLUMNS).unwrap();
        let rows = [
            json!({"on": "2026-05-01", "money": {"amount": "-1.50"}, "note": "say \"hi\",\r\nbye", "tags": ["a", "b"]}),
            json!({"on": "2026-05-02", "money": null, "note": "=HYPERLINK(\"http://evil\")", "tags": ["+1"]}),
            json!({"on": "2026-05-03", "note": null, "tags": []}),
        ];
        for row in &rows {
            sheet.row(row).unwrap();
        }
        let mut text = String::new();
        let mut sheet = sheet.finish().unwrap();
        sheet.read_to_string(&mut text).unwrap();
        let lines = [
            "on,amount,note,tags",
            "2026-05-01,-1.50,\"say \"\"hi\"\",\r\nbye\",a; b",
            "2026-05-02,,\"'=HYPERLINK(\"\"http://evil\"\")\",'+1",
            "2026-05-03,,,",
            "",
        ];
        assert_eq!(text, lines.join("\r\n"));
        assert_eq!(sheet.size(), text.len() as u64);
    }

    #[test]
    fn a_large_table_goes_to_a_file_and_is_read_from_its_beginning() {
        let mut sheet = SheetWriter::new(COLUMNS).unwrap();
        for _ in 0..20_000 {
            sheet.row(&json!({"on": "2026-05-01", "note": "the same"})).unwrap();
        }
        let sheet = sheet.finish().unwrap();
        let size = sheet.size();
        let SheetData::File(mut file) = sheet.into_data() else { panic!("it is still in memory") };
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert!(text.starts_with("on,amount") && text.len() as u64 == size);
    }
}
