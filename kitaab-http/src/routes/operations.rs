//! For whoever runs the server.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kitaab_core::Error;
use serde_json::json;

use super::Reply;
use crate::app::App;
use crate::problem::{Answer, Problem};

/// A database that needs longer to say that it is there is as good as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers.
pub(super) async fn alive() -> Response {
    Reply::ok(json!({"status": "alive"})).into_response()
}

/// The database can be reached, and has all migrations.
pub(super) async fn ready(State(app): State<App>) -> Answer<Response> {
    let asked = tokio::time::timeout(PATIENCE, async {
        app.kitaab.store().ping().await?;
        app.kitaab.store().is_current().await
    });
    match asked.await {
        Ok(Ok(true)) => Ok(Reply::ok(json!({"status": "ready"})).into_response()),
        Ok(Ok(false)) => Err(not_ready("migrations_missing", "The database lacks migrations. Run: kitaab migrate")),
        Ok(Err(_)) | Err(_) => Err(not_ready("database_unreachable", "The database does not answer.")),
    }
}

fn not_ready(code: &'static str, detail: &str) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).temporary(true).retry_after(1)
}

/// The counts of this process, where they are collected, and of the jobs in the database, if it answers.
pub(super) async fn metrics(State(app): State<App>) -> Answer<Response> {
    let metrics = app.config.metrics.as_ref().ok_or(Error::NotFound)?;
    if let Ok(Ok(counts)) = tokio::time::timeout(PATIENCE, app.kitaab.job_counts()).await {
        crate::metrics::jobs(counts);
    }
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render()).into_response())
}

/// The description of this API. The same for everybody, so it may be kept.
pub(super) async fn document(State(app): State<App>) -> Response {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=300")], app.document.clone()).into_response()
}
