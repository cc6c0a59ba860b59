//! One connection, from the handshake to its end.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use promptpal_domain::{Clock, Timestamp};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::LiveEvent;
use super::outbox::Outbox;
use crate::binance::frame::{Frame, subscribe};
use crate::{BinanceConfig, MarketError};

/// Streams asked for in one frame.
const BATCH: usize = 200;
/// No frame of market data comes near this size.
const FRAME_LIMIT: usize = 1 << 20;
/// A pause when the handshake is refused with 429 or 418 without saying for how long.
const DEFAULT_PAUSE: Duration = Duration::from_secs(120);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How a connection ended.
#[derive(Debug)]
pub(crate) enum End {
    /// Nobody listens any more.
    Unheard,
    /// Broken, silent or closed: try again.
    Lost(MarketError),
    /// The server said that it goes away.
    Shutdown,
    /// The receiver did not keep up.
    Overrun,
    /// The exchange refuses for a while.
    Pause(MarketError, Duration),
    /// The exchange refuses, and will again.
    Refused(MarketError),
}

pub(crate) struct Session<'a> {
    pub(crate) config: &'a BinanceConfig,
    /// Names of the streams, each once.
    pub(crate) streams: &'a [String],
    pub(crate) clock: &'a Arc<dyn Clock>,
    pub(crate) events: &'a mpsc::Sender<LiveEvent>,
}

/// Requests of ours and their answers.
struct Subscription<'a> {
    batches: std::slice::Chunks<'a, String>,
    sent: u64,
    confirmed: u64,
    next_at: Instant,
    answer_by: Instant,
}

