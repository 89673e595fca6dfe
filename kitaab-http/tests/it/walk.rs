//! The walk over the description of the API: every operation, called by every kind of person, with their own ids and
//! with swapped ones. There is no list of exceptions: an operation that the table below does not name fails the walk.

use std::collections::BTreeSet;

use crate::support::world::{Cast, KINDS, Kind, Names, Stage, World};
use crate::support::{PASSWORD, Person, Reply, difference};
use reqwest::Method;
use serde_json::{Value, json};

/// What each kind of person is answered, written down from the product's table and the contract, not from the code:
/// owner, member, client on the project, other client, stranger, other owner, moderator, anonymous.
#[rustfmt::skip]
const TABLE: &[(&str, [u16; 8])] = &[
    // Whoever comes first uses a link up; anonymous is called first.
    ("sign_up",                 [201, 201, 201, 201, 201, 201, 201, 201]),
    ("sign_in",                 [200, 200, 200, 200, 200, 200, 200, 200]),
    ("ask_magic_link",          [202, 202, 202, 202, 202, 202, 202, 202]),
    ("confirm_magic_link",      [404, 404, 404, 404, 404, 404, 404, 200]),
    ("ask_password_reset",      [202, 202, 202, 202, 202, 202, 202, 202]),
    ("confirm_password_reset",  [404, 404, 404, 404, 404, 404, 404, 204]),
    ("verify_email",            [404, 404, 404, 404, 404, 404, 404, 204]),
    ("confirm_change_email",    [404, 404, 404, 404, 404, 404, 404, 204]),
    ("preview_invitation",      [200, 200, 200, 200, 200, 200, 200, 200]),
    ("accept_invitation",       [404, 404, 404, 404, 404, 404, 404, 201]),
    ("request_new_invitation",  [202, 202, 202, 202, 202, 202, 202, 202]),
    // The link is all that counts, whoever holds it.
    ("get_subscription",        [200, 200, 200, 200, 200, 200, 200, 200]),
    ("unsubscribe",             [204, 204, 204, 204, 204, 204, 204, 204]),
    // One's own account is one's own.
    ("get_session",             [200, 200, 200, 200, 200, 200, 200, 401]),
    ("list_sessions",           [200, 200, 200, 200, 200, 200, 200, 401]),
    ("end_session",             [204, 204, 204, 204, 204, 204, 204, 401]),
    ("sign_out",                [204, 204, 204, 204, 204, 204, 204, 401]),
    ("sign_out_everywhere",     [204, 204, 204, 204, 204, 204, 204, 401]),
    ("reauthenticate",          [204, 204, 204, 204, 204, 204, 204, 401]),
    ("change_password",         [204, 204, 204, 204, 204, 204, 204, 401]),
    ("resend_verification",     [202, 202, 202, 202, 202, 202, 202, 401]),
    ("change_email",            [202, 202, 202, 202, 202, 202, 202, 401]),
    ("get_profile",             [200, 200, 200, 200, 200, 200, 200, 401]),
    ("update_profile",          [200, 200, 200, 200, 200, 200, 200, 401]),
    // The last owner of a workspace must hand it over first.
    ("delete_account",          [409, 204, 204, 204, 204, 409, 204, 401]),
    ("create_workspace",        [201, 201, 201, 201, 201, 201, 403, 401]),
    ("get_workspace",           [200, 200, 200, 200, 404, 404, 404, 401]),
    ("update_workspace",        [200, 403, 403, 403, 404, 404, 404, 401]),
    ("delete_workspace",        [204, 403, 403, 403, 404, 404, 404, 401]),
    ("list_members",            [200, 200, 200, 200, 404, 404, 404, 401]),
    ("update_member",           [200, 403, 403, 403, 404, 404, 404, 401]),
    ("remove_member",           [204, 403, 403, 403, 404, 404, 404, 401]),
    ("list_clients",            [200, 200, 404, 404, 404, 404, 404, 401]),
    ("create_client",           [201, 403, 404, 404, 404, 404, 404, 401]),
    ("get_client",              [200, 200, 200, 404, 404, 404, 404, 401]),
    // A member changes the notes alone, which is what the walk sends.
    ("update_client",           [200, 200, 403, 404, 404, 404, 404, 401]),
    ("delete_client",           [204, 403, 403, 404, 404, 404, 404, 401]),
    ("list_invitations",        [200, 200, 404, 404, 404, 404, 404, 401]),
    ("send_invitation",         [201, 403, 404, 404, 404, 404, 404, 401]),
    ("get_invitation",          [200, 200, 404, 404, 404, 404, 404, 401]),
    ("resend_invitation",       [200, 403, 404, 404, 404, 404, 404, 401]),
    ("revoke_invitation",       [204, 403, 404, 404, 404, 404, 404, 401]),
    ("list_projects",           [200, 200, 200, 200, 404, 404, 404, 401]),
    ("create_project",          [201, 201, 403, 403, 404, 404, 404, 401]),
    ("get_project",             [200, 200, 200, 404, 404, 404, 404, 401]),
    ("update_project",          [200, 200, 403, 404, 404, 404, 404, 401]),
    ("delete_project",          [204, 403, 403, 404, 404, 404, 404, 401]),
    ("list_collaborators",      [200, 200, 404, 404, 404, 404, 404, 401]),
    ("share_project",           [200, 403, 404, 404, 404, 404, 404, 401]),
    ("unshare_project",         [204, 403, 404, 404, 404, 404, 404, 401]),
    ("list_tasks",              [200, 200, 200, 404, 404, 404, 404, 401]),
    ("create_task",             [201, 201, 403, 404, 404, 404, 404, 401]),
    ("get_task",                [200, 200, 200, 404, 404, 404, 404, 401]),
    ("update_task",             [200, 200, 403, 404, 404, 404, 404, 401]),
    ("delete_task",             [204, 204, 403, 404, 404, 404, 404, 401]),
    ("list_task_comments",      [200, 200, 200, 404, 404, 404, 404, 401]),
    ("create_task_comment",     [201, 201, 201, 404, 404, 404, 404, 401]),
    // The comment is the client's own.
    ("update_task_comment",     [200, 200, 200, 404, 404, 404, 404, 401]),
    ("delete_task_comment",     [204, 204, 403, 404, 404, 404, 404, 401]),
    ("list_updates",            [200, 200, 200, 404, 404, 404, 404, 401]),
    ("create_update",           [201, 403, 403, 404, 404, 404, 404, 401]),
    ("get_update",              [200, 200, 200, 404, 404, 404, 404, 401]),
    ("update_update",           [200, 403, 403, 404, 404, 404, 404, 401]),
    ("delete_update",           [204, 403, 403, 404, 404, 404, 404, 401]),
    // Ines is in no channel with the others but may open one with the staff.
    // A moderator sees every conversation, and says why.
    ("list_channels",           [200, 200, 200, 200, 404, 404, 200, 401]),
    ("open_channel",            [201, 201, 201, 201, 404, 404, 404, 401]),
    ("get_channel",             [200, 200, 200, 404, 404, 404, 200, 401]),
    ("update_channel",          [200, 200, 403, 404, 404, 404, 404, 401]),
    ("list_channel_members",    [200, 200, 200, 404, 404, 404, 404, 401]),
    ("add_channel_member",      [200, 200, 403, 404, 404, 404, 404, 401]),
    // The member leaves; a client would put somebody else out.
    ("remove_channel_member",   [204, 204, 403, 404, 404, 404, 404, 401]),
    ("list_messages",           [200, 200, 200, 404, 404, 404, 200, 401]),
    ("post_message",            [201, 201, 201, 404, 404, 404, 404, 401]),
    // The message is the client's own.
    ("get_message",             [200, 200, 200, 404, 404, 404, 200, 401]),
    ("edit_message",            [403, 403, 200, 404, 404, 404, 404, 401]),
    ("delete_message",          [204, 403, 204, 404, 404, 404, 404, 401]),
    ("list_replies",            [200, 200, 200, 404, 404, 404, 404, 401]),
    ("get_message_history",     [200, 200, 200, 404, 404, 404, 404, 401]),
    ("forward_message",         [201, 201, 201, 404, 404, 404, 404, 401]),
    ("react",                   [200, 200, 200, 404, 404, 404, 404, 401]),
    ("unreact",                 [204, 204, 204, 404, 404, 404, 404, 401]),
    ("pin_message",             [200, 200, 200, 404, 404, 404, 404, 401]),
    ("unpin_message",           [204, 204, 204, 404, 404, 404, 404, 401]),
    ("list_pins",               [200, 200, 200, 404, 404, 404, 404, 401]),
    ("star_message",            [200, 200, 200, 404, 404, 404, 404, 401]),
    ("unstar_message",          [204, 204, 204, 404, 404, 404, 404, 401]),
    ("list_starred",            [200, 200, 200, 200, 404, 404, 404, 401]),
    ("list_inbox",              [200, 200, 200, 200, 404, 404, 404, 401]),
    ("update_preferences",      [200, 200, 200, 404, 404, 404, 404, 401]),
    ("list_drafts",             [200, 200, 200, 200, 404, 404, 404, 401]),
    ("keep_draft",              [200, 200, 200, 404, 404, 404, 404, 401]),
    ("drop_draft",              [204, 204, 204, 404, 404, 404, 404, 401]),
    ("list_scheduled",          [200, 200, 200, 404, 404, 404, 404, 401]),
    ("schedule_message",        [201, 201, 201, 404, 404, 404, 404, 401]),
    // What is scheduled is the client's own, and nobody else's business.
    ("update_scheduled",        [404, 404, 200, 404, 404, 404, 404, 401]),
    ("cancel_scheduled",        [404, 404, 204, 404, 404, 404, 404, 401]),
    ("list_notifications",      [200, 200, 200, 200, 404, 404, 404, 401]),
    ("read_notifications",      [200, 200, 200, 200, 404, 404, 404, 401]),
    // The notification is the client's own.
    ("why_notified",            [404, 404, 200, 404, 404, 404, 404, 401]),
    ("why_not_notified",        [200, 404, 404, 404, 404, 404, 404, 401]),
    ("get_notification_preferences", [200, 200, 200, 200, 404, 404, 404, 401]),
    ("set_notification_preferences", [200, 200, 200, 200, 404, 404, 404, 401]),
    // A moderator finds messages.
    ("search",                  [200, 200, 200, 200, 404, 404, 200, 401]),
    ("list_templates",          [200, 200, 404, 404, 404, 404, 404, 401]),
    ("create_template",         [201, 201, 404, 404, 404, 404, 404, 401]),
    // The template is shared, and the owner's.
    ("update_template",         [200, 403, 404, 404, 404, 404, 404, 401]),
    ("delete_template",         [204, 403, 404, 404, 404, 404, 404, 401]),
    ("type_in_channel",         [204, 204, 204, 404, 404, 404, 404, 401]),
    ("follow_events",           [200, 200, 200, 200, 404, 404, 404, 401]),
    ("mark_read",               [200, 200, 200, 404, 404, 404, 404, 401]),
    ("mark_thread_read",        [200, 200, 200, 404, 404, 404, 404, 401]),
    ("list_receipts",           [200, 200, 200, 404, 404, 404, 404, 401]),
    ("get_presence",            [200, 200, 200, 200, 404, 404, 404, 401]),
    ("create_export",           [202, 202, 202, 202, 404, 404, 404, 401]),
    // An export is the one's who asked for it.
    ("get_export",              [200, 404, 404, 404, 404, 404, 404, 401]),
    ("get_dashboard",           [200, 200, 200, 200, 404, 404, 404, 401]),
    ("list_activity",           [200, 200, 200, 200, 404, 404, 404, 401]),
    ("list_tags",               [200, 200, 200, 200, 404, 404, 404, 401]),
    ("list_expenses",           [200, 404, 404, 404, 404, 404, 404, 401]),
    ("create_expense",          [201, 404, 404, 404, 404, 404, 404, 401]),
    ("get_expense",             [200, 404, 404, 404, 404, 404, 404, 401]),
    ("update_expense",          [200, 404, 404, 404, 404, 404, 404, 401]),
    ("delete_expense",          [204, 404, 404, 404, 404, 404, 404, 401]),
    ("get_expense_history",     [200, 404, 404, 404, 404, 404, 404, 401]),
    ("list_income",             [200, 404, 404, 404, 404, 404, 404, 401]),
    ("create_income",           [201, 404, 404, 404, 404, 404, 404, 401]),
    ("get_income",              [200, 404, 404, 404, 404, 404, 404, 401]),
    ("update_income",           [200, 404, 404, 404, 404, 404, 404, 401]),
    ("delete_income",           [204, 404, 404, 404, 404, 404, 404, 401]),
    ("get_income_history",      [200, 404, 404, 404, 404, 404, 404, 401]),
    ("list_time_entries",       [200, 404, 404, 404, 404, 404, 404, 401]),
    ("create_time_entry",       [201, 404, 404, 404, 404, 404, 404, 401]),
    ("start_timer",             [201, 404, 404, 404, 404, 404, 404, 401]),
    ("stop_timer",              [200, 404, 404, 404, 404, 404, 404, 401]),
    ("get_running_timer",       [200, 404, 404, 404, 404, 404, 404, 401]),
    ("get_time_entry",          [200, 404, 404, 404, 404, 404, 404, 401]),
    ("update_time_entry",       [200, 404, 404, 404, 404, 404, 404, 401]),
    ("delete_time_entry",       [204, 404, 404, 404, 404, 404, 404, 401]),
    ("get_profit_report",       [200, 404, 404, 404, 404, 404, 404, 401]),
    ("get_time_report",         [200, 404, 404, 404, 404, 404, 404, 401]),
    ("list_audit",              [200, 404, 404, 404, 404, 404, 404, 401]),
];

