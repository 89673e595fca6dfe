//! The fence around a workspace: with a permit for one, nothing of another is seen or changed.
//!
//! [`attempts`] calls every repository method that belongs to a workspace, with permits for one workspace and ids of
//! whatever workspace it is told. A store with a second fence is tried with it too: permits and ids of one workspace, in
//! the scope of another.

use super::permits;
use super::portrait::{PATIENCE, day, portrait, sought};
use super::world::{
    GRANT, World, all, client, comment, event, expense, hash, hour, invitation, level, look, mailing, membership, message, notification,
    project, scheduled, second, sharing, task, template, update,
};
use crate::access::{ActionKind, IdempotencyKey, Reach, Role, TargetKind};
use crate::audit::{AuditEntry, Outcome};
use crate::away::Mailing;
use crate::chat::{
    Around, Channel, ChannelPreferences, Draft, Emoji, InboxFilter, Message, Position, PostFacts, PostKey, Scheduled, Surroundings,
    Template, ThreadPosition,
};
use crate::client::Client;
use crate::event::Seen;
use crate::finance::{EntryKind, GroupBy, LedgerEntry, TimeEntry};
use crate::ids::WorkspaceId;
use crate::input::Patch;
use crate::invitation::{Delivery, DeliveryState, Invitation, LinkKind};
use crate::notification::{Level, NotificationKind, NotificationPreferences, NotifiedStanding, PreferencesChange};
use crate::project::{Place, ProjectGrant, Task};
use crate::search::{DocumentKind, Mark};
use crate::store::{
    AuditFilter, Candidates, ClientCounts, ClientFilter, Closing, EntryFilter, ProjectFilter, Scope, StaffCounts, Store, StoreResult,
    TaskFilter, TimeFilter,
};
use crate::workspace::Workspace;