impl Session<'_> {
    /// Lives until something ends it. `heard` is the last moment anything arrived, here or on the connection before.
    pub(crate) async fn run(&self, outbox: &mut Outbox, heard: &mut Option<Timestamp>) -> End {
        let socket = tokio::select! {
            () = self.events.closed() => return End::Unheard,
            socket = self.connect() => socket,
        };
        match socket {
            Ok(socket) => self.live(socket, outbox, heard).await,
            Err(end) => end,
        }
    }

    async fn connect(&self) -> Result<Socket, End> {
        let address = || End::Refused(MarketError::Address(self.config.stream_base.to_string()));
        let url = self.config.stream_base.join("stream").map_err(|_| address())?;
        let limits = WebSocketConfig::default()
            .max_message_size(Some(FRAME_LIMIT))
            .max_frame_size(Some(FRAME_LIMIT));
        let patience = self.config.live.connect_timeout;
        match timeout(
            patience,
            connect_async_with_config(url.as_str(), Some(limits), true),
        )
        .await
        {
            Err(_) => Err(End::Lost(self.silent(patience))),
            Ok(Ok((socket, _))) => Ok(socket),
            Ok(Err(tungstenite::Error::Http(answer))) => Err(self.refused(&answer)),
            Ok(Err(tungstenite::Error::Url(_) | tungstenite::Error::HttpFormat(_))) => Err(address()),
            Ok(Err(error)) => Err(End::Lost(self.unreachable(error))),
        }
    }

    async fn live(&self, mut socket: Socket, outbox: &mut Outbox, heard: &mut Option<Timestamp>) -> End {
        let since = *heard;
        let timings = self.config.live;
        let start = Instant::now();
        let mut asked = Subscription {
            batches: self.streams.chunks(BATCH),
            sent: 0,
            confirmed: 0,
            next_at: start,
            answer_by: start + timings.connect_timeout,
        };
        let mut connected = false;
        let mut last_frame = start;
        let mut malformed = 0_u64;
        loop {
            if !connected && asked.batches.len() == 0 && asked.confirmed >= asked.sent {
                connected = true;
                outbox.push(LiveEvent::Connected { since });
            }
            if outbox.is_overrun() {
                return End::Overrun;
            }
            tokio::select! {
                message = socket.next() => {
                    let message = match message {
                        Some(Ok(message)) => message,
                        Some(Err(error)) => return End::Lost(self.unreachable(error)),
                        None => return End::Lost(self.unreachable(tungstenite::Error::ConnectionClosed)),
                    };
                    last_frame = Instant::now();
                    *heard = Some(self.clock.now());
                    match message {
                        Message::Text(text) => match Frame::parse(&text, &self.config.venue) {
                            Ok(Frame::Candle(live)) => outbox.push(LiveEvent::Candle(live)),
                            Ok(Frame::Reply { .. }) => asked.confirmed += 1,
                            Ok(Frame::Refusal { code, message, .. }) => {
                                return End::Refused(MarketError::Refused { status: 0, code, message });
                            }
                            Ok(Frame::Shutdown) => return End::Shutdown,
                            Ok(Frame::Other) => {}
                            Err(error) => {
                                malformed += 1;
                                tracing::warn!(%error, malformed, "a frame of the live stream was skipped");
                            }
                        },
                        // The library has queued the pong with the same payload; it leaves with the next write.
                        Message::Ping(_) => if let Err(end) = self.write(socket.flush()).await { return end },
                        Message::Close(frame) => {
                            let words = frame.map(|f| f.reason.to_string()).filter(|text| !text.is_empty());
                            tracing::info!(words, "the exchange closed the live stream");
                            return End::Lost(self.unreachable(tungstenite::Error::ConnectionClosed));
                        }
                        Message::Binary(_) => {
                            malformed += 1;
                            tracing::warn!(malformed, "a binary frame of the live stream was skipped");
                        }
                        Message::Pong(_) | Message::Frame(_) => {}
                    }
                }
                () = sleep_until(asked.next_at), if asked.batches.len() > 0 => {
                    if let Some(batch) = asked.batches.next() {
                        asked.sent += 1;
                        asked.next_at = Instant::now() + timings.frame_gap;
                        asked.answer_by = Instant::now() + timings.connect_timeout;
                        let text = subscribe(asked.sent, batch.iter().map(String::as_str));
                        if let Err(end) = self.write(socket.send(Message::text(text))).await {
                            return end;
                        }
                    }
                }
                permit = self.events.reserve(), if !outbox.is_empty() => match permit {
                    Ok(permit) => outbox.hand_over(permit),
                    Err(_) => return End::Unheard,
                },
                () = self.events.closed(), if outbox.is_empty() => return End::Unheard,
                () = sleep_until(asked.answer_by), if !connected => {
                    return End::Lost(self.silent(timings.connect_timeout));
                }
                () = sleep_until(last_frame + timings.stall_after) => {
                    return End::Lost(self.silent(timings.stall_after));
                }
            }
        }
    }

    async fn write(&self, writing: impl Future<Output = Result<(), tungstenite::Error>>) -> Result<(), End> {
        let patience = self.config.live.connect_timeout;
        match timeout(patience, writing).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(End::Lost(self.unreachable(error))),
            Err(_) => Err(End::Lost(self.silent(patience))),
        }
    }

    fn refused(&self, answer: &http::Response<Option<Vec<u8>>>) -> End {
        let status = answer.status().as_u16();
        let text = answer
            .body()
            .as_deref()
            .map(crate::net::beginning)
            .unwrap_or_default();
        let pause = || {
            let asked = answer
                .headers()
                .get(http::header::RETRY_AFTER)
                .and_then(|v| v.to_str().ok());
            asked
                .and_then(|v| v.trim().parse().ok())
                .map_or(DEFAULT_PAUSE, Duration::from_secs)
        };
        let until = |pause: Duration| {
            self.clock
                .now()
                .plus_millis(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX))
        };
        match status {
            429 => End::Pause(
                MarketError::RateLimited {
                    until: until(pause()),
                },
                pause(),
            ),
            418 => End::Pause(
                MarketError::Banned {
                    until: until(pause()),
                },
                pause(),
            ),
            403 => End::Refused(MarketError::Blocked { host: self.host() }),
            451 => End::Refused(MarketError::Restricted {
                host: self.host(),
                message: text,
            }),
            500.. => End::Lost(MarketError::Unavailable {
                host: self.host(),
                status,
            }),
            _ => End::Refused(MarketError::NotJson {
                host: self.host(),
                status,
                start: text,
            }),
        }
    }

    fn silent(&self, patience: Duration) -> MarketError {
        let after_ms = u64::try_from(patience.as_millis()).unwrap_or(u64::MAX);
        MarketError::Timeout {
            host: self.host(),
            after_ms,
        }
    }

    fn unreachable(&self, error: tungstenite::Error) -> MarketError {
        MarketError::Unreachable {
            host: self.host(),
            source: Box::new(error),
        }
    }

    fn host(&self) -> String {
        crate::net::host_of(&self.config.stream_base)
    }
}
