//! Everything that can be read of a workspace, to be compared with itself later.

use std::time::Duration;

use super::permits;
use super::world::{World, all, hour, key, second};
use crate::access::Reach;
use crate::chat::{Around, InboxFilter};
use crate::finance::{EntryKind, GroupBy, TimeEntry};
use crate::project::Place;
use crate::search::{DocumentKind, Mark};
use crate::store::{
    AuditFilter, ClientFilter, Closing, EntryFilter, ProjectFilter, Scope, Sought, Store, StoreResult, TaskFilter, TimeFilter,
};
use crate::time::Date;

/// A day before everything that is due.
pub(super) fn day() -> Date {
    Date::new(2026, 1, 1).expect("a day")
}

/// Everything that is searched.
pub(super) fn sought() -> Sought {
    Sought { kinds: DocumentKind::ALL.to_vec(), internal: true, ..Sought::default() }
}

/// Longer than a search takes.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Everything that can be read of a workspace, as text.
#[expect(clippy::too_many_lines, reason = "a list of every method that reads, one after another")]
pub async fn portrait(store: &dyn Store, world: &World) -> StoreResult<String> {
    let (workspace, within) = (&world.workspace, &permits::within(world.workspace));
    let (card, invited) = (&permits::on_client(*workspace, world.card), &permits::on_client(*workspace, world.invited_card));
    let (door, site) = (&permits::on_invitation(*workspace, world.invitation), &permits::on_project(*workspace, world.website));
    let (person, caller) = (&permits::on_person(*workspace, world.mridul), Some(world.mridul));
    let quiet = &permits::on_client(*workspace, world.quiet);
    let ledger = &permits::ledger(*workspace);
    let assigned = &permits::reaching(*workspace, caller, Some(world.card), Reach::Assigned(world.card));
    let (page, on_message) = (&permits::on_channel(*workspace, world.page), &permits::on_message(*workspace, world.message));
    let inside = &permits::reaching(*workspace, caller, Some(world.card), Reach::Inside);
    let closing = &Closing::forged(Some(*workspace));
    let mut tx = store.read(Scope::System(*workspace)).await?;
    let mut lines = Vec::new();
    macro_rules! draw {
        ($($name:ident($($argument:expr),*);)+) => {$(
            lines.push(format!("{}: {:?}", stringify!($name), tx.$name($($argument),*).await?));
        )+};
    }
    draw! {
        workspace(within);
        workspace_standing(*workspace, caller);
        person_standing(*workspace, caller, world.meera);
        client_standing(*workspace, caller, world.card);
        invitation_standing(*workspace, caller, world.invitation);
        project_standing(*workspace, caller, world.website);
        people(within, &all());
        person(person);
        names_among(within, &[world.meera, world.mridul]);
        owners(within);
        client(card);
        client_notes(card);
        client_invitation(invited);
        client_by_email(within, &world.invited_email);
        active_client(within, world.card);
        client_has_history(card);
        client(quiet);
        client_has_history(quiet);
        client_invitation(quiet);
        client_invitation(card);
        link(&permits::instance(), &world.links[0]);
        link(&permits::instance(), &world.links[1]);
        invitations(within, &all());
        invitation(door);
        invitation_facing(door);
        invited_projects(door);
        unclosed_invitation(within, &world.invited_email);
        count_open_invitations(within, second(1));
        projects_of(within, world.card, &ProjectFilter::default(), &all());
        project_notes(site);
        active_projects(within, &[world.website, world.shop]);
        grant_of(site, world.card);
        collaborators(site);
        collaborating_users(site);
        tasks(site, &TaskFilter::default(), &all());
        task(&permits::on_task(world.workspace, world.task));
        task_gap(site, Place::After(world.task), None);
        role_on_project(site, world.mridul);
        task_comments(&permits::on_task(world.workspace, world.task), &all());
        task_comment(&permits::on_task_comment(world.workspace, world.comment));
        updates(site, &all());
        update(&permits::on_update(world.workspace, world.update));
        entries(ledger, EntryKind::Expense, &EntryFilter::default(), &all());
        entry(ledger, EntryKind::Expense, world.expense);
        entry_versions(ledger, EntryKind::Expense, world.expense);
        project_has_ledger(site);
        ledger_names(ledger);
        ledger_history(ledger, None, 99);
        project_comments(site, &all());
        export(within, world.nikhil, world.export);
        export_to_make(within, world.export);
        exports_before(within, second(9));
        time_entries(ledger, &TimeFilter::default(), &all());
        time_entry(ledger, world.hour);
        running_entry(ledger, world.nikhil);
        ledger_sums(ledger, GroupBy::Project, None, None);
        ledger_sums(ledger, GroupBy::Client, None, None);
        ledger_sums(ledger, GroupBy::Month, None, None);
        ledger_sums(ledger, GroupBy::Category, None, None);
        time_sums(ledger, GroupBy::Project, None, None);
        time_sums(ledger, GroupBy::Client, None, None);
        time_sums(ledger, GroupBy::Month, None, None);
        overlaps(ledger, &[TimeEntry { id: uuid::Uuid::nil().into(), ..hour(world.nikhil, None) }]);
        activity(within, None, &all());
        activity(within, Some(world.website), &all());
        activity(assigned, None, &all());
        tags_in_use(within, Some(ledger));
        tags_in_use(assigned, None);
        updates_reached(within, &all());
        updates_reached(assigned, &all());
        staff_counts(within, Some(ledger), second(0));
        client_counts(assigned, world.card, day());
        deadlines(within, day(), 9);
        deadlines(assigned, day(), 9);
        audit(within, &AuditFilter::default(), &all());
        channels(inside, world.mridul, &all());
        channel(page, world.meera);
        channel_members(page);
        messages(page, world.nikhil, Around::After(0), 9);
        message_versions(on_message);
        thread_people(on_message);
        thread_position(on_message, world.nikhil);
        pins(page, world.nikhil);
        starred(inside, world.nikhil, &all());
        own_position(page, world.mridul);
        receipts(page);
        searched_channels(inside, Some(world.mridul));
        searched_channels(within, None);
        searched_projects(within);
        searched_projects(assigned);
        marked_messages(inside, world.mridul, Mark::Mentioned, None, 9);
        notifications(within, world.meera, &all());
        unread_notifications(within, world.meera);
        notification(within, world.meera, world.notification);
        notification_preferences(within, world.meera);
        following_all(page);
        said_by(page, [world.message; 2]);
        notified_of(on_message, world.meera, second(0));
        away_people(page);
        said_lately(page, second(-1), 9);
        notified_lately(page, None, second(-1));
        mail_wishes(page, world.meera);
        mailing(within, world.mailing);
        subscription(person, world.page);
        inbox(inside, world.mridul, &InboxFilter::All, &all());
        preferences(page, world.mridul);
        drafts(inside, world.meera, &all());
        draft(page, world.meera, None);
        templates(within, world.meera, &all());
        template(&permits::on_template(*workspace, world.template));
        surroundings(page, world.nikhil);
        scheduled_in(page, world.meera);
        scheduled(&permits::on_scheduled(*workspace, world.scheduled));
        invited_channels(door);
        log(within, 0, 99);
        seen_by(within, world.mridul);
        claim_key(closing, world.nikhil, &key(), second(-1));
    }
    for archived in [false, true] {
        draw! {
            clients(within, &ClientFilter { part: None, archived }, &all());
            projects(within, &ProjectFilter { archived, ..ProjectFilter::default() }, &all());
        }
    }
    Ok(lines.join("\n"))
}
