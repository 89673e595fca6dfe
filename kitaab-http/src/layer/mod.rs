//! What surrounds every handler, from the outside in: the request's id and the writing out of problems, security
//! headers, log and metrics, panics, limits.

mod headers;
mod limit;
mod panic;
mod render;
mod trace;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;

pub(crate) use limit::Limits;
pub(crate) use render::{no_such_method, no_such_path};

/// Puts the layers around a router.
pub(crate) fn around(router: Router<App>, app: &App) -> Router<App> {
    router
        .layer(from_fn_with_state(app.clone(), limit::limit))
        .layer(CatchPanicLayer::custom(panic::answer))
        .layer(from_fn_with_state(app.clone(), trace::trace))
        .layer(from_fn_with_state(app.clone(), headers::secure))
        .layer(from_fn_with_state(app.clone(), render::identify))
}
