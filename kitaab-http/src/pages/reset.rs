//! The way to a new password.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kitaab_core::Error;
use kitaab_core::account::{AskReset, ConfirmReset};
use kitaab_core::input::Input;

use super::answer::{Wrong, page};
use super::view::{ResetAsk, ResetAsked, ResetBadLink, ResetChoose, ResetDone};
use super::visit::Visit;
use crate::app::App;
use crate::extract::{Anyone, Form};
use crate::problem::Answer;

/// Asks for the address; with a token, for the new password.
pub(super) async fn show(state: State<App>, anyone: Anyone, visit: Visit) -> Answer<Response> {
    if visit.token.is_empty() { Ok(page(StatusCode::OK, &ResetAsk::default())) } else { show_choice(state, anyone, visit).await }
}

/// Mails the link, or seems to.
pub(super) async fn ask(State(app): State<App>, Anyone(actor): Anyone, form: Form) -> Answer<Response> {
    let ask = AskReset { email: form.get("email") };
    match app.kitaab.accounts(&actor).ask_reset(Input::from(ask)).await {
        Ok(()) => Ok(page(StatusCode::OK, &ResetAsked)),
        Err(error) => {
            let wrong = Wrong::of(error)?;
            Ok(page(wrong.status(), &ResetAsk { email: wrong.field("email", form.get("email")) }))
        }
    }
}

/// Asks for the new password, if the link still works. It uses nothing up.
pub(super) async fn show_choice(State(app): State<App>, Anyone(actor): Anyone, visit: Visit) -> Answer<Response> {
    match app.kitaab.accounts(&actor).look_at_reset(&visit.token).await {
        Ok(()) => Ok(page(StatusCode::OK, &ResetChoose { token: visit.token, ..ResetChoose::default() })),
        Err(Error::NotFound) => Ok(page(StatusCode::NOT_FOUND, &ResetBadLink)),
        Err(error) => Err(error.into()),
    }
}

/// Sets the new password.
pub(super) async fn choose(State(app): State<App>, Anyone(actor): Anyone, form: Form) -> Answer<Response> {
    let (token, password) = (form.get("token"), form.get("password"));
    let mut wrong = Wrong::default();
    if password == form.get("again") {
        let given = ConfirmReset { token: token.clone().into(), password: password.into() };
        match app.kitaab.accounts(&actor).confirm_reset(Input::from(given)).await {
            Ok(()) => return Ok(page(StatusCode::OK, &ResetDone)),
            Err(Error::NotFound) => return Ok(page(StatusCode::NOT_FOUND, &ResetBadLink)),
            Err(error) => wrong = Wrong::of(error)?,
        }
    } else {
        wrong.add("again", "This is not the same password.");
    }
    let (password, again) = (wrong.field("password", ""), wrong.field("again", ""));
    Ok(page(wrong.status(), &ResetChoose { token, email: None, password, again, problem: wrong.whole.take() }))
}
