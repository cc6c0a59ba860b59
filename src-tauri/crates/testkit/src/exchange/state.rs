//! What both servers share: the tape, the time, the faults, the clients.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use promptpal_domain::{Candle, Interval, Symbol, Timestamp};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::record::{RequestRecord, StreamStats};
use super::{ExchangeOptions, Fault};

#[derive(Debug)]
pub(crate) struct Shared(Mutex<State>);

impl Shared {
    pub(crate) fn new(state: State) -> Self {
        Self(Mutex::new(state))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a connection is told to do.
#[derive(Clone, Debug)]
pub(crate) enum Order {
    Text(String),
    Binary(Vec<u8>),
    Ping,
    Drop,
    Stall,
    /// Close with a reason.
    Close(&'static str),
}

#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) orders: mpsc::UnboundedSender<Order>,
    /// Names of the streams it has asked for.
    pub(crate) streams: BTreeSet<String>,
    /// Whether its events are wrapped.
    pub(crate) combined: bool,
    /// An event held back, to be sent after the next.
    held: Option<String>,
}

/// A pause asked for: until when, and whether as a ban.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pause {
    pub(crate) until: Instant,
    pub(crate) banned: bool,
    ignored: u32,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) options: ExchangeOptions,
    now: Timestamp,
    started: Instant,
    window: u128,
    used: u32,
    pub(crate) pause: Option<Pause>,
    rest_faults: VecDeque<Fault>,
    refusals: VecDeque<u16>,
    duplicate: usize,
    out_of_order: bool,
    missing_close: usize,
    pub(crate) requests: Vec<RequestRecord>,
    pub(crate) stats: StreamStats,
    pub(crate) clients: HashMap<u64, Client>,
    next_client: u64,
}

impl State {
    pub(crate) fn new(mut options: ExchangeOptions) -> Self {
        options.tape.make_to(options.now);
        Self {
            now: options.now,
            options,
            started: Instant::now(),
            window: 0,
            used: 0,
            pause: None,
            rest_faults: VecDeque::new(),
            refusals: VecDeque::new(),
            duplicate: 0,
            out_of_order: false,
            missing_close: 0,
            requests: Vec::new(),
            stats: StreamStats::default(),
            clients: HashMap::new(),
            next_client: 0,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) fn closed_candles(
        &self,
        symbol: &Symbol,
        interval: Interval,
        from: Timestamp,
        to: Timestamp,
    ) -> Vec<Candle> {
        let asset = self
            .options
            .tape
            .find(symbol.as_str())
            .expect("the symbol is on the tape");
        let mut candles = self.options.tape.candles(asset, interval, from, to, self.now);
        candles.retain(|candle| interval.next(candle.open_time) <= self.now);
        candles
    }

    /// Adds to the weight of the current window and returns it with the seconds that are left of it.
    pub(crate) fn spend(&mut self, weight: u32) -> (u32, u64) {
        let length = self.options.weight_window.max(Duration::from_secs(1)).as_millis();
        let passed = self.started.elapsed().as_millis();
        if passed / length != self.window {
            self.window = passed / length;
            self.used = 0;
        }
        self.used += weight;
        let left = u64::try_from(length - passed % length).unwrap_or(u64::MAX);
        (self.used, left.div_ceil(1000))
    }

    /// Notes a request during a pause; the third turns it into a ban of two minutes.
    pub(crate) fn ignored_pause(&mut self) -> Option<Pause> {
        let pause = self.pause.as_mut().filter(|pause| pause.until > Instant::now())?;
        pause.ignored += 1;
        if pause.ignored >= 3 && !pause.banned {
            *pause = Pause {
                until: Instant::now() + Duration::from_secs(120),
                banned: true,
                ignored: pause.ignored,
            };
        }
        Some(*pause)
    }

    pub(crate) fn start_pause(&mut self, seconds: u64, banned: bool) {
        self.pause = Some(Pause {
            until: Instant::now() + Duration::from_secs(seconds),
            banned,
            ignored: 0,
        });
    }

    pub(crate) fn next_rest_fault(&mut self) -> Option<Fault> {
        self.rest_faults.pop_front()
    }

    pub(crate) fn next_refusal(&mut self) -> Option<u16> {
        self.refusals.pop_front()
    }

    pub(crate) fn refuse_streams(&mut self, status: u16, times: usize) {
        self.refusals.extend(std::iter::repeat_n(status, times));
    }

    pub(crate) fn stream_stats(&self) -> StreamStats {
        let subscribed = self.clients.values().map(|client| client.streams.len()).sum();
        StreamStats {
            open: self.clients.len(),
            subscribed,
            ..self.stats.clone()
        }
    }

    pub(crate) fn join(
        &mut self,
        orders: mpsc::UnboundedSender<Order>,
        streams: BTreeSet<String>,
        combined: bool,
    ) -> u64 {
        self.next_client += 1;
        self.stats.connects += 1;
        self.stats.most_streams = self.stats.most_streams.max(streams.len());
        self.clients.insert(
            self.next_client,
            Client {
                orders,
                streams,
                combined,
                held: None,
            },
        );
        self.next_client
    }

    pub(crate) fn leave(&mut self, client: u64) {
        self.clients.remove(&client);
    }

    pub(crate) fn ping(&mut self) {
        self.order(&Order::Ping);
    }

    pub(crate) fn inject(&mut self, fault: Fault) {
        match fault {
            rest if rest.meets_rest() => self.rest_faults.push_back(rest),
            Fault::Malformed => self.order(&Order::Text(
                r#"{"stream":"btcusdt@kline_1m","data":{"e":"kline","k":{"t":17"#.to_owned(),
            )),
            Fault::Binary => self.order(&Order::Binary(vec![0, 159, 146, 150])),
            Fault::Duplicate => self.duplicate += 1,
            Fault::OutOfOrder => self.out_of_order = true,
            Fault::MissingClose => self.missing_close += 1,
            Fault::Shutdown => {
                let event = json!({"e": "serverShutdown", "E": self.now.millis()});
                for client in self.clients.values() {
                    let text = wrapped(client.combined, "!serverShutdown", &event);
                    let _ = client.orders.send(Order::Text(text));
                    let _ = client.orders.send(Order::Close("shutdown"));
                }
            }
            Fault::Stall => self.order(&Order::Stall),
            _ => self.order(&Order::Drop),
        }
    }

    /// Moves the time and sends what happens on the way.
    pub(crate) fn advance(&mut self, ms: i64) -> usize {
        let before = self.now;
        self.now = before.plus_millis(ms.max(0));
        self.options.tape.make_to(self.now);
        let wanted: BTreeSet<String> = self
            .clients
            .values()
            .flat_map(|client| client.streams.iter().cloned())
            .collect();
        let sent_before = self.stats.events;
        let out_of_order = std::mem::take(&mut self.out_of_order);
        for stream in wanted {
            let Some((asset, interval)) = self.stream(&stream) else {
                continue;
            };
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
                self.send_event(&stream, &event, closed, out_of_order);
            }
        }
        for client in self.clients.values_mut() {
            if let Some(held) = client.held.take() {
                let _ = client.orders.send(Order::Text(held));
            }
        }
        self.stats.events - sent_before
    }

