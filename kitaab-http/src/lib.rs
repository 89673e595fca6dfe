//! Kitaab over HTTP.
//!
//! [`router`] is everything that Kitaab serves, to be mounted in an axum application; the program `kitaab` is a server
//! around it. All rules are in `kitaab-core`: a handler here translates and decides nothing.
//!
//! ```no_run
//! # async fn host(kitaab: kitaab_core::Kitaab) -> std::io::Result<()> {
//! let app = axum::Router::new()
//!     .route("/hello", axum::routing::get(|| async { "This is ours" }))
//!     .merge(kitaab_http::router(kitaab, kitaab_http::HttpConfig::default()));
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! axum::serve(listener, app.into_make_service_with_connect_info::<std::net::SocketAddr>()).await
//! # }
//! ```
//!
//! Limits per address need the address: serve with `into_make_service_with_connect_info`, as above. Limits on headers
//! and on slow clients are the connection's, and so the host's; [`server`] has those of the program.

mod app;
pub mod command;
mod error;
mod extract;
mod layer;
mod live;
mod metrics;
pub mod openapi;
pub mod pages;
mod problem;
mod routes;
pub mod server;
pub mod settings;

use axum::Router;
use kitaab_core::Kitaab;

pub use app::{HttpConfig, SignIn};
pub use live::Live;
pub use metrics::Metrics;

use app::App;

/// Everything that Kitaab serves: the API under `/api/v1`, the pages, `/healthz`, `/readyz`, `/metrics` and `/docs`.
///
/// Run [`Kitaab::run_jobs`] beside it, or no mail leaves.
pub fn router(kitaab: Kitaab, config: HttpConfig) -> Router {
    let (api, document) = openapi::api_and_document();
    let docs = config.docs;
    let app = App::new(kitaab, config, document);
    let mut router = Router::new().nest("/api/v1", api).merge(routes::operations()).merge(pages::router());
    if docs {
        router = router.merge(openapi::reference());
    }
    let router = router.fallback(layer::no_such_path).method_not_allowed_fallback(layer::no_such_method);
    layer::around(router, &app).with_state(app)
}
