//! An exchange: REST and WebSocket on loopback over one deterministic tape.
//!
//! It speaks Binance's protocol as far as market data goes, with the exchange's own rules: the last row of an answer is
//! the forming candle, weights and their headers, 429 and then 418, pings, at most five frames a second from a client,
//! 1,024 streams a connection. Bulk archives of the tape are served beside REST.
//!
//! Time is virtual: it stands until [`Exchange::advance`] moves it, or runs at
//! [`ExchangeOptions::speed`]. Weight windows, pauses and pings run on real time.
//!
//! Faults are injected one by one ([`Fault`]) or by a script of them ([`Script`], whose text form is told there; the
//! scripts that come with it are listed by `promptpal-testkit exchange --list-scripts`). What clients did is recorded
//! ([`Exchange::requests`], [`StreamStats`]), above all what they sent while they had been told to wait. What must be
//! stored in the end is [`Exchange::closed_candles`]; what must be known to be absent is the rest of it, such as
//! [`Exchange::holes`].

mod archive;
mod by_hand;
mod faults;
mod record;
mod rest;
mod script;
mod sockets;
mod state;
mod tape;
mod tickers;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use promptpal_domain::{Candle, Interval, Span, Symbol, Timestamp};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

pub use self::by_hand::{ServeOptions, serve};
pub use self::faults::Fault;
pub use self::record::{RequestRecord, StreamStats};
pub use self::script::{Script, ScriptError};
use self::state::{Shared, State};
pub use self::tape::Tape;

/// How real time is cut when virtual time runs by itself.
const TICK: Duration = Duration::from_millis(250);

/// How the exchange is to be.
#[derive(Clone, Debug)]
pub struct ExchangeOptions {
    /// What has been and will be traded.
    pub tape: Tape,
    /// Virtual time at the start.
    pub now: Timestamp,
    /// Virtual seconds in a real one; nothing means that time stands until it is advanced.
    pub speed: Option<f64>,
    /// Weight a window allows.
    pub weight_limit: u32,
    /// Length of the window, whole seconds.
    pub weight_window: Duration,
    /// `Retry-After` of a 429 for too much weight, in seconds.
    pub retry_after_s: u64,
    /// How often connections are pinged.
    pub ping_every: Duration,
    /// Port of REST, 0 for any.
    pub rest_port: u16,
    /// Port of the streams, 0 for any.
    pub stream_port: u16,
}

impl ExchangeOptions {
    /// The three assets of the sample market from `from` on, standing at `now`.
    #[must_use]
    pub fn sample(seed: u64, from: Timestamp, now: Timestamp) -> Self {
        Self {
            tape: Tape::sample(seed, from),
            now,
            speed: None,
            weight_limit: 6000,
            weight_window: Duration::from_secs(60),
            retry_after_s: 1,
            ping_every: Duration::from_secs(20),
            rest_port: 0,
            stream_port: 0,
        }
    }
}

/// A running exchange. It stops, and drops every connection, when this is dropped.
#[derive(Debug)]
pub struct Exchange {
    shared: Arc<Shared>,
    rest: SocketAddr,
    stream: SocketAddr,
    _stop: DropGuard,
}

impl Exchange {
    /// Starts an exchange on 127.0.0.1.
    ///
    /// # Errors
    /// When a port cannot be had.
    pub async fn start(options: ExchangeOptions) -> anyhow::Result<Self> {
        let rest = TcpListener::bind((Ipv4Addr::LOCALHOST, options.rest_port)).await?;
        let stream = TcpListener::bind((Ipv4Addr::LOCALHOST, options.stream_port)).await?;
        let (rest_at, stream_at) = (rest.local_addr()?, stream.local_addr()?);
        let (speed, ping_every) = (options.speed, options.ping_every);
        let shared = Arc::new(Shared::new(State::new(options)));
        let stop = CancellationToken::new();
        tokio::spawn(rest::serve(rest, Arc::clone(&shared), stop.clone()));
        tokio::spawn(sockets::serve(
            stream,
            Arc::clone(&shared),
            ping_every,
            stop.clone(),
        ));
        if let Some(speed) = speed {
            tokio::spawn(run_time(Arc::clone(&shared), speed, stop.clone()));
        }
        Ok(Self {
            shared,
            rest: rest_at,
            stream: stream_at,
            _stop: stop.drop_guard(),
        })
    }

