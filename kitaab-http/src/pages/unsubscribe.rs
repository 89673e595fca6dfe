//! Ending mail about conversations. Opening the link only shows a button; the POST is also what a mail program sends by itself
//! (RFC 8058), so nothing but the token is asked of it.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use kitaab_core::Error;
use kitaab_core::away::{UnsubscribeToken, Unsubscribing};
use kitaab_core::input::Input;
use kitaab_core::notification::Level;

use super::answer::{page, with_token};
use super::view::{Unsubscribe, paths};
use super::visit::Visit;
use crate::app::App;
use crate::extract::Anyone;
use crate::problem::Answer;

/// What one is mailed, and the button that ends it.
pub(super) async fn show(State(app): State<App>, Anyone(actor): Anyone, visit: Visit) -> Answer<Response> {
    match app.kitaab.mailings(&actor).subscription(given(&visit)).await {
        Ok(found) => {
            let (workspace, ends) = (found.workspace_name, with_token(paths::UNSUBSCRIBE, &visit.token));
            let step =
                if found.email == Level::None { Unsubscribe::Ended { workspace, ends } } else { Unsubscribe::Ask { workspace, ends } };
            Ok(page(StatusCode::OK, &step))
        }
        Err(error) => unknown(error),
    }
}

/// Ends it: of the conversation, or, asked by the second button, of all the workspace.
pub(super) async fn act(State(app): State<App>, Anyone(actor): Anyone, RawQuery(query): RawQuery, visit: Visit) -> Answer<Response> {
    let all = query.unwrap_or_default().split('&').any(|pair| pair == "from=workspace");
    let from = if all { Unsubscribing::Workspace } else { Unsubscribing::Conversation };
    let mailings = app.kitaab.mailings(&actor);
    let ended = async {
        mailings.unsubscribe(given(&visit), from).await?;
        mailings.subscription(given(&visit)).await
    };
    match ended.await {
        Ok(found) if all => Ok(page(StatusCode::OK, &Unsubscribe::AllEnded { workspace: found.workspace_name })),
        Ok(found) => {
            let ends = with_token(paths::UNSUBSCRIBE, &visit.token);
            Ok(page(StatusCode::OK, &Unsubscribe::Ended { workspace: found.workspace_name, ends }))
        }
        Err(error) => unknown(error),
    }
}

fn given(visit: &Visit) -> Input<UnsubscribeToken> {
    Input::from(UnsubscribeToken { token: visit.token.as_str().into() })
}

fn unknown(error: Error) -> Answer<Response> {
    match error {
        Error::NotFound => Ok(page(StatusCode::NOT_FOUND, &Unsubscribe::Unknown)),
        error => Err(error.into()),
    }
}
