//! The description of the API, OpenAPI 3.1, made from the code.

mod complete;
mod schemas;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::middleware::map_response;
use axum::response::Response;
use kitaab_core::chat::blocks::Inline;
use serde_json::Value;
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::app::App;
use crate::problem::{Details, Field};
use crate::routes;

/// What the document says besides its operations.
#[derive(OpenApi)]
#[openapi(
    info(title = "Kitaab", description = "One place for a freelancer and their clients.", license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")),
    // Blocks and what is in their lines hold one another, so only one of the two is found by itself.
    components(schemas(Details, Field, Inline)),
    modifiers(&Credentials),
    tags(
        (name = "accounts", description = "Signing up and in, sessions, passwords, one's own profile"),
        (name = "invitation links", description = "What the holder of an invitation's link does"),
        (name = "workspaces", description = "The tenant: everything else belongs to exactly one"),
        (name = "members", description = "The people of a workspace"),
        (name = "clients", description = "The cards of those the work is done for"),
        (name = "invitations", description = "How somebody gets into a workspace"),
        (name = "projects", description = "What is worked on, and whom it is shared with"),
        (name = "tasks", description = "What is to be done in a project, and what is said about it"),
        (name = "money", description = "Expenses, income and time; for owners alone"),
        (name = "updates", description = "What the owner tells everybody on a project"),
        (name = "chat", description = "Channels, messages, and how far each has read"),
        (name = "notifications", description = "What one is to hear of"),
        (name = "search", description = "Finding things again"),
        (name = "audit", description = "Who did or tried what"),
    )
)]
struct Base;

struct Credentials;

impl utoipa::Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer =
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("kts_…").description(Some("The session token of a sign-in"));
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
        let cookie = ApiKeyValue::with_description(
            "__Host-kitaab",
            "The session cookie that sign-in sets; named `kitaab` over plain http on loopback",
        );
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// The document before its operations are put in.
pub(crate) fn base() -> utoipa::openapi::OpenApi {
    Base::openapi()
}

/// The routes of the API, and the document that describes them.
pub(crate) fn api_and_document() -> (Router<App>, String) {
    let (router, described) = routes::api().split_for_parts();
    let mut document = serde_json::to_value(described).unwrap_or_default();
    complete::complete(&mut document);
    schemas::tighten(&mut document);
    (router, pretty(&document))
}

/// The document, as it is served and as `kitaab openapi` prints it.
#[must_use]
pub fn document() -> String {
    api_and_document().1
}

fn pretty(document: &Value) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

/// What the page may do: show itself and fetch the document. Its own styles are inline.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'none'",
);

/// A page that shows the document. It sends no requests of its own, so it needs no credentials and uses none.
pub(crate) fn reference() -> Router<App> {
    let config = Config::from("/api/v1/openapi.json").supported_submit_methods(Vec::<String>::new()).persist_authorization(false);
    Router::from(SwaggerUi::new("/docs").config(config)).layer(map_response(|mut response: Response| async move {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
        response
    }))
}
