//! Frames as text.

use kitaab_core::event::Batch;
use kitaab_core::ids::WorkspaceId;

/// Writes events of a workspace into one frame. What they say was written once for all; here it is put together.
pub(super) fn events(workspace: WorkspaceId, batch: &Batch) -> String {
    let mut out = String::with_capacity(256 + batch.events.len() * 768);
    out.push_str("{\"events\":[");
    for (place, event) in batch.events.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        event.write(&mut out);
    }
    out.push_str("],\"workspace_id\":\"");
    out.push_str(&workspace.to_string());
    // Cursors are base64url: nothing in them has to be escaped.
    out.push_str("\",\"cursor\":\"");
    out.push_str(&batch.cursor);
    out.push_str("\",\"prev\":\"");
    out.push_str(&batch.prev);
    out.push_str("\"}");
    out
}

/// Something that passes and moves no cursor.
pub(super) fn ephemeral(workspace: WorkspaceId, passing: &str) -> String {
    format!("{{\"ephemeral\":{passing},\"workspace_id\":\"{workspace}\"}}")
}
