//! The people of the demo, and what they all do: join, and read their mail.

use kitaab_core::access::Actor;
use kitaab_core::account::{SignUp, VerifyEmail};
use kitaab_core::ids::{ClientId, ProjectId, WorkspaceId};
use kitaab_core::input::Input;
use kitaab_core::invitation::{Accept, InvitationItem, NewInvitation};
use kitaab_core::{Kitaab, Result};

use super::past::Past;
use super::picks::Picks;
use super::postbox::Postbox;

/// Somebody to sign in as.
pub(super) struct Person {
    pub(super) email: String,
    pub(super) password: String,
    pub(super) is: &'static str,
}

/// Everybody, and where they are.
pub(super) struct Cast {
    pub(super) kitaab: Kitaab,
    pub(super) clock: Past,
    pub(super) picks: Picks,
    pub(super) post: Postbox,
    pub(super) people: Vec<Person>,
    pub(super) nikhil: Actor,
    pub(super) workspace: WorkspaceId,
}

impl Cast {
    /// Nikhil signs up, and verifies his address.
    pub(super) async fn begin(kitaab: Kitaab, clock: Past, post: Postbox, seed: u64) -> Result<Self> {
        let (mut picks, email) = (Picks::new(seed), "nikhil@example.com".to_owned());
        let password = picks.password();
        let new = SignUp {
            email: email.clone(),
            password: password.clone().into(),
            display_name: "Nikhil Verma".into(),
            workspace_name: "Verma Studio".into(),
        };
        let signed = kitaab.accounts(&Actor::nobody()).sign_up(Input::from(new), None).await?;
        kitaab.run_due_jobs().await?;
        let token = post.token_to(&email);
        kitaab.accounts(&Actor::nobody()).verify_email(Input::from(VerifyEmail { token: token.into() })).await?;
        let people = vec![Person { email, password, is: "the freelancer" }];
        Ok(Self { kitaab, clock, picks, post, people, nikhil: Actor::person(signed.user.id), workspace: signed.workspace.id })
    }

    pub(super) async fn invite(&self, client: ClientId, projects: &[ProjectId]) -> Result<InvitationItem> {
        let new = NewInvitation {
            client_id: Some(client),
            project_ids: projects.to_vec(),
            message: Some("Everything about our project is here from now on: where it stands, what is next, and our files.".into()),
            ..NewInvitation::default()
        };
        Ok(self.kitaab.invitations(&self.nikhil).send(self.workspace, Input::from(new)).await?.item)
    }

    /// Somebody opens the mail, and joins.
    pub(super) async fn accept(&mut self, invitation: &InvitationItem, name: &str, is: &'static str) -> Result<Actor> {
        self.kitaab.run_due_jobs().await?;
        let password = self.picks.password();
        let given = Accept {
            token: self.post.token_to(&invitation.email).into(),
            display_name: Some(name.into()),
            password: Some(password.clone().into()),
            company: None,
        };
        let joined = self.kitaab.invitations(&Actor::nobody()).accept(Input::from(given), None).await?;
        self.people.push(Person { email: invitation.email.clone(), password, is });
        Ok(Actor::person(joined.user.id))
    }
}
