//! What it costs a post that it can be found again: the same posts, and with a trigger that leaves their texts out of what is searched.

use kitaab_core::{Kitaab, Settings};

use super::{Ask, Case, posts};
use crate::engine::Engine;
use crate::table::{head, ratio, row};

/// Leaves every text out.
fn off(engine: &Engine) -> Vec<String> {
    if engine.url().is_some() {
        vec![
            "CREATE OR REPLACE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'".into(),
            "CREATE TRIGGER off BEFORE INSERT ON search_documents FOR EACH ROW EXECUTE FUNCTION nothing()".into(),
        ]
    } else {
        vec!["CREATE TRIGGER off BEFORE INSERT ON search_documents BEGIN SELECT RAISE(IGNORE); END".into()]
    }
}

fn on(engine: &Engine) -> Vec<String> {
    vec![if engine.url().is_some() { "DROP TRIGGER off ON search_documents" } else { "DROP TRIGGER off" }.into()]
}

pub async fn measure(engine: &Engine, case: Case, ask: &Ask) -> anyhow::Result<()> {
    if !format!("{}, indexing", engine.name()).contains(&ask.only) {
        return Ok(());
    }
    let settings = Settings { limits: false, ..Settings::default() };
    let kitaab = Kitaab::builder(engine.store().await?).settings(settings).build();
    posts(&kitaab, &case, 0.3).await?;
    let mut figures = Vec::new();
    for _ in 0..ask.rounds {
        engine.fill(&off(engine)).await?;
        let without = posts(&kitaab, &case, ask.seconds).await?;
        engine.fill(&on(engine)).await?;
        figures.push((posts(&kitaab, &case, ask.seconds).await?, without));
    }
    kitaab.store().close().await;
    figures.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let (with, without) = figures[figures.len() / 2];
    println!();
    head(&["engine", "posts", "taken in for searching, 1/s", "not taken in, 1/s", "ratio, aim ≥ 0.6"]);
    row(&[engine.name().into(), case.name.into(), format!("{with:.0}"), format!("{without:.0}"), ratio(with, without)]);
    Ok(())
}
