//! What both servers share: the tape, the time, the faults, the clients.

mod frames;
mod running;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use promptpal_domain::{Candle, Interval, Span, Symbol, Timestamp};
use tokio::sync::mpsc;

pub(crate) use self::frames::eight;
use self::frames::{Late, wrapped};
use self::running::Running;
use super::archive::Shelf;
use super::record::{RequestRecord, StreamStats};
use super::{ExchangeOptions, Fault};

/// What comes so soon after a pause was asked for was sent before the client could know of it.
const UNDER_WAY: Duration = Duration::from_millis(300);

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
    /// Read on, and say nothing more, or nothing but pings.
    Stall {
        pings: bool,
    },
    /// Neither read nor write any more.
    Freeze,
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
    /// Whether its connection ends with the shutdown that was announced.
    leaving: bool,
    /// Whether its next event is to be held back.
    swap: bool,
    /// An event held back, to be sent after the next.
    held: Option<String>,
}

/// A pause asked for: until when, and whether as a ban.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pause {
    /// Requests up to here were under way when it was asked for.
    told: Instant,
    pub(crate) until: Instant,
    pub(crate) banned: bool,
    ignored: u32,
}

impl Pause {
    /// Whether clients know of it by now.
    pub(crate) fn is_known(self) -> bool {
        self.told <= Instant::now()
    }
}

/// What a new connection meets.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Welcome {
    /// The handshake.
    In,
    /// A refusal, with `Retry-After` in seconds during a pause.
    Refused(u16, Option<u64>),
    /// Nothing, for ever.
    Nothing,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) options: ExchangeOptions,
    now: Timestamp,
    /// Time as it is moved from outside; the exchange's own clock may be ahead of it or behind.
    moved: Timestamp,
    skew_ms: i64,
    started: Instant,
    window: u128,
    used: u32,
    pub(crate) pause: Option<Pause>,
    rest_faults: VecDeque<Fault>,
    refusals: VecDeque<u16>,
    hanging: usize,
    duplicate: usize,
    missing_close: usize,
    late_close: VecDeque<u64>,
    late: Vec<Late>,
    shutdown_at: Option<Timestamp>,
    script: Option<Running>,
    pub(crate) requests: Vec<RequestRecord>,
    pub(crate) stats: StreamStats,
    pub(crate) clients: HashMap<u64, Client>,
    next_client: u64,
    pub(crate) archives: Shelf,
}

