//! A look into a workspace, which is noted before anything is read.

use crate::access::{Action, Actor, Permit, Target};
use crate::error::{Error, Problems, Result};
use crate::kitaab::Kitaab;
use crate::store::Scope;
use crate::text;
use crate::work::Work;

/// The longest reason, in characters.
const REASON_MAX: usize = 500;

/// Opens a unit in which a moderator reads, once their look is in the audit log. Without a reason: 422, for whoever may
/// look; 404 for everybody else.
pub(crate) async fn look<'k, A: Action>(kitaab: &'k Kitaab, actor: &'k Actor, target: A::Target) -> Result<(Work<'k>, Permit<A>)> {
    let workspace = target.workspace().ok_or(Error::NotFound)?;
    let mut noting = Work::write(kitaab, actor, Scope::System(workspace)).await?;
    noting.may::<A>(target).await?;
    has_reason(actor)?;
    noting.commit().await?;
    let mut work = Work::read(kitaab, actor, Scope::System(workspace)).await?;
    let permit = work.may::<A>(target).await?;
    Ok((work, permit))
}

fn has_reason(actor: &Actor) -> Result<()> {
    let mut problems = Problems::default();
    match actor.origin().reason.as_deref() {
        None => problems.add("X-Reason", "required", "Say why you look, in a header X-Reason: the owner reads it."),
        Some(reason) => text::visible_line(&mut reason.to_owned(), "X-Reason", REASON_MAX, &mut problems),
    }
    problems.into_result()
}
