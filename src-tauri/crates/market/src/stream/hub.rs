//! The heart of a live stream: it reads the connections, keeps the book, and tells the receiver.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use promptpal_domain::{Clock, Timestamp};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::book::Book;
use super::connection::{End, Route, Told};
use super::connections::Connections;
use super::event::{LiveEvent, StreamHealth};
use super::line::{ConnectionId, Line, Loss, Phase};
use super::outbox::Outbox;
use super::server_clock::ServerClock;
use super::wake::Wake;
use crate::binance::frame::Frame;
use crate::net::hosts::{Closed, Host};
use crate::{BinanceConfig, MarketError};

/// Frames heard one after the other before anything else is done.
const AT_ONCE: usize = 256;
/// Malformed frames between two lines in the log.
const LOGGED: u64 = 100;

pub(crate) struct Hub<'a> {
    pub(crate) config: &'a BinanceConfig,
    pub(crate) clock: &'a Arc<dyn Clock>,
    pub(crate) events: &'a mpsc::Sender<LiveEvent>,
    /// Where pauses are kept, which REST shares.
    pub(crate) host: Arc<Host>,
    pub(crate) lines: Vec<Line>,
    pub(crate) book: Book,
    connections: Connections,
    outbox: Outbox,
    server: ServerClock,
    wake: Wake,
    /// Whether the receiver knows that everything is subscribed.
    told_connected: bool,
    /// Whether it ever did.
    ever: bool,
    /// The receiver has not kept up: nothing is connected before it has fetched everything.
    overrun: bool,
    last_frame: Option<Timestamp>,
    malformed: u64,
    health_at: Instant,
    over: Option<MarketError>,
}

impl<'a> Hub<'a> {
    pub(crate) fn new(
        config: &'a BinanceConfig,
        clock: &'a Arc<dyn Clock>,
        events: &'a mpsc::Sender<LiveEvent>,
        lines: Vec<Line>,
        book: Book,
    ) -> Self {
        let now = Instant::now();
        Self {
            host: Host::of(&crate::net::host_of(&config.rest_base)),
            wake: Wake::new(clock.now(), now),
            config,
            clock,
            events,
            lines,
            book,
            connections: Connections::default(),
            outbox: Outbox::default(),
            server: ServerClock::default(),
            told_connected: false,
            ever: false,
            overrun: false,
            last_frame: None,
            malformed: 0,
            health_at: now + config.live.health_every,
            over: None,
        }
    }

    /// Runs until nobody listens any more or the exchange refuses for good.
    pub(crate) async fn run(mut self) {
        let mut ticks = interval(self.config.live.tick.max(Duration::from_millis(1)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                (id, line, told) = self.connections.next() => {
                    self.heard(id, line, told);
                    self.hear_more();
                }
                _ = ticks.tick() => {
                    if self.events.is_closed() {
                        return;
                    }
                    self.tick();
                }
                permit = self.events.reserve(), if !self.outbox.is_empty() => match permit {
                    Ok(permit) => self.outbox.hand_over(permit),
                    Err(_) => return,
                },
            }
            if self.outbox.is_overrun() && !self.overrun {
                self.give_up_all("this program was too slow for the stream");
                self.overrun = true;
            }
            if let Some(error) = self.over.take() {
                self.outbox.push(LiveEvent::Stopped(error));
                self.outbox.drain(self.events).await;
                return;
            }
            self.outbox.offer(self.events);
        }
    }

    /// Hears what has arrived already, so much at a time that the receiver is served in between.
    fn hear_more(&mut self) {
        for _ in 0..AT_ONCE {
            match self.connections.next().now_or_never() {
                Some((id, line, told)) if self.over.is_none() => self.heard(id, line, told),
                _ => return,
            }
        }
    }

    fn heard(&mut self, id: ConnectionId, line: usize, told: Told) {
        let now = Instant::now();
        let ended = match told {
            Told::Ended(end) => Some(end),
            Told::Confirmed => {
                self.confirmed(id, line, now);
                None
            }
            Told::Frame(frame) => {
                self.frame(line, frame, now);
                None
            }
            Told::Malformed(why) => {
                self.malformed += 1;
                if self.malformed % LOGGED == 1 {
                    let count = self.malformed;
                    tracing::warn!(why, count, "a frame of the live stream was skipped");
                }
                None
            }
            Told::Alive => None,
        };
        match ended {
            Some(end) => self.ended(id, line, end, now),
            None => self.alive(line, now),
        }
    }

    fn alive(&mut self, line: usize, now: Instant) {
        let by_our_clock = self.clock.now();
        self.last_frame = Some(by_our_clock);
        let heard = self.server.now(now).unwrap_or(by_our_clock);
        if let Some(line) = self.lines.get_mut(line).filter(|line| line.is_carried()) {
            line.heard = Some(heard);
        }
    }

    fn frame(&mut self, line: usize, frame: Frame, now: Instant) {
        match frame {
            Frame::Candle(live) => {
                self.server.hear(live.sent, now);
                if let Some(line) = self.lines.get_mut(line) {
                    line.heard_candle();
                }
                self.book.candle(live, now, &mut self.outbox);
            }
            Frame::Ticker(ticker) => {
                self.server.hear(ticker.at, now);
                self.book.ticker(*ticker, &mut self.outbox);
            }
            Frame::Shutdown => {
                tracing::info!("the exchange is about to restart a server of the live stream");
                if let Some(line) = self.lines.get_mut(line) {
                    line.renew(now);
                }
            }
            Frame::Other | Frame::Reply { .. } | Frame::Refusal { .. } => {}
        }
    }

