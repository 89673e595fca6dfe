//! Gives every request its id, and writes problems out.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;

use crate::app::App;
use crate::extract::{Context, client_address, sane_request_id};
use crate::problem::Problem;

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Notes id and address of a request, and writes out what its handler answered.
pub(super) async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let context = context(&app, &request);
    let wants_page = wants_page(&request);
    request.extensions_mut().insert(context.clone());
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = written(response, &problem, &context.request_id, wants_page);
    }
    if let Ok(id) = HeaderValue::from_str(&context.request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn context(app: &App, request: &Request) -> Context {
    let headers = request.headers();
    let (address, peer) = client_address(app, headers, request.extensions().get::<ConnectInfo<SocketAddr>>());
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(|id| sane_request_id(id));
    let given = given.filter(|_| peer.is_some_and(|peer| app.trusts(peer)));
    let request_id = given.map_or_else(|| HEXLOWER.encode(&app.kitaab.random::<16>()), str::to_owned);
    Context { request_id: request_id.into(), address, peer }
}

/// Whether somebody looks at the answer in a browser: a page's address, asked for as a page.
fn wants_page(request: &Request) -> bool {
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    !request.uri().path().starts_with("/api/") && accept.contains("text/html")
}

fn written(response: Response, problem: &Problem, request_id: &str, page: bool) -> Response {
    let (mut parts, _) = response.into_parts();
    if page {
        let (head, body) = crate::pages::failure(problem, request_id).into_parts();
        parts.headers.extend(head.headers);
        return Response::from_parts(parts, body);
    }
    let json = serde_json::to_vec(&problem.details(request_id)).unwrap_or_default();
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, Body::from(json))
}

/// For paths that lead nowhere.
pub(crate) async fn no_such_path() -> Problem {
    kitaab_core::Error::NotFound.into()
}

/// For methods that a path does not have. The router adds `Allow`, which is all that OPTIONS asks for: without answers
/// to other origins there is nothing more to say.
pub(crate) async fn no_such_method(method: Method) -> Response {
    if method == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    let detail = "This address has no such method; the Allow header names those that it has.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).into_response()
}
