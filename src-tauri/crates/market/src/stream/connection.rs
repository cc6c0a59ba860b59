//! One connection, from the handshake to its end, as a stream of what it tells.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, Stream};
use futures_util::{SinkExt, StreamExt};
use promptpal_domain::Clock;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async_tls_with_config};

use super::socket::Socket;
use crate::binance::frame::{Frame, subscribe};
use crate::net::hosts::{Host, PauseKind};
use crate::{BinanceConfig, MarketError};

/// Streams asked for in one frame.
const BATCH: usize = 200;
/// No frame of market data comes near this size.
const FRAME_LIMIT: usize = 1 << 20;

type Talking = WebSocketStream<MaybeTlsStream<Socket>>;

/// What a connection tells.
#[derive(Debug)]
pub(crate) enum Told {
    /// Every stream is subscribed.
    Confirmed,
    /// A frame that could be read.
    Frame(Frame),
    /// Some sign of life.
    Alive,
    /// A frame that could not be read, and why.
    Malformed(String),
    /// The last word.
    Ended(End),
}

/// How a connection ended.
#[derive(Debug)]
pub(crate) enum End {
    /// Broken, silent or closed: try again.
    Lost(MarketError),
    /// The exchange refuses for a while, and its host is paused.
    Pause(MarketError),
    /// The exchange refuses, and will again.
    Refused(MarketError),
}

/// What a connection needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) config: BinanceConfig,
    /// Where pauses are kept; leave to connect has been given.
    pub(crate) host: Arc<Host>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Names of the streams, each once.
    pub(crate) streams: Arc<[String]>,
}

/// A connection. It ends with [`Told::Ended`]; dropping it drops the socket.
pub(crate) fn connection(route: Route) -> impl Stream<Item = Told> + Send + 'static {
    let talk = Talk {
        route,
        stage: Stage::Start,
    };
    stream::unfold(talk, |mut talk| async move {
        let told = talk.next().await?;
        Some((told, talk))
    })
}

struct Talk {
    route: Route,
    stage: Stage,
}

enum Stage {
    Start,
    Open(Box<Open>),
    Over,
}

struct Open {
    socket: Talking,
    /// Streams that have been asked for.
    asked: usize,
    /// Requests sent, and those that were answered.
    sent: u64,
    confirmed: u64,
    told_confirmed: bool,
    next_at: Instant,
    answer_by: Instant,
}

impl Talk {
    async fn next(&mut self) -> Option<Told> {
        let step = match &mut self.stage {
            Stage::Start => match self.route.connect().await {
                Ok(socket) => {
                    let now = Instant::now();
                    self.stage = Stage::Open(Box::new(Open {
                        socket,
                        asked: 0,
                        sent: 0,
                        confirmed: 0,
                        told_confirmed: false,
                        next_at: now,
                        answer_by: now + self.route.config.live.connect_timeout,
                    }));
                    Ok(Told::Alive)
                }
                Err(end) => Err(end),
            },
            Stage::Open(open) => open.step(&self.route).await,
            Stage::Over => return None,
        };
        Some(step.unwrap_or_else(|end| {
            self.stage = Stage::Over;
            Told::Ended(end)
        }))
    }
}

impl Open {
    async fn step(&mut self, route: &Route) -> Result<Told, End> {
        let timings = &route.config.live;
        loop {
            let all_asked = self.asked >= route.streams.len();
            if !self.told_confirmed && all_asked && self.confirmed >= self.sent {
                self.told_confirmed = true;
                return Ok(Told::Confirmed);
            }
            if self.told_confirmed {
                let message = self.socket.next().await;
                return self.read(message, route).await;
            }
            tokio::select! {
                message = self.socket.next() => return self.read(message, route).await,
                () = sleep_until(self.next_at), if !all_asked => self.ask(route).await?,
                () = sleep_until(self.answer_by) => return Err(End::Lost(route.silent(timings.connect_timeout))),
            }
        }
    }

    /// Asks for the next batch of streams.
    async fn ask(&mut self, route: &Route) -> Result<(), End> {
        let timings = &route.config.live;
        let batch = route
            .streams
            .iter()
            .skip(self.asked)
            .take(BATCH)
            .map(String::as_str);
        self.asked += BATCH;
        self.sent += 1;
        let text = subscribe(self.sent, batch);
        route.write(self.socket.send(Message::text(text))).await?;
        let now = Instant::now();
        self.next_at = now + timings.frame_gap;
        self.answer_by = now + timings.connect_timeout;
        Ok(())
    }

