//! Events on their way to a receiver that may be slow.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use super::LiveEvent;

/// Events that may wait before the connection counts as overrun.
const CAPACITY: usize = 8192;

#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: VecDeque<LiveEvent>,
}

impl Outbox {
    /// Puts an event at the end. The newest state of a forming candle replaces one that still waits.
    pub(crate) fn push(&mut self, event: LiveEvent) {
        if let LiveEvent::Candle(new) = &event {
            let same = self.waiting.iter_mut().rev().find_map(|waiting| match waiting {
                LiveEvent::Candle(old) if old.series == new.series => Some(old),
                _ => None,
            });
            if let Some(old) = same
                && !old.closed
                && old.candle.open_time == new.candle.open_time
            {
                old.clone_from(new);
                return;
            }
        }
        self.waiting.push_back(event);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(crate) fn is_overrun(&self) -> bool {
        self.waiting.len() > CAPACITY
    }

    /// Hands the oldest event to a permit of the channel.
    pub(crate) fn hand_over(&mut self, permit: mpsc::Permit<'_, LiveEvent>) {
        if let Some(event) = self.waiting.pop_front() {
            permit.send(event);
        }
    }

    /// Hands over everything. `Err` when nobody listens any more.
    pub(crate) async fn drain(&mut self, events: &mpsc::Sender<LiveEvent>) -> Result<(), ()> {
        while !self.is_empty() {
            let permit = events.reserve().await.map_err(|_| ())?;
            self.hand_over(permit);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use promptpal_domain::{Candle, Decimal, Interval, LiveCandle, SeriesKey, Timestamp, Venue};

    use super::*;

    fn candle(symbol: &str, minute: i64, trades: i64, closed: bool) -> LiveEvent {
        let one = Decimal::new(1, 0);
        let series = SeriesKey {
            venue: Venue::binance(),
            symbol: symbol.parse().unwrap(),
            interval: Interval::Minute1,
        };
        let candle = Candle {
            open_time: Timestamp::from_millis(minute * 60_000),
            close_time: None,
            open: one,
            high: one,
            low: one,
            close: one,
            volume: one,
            quote_volume: None,
            trades: Some(trades),
            taker_base_volume: None,
            taker_quote_volume: None,
        };
        LiveEvent::Candle(Box::new(LiveCandle {
            series,
            candle,
            closed,
            sent: Timestamp::EPOCH,
        }))
    }

    #[test]
    fn newer_states_replace_older_but_never_a_closed_one() {
        let mut outbox = Outbox::default();
        for event in [
            candle("A", 1, 1, false),
            candle("B", 1, 2, false),
            candle("A", 1, 3, false),
            candle("A", 1, 4, true),
            candle("A", 1, 5, true),
            candle("A", 2, 6, false),
            candle("A", 2, 7, false),
        ] {
            outbox.push(event);
        }
        let trades: Vec<_> = outbox
            .waiting
            .iter()
            .map(|event| match event {
                LiveEvent::Candle(live) => live.candle.trades.unwrap(),
                _ => 0,
            })
            .collect();
        assert_eq!(trades, [4, 2, 5, 7]);
    }
}
