# Sums costs by agent with DuckDB: duckdb-cost.py <threads> <log>...
import sys

import duckdb

threads, *logs = sys.argv[1:]
database = duckdb.connect(config={"threads": int(threads)})
rows = database.execute(
    """
    SELECT payload.agent, count(*), sum(payload.input_tokens), sum(payload.output_tokens),
      sum(round(payload.cost_usd, 6))
    FROM read_json(?, format = 'newline_delimited', columns = {
      payload: 'STRUCT(agent VARCHAR, cost_usd DOUBLE, input_tokens BIGINT, output_tokens BIGINT)'})
    GROUP BY 1 ORDER BY 1
    """,
    [logs],
).fetchall()
for row in rows:
    print(*row)
