//! Accounts and the links in mails to them.

use super::permits;
use super::together::together;
use super::world::{World, email, hash, id, second, user};
use crate::access::Role;
use crate::account::{AccountAct, AccountEntry, LoginToken, LoginTokenKind, Profile, Session, User};
use crate::ids::UserId;
use crate::store::{Scope, Store, StoreError, StoreResult};

fn link(user_id: Option<UserId>, kind: LoginTokenKind, seconds: i64) -> LoginToken {
    LoginToken {
        id: id(),
        user_id,
        kind,
        token_hash: hash(),
        key_id: 3,
        request_hash: (kind == LoginTokenKind::MagicLink).then(hash),
        email: None,
        created_at: second(seconds),
        expires_at: second(seconds + 1_800),
        used_at: None,
    }
}

async fn sign_up(store: &dyn Store, user: &User) -> StoreResult<()> {
    let mut tx = store.write(Scope::Nobody).await?;
    assert!(tx.insert_user(&permits::instance(), user, Some("hash")).await?);
    tx.commit().await
}

/// Of twenty who sign up with one address at the same time one gets it.
pub async fn an_email_has_one_account(store: &dyn Store) -> StoreResult<()> {
    let address = &email("Mridul");
    let made = together((0..20).map(|_| async move {
        let mut tx = store.write(Scope::Nobody).await?;
        let user = User { email: Some(address.clone()), ..user("Mridul") };
        let made = tx.insert_user(&permits::instance(), &user, None).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(made.then_some(user))
    }))
    .await;
    let made: Vec<User> = made.into_iter().collect::<StoreResult<Vec<_>>>()?.into_iter().flatten().collect();
    assert_eq!(made.len(), 1);
    let mut tx = store.read(Scope::Nobody).await?;
    let login = tx.login_by_email(&permits::instance(), address).await?;
    assert_eq!(login.map(|login| login.user).as_ref(), made.first());
    Ok(())
}

/// Every field comes back as it was kept, and changes as it is asked.
pub async fn a_profile_and_a_password_are_kept(store: &dyn Store) -> StoreResult<()> {
    let mut mridul = User {
        company: Some("Mridul & Söhne".into()),
        avatar_url: Some("https://example.com/m.png".into()),
        email_verified_at: Some(second(5)),
        moderator: true,
        ..user("Mridul 🙂")
    };
    sign_up(store, &mridul).await?;
    let (own, anyone) = (permits::own(mridul.id), permits::instance());
    let mut tx = store.write(Scope::Nobody).await?;
    let login = tx.login(&own).await?.expect("the account");
    assert_eq!((login.user, login.password_hash.as_deref()), (mridul.clone(), Some("hash")));

    let profile = Profile { display_name: "M".into(), company: None, time_zone: "Europe/Zurich".into(), locale: "de-CH".into() };
    tx.update_profile(&own, &profile).await?;
    (mridul.display_name, mridul.company, mridul.time_zone, mridul.locale) =
        (profile.display_name, profile.company, profile.time_zone, profile.locale);
    tx.rehash_password(&own, "another", "stronger").await?;
    assert_eq!(tx.login(&own).await?.and_then(|login| login.password_hash).as_deref(), Some("hash"), "it was changed meanwhile");
    tx.rehash_password(&own, "hash", "stronger").await?;
    tx.verify_email(&own, second(9)).await?;
    let address = mridul.email.clone().unwrap_or_default();
    assert!(tx.set_moderator(&anyone, &address, false).await?);
    assert!(!tx.set_moderator(&anyone, "nobody@example.com", true).await?);
    mridul.moderator = false;
    let login = tx.login_by_email(&anyone, &address).await?.expect("the account");
    assert_eq!((login.user, login.password_hash.as_deref()), (mridul, Some("stronger")), "it was verified before");
    tx.set_password(&own, None).await?;
    assert_eq!(tx.login(&own).await?.and_then(|login| login.password_hash), None);
    tx.commit().await
}

