//! What every store promises, as functions that a test of the store calls.
//!
//! A store is what passes them. [`conformance!`](crate::conformance!) makes a test of each:
//!
//! ```ignore
//! async fn make() -> (std::sync::Arc<dyn kitaab_core::store::Store>, impl Sized) {
//!     let store = SqliteStore::in_memory().await.unwrap();
//!     store.migrate().await.unwrap();
//!     (std::sync::Arc::new(store), ())
//! }
//! kitaab_core::conformance!(make);
//! ```
//!
//! A promise gets a store that is migrated and empty. It fails by a panic, or with the error of a statement that
//! should have worked.
#![expect(clippy::missing_panics_doc, reason = "a promise that does not hold panics; that is what these functions are for")]

mod accounts;
mod audit;
mod away;
mod channels;
mod clients;
mod dashboards;
mod events;
mod exports;
pub mod fence;
mod finance;
mod invitations;
mod jobs;
mod limits;
mod messages;
mod once;
mod people;
pub mod permits;
mod portrait;
mod projects;
mod search;
mod sessions;
mod standing;
mod tasks;
mod things;
mod together;
mod units;
mod workspaces;
pub mod world;

pub use accounts::*;
pub use audit::*;
pub use away::*;
pub use channels::*;
pub use clients::*;
pub use dashboards::*;
pub use events::*;
pub use exports::*;
pub use fence::{
    permits_of_one_workspace_change_nothing_of_another, permits_of_one_workspace_reach_nothing_of_another,
    workspaces_with_the_same_ids_do_not_mix,
};
pub use finance::*;
pub use invitations::*;
pub use jobs::*;
pub use limits::*;
pub use messages::*;
pub use once::*;
pub use people::*;
pub use portrait::portrait;
pub use projects::*;
pub use search::*;
pub use sessions::*;
pub use standing::*;
pub use tasks::*;
pub use units::*;
pub use workspaces::*;

/// Makes a test of every promise. Takes the name of an async function that makes an empty, migrated store as an
/// `Arc<dyn Store>`, and something to keep until the test is over.
#[macro_export]
macro_rules! conformance {
    ($make:path) => {
        $crate::conformance! { @each $make;
            what_is_committed_is_seen_by_the_next_unit what_is_dropped_leaves_nothing a_unit_whose_statement_failed_has_ended
            writers_at_the_same_time_lose_nothing

            permits_of_one_workspace_reach_nothing_of_another permits_of_one_workspace_change_nothing_of_another
            workspaces_with_the_same_ids_do_not_mix

            the_workspace_stands_for_everybody_in_it a_deleted_workspace_is_none a_person_is_known_or_own a_card_is_own_and_active
            an_invitation_knows_its_recipient a_project_is_shared_with_its_grants

            an_email_has_one_account a_profile_and_a_password_are_kept an_email_is_changed_unless_somebody_has_it
            an_erased_account_is_nobody_to_sign_in the_newest_link_alone_works a_link_is_used_once the_instance_key_is_known_again
            what_ran_out_of_accounts_is_swept somebody_belongs_where_they_are_a_member

            a_session_leads_to_its_person the_oldest_sessions_end_beyond_the_limit sessions_of_one_second_keep_their_order
            sessions_end_one_by_one_or_together

            workspaces_are_founded_and_changed a_workspace_is_deleted_once an_erased_workspace_is_gone_and_its_neighbour_is_not

            cards_are_found_by_any_part_of_them cards_page_without_holes_or_doubles an_email_has_one_card_that_is_not_archived
            a_card_is_changed_by_whoever_saw_it_last notes_are_kept_apart_from_their_card a_card_shows_its_newest_invitation
            a_card_with_history_is_told_from_one_without a_card_has_one_person

            projects_are_found_by_each_filter projects_page_without_holes_or_doubles a_project_is_kept_whole
            a_client_lists_what_is_shared_and_not_archived a_grant_is_set_changed_and_taken_back
            invited_projects_are_shared_as_far_as_they_exist sharing_ends_with_the_card_and_with_the_person
            sharing_with_a_person_ends_in_one_workspace_alone

            a_task_is_kept_whole tasks_are_found_by_each_filter tasks_keep_their_order tasks_are_given_to_people_on_the_project
            progress_is_counted_from_tasks what_is_internal_is_listed_for_staff_alone comments_and_updates_are_changed_and_go
            a_task_stands_as_its_project_does the_feed_shows_what_its_reader_may_see tags_in_use_are_those_one_sees

            candidates_page_without_holes_and_keep_within_reach what_is_there_is_taken_in_piece_by_piece

            an_entry_is_kept_whole_with_its_history entries_are_found_by_each_filter_and_page a_time_entry_is_kept_whole
            time_is_found_and_overlaps_are_told

            an_export_is_its_persons_and_ends_once comments_and_history_are_read_whole
            the_cards_of_staff_count_what_is_there what_is_due_is_told_as_far_as_one_sees_it updates_are_read_as_far_as_one_reaches

            a_channel_is_kept_whole a_direct_channel_is_of_two_people channels_page_without_holes_or_doubles
            channels_of_projects_keep_in_step a_position_moves_forward

            a_message_is_kept_whole messages_page_from_any_place a_post_is_known_again marks_are_put_on_and_taken_off
            what_is_new_is_read_over_all_channels

            a_look_is_planned_once_and_begun_when_it_is_due who_may_be_away_is_known_with_what_they_want what_was_there_lately_is_told
            mail_is_ended_for_a_channel_or_for_all

            an_email_has_one_open_invitation an_invitation_is_accepted_once invitations_page_without_holes_or_doubles
            an_invitation_goes_its_way the_mail_of_an_older_link_is_not_recorded links_are_replaced_and_removed
            an_invitation_shows_names_alone

            people_are_listed_as_far_as_one_reaches a_person_joins_once_and_leaves_once roles_change_but_nobody_becomes_a_client

            the_audit_log_is_read_newest_first_and_filtered the_audit_log_is_swept

            events_are_numbered_without_gaps the_access_epoch_is_told_as_it_was the_log_of_no_workspace_is_none old_events_are_forgotten

            a_job_is_claimed_once a_lost_lease_is_taken_over_and_fenced a_job_with_the_same_key_is_left_out
            one_workspace_has_few_jobs_running jobs_are_claimed_longest_due_first a_job_is_retried_buried_and_swept

            a_key_is_answered_with_the_first_answer a_key_has_effect_once answers_are_forgotten

            a_count_begins_anew_after_its_time counting_at_the_same_time_loses_nothing
        }
    };
    (@each $make:path; $($name:ident)+) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let (store, _kept) = $make().await;
            $crate::conformance::$name(&*store).await.expect("a statement that works");
            store.close().await;
        }
    )+};
}
