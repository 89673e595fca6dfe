//! The API, one file for each noun. A handler translates and decides nothing.

mod account;
mod ask;
mod audit;
mod channels;
mod clients;
mod collaborators;
mod downloads;
mod drafts;
mod email;
mod exports;
mod inbox;
mod invitation_links;
mod invitations;
mod ledger;
mod marks;
mod members;
mod messages;
mod notifications;
mod operations;
mod overview;
mod password;
mod projects;
mod reading;
mod reply;
mod reports;
mod scheduled;
mod search;
mod sessions;
mod sheet;
mod sign_in;
mod task_comments;
mod tasks;
mod templates;
mod time_entries;
mod unsubscribe;
mod updates;
mod workspaces;

use axum::Router;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
pub(crate) use ask::InWorkspace;
use reply::Reply;
pub(crate) use reply::session_cookie;

/// Every operation of the API, with its description.
pub(crate) fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(crate::openapi::base())
        .routes(routes!(sign_in::sign_up))
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(sign_in::ask_magic_link))
        .routes(routes!(sign_in::confirm_magic_link))
        .routes(routes!(sessions::sign_out))
        .routes(routes!(sessions::sign_out_everywhere))
        .routes(routes!(sessions::session))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
        .routes(routes!(password::reauthenticate))
        .routes(routes!(password::ask_reset))
        .routes(routes!(password::confirm_reset))
        .routes(routes!(password::change))
        .routes(routes!(email::verify))
        .routes(routes!(email::resend))
        .routes(routes!(email::change))
        .routes(routes!(email::confirm_change))
        .routes(routes!(account::profile, account::update_profile))
        .routes(routes!(account::delete))
        .routes(routes!(invitation_links::preview))
        .routes(routes!(invitation_links::accept))
        .routes(routes!(invitation_links::request_new))
        .routes(routes!(unsubscribe::show, unsubscribe::act))
        .routes(routes!(workspaces::create))
        .routes(routes!(workspaces::get, workspaces::update, workspaces::delete))
        .routes(routes!(members::list))
        .routes(routes!(members::update, members::remove))
        .routes(routes!(clients::list, clients::create))
        .routes(routes!(clients::get, clients::update, clients::delete))
        .routes(routes!(invitations::list, invitations::send))
        .routes(routes!(invitations::get, invitations::revoke))
        .routes(routes!(invitations::resend))
        .routes(routes!(projects::list, projects::create))
        .routes(routes!(projects::get, projects::update, projects::delete))
        .routes(routes!(tasks::list, tasks::create))
        .routes(routes!(tasks::get, tasks::update, tasks::delete))
        .routes(routes!(task_comments::list, task_comments::create))
        .routes(routes!(task_comments::update, task_comments::delete))
        .routes(routes!(updates::list, updates::create))
        .routes(routes!(updates::get, updates::update, updates::delete))
        .routes(routes!(crate::live::poll::typing))
        .routes(routes!(crate::live::poll::follow))
        .routes(routes!(crate::live::socket::open))
        .routes(routes!(overview::dashboard))
        .routes(routes!(overview::activity))
        .routes(routes!(reports::profit))
        .routes(routes!(reports::time))
        .routes(routes!(time_entries::list, time_entries::create))
        .routes(routes!(time_entries::start))
        .routes(routes!(time_entries::running))
        .routes(routes!(time_entries::stop))
        .routes(routes!(time_entries::get, time_entries::update, time_entries::delete))
        .routes(routes!(ledger::expenses::list, ledger::expenses::create))
        .routes(routes!(ledger::expenses::get, ledger::expenses::update, ledger::expenses::delete))
        .routes(routes!(ledger::expenses::history))
        .routes(routes!(ledger::income::list, ledger::income::create))
        .routes(routes!(ledger::income::get, ledger::income::update, ledger::income::delete))
        .routes(routes!(ledger::income::history))
        .routes(routes!(overview::tags))
        .routes(routes!(channels::list, channels::open))
        .routes(routes!(channels::get, channels::update))
        .routes(routes!(channels::members))
        .routes(routes!(inbox::list))
        .routes(routes!(notifications::list))
        .routes(routes!(notifications::mark_read))
        .routes(routes!(notifications::why))
        .routes(routes!(notifications::why_not))
        .routes(routes!(notifications::preferences, notifications::set_preferences))
        .routes(routes!(search::find))
        .routes(routes!(templates::list, templates::create))
        .routes(routes!(templates::update, templates::delete))
        .routes(routes!(scheduled::list, scheduled::create))
        .routes(routes!(scheduled::update, scheduled::cancel))
        .routes(routes!(drafts::list))
        .routes(routes!(drafts::keep, drafts::drop))
        .routes(routes!(inbox::update_preferences))
        .routes(routes!(channels::add_member, channels::remove_member))
        .routes(routes!(messages::list, messages::post))
        .routes(routes!(messages::get, messages::edit, messages::delete))
        .routes(routes!(messages::replies))
        .routes(routes!(messages::history))
        .routes(routes!(messages::forward))
        .routes(routes!(marks::react, marks::unreact))
        .routes(routes!(marks::pin, marks::unpin))
        .routes(routes!(marks::star, marks::unstar))
        .routes(routes!(marks::starred))
        .routes(routes!(marks::pins))
        .routes(routes!(reading::mark_read))
        .routes(routes!(reading::mark_thread_read))
        .routes(routes!(reading::receipts))
        .routes(routes!(reading::presence))
        .routes(routes!(collaborators::list))
        .routes(routes!(collaborators::share, collaborators::unshare))
        .routes(routes!(exports::create))
        .routes(routes!(exports::get))
        .routes(routes!(audit::list))
}

/// What runs beside the API: files by their links, and what is for whoever runs the server.
pub(crate) fn operations() -> Router<App> {
    Router::new()
        .route("/downloads/{token}", get(downloads::fetch))
        .route("/healthz", get(operations::alive))
        .route("/readyz", get(operations::ready))
        .route("/metrics", get(operations::metrics))
        .route("/api/v1/openapi.json", get(operations::document))
}
