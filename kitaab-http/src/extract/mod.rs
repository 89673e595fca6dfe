//! From a request to what a use case takes.
//!
//! Who calls is decided before anything of the body is read. Body and query are handed on as they were read, together
//! with what is wrong with them: core looks at them only once it knows that the caller may do this.

mod agent;
mod body;
mod caller;
mod context;
mod cookie;
mod form;
mod ids;
mod if_match;
mod json;
mod node;
mod query;
mod same_site;
mod shape;
mod strict;

pub(crate) use agent::{Agent, LinkRequest};
pub(crate) use caller::{Anyone, Caller, MaybeCaller, bearer, by_token};
pub(crate) use context::{Context, client_address, sane_request_id};
pub(crate) use cookie::{Jar, Kept};
pub(crate) use form::Form;
pub(crate) use ids::Ids;
pub(crate) use if_match::IfMatch;
pub(crate) use json::{Idempotency, Json, read_body, read_object};
pub(crate) use query::{Ask, Format, Query, Tabular, decode};
pub(crate) use same_site::{NotCrossSite, OwnOrigin, same_site};
