//! One line in the log and one count for each request. Neither holds a query, an id or a token: only the pattern of the
//! route.

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;
use tracing::Instrument;

use crate::app::App;
use crate::extract::Context;
use crate::metrics;
use crate::problem::Problem;

/// Logs and counts what passes.
pub(super) async fn trace(State(_): State<App>, request: Request, next: Next) -> Response {
    let method = known(request.method());
    let path = request.extensions().get::<MatchedPath>().map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    let context = request.extensions().get::<Context>().cloned().unwrap_or_default();
    let address = context.address.map(|address| address.to_string()).unwrap_or_default();
    let span = tracing::info_span!("request", method, path, request_id = &*context.request_id);
    let (begun, flying) = (Instant::now(), metrics::InFlight::begin());
    let response = next.run(request).instrument(span.clone()).await;
    drop(flying);
    let (took, status) = (begun.elapsed(), response.status().as_u16());
    metrics::request(method, path, status, took);
    let code = response.extensions().get::<Problem>().map(Problem::code).unwrap_or_default();
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(status, millis, address, code, "answered"));
    response
}

/// The method, or one word for all that nobody knows: labels of metrics must be few.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