    /// `http://127.0.0.1:port/`
    #[must_use]
    pub fn rest_url(&self) -> String {
        format!("http://{}/", self.rest)
    }

    /// `ws://127.0.0.1:port/`
    #[must_use]
    pub fn stream_url(&self) -> String {
        format!("ws://{}/", self.stream)
    }

    /// Virtual time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.lock().now()
    }

    /// Moves virtual time forward: candles that end on the way are closed to their subscribers, then each forming one is
    /// sent once as it stands. Returns how many events went out.
    pub fn advance(&self, ms: i64) -> usize {
        self.shared.lock().advance(ms)
    }

    /// Injects a fault; what it means for which of the two servers is said at [`Fault`].
    pub fn inject(&self, fault: Fault) {
        self.shared.lock().inject(fault);
    }

    /// Begins a script, in place of one that may be running. It goes on as time is moved, frames are sent and requests come.
    pub fn run_script(&self, script: &Script) {
        self.shared.lock().run_script(script);
    }

    /// Whether a script has not come to its end.
    #[must_use]
    pub fn script_is_running(&self) -> bool {
        self.shared.lock().script_is_running()
    }

    /// Spans in which the exchange has no candles because a [`Fault::Hole`] said so; those in the future are not on the
    /// tape yet. The tape's own halts are holes of the same kind.
    #[must_use]
    pub fn holes(&self) -> Vec<Span> {
        self.shared.lock().holes()
    }

    /// Ends every connection without a word.
    pub fn drop_connections(&self) {
        self.inject(Fault::Drop);
    }

    /// Leaves every connection open and silent, pings included; what clients send is read.
    pub fn stall(&self) {
        self.inject(Fault::Stall);
    }

    /// Refuses the next stream connections with this HTTP status.
    pub fn refuse_streams(&self, status: u16, times: usize) {
        self.shared.lock().refuse_streams(status, times);
    }

    /// Pings every connection now.
    pub fn ping(&self) {
        self.shared.lock().ping();
    }

    /// What the exchange holds now of a symbol: closed candles that open in `[from, to)`.
    ///
    /// # Panics
    /// When there is no such symbol on the tape.
    #[must_use]
    pub fn closed_candles(
        &self,
        symbol: &Symbol,
        interval: Interval,
        from: Timestamp,
        to: Timestamp,
    ) -> Vec<Candle> {
        self.shared.lock().closed_candles(symbol, interval, from, to)
    }

    /// The bytes of an archive, such as `/data/spot/daily/klines/BTCUSDT/1m/BTCUSDT-1m-2024-03-01.zip`, if it is
    /// published by now.
    #[must_use]
    pub fn archive(&self, path: &str) -> Option<Vec<u8>> {
        archive::published(&mut self.shared.lock(), path).map(|zip| zip.to_vec())
    }

    /// Every REST request so far.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.shared.lock().requests.clone()
    }

    /// How many REST requests went to this path, such as `/api/v3/klines`.
    #[must_use]
    pub fn count(&self, path: &str) -> usize {
        self.shared
            .lock()
            .requests
            .iter()
            .filter(|request| request.path == path)
            .count()
    }

    /// How many REST requests came during a pause that the exchange had asked for.
    #[must_use]
    pub fn requests_during_pause(&self) -> usize {
        self.shared
            .lock()
            .requests
            .iter()
            .filter(|request| request.during_pause)
            .count()
    }

    /// What stream clients did so far.
    #[must_use]
    pub fn streams(&self) -> StreamStats {
        self.shared.lock().stream_stats()
    }
}

async fn run_time(shared: Arc<Shared>, speed: f64, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(TICK);
    let step = (TICK.as_millis() as f64 * speed) as i64;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => shared.lock().advance(step),
        };
    }
}
