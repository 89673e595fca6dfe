//! The story in one file: Nikhil invites Mridul, and Mridul sees her project and nothing else.
//!
//! `cargo run -p kitaab-examples --bin invite_a_client` needs no database and no mail server: SQLite is in memory,
//! and mails are kept instead of sent.

use std::sync::Arc;

use anyhow::Context;
use kitaab_core::access::Actor;
use kitaab_core::account::SignUp;
use kitaab_core::invitation::{Accept, InvitedClient, NewInvitation};
use kitaab_core::page::PageAsk;
use kitaab_core::project::{NewProject, ProjectView, ProjectsAsk};
use kitaab_core::store::Store;
use kitaab_core::testing::KeepingMailer;
use kitaab_core::{Error, Kitaab};
use kitaab_store_sqlite::SqliteStore;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // A store, a mailer, a handle. In production: a file or PostgreSQL, SMTP, and a secret key that is kept.
    let store = SqliteStore::in_memory().await?;
    store.migrate().await?;
    let mailer = KeepingMailer::default();
    let kitaab = Kitaab::builder(Arc::new(store)).mailer(mailer.clone()).build();

    // Nikhil signs up, which founds his workspace, and starts a project.
    let nobody = Actor::nobody();
    let sign_up = SignUp {
        email: "nikhil@example.com".into(),
        password: "violet anchors drift at noon".into(),
        display_name: "Nikhil".into(),
        workspace_name: "Nikhil Design".into(),
    };
    let nikhil = kitaab.accounts(&nobody).sign_up(sign_up.into(), None).await?;
    let (workspace, nikhil) = (nikhil.workspace.id, Actor::person(nikhil.user.id));
    let project =
        NewProject { name: "Shop redesign".into(), internal_notes: Some("Do not go below 9,000.".into()), ..NewProject::default() };
    let project = kitaab.projects(&nikhil).create(workspace, project.into()).await?;
    let ProjectView::Staff(project) = project.item else { anyhow::bail!("the owner sees everything") };
    println!("Nikhil starts “{}” with internal notes: {:?}", project.name, project.internal_notes);

    // He invites Mridul to it by email.
    let invitation = NewInvitation {
        client: Some(InvitedClient { name: "Mridul".into(), email: "mridul@example.com".into(), company: None }),
        project_ids: vec![project.id],
        message: Some("Here is where we work together.".into()),
        ..NewInvitation::default()
    };
    kitaab.invitations(&nikhil).send(workspace, invitation.into()).await?;
    kitaab.run_due_jobs().await?;
    let mail = mailer.last_to("mridul@example.com").context("the invitation was mailed")?;
    println!("\nMridul gets “{}”:\n\n{}", mail.content.subject, mail.content.text);

    // She accepts through the mailed link, and is signed in.
    let token = mailer.token_to("mridul@example.com").context("the mail carries a link")?;
    let accept = Accept {
        token: token.into(),
        display_name: Some("Mridul".into()),
        password: Some("copper lanterns over the lake".into()),
        company: None,
    };
    let joined = kitaab.invitations(&nobody).accept(accept.into(), None).await?;
    let mridul = Actor::person(joined.user.id);
    println!("Mridul joins “{}” as {}", joined.workspace.name, joined.workspace.role);

    // She sees her project, as a type that has no notes and no money to leak, and nothing of the rest.
    let projects = kitaab.projects(&mridul).list(workspace, ProjectsAsk::default().into()).await?;
    for project in projects.items {
        let ProjectView::Client(project) = project else { anyhow::bail!("a client is shown the client's view") };
        println!("Mridul sees “{}”, {}, {} %", project.name, project.status, project.progress);
    }
    let clients = kitaab.clients(&mridul).list(workspace, kitaab_core::client::ClientsAsk::default().into()).await;
    assert!(matches!(clients, Err(Error::NotFound)), "to a client the list of clients does not exist");
    let invitations = kitaab.invitations(&mridul).list(workspace, PageAsk::default().into()).await;
    assert!(matches!(invitations, Err(Error::NotFound)), "nor does the list of invitations");
    println!("Nikhil's clients, invitations and notes do not exist for her.");
    Ok(())
}
