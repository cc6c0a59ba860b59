//! The one gate that every request passes: weight spent in the current window, and pauses the exchange asked for.
//!
//! The exchange's own count, in a header of each answer, is the truth; between answers we add what is under way.
//! Windows need not begin when we think: after a window of ours has passed one request goes out, and its header says
//! whether the exchange's has passed too.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderMap;
use promptpal_domain::{Clock, Timestamp};

use crate::MarketError;

/// A pause when the exchange names none with its 418.
const DEFAULT_BAN_MS: i64 = 120_000;
/// Bans last three days at the most.
const LONGEST_PAUSE_MS: i64 = 3 * 86_400_000;

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
    share_percent: u32,
    pause_ms: i64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    limit: u32,
    known: bool,
    window_ms: i64,
    header: String,
    window: i64,
    used: u32,
    under_way: u32,
    pause: Option<Pause>,
}

#[derive(Clone, Copy, Debug)]
struct Pause {
    from: Timestamp,
    until: Timestamp,
    banned: bool,
}

/// Leave to send one request; gives its weight back to the count when it is dropped.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    gate: &'a Gate,
    weight: u32,
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut state = self.gate.lock();
        state.under_way = state.under_way.saturating_sub(self.weight);
    }
}

impl Gate {
    pub(crate) fn new(clock: Arc<dyn Clock>, allowance: Allowance) -> Self {
        let state = State {
            limit: allowance.limit.max(1),
            known: false,
            window_ms: allowance.window_ms.max(1),
            header: allowance.header,
            window: i64::MIN,
            used: 0,
            under_way: 0,
            pause: None,
        };
        Self {
            clock,
            share_percent: u32::from(allowance.share_percent.clamp(1, 100)),
            pause_ms: allowance.pause_ms,
            state: Mutex::new(state),
        }
    }

