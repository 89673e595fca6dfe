//! Files by a link that is the permission itself, outside the API: whoever has it need not be signed in.

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kitaab_core::Error;

use crate::app::App;
use crate::extract::MaybeCaller;
use crate::problem::Answer;

/// Nothing in the file runs here, whatever a browser takes it for.
const INERT: &str = "sandbox; default-src 'none'";

pub(super) async fn fetch(
    State(app): State<App>,
    MaybeCaller(actor): MaybeCaller,
    token: Result<Path<String>, PathRejection>,
) -> Answer<Response> {
    // What is no text is no token.
    let Path(token) = token.map_err(|_| Error::NotFound)?;
    let download = app.kitaab.exports(&actor).download(&token).await?;
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", download.name)),
        (CONTENT_LENGTH, download.blob.size.to_string()),
        (CONTENT_SECURITY_POLICY, INERT.to_owned()),
    ];
    Ok((headers, Body::from_stream(download.blob.bytes)).into_response())
}