    /// What a stream's name asks for.
    pub(crate) fn stream(&self, name: &str) -> Option<(usize, Interval)> {
        let (symbol, interval) = name.split_once("@kline_")?;
        let asset = self.options.tape.find(&symbol.to_uppercase())?;
        let interval: Interval = interval.parse().ok()?;
        (interval != Interval::Second1 && symbol == symbol.to_lowercase()).then_some((asset, interval))
    }

    fn send_event(&mut self, stream: &str, event: &Value, closed: bool, out_of_order: bool) {
        let mut times = 1;
        if closed && self.missing_close > 0 {
            self.missing_close -= 1;
            return;
        }
        if closed && self.duplicate > 0 {
            self.duplicate -= 1;
            times = 2;
        }
        for client in self
            .clients
            .values_mut()
            .filter(|client| client.streams.contains(stream))
        {
            let text = wrapped(client.combined, stream, event);
            for _ in 0..times {
                self.stats.events += 1;
                if out_of_order && client.held.is_none() {
                    client.held = Some(text.clone());
                    continue;
                }
                let _ = client.orders.send(Order::Text(text.clone()));
                if let Some(held) = client.held.take() {
                    let _ = client.orders.send(Order::Text(held));
                }
            }
        }
    }

    fn order(&self, order: &Order) {
        for client in self.clients.values() {
            let _ = client.orders.send(order.clone());
        }
    }
}

fn wrapped(combined: bool, stream: &str, event: &Value) -> String {
    if combined {
        json!({"stream": stream, "data": event}).to_string()
    } else {
        event.to_string()
    }
}

/// With eight decimals, as the exchange writes every number.
pub(crate) fn eight(value: promptpal_domain::Decimal) -> String {
    let text = value.trimmed().to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    format!("{whole}.{decimals:0<8}")
}

fn kline(symbol: &Symbol, interval: Interval, candle: &Candle, closed: bool) -> Value {
    let amount =
        |value: Option<promptpal_domain::Decimal>| eight(value.unwrap_or(promptpal_domain::Decimal::ZERO));
    json!({
        "t": candle.open_time.millis(), "T": interval.next(candle.open_time).millis() - 1,
        "s": symbol.as_str(), "i": interval.as_str(), "f": 100, "L": 100 + candle.trades.unwrap_or(0) - 1,
        "o": eight(candle.open), "c": eight(candle.close), "h": eight(candle.high), "l": eight(candle.low),
        "v": eight(candle.volume), "n": candle.trades.unwrap_or(0), "x": closed,
        "q": amount(candle.quote_volume), "V": amount(candle.taker_base_volume), "Q": amount(candle.taker_quote_volume),
        "B": "0",
    })
}