    /// Leave for a request of `weight`, or until when there is none.
    pub(crate) fn pass(&self, weight: u32) -> Result<Pass<'_>, MarketError> {
        let now = self.clock.now();
        let mut state = self.lock();
        if let Some(error) = state.paused(now) {
            return Err(error);
        }
        state.roll(now);
        let budget = (u64::from(state.limit) * u64::from(self.share_percent) / 100).max(1);
        // A single request heavier than the whole budget still goes out when nothing else has.
        if state.used > 0 && u64::from(state.used) + u64::from(weight) > budget {
            let until =
                Timestamp::from_millis(state.window.saturating_add(1).saturating_mul(state.window_ms));
            return Err(MarketError::OverBudget { until });
        }
        state.used = state.used.saturating_add(weight);
        state.under_way = state.under_way.saturating_add(weight);
        Ok(Pass { gate: self, weight })
    }

    /// Takes over the exchange's count from an answer's headers.
    pub(crate) fn answered(&self, pass: &Pass<'_>, headers: &HeaderMap) {
        let now = self.clock.now();
        let mut state = self.lock();
        let told = headers
            .get(state.header.as_str())
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.trim().parse().ok());
        if let Some(told) = told {
            state.roll(now);
            state.used = u32::saturating_add(told, state.under_way.saturating_sub(pass.weight));
        }
    }

    /// Closes the gate for as long as the answer says (`Retry-After` in seconds) and returns the error to hand on.
    pub(crate) fn pause(&self, banned: bool, headers: &HeaderMap) -> MarketError {
        let now = self.clock.now();
        let asked = headers
            .get(http::header::RETRY_AFTER)
            .and_then(|v| v.to_str().ok());
        let asked_ms = asked
            .and_then(|v| v.trim().parse::<i64>().ok())
            .map(|s| s.max(1).saturating_mul(1000));
        let ms = asked_ms
            .unwrap_or(if banned { DEFAULT_BAN_MS } else { self.pause_ms })
            .min(LONGEST_PAUSE_MS);
        let mut state = self.lock();
        let earlier = state.pause.filter(|p| p.until > now);
        let until = earlier.map_or(now.plus_millis(ms), |p| p.until.max(now.plus_millis(ms)));
        state.pause = Some(Pause {
            from: now,
            until,
            banned: banned || earlier.is_some_and(|p| p.banned),
        });
        if banned {
            MarketError::Banned { until }
        } else {
            MarketError::RateLimited { until }
        }
    }

    /// Takes over what the venue itself says about its limit: weight, length of the window, header of the count.
    pub(crate) fn learn(&self, limit: u32, window_ms: i64, header: String) {
        let mut state = self.lock();
        state.limit = limit.max(1);
        state.window_ms = window_ms.max(1);
        state.header = header;
        state.window = self.clock.now().millis().div_euclid(state.window_ms);
        state.known = true;
    }

    /// Whether the exchange has told its limit.
    pub(crate) fn is_known(&self) -> bool {
        self.lock().known
    }

    pub(crate) fn limits(&self) -> LimitState {
        let now = self.clock.now();
        let mut state = self.lock();
        state.roll(now);
        let paused_until = state.pause.map(|p| p.until).filter(|until| *until > now);
        LimitState {
            limit: state.limit,
            window_ms: state.window_ms,
            used: state.used,
            paused_until,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is plain numbers: whatever a panicking holder left is still a usable count.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn roll(&mut self, now: Timestamp) {
        let window = now.millis().div_euclid(self.window_ms.max(1));
        if window != self.window {
            self.window = window;
            self.used = self.under_way;
        }
    }

    fn paused(&mut self, now: Timestamp) -> Option<MarketError> {
        let pause = self.pause?;
        // A clock set back must not lengthen the pause: it restarts at most once.
        if now < pause.from {
            let until = now.plus_millis(pause.until.since(pause.from));
            self.pause = Some(Pause {
                from: now,
                until,
                ..pause
            });
        } else if now >= pause.until {
            self.pause = None;
        }
        let Pause { until, banned, .. } = self.pause?;
        Some(if banned {
            MarketError::Banned { until }
        } else {
            MarketError::RateLimited { until }
        })
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use promptpal_domain::ManualClock;

    use super::*;

    fn gate(limit: u32) -> (Gate, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::new(Timestamp::from_millis(600_000)));
        let allowance = Allowance {
            limit,
            window_ms: 60_000,
            header: "x-mbx-used-weight-1m".to_owned(),
            share_percent: 95,
            pause_ms: 60_000,
        };
        (Gate::new(clock.clone(), allowance), clock)
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| (k.parse().unwrap(), HeaderValue::from_static(v)))
            .collect()
    }

    #[test]
    fn spends_its_share_and_waits_for_the_next_window() {
        let (gate, clock) = gate(100);
        for _ in 0..47 {
            drop(gate.pass(2).unwrap());
        }
        assert!(matches!(gate.pass(2), Err(MarketError::OverBudget { until }) if until.millis() == 660_000));
        clock.advance_millis(60_000);
        assert!(gate.pass(2).is_ok());
    }

    #[test]
    fn the_exchanges_count_is_the_truth() {
        let (gate, _) = gate(100);
        let pass = gate.pass(2).unwrap();
        let other = gate.pass(20).unwrap();
        gate.answered(&pass, &headers(&[("x-mbx-used-weight-1m", "90")]));
        assert_eq!(gate.limits().used, 110);
        drop((pass, other));
        assert!(matches!(gate.pass(2), Err(MarketError::OverBudget { .. })));
    }

    #[test]
    fn a_window_of_any_length_can_be_learnt() {
        let (gate, clock) = gate(100);
        assert!(!gate.is_known());
        gate.learn(40, 10_000, "x-mbx-used-weight-10s".to_owned());
        let pass = gate.pass(2).unwrap();
        gate.answered(&pass, &headers(&[("X-MBX-USED-WEIGHT-10S", "38")]));
        drop(pass);
        assert!(matches!(gate.pass(2), Err(MarketError::OverBudget { until }) if until.millis() == 610_000));
        clock.advance_millis(10_000);
        assert!(gate.pass(2).is_ok() && gate.is_known());
        assert_eq!(gate.limits().limit, 40);
    }

    #[test]
    fn nothing_passes_during_a_pause() {
        let (gate, clock) = gate(100);
        let error = gate.pause(false, &headers(&[("retry-after", "7")]));
        assert_eq!(error.retry_at(), Some(Timestamp::from_millis(607_000)));
        clock.advance_millis(6_999);
        assert!(matches!(gate.pass(1), Err(MarketError::RateLimited { .. })));
        // A shorter pause does not shorten the one that runs, and a ban stays a ban.
        let _ = gate.pause(true, &headers(&[("retry-after", "90")]));
        let _ = gate.pause(false, &headers(&[("retry-after", "1")]));
        clock.advance_millis(80_000);
        assert!(matches!(gate.pass(1), Err(MarketError::Banned { .. })));
        clock.advance_millis(10_000);
        assert!(gate.pass(1).is_ok());
    }

    #[test]
    fn a_clock_set_back_does_not_lengthen_a_pause() {
        let (gate, clock) = gate(100);
        let _ = gate.pause(false, &headers(&[]));
        clock.advance_millis(-500_000);
        assert!(gate.pass(1).is_err());
        clock.advance_millis(60_000);
        assert!(gate.pass(1).is_ok());
    }
}
