//! The first fence switched off: permits that nobody decided on, for one workspace, in the scope of another. The second
//! fence answers nothing and changes nothing.

use kitaab_core::conformance::fence::{attempts, shows_nothing};
use kitaab_core::conformance::portrait;
use kitaab_core::conformance::world::World;
use kitaab_core::ids::UserId;
use kitaab_core::page::Span;
use kitaab_core::store::{ProjectFilter, Scope, Store};

/// Every scope that is not the system's of the other workspace.
fn scopes(world: &World, other: &World) -> Vec<Scope> {
    let as_user = |user: UserId| Scope::Workspace { workspace: world.workspace, user: Some(user) };
    vec![
        Scope::Nobody,
        Scope::Person(world.nikhil),
        Scope::Person(other.nikhil),
        as_user(world.nikhil),
        as_user(world.meera),
        as_user(world.mridul),
        as_user(other.nikhil),
        Scope::Workspace { workspace: world.workspace, user: None },
        // To the other workspace itself a stranger is nobody.
        Scope::Workspace { workspace: other.workspace, user: Some(world.nikhil) },
        Scope::Workspace { workspace: other.workspace, user: None },
        Scope::Guest(world.workspace),
        Scope::System(world.workspace),
    ]
}

#[tokio::test]
async fn forged_permits_reach_and_change_nothing() {
    let (store, _database) = crate::common::store().await;
    let (world, other) = (World::found(&store).await.unwrap(), World::found(&store).await.unwrap());
    let before = (portrait(&store, &world).await.unwrap(), portrait(&store, &other).await.unwrap());
    for scope in scopes(&world, &other) {
        let made = attempts(&store, scope, other.workspace, &other).await;
        assert!(made.len() > 70, "all methods were tried");
        for (name, answer) in made {
            // A person may read the workspaces they belong to, and nothing but the row itself.
            let own =
                matches!(name, "workspace" | "people" | "owners" | "everybody" | "post_facts" | "head") || name.ends_with("_standing");
            if scope == Scope::Person(other.nikhil) && own {
                continue;
            }
            if let Ok(answer) = &answer {
                assert!(shows_nothing(answer), "{name} in {scope:?} answered {answer}");
            }
        }
        assert_eq!(portrait(&store, &other).await.unwrap(), before.1, "{scope:?}");
        assert_eq!(portrait(&store, &world).await.unwrap(), before.0, "{scope:?}");
    }
}

#[tokio::test]
async fn the_same_attempts_with_the_right_scope_do_reach() {
    // Else the test above would prove nothing.
    let (store, _database) = crate::common::store().await;
    let world = World::found(&store).await.unwrap();
    let made = attempts(&store, Scope::System(world.workspace), world.workspace, &world).await;
    // A card with history cannot go, whoever asks.
    let failed: Vec<_> = made.iter().filter(|(name, answer)| answer.is_err() && *name != "delete_client").collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let silent: Vec<_> = made.iter().filter(|(_, answer)| answer.as_ref().is_ok_and(|answer| shows_nothing(answer))).collect();
    assert!(silent.len() < 90, "{silent:#?}");
    assert!(store.ping().await.is_ok());
}

#[tokio::test]
async fn a_client_reads_no_internal_notes_whatever_the_permit_says() {
    use kitaab_core::conformance::permits;
    let (store, _database) = crate::common::store().await;
    let world = World::found(&store).await.unwrap();
    let (card, site) = (permits::on_client(world.workspace, world.card), permits::on_project(world.workspace, world.website));
    for (user, notes) in [(world.nikhil, true), (world.meera, true), (world.mridul, false)] {
        let mut tx = store.read(Scope::Workspace { workspace: world.workspace, user: Some(user) }).await.unwrap();
        assert_eq!(tx.client_notes(&card).await.unwrap().is_some(), notes);
        assert_eq!(tx.project_notes(&site).await.unwrap().is_some(), notes);
        let listed =
            tx.projects(&permits::within(world.workspace), &ProjectFilter::default(), &Span { after: None, limit: 9 }).await.unwrap();
        assert_eq!(listed.iter().any(|(_, body)| body.is_some()), notes);
        let mut tx = store.write(Scope::Workspace { workspace: world.workspace, user: Some(user) }).await.unwrap();
        let changed = tx.set_client_notes(&card, Some("mine")).await;
        assert_eq!(changed.is_ok(), notes, "{user}");
    }
}
