//! The one gate that every request passes: weight spent in the current window, and pauses the exchange asked for.
//!
//! The exchange's own count, in a header of each answer, is the truth; between answers we add what is under way. When its
//! window begins we do not know, but two things about it are certain: it has begun anew when a count comes back that is
//! lower than one seen before the request was sent, and when a whole window has passed since the first count of this one.
//! Only then is spent weight forgotten, so that no clock, neither ours nor the exchange's, can make us spend too much.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use promptpal_domain::{Clock, Timestamp};
use tokio::time::Instant;

use super::hosts::{Host, PauseKind};
use crate::MarketError;

/// How the request budget stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitState {
    /// Weight a window may hold, as the exchange says (or as assumed until it has said).
    pub limit: u32,
    /// Length of the window in milliseconds.
    pub window_ms: i64,
    /// Weight spent in the current window.
    pub used: u32,
    /// Nothing is sent before this instant.
    pub paused_until: Option<Timestamp>,
}

/// What a venue allows, as far as it is known before it has been asked.
#[derive(Clone, Debug)]
pub(crate) struct Allowance {
    /// Weight of a window.
    pub(crate) limit: u32,
    /// Length of a window in milliseconds.
    pub(crate) window_ms: i64,
    /// The header that tells the weight spent, in lower case; empty where the venue tells none.
    pub(crate) header: String,
    /// Share of the limit that we use, in percent.
    pub(crate) share_percent: u8,
    /// A pause when the venue names none with its 429.
    pub(crate) pause_ms: i64,
}

#[derive(Debug)]
pub(crate) struct Gate {
    clock: Arc<dyn Clock>,
    /// Where pauses are kept, for everybody in this process.
    pub(super) host: Arc<Host>,
    share_percent: u32,
    pause: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    limit: u32,
    known: bool,
    length: Duration,
    header: String,
    /// Number of the window.
    window: u64,
    /// When its first count came, and when a request was last sent.
    counted: Option<Instant>,
    sent: Option<Instant>,
    /// The highest count of this window.
    highest: u32,
    used: u32,
    under_way: u32,
}

/// Leave to send one request; gives its weight back to the count when it is dropped.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    gate: &'a Gate,
    weight: u32,
    /// The window in which it was given, and the highest count seen by then.
    window: u64,
    seen: u32,
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut state = self.gate.lock();
        state.under_way = state.under_way.saturating_sub(self.weight);
    }
}

impl Gate {
    /// A gate without a host: it is given one by its transport.
    pub(crate) fn new(clock: Arc<dyn Clock>, allowance: Allowance) -> Self {
        let state = State {
            limit: allowance.limit.max(1),
            known: false,
            length: length(allowance.window_ms),
            header: allowance.header,
            window: 0,
            counted: None,
            sent: None,
            highest: 0,
            used: 0,
            under_way: 0,
        };
        Self {
            clock,
            host: Arc::default(),
            share_percent: u32::from(allowance.share_percent.clamp(1, 100)),
            pause: length(allowance.pause_ms),
            state: Mutex::new(state),
        }
    }

    /// The gate of this host, whose pauses it shares with everybody in this process.
    pub(crate) fn at(mut self, host: &str) -> Self {
        self.host = Host::of(host);
        self
    }