/// A verified address is taken over, but never from somebody.
pub async fn an_email_is_changed_unless_somebody_has_it(store: &dyn Store) -> StoreResult<()> {
    let (mridul, meera, fresh) = (user("Mridul"), user("Meera"), email("New"));
    sign_up(store, &mridul).await?;
    sign_up(store, &meera).await?;
    let own = permits::own(mridul.id);
    let mut tx = store.write(Scope::Nobody).await?;
    assert!(!tx.set_email(&own, meera.email.as_deref().unwrap_or_default(), second(1)).await?);
    assert!(tx.set_email(&own, &fresh, second(2)).await?);
    let now = tx.login(&own).await?.map(|login| (login.user.email, login.user.email_verified_at));
    assert_eq!(now, Some((Some(fresh), Some(second(2)))));
    tx.commit().await
}

/// Its id stays, and its address is free again.
pub async fn an_erased_account_is_nobody_to_sign_in(store: &dyn Store) -> StoreResult<()> {
    let (mridul, anyone) = (user("Mridul"), permits::instance());
    let address = mridul.email.clone().unwrap_or_default();
    sign_up(store, &mridul).await?;
    let mut tx = store.write(Scope::Nobody).await?;
    tx.erase_user(&permits::own(mridul.id), "Former member", second(1)).await?;
    assert!(tx.login(&permits::own(mridul.id)).await?.is_none());
    assert!(tx.login_by_email(&anyone, &address).await?.is_none());
    tx.commit().await?;
    sign_up(store, &User { email: Some(address), ..user("Mridul") }).await
}

/// A newer link of the same kind closes the older ones of the same person, also when two are made at the same time.
pub async fn the_newest_link_alone_works(store: &dyn Store) -> StoreResult<()> {
    let (mridul, anyone) = (user("Mridul"), permits::instance());
    sign_up(store, &mridul).await?;
    let (reset, magic) = (link(Some(mridul.id), LoginTokenKind::Reset, 0), link(Some(mridul.id), LoginTokenKind::MagicLink, 1));
    let (newer, nobodys) = (link(Some(mridul.id), LoginTokenKind::Reset, 2), link(None, LoginTokenKind::Reset, 3));
    let mut tx = store.write(Scope::Nobody).await?;
    for each in [&reset, &magic, &newer, &nobodys] {
        tx.insert_login_token(&anyone, each).await?;
    }
    let closed = LoginToken { used_at: Some(second(2)), ..reset };
    assert_eq!(tx.login_token_by_hash(&anyone, &closed.token_hash).await?, Some(closed), "closed by the newer one");
    for open in [magic, newer, nobodys] {
        assert_eq!(tx.login_token(&anyone, open.id).await?, Some(open));
    }
    assert_eq!(tx.login_token_by_hash(&anyone, &hash()).await?, None);
    tx.commit().await?;

    let made: Vec<LoginToken> = (0..8).map(|_| link(Some(mridul.id), LoginTokenKind::Verification, 9)).collect();
    let kept = together(made.iter().map(|each| async move {
        let mut tx = store.write(Scope::Nobody).await?;
        tx.insert_login_token(&permits::instance(), each).await?;
        tx.commit().await
    }))
    .await;
    kept.into_iter().collect::<StoreResult<()>>()?;
    let mut open = 0;
    let mut tx = store.read(Scope::Nobody).await?;
    for each in &made {
        let found = tx.login_token(&anyone, each.id).await?.expect("the link");
        open += i32::from(found.used_at.is_none());
    }
    assert_eq!(open, 1, "one of those made at the same time is open");
    Ok(())
}

/// By its person alone; a closed one never.
pub async fn a_link_is_used_once(store: &dyn Store) -> StoreResult<()> {
    let (mridul, anyone) = (user("Mridul"), permits::instance());
    let own = permits::own(mridul.id);
    sign_up(store, &mridul).await?;
    let change = link(Some(mridul.id), LoginTokenKind::ChangeEmail, 0);
    let (reset, magic) = (link(Some(mridul.id), LoginTokenKind::Reset, 0), link(Some(mridul.id), LoginTokenKind::MagicLink, 0));
    let mut tx = store.write(Scope::Nobody).await?;
    for each in [&change, &reset, &magic] {
        tx.insert_login_token(&anyone, each).await?;
    }
    assert!(!tx.use_login_token(&permits::own(id()), change.id, second(1)).await?, "it is not theirs");
    assert!(tx.use_login_token(&own, change.id, second(1)).await?);
    assert!(!tx.use_login_token(&own, change.id, second(2)).await?, "it was used");
    tx.remember_old_email(&own, change.id, "old@example.com").await?;
    let found = tx.login_token(&anyone, change.id).await?.map(|link| (link.email, link.used_at));
    assert_eq!(found, Some((Some("old@example.com".into()), Some(second(1)))));
    tx.close_login_tokens(&own, Some(LoginTokenKind::Reset), second(3)).await?;
    assert!(!tx.use_login_token(&own, reset.id, second(4)).await?, "its kind was closed");
    tx.close_login_tokens(&own, None, second(5)).await?;
    assert!(!tx.use_login_token(&own, magic.id, second(6)).await?, "all were closed");
    tx.commit().await
}

