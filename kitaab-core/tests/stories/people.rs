//! The people of a workspace, what they leave in the audit log, and the workspace itself.

use std::sync::Arc;
use std::time::Duration;

use crate::common::{Studio, code, freelancer, on_both_engines};
use kitaab_core::access::{ActionKind, Origin, Role};
use kitaab_core::audit::{AuditAsk, Outcome};
use kitaab_core::page::PageAsk;
use kitaab_core::project::{ProjectsAsk, UpdateProject};
use kitaab_core::store::Store;
use kitaab_core::workspace::{DeleteWorkspace, UpdateMember, UpdateWorkspace};

type Database = Arc<dyn Store>;

async fn farah_with_a_workspace_of_her_own_finds_nothing_of_nikhils(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    let (farah, hers) = freelancer(&studio.kitaab, "Farah").await;
    let projects = studio.kitaab.projects(&farah);
    assert_eq!(code(projects.get(studio.workspace, shop).await), "not_found");
    assert_eq!(code(projects.get(hers, shop).await), "not_found", "nor through her own workspace");
    assert_eq!(code(projects.list(studio.workspace, ProjectsAsk::default().into()).await), "not_found");
    assert_eq!(code(studio.kitaab.workspaces(&farah).get(studio.workspace).await), "not_found");
    let rename = UpdateProject { name: Some("Mine".into()), ..UpdateProject::default() };
    assert_eq!(code(projects.update(hers, shop, rename.into(), None).await), "not_found");
}

async fn the_last_owner_stays_and_a_second_one_may_go(db: Database) {
    let studio = Studio::on(db).await;
    let asha = studio.colleague("Asha").await;
    let people = studio.kitaab.people(&studio.nikhil);
    let (nikhil_id, asha_id) = (studio.nikhil.user().unwrap(), asha.user().unwrap());
    let to = |role| UpdateMember { role: Some(role) };
    assert_eq!(code(people.remove(studio.workspace, nikhil_id).await), "last_owner");
    assert_eq!(code(people.update(studio.workspace, nikhil_id, to(Role::Member).into()).await), "last_owner");
    people.update(studio.workspace, asha_id, to(Role::Owner).into()).await.unwrap();
    people.remove(studio.workspace, nikhil_id).await.unwrap();
    assert_eq!(code(studio.kitaab.workspaces(&studio.nikhil).get(studio.workspace).await), "not_found");
    studio.kitaab.workspaces(&asha).get(studio.workspace).await.unwrap();
}

async fn of_two_owners_who_put_each_other_out_one_stays(db: Database) {
    let studio = Studio::on(db).await;
    let asha = studio.colleague("Asha").await;
    let (nikhil_id, asha_id) = (studio.nikhil.user().unwrap(), asha.user().unwrap());
    let owner = UpdateMember { role: Some(Role::Owner) };
    studio.kitaab.people(&studio.nikhil).update(studio.workspace, asha_id, owner.into()).await.unwrap();
    let (one, two) = (studio.kitaab.people(&studio.nikhil), studio.kitaab.people(&asha));
    let (first, second) = tokio::join!(one.remove(studio.workspace, asha_id), two.remove(studio.workspace, nikhil_id));
    assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|ok| **ok).count(), 1, "{first:?} {second:?}");
}

async fn to_a_client_the_directory_is_the_staff_and_themself(db: Database) {
    let studio = Studio::on(db).await;
    let asha = studio.colleague("Asha").await;
    let (mridul, own) = studio.client("Mridul", &[]).await;
    let (farah, _) = studio.client("Farah", &[]).await;
    let seen = studio.kitaab.people(&mridul).list(studio.workspace, PageAsk::default().into()).await.unwrap().items;
    let ids: Vec<_> = seen.iter().map(|member| member.user_id).collect();
    assert!(!ids.contains(&farah.user().unwrap()) && ids.contains(&asha.user().unwrap()) && ids.len() == 3);
    let of_hers: Vec<_> = seen.iter().filter_map(|member| member.client_id).collect();
    assert_eq!(of_hers, [own]);
    assert!(seen.iter().all(|member| member.user_id == mridul.user().unwrap() || member.invited_by.is_none()));
    assert_eq!(studio.kitaab.people(&studio.nikhil).list(studio.workspace, PageAsk::default().into()).await.unwrap().items.len(), 4);
}

