//! Changing a card, and bringing an archived one back.

use serde::Deserialize;

use super::archive::archive;
use super::create::{check_phone, duplicate};
use super::{Client, ClientView, Clients, NOTES_MAX, view};
use crate::access::{InWorkspace, OnClient, Permit, action};
use crate::answer::{Single, Warning};
use crate::error::{Error, Problems, Result};
use crate::event::{EventKind, Told};
use crate::ids::{ClientId, WorkspaceId};
use crate::input::{Check, Input, Patch, check_patch};
use crate::invitation::revoke_open_of;
use crate::text;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A change of a card; what is absent stays. A member may change the notes alone.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateClient {
    /// The person's name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: Option<String>,
    /// Where they are written to. Changing it takes the open invitation back.
    #[cfg_attr(feature = "openapi", schema(format = Email, max_length = 254))]
    pub email: Option<String>,
    /// Where they work; null clears.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 200))]
    #[serde(default)]
    pub company: Patch<String>,
    /// As they write it; null clears.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 50))]
    #[serde(default)]
    pub phone: Patch<String>,
    /// Internal; null clears.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 10_000))]
    #[serde(default)]
    pub notes: Patch<String>,
    /// `false` brings an archived card back, without access; `true` archives it.
    pub archived: Option<bool>,
}

impl UpdateClient {
    fn touches_card(&self) -> bool {
        self.name.is_some() || self.email.is_some() || !self.company.is_keep() || !self.phone.is_keep()
    }
}

impl Check for UpdateClient {
    fn check(&mut self, problems: &mut Problems) {
        if let Some(name) = &mut self.name {
            text::name(name, "name", problems);
        }
        if let Some(email) = &mut self.email {
            text::email(email, "email", problems);
        }
        if self.archived.is_some() && (self.touches_card() || !self.notes.is_keep()) {
            problems.add("archived", "alone", "Archive or bring back in a request of its own.");
        }
        check_patch(&mut self.company, |company| text::optional_name(company, "company", problems));
        check_patch(&mut self.phone, |phone| check_phone(phone, problems));
        check_patch(&mut self.notes, |notes| text::optional_text(notes, "notes", NOTES_MAX, problems));
    }
}

impl Clients<'_> {
    /// Changes the card. With `if_match`, only if it still has this version.
    pub async fn update(
        &self,
        workspace: WorkspaceId,
        client: ClientId,
        input: Input<UpdateClient>,
        if_match: Option<i64>,
    ) -> Result<Single<ClientView>> {
        again(self.kitaab, || self.try_update(OnClient(workspace, client), &input, if_match)).await
    }

    async fn try_update(&self, target: OnClient, input: &Input<UpdateClient>, if_match: Option<i64>) -> Result<Single<ClientView>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, target.0)).await?;
        // The least that anybody may change here; what else the fields ask for is asked with them.
        let permit = work.may::<action::EditClientNotes>(target).await?;
        let mut problems = Problems::default();
        let change = input.check_into(&mut problems)?;
        let card = if change.touches_card() { Some(work.may::<action::EditClient>(target).await?) } else { None };
        problems.into_result()?;
        let mut row = work.tx()?.client(&permit).await?.ok_or(Error::NotFound)?;
        let expected = if_match.unwrap_or(row.version);
        if expected != row.version {
            return Err(Error::Stale { current_version: row.version });
        }
        if change.notes.is_keep() {
            work.unchanged::<action::EditClientNotes>();
        }
        let mut warnings = Vec::new();
        match change.archived {
            Some(true) => archive(&mut work, target, &mut row).await?,
            Some(false) => restore(&mut work, target, &mut row).await?,
            None => {
                if let Some(card) = &card {
                    warnings = edit(&mut work, card, &mut row, change.clone()).await?;
                }
            }
        }
        if !change.notes.is_keep() {
            let notes = change.notes.or(None);
            work.tx()?.set_client_notes(&permit, notes.as_deref()).await?;
        }
        row.updated_at = work.now();
        if !work.tx()?.update_client(&permit, &row, row.version).await? {
            return Err(Error::Stale { current_version: row.version });
        }
        work.tell(Told::staff(EventKind::ClientUpdated, target.1.0));
        let view = work.may::<action::ViewClient>(target).await?;
        let mut answer = view::single(&mut work, &view).await?;
        answer.warnings = warnings;
        work.commit().await?;
        Ok(answer)
    }
}

/// Puts new values on the card. A new email takes the open invitation back: it went to the old one.
async fn edit(work: &mut Work<'_>, permit: &Permit<action::EditClient>, row: &mut Client, change: UpdateClient) -> Result<Vec<Warning>> {
    let mut warnings = Vec::new();
    if let Some(email) = change.email.filter(|email| *email != row.email) {
        must_be_free(work, permit.target(), &email).await?;
        warnings = Warning::of_email("email", &email);
        row.email = email;
        revoke_open_of(work, permit).await?;
    }
    row.name = change.name.unwrap_or(std::mem::take(&mut row.name));
    row.company = change.company.or(row.company.take());
    row.phone = change.phone.or(row.phone.take());
    Ok(warnings)
}

/// Brings an archived card back, without access: it is invited anew.
async fn restore(work: &mut Work<'_>, target: OnClient, row: &mut Client) -> Result<()> {
    work.may::<action::RestoreClient>(target).await?;
    if row.archived_at.take().is_some() {
        must_be_free(work, target, &row.email).await?;
    } else {
        work.unchanged::<action::RestoreClient>();
    }
    Ok(())
}

async fn must_be_free(work: &mut Work<'_>, target: OnClient, email: &str) -> Result<()> {
    let list = work.may::<action::ListClients>(InWorkspace(target.0)).await?;
    match work.tx()?.client_by_email(&list, email).await? {
        Some(other) if other != target.1 => Err(duplicate(other)),
        _ => Ok(()),
    }
}
