//! A freelancer's way in.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kitaab_core::Error;
use kitaab_core::account::SignUp as NewAccount;
use kitaab_core::input::Input;

use super::answer::{Wrong, go, page, with_cookies};
use super::view::{SignUp, paths};
use crate::app::App;
use crate::extract::{Agent, Anyone, Form, MaybeCaller};
use crate::problem::Answer;
use crate::routes::session_cookie;

/// The form; who is inside is led on.
pub(super) async fn show(MaybeCaller(actor): MaybeCaller) -> Response {
    if actor.user().is_some() { go(paths::HOME) } else { page(StatusCode::OK, &SignUp::default()) }
}

/// Makes the account and the workspace.
pub(super) async fn create(State(app): State<App>, Anyone(actor): Anyone, agent: Agent, form: Form) -> Answer<Response> {
    let new = NewAccount {
        email: form.get("email"),
        password: form.get("password").into(),
        display_name: form.get("display_name"),
        workspace_name: form.get("workspace_name"),
    };
    let error = match app.kitaab.accounts(&actor).sign_up(Input::from(new), agent.name()).await {
        Ok(signed) => return Ok(with_cookies(go(paths::HOME), session_cookie(&app, &signed.session))),
        Err(error) => error,
    };
    let taken = matches!(&error, Error::Conflict { code: "email_taken", .. });
    let mut wrong = Wrong::of(error)?;
    let mut email = wrong.field("email", form.get("email"));
    if taken {
        email.error = wrong.whole.take();
    }
    Ok(page(
        wrong.status(),
        &SignUp {
            display_name: wrong.field("display_name", form.get("display_name")),
            workspace_name: wrong.field("workspace_name", form.get("workspace_name")),
            email,
            password: wrong.field("password", ""),
            problem: wrong.whole.take(),
        },
    ))
}