    /// Leave for a request of `weight`, or until when there is none.
    pub(crate) fn pass(&self, weight: u32) -> Result<Pass<'_>, MarketError> {
        if let Some((left, kind)) = self.host.paused() {
            return Err(kind.error(self.host.name(), self.after(left)));
        }
        let now = Instant::now();
        let mut state = self.lock();
        state.roll(now);
        let budget = (u64::from(state.limit) * u64::from(self.share_percent) / 100).max(1);
        // A single request heavier than the whole budget still goes out when nothing else has.
        if state.used > 0 && u64::from(state.used) + u64::from(weight) > budget {
            let left = state.end().map(|end| end.saturating_duration_since(now));
            return Err(MarketError::OverBudget {
                until: self.after(left.unwrap_or(state.length)),
            });
        }
        if state.header.is_empty() {
            // Nobody will tell a count: the window begins with its first request.
            state.sent.get_or_insert(now);
        } else {
            state.sent = Some(now);
        }
        state.used = state.used.saturating_add(weight);
        state.under_way = state.under_way.saturating_add(weight);
        Ok(Pass {
            gate: self,
            weight,
            window: state.window,
            seen: state.highest,
        })
    }

    /// Takes over the exchange's count from an answer's headers.
    pub(crate) fn answered(&self, pass: &Pass<'_>, headers: &HeaderMap) {
        let now = Instant::now();
        let mut state = self.lock();
        let told: Option<u32> = headers
            .get(state.header.as_str())
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.trim().parse().ok());
        state.roll(now);
        // A count of a window before is of no use: which one it was cannot be told.
        let Some(told) = told.filter(|_| pass.window == state.window) else {
            return;
        };
        if told < pass.seen.saturating_add(pass.weight) {
            state.begin();
        }
        state.counted.get_or_insert(now);
        state.highest = state.highest.max(told);
        state.used = state
            .highest
            .saturating_add(state.under_way.saturating_sub(pass.weight));
    }

    /// Closes the host for as long as the answer says (`Retry-After` in seconds) and returns the error to hand on.
    pub(crate) fn pause(&self, kind: PauseKind, headers: &HeaderMap) -> MarketError {
        let usual = if kind == PauseKind::TooMany {
            self.pause
        } else {
            kind.usual()
        };
        let left = self.host.pause(kind, headers, usual);
        kind.error(self.host.name(), self.after(left))
    }

    /// Takes over what the venue itself says about its limit: weight, length of the window, header of the count.
    pub(crate) fn learn(&self, limit: u32, window_ms: i64, header: String) {
        let mut state = self.lock();
        let is_other = state.length != length(window_ms) || state.header != header;
        state.limit = limit.max(1);
        state.length = length(window_ms);
        state.header = header;
        state.known = true;
        if is_other {
            // Counts of another window say nothing about this one; what we have spent is kept until it is over.
            state.window += 1;
            (state.counted, state.highest) = (None, 0);
        }
    }

    /// Whether the exchange has told its limit.
    pub(crate) fn is_known(&self) -> bool {
        self.lock().known
    }

    pub(crate) fn limits(&self) -> LimitState {
        let paused_until = self.host.paused().map(|(left, _)| self.after(left));
        let mut state = self.lock();
        state.roll(Instant::now());
        LimitState {
            limit: state.limit,
            window_ms: i64::try_from(state.length.as_millis()).unwrap_or(i64::MAX),
            used: state.used,
            paused_until,
        }
    }

    /// The first whole millisecond of our clock by which so much has passed.
    fn after(&self, left: Duration) -> Timestamp {
        let ms = i64::try_from(left.as_nanos().div_ceil(1_000_000)).unwrap_or(i64::MAX);
        self.clock.now().plus_millis(ms)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is plain numbers: whatever a panicking holder left is still a usable count.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// When this window is over for certain. Before any count of it, a request that was sent may still be on its way.
    fn end(&self) -> Option<Instant> {
        self.counted.or(self.sent).map(|at| at + self.length)
    }

    fn roll(&mut self, now: Instant) {
        if self.end().is_some_and(|end| now >= end) {
            self.begin();
        }
    }

    fn begin(&mut self) {
        self.window += 1;
        (self.counted, self.sent, self.highest) = (None, None, 0);
        self.used = self.under_way;
    }
}

