//! What the planner is told of the sizes of tables, by rows in `sqlite_stat1`.
//!
//! Left alone it takes a workspace for ten rows, and walks all of it where a narrower index is at hand: with 70,000 messages
//! each one that was told counted its replies by reading them all. The figures are fixed and not measured (`ANALYZE`), so
//! that a plan never depends on how full a table was when somebody measured.

use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, query, query_as};

/// How many rows a table has.
const ROWS: u64 = 1_000_000;
/// How many workspaces share them.
const WORKSPACES: u64 = 100;
/// How many values any other column has within those before it.
const VALUES: u64 = 30;

/// A column of an index, in order.
struct Column {
    table: String,
    index: String,
    name: String,
    /// Whether no two rows have the same in all columns up to this one.
    ends_unique: bool,
}

/// Writes the figures for every index that there is.
pub(crate) async fn tell(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let mut unit = connection.begin().await?;
    // The table of figures cannot be made but by measuring something.
    query("ANALYZE instance").execute(&mut *unit).await?;
    query("DELETE FROM sqlite_stat1").execute(&mut *unit).await?;
    let columns: Vec<(String, String, String, bool)> = query_as(
        r#"SELECT t.name, CASE WHEN t.wr AND l.origin = 'pk' THEN t.name ELSE l.name END, x.name,
            l."unique" AND x.seqno = (SELECT MAX(y.seqno) FROM pragma_index_xinfo(l.name) y WHERE y.key)
        FROM pragma_table_list t JOIN pragma_index_list(t.name) l JOIN pragma_index_xinfo(l.name) x
        WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND x.key AND x.name IS NOT NULL
        ORDER BY t.name, l.name, x.seqno"#,
    )
    .fetch_all(&mut *unit)
    .await?;
    let columns = columns.into_iter().map(|(table, index, name, ends_unique)| Column { table, index, name, ends_unique });
    let mut figures: Vec<(String, String, Vec<u64>)> = Vec::new();
    for Column { table, index, name, ends_unique } in columns {
        if figures.last().is_none_or(|(of, last, _)| (of, last) != (&table, &index)) {
            figures.push((table, index, vec![ROWS]));
        }
        let Some((_, _, figure)) = figures.last_mut() else { continue };
        let before = figure.last().copied().unwrap_or(ROWS);
        let values = if name == "workspace_id" { WORKSPACES } else { VALUES };
        figure.push(if ends_unique { 1 } else { (before / values).max(2) });
    }
    for (table, index, figure) in figures {
        let figure = figure.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
        let row = query("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)");
        row.bind(table).bind(index).bind(figure).execute(&mut *unit).await?;
    }
    unit.commit().await?;
    // Whoever is connected already looks again.
    query("ANALYZE sqlite_schema").execute(&mut *connection).await.map(drop)
}
