//! Clients, as Nikhil keeps them.

use std::sync::Arc;

use crate::common::{Studio, card, code, on_both_engines};
use kitaab_core::Error;
use kitaab_core::client::{ClientView, ClientsAsk, NewClient, UpdateClient};
use kitaab_core::input::Patch;
use kitaab_core::store::Store;

type Database = Arc<dyn Store>;

async fn the_list_of_clients_is_sorted_searched_and_paged_without_holes(db: Database) {
    let studio = Studio::on(db).await;
    let clients = studio.kitaab.clients(&studio.nikhil);
    for name in ["Ördek", "anna", "Zoe", "Émile", "bob"] {
        let new = NewClient {
            name: name.into(),
            email: format!("{}@example.com", name.len().to_string() + &name[name.len() - 2..]),
            ..NewClient::default()
        };
        clients.create(studio.workspace, new.into()).await.unwrap();
    }
    let (mut seen, mut cursor) = (vec![], None);
    loop {
        let ask = ClientsAsk { limit: Some(2), cursor, ..ClientsAsk::default() };
        let page = clients.list(studio.workspace, ask.into()).await.unwrap();
        seen.extend(page.items.into_iter().map(|client| client.name));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["anna", "bob", "Émile", "Ördek", "Zoe"]);
    let found = clients.list(studio.workspace, ClientsAsk { q: Some("EMI".into()), ..ClientsAsk::default() }.into()).await.unwrap();
    assert_eq!(found.items.len(), 1);
    let foreign = ClientsAsk { cursor: Some("nonsense".into()), ..ClientsAsk::default() };
    assert_eq!(code(clients.list(studio.workspace, foreign.into()).await), "invalid");
}

async fn two_cards_do_not_share_an_email_but_an_archived_one_gives_it_free(db: Database) {
    let studio = Studio::on(db).await;
    let clients = studio.kitaab.clients(&studio.nikhil);
    let first = clients.create(studio.workspace, card("Mridul").into()).await.unwrap().item.id;
    match clients.create(studio.workspace, NewClient { email: " MRIDUL@example.com".into(), ..card("Other") }.into()).await {
        Err(Error::Conflict { code: "duplicate_client", existing, .. }) => assert_eq!(existing, Some(first.0)),
        other => panic!("{other:?}"),
    }
    clients.archive(studio.workspace, first).await.unwrap();
    let second = clients.create(studio.workspace, card("Mridul").into()).await.unwrap().item.id;
    let back = UpdateClient { archived: Some(false), ..UpdateClient::default() };
    match clients.update(studio.workspace, first, back.into(), None).await {
        Err(Error::Conflict { code: "duplicate_client", existing, .. }) => assert_eq!(existing, Some(second.0)),
        other => panic!("{other:?}"),
    }
}

async fn archiving_a_client_ends_their_access_at_once_and_bringing_back_gives_none(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    let (mridul, id) = studio.client("Mridul", &[shop]).await;
    studio.kitaab.projects(&mridul).get(studio.workspace, shop).await.unwrap();
    let clients = studio.kitaab.clients(&studio.nikhil);
    clients.archive(studio.workspace, id).await.unwrap();
    assert_eq!(code(studio.kitaab.projects(&mridul).get(studio.workspace, shop).await), "not_found");
    assert_eq!(code(studio.kitaab.workspaces(&mridul).get(studio.workspace).await), "not_found");
    let back = UpdateClient { archived: Some(false), ..UpdateClient::default() };
    let ClientView::Staff(view) = clients.update(studio.workspace, id, back.into(), None).await.unwrap().item else { panic!() };
    assert_eq!((view.user_id, view.archived_at), (None, None));
    assert_eq!(code(studio.kitaab.projects(&mridul).get(studio.workspace, shop).await), "not_found");
    assert!(studio.kitaab.projects(&studio.nikhil).collaborators(studio.workspace, shop).await.unwrap().items.is_empty());
}

async fn mridul_sees_her_own_card_without_notes_and_no_other(db: Database) {
    let studio = Studio::on(db).await;
    let (mridul, own) = studio.client("Mridul", &[]).await;
    let clients = studio.kitaab.clients(&studio.nikhil);
    let other = clients.create(studio.workspace, card("Farah").into()).await.unwrap().item.id;
    let notes = UpdateClient { notes: Patch::Set("pays late".into()), ..UpdateClient::default() };
    clients.update(studio.workspace, own, notes.into(), None).await.unwrap();
    let hers = studio.kitaab.clients(&mridul).get(studio.workspace, own).await.unwrap();
    assert!(hers.can.is_empty());
    let json = serde_json::to_value(&hers).unwrap();
    assert!(json.get("notes").is_none() && json.get("invitation_status").is_none(), "{json}");
    assert_eq!(code(studio.kitaab.clients(&mridul).get(studio.workspace, other).await), "not_found");
    assert_eq!(code(studio.kitaab.clients(&mridul).list(studio.workspace, ClientsAsk::default().into()).await), "not_found");
    let rename = UpdateClient { name: Some("Boss".into()), ..UpdateClient::default() };
    assert_eq!(code(studio.kitaab.clients(&mridul).update(studio.workspace, own, rename.into(), None).await), "forbidden");
}

async fn a_colleague_changes_notes_and_nothing_else_of_a_card(db: Database) {
    let studio = Studio::on(db).await;
    let asha = studio.colleague("Asha").await;
    let id = studio.kitaab.clients(&studio.nikhil).create(studio.workspace, card("Mridul").into()).await.unwrap().item.id;
    let clients = studio.kitaab.clients(&asha);
    let notes = UpdateClient { notes: Patch::Set("likes blue".into()), ..UpdateClient::default() };
    let answer = clients.update(studio.workspace, id, notes.into(), None).await.unwrap();
    assert_eq!(answer.can, ["edit_notes"]);
    let both = UpdateClient { notes: Patch::Clear, name: Some("M".into()), ..UpdateClient::default() };
    assert_eq!(code(clients.update(studio.workspace, id, both.into(), None).await), "forbidden");
    let ClientView::Staff(view) = clients.get(studio.workspace, id).await.unwrap().item else { panic!() };
    assert_eq!((view.name.as_str(), view.notes.as_deref()), ("Mridul", Some("likes blue")), "nothing half done");
}

async fn a_card_without_history_can_be_destroyed_and_one_with_history_not(db: Database) {
    let studio = Studio::on(db).await;
    let clients = studio.kitaab.clients(&studio.nikhil);
    let fresh = clients.create(studio.workspace, card("Farah").into()).await.unwrap().item.id;
    clients.delete(studio.workspace, fresh).await.unwrap();
    assert_eq!(code(clients.get(studio.workspace, fresh).await), "not_found");
    let invited = studio.invite_client("Mridul", &[]).await.client_id.unwrap();
    assert_eq!(code(clients.delete(studio.workspace, invited).await), "has_history");
}

on_both_engines! {
    the_list_of_clients_is_sorted_searched_and_paged_without_holes,
    two_cards_do_not_share_an_email_but_an_archived_one_gives_it_free,
    archiving_a_client_ends_their_access_at_once_and_bringing_back_gives_none,
    mridul_sees_her_own_card_without_notes_and_no_other,
    a_colleague_changes_notes_and_nothing_else_of_a_card,
    a_card_without_history_can_be_destroyed_and_one_with_history_not,
}
