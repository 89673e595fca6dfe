//! The ids in a path.

use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use kitaab_core::Error;

use crate::app::App;
use crate::problem::Problem;

/// The ids of a path from left to right. What is no id names nothing, so it gets the answer that a missing thing gets.
pub(crate) struct Ids<T>(pub(crate) T);

async fn segments(parts: &mut Parts, app: &App) -> Result<Vec<String>, Problem> {
    let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::NotFound)?;
    Ok(params.iter().map(|(_, value)| value.to_owned()).collect())
}

macro_rules! ids {
    ($($name:ident)+) => {
        impl<$($name: FromStr),+> FromRequestParts<App> for Ids<($($name,)+)> {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
                let found = segments(parts, app).await?;
                let mut rest = found.iter();
                let ids = ($(rest.next().and_then(|text| $name::from_str(text).ok()).ok_or(Error::NotFound)?,)+);
                Ok(Self(ids))
            }
        }
    };
}
ids!(A);
ids!(A B);
ids!(A B C);
