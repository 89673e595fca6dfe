//! Canned messages of the staff, each with places that are filled in for a channel.

mod create;
mod edit;
mod fill;
mod list;
mod model;

pub use create::NewTemplate;
pub use edit::UpdateTemplate;
pub use list::TemplatesAsk;
pub use model::{Surroundings, Template, TemplateView};

/// The longest name, in characters.
const NAME_MAX: usize = 100;
