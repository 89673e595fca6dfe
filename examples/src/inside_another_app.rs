//! Kitaab mounted inside an axum application that has a sign-in of its own.
//!
//! `cargo run -p kitaab-examples --bin inside_another_app`, then:
//!
//! ```sh
//! curl -H 'x-demo-user: nikhil@example.com' http://127.0.0.1:8090/
//! curl -H 'x-demo-user: nikhil@example.com' http://127.0.0.1:8090/api/v1/auth/session
//! ```

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use kitaab_core::access::Actor;
use kitaab_core::ids::UserId;
use kitaab_core::store::Store;
use kitaab_core::{Kitaab, Settings};
use kitaab_http::HttpConfig;
use kitaab_store_sqlite::SqliteStore;

/// Whom this application has signed in; a layer leaves it with the request.
#[derive(Clone, Copy)]
struct SignedIn(UserId);

/// The application's own sign-in. A header stands for what would be your session or your single sign-on: a real one
/// checks what it is given.
async fn sign_in(State(kitaab): State<Kitaab>, mut request: Request, next: Next) -> Response {
    let email = request.headers().get("x-demo-user").and_then(|value| value.to_str().ok()).map(str::to_owned);
    if let Some(email) = email {
        // Kitaab knows a person by email; the first time it makes an account without a password.
        if let Ok(user) = kitaab.introduce(&email, email.split('@').next().unwrap_or("Somebody")).await {
            request.extensions_mut().insert(SignedIn(user));
        }
    }
    next.run(request).await
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let store = SqliteStore::in_memory().await?;
    store.migrate().await?;
    let settings = Settings { public_url: "http://127.0.0.1:8090".into(), ..Settings::default() };
    let kitaab = Kitaab::builder(Arc::new(store)).settings(settings).build();
    let config = HttpConfig::default().sign_in(|parts| parts.extensions.get::<SignedIn>().map(|SignedIn(user)| Actor::person(*user)));
    let app = Router::new()
        .route("/hello", get(|| async { "This is the application around it." }))
        .merge(kitaab_http::router(kitaab.clone(), config))
        .layer(from_fn_with_state(kitaab, sign_in));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8090").await?;
    println!("http://127.0.0.1:8090/hello is the application, /api/v1 is Kitaab");
    axum::serve(listener, app).await?;
    Ok(())
}
