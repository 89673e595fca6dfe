//! A table as an answer.

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kitaab_core::table::{Sheet, SheetData};
use tokio::fs::File;
use tokio_util::io::ReaderStream;

use super::Reply;

/// JSON, or a table for spreadsheets.
pub(super) enum Tabled<T> {
    Json(Reply<T>),
    /// With the name of the file that a browser makes of it.
    Csv(Sheet, &'static str),
}

impl<T: serde::Serialize> IntoResponse for Tabled<T> {
    fn into_response(self) -> Response {
        let (sheet, name) = match self {
            Self::Json(reply) => return reply.into_response(),
            Self::Csv(sheet, name) => (sheet, name),
        };
        let headers = [
            (CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
            (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
            (CONTENT_LENGTH, sheet.size().to_string()),
        ];
        let body = match sheet.into_data() {
            SheetData::Memory(bytes) => Body::from(bytes),
            SheetData::File(file) => Body::from_stream(ReaderStream::new(File::from_std(file))),
        };
        (headers, body).into_response()
    }
}
