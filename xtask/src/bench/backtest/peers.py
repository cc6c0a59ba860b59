"""One strategy, computed by another engine: peers.py ENGINE CASE FILE.csv THREADS

Prints a JSON line. `sma`: the closes' simple averages of 10 and 30 bars, in at the open after the fast one has risen above the slow
one, out after it has fallen below. `rsi`: Wilder's RSI of 14 bars, in after it has fallen below 30, out after it has risen above 70,
with a stop at 1 % and a target at 2 %. `sweep`: the averages with 1,000 pairs of lengths, 2 to 26 and 30 to 225. One unit a trade,
100,000,000 in cash, 0.1 % of fee each way. The best of two rounds, so that what is compiled on first use is not counted.
"""

import json
import os
import sys
import time

ENGINE, CASE, FILE, THREADS = sys.argv[1:5]
CASH, FEE = 1e8, 0.001
PAIRS = [(fast, slow) for slow in range(30, 226, 5) for fast in range(2, 27)]
os.environ["RAYON_NUM_THREADS"] = os.environ["NUMBA_NUM_THREADS"] = THREADS

import numpy as np
import pandas as pd


def crossings(a, b):
    """Where a rises above b, and where it falls below."""
    with np.errstate(invalid="ignore"):
        up, down = (np.zeros(len(a), bool) for _ in range(2))
        up[1:] = (a[:-1] <= b[:-1]) & (a[1:] > b[1:])
        down[1:] = (a[:-1] >= b[:-1]) & (a[1:] < b[1:])
    return up, down


def later(signal):
    """The same a bar later: it is known at a close and filled at the next open."""
    return np.concatenate([[False], signal[:-1]])


def vectorbt_case(data):
    import talib
    import vectorbt as vbt

    vbt.settings["engine"] = "rust"
    account = dict(size=1, init_cash=CASH, fees=FEE, freq="1min")

    def portfolio(entries, exits, **more):
        return vbt.Portfolio.from_signals(data.close, entries, exits, price=data.open, **account, **more)

    def average(lengths):
        return vbt.MA.run(data.close, lengths)

    def later_table(table):
        values = table.to_numpy()
        moved = np.vstack([np.zeros((1, values.shape[1]), bool), values[:-1]])
        return pd.DataFrame(moved, index=table.index, columns=table.columns)

    def run():
        if CASE == "sweep":
            trades = 0
            # All at once would take more memory than there is.
            for first in range(0, len(PAIRS), 100):
                part = PAIRS[first : first + 100]
                fast, slow = average([f for f, _ in part]), average([s for _, s in part])
                entries = later_table(fast.ma_crossed_above(slow))
                exits = later_table(fast.ma_crossed_below(slow))
                exits.columns = entries.columns
                found = portfolio(entries, exits)
                trades += int(found.trades.closed.count().sum())
                equity = found.final_value().iloc[-1]
            return trades, equity
        if CASE == "sma":
            up, down = crossings(average(10).ma.to_numpy(), average(30).ma.to_numpy())
            found = portfolio(later(up), later(down))
        else:
            rsi = talib.RSI(data.close.to_numpy(), 14)
            _, falls = crossings(rsi, np.full(len(rsi), 30.0))
            rises, _ = crossings(rsi, np.full(len(rsi), 70.0))
            stops = dict(open=data.open, high=data.high, low=data.low, sl_stop=0.01, tp_stop=0.02)
            found = portfolio(later(falls), later(rises), stop_entry_price="FillPrice", **stops)
        return int(found.trades.closed.count()), found.final_value()

    return vbt.__version__, run