    async fn read(
        &mut self,
        message: Option<Result<Message, tungstenite::Error>>,
        route: &Route,
    ) -> Result<Told, End> {
        let message = match message {
            Some(Ok(message)) => message,
            Some(Err(error)) => return Err(End::Lost(route.unreachable(error))),
            None => return Err(End::Lost(route.unreachable(tungstenite::Error::ConnectionClosed))),
        };
        match message {
            Message::Text(text) => match Frame::parse(&text, &route.config.venue) {
                Ok(Frame::Reply { .. }) => {
                    self.confirmed += 1;
                    Ok(Told::Alive)
                }
                Ok(Frame::Refusal { code, message, .. }) => Err(End::Refused(MarketError::Refused {
                    status: 0,
                    code,
                    message,
                })),
                Ok(frame) => Ok(Told::Frame(frame)),
                Err(error) => Ok(Told::Malformed(error.to_string())),
            },
            // The library has queued the pong with the same payload; it leaves with the next write.
            Message::Ping(_) => {
                route.write(self.socket.flush()).await?;
                Ok(Told::Alive)
            }
            Message::Close(frame) => {
                let words = frame
                    .map(|frame| frame.reason.to_string())
                    .filter(|text| !text.is_empty());
                tracing::info!(words, "the exchange closed a live connection");
                Err(End::Lost(route.unreachable(tungstenite::Error::ConnectionClosed)))
            }
            Message::Binary(_) => Ok(Told::Malformed("a binary frame".to_owned())),
            Message::Pong(_) | Message::Frame(_) => Ok(Told::Alive),
        }
    }
}

impl Route {
    async fn connect(&self) -> Result<Talking, End> {
        let address = || End::Refused(MarketError::Address(self.config.stream_base.to_string()));
        let url = self.config.stream_base.join("stream").map_err(|_| address())?;
        let limits = WebSocketConfig::default()
            .max_message_size(Some(FRAME_LIMIT))
            .max_frame_size(Some(FRAME_LIMIT));
        let patience = self.config.live.connect_timeout;
        let connecting = async {
            let socket = Socket::connect(&url).await?;
            client_async_tls_with_config(url.as_str(), socket, Some(limits), None).await
        };
        match timeout(patience, connecting).await {
            Err(_) => Err(End::Lost(self.silent(patience))),
            Ok(Ok((socket, _))) => Ok(socket),
            Ok(Err(tungstenite::Error::Http(answer))) => Err(self.refused(&answer)),
            Ok(Err(tungstenite::Error::Url(_) | tungstenite::Error::HttpFormat(_))) => Err(address()),
            Ok(Err(error)) => Err(End::Lost(self.unreachable(error))),
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
        if let Some(kind) = PauseKind::of_status(status) {
            let pause = self.host.pause(kind, answer.headers(), kind.usual());
            let ms = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
            return End::Pause(kind.error(&self.name(), self.clock.now().plus_millis(ms)));
        }
        let text = answer
            .body()
            .as_deref()
            .map(crate::net::words_of)
            .unwrap_or_default();
        match status {
            451 => End::Refused(MarketError::Restricted {
                host: self.name(),
                message: text,
            }),
            500.. => End::Lost(MarketError::Unavailable {
                host: self.name(),
                status,
            }),
            _ => End::Refused(MarketError::NotJson {
                host: self.name(),
                status,
                start: text,
            }),
        }
    }

    /// The error of a silence.
    pub(crate) fn silent(&self, patience: Duration) -> MarketError {
        let after_ms = u64::try_from(patience.as_millis()).unwrap_or(u64::MAX);
        MarketError::Timeout {
            host: self.name(),
            after_ms,
        }
    }

    fn unreachable(&self, error: tungstenite::Error) -> MarketError {
        MarketError::Unreachable {
            host: self.name(),
            source: Box::new(error),
        }
    }

    fn name(&self) -> String {
        crate::net::host_of(&self.config.stream_base)
    }
}