fn length(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0).max(1))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use promptpal_domain::ManualClock;
    use tokio::time::advance;

    use super::*;

    fn gate(name: &str, limit: u32) -> Gate {
        let clock = Arc::new(ManualClock::new(Timestamp::from_millis(600_000)));
        let allowance = Allowance {
            limit,
            window_ms: 60_000,
            header: "x-mbx-used-weight-1m".to_owned(),
            share_percent: 95,
            pause_ms: 60_000,
        };
        let mut gate = Gate::new(clock, allowance);
        gate.host = Host::of(name);
        gate
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| (k.parse().unwrap(), HeaderValue::from_static(v)))
            .collect()
    }

    /// An exchange that counts in windows of its own.
    struct Counter {
        began: Instant,
        window: u128,
        used: u32,
    }

    impl Counter {
        fn count(&mut self, weight: u32) -> u32 {
            let window = self.began.elapsed().as_millis() / 60_000;
            if window != self.window {
                (self.window, self.used) = (window, 0);
            }
            self.used += weight;
            self.used
        }
    }

    #[tokio::test(start_paused = true)]
    async fn spends_its_share_whatever_the_exchanges_windows_are_and_never_more() {
        for phase_s in [0, 1, 17, 30, 59] {
            for gap_ms in [1, 100, 1_300, 2_500] {
                let gate = gate("share.test", 100);
                let mut exchange = Counter {
                    began: Instant::now(),
                    window: 0,
                    used: 0,
                };
                advance(Duration::from_secs(phase_s)).await;
                let (begun, mut spent) = (Instant::now(), 0);
                while begun.elapsed() < Duration::from_secs(3600) {
                    match gate.pass(2) {
                        Ok(pass) => {
                            let told = exchange.count(2);
                            assert!(told <= 95, "{phase_s} {gap_ms}: {told}");
                            spent += 2;
                            advance(Duration::from_millis(gap_ms)).await;
                            let told: HeaderValue = told.to_string().parse().unwrap();
                            let name = "x-mbx-used-weight-1m".parse().unwrap();
                            gate.answered(&pass, &[(name, told)].into_iter().collect());
                        }
                        Err(MarketError::OverBudget { until }) => {
                            let left = until.millis() - 600_000;
                            assert!((1..=60_000).contains(&left), "{left}");
                            advance(Duration::from_millis(left as u64)).await;
                        }
                        Err(other) => panic!("{other}"),
                    }
                }
                // A request of 2 each gap, or 94 a minute; a window begins anew with the first answer.
                let possible = (3_600_000 / gap_ms * 2).min(94 * 60);
                assert!(
                    spent * 100 >= possible * 95,
                    "{phase_s} {gap_ms}: {spent} of {possible}"
                );
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_exchanges_count_is_the_truth() {
        let gate = gate("truth.test", 100);
        let pass = gate.pass(2).unwrap();
        let other = gate.pass(20).unwrap();
        gate.answered(&pass, &headers(&[("x-mbx-used-weight-1m", "70")]));
        assert_eq!(gate.limits().used, 90);
        drop(pass);
        // An answer that was overtaken lowers nothing.
        gate.answered(&other, &headers(&[("x-mbx-used-weight-1m", "68")]));
        assert_eq!(gate.limits().used, 70);
        drop(other);
        // Less than was seen before it was sent: the window has begun anew.
        let pass = gate.pass(2).unwrap();
        gate.answered(&pass, &headers(&[("x-mbx-used-weight-1m", "2")]));
        assert_eq!(gate.limits().used, 2);
        // Without any answer the weight is taken for spent until a window has passed.
        drop(pass);
        drop(gate.pass(90).unwrap());
        advance(Duration::from_secs(59)).await;
        assert!(matches!(gate.pass(10), Err(MarketError::OverBudget { until }) if until.millis() == 601_000));
        advance(Duration::from_secs(1)).await;
        assert!(gate.pass(10).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_window_of_any_length_can_be_learnt() {
        let gate = gate("learn.test", 100);
        assert!(!gate.is_known());
        gate.learn(40, 10_000, "x-mbx-used-weight-10s".to_owned());
        let pass = gate.pass(2).unwrap();
        gate.answered(&pass, &headers(&[("X-MBX-USED-WEIGHT-10S", "38")]));
        drop(pass);
        assert!(matches!(gate.pass(2), Err(MarketError::OverBudget { until }) if until.millis() == 610_000));
        advance(Duration::from_secs(10)).await;
        assert!(gate.pass(2).is_ok() && gate.is_known());
        let limits = gate.limits();
        assert_eq!((limits.limit, limits.window_ms, limits.used), (40, 10_000, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_venue_that_tells_no_count_has_windows_from_a_request_on() {
        let gate = gate("silent.test", 10);
        gate.learn(10, 1_000, String::new());
        // Half of the pace that is allowed, without a break.
        for _ in 0..40 {
            let pass = gate.pass(1).unwrap();
            gate.answered(&pass, &headers(&[]));
            drop(pass);
            advance(Duration::from_millis(200)).await;
        }
        let passed = (0..20).filter(|_| gate.pass(1).is_ok()).count();
        assert!((4..=10).contains(&passed), "{passed}");
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_passes_during_a_pause_of_the_host() {
        let (gate, other) = (gate("gate.test", 100), gate("gate.test", 100));
        let error = gate.pause(PauseKind::TooMany, &headers(&[("retry-after", "7")]));
        assert_eq!(error.retry_at(), Some(Timestamp::from_millis(607_000)));
        advance(Duration::from_millis(6_999)).await;
        assert!(
            matches!(other.pass(1), Err(MarketError::RateLimited { until }) if until.millis() == 600_001)
        );
        assert!(other.limits().paused_until.is_some());
        advance(Duration::from_millis(1)).await;
        assert!(gate.pass(1).is_ok());
        let error = other.pause(PauseKind::Banned, &headers(&[]));
        assert_eq!(error.retry_at(), Some(Timestamp::from_millis(720_000)));
        assert!(matches!(gate.pass(1), Err(MarketError::Banned { .. })));
    }
}
