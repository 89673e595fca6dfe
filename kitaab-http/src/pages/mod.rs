//! The doors: pages that work without JavaScript. They only call the use cases that the API calls.

mod accept;
mod answer;
mod assets;
mod confirm;
mod conversation;
mod home;
mod mailbox;
mod reset;
mod sign_in;
mod sign_up;
mod unsubscribe;
pub mod view;
mod visit;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};

use crate::app::App;
use crate::problem::Problem;
use view::paths;

/// Every page.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(paths::HOME, get(home::show))
        .route(paths::SIGN_IN, get(sign_in::show).post(sign_in::enter))
        .route(paths::SIGN_IN_LINK, post(sign_in::mail_link))
        .route(paths::MAGIC_LINK, get(confirm::show_sign_in).post(confirm::sign_in))
        .route(paths::SIGN_UP, get(sign_up::show).post(sign_up::create))
        .route(paths::SIGN_OUT, post(sign_in::leave))
        .route(paths::RESET, get(reset::show).post(reset::ask))
        .route(paths::RESET_CHOOSE, get(reset::show_choice).post(reset::choose))
        .route(paths::VERIFY, get(confirm::show_verify).post(confirm::verify))
        .route(paths::VERIFY_RESEND, post(home::resend))
        .route(paths::CHANGE_EMAIL, get(confirm::show_change).post(confirm::change))
        .route(paths::ACCEPT, get(accept::show).post(accept::accept))
        .route(paths::REQUEST_NEW, post(accept::request_new))
        .route(paths::UNSUBSCRIBE, get(unsubscribe::show).post(unsubscribe::act))
        .route("/conversations/{workspace_id}/{channel_id}", get(conversation::show).post(conversation::mark_read))
        .route("/assets/doors.css", get(assets::style))
        .route("/assets/icon.svg", get(assets::icon))
        .route(paths::MAILBOX, get(mailbox::list))
        .route("/dev/mailbox/{mail}", get(mailbox::show))
        .route("/dev/mailbox/{mail}/html", get(mailbox::html))
}

/// The page of an error.
pub(crate) fn failure(problem: &Problem, request_id: &str) -> Response {
    let status = problem.status();
    let page = view::Failure { status: status.as_u16(), retry_after: problem.seconds(), request_id: request_id.to_owned() };
    answer::page(status, &page)
}