async fn the_audit_log_says_who_did_what_and_who_was_refused(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    let asha = studio.colleague("Asha").await;
    let origin = Origin { address: "203.0.113.7".parse().ok(), request_id: Some("req-1".into()), ..Origin::default() };
    let refused = studio.kitaab.projects(&asha.clone().from(origin)).archive(studio.workspace, shop).await;
    assert_eq!(code(refused), "forbidden");
    let ask = AuditAsk { target_id: Some(shop.0), ..AuditAsk::default() };
    let entries = studio.kitaab.audit(&studio.nikhil).list(studio.workspace, ask.into()).await.unwrap().items;
    let told: Vec<_> = entries.iter().map(|e| (e.action.as_str(), e.outcome, e.actor_name.as_deref())).collect();
    assert_eq!(told, [("project.archive", Outcome::Refused, Some("Asha")), ("workspace.create_project", Outcome::Done, Some("Nikhil"))]);
    assert_eq!((entries[0].address.as_deref(), entries[0].request_id.as_deref()), (Some("203.0.113.7"), Some("req-1")));
    assert_eq!(code(studio.kitaab.audit(&asha).list(studio.workspace, AuditAsk::default().into()).await), "not_found");
    let (farah, _) = freelancer(&studio.kitaab, "Farah").await;
    assert_eq!(code(studio.kitaab.projects(&farah).archive(studio.workspace, shop).await), "not_found");
    let after =
        studio.kitaab.audit(&studio.nikhil).list(studio.workspace, AuditAsk { actor_id: farah.user(), ..AuditAsk::default() }.into()).await;
    assert!(after.unwrap().items.is_empty(), "a stranger cannot fill the log");
    let ask = AuditAsk { action: Some(ActionKind::JoinByInvitation), ..AuditAsk::default() };
    let joined = studio.kitaab.audit(&studio.nikhil).list(studio.workspace, ask.into()).await.unwrap().items;
    assert_eq!(joined[0].actor_name.as_deref(), Some("Asha"), "who joins is named, though nobody was signed in");
}

async fn a_workspace_is_renamed_deleted_and_erased(db: Database) {
    let studio = Studio::on(db).await;
    let (mridul, _) = studio.client("Mridul", &[]).await;
    let change = UpdateWorkspace { name: Some("Studio N".into()), currency: Some("INR".into()), ..UpdateWorkspace::default() };
    studio.kitaab.workspaces(&studio.nikhil).update(studio.workspace, change.into(), None).await.unwrap();
    let seen = serde_json::to_value(studio.kitaab.workspaces(&mridul).get(studio.workspace).await.unwrap()).unwrap();
    assert_eq!((seen["name"].as_str(), seen.get("currency")), (Some("Studio N"), None), "settings are the owner's");
    let confirm = |name: &str| DeleteWorkspace { confirm: name.into() };
    assert_eq!(
        code(studio.kitaab.workspaces(&studio.nikhil).delete(studio.workspace, confirm("Studio N").into()).await),
        "reauth_required"
    );
    let fresh = studio.nikhil.clone().fresh_until(studio.kitaab.now().after(Duration::from_mins(1)));
    assert_eq!(code(studio.kitaab.workspaces(&fresh).delete(studio.workspace, confirm("wrong").into()).await), "invalid");
    studio.kitaab.workspaces(&fresh).delete(studio.workspace, confirm("Studio N").into()).await.unwrap();
    for person in [&fresh, &mridul] {
        assert_eq!(code(studio.kitaab.workspaces(person).get(studio.workspace).await), "not_found");
        assert!(studio.kitaab.accounts(person).session().await.unwrap().workspaces.is_empty());
    }
    studio.mail().await;
    studio.clock.advance(Duration::from_hours(30 * 24));
    assert_eq!(studio.mail().await, 1, "the job that erases it");
}

on_both_engines! {
    farah_with_a_workspace_of_her_own_finds_nothing_of_nikhils,
    the_last_owner_stays_and_a_second_one_may_go,
    of_two_owners_who_put_each_other_out_one_stays,
    to_a_client_the_directory_is_the_staff_and_themself,
    the_audit_log_says_who_did_what_and_who_was_refused,
    a_workspace_is_renamed_deleted_and_erased,
}
