//! What the streams say, and how faults bend it.

use std::collections::BTreeSet;

use promptpal_domain::{Candle, Decimal, Interval, Symbol, Timestamp};
use serde_json::{Value, json};

use super::{Order, State};

const DAY: i64 = 86_400_000;

/// A closing frame that is late.
#[derive(Debug)]
pub(super) struct Late {
    due: Timestamp,
    stream: String,
    event: Value,
}

/// What a stream's name asks for, of the asset with this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Topic {
    Candles(usize, Interval),
    Ticker(usize),
}

impl State {
    /// Sets the exchange's own clock after the time as it is moved, never back, and sends what happens on the way.
    pub(super) fn follow_clock(&mut self) {
        let before = self.now;
        self.now = self.moved.plus_millis(self.skew_ms).max(before);
        if self.now == before {
            return;
        }
        self.options.tape.make_to(self.now);
        let wanted: BTreeSet<String> = self
            .clients
            .values()
            .flat_map(|client| client.streams.iter().cloned())
            .collect();
        for stream in wanted {
            match self.topic(&stream) {
                None => {}
                Some(Topic::Ticker(asset)) => {
                    if let Some(event) = self.ticker(asset) {
                        self.send(&stream, &event, 1);
                    }
                }
                Some(Topic::Candles(asset, interval)) => self.send_candles(&stream, asset, interval, before),
            }
        }
        self.send_late(Some(self.now));
        if self.shutdown_at.is_some_and(|at| at <= self.now) {
            self.shutdown_at = None;
            for client in self.clients.values().filter(|client| client.leaving) {
                let _ = client.orders.send(Order::Close("shutdown"));
            }
        }
    }

    fn send_candles(&mut self, stream: &str, asset: usize, interval: Interval, before: Timestamp) {
        let tape = &self.options.tape;
        let candles = tape.candles(
            asset,
            interval,
            interval.floor(before),
            self.now.plus_millis(1),
            self.now,
        );
        let symbol = tape.symbol(asset).clone();
        for candle in candles {
            let ends = interval.next(candle.open_time);
            if ends <= before {
                continue;
            }
            let closed = ends <= self.now;
            let sent = if closed { ends } else { self.now };
            let event = json!({
                "e": "kline", "E": sent.millis(), "s": symbol.as_str(),
                "k": kline(&symbol, interval, &candle, closed),
            });
            let times = if closed {
                self.closing(stream, ends, &event)
            } else {
                1
            };
            self.send(stream, &event, times);
        }
    }

    /// How often a closing frame is sent now.
    fn closing(&mut self, stream: &str, ends: Timestamp, event: &Value) -> usize {
        if self.missing_close > 0 {
            self.missing_close -= 1;
            return 0;
        }
        if let Some(seconds) = self.late_close.pop_front() {
            let ms = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000);
            self.late.push(Late {
                due: ends.plus_millis(ms),
                stream: stream.to_owned(),
                event: event.clone(),
            });
            return 0;
        }
        let twice = self.duplicate > 0;
        self.duplicate -= usize::from(twice);
        1 + usize::from(twice)
    }

    /// Sends the late frames that are due at `now`, or all of them.
    pub(super) fn send_late(&mut self, now: Option<Timestamp>) {
        let is_due = |late: &mut Late| now.is_none_or(|now| late.due <= now);
        let mut due: Vec<Late> = self.late.extract_if(.., is_due).collect();
        due.sort_by_key(|late| late.due);
        for Late {
            due,
            stream,
            mut event,
        } in due
        {
            event["E"] = json!(due.min(self.now).millis());
            self.send(&stream, &event, 1);
        }
    }

    /// Sends an event to everybody who follows the stream.
    fn send(&mut self, stream: &str, event: &Value, times: usize) {
        for _ in 0..times {
            for client in self.clients.values_mut() {
                if !client.streams.contains(stream) {
                    continue;
                }
                let text = wrapped(client.combined, stream, event);
                self.stats.events += 1;
                if std::mem::take(&mut client.swap) && client.held.is_none() {
                    client.held = Some(text);
                    continue;
                }
                let _ = client.orders.send(Order::Text(text));
                if let Some(held) = client.held.take() {
                    let _ = client.orders.send(Order::Text(held));
                }
            }
            self.fire();
        }
    }

    fn topic(&self, name: &str) -> Option<Topic> {
        let (symbol, kind) = name.split_once('@')?;
        let asset = self.options.tape.find(&symbol.to_uppercase())?;
        if symbol != symbol.to_lowercase() {
            return None;
        }
        if kind == "miniTicker" {
            return Some(Topic::Ticker(asset));
        }
        let interval: Interval = kind.strip_prefix("kline_")?.parse().ok()?;
        (interval != Interval::Second1).then_some(Topic::Candles(asset, interval))
    }

    /// The figures of the last 24 hours, where anything was traded in them.
    fn ticker(&self, asset: usize) -> Option<Value> {
        let tape = &self.options.tape;
        let from = Interval::Minute1.floor(self.now.plus_millis(-DAY));
        let minutes = tape.candles(asset, Interval::Minute1, from, self.now.plus_millis(1), self.now);
        let (first, last) = (minutes.first()?, minutes.last()?);
        let sum = |amount: &dyn Fn(&Candle) -> Decimal| {
            let scale = minutes
                .iter()
                .map(|minute| amount(minute).scale())
                .max()
                .unwrap_or(0);
            let units = minutes
                .iter()
                .map(|minute| amount(minute).units_at(scale).unwrap_or(0));
            eight(Decimal::new(units.sum(), scale))
        };
        Some(json!({
            "e": "24hrMiniTicker", "E": self.now.millis(), "s": tape.symbol(asset).as_str(),
            "c": eight(last.close), "o": eight(first.open),
            "h": eight(minutes.iter().map(|minute| minute.high).max()?),
            "l": eight(minutes.iter().map(|minute| minute.low).min()?),
            "v": sum(&|minute| minute.volume), "q": sum(&|minute| minute.quote_volume.unwrap_or(Decimal::ZERO)),
        }))
    }
}

pub(super) fn wrapped(combined: bool, stream: &str, event: &Value) -> String {
    if combined {
        json!({"stream": stream, "data": event}).to_string()
    } else {
        event.to_string()
    }
}

/// With eight decimals, as the exchange writes every number.
pub(crate) fn eight(value: Decimal) -> String {
    let text = value.trimmed().to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    format!("{whole}.{decimals:0<8}")
}

fn kline(symbol: &Symbol, interval: Interval, candle: &Candle, closed: bool) -> Value {
    let amount = |value: Option<Decimal>| eight(value.unwrap_or(Decimal::ZERO));
    json!({
        "t": candle.open_time.millis(), "T": interval.next(candle.open_time).millis() - 1,
        "s": symbol.as_str(), "i": interval.as_str(), "f": 100, "L": 100 + candle.trades.unwrap_or(0) - 1,
        "o": eight(candle.open), "c": eight(candle.close), "h": eight(candle.high), "l": eight(candle.low),
        "v": eight(candle.volume), "n": candle.trades.unwrap_or(0), "x": closed,
        "q": amount(candle.quote_volume), "V": amount(candle.taker_base_volume), "Q": amount(candle.taker_quote_volume),
        "B": "0",
    })
}
