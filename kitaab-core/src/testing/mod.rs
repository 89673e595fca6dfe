//! What tests need: a clock to set, chance from a seed, mailers that keep or fail, a temporary PostgreSQL.

mod chance;
mod clock;
mod mailer;
mod postgres;
mod smtp;

pub use chance::SeededChance;
pub use clock::ManualClock;
pub use mailer::{KeepingMailer, Kept};
pub use postgres::*;
pub use smtp::{Behaviour, PlannedSmtp, Received};
