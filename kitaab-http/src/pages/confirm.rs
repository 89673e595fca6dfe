//! Links that do something, each with the one button that does it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kitaab_core::account::{ConfirmChangeEmail, ConfirmMagicLink, VerifyEmail};
use kitaab_core::input::Input;
use kitaab_core::{Error, Result};

use super::answer::{go, page, with_cookies};
use super::view::{BadLink, Confirm, Confirmed, Kind, paths};
use super::visit::Visit;
use crate::app::App;
use crate::extract::{Agent, Anyone, Form, Jar, Kept, LinkRequest, MaybeCaller};
use crate::problem::Answer;
use crate::routes::session_cookie;

fn ask(kind: Kind, visit: Visit) -> Response {
    if visit.token.is_empty() {
        return page(StatusCode::NOT_FOUND, &BadLink { kind });
    }
    page(StatusCode::OK, &Confirm { kind, token: visit.token })
}

/// What happened, or the page that all bad links share.
fn done(kind: Kind, result: Result<Response>) -> Answer<Response> {
    match result {
        Ok(response) => Ok(response),
        Err(Error::NotFound) => Ok(page(StatusCode::NOT_FOUND, &BadLink { kind })),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn show_sign_in(visit: Visit) -> Response {
    ask(Kind::SignIn, visit)
}

pub(super) async fn show_verify(visit: Visit) -> Response {
    ask(Kind::VerifyEmail, visit)
}

pub(super) async fn show_change(visit: Visit) -> Response {
    ask(Kind::ChangeEmail, visit)
}

/// Signs in, in the browser that asked for the link.
pub(super) async fn sign_in(
    State(app): State<App>,
    Anyone(actor): Anyone,
    agent: Agent,
    request: LinkRequest,
    form: Form,
) -> Answer<Response> {
    let given = ConfirmMagicLink { token: form.get("token").into(), request: None, cookie: request.0 };
    let signed = app.kitaab.accounts(&actor).confirm_magic_link(Input::from(given), agent.name()).await;
    let entered = signed.map(|signed| {
        let cookies = [session_cookie(&app, &signed.session), Jar(&app.site).forget(Kept::LinkRequest)];
        with_cookies(go(paths::HOME), cookies.into_iter().flatten())
    });
    done(Kind::SignIn, entered)
}

/// Confirms the address of an account.
pub(super) async fn verify(State(app): State<App>, Anyone(actor): Anyone, form: Form) -> Answer<Response> {
    let given = VerifyEmail { token: form.get("token").into() };
    let verified = app.kitaab.accounts(&actor).verify_email(Input::from(given)).await;
    done(Kind::VerifyEmail, verified.map(|()| page(StatusCode::OK, &Confirmed { is_new_address: false })))
}

/// Confirms the new address of an account.
pub(super) async fn change(State(app): State<App>, MaybeCaller(actor): MaybeCaller, form: Form) -> Answer<Response> {
    let given = ConfirmChangeEmail { token: form.get("token").into() };
    let changed = app.kitaab.accounts(&actor).confirm_change_email(Input::from(given)).await;
    done(Kind::ChangeEmail, changed.map(|()| page(StatusCode::OK, &Confirmed { is_new_address: true })))
}
