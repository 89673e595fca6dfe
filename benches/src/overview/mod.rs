//! The dashboards, the feed, the profit report and the filters by text, with 200 projects, 20,000 tasks and 50,000 entries in
//! one workspace beside 10, 100 and 1,000 others; each beside its statements by hand, on a pooled connection, in the same
//! kind of transaction, settings and role, decoded.

pub mod bare;
mod by_hand;
mod fill;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use kitaab_core::access::Actor;
use kitaab_core::activity::ActivityAsk;
use kitaab_core::client::ClientsAsk;
use kitaab_core::finance::ReportAsk;
use kitaab_core::ids::ProjectId;
use kitaab_core::project::{ProjectView, ProjectsAsk, TasksAsk};

use self::bare::Bare;
use self::by_hand::Questions;
use crate::place::{Place, postgres, sqlite};
use crate::table::{head, quantile, ratio, row};

/// At least so often …
const ROUNDS: usize = 50;
/// … and as often as fits into this.
const ENOUGH: Duration = Duration::from_millis(1_500);
/// Clients, projects, tasks in each, entries for each.
const LARGE: [u32; 4] = [200, 200, 100, 250];
/// Other workspaces, in steps.
const NEIGHBOURS: [u32; 3] = [10, 100, 1_000];

struct Asked<'a> {
    place: &'a Place,
    mridul: &'a Actor,
    project: ProjectId,
}

impl Asked<'_> {
    /// Asks Kitaab; how long it took.
    async fn ours(&self, what: &str) -> anyhow::Result<Duration> {
        let Place { kitaab, nikhil, workspace, .. } = self.place;
        let (q, workspace) = (Some("7".to_owned()), *workspace);
        let started = Instant::now();
        let found = match what {
            "dashboard, owner" => kitaab.overview(nikhil).dashboard(workspace).await.map(|_| 1)?,
            "dashboard, client" => kitaab.overview(self.mridul).dashboard(workspace).await.map(|_| 1)?,
            "activity" => kitaab.overview(nikhil).activity(workspace, ActivityAsk::default().into()).await?.items.len(),
            "profit by project" => kitaab.finance(nikhil).profit(workspace, ReportAsk::default().into()).await?.items.len(),
            "projects, q" => kitaab.projects(nikhil).list(workspace, ProjectsAsk { q, ..ProjectsAsk::default() }.into()).await?.items.len(),
            "tasks, q" => {
                kitaab.tasks(nikhil).list(workspace, self.project, TasksAsk { q, ..TasksAsk::default() }.into()).await?.items.len()
            }
            _ => kitaab.clients(nikhil).list(workspace, ClientsAsk { q, ..ClientsAsk::default() }.into()).await?.items.len(),
        };
        let took = started.elapsed();
        anyhow::ensure!(found > 0, "{what} found nothing");
        Ok(took)
    }
}

/// Measures both ways in turn.
pub async fn run(folder: &Path) -> anyhow::Result<()> {
    head(&["engine", "question", "other workspaces", "Kitaab, p50", "by hand, p50", "ratio"]);
    let (_room, path, store) = sqlite(folder).await?;
    let place = Place::on(store).await?;
    let bare = Bare::sqlite(&path).await?;
    on("SQLite", &place, &bare).await?;
    let (_server, database, store) = postgres().await?;
    let place = Place::on(Arc::clone(&store)).await?;
    let user = place.nikhil.user().context("a person")?;
    let bare = Bare::postgres(database.url(), place.workspace, user).await?;
    on("PostgreSQL", &place, &bare).await
}

async fn on(engine: &str, place: &Place, bare: &Bare) -> anyhow::Result<()> {
    let (mridul, card) = place.client().await?;
    let own = format!("(SELECT {} AS id)", bare.id(place.workspace.0));
    bare.fill(&bare.tongue().things(&own, LARGE)).await?;
    bare.fill(&[bare.tongue().share(&bare.id(place.workspace.0), &bare.id(card))]).await?;
    let listed = place.kitaab.projects(&place.nikhil).list(place.workspace, ProjectsAsk::default().into()).await?;
    let project = match listed.items.first().context("a project")? {
        ProjectView::Staff(project) => project.id,
        ProjectView::Client(project) => project.id,
    };
    let asked = Asked { place, mridul: &mridul, project };
    let by_hand = Questions::new(&bare.words(), &bare.id(place.workspace.0), &bare.id(card), &bare.id(project.0));
    let mut there = 0;
    for others in NEIGHBOURS {
        bare.fill(&bare.tongue().neighbours(others - there)).await?;
        bare.settle().await?;
        there = others;
        for (what, statements) in [
            ("dashboard, owner", &by_hand.owner),
            ("dashboard, client", &by_hand.client),
            ("activity", &by_hand.activity),
            ("profit by project", &by_hand.profit),
            ("projects, q", &by_hand.projects),
            ("tasks, q", &by_hand.tasks),
            ("clients, q", &by_hand.clients),
        ] {
            let (mut with, mut without) = (Vec::new(), Vec::new());
            let begun = Instant::now();
            while with.len() < ROUNDS || begun.elapsed() < ENOUGH {
                with.push(asked.ours(what).await?);
                without.push(bare.ask(statements).await?);
            }
            let (ours, bare) = (quantile(&mut with, 0.5), quantile(&mut without, 0.5));
            row(&[
                engine.into(),
                what.into(),
                others.to_string(),
                format!("{ours:.0?}"),
                format!("{bare:.0?}"),
                ratio(ours.as_secs_f64(), bare.as_secs_f64()),
            ]);
        }
    }
    Ok(())
}
