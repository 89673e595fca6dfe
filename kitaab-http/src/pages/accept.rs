//! The way in by invitation.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use kitaab_core::access::{Actor, Role};
use kitaab_core::account::SignIn as Credentials;
use kitaab_core::ids::WorkspaceId;
use kitaab_core::input::Input;
use kitaab_core::invitation::{Accept as Acceptance, Door, InvitationToken, Preview, Visitor};
use kitaab_core::{Error, Result};
use secrecy::ExposeSecret;

use super::answer::{Wrong, go, moment, page, with_cookies};
use super::view::{Accept, Ended, Field, Invitation, NewPerson, Step, WithPassword, paths};
use super::visit::Visit;
use crate::app::App;
use crate::extract::{Agent, Anyone, Form, MaybeCaller};
use crate::problem::Answer;
use crate::routes::session_cookie;

/// What one is invited to. Only a person's look counts as opening it, and no look uses it up.
pub(super) async fn show(State(app): State<App>, MaybeCaller(actor): MaybeCaller, visit: Visit) -> Answer<Response> {
    let door = app.kitaab.invitations(&actor).look(&visit.token, visit.by_person).await?;
    match open(&app, &actor, visit.token.clone(), door).await? {
        Ok((preview, visitor)) => {
            let step = first_step(&app, &actor, &preview, visitor).await?;
            Ok(shown(StatusCode::OK, preview, visit.token, step))
        }
        Err(ended) => Ok(ended),
    }
}

/// Accepts, in the way that fits who stands there.
pub(super) async fn accept(State(app): State<App>, MaybeCaller(actor): MaybeCaller, agent: Agent, form: Form) -> Answer<Response> {
    let token = form.get("token");
    let door = app.kitaab.invitations(&actor).look(&token, false).await?;
    let (preview, visitor) = match open(&app, &actor, token.clone(), door).await? {
        Ok(open) => open,
        Err(ended) => return Ok(ended),
    };
    let (status, step) = match visitor {
        Visitor::New => match join(&app, &actor, &agent, &form).await? {
            Ok(cookie) => return Ok(with_cookies(go(paths::HOME), cookie)),
            Err(wrong) => (wrong.status(), Step::NewPerson(new_person(&preview, &form, wrong))),
        },
        Visitor::SignInFirst => match sign_in_and_join(&app, &actor, &agent, &preview, &form).await? {
            Ok(cookie) => return Ok(with_cookies(go(paths::HOME), cookie)),
            Err(mut wrong) => {
                let password = wrong.field("password", "");
                (wrong.status(), Step::SignIn(WithPassword { password, problem: wrong.whole.take() }))
            }
        },
        Visitor::Invited => {
            join_as_oneself(&app, &actor, &token).await?;
            return Ok(go(paths::HOME));
        }
        Visitor::SomebodyElse => (StatusCode::FORBIDDEN, first_step(&app, &actor, &preview, visitor).await?),
    };
    Ok(shown(status, preview, token, step))
}

/// Asks the owner for a new invitation, or seems to.
pub(super) async fn request_new(State(app): State<App>, Anyone(actor): Anyone, form: Form) -> Answer<Response> {
    let given = InvitationToken { token: form.get("token").into() };
    app.kitaab.invitations(&actor).ask_again(Input::from(given)).await?;
    Ok(page(StatusCode::OK, &Ended::Asked))
}

/// The open invitation, or the page that says why there is none.
async fn open(app: &App, actor: &Actor, token: String, door: Door) -> Answer<std::result::Result<(Preview, Visitor), Response>> {
    Ok(Err(match door {
        Door::Open { preview, visitor } => return Ok(Ok((preview, visitor))),
        Door::Expired => page(StatusCode::GONE, &Ended::Expired(token)),
        Door::Used(workspace) if belongs(app, actor, workspace).await? => go(paths::HOME),
        Door::Used(_) => page(StatusCode::OK, &Ended::Used(actor.user().is_some())),
        Door::Unknown => page(StatusCode::NOT_FOUND, &Ended::Unknown),
    }))
}