/// Kept at the first start, and replaced by whoever knows the old one.
pub async fn the_instance_key_is_known_again(store: &dyn Store) -> StoreResult<()> {
    let anyone = permits::instance();
    let mut tx = store.write(Scope::Nobody).await?;
    assert_eq!(tx.instance_fingerprint(&anyone, "first").await?, "first");
    assert_eq!(tx.instance_fingerprint(&anyone, "second").await?, "first");
    assert!(!tx.replace_fingerprint(&anyone, "second", "third").await?);
    assert!(tx.replace_fingerprint(&anyone, "first", "second").await?);
    assert_eq!(tx.instance_fingerprint(&anyone, "first").await?, "second");
    tx.commit().await
}

/// Sessions that ran out or were idle, links that ran out before that, old entries; nothing else.
pub async fn what_ran_out_of_accounts_is_swept(store: &dyn Store) -> StoreResult<()> {
    let (mridul, anyone) = (user("Mridul"), permits::instance());
    let own = permits::own(mridul.id);
    sign_up(store, &mridul).await?;
    let mut tx = store.write(Scope::Nobody).await?;
    let session = |seen: i64, ends: i64| Session {
        id: id(),
        user_id: mridul.id,
        created_at: second(0),
        last_seen_at: second(seen),
        expires_at: second(ends),
        authenticated_at: second(0),
        user_agent: None,
    };
    let (idle, over, holds) = (session(10, 9_000), session(900, 950), session(900, 9_000));
    for each in [&idle, &over, &holds] {
        tx.insert_session(&own, each, &hash()).await?;
    }
    let (old, young) = (link(Some(mridul.id), LoginTokenKind::Reset, -1_800), link(Some(mridul.id), LoginTokenKind::MagicLink, 0));
    for each in [&old, &young] {
        tx.insert_login_token(&anyone, each).await?;
    }
    for seconds in [1, 100] {
        let entry = AccountEntry {
            id: id(),
            at: second(seconds),
            user_id: Some(mridul.id),
            act: AccountAct::SignedIn,
            address: None,
            request_id: None,
        };
        tx.append_account_audit(&anyone, &entry).await?;
    }
    assert_eq!(tx.sweep_accounts(&anyone, second(1_000), second(500), second(50)).await?, 4);
    assert_eq!(tx.sessions(&own, second(0), second(0)).await?, [holds]);
    assert_eq!(tx.login_token(&anyone, old.id).await?, None);
    assert_eq!(tx.login_token(&anyone, young.id).await?, Some(young));
    tx.commit().await
}

/// By name, with role and card, and without what is deleted.
pub async fn somebody_belongs_where_they_are_a_member(store: &dyn Store) -> StoreResult<()> {
    let (world, other) = (World::found(store).await?, World::found(store).await?);
    let mut tx = store.read(Scope::Person(world.mridul)).await?;
    let found = tx.belongings(&permits::own(world.mridul)).await?;
    let found: Vec<_> = found.into_iter().map(|it| (it.id, it.name, it.role, it.client_id)).collect();
    assert_eq!(found, [(world.workspace, "Nikhil's Studio".to_owned(), Role::Client, Some(world.card))]);
    drop(tx);
    let mut tx = other.write(store).await?;
    assert!(tx.delete_workspace(&permits::within(other.workspace), second(1)).await?);
    tx.commit().await?;
    let mut tx = store.read(Scope::Person(other.nikhil)).await?;
    assert_eq!(tx.belongings(&permits::own(other.nikhil)).await?, []);
    Ok(())
}
