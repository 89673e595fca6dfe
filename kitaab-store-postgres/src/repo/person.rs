//! People in a workspace.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, OnInvitation, OnPerson, Reach, Reads, Role, Who, Writes};
use kitaab_core::ids::UserId;
use kitaab_core::page::Span;
use kitaab_core::store::{PersonRepo, StoreResult};
use kitaab_core::workspace::{Member, Membership};
use sqlx::{query, query_as};

use super::rows::FIRST;
use crate::engine::Unit;

#[async_trait]
impl PersonRepo for Unit {
    async fn people(&mut self, permit: &Reads<InWorkspace>, span: &Span<UserId>) -> StoreResult<Vec<Member>> {
        let (staff, clients) = match permit.reach() {
            Reach::All => (true, true),
            Reach::Known => (true, false),
            Reach::Own => (false, false),
            Reach::Assigned(_) | Reach::Inside | Reach::Nothing => return Ok(Vec::new()),
        };
        let caller = match permit.who() {
            Who::Person(user) => Some(user),
            Who::Nobody | Who::System => None,
        };
        let query = query_as!(
            Member,
            "SELECT m.user_id, u.display_name, m.role, m.client_id, u.avatar_url, m.invited_by, m.invitation_accepted_at
            FROM memberships m JOIN users u ON u.id = m.user_id
            WHERE m.workspace_id = $1 AND m.user_id > $2
                AND (m.user_id = $3 OR (m.role = 'client' AND $4) OR (m.role <> 'client' AND $5)
                    OR ($5 AND EXISTS (SELECT 1 FROM channel_members a JOIN channel_members b ON b.workspace_id = a.workspace_id
                        AND b.channel_id = a.channel_id AND b.user_id = m.user_id
                        JOIN channels c ON c.workspace_id = a.workspace_id AND c.id = a.channel_id
                        WHERE a.workspace_id = $1 AND a.user_id = $3 AND NOT (c.kind = 'project' AND c.archived_at IS NOT NULL))))
            ORDER BY m.user_id LIMIT $6",
            permit.workspace() as _,
            span.after.map_or(FIRST, |after| after.0),
            caller as _,
            clients,
            staff,
            i64::from(span.limit)
        );
        self.all(query).await
    }

    async fn person(&mut self, permit: &Reads<OnPerson>) -> StoreResult<Option<Member>> {
        let OnPerson(workspace, person) = permit.target();
        let query = query_as!(
            Member,
            "SELECT m.user_id, u.display_name, m.role, m.client_id, u.avatar_url, m.invited_by, m.invitation_accepted_at
            FROM memberships m JOIN users u ON u.id = m.user_id
            WHERE m.workspace_id = $1 AND m.user_id = $2",
            workspace as _,
            person as _
        );
        self.optional(query).await
    }

    async fn everybody(&mut self, permit: &Writes<InWorkspace>) -> StoreResult<Vec<UserId>> {
        let query = query!("SELECT user_id FROM memberships WHERE workspace_id = $1 ORDER BY user_id", permit.workspace() as _);
        Ok(self.all(query).await?.into_iter().map(|row| row.user_id).collect())
    }

    async fn names_among(&mut self, permit: &Reads<InWorkspace>, people: &[UserId]) -> StoreResult<Vec<(UserId, String)>> {
        self.names_of(permit.workspace(), people).await
    }

    async fn owners(&mut self, permit: &Reads<InWorkspace>) -> StoreResult<Vec<UserId>> {
        let query = query!(
            "SELECT user_id FROM memberships WHERE workspace_id = $1 AND role = 'owner' ORDER BY created_at, user_id",
            permit.workspace() as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.user_id).collect())
    }

    async fn is_member(&mut self, permit: &Reads<InWorkspace>, email: &str) -> StoreResult<bool> {
        let query = query!(
            "SELECT m.user_id FROM users u JOIN memberships m ON m.workspace_id = $1 AND m.user_id = u.id WHERE u.email = $2",
            permit.workspace() as _,
            email
        );
        Ok(self.optional(query).await?.is_some())
    }

    async fn insert_membership(&mut self, permit: &Writes<OnInvitation>, membership: &Membership) -> StoreResult<bool> {
        self.keep_membership(permit.workspace(), membership).await
    }

    async fn set_role(&mut self, permit: &Writes<OnPerson>, role: Role) -> StoreResult<bool> {
        let OnPerson(workspace, person) = permit.target();
        // Only a client has a card, and nobody becomes one without.
        let query = query!(
            "UPDATE memberships SET role = $3, client_id = CASE WHEN $3 = 'client' THEN client_id END
            WHERE workspace_id = $1 AND user_id = $2 AND ($3 <> 'client' OR client_id IS NOT NULL)",
            workspace as _,
            person as _,
            role as _
        );
        self.touch(query).await
    }

    async fn delete_membership(&mut self, permit: &Writes<OnPerson>) -> StoreResult<bool> {
        let OnPerson(workspace, person) = permit.target();
        self.touch(query!("DELETE FROM memberships WHERE workspace_id = $1 AND user_id = $2", workspace as _, person as _)).await
    }

    async fn lock_owners(&mut self, permit: &Writes<OnPerson>) -> StoreResult<i64> {
        self.count_owners_locked(permit.workspace()).await
    }
}