async fn belongs(app: &App, actor: &Actor, workspace: WorkspaceId) -> Answer<bool> {
    match app.kitaab.workspaces(actor).get(workspace).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound | Error::Unauthenticated(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn first_step(app: &App, actor: &Actor, preview: &Preview, visitor: Visitor) -> Answer<Step> {
    Ok(match visitor {
        Visitor::New => Step::NewPerson(NewPerson {
            display_name: Field::new(preview.display_name.clone().unwrap_or_default()),
            company: company(preview, preview.company.clone().unwrap_or_default()),
            ..NewPerson::default()
        }),
        Visitor::SignInFirst => Step::SignIn(WithPassword::default()),
        Visitor::Invited => Step::SignedIn,
        Visitor::SomebodyElse => Step::OtherAccount(app.kitaab.accounts(actor).profile().await?.email),
    })
}

/// Colleagues are not asked for a company.
fn company(preview: &Preview, value: String) -> Option<Field> {
    (preview.role == Role::Client).then(|| Field::new(value))
}

fn new_person(preview: &Preview, form: &Form, mut wrong: Wrong) -> NewPerson {
    NewPerson {
        display_name: wrong.field("display_name", form.get("display_name")),
        company: company(preview, String::new()).map(|_| wrong.field("company", form.get("company"))),
        password: wrong.field("password", ""),
        again: wrong.field("again", ""),
        problem: wrong.whole.take(),
    }
}

fn shown(status: StatusCode, preview: Preview, token: String, step: Step) -> Response {
    let invitation = Invitation {
        inviter: preview.inviter,
        workspace: preview.workspace_name,
        role_is_client: preview.role == Role::Client,
        message: preview.message,
        projects: preview.projects.into_iter().map(|project| project.name).collect(),
        channels: preview.channels.into_iter().map(|channel| channel.name).collect(),
        email: preview.email,
        expires: moment(preview.expires_at),
    };
    page(status, &Accept { invitation, token, step })
}

type Entered = std::result::Result<Option<HeaderValue>, Wrong>;

/// With a new account.
async fn join(app: &App, actor: &Actor, agent: &Agent, form: &Form) -> Answer<Entered> {
    let password = form.get("password");
    if password != form.get("again") {
        let mut wrong = Wrong::default();
        wrong.add("again", "This is not the same password.");
        return Ok(Err(wrong));
    }
    let given = Acceptance {
        token: form.get("token").into(),
        display_name: Some(form.get("display_name")),
        password: Some(password.into()),
        company: form.filled("company"),
    };
    match app.kitaab.invitations(actor).accept(Input::from(given), agent.name()).await {
        Ok(joined) => Ok(Ok(joined.session.and_then(|session| session_cookie(app, &session)))),
        Err(error) => Wrong::of(error).map(Err),
    }
}

/// With the account that the address has: its password shows whose it is, and stays as it is.
async fn sign_in_and_join(app: &App, actor: &Actor, agent: &Agent, preview: &Preview, form: &Form) -> Answer<Entered> {
    // The address of this page is limited as a link is; here passwords are tried too.
    app.limits.sign_in(actor.origin().address)?;
    let given = Credentials { email: preview.email.clone(), password: form.get("password").into() };
    let signed = match app.kitaab.accounts(actor).sign_in(Input::from(given), agent.name()).await {
        Ok(signed) => signed,
        Err(Error::Unauthenticated(_)) => {
            let mut wrong = Wrong::default();
            wrong.add("password", "This is not the password of that account.");
            return Ok(Err(wrong));
        }
        Err(error) => return Wrong::of(error).map(Err),
    };
    let token = signed.session.token.expose_secret();
    let person = app.kitaab.authenticate(token, actor.origin().clone()).await?.ok_or(Error::NotFound)?;
    join_as_oneself(app, &person, &form.get("token")).await?;
    Ok(Ok(session_cookie(app, &signed.session)))
}

async fn join_as_oneself(app: &App, actor: &Actor, token: &str) -> Result<()> {
    let given = Acceptance { token: token.to_owned().into(), ..Acceptance::default() };
    app.kitaab.invitations(actor).accept(Input::from(given), None).await.map(drop)
}
