//! A second exchange, which is not like the first: Coinbase's public REST interface over a tape of the same kind.
//!
//! It has its habits: candles are JSON numbers, newest first, at most 300 an answer and refused beyond that; some may lie
//! before the start that was asked for; minutes without trades have none; amounts carry the noise of doubles; more than
//! ten requests a second (fifteen in a burst) get 429 without `Retry-After`. Time is virtual, as in
//! [`exchange`](crate::exchange); requests are counted in real time.

mod by_hand;
mod faults;
mod market;
mod rest;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use promptpal_domain::{Candle, Interval, Symbol, Timestamp};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

pub use self::by_hand::{CoinbaseServeOptions, serve};
pub use self::faults::CoinbaseFault;
use self::market::Market;
use crate::exchange::{RequestRecord, Tape};

/// How real time is cut when virtual time runs by itself.
const TICK: Duration = Duration::from_millis(250);

/// How the exchange is to be.
#[derive(Clone, Debug)]
pub struct CoinbaseOptions {
    /// What has been and will be traded.
    pub tape: Tape,
    /// Virtual time at the start.
    pub now: Timestamp,
    /// Virtual seconds in a real one; nothing means that time stands until it is advanced.
    pub speed: Option<f64>,
    /// One minute in so many is without trades; 0 for none.
    pub quiet_in: u64,
    /// Requests a second that are allowed; half as many more in a burst.
    pub requests_a_second: u32,
    /// Port, 0 for any.
    pub port: u16,
}

impl CoinbaseOptions {
    /// The three assets of the sample market against the dollar from `from` on, standing at `now`; one minute in seven is
    /// quiet.
    #[must_use]
    pub fn sample(seed: u64, from: Timestamp, now: Timestamp) -> Self {
        Self {
            tape: Tape::sample(seed, from),
            now,
            speed: None,
            quiet_in: 7,
            requests_a_second: 10,
            port: 0,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Shared(Mutex<Market>);

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Market> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running exchange. It stops when this is dropped.
#[derive(Debug)]
pub struct CoinbaseDouble {
    shared: Arc<Shared>,
    at: SocketAddr,
    _stop: DropGuard,
}

impl CoinbaseDouble {
    /// Starts an exchange on 127.0.0.1.
    ///
    /// # Errors
    /// When the port cannot be had.
    pub async fn start(options: CoinbaseOptions) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let at = listener.local_addr()?;
        let speed = options.speed;
        let shared = Arc::new(Shared(Mutex::new(Market::new(options))));
        let stop = CancellationToken::new();
        tokio::spawn(rest::serve(listener, Arc::clone(&shared), stop.clone()));
        if let Some(speed) = speed {
            tokio::spawn(run_time(Arc::clone(&shared), speed, stop.clone()));
        }
        Ok(Self {
            shared,
            at,
            _stop: stop.drop_guard(),
        })
    }

    /// `http://127.0.0.1:port/`
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.at)
    }

    /// Virtual time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.lock().now()
    }

    /// Moves virtual time forward.
    pub fn advance(&self, ms: i64) {
        self.shared.lock().advance(ms);
    }

    /// Injects a fault for the next request that it can meet.
    pub fn inject(&self, fault: CoinbaseFault) {
        self.shared.lock().inject(fault);
    }

    /// What the exchange holds now of a product: closed candles that open in `[from, to)`.
    ///
    /// # Panics
    /// When there is no such product.
    #[must_use]
    pub fn closed_candles(
        &self,
        symbol: &Symbol,
        interval: Interval,
        from: Timestamp,
        to: Timestamp,
    ) -> Vec<Candle> {
        let market = self.shared.lock();
        let asset = market.find(symbol.as_str()).expect("the product is on the tape");
        let mut candles = market.candles(asset, interval, from, to);
        candles.retain(|candle| interval.next(candle.open_time) <= market.now());
        candles
    }

    /// Every request so far.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.shared.lock().requests.clone()
    }

    /// How many requests a path that ends so has had, such as `/candles`.
    #[must_use]
    pub fn count(&self, path_end: &str) -> usize {
        let market = self.shared.lock();
        market
            .requests
            .iter()
            .filter(|request| request.path.ends_with(path_end))
            .count()
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
