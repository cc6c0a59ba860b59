"""Keeps the candles of a file of 64-bit integers in DuckDB and Parquet, and reads them; prints one JSON object."""

import json
import pathlib
import sys
import time

try:
    import duckdb
    import numpy
    import pyarrow
    import pyarrow.parquet
except ImportError as error:
    print(json.dumps({"missing": f"Python has no {error.name}"}))
    sys.exit()

numbers, folder = sys.argv[1], pathlib.Path(sys.argv[2])
ticks = numpy.fromfile(numbers, dtype="<i8").reshape(-1, 10)
names = ["open", "high", "low", "close", "volume", "quote_volume", "trades", "taker_base", "taker_quote"]
units = [1e2, 1e2, 1e2, 1e2, 1e5, 1e8, 1, 1e5, 1e8]
columns = {"series_id": numpy.ones(len(ticks), dtype="i8"), "open_time": ticks[:, 0].copy()}
for place, (name, unit) in enumerate(zip(names, units), start=1):
    column = ticks[:, place].copy()
    columns[name] = column if name == "trades" else column / unit
table = pyarrow.table(columns)

file = folder / "peer.duckdb"
database = duckdb.connect(str(file), config={"threads": 1})
database.register("given", table)
database.execute("CREATE TABLE candles AS SELECT * FROM given ORDER BY series_id, open_time")
database.execute("CHECKPOINT")
query = "SELECT open_time, open, high, low, close, volume FROM candles WHERE series_id = 1 ORDER BY open_time"
best = float("inf")
for _ in range(5):
    start = time.process_time()
    read = database.execute(query).fetchnumpy()
    best = min(best, time.process_time() - start)
    assert len(read["open_time"]) == len(ticks)
database.close()

parquet = folder / "peer.parquet"
pyarrow.parquet.write_table(table, parquet, compression="zstd", use_dictionary=False, row_group_size=100_000)
print(json.dumps({
    "duckdb_bytes": file.stat().st_size,
    "parquet_bytes": parquet.stat().st_size,
    "duckdb_read_ms": best * 1000,
}))
