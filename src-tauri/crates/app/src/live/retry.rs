//! A try at once, for a person who does not want to wait.

use promptpal_domain::{Timestamp, Venue};
use promptpal_market::{Exchange, MarketError};

use crate::progress::lock;
use crate::{App, AppError};

impl App {
    /// Tries a venue at once that waits to be tried again or has been given up. The others go on undisturbed; nothing
    /// happens where it is connected, or not followed. `None` is the default venue.
    ///
    /// # Errors
    /// [`AppError::Market`] with the end of a pause that the venue has asked for: before it, nobody may try.
    /// [`AppError::Store`].
    pub async fn reconnect(&self, venue: Option<&Venue>) -> Result<(), AppError> {
        let exchange = self.exchange(venue)?;
        let venue = exchange.venue();
        if let Some(until) = self.pause_of(exchange.as_ref()) {
            return Err(AppError::Market(MarketError::RateLimited { until }));
        }
        let is_stuck = lock(&self.inner.live.standings)
            .get(venue)
            .is_some_and(|standing| standing.state.is_stuck());
        let series = lock(&self.inner.live.running)
            .as_ref()
            .map(|running| running.series.clone());
        let Some(series) = series.filter(|_| is_stuck) else {
            return Ok(());
        };
        let Some(feed) = self.feeds(&series).await?.remove(venue) else {
            return Ok(());
        };
        let mut running = lock(&self.inner.live.running);
        // Something else may be followed by now.
        let Some(running) = running.as_mut().filter(|running| running.series == series) else {
            return Ok(());
        };
        let cancel = running.cancel.child_token();
        if let Some(before) = running.feeds.insert(venue.clone(), cancel.clone()) {
            before.cancel();
        }
        self.begin_feed(feed, cancel);
        Ok(())
    }

    /// The end of a pause that a venue has asked for.
    pub(super) fn pause_of(&self, exchange: &dyn Exchange) -> Option<Timestamp> {
        let now = self.inner.clock.now();
        exchange.limits().paused_until.filter(|until| *until > now)
    }
}