    fn confirmed(&mut self, id: ConnectionId, number: usize, now: Instant) {
        let Some(line) = self.lines.get_mut(number) else {
            return;
        };
        let carries_again = line.confirmed(id, now, self.config.live.overlap);
        let broken = std::mem::take(&mut line.broken);
        let since = line.heard;
        if !carries_again {
            return;
        }
        let all = self.lines.iter().all(Line::is_carried);
        self.book
            .connected(number, broken, broken && !all, now, &mut self.outbox);
        if all && !self.told_connected {
            let since = since.filter(|_| self.ever);
            (self.told_connected, self.ever) = (true, true);
            self.outbox.push(LiveEvent::Connected { since });
        }
    }

    fn ended(&mut self, id: ConnectionId, number: usize, end: End, now: Instant) {
        let error = match end {
            End::Lost(error) | End::Pause(error) => error,
            End::Refused(error) => {
                self.over = Some(error);
                return;
            }
        };
        let Some(line) = self.lines.get_mut(number) else {
            return;
        };
        let lived = line
            .since
            .map(|since| now.duration_since(since))
            .unwrap_or_default();
        match line.ended(id, now) {
            Loss::None => {}
            Loss::Successor => {
                let wait = line.backoff.next(Duration::ZERO);
                line.put_off(now + wait);
            }
            Loss::Waited => self.lost(number, error.with_cause(), Duration::ZERO),
            Loss::All => {
                let wait = line.backoff.next(lived);
                line.put_off(now + wait);
                let pause = self.host.paused().map(|(left, _)| left).unwrap_or_default();
                self.lost(number, error.with_cause(), wait.max(pause));
            }
        }
    }

    /// Tells that a line is without a confirmed connection.
    fn lost(&mut self, number: usize, reason: String, wait: Duration) {
        if let Some(line) = self.lines.get_mut(number) {
            line.broken |= line.since.take().is_some();
        }
        self.told_connected = false;
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(reason, wait_ms, "a live connection is lost");
        self.outbox.push(LiveEvent::Reconnecting { reason, wait_ms });
    }

    /// Drops every connection and makes new ones.
    fn give_up_all(&mut self, reason: &str) {
        let now = Instant::now();
        for number in 0..self.lines.len() {
            self.connections.let_go_of_line(number);
            if let Some(line) = self.lines.get_mut(number) {
                line.phase = Phase::Waiting(now);
                line.broken |= line.since.take().is_some();
            }
        }
        self.lost(0, reason.to_owned(), Duration::ZERO);
    }

    fn tick(&mut self) {
        let timings = self.config.live;
        let now = Instant::now();
        if self.wake.look(self.clock.now(), now, timings.jump) && self.lines.iter().any(Line::is_carried) {
            self.give_up_all("this computer was asleep, or its clock was set");
        }
        if let Some(since) = now.checked_sub(timings.stall_after) {
            while let Some((id, line)) = self.connections.silent_since(since) {
                self.connections.let_go(id);
                let error = MarketError::Timeout {
                    host: crate::net::host_of(&self.config.stream_base),
                    after_ms: u64::try_from(timings.stall_after.as_millis()).unwrap_or(u64::MAX),
                };
                self.ended(id, line, End::Lost(error), now);
            }
        }
        self.book.look(self.server.now(now), now, &mut self.outbox);
        for number in 0..self.lines.len() {
            self.look_after(number, now);
        }
        self.overrun &= !self.outbox.is_empty();
        if now >= self.health_at {
            self.health_at = now + timings.health_every;
            self.outbox.push_health(self.health());
        }
    }

    fn look_after(&mut self, number: usize, now: Instant) {
        let timings = self.config.live;
        let is_silent = self.book.is_silent(number);
        let Some(line) = self.lines.get_mut(number) else {
            return;
        };
        let is_old = line
            .since
            .is_some_and(|since| now.duration_since(since) >= timings.renew_after);
        if is_old || line.is_silence_due(is_silent, now, &timings) {
            line.renew(now);
        }
        if let Phase::Overlapping { old, new, until } = line.phase
            && now >= until
        {
            line.phase = Phase::Live(new);
            self.connections.let_go(old);
        }
        if !line.wants_connection(now) || self.overrun {
            return;
        }
        match self.host.connect(timings.least_wait) {
            Ok(()) => {
                let route = Route {
                    config: self.config.clone(),
                    host: Arc::clone(&self.host),
                    clock: Arc::clone(self.clock),
                    streams: Arc::clone(&line.streams),
                };
                line.begun(self.connections.begin(number, route));
            }
            Err(Closed { wait, pause: None }) => line.put_off(now + wait),
            Err(Closed {
                wait,
                pause: Some(kind),
            }) => {
                line.put_off(now + wait);
                if !line.is_carried() {
                    let ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
                    let until = self.clock.now().plus_millis(ms);
                    let error = kind.error(self.host.name(), until);
                    self.lost(number, error.with_cause(), wait);
                }
            }
        }
    }

    fn health(&self) -> StreamHealth {
        let carried = self.lines.iter().filter(|line| line.is_carried());
        let (connections, streams) = carried.fold((0, 0), |(connections, streams), line| {
            (connections + 1, streams + line.streams.len())
        });
        let stalled = self.book.stalled();
        StreamHealth {
            connections,
            streams,
            last_frame: self.last_frame,
            stalled: stalled.map(|key| (key.symbol.clone(), key.interval)).collect(),
            malformed: self.malformed,
        }
    }
}