impl State {
    pub(crate) fn new(mut options: ExchangeOptions) -> Self {
        options.tape.make_to(options.now);
        Self {
            now: options.now,
            moved: options.now,
            skew_ms: 0,
            options,
            started: Instant::now(),
            window: 0,
            used: 0,
            pause: None,
            rest_faults: VecDeque::new(),
            refusals: VecDeque::new(),
            hanging: 0,
            duplicate: 0,
            missing_close: 0,
            late_close: VecDeque::new(),
            late: Vec::new(),
            shutdown_at: None,
            script: None,
            requests: Vec::new(),
            stats: StreamStats::default(),
            clients: HashMap::new(),
            next_client: 0,
            archives: Shelf::default(),
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
        pause.ignored += u32::from(pause.told <= Instant::now());
        if pause.ignored >= 3 && !pause.banned {
            *pause = Pause {
                told: pause.told,
                until: Instant::now() + Duration::from_secs(120),
                banned: true,
                ignored: pause.ignored,
            };
        }
        Some(*pause)
    }

    pub(crate) fn start_pause(&mut self, seconds: u64, banned: bool) {
        self.pause = Some(Pause {
            told: Instant::now() + UNDER_WAY,
            until: Instant::now() + Duration::from_secs(seconds),
            banned,
            ignored: 0,
        });
    }

    pub(crate) fn next_rest_fault(&mut self) -> Option<Fault> {
        self.rest_faults.pop_front()
    }

    /// What the connection that is being made meets.
    pub(crate) fn welcome(&mut self) -> Welcome {
        self.stats.attempts += 1;
        let seconds = |pause: Pause| pause.until.saturating_duration_since(Instant::now()).as_secs() + 1;
        if let Some(pause) = self.ignored_pause() {
            self.stats.during_pause += usize::from(pause.is_known());
            return Welcome::Refused(if pause.banned { 418 } else { 429 }, Some(seconds(pause)));
        }
        if self.hanging > 0 {
            self.hanging -= 1;
            return Welcome::Nothing;
        }
        let Some(status) = self.refusals.pop_front() else {
            return Welcome::In;
        };
        let retry_after = matches!(status, 429 | 418).then_some(self.options.retry_after_s);
        if let Some(retry_after) = retry_after {
            self.start_pause(retry_after, status == 418);
        }
        Welcome::Refused(status, retry_after)
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
                leaving: false,
                swap: false,
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
            archive if archive.meets_archives() => self.archives.inject(archive),
            Fault::Malformed => self.order(&Order::Text(
                r#"{"stream":"btcusdt@kline_1m","data":{"e":"kline","k":{"t":17"#.to_owned(),
            )),
            Fault::Binary => self.order(&Order::Binary(vec![0, 159, 146, 150])),
            Fault::Duplicate => self.duplicate += 1,
            Fault::OutOfOrder => self.clients.values_mut().for_each(|client| client.swap = true),
            Fault::MissingClose => self.missing_close += 1,
            Fault::LateClose(seconds) => self.late_close.push_back(seconds),
            Fault::Shutdown(seconds) => self.announce_shutdown(seconds),
            Fault::Stall => self.order(&Order::Stall { pings: false }),
            Fault::StallWithPings => self.order(&Order::Stall { pings: true }),
            Fault::HalfOpen => {
                self.order(&Order::Freeze);
                self.hanging += 1;
            }
            Fault::Refuse(status) => self.refusals.push_back(status),
            Fault::Hole(minutes) => self.options.tape.leave_out(minutes),
            Fault::Skew(seconds) => self.skew_ms += seconds.saturating_mul(1000),
            _ => self.order(&Order::Drop),
        }
    }

    /// Forgets the faults that nobody has met, sends what was late, and goes on from the time as it stands.
    fn behave(&mut self) {
        self.rest_faults.clear();
        self.refusals.clear();
        self.late_close.clear();
        self.archives.behave();
        (self.hanging, self.duplicate, self.missing_close) = (0, 0, 0);
        (self.moved, self.skew_ms) = (self.now, 0);
        self.send_late(None);
        for client in self.clients.values_mut() {
            client.swap = false;
            if let Some(held) = client.held.take() {
                let _ = client.orders.send(Order::Text(held));
            }
        }
    }

    fn announce_shutdown(&mut self, seconds: u64) {
        let event = serde_json::json!({"e": "serverShutdown", "E": self.now.millis()});
        for client in self.clients.values() {
            let text = wrapped(client.combined, "!serverShutdown", &event);
            let _ = client.orders.send(Order::Text(text));
        }
        if seconds == 0 {
            self.order(&Order::Close("shutdown"));
        } else {
            let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
            self.shutdown_at = Some(self.now.plus_millis(seconds.saturating_mul(1000)));
            for client in self.clients.values_mut() {
                client.leaving = true;
            }
        }
    }

    /// Spans that the exchange has no candles in, besides the halts of the tape.
    pub(crate) fn holes(&self) -> Vec<Span> {
        self.options.tape.left_out().to_vec()
    }

    /// Moves the time, fires what the script says on the way, and sends what happens.
    pub(crate) fn advance(&mut self, ms: i64) -> usize {
        let before = self.stats.events;
        let target = self.moved.plus_millis(ms.max(0));
        loop {
            let stop = self.next_stop(target);
            self.moved = stop.max(self.moved);
            self.follow_clock();
            self.fire();
            if stop >= target {
                return self.stats.events - before;
            }
        }
    }

    fn order(&self, order: &Order) {
        for client in self.clients.values() {
            let _ = client.orders.send(order.clone());
        }
    }
}
