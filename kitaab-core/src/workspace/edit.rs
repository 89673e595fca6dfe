//! Changing a workspace's name, brand and settings.

use serde::Deserialize;

use super::{WorkspaceView, Workspaces, view};
use crate::access::{InWorkspace, action};
use crate::answer::Single;
use crate::error::{Error, Problems, Result};
use crate::ids::WorkspaceId;
use crate::input::{Check, Input, Patch};
use crate::text::{self, check_zone};
use crate::work::{Work, again};

/// What of the brand changes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateBrand {
    /// `#rrggbb`; null takes the product's own.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, pattern = "^#[0-9a-fA-F]{6}$"))]
    #[serde(default)]
    pub color: Patch<String>,
    /// A file of the workspace; null takes the logo away.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<uuid::Uuid>))]
    #[serde(default)]
    pub logo_file_id: Patch<uuid::Uuid>,
}

/// A change of a workspace; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateWorkspace {
    /// The name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: Option<String>,
    /// How mails and doors look.
    pub brand: Option<UpdateBrand>,
    /// A name of the IANA database.
    pub time_zone: Option<String>,
    /// Three letters of ISO 4217.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Z]{3}$"))]
    pub currency: Option<String>,
}

impl Check for UpdateWorkspace {
    fn check(&mut self, problems: &mut Problems) {
        if let Some(name) = &mut self.name {
            text::name(name, "name", problems);
        }
        if let Some(brand) = &mut self.brand {
            if let Some(color) = brand.color.value_mut() {
                *color = color.to_ascii_lowercase();
                let hex = color.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
                if !hex {
                    problems.add("brand.color", "invalid", "Give a colour as in #1a2b3c.");
                }
            }
            // There are no files yet that it could name.
            if brand.logo_file_id.value_mut().is_some() {
                problems.add("brand.logo_file_id", "not_found", "There is no such file.");
            }
        }
        if let Some(zone) = &self.time_zone {
            check_zone(zone, "time_zone", problems);
        }
        if self.currency.as_ref().is_some_and(|code| !crate::money::is_currency(code)) {
            problems.add("currency", "unknown", "Give a currency of ISO 4217 as in EUR.");
        }
    }
}

impl Workspaces<'_> {
    /// Changes the workspace. With `if_match`, only if it still has this version.
    pub async fn update(
        &self,
        workspace: WorkspaceId,
        input: Input<UpdateWorkspace>,
        if_match: Option<i64>,
    ) -> Result<Single<WorkspaceView>> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, super::scope(self.actor, workspace)).await?;
            let permit = work.may::<action::EditWorkspace>(InWorkspace(workspace)).await?;
            let change = input.checked()?;
            let mut row = work.tx()?.workspace(&permit).await?.ok_or(Error::NotFound)?;
            let expected = if_match.unwrap_or(row.version);
            let brand = change.brand.unwrap_or_default();
            row.name = change.name.unwrap_or(row.name);
            row.brand_color = brand.color.or(row.brand_color);
            row.time_zone = change.time_zone.unwrap_or(row.time_zone);
            row.currency = change.currency.unwrap_or(row.currency);
            if !work.tx()?.update_workspace(&permit, &row, expected).await? {
                return Err(Error::Stale { current_version: row.version });
            }
            let view = work.may::<action::ViewWorkspace>(InWorkspace(workspace)).await?;
            let answer = view::single(&mut work, &view).await?;
            work.commit().await?;
            Ok(answer)
        })
        .await
    }
}
