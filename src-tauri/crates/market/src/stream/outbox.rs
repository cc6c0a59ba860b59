//! Events on their way to a receiver that may be slow.

use std::collections::VecDeque;

use promptpal_domain::LiveCandle;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::event::{LiveEvent, StreamHealth};

/// Events that may wait before the receiver counts as overrun.
const CAPACITY: usize = 8192;

/// A queue in which newer states replace older ones that still wait, by the number of their series or symbol.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: VecDeque<LiveEvent>,
    /// How many have been handed over: an event's place is its count less this.
    handed_over: u64,
    /// The count of the newest state of each number, while it may be replaced.
    latest: Vec<Option<u64>>,
    health: Option<u64>,
}

impl Outbox {
    /// Puts an event at the end.
    pub(crate) fn push(&mut self, event: LiveEvent) {
        self.waiting.push_back(event);
    }

    /// Puts a state at the end, or in the place of an older one that still waits.
    pub(crate) fn push_latest(&mut self, number: usize, event: LiveEvent) {
        if self.latest.len() <= number {
            self.latest.resize(number + 1, None);
        }
        let replaced = self.latest.get(number).copied().flatten();
        let count = self.put(replaced, event);
        if let Some(latest) = self.latest.get_mut(number) {
            *latest = Some(count);
        }
    }

    /// Puts a closed candle at the end; later states of its series come behind it.
    pub(crate) fn push_closed(&mut self, number: usize, live: Box<LiveCandle>) {
        if let Some(latest) = self.latest.get_mut(number) {
            *latest = None;
        }
        self.push(LiveEvent::Candle(live));
    }

    pub(crate) fn push_health(&mut self, health: StreamHealth) {
        self.health = Some(self.put(self.health, LiveEvent::Health(health)));
    }

    fn put(&mut self, replaced: Option<u64>, event: LiveEvent) -> u64 {
        if let Some(count) = replaced
            && let Some(place) = count.checked_sub(self.handed_over)
            && let Some(waiting) = usize::try_from(place)
                .ok()
                .and_then(|place| self.waiting.get_mut(place))
        {
            *waiting = event;
            return count;
        }
        self.waiting.push_back(event);
        self.handed_over + self.waiting.len() as u64 - 1
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
            self.handed_over += 1;
            permit.send(event);
        }
    }

    /// Hands over what the channel has room for.
    pub(crate) fn offer(&mut self, events: &mpsc::Sender<LiveEvent>) {
        while !self.is_empty() {
            match events.try_reserve() {
                Ok(permit) => self.hand_over(permit),
                Err(TrySendError::Full(()) | TrySendError::Closed(())) => return,
            }
        }
    }

    /// Hands over everything; ends early when nobody listens any more.
    pub(crate) async fn drain(&mut self, events: &mpsc::Sender<LiveEvent>) {
        while !self.is_empty() {
            let Ok(permit) = events.reserve().await else {
                return;
            };
            self.hand_over(permit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::book::tests::candle;
    use super::*;

    #[tokio::test]
    async fn newer_states_replace_older_but_never_a_closed_one() {
        let mut outbox = Outbox::default();
        let (events, mut receiver) = mpsc::channel(2);
        let forming = |minute, trades| LiveEvent::Candle(candle(minute, trades, false));
        outbox.push_latest(0, forming(1, 1));
        outbox.push_latest(1, forming(1, 2));
        outbox.push_latest(0, forming(1, 3));
        outbox.push_closed(0, candle(1, 4, true));
        outbox.push_health(StreamHealth::default());
        outbox.push_latest(0, forming(2, 5));
        outbox.push_health(StreamHealth {
            malformed: 9,
            ..StreamHealth::default()
        });
        outbox.offer(&events);
        // What has been handed over is replaced no more.
        outbox.push_latest(0, forming(2, 6));
        outbox.push_latest(1, forming(1, 7));
        let mut trades = Vec::new();
        let reading = async {
            while let Some(event) = receiver.recv().await {
                trades.push(match event {
                    LiveEvent::Candle(live) => live.candle.trades.unwrap(),
                    LiveEvent::Health(health) => -(health.malformed as i64),
                    other => panic!("{other:?}"),
                });
            }
        };
        let writing = async {
            outbox.drain(&events).await;
            drop(events);
        };
        futures_util::future::join(reading, writing).await;
        assert_eq!(trades, [3, 2, 4, -9, 6, 7]);
    }
}
