//! One's own profile.

use serde::{Deserialize, Serialize};

use super::Accounts;
use crate::access::{Own, action};
use crate::error::{Error, Problems, Result};
use crate::input::{Check, Input, Patch, check_patch};
use crate::store::Scope;
use crate::text::{self, check_zone};
use crate::work::Work;

/// The profile as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnProfile {
    /// The name that others see.
    pub display_name: String,
    /// Where they work.
    pub company: Option<String>,
    /// IANA name; all times are shown in it.
    pub time_zone: String,
    /// BCP 47 tag.
    pub locale: String,
    /// Where the picture is.
    pub avatar_url: Option<String>,
    /// The address they sign in with.
    pub email: String,
    /// Whether it was shown to be theirs.
    pub email_verified: bool,
}

/// The fields of a user that they edit themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The name that others see.
    pub display_name: String,
    /// Where they work.
    pub company: Option<String>,
    /// IANA name.
    pub time_zone: String,
    /// BCP 47 tag.
    pub locale: String,
}

/// A change of the profile; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateProfile {
    /// The name that others see.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub display_name: Option<String>,
    /// Where they work; null clears.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 200))]
    #[serde(default)]
    pub company: Patch<String>,
    /// A name of the IANA database: `Asia/Kolkata`.
    pub time_zone: Option<String>,
    /// A language tag as in BCP 47: `en`, `de-CH`.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length = 35))]
    pub locale: Option<String>,
}

impl Check for UpdateProfile {
    fn check(&mut self, problems: &mut Problems) {
        if let Some(name) = &mut self.display_name {
            text::name(name, "display_name", problems);
        }
        check_patch(&mut self.company, |company| text::optional_name(company, "company", problems));
        if let Some(zone) = &self.time_zone {
            check_zone(zone, "time_zone", problems);
        }
        if self.locale.as_ref().is_some_and(|locale| !is_language_tag(locale)) {
            problems.add("locale", "invalid", "Give a language tag as in en or de-CH.");
        }
    }
}

/// Whether this has the form of a language tag (BCP 47, without private and grandfathered ones).
fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().is_some_and(|l| (2..=3).contains(&l.len()) && l.bytes().all(|b| b.is_ascii_alphabetic()));
    text.len() <= 35 && language && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

impl Accounts<'_> {
    /// The own profile.
    pub async fn profile(&self) -> Result<OwnProfile> {
        let mut work = Work::read(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = work.may::<action::ViewAccount>(Own(self.require()?)).await?;
        let user = work.tx()?.login(&permit).await?.ok_or(Error::NotFound)?.user;
        Ok(OwnProfile {
            email_verified: user.email_verified_at.is_some(),
            display_name: user.display_name,
            company: user.company,
            time_zone: user.time_zone,
            locale: user.locale,
            avatar_url: user.avatar_url,
            email: user.email.unwrap_or_default(),
        })
    }

    /// Changes the own profile.
    pub async fn update_profile(&self, input: Input<UpdateProfile>) -> Result<OwnProfile> {
        let mut work = Work::write(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = work.may::<action::EditAccount>(Own(self.require()?)).await?;
        let change = input.checked()?;
        let user = work.tx()?.login(&permit).await?.ok_or(Error::NotFound)?.user;
        let profile = Profile {
            display_name: change.display_name.unwrap_or(user.display_name),
            company: change.company.or(user.company),
            time_zone: change.time_zone.unwrap_or(user.time_zone),
            locale: change.locale.unwrap_or(user.locale),
        };
        work.tx()?.update_profile(&permit, &profile).await?;
        work.commit().await?;
        self.profile().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_that_does_not_exist_and_a_tag_that_is_none_are_refused_together() {
        let change = UpdateProfile { time_zone: Some("Mars/Olympus".into()), locale: Some("e".into()), ..UpdateProfile::default() };
        let Err(Error::Invalid(problems)) = Input::from(change).checked() else { panic!("accepted") };
        assert_eq!(problems.iter().map(|p| p.field.as_str()).collect::<Vec<_>>(), ["time_zone", "locale"]);
    }
}
