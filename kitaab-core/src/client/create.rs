//! Adding a client.

use serde::Deserialize;

use super::{Client, ClientForStaff, Clients, NOTES_MAX, PHONE_MAX};
use crate::access::{InWorkspace, OnClient, Permit, action};
use crate::activity::{Deed, Verb};
use crate::answer::{Single, Warning};
use crate::error::{Error, Problems, Result};
use crate::event::{EventKind, Told};
use crate::ids::WorkspaceId;
use crate::input::{Check, Input};
use crate::text;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A new card.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewClient {
    /// The person's name.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 200))]
    #[serde(default)]
    pub name: String,
    /// Where they are written to.
    #[cfg_attr(feature = "openapi", schema(required = true, format = Email, max_length = 254))]
    #[serde(default)]
    pub email: String,
    /// Where they work.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub company: Option<String>,
    /// As they write it.
    #[cfg_attr(feature = "openapi", schema(max_length = 50))]
    pub phone: Option<String>,
    /// Internal: no client ever sees them.
    #[cfg_attr(feature = "openapi", schema(max_length = 10_000))]
    pub notes: Option<String>,
}

impl Check for NewClient {
    fn check(&mut self, problems: &mut Problems) {
        text::name(&mut self.name, "name", problems);
        text::email(&mut self.email, "email", problems);
        text::optional_name(&mut self.company, "company", problems);
        check_phone(&mut self.phone, problems);
        text::optional_text(&mut self.notes, "notes", NOTES_MAX, problems);
    }
}

/// A phone number as it is written; blank becomes none.
pub(super) fn check_phone(phone: &mut Option<String>, problems: &mut Problems) {
    if let Some(number) = phone {
        text::visible_line(number, "phone", PHONE_MAX, problems);
        if number.is_empty() {
            *phone = None;
        }
    }
}

/// A card that another one with this email stands in the way of.
pub(super) fn duplicate(existing: crate::ids::ClientId) -> Error {
    Error::duplicate("duplicate_client", "Another client has this email.", existing.0)
}

/// Keeps a new card and tells of it.
pub(crate) async fn insert_card(work: &mut Work<'_>, permit: &Permit<action::CreateClient>, new: NewClient) -> Result<Client> {
    let now = work.now();
    let client = Client {
        id: work.id(),
        name: new.name,
        email: new.email,
        company: new.company,
        phone: new.phone,
        user_id: None,
        archived_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    if let Some(existing) = work.tx()?.client_by_email(permit, &client.email).await? {
        return Err(duplicate(existing));
    }
    if !work.tx()?.insert_client(permit, &client).await? {
        return Err(crate::store::StoreError::Conflict.into());
    }
    if let Some(notes) = &new.notes {
        work.tx()?.insert_client_notes(permit, client.id, notes).await?;
    }
    work.made::<action::CreateClient>(client.id.0);
    work.record(Deed::client(Verb::Created, client.id));
    work.tell(Told::staff(EventKind::ClientCreated, client.id.0));
    Ok(client)
}

impl Clients<'_> {
    /// Adds a client. `duplicate_client` if a card that is not archived has the email.
    pub async fn create(&self, workspace: WorkspaceId, input: Input<NewClient>) -> Result<Single<ClientForStaff>> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::CreateClient>(InWorkspace(workspace)).await?;
            if let Some(first) = work.repeated().await? {
                work.commit().await?;
                return Ok(first);
            }
            let new = input.checked()?;
            let (notes, warnings) = (new.notes.clone(), Warning::of_email("email", &new.email));
            let client = insert_card(&mut work, &permit, new).await?;
            let can = work.can(OnClient(workspace, client.id)).await?;
            let answer = Single { item: ClientForStaff::new(client, notes, None), can, warnings };
            work.answer(&answer)?;
            work.commit().await?;
            Ok(answer)
        })
        .await
    }
}