/// An operation of the document.
struct Operation {
    id: String,
    method: Method,
    path: String,
    /// Needs somebody to be signed in.
    closed: bool,
    has_body: bool,
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    // A socket is opened by no plain request; `sockets` tries it.
    for (path, item) in document["paths"].as_object().unwrap().iter().filter(|(path, _)| *path != "/ws") {
        for (method, operation) in item.as_object().unwrap() {
            let open = operation["security"].as_array().is_some_and(|ways| ways.iter().any(|way| way == &json!({})));
            found.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                closed: !open,
                has_body: operation.get("requestBody").is_some(),
            });
        }
    }
    found
}

/// A body that the operation takes from somebody who may; it differs from person to person where it must.
fn body(operation: &str, kind: Kind, cast: &Cast) -> Value {
    let link = |name: &str| json!({"token": cast.links[name]});
    let with = |mut base: Value, more: Value| {
        base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        base
    };
    let fresh = format!("{kind:?}@new.example").to_lowercase();
    match operation {
        "sign_up" => json!({"email": fresh, "password": PASSWORD, "display_name": "New", "workspace_name": "New"}),
        "sign_in" => json!({"email": "nikhil@example.com", "password": PASSWORD}),
        "ask_magic_link" | "ask_password_reset" => json!({"email": "nikhil@example.com"}),
        "confirm_magic_link" => with(link("magic"), json!({"request": cast.links["request"]})),
        "confirm_password_reset" => with(link("reset"), json!({"password": "harbor-lagoon-cedar-42"})),
        "verify_email" => link("verification"),
        "confirm_change_email" => link("change"),
        "preview_invitation" | "request_new_invitation" => link("invitation"),
        "accept_invitation" => with(link("invitation"), json!({"display_name": "Leila", "password": PASSWORD})),
        "reauthenticate" => json!({"password": PASSWORD}),
        "change_password" => json!({"current_password": PASSWORD, "new_password": "harbor-lagoon-cedar-42"}),
        "change_email" => json!({"email": fresh}),
        "update_profile" => json!({"company": "Rao Tea", "time_zone": "Asia/Kolkata"}),
        "create_workspace" => json!({"name": "Another"}),
        "update_workspace" => json!({"name": "Verma Studio"}),
        "delete_workspace" => json!({"confirm": "Nikhil's studio"}),
        "update_member" => json!({"role": "owner"}),
        "create_client" => json!({"name": "Aiko", "email": "aiko@example.com"}),
        "update_client" => json!({"notes": "Likes to be called."}),
        "send_invitation" => json!({"client": {"name": "Aiko", "email": "aiko@example.com"}}),
        "create_project" => json!({"name": "Newsletter"}),
        "update_project" => json!({"progress": 50}),
        "share_project" => json!({"grant": {"tasks": true, "comments": false, "upload": true}}),
        "create_expense" | "create_income" => json!({"money": {"amount": "12.50", "currency": "EUR"}, "on": "2026-05-01"}),
        "update_expense" | "update_income" => json!({"category": "Travel"}),
        "create_time_entry" => json!({"started_at": "2026-05-01T08:00:00Z", "ended_at": "2026-05-01T09:30:00Z"}),
        "start_timer" | "update_time_entry" => json!({"note": "Drawing"}),
        "create_export" => json!({"scope": "mine"}),
        "create_task" => json!({"title": "Draw the logo"}),
        "update_task" => json!({"state": "doing"}),
        "create_task_comment" | "update_task_comment" | "create_update" | "update_update" | "edit_message" => json!({"text": "In blue?"}),
        // Sara is known to everybody; with herself she has no direct channel.
        "open_channel" if matches!(kind, Kind::Client | Kind::OtherClient) => json!({"kind": "direct", "user_id": cast.own["user_id"]}),
        "open_channel" => json!({"kind": "group", "name": "Shop opening", "member_ids": [cast.own["user_id"]]}),
        "update_channel" => json!({"name": "Shop opening"}),
        "post_message" => json!({"client_message_id": "walk", "text": "In blue?"}),
        "forward_message" => json!({"channel_id": cast.own["channel_id"], "client_message_id": "walk"}),
        "update_preferences" => json!({"pinned": true}),
        "keep_draft" => json!({"text": "Well, yes"}),
        "schedule_message" => json!({"text": "Tomorrow?", "due_at": "2026-12-02T08:00:00Z"}),
        "update_scheduled" => json!({"text": "On Monday."}),
        "create_template" => json!({"name": "Thanks", "text": "Thank you, {{client.name}}."}),
        "update_template" => json!({"text": "Good morning, {{client.name}}."}),
        "read_notifications" => json!({"before": cast.own["notification_id"]}),
        "set_notification_preferences" => json!({"silenced": ["project_update"]}),
        "mark_read" | "mark_thread_read" => json!({"seq": 1}),
        other => panic!("the walk has no body for {other}"),
    }
}