def raptorbt_case(data):
    from importlib.metadata import version

    import raptorbt

    columns = [data[name].to_numpy(float) for name in ("open", "high", "low", "close", "volume")]
    close, times = columns[3], (data.open_time.to_numpy() * 1_000_000).astype(np.int64)
    units = np.full(len(close), 1.0)

    def config():
        return raptorbt.BacktestConfig(initial_capital=CASH, fees=FEE, fill_timing="next_bar_open")

    def averages(fast, slow):
        return crossings(np.asarray(raptorbt.sma(close, fast)), np.asarray(raptorbt.sma(close, slow)))

    def single(entries, exits, settings):
        found = raptorbt.run_single_backtest(times, *columns, entries, exits, 1, 1.0, "X", settings, units)
        return len(found.trades()), None

    def run():
        if CASE == "sma":
            return single(*averages(10, 30), config())
        if CASE == "rsi":
            rsi = np.asarray(raptorbt.rsi(close, 14))
            _, falls = crossings(rsi, np.full(len(rsi), 30.0))
            rises, _ = crossings(rsi, np.full(len(rsi), 70.0))
            settings = config()
            settings.set_fixed_stop(0.01)
            settings.set_fixed_target(0.02)
            return single(falls, rises, settings)
        trades = 0
        for first in range(0, len(PAIRS), 50):
            items = []
            for fast, slow in PAIRS[first : first + 50]:
                up, down = averages(fast, slow)
                items.append(raptorbt.BatchSingleItem(f"{fast}-{slow}", up, down, 1, 1.0, "X", None, units))
            for _, found in raptorbt.batch_single_backtest(times, *columns, items, config()):
                trades += found.metrics.total_trades
        return trades, None

    return version("raptorbt"), run


def backtesting_case(data):
    import backtesting
    import talib

    class Cross(backtesting.Strategy):
        def init(self):
            close = np.asarray(self.data.Close)
            self.fast, self.slow = self.I(talib.SMA, close, 10), self.I(talib.SMA, close, 30)

        def next(self):
            before, now = self.fast[-2] - self.slow[-2], self.fast[-1] - self.slow[-1]
            if not self.position:
                if before <= 0 < now:
                    self.buy(size=1)
            elif now < 0 <= before:
                self.position.close()

    class Reversion(backtesting.Strategy):
        def init(self):
            self.rsi = self.I(talib.RSI, np.asarray(self.data.Close), 14)

        def next(self):
            before, now = self.rsi[-2], self.rsi[-1]
            if not self.position:
                if now < 30 <= before:
                    price = self.data.Close[-1]
                    self.buy(size=1, sl=price * 0.99, tp=price * 1.02)
            elif before <= 70 < now:
                self.position.close()

    if CASE == "sweep":
        raise SystemExit("a sweep would take it more than an hour")
    names = {name: name.capitalize() for name in ("open", "high", "low", "close", "volume")}
    strategy = Cross if CASE == "sma" else Reversion
    engine = backtesting.Backtest(data.rename(columns=names), strategy, cash=CASH, commission=FEE)

    def run():
        found = engine.run()
        return int(found["# Trades"]), float(found["Equity Final [$]"])

    return backtesting.__version__, run


def main():
    started = time.process_time()
    data = pd.read_csv(FILE)
    data.index = pd.to_datetime(data["open_time"], unit="ms")
    loaded = time.process_time() - started
    makers = {"vectorbt": vectorbt_case, "raptorbt": raptorbt_case, "backtesting.py": backtesting_case}
    version, run = makers[ENGINE](data)
    best = (float("inf"), float("inf"))
    for _ in range(1 if CASE == "sweep" or ENGINE == "backtesting.py" else 2):
        wall, cpu = time.perf_counter(), time.process_time()
        trades, equity = run()
        best = min(best, (time.process_time() - cpu, time.perf_counter() - wall))
    print(
        json.dumps(
            dict(
                peer=ENGINE,
                version=version,
                case=CASE,
                threads=int(THREADS),
                load_cpu_s=loaded,
                engine_s=best[1],
                engine_cpu_s=best[0],
                trades=trades,
                final_equity=equity,
            )
        )
    )


import warnings

warnings.filterwarnings("ignore")
main()