/// What a method answered, as text, or how it failed.
pub type Attempt = (&'static str, StoreResult<String>);

/// Answers that show nothing of a thing: none, an empty list, no, nothing.
#[must_use]
pub fn shows_nothing(answer: &str) -> bool {
    let nothing = [
        format!("{:?}", StaffCounts::default()),
        format!("{:?}", ClientCounts::default()),
        format!("{:?}", ThreadPosition::default()),
        format!("{:?}", Seen::default()),
        format!("{:?}", Surroundings::default()),
        format!("{:?}", NotificationPreferences::default()),
        format!("{:?}", NotifiedStanding::default()),
        format!("{:?}", Candidates::default()),
        format!("{:?}", [PostFacts::default()]),
    ];
    matches!(answer, "None" | "[]" | "false" | "0" | "()" | "First" | "Some((None, None))") || nothing.iter().any(|none| none == answer)
}

/// Calls every method that belongs to a workspace, each in a unit of `scope` that is committed: with permits for
/// `workspace`, and for the things of `things`.
#[expect(clippy::too_many_lines, reason = "a list of every method, one after another")]
pub async fn attempts(store: &dyn Store, scope: Scope, workspace: WorkspaceId, things: &World) -> Vec<Attempt> {
    let mut made: Vec<Attempt> = Vec::new();
    let (within, person) = (&permits::within(workspace), &permits::on_person(workspace, things.mridul));
    let (card, invited) = (&permits::on_client(workspace, things.card), &permits::on_client(workspace, things.invited_card));
    let (door, site) = (&permits::on_invitation(workspace, things.invitation), &permits::on_project(workspace, things.website));
    let (closing, key) = (&Closing::forged(Some(workspace)), &IdempotencyKey { key: uuid::Uuid::max(), call: "POST /".into() });
    let (caller, later) = (Some(things.nikhil), second(9));
    let (other_client, other_project) = (Client { email: "taken@example.com".into(), ..client("Taken") }, project("Taken"));
    let own_invitation = Invitation { generation: 9, ..invitation(things.nikhil, "taken@example.com", Some(things.card)) };
    let other_task = task(things.website, "Taken");
    let ledger = &permits::ledger(workspace);
    let spent = LedgerEntry { id: things.expense, note: Some("taken".into()), ..expense("1 EUR", None) };
    let worked = TimeEntry { id: things.hour, note: Some("taken".into()), ..hour(things.nikhil, None) };
    let (task_permit, comment_permit) = (&permits::on_task(workspace, things.task), &permits::on_task_comment(workspace, things.comment));
    let (channel_permit, page) = (&permits::on_channel(workspace, things.website_channel), &permits::on_channel(workspace, things.page));
    let (on_message, thumb) = (&permits::on_message(workspace, things.message), &Emoji::read("🎉").expect("an emoji"));
    let looking = &permits::looking(workspace);
    let inside = &permits::reaching(workspace, Some(things.mridul), Some(things.card), Reach::Inside);
    let said = Message { id: things.message, ..message(things.page, 1, things.meera, "taken") };
    let more = Message { id: super::world::id(), ..message(things.page, 9, things.meera, "taken") };
    let (on_template, on_scheduled) =
        (&permits::on_template(workspace, things.template), &permits::on_scheduled(workspace, things.scheduled));
    let canned = Template { id: things.template, ..template(things.meera, "taken") };
    let planned = Scheduled { id: things.scheduled, ..scheduled(things.page, things.meera, "taken") };
    let begun = Draft { channel_id: things.page, thread_id: None, text: "taken".into(), version: 9, updated_at: later };
    let kept = ChannelPreferences { archived: true, category: Some("taken".into()), ..ChannelPreferences::default() };
    let nothing_more = PreferencesChange { silenced: Some(vec![NotificationKind::Mention]), ..PreferencesChange::default() };
    let update_permit = &permits::on_update(workspace, things.update);
    let assigned = &permits::reaching(workspace, Some(things.mridul), Some(things.card), Reach::Assigned(things.card));
    let (quiet, nothing) = (&permits::on_client(workspace, things.quiet), ProjectGrant { tasks: false, comments: false, upload: false });
    let delivery = Delivery { state: DeliveryState::Failed, error: None, at: later };
    let room = Workspace {
        id: workspace,
        name: "Taken".into(),
        brand_color: None,
        time_zone: "UTC".into(),
        currency: "XXX".into(),
        created_at: later,
        version: 1,
    };
    let entry = AuditEntry {
        id: super::world::id(),
        at: later,
        actor_id: None,
        role: Role::System,
        action: ActionKind::CreateClient,
        target_kind: TargetKind::Client,
        target_id: None,
        outcome: Outcome::Done,
        address: None,
        request_id: None,
        reason: None,
    };

    macro_rules! attempt {
        ($($name:ident($($argument:expr),*);)+) => {$(
            let answer = async {
                let mut tx = store.write(scope).await?;
                let answer = tx.$name($($argument),*).await?;
                tx.commit().await?;
                Ok(format!("{answer:?}"))
            };
            made.push((stringify!($name), answer.await));
        )+};
    }
    attempt! {
        workspace(within);
        people(within, &all());
        person(person);
        owners(within);
        names_among(within, &[things.meera]);
        everybody(within);
        clients(within, &ClientFilter::default(), &all());
        client(card);
        client_notes(card);
        client_invitation(invited);
        client_by_email(within, &things.invited_email);
        active_client(within, things.card);
        client_has_history(card);
        invitations(within, &all());
        invitation(door);
        invitation_facing(door);
        invited_projects(door);
        unclosed_invitation(within, &things.invited_email);
        count_open_invitations(within, second(1));
        projects(within, &ProjectFilter::default(), &all());
        projects_of(within, things.card, &ProjectFilter::default(), &all());
        project(site);
        project_notes(site);
        active_projects(within, &[things.website, things.shop]);
        collaborators(site);
        collaborating_users(site);
        grant_of(site, things.card);
        tasks(site, &TaskFilter::default(), &all());
        task(task_permit);
        task_gap(site, Place::After(things.task), None);
        task_gap(site, Place::Last, None);
        role_on_project(site, things.mridul);
        task_comments(task_permit, &all());
        task_comment(comment_permit);
        updates(site, &all());
        update(update_permit);
        entries(ledger, EntryKind::Expense, &EntryFilter::default(), &all());
        entry(ledger, EntryKind::Expense, things.expense);
        entry_versions(ledger, EntryKind::Expense, things.expense);
        project_has_ledger(site);
        ledger_names(ledger);
        ledger_history(ledger, None, 99);
        project_comments(site, &all());
        export(within, things.nikhil, things.export);
        export_to_make(within, things.export);
        exports_before(within, second(9));
        time_entries(ledger, &TimeFilter::default(), &all());
        time_entry(ledger, things.hour);
        running_entry(ledger, things.nikhil);
        ledger_sums(ledger, GroupBy::Project, None, None);
        ledger_sums(ledger, GroupBy::Client, None, None);
        ledger_sums(ledger, GroupBy::Month, None, None);
        ledger_sums(ledger, GroupBy::Category, None, None);
        time_sums(ledger, GroupBy::Project, None, None);
        time_sums(ledger, GroupBy::Client, None, None);
        time_sums(ledger, GroupBy::Month, None, None);
        overlaps(ledger, &[hour(things.nikhil, None)]);
        activity(within, None, &all());
        activity(within, Some(things.website), &all());
        activity(assigned, None, &all());
        tags_in_use(within, Some(ledger));
        tags_in_use(assigned, None);
        updates_reached(within, &all());
        updates_reached(assigned, &all());
        staff_counts(within, Some(ledger), second(0));
        client_counts(assigned, things.card, day());
        deadlines(within, day(), 9);
        deadlines(assigned, day(), 9);
        audit(within, &AuditFilter::default(), &all());
        channels(inside, things.mridul, &all());
        all_channels(looking, &all());
        unread(inside, things.mridul);
        newest_messages(inside, things.mridul, 9);
        channel(page, things.mridul);
        channel_kind(page);
        last_seq(page);
        channel_of_project(site);
        open_groups(within, &[things.page]);
        channel_members(page);
        is_in_channel(page, things.mridul);
        invited_channels(door);
        channel_people(page);
        people_around(on_message);
        thread_of(page, things.message);
        messages(page, things.mridul, Around::Before(9), 9);
        messages(page, things.mridul, Around::After(0), 9);
        replies(on_message, things.mridul, Around::After(0), 9);
        message(on_message, Some(things.mridul));
        messages_told(within, &[things.message]);
        message_versions(on_message);
        thread_people(on_message);
        thread_position(on_message, things.mridul);
        different_reactions(on_message, thumb);
        reactions_told(within, things.message);
        count_pins(on_message, &said);
        pins(page, things.mridul);
        starred(inside, things.nikhil, &all());
        own_position(page, things.mridul);
        receipts(page);
        searched_channels(inside, Some(things.mridul));
        searched_channels(within, None);
        searched_projects(within);
        searched_projects(assigned);
        candidates(within, &sought(), None, 99, PATIENCE);
        things_found(within, &[things.website.0, things.task.0, things.comment.0, things.card.0]);
        messages_found(inside, Some(things.mridul), &[things.message]);
        things_found(assigned, &[things.website.0, things.task.0, things.comment.0, things.card.0]);
        marked_messages(inside, things.mridul, Mark::Starred, None, 9);
        marked_messages(inside, things.mridul, Mark::Pinned, None, 9);
        marked_messages(inside, things.mridul, Mark::Mentioned, None, 9);
        notifications(within, things.meera, &all());
        unread_notifications(within, things.meera);
        notification(within, things.meera, things.notification);
        notification_preferences(within, things.meera);
        following_all(page);
        said_by(page, [things.message; 2]);
        notified_of(on_message, things.meera, second(0));
        away_people(page);
        said_lately(page, second(-1), 9);
        stays(page, second(-1));
        notified_lately(page, Some(things.meera), second(-1));
        mail_wishes(page, things.meera);
        mailing(within, things.mailing);
        subscription(person, things.page);
        inbox(inside, things.mridul, &InboxFilter::All, &all());
        preferences(page, things.mridul);
        drafts(inside, things.meera, &all());
        draft(page, things.meera, None);
        templates(within, things.meera, &all());
        template(on_template);
        surroundings(page, things.nikhil);
        scheduled_in(page, things.meera);
        count_templates(within);
        count_scheduled(page, things.meera);
        messages_seen(inside, Some(things.mridul), &[things.message]);
        scheduled(on_scheduled);
        log(within, 0, 99);
        log_tag(within, 1);
        presences(within, &[things.mridul], second(0));
    }
    if workspace == things.workspace {
        attempt! {
            workspace_standing(workspace, caller);
            person_standing(workspace, caller, things.mridul);
            client_standing(workspace, caller, things.card);
            invitation_standing(workspace, caller, things.invitation);
            project_standing(workspace, caller, things.website);
            task_standing(workspace, caller, things.task);
            task_comment_standing(workspace, caller, things.comment);
            update_standing(workspace, caller, things.update);
            channel_standing(workspace, caller, things.page);
            message_standing(workspace, caller, things.message);
            template_standing(workspace, caller, things.template);
            scheduled_standing(workspace, caller, things.scheduled);
            post_facts(workspace, &[PostKey { author: things.meera, channel: things.page, client_message_id: "1".into() }]);
            head(within);
            seen_by(within, things.mridul);
            number_messages(closing, &[(things.page, 1)], second(9), look(9));
            keep_channels_in_step(closing, things.mridul, later);
            insert_notification(closing, &notification(things.meera, things.message.0, things.page));
            append_activity(closing, &[super::world::activity(things.nikhil, &other_task)]);
            claim_key(closing, things.nikhil, key, second(0));
            keep_answer(closing, things.nikhil, key, "taken", later);
            append_audit(closing, std::slice::from_ref(&entry));
            append_events(closing, &[event()], true);
            insert_client(within, &other_client);
            insert_project(within, &other_project);
            insert_template(within, &template(things.meera, "taken"));
            insert_scheduled(page, &scheduled(things.page, things.meera, "taken"));
            update_workspace(within, &room, 1);
            is_member(within, &things.invited_email);
            lock_owners(person);
            insert_invitation(within, &invitation(things.nikhil, "someone@example.com", None), &sharing(&[]));
            insert_membership(door, &membership(things.nikhil, Role::Owner, None));
        }
    }
    attempt! {
        sweep_answers(within, later);
        sweep_audit(within, later);
        sweep_events(within, later);
        insert_channel(within, &Channel::group(super::world::id(), "Taken".into(), later));
        open_direct(person, things.meera, &Channel::direct(super::world::id(), things.meera, things.mridul, later));
        update_channel(page, &Channel::group(things.page, "Taken".into(), later), 1);
        archive_project_channel(site, Some(later));
        take_staff_in(within, things.page, later);
        take_people_in(within, things.website_channel, &[things.nikhil], later);
        take_pair_in(person, things.meera, things.page, later);
        take_person_in(channel_permit, things.mridul, later);
        take_invited_in(door, things.nikhil, later);
        insert_messages(&[(page, &more)], true);
        insert_mentions(closing, &[(&said, things.mridul)]);
        hold_message(on_message);
        edit_message(on_message, &said, &more);
        add_reaction(on_message, things.mridul, thumb, later);
        remove_reaction(on_message, things.mridul, thumb);
        add_pin(on_message, &said, things.mridul, later);
        remove_pin(on_message, &said);
        add_star(on_message, things.mridul, later);
        remove_star(on_message, things.mridul);
        move_position(page, things.mridul, Position::Forward(1), later);
        move_thread_position(on_message, things.mridul, Position::Forward(1), later);
        clear_mentions(on_message, &said);
        bury_message(on_message, things.nikhil, later);
        index_next(within, DocumentKind::Message, None, 9);
        index_next(within, DocumentKind::Task, None, 9);
        read_notification(within, things.meera, things.notification, later);
        read_notifications_up_to(within, things.meera, things.notification, later);
        change_notification_preferences(within, things.meera, &nothing_more);
        set_level(page, things.meera, &level(things.page, Level::None, Patch::Set(Level::None)));
        plan_look(page, look(9));
        begin_look(page, later);
        keep_mailing(page, &Mailing { id: super::world::id(), mailed_seq: 9, ..mailing(things.page, things.meera) });
        unsubscribe(person, Some(things.page));
        unsubscribe(person, None);
        set_preferences(page, things.mridul, &kept);
        keep_draft(page, things.meera, &begun);
        drop_draft(page, things.meera, None);
        update_template(on_template, &canned, 1);
        delete_template(on_template);
        update_scheduled(on_scheduled, &planned, 1);
        delete_scheduled(on_scheduled);
        put_person_out(page, things.mridul);
        insert_client_notes(within, things.card, "taken");
        update_client(card, &client("Changed"), 1);
        set_client_notes(card, Some("taken"));
        set_client_notes(card, None);
        join_client(door, things.invited_card, things.meera, later);
        put_collaborator(site, things.card, nothing, later);
        unshare_person(person);
        leave_client(person, later);
        set_role(person, Role::Member);
        delete_membership(person);
        insert_membership(door, &membership(things.meera, Role::Client, Some(things.invited_card)));
        insert_invitation(within, &own_invitation, &sharing(&[things.website]));
        close_invitation(within, things.invitation, later);
        renew_invitation(door, &own_invitation);
        open_invitation(door, later);
        record_delivery(door, 1, &delivery);
        put_links(within, things.invitation, &[(LinkKind::Copied, hash())]);
        share_invited_projects(door, things.invited_card, ProjectGrant::INVITED, later);
        revoke_invitations_of(invited, later);
        revoke_invitation(door, later);
        accept_invitation(door, later);
        insert_project_notes(within, things.shop, "taken");
        update_project(site, &other_project, 1);
        set_project_notes(site, Some("taken"));
        set_project_notes(site, None);
        insert_task(site, &other_task);
        update_task(task_permit, &Task { position: "7e".into(), ..other_task.clone() }, 1);
        hold_project(site);
        count_progress(site, later);
        insert_task_comment(task_permit, &comment(things.task, things.nikhil, "taken"));
        update_task_comment(comment_permit, &comment(things.task, things.nikhil, "taken"), 1);
        insert_update(site, &update(things.website, things.nikhil, "taken"));
        update_update(update_permit, &update(things.website, things.nikhil, "taken"), 1);
        insert_entry(ledger, &expense("1 JPY", None));
        append_entry_version(ledger, &LedgerEntry { version: 2, ..spent.clone() }, later, false);
        update_entry(ledger, &LedgerEntry { version: 2, ..spent.clone() }, None);
        insert_time_entry(ledger, &hour(things.nikhil, None));
        update_time_entry(ledger, &TimeEntry { version: 2, ..worked.clone() });
        delete_time_entry(ledger, things.hour);
        end_export(within, things.export, None, later);
        delete_exports(within, second(9));
        close_comment_activity(comment_permit, false);
        close_task_activity(task_permit, &other_task);
        delete_task_comment(comment_permit);
        delete_task(task_permit);
        delete_update(update_permit);
        put_collaborator(site, things.invited_card, GRANT, later);
        delete_collaborator(site, things.card);
        unshare_client(card);
        delete_links(within, things.invitation);
        delete_client(card);
        delete_client(quiet);
        delete_project(site);
    }
    // Last, because nothing is left to try after them.
    if workspace == things.workspace {
        attempt! {
            delete_workspace(within, later);
            erase_workspace(within, later);
        }
    }
    made
}

/// Whatever is asked for with a permit for the one, nothing of the other is answered.
pub async fn permits_of_one_workspace_reach_nothing_of_another(store: &dyn Store) -> StoreResult<()> {
    let (world, other) = (World::found(store).await?, World::found(store).await?);
    let scope = Scope::Workspace { workspace: world.workspace, user: Some(world.nikhil) };
    let ids = [other.card.0, other.invited_card.0, other.website.0, other.shop.0, other.invitation.0, other.workspace.0, other.mridul.0];
    for (name, answer) in attempts(store, scope, world.workspace, &other).await {
        let answer = answer.unwrap_or_default();
        assert!(ids.iter().all(|id| !answer.contains(&id.to_string())), "{name} answered {answer}");
    }
    Ok(())
}

/// Whatever is done with a permit for the one, the other stays as it is.
pub async fn permits_of_one_workspace_change_nothing_of_another(store: &dyn Store) -> StoreResult<()> {
    let (world, other) = (World::found(store).await?, World::found(store).await?);
    other.fill(store).await?;
    world.fill(store).await?;
    let before = portrait(store, &other).await?;
    let scope = Scope::Workspace { workspace: world.workspace, user: Some(world.nikhil) };
    attempts(store, scope, world.workspace, &other).await;
    assert_eq!(portrait(store, &other).await?, before);
    Ok(())
}

/// Two workspaces of the same people, in which everything has the same ids: neither is seen in the other, and what is
/// done to all of the one is done to nothing of the other.
pub async fn workspaces_with_the_same_ids_do_not_mix(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    world.fill(store).await?;
    let alone = portrait(store, &world).await?;
    let twin = world.twin(store).await?;
    assert_eq!(portrait(store, &world).await?, alone);
    let before = portrait(store, &twin).await?;
    for (name, answer) in attempts(store, Scope::System(world.workspace), world.workspace, &world).await {
        assert!(!answer.as_ref().is_ok_and(|answer| answer.contains("Twin")), "{name} answered {answer:?}");
    }
    assert_eq!(portrait(store, &twin).await?, before);
    Ok(())
}