fn path(operation: &Operation, names: &Names) -> String {
    // An emoji is no id: no other one is somebody else's.
    let path = operation.path.replace("{emoji}", "%F0%9F%91%8D");
    let path = names.iter().fold(path, |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
    match operation.id.as_str() {
        "get_presence" => format!("{path}?user_ids={}", names["user_id"]),
        "search" => format!("{path}?q=blue"),
        "get_subscription" | "unsubscribe" => format!("{path}?token={}", names["unsubscribe_token"]),
        _ => path,
    }
}

async fn call(operation: &Operation, person: &Person, names: &Names, body: Option<String>) -> Reply {
    // It counts for moderators alone.
    let request = person.ask(operation.method.clone(), &path(operation, names)).header("x-reason", "A flag");
    Reply::of(match body {
        Some(body) => request.header("content-type", "application/json").body(body),
        None => request,
    })
    .await
}

/// What is sent by somebody who is refused anyway: as it should be, nonsense, no JSON at all.
fn bodies(operation: &Operation, kind: Kind, cast: &Cast) -> Vec<Option<String>> {
    if !operation.has_body {
        return vec![None];
    }
    let right = body(&operation.id, kind, cast).to_string();
    vec![Some(right), Some("{\"nonsense\":[1]}".into()), Some("{".into())]
}

/// Refusals: nothing is done, whatever is sent, and the answer is about the person.
async fn refusals(world: &World, operation: &Operation, row: &[u16; 8]) {
    let mut before = world.house.database.dump().await;
    for (kind, expected) in KINDS.into_iter().zip(*row) {
        if !operation.closed || ![401, 403, 404].contains(&expected) {
            continue;
        }
        let person = world.person(kind);
        for sent in bodies(operation, kind, &world.cast) {
            let said = format!("{} by {kind:?} with {sent:?}", operation.id);
            let reply = call(operation, &person, &world.cast.own, sent).await;
            assert_eq!(reply.status, expected, "{said}: {}", reply.body);
            let code = reply.text("/code");
            assert!(["unauthenticated", "not_found", "forbidden", "not_author"].contains(&code), "{said}: {code}");
        }
        let after = world.house.database.dump().await;
        let changed = difference(&before, &after);
        assert!(changed.is_empty(), "{} by {kind:?} was refused, and changed {changed:?}", operation.id);
        before = after;
    }
}

/// Ids that do not belong together name nothing, whoever asks.
async fn swapped(world: &World, operation: &Operation) {
    let used: Vec<&str> = world.cast.own.keys().copied().filter(|name| operation.path.contains(&format!("{{{name}}}"))).collect();
    if !operation.path.contains("{workspace_id}") {
        return;
    }
    let missing = "0195f3a2-7c1e-7bbb-9c3d-2f6b8a1e4d50".to_owned();
    let mut before = world.house.database.dump().await;
    for kind in KINDS {
        let person = world.person(kind);
        for name in &used {
            let mut mixes = vec![(*name, world.cast.foreign[name].clone()), (*name, missing.clone()), (*name, "nonsense".to_owned())];
            // Their own workspace with everything else of Nikhil's is such a mix too; with everything of theirs it is none.
            // And a moderator looks at every workspace.
            let theirs =
                kind == Kind::OtherOwner || (kind == Kind::Moderator && ["list_channels", "search"].contains(&operation.id.as_str()));
            mixes.retain(|(name, id)| !(*name == "workspace_id" && used.len() == 1 && theirs && *id == world.cast.foreign["workspace_id"]));
            for (name, id) in mixes {
                let mut names = world.cast.own.clone();
                names.insert(name, id.clone());
                let sent = bodies(operation, kind, &world.cast).swap_remove(0);
                let reply = call(operation, &person, &names, sent).await;
                let expected = if kind == Kind::Anonymous { 401 } else { 404 };
                assert_eq!(reply.status, expected, "{} by {kind:?} with {name} {id}: {}", operation.id, reply.body);
            }
        }
        let after = world.house.database.dump().await;
        let changed = difference(&before, &after);
        assert!(changed.is_empty(), "{} by {kind:?} with swapped ids changed {changed:?}", operation.id);
        before = after;
    }
}

/// Who may is answered; anonymous first, because links are used up.
async fn positives(world: &World, operation: &Operation, row: &[u16; 8]) {
    let mut calls: Vec<(Kind, u16)> = KINDS.into_iter().zip(*row).collect();
    calls.reverse();
    let mut answered = 0;
    // Owners last: what they do may take the thing away.
    for (kind, expected) in calls {
        if operation.closed && [401, 403, 404].contains(&expected) {
            continue;
        }
        let mut names = world.cast.own.clone();
        if operation.id == "end_session" {
            names.insert("session_id", world.spare_session(kind).await.expect("a second session"));
        }
        // What the one destroys the next still finds.
        let own = &world.cast.own;
        let spare = match operation.id.as_str() {
            "delete_task" => Some(("task_id", format!("/projects/{}/tasks", own["project_id"]), json!({"title": "Spare"}))),
            "delete_task_comment" => Some(("comment_id", format!("/tasks/{}/comments", own["task_id"]), json!({"text": "Spare"}))),
            "remove_channel_member" => {
                let group = json!({"kind": "group", "name": "Spare", "member_ids": [own["user_id"]]});
                Some(("channel_id", "/channels".to_owned(), group))
            }
            _ => None,
        };
        if let Some((name, path, body)) = spare {
            names.insert(name, world.spare(&path, body).await);
        }
        let sent = operation.has_body.then(|| body(&operation.id, kind, &world.cast).to_string());
        let reply = call(operation, &world.person(kind), &names, sent).await;
        assert_eq!(reply.status, expected, "{} by {kind:?}: {}", operation.id, reply.body);
        if matches!(kind, Kind::Client | Kind::OtherClient) && !reply.body.is_empty() {
            assert_eq!(private_key(&reply.json()), None, "{} told {kind:?}: {}", operation.id, reply.body);
        }
        answered += u32::from((200..300).contains(&reply.status));
    }
    assert!(answered > 0, "{} is never answered to somebody who may use it", operation.id);
}

/// What no client is ever told of, as a key of an answer, however deep, alone or as a part of a longer name.
fn private_key(answer: &Value) -> Option<String> {
    const PRIVATE: [&str; 12] =
        ["amount", "rate", "expense", "expenses", "income", "revenue", "profit", "margin", "internal", "notes", "billable", "money"];
    match answer {
        Value::Array(items) => items.iter().find_map(private_key),
        Value::Object(fields) => fields.iter().find_map(|(key, value)| {
            let told = key.split('_').any(|part| PRIVATE.contains(&part));
            if told { Some(key.clone()) } else { private_key(value) }
        }),
        _ => None,
    }
}

/// A part of the operations; several parts run side by side.
async fn walk(part: usize) {
    let mut stage = Stage::new().await;
    let document: Value = serde_json::from_str(&kitaab_http::openapi::document()).unwrap();
    let operations = operations(&document);
    let described: BTreeSet<&str> = operations.iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(described, TABLE.iter().map(|(id, _)| *id).collect(), "the table names exactly what the document describes");
    for operation in operations.iter().skip(part).step_by(PARTS) {
        let row = &TABLE.iter().find(|(id, _)| *id == operation.id).unwrap().1;
        let world = stage.open().await;
        refusals(&world, operation, row).await;
        swapped(&world, operation).await;
        positives(&world, operation, row).await;
        stage.close(world).await;
    }
}

const PARTS: usize = 4;

#[tokio::test]
async fn every_operation_answers_every_kind_of_person_as_the_table_says_1() {
    walk(0).await;
}

#[tokio::test]
async fn every_operation_answers_every_kind_of_person_as_the_table_says_2() {
    walk(1).await;
}

#[tokio::test]
async fn every_operation_answers_every_kind_of_person_as_the_table_says_3() {
    walk(2).await;
}

#[tokio::test]
async fn every_operation_answers_every_kind_of_person_as_the_table_says_4() {
    walk(3).await;
}

/// What the names in `can` are as calls: on which thing, by which name or names, as which request.
fn calls(own: &Names, owner: &str, oneself: &str) -> Vec<(String, &'static str, Method, String, Value)> {
    let studio = format!("/workspaces/{}", own["workspace_id"]);
    let (project, card) = (format!("{studio}/projects/{}", own["project_id"]), format!("{studio}/clients/{}", own["client_id"]));
    let invitation = format!("{studio}/invitations/{}", own["invitation_id"]);
    let shared = format!("{project}/collaborators/{}", own["client_id"]);
    // Reading is seen by reading; `can` names what changes something.
    let task = format!("{studio}/tasks/{}", own["task_id"]);
    let update = format!("{studio}/updates/{}", own["update_id"]);
    let expense = format!("{studio}/expenses/{}", own["expense_id"]);
    let channel = format!("{studio}/channels/{}", own["channel_id"]);
    let message = format!("{studio}/messages/{}", own["message_id"]);
    let said = json!({"text": "In blue?"});
    let money = json!({"money": {"amount": "12.50", "currency": "EUR"}, "on": "2026-05-01"});
    let (none, aiko) = (json!({}), json!({"name": "Aiko", "email": "aiko@example.com"}));
    let archive = |archived: bool| json!({ "archived": archived });
    let grant = json!({"grant": {"tasks": true, "comments": false, "upload": true}});
    vec![
        (studio.clone(), "edit", Method::PATCH, studio.clone(), json!({"name": "Verma Studio"})),
        (studio.clone(), "delete", Method::DELETE, studio.clone(), json!({"confirm": "Nikhil's studio"})),
        (studio.clone(), "create_client", Method::POST, format!("{studio}/clients"), aiko.clone()),
        (studio.clone(), "send_invitation", Method::POST, format!("{studio}/invitations"), json!({ "client": aiko })),
        (studio.clone(), "create_project", Method::POST, format!("{studio}/projects"), json!({"name": "Newsletter"})),
        (project.clone(), "edit", Method::PATCH, project.clone(), json!({"progress": 50})),
        (project.clone(), "archive", Method::PATCH, project.clone(), archive(true)),
        (project.clone(), "restore", Method::PATCH, project.clone(), archive(false)),
        (project.clone(), "delete", Method::DELETE, project.clone(), none.clone()),
        (project.clone(), "create_task", Method::POST, format!("{project}/tasks"), json!({"title": "Draw the logo"})),
        (project.clone(), "post_update", Method::POST, format!("{project}/updates"), said.clone()),
        (project, "edit_collaborators", Method::PUT, shared, grant),
        (task.clone(), "edit", Method::PATCH, task.clone(), json!({"state": "doing"})),
        (task.clone(), "comment", Method::POST, format!("{task}/comments"), said.clone()),
        (task.clone(), "delete", Method::DELETE, task, none.clone()),
        (expense.clone(), "add", Method::POST, format!("{studio}/expenses"), money),
        (expense.clone(), "edit", Method::PATCH, expense.clone(), json!({"category": "Travel"})),
        (expense.clone(), "delete", Method::DELETE, expense, none.clone()),
        (update.clone(), "edit", Method::PATCH, update.clone(), said.clone()),
        (update.clone(), "delete", Method::DELETE, update, none.clone()),
        (card.clone(), "edit", Method::PATCH, card.clone(), json!({"company": "Rao Tea"})),
        (card.clone(), "edit_notes", Method::PATCH, card.clone(), json!({"notes": "Likes to be called."})),
        (card.clone(), "archive", Method::PATCH, card.clone(), archive(true)),
        (card.clone(), "restore", Method::PATCH, card.clone(), archive(false)),
        (card.clone(), "delete", Method::DELETE, card, none.clone()),
        (studio.clone(), "create_channel", Method::POST, format!("{studio}/channels"), json!({"kind": "group", "name": "Shop opening"})),
        (channel.clone(), "edit", Method::PATCH, channel.clone(), json!({"name": "Shop opening"})),
        (channel.clone(), "archive", Method::PATCH, channel.clone(), archive(true)),
        (channel.clone(), "add_member", Method::PUT, format!("{channel}/members/{}", own["user_id"]), none.clone()),
        (channel.clone(), "remove_member", Method::DELETE, format!("{channel}/members/{owner}"), none.clone()),
        (channel.clone(), "leave", Method::DELETE, format!("{channel}/members/{oneself}"), none.clone()),
        (channel.clone(), "post", Method::POST, format!("{channel}/messages"), json!({"client_message_id": "can", "text": "In blue?"})),
        (message.clone(), "edit", Method::PATCH, message.clone(), said),
        (message.clone(), "delete|redact", Method::DELETE, message.clone(), none.clone()),
        (message.clone(), "react", Method::PUT, format!("{message}/reactions/%F0%9F%91%8D"), none.clone()),
        (message.clone(), "pin", Method::PUT, format!("{message}/pin"), none.clone()),
        (message.clone(), "star", Method::PUT, format!("{message}/star"), none.clone()),
        (invitation.clone(), "resend", Method::POST, format!("{invitation}/resend"), none.clone()),
        (invitation.clone(), "revoke", Method::DELETE, invitation, none),
    ]
}

#[tokio::test]
async fn what_an_answer_says_that_one_can_do_is_what_one_can_do() {
    let mut stage = Stage::new().await;
    let (mut done, mut refused) = (0, 0);
    for kind in [Kind::Owner, Kind::Member, Kind::Client, Kind::OtherClient] {
        let world = stage.open().await;
        let calls = calls(&world.cast.own, &world.person(Kind::Owner).id, &world.person(kind).id);
        let mut things: Vec<&String> = calls.iter().map(|(thing, ..)| thing).collect();
        things.dedup();
        let mut can = std::collections::BTreeMap::new();
        for thing in things {
            let seen = world.person(kind).get(thing).await;
            if seen.status == 200 {
                can.insert(thing, seen.at("/can"));
            }
        }
        stage.close(world).await;
        for (thing, verb, method, path, body) in &calls {
            let Some(can) = can.get(thing) else { continue };
            let said = can.as_array().unwrap().iter().any(|name| verb.split('|').any(|verb| name == verb));
            let world = stage.open().await;
            let reply = Reply::of(world.person(kind).ask(method.clone(), path).json(body)).await;
            stage.close(world).await;
            // What may be done can still clash with how things are; what may not is refused or hidden.
            let allowed = reply.status < 300 || reply.status == 409;
            assert!(allowed || [403, 404].contains(&reply.status), "{kind:?} {verb} {path}: {}", reply.body);
            assert_eq!(said, allowed, "{kind:?} {verb} {path}: can {can}, and {}: {}", reply.status, reply.body);
            if allowed { done += 1 } else { refused += 1 }
        }
    }
    assert!(done >= 50 && refused >= 40, "{done} done, {refused} refused");
}

/// The walk itself is tried on servers that are wrong.
mod faults {
    use kitaab_core::access::Actor;
    use kitaab_core::testing::KeepingMailer;
    use kitaab_http::HttpConfig;

    use super::*;
    use crate::support::House;

    /// A copy of the world behind a server that takes everybody for somebody else.
    async fn with_sign_in(everybody_is: Kind) -> World {
        let mut stage = Stage::new().await;
        let world = stage.open().await;
        let user = world.person(everybody_is).id.parse().unwrap();
        let config = HttpConfig::default().sign_in(move |_| Some(Actor::person(user)));
        let (database, _, clock) = world.house.abandon().await;
        let house = House::on(database, KeepingMailer::default(), clock, |setup| setup.config = config).await;
        World { house, cast: world.cast }
    }

    /// Whether the refusals of an operation hold on this server.
    async fn holds(world: World, id: &str) -> bool {
        let document: Value = serde_json::from_str(&kitaab_http::openapi::document()).unwrap();
        let operation = operations(&document).into_iter().find(|operation| operation.id == id).unwrap();
        let row = TABLE.iter().find(|(name, _)| *name == id).unwrap().1;
        tokio::spawn(async move { refusals(&world, &operation, &row).await }).await.is_ok()
    }

    #[tokio::test]
    async fn the_walk_notices_a_server_that_takes_everybody_for_the_owner() {
        assert!(!holds(with_sign_in(Kind::Owner).await, "get_project").await);
        assert!(!holds(with_sign_in(Kind::Member).await, "delete_client").await);
        assert!(holds(World::new().await, "get_project").await);
    }

    #[tokio::test]
    async fn the_walk_notices_money_and_notes_in_what_an_owner_is_told() {
        let world = World::new().await;
        let (owner, studio) = (world.person(Kind::Owner), &world.cast.own["workspace_id"]);
        for (path, key) in [("/dashboard", "expenses"), ("/projects", "internal_notes"), ("/clients", "notes"), ("/time-entries", "amount")]
        {
            let told = owner.get(&format!("/workspaces/{studio}{path}")).await.expect(200).json();
            assert_eq!(private_key(&told).as_deref(), Some(key), "{path}");
        }
    }

    #[tokio::test]
    async fn the_walk_notices_a_row_that_a_refused_call_would_leave_behind() {
        let world = World::new().await;
        let before = world.house.database.dump().await;
        let owner = world.person(Kind::Owner);
        owner.get("/auth/session").await.expect(200);
        assert!(difference(&before, &world.house.database.dump().await).is_empty());
        owner.post(&format!("/workspaces/{}/projects", world.cast.own["workspace_id"]), &json!({"name": "Left behind"})).await.expect(201);
        let changed = difference(&before, &world.house.database.dump().await);
        assert!(changed.contains(&"projects".to_owned()), "{changed:?}");
    }
}
