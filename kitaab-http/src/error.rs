//! The one place where core's errors become answers.

use std::error::Error as _;
use std::time::Duration;

use axum::http::StatusCode;
use kitaab_core::Error;
use kitaab_core::error::{Problems, Unreadable};
use kitaab_core::store::StoreError;

use crate::problem::{Field, Problem};

/// When to come back where nothing better is known.
const SOON: u64 = 1;
/// A full disk is not emptied in a second.
const DISK: u64 = 60;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let status = status(&error);
        if status.is_server_error() {
            log(status, &error);
        }
        let problem = Self::new(status, error.code(), error.to_string()).temporary(error.is_temporary());
        match error {
            Error::Invalid(problems) => problem.fields(fields(&problems)),
            Error::Conflict { code: "in_progress", .. } => problem.retry_after(SOON),
            Error::Conflict { existing, .. } => problem.existing(existing),
            Error::Stale { current_version } => problem.current_version(current_version),
            Error::TooMany { retry_after } | Error::Busy { retry_after } => problem.retry_after(whole_seconds(retry_after)),
            Error::Unauthenticated(_) => problem.challenge("Bearer"),
            Error::Store(StoreError::Full(_)) => problem.retry_after(DISK),
            _ if status == StatusCode::SERVICE_UNAVAILABLE => problem.retry_after(SOON),
            _ => problem,
        }
    }
}

fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Unreadable { why: Unreadable::Malformed, .. } => StatusCode::BAD_REQUEST,
        Error::Unreadable { why: Unreadable::TooLarge, .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Unreadable { why: Unreadable::MediaType, .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Error::Conflict { .. } => StatusCode::CONFLICT,
        Error::Stale { .. } => StatusCode::PRECONDITION_FAILED,
        Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unsupported(_) => StatusCode::NOT_IMPLEMENTED,
        Error::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Error::Provider(error) if error.is_transient() => StatusCode::SERVICE_UNAVAILABLE,
        Error::Provider(_) => StatusCode::BAD_GATEWAY,
        Error::Store(StoreError::Full(_)) => StatusCode::INSUFFICIENT_STORAGE,
        Error::Store(error) if error.is_temporary() => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn fields(problems: &Problems) -> Vec<Field> {
    problems.iter().map(|p| Field { field: p.field.clone(), code: p.code, message: p.message.clone() }).collect()
}

/// Rounded up: who comes a little late is let in.
pub(crate) fn whole_seconds(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}

/// The whole chain goes to the log; none of it goes out.
fn log(status: StatusCode, error: &Error) {
    let mut chain = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        chain.push_str(": ");
        chain.push_str(&source.to_string());
        next = source.source();
    }
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(status = status.as_u16(), error = chain, "a request failed");
    } else {
        tracing::warn!(status = status.as_u16(), error = chain, "a request could not be served");
    }
}

#[cfg(test)]
mod tests {
    use kitaab_core::error::{Refusal, Unauthenticated};

    use super::*;

    #[test]
    fn every_error_has_its_status_and_the_stable_code() {
        let full = || StoreError::Full("no space".into());
        let table = [
            (Error::NotFound, 404, "not_found"),
            (Error::Forbidden(Refusal::ReauthRequired), 403, "reauth_required"),
            (Error::Unauthenticated(Unauthenticated::WrongCredentials), 401, "wrong_credentials"),
            (Error::field("email", "invalid", "x"), 422, "invalid"),
            (Error::conflict("email_taken", "x"), 409, "email_taken"),
            (Error::Stale { current_version: 3 }, 412, "stale"),
            (Error::TooMany { retry_after: Duration::from_millis(1500) }, 429, "too_many_requests"),
            (Error::Store(full()), 507, "unavailable"),
            (Error::Store(StoreError::Ended), 503, "unavailable"),
            (Error::Store(StoreError::Backend("x".into())), 500, "internal"),
            (Error::internal("x"), 500, "internal"),
        ];
        for (error, status, code) in table {
            let problem = Problem::from(error);
            assert_eq!((problem.status().as_u16(), problem.code()), (status, code));
        }
    }

    #[test]
    fn who_should_come_back_is_told_when() {
        let seconds = |error| Problem::from(error).seconds();
        assert_eq!(seconds(Error::TooMany { retry_after: Duration::from_millis(1500) }), Some(2));
        assert_eq!(seconds(Error::conflict("in_progress", "x")), Some(1));
        assert_eq!(seconds(Error::conflict("email_taken", "x")), None);
        assert_eq!(seconds(Error::Store(StoreError::Full("x".into()))), Some(60));
        assert_eq!(seconds(Error::Store(StoreError::Conflict)), Some(1));
    }

    #[test]
    fn what_the_database_says_does_not_leave_the_house() {
        let problem = Problem::from(Error::Store(StoreError::Backend("relation \"users\" does not exist".into())));
        let json = serde_json::to_string(&problem.details("r")).unwrap();
        assert!(!json.contains("users"), "{json}");
    }
}
