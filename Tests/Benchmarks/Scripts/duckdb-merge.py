# Joins two logs with DuckDB, typed columns, events once each and in order: duckdb-merge.py <threads> <out> <log>...
import sys

import duckdb

threads, out, *logs = sys.argv[1:]
database = duckdb.connect(config={"threads": int(threads)})
database.execute(
    """
    COPY (
      SELECT DISTINCT ON (event_id) *
      FROM read_json(?, format = 'newline_delimited', columns = {
        aggregate_id: 'VARCHAR', causation_id: 'VARCHAR', event_id: 'VARCHAR', event_type: 'VARCHAR',
        lamport_clock: 'UBIGINT', node_id: 'VARCHAR', payload: 'STRUCT(agent VARCHAR, cost_usd DOUBLE,
          duration_ms BIGINT, error VARCHAR, exit_code INTEGER, input_tokens BIGINT, model VARCHAR,
          output_tokens BIGINT, role VARCHAR, success BOOLEAN, wp_id VARCHAR)', "timestamp": 'VARCHAR'})
      ORDER BY lamport_clock, node_id, event_id
    ) TO '%s' (FORMAT json)
    """
    % out.replace("'", "''"),
    [logs],
)
