"""Follows an exchange's frames with cryptofeed, a callback and no storage; prints frames and CPU seconds as JSON."""

import asyncio
import json
import resource
import sys
import time

try:
    import websockets
    from cryptofeed.defines import CANDLES
    from cryptofeed.exchanges import Binance
    from cryptofeed.symbols import Symbols
except ImportError as error:
    print(json.dumps({"missing": f"Python has no {error.name}"}))
    sys.exit()

address, count = sys.argv[1], int(sys.argv[2])
names = {f"S{number:04d}-USDT": f"S{number:04d}USDT" for number in range(count)}
Symbols.set(
    "BINANCE",
    names,
    {"tick_size": {name: "0.01" for name in names}, "instrument_type": {name: "spot" for name in names}},
)
candles = 0


async def take(candle, received):
    global candles
    candles += 1


feed = Binance(
    symbols=list(names),
    channels=[CANDLES],
    callbacks={CANDLES: take},
    candle_closed_only=False,
    # It knows no second; the interval of a candle is read from its frame.
    candle_interval="1m",
)


def spent():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def run():
    frames, before = 0, None
    async with websockets.connect(address, compression=None, max_queue=1024) as socket:
        streams = [f"{name.lower()}@kline_1s" for name in names.values()]
        await socket.send(json.dumps({"method": "SUBSCRIBE", "params": streams, "id": 1}))
        await socket.recv()
        try:
            while True:
                frame = await socket.recv()
                if before is None:
                    before = spent()
                frames += 1
                await feed.message_handler(frame, None, time.time())
        except websockets.ConnectionClosed:
            pass
    assert candles == frames, f"{candles} candles of {frames} frames"
    print(json.dumps({"frames": frames, "cpu_s": spent() - before}))


asyncio.run(run())
