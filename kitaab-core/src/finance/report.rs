//! Reports: profit and loss, and time. Sums are kept apart by currency, never added across them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Finance;
use super::entry::check_days;
use crate::access::{InWorkspace, Ledger, action};
use crate::error::{Error, Problems, Result};
use crate::ids::WorkspaceId;
use crate::input::{Check, Input};
use crate::money::{Currency, Money};
use crate::sql::names;
use crate::store::{LedgerSum, TimeSum};
use crate::table::{Column, Sheet, SheetWriter, exact, text};
use crate::time::Date;
use crate::work::Work;
use crate::workspace::scope;

names! {
    /// By what a report adds up.
    pub enum GroupBy {
        /// By project.
        Project = "project",
        /// By client: that of an entry, or for time that of its project.
        Client = "client",
        /// By month of the workspace's time zone.
        Month = "month",
        /// By category; for money alone.
        Category = "category",
    }
}

/// Which report.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReportAsk {
    /// From this day on.
    pub from: Option<Date>,
    /// Up to this day.
    pub to: Option<Date>,
    /// By what it adds up; by project when absent.
    pub group_by: Option<GroupBy>,
}

impl Check for ReportAsk {
    fn check(&mut self, problems: &mut Problems) {
        check_days(self.from, self.to, problems);
    }
}

/// A line of the profit report: one for each key and currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProfitItem {
    /// The id, month or category; null for what has none.
    pub key: Option<String>,
    /// What it is called.
    pub label: Option<String>,
    /// Of which currency the amounts are.
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[A-Z]{3}$"))]
    pub currency: Currency,
    /// What came in.
    pub income: String,
    /// What went out.
    pub expense: String,
    /// What came in less what went out; a loss begins with a minus.
    pub profit: String,
}

/// The profit report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProfitReport {
    /// By label and currency; what has no key comes last.
    pub items: Vec<ProfitItem>,
}

/// A line of the time report: one for each key and currency, and one for time without a rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimeItem {
    /// The id or month; null for what has none.
    pub key: Option<String>,
    /// What it is called.
    pub label: Option<String>,
    /// Of which currency the amount is; null for time without a rate.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, pattern = "^[A-Z]{3}$"))]
    pub currency: Option<Currency>,
    /// Whole minutes of all entries that have ended.
    pub minutes: i64,
    /// Those that somebody is to pay for.
    pub billable_minutes: i64,
    /// What they are to pay.
    pub amount: Option<String>,
}

/// The time report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimeReport {
    /// By label and currency; what has no key comes last.
    pub items: Vec<TimeItem>,
}

/// How the lines of a report are put in order: those without a key last, by label, then by key and currency.
type Place = (bool, Option<String>, Option<String>, Option<Currency>);

fn place(key: Option<String>, label: Option<String>, currency: Option<Currency>) -> Place {
    (key.is_none(), label, key, currency)
}

impl Finance<'_> {
    /// Income, expenses and profit, by project, client, month or category, and by currency.
    pub async fn profit(&self, workspace: WorkspaceId, ask: Input<ReportAsk>) -> Result<ProfitReport> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewLedger>(Ledger(workspace)).await?;
        let ask = ask.checked()?;
        let by = ask.group_by.unwrap_or(GroupBy::Project);
        let mut sums: BTreeMap<Place, (i64, i64)> = BTreeMap::new();
        for LedgerSum { key, label, currency, income, expense } in work.tx()?.ledger_sums(&permit, by, ask.from, ask.to).await? {
            let sum = sums.entry(place(key, label, Some(currency))).or_default();
            *sum = (sum.0 + income, sum.1 + expense);
        }
        let items = sums.into_iter().filter_map(|((_, label, key, currency), (income, expense))| {
            let currency = currency?;
            let text = |minor| Money { minor, currency }.amount();
            Some(ProfitItem { key, label, currency, income: text(income), expense: text(expense), profit: text(income - expense) })
        });
        Ok(ProfitReport { items: items.collect() })
    }

    /// Time that has ended, by project, client or month, and by the currency of its rate.
    pub async fn time_report(&self, workspace: WorkspaceId, ask: Input<ReportAsk>) -> Result<TimeReport> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewLedger>(Ledger(workspace)).await?;
        let mut problems = Problems::default();
        let ask = ask.check_into(&mut problems)?;
        let by = ask.group_by.unwrap_or(GroupBy::Project);
        if by == GroupBy::Category {
            problems.add("group_by", "invalid", "Time has no category: group it by project, client or month.");
        }
        problems.into_result()?;
        let within = work.may::<action::ViewWorkspace>(InWorkspace(workspace)).await?;
        let zone = work.tx()?.workspace(&within).await?.ok_or(Error::NotFound)?.time_zone;
        let (from, before) = (ask.from.map(|day| day.begins_in(&zone)), ask.to.map(|day| day.ends_in(&zone)));
        let mut sums: BTreeMap<Place, (i64, i64, i64)> = BTreeMap::new();
        for row in work.tx()?.time_sums(&permit, by, from, before).await? {
            let TimeSum { key, label, started_at, currency, minutes, billable_minutes, amount } = row;
            let month = started_at.map(|at| at.date_in(&zone).month());
            let (key, label) = if by == GroupBy::Month { (month.clone(), month) } else { (key, label) };
            let sum = sums.entry(place(key, label, currency)).or_default();
            *sum = (sum.0 + minutes, sum.1 + billable_minutes, sum.2 + amount);
        }
        let items = sums.into_iter().map(|((_, label, key, currency), (minutes, billable_minutes, amount))| {
            let amount = currency.map(|currency| Money { minor: amount, currency }.amount());
            TimeItem { key, label, currency, minutes, billable_minutes, amount }
        });
        Ok(TimeReport { items: items.collect() })
    }

    /// The profit report as a table.
    pub async fn profit_table(&self, workspace: WorkspaceId, ask: Input<ReportAsk>) -> Result<Sheet> {
        sheet(PROFIT_COLUMNS, &self.profit(workspace, ask).await?.items)
    }

    /// The time report as a table.
    pub async fn time_report_table(&self, workspace: WorkspaceId, ask: Input<ReportAsk>) -> Result<Sheet> {
        sheet(TIME_COLUMNS, &self.time_report(workspace, ask).await?.items)
    }
}

fn sheet(columns: &'static [Column], items: &[impl Serialize]) -> Result<Sheet> {
    let mut sheet = SheetWriter::new(columns)?;
    items.iter().try_for_each(|item| sheet.row(item))?;
    sheet.finish()
}

const PROFIT_COLUMNS: &[Column] = &[
    text("key", "/key"),
    text("label", "/label"),
    exact("currency", "/currency"),
    exact("income", "/income"),
    exact("expense", "/expense"),
    exact("profit", "/profit"),
];

const TIME_COLUMNS: &[Column] = &[
    text("key", "/key"),
    text("label", "/label"),
    exact("currency", "/currency"),
    exact("minutes", "/minutes"),
    exact("billable_minutes", "/billable_minutes"),
    exact("amount", "/amount"),
];
