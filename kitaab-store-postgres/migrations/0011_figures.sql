-- Sums of money are read from this index alone: reports and dashboards add up everything a workspace ever booked.

CREATE INDEX ledger_entries_sums ON ledger_entries (workspace_id, currency, kind, "on", minor, project_id, client_id, category)
    WHERE deleted_at IS NULL;

-- How many tasks of a project are done, and which are due, without looking at each.
CREATE INDEX tasks_counts ON tasks (workspace_id, project_id, client_visible, state, due_on, id);
