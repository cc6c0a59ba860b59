//! A resting order meets the market.

use super::{Look, Resting};

/// Price, whether it waited in the book, its limit, whether at the open, whether the price rose to it. All in the mirror.
pub(super) type Met = (f64, bool, Option<f64>, bool, bool);

pub(super) fn meet(resting: &mut Resting, look: &Look, at_market: impl Fn(f64) -> f64) -> Option<Met> {
    let first = !resting.met;
    resting.met = true;
    let take = |limit: f64, first: bool| -> Option<Met> {
        if look.open <= limit {
            Some((look.open, !first, Some(limit), true, false))
        } else if look.low <= limit {
            Some((limit, true, None, false, false))
        } else {
            None
        }
    };
    match resting.kind {
        "limit" => take(resting.limit, first),
        "stop_limit" if resting.triggered => take(resting.limit, false),
        kind => {
            if look.open >= resting.trigger {
                resting.triggered = true;
                if kind == "stop" {
                    return Some((look.open, false, None, true, false));
                }
                return take(resting.limit, true);
            }
            if look.high < resting.trigger {
                return None;
            }
            resting.triggered = true;
            if kind == "stop" {
                Some((resting.trigger, false, None, false, true))
            } else if at_market(resting.trigger) <= resting.limit {
                Some((resting.trigger, false, Some(resting.limit), false, true))
            } else {
                None
            }
        }
    }
}
