//! Sign-in by password, asking for a sign-in link, and sign-out.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kitaab_core::Error;
use kitaab_core::account::{AskMagicLink, SignIn as Credentials};
use kitaab_core::input::Input;

use super::answer::{Wrong, go, page, with_cookies, with_token};
use super::view::{LinkSent, SignIn, paths};
use crate::app::App;
use crate::extract::{Agent, Anyone, Form, Jar, Kept, MaybeCaller};
use crate::problem::Answer;
use crate::routes::session_cookie;

/// The door; who is inside is led on.
pub(super) async fn show(MaybeCaller(actor): MaybeCaller) -> Response {
    if actor.user().is_some() { go(paths::HOME) } else { page(StatusCode::OK, &SignIn::default()) }
}

/// Signs in.
pub(super) async fn enter(State(app): State<App>, Anyone(actor): Anyone, agent: Agent, form: Form) -> Answer<Response> {
    let given = Credentials { email: form.get("email"), password: form.get("password").into() };
    match app.kitaab.accounts(&actor).sign_in(Input::from(given), agent.name()).await {
        Ok(signed) => Ok(with_cookies(go(paths::HOME), session_cookie(&app, &signed.session))),
        Err(error) => again(&form, error),
    }
}

/// Mails a sign-in link, or seems to.
pub(super) async fn mail_link(State(app): State<App>, Anyone(actor): Anyone, form: Form) -> Answer<Response> {
    let ask = AskMagicLink { email: form.get("email") };
    match app.kitaab.accounts(&actor).ask_magic_link(Input::from(ask)).await {
        Ok(asked) => {
            let cookie = Jar(&app.site).keep(Kept::LinkRequest, &asked.request, app.kitaab.settings().magic_link_ttl);
            Ok(with_cookies(page(StatusCode::OK, &LinkSent), cookie))
        }
        Err(error) => again(&form, error),
    }
}

fn again(form: &Form, error: Error) -> Answer<Response> {
    let mut wrong = Wrong::of(error)?;
    let (email, password) = (wrong.field("email", form.get("email")), wrong.field("password", ""));
    Ok(page(wrong.status(), &SignIn { email, password, problem: wrong.whole.take() }))
}

/// Ends the session; with the token of an invitation it leads back there.
pub(super) async fn leave(State(app): State<App>, MaybeCaller(actor): MaybeCaller, form: Form) -> Answer<Response> {
    if actor.user().is_some() {
        app.kitaab.accounts(&actor).sign_out().await?;
    }
    let next = form.filled("invitation").map_or_else(|| paths::SIGN_IN.to_owned(), |token| with_token(paths::ACCEPT, &token));
    Ok(with_cookies(go(&next), Jar(&app.site).forget(Kept::Session)))
}
