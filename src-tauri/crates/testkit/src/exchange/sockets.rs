//! The WebSocket half.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};
use tokio_util::sync::CancellationToken;

use super::state::{Order, Shared, Welcome};

/// Frames a client may send in a second, pongs included.
const FRAMES_A_SECOND: usize = 5;
/// Streams on one connection.
const STREAMS: usize = 1024;
/// A client that answers no ping for so long is dropped.
const PONG_LIMIT: Duration = Duration::from_secs(60);

pub(crate) async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    ping_every: Duration,
    stop: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((socket, _)) = accepted else { continue };
        let (shared, stop) = (Arc::clone(&shared), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = connection(socket, &shared, ping_every) => {}
            }
        });
    }
}

async fn connection(socket: TcpStream, shared: &Shared, ping_every: Duration) {
    let mut asked: Option<(BTreeSet<String>, bool)> = None;
    let welcome = shared.lock().welcome();
    if matches!(welcome, Welcome::Nothing) {
        // The connection stands, and nothing is ever said on it.
        return std::future::pending().await;
    }
    #[expect(clippy::result_large_err, reason = "the library's own signature")]
    let callback = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        asked = streams_of(request.uri());
        let refusal = match welcome {
            Welcome::Refused(status, retry_after) => Some((status, retry_after)),
            Welcome::In | Welcome::Nothing => asked.is_none().then_some((404, None)),
        };
        match refusal {
            None => Ok(response),
            Some((status, retry_after)) => {
                let body = r#"{"code":0,"msg":"Service unavailable from a restricted location"}"#;
                let mut refused = ErrorResponse::new(Some(body.to_owned()));
                *refused.status_mut() = http::StatusCode::from_u16(status).expect("a status");
                if let Some(seconds) = retry_after {
                    refused
                        .headers_mut()
                        .insert(http::header::RETRY_AFTER, seconds.into());
                }
                Err(refused)
            }
        }
    };
    let Ok(mut socket) = accept_hdr_async(socket, callback).await else {
        return;
    };
    let (streams, combined) = asked.expect("the callback was called");
    let (orders, mut inbox) = mpsc::unbounded_channel();
    let client = shared.lock().join(orders, streams, combined);
    talk(&mut socket, shared, client, &mut inbox, ping_every).await;
    shared.lock().leave(client);
}

/// The streams a path asks for, and whether events are wrapped.
fn streams_of(uri: &http::Uri) -> Option<(BTreeSet<String>, bool)> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let split = |text: &str| {
        text.split('/')
            .filter(|name| !name.is_empty())
            .map(decode)
            .collect()
    };
    if uri.path().trim_end_matches('/') == "/stream" {
        let query = uri.query().unwrap_or_default().split('&');
        let streams = query
            .filter_map(|pair| pair.strip_prefix("streams="))
            .next()
            .unwrap_or_default();
        return Some((split(streams), true));
    }
    let rest = uri.path().strip_prefix("/ws")?;
    (rest.is_empty() || rest.starts_with('/')).then(|| (split(rest), false))
}

async fn talk(
    socket: &mut WebSocketStream<TcpStream>,
    shared: &Shared,
    client: u64,
    inbox: &mut mpsc::UnboundedReceiver<Order>,
    ping_every: Duration,
) {
    let mut pings = tokio::time::interval(ping_every);
    pings.tick().await;
    let mut payload = 0_u64;
    let mut answered = Instant::now();
    let mut recent: VecDeque<Instant> = VecDeque::new();
    loop {
        let out = tokio::select! {
            order = inbox.recv() => match order {
                None | Some(Order::Drop) => return,
                Some(Order::Stall { pings: with_pings }) => {
                    stall(socket, inbox, with_pings.then_some(&mut pings)).await;
                    return;
                }
                Some(Order::Freeze) => {
                    while !matches!(inbox.recv().await, None | Some(Order::Drop)) {}
                    return;
                }
                Some(Order::Text(text)) => Message::text(text),
                Some(Order::Binary(bytes)) => Message::binary(bytes),
                Some(Order::Ping) => ping(&mut payload),
                Some(Order::Close(reason)) => {
                    let frame = CloseFrame { code: CloseCode::Away, reason: reason.into() };
                    let _ = socket.close(Some(frame)).await;
                    return;
                }
            },
            _ = pings.tick() => {
                if answered.elapsed() > PONG_LIMIT {
                    return;
                }
                ping(&mut payload)
            }
            message = socket.next() => {
                let Some(Ok(message)) = message else { return };
                recent.retain(|at| at.elapsed() < Duration::from_secs(1));
                recent.push_back(Instant::now());
                if recent.len() > FRAMES_A_SECOND {
                    shared.lock().stats.too_fast += 1;
                    let frame = CloseFrame { code: CloseCode::Policy, reason: "Too many requests".into() };
                    let _ = socket.close(Some(frame)).await;
                    return;
                }
                match message {
                    Message::Text(text) => match control(shared, client, &text) {
                        Some(reply) => Message::text(reply),
                        None => return,
                    },
                    Message::Pong(bytes) => {
                        answered = Instant::now();
                        shared.lock().stats.pongs += usize::from(bytes[..] == payload.to_be_bytes());
                        continue;
                    }
                    Message::Close(_) => return,
                    _ => continue,
                }
            }
        };
        if socket.send(out).await.is_err() {
            return;
        }
    }
}

/// Reads what comes and says nothing but pings, until the client goes or the connection is dropped.
async fn stall(
    socket: &mut WebSocketStream<TcpStream>,
    inbox: &mut mpsc::UnboundedReceiver<Order>,
    mut pings: Option<&mut tokio::time::Interval>,
) {
    let mut payload = u64::MAX / 2;
    loop {
        let next_ping = async {
            match &mut pings {
                Some(pings) => pings.tick().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            order = inbox.recv() => if matches!(order, None | Some(Order::Drop)) { return },
            message = socket.next() => if !matches!(message, Some(Ok(_))) { return },
            _ = next_ping => if socket.send(ping(&mut payload)).await.is_err() { return },
        }
    }
}

fn ping(payload: &mut u64) -> Message {
    *payload += 1;
    Message::Ping(payload.to_be_bytes().to_vec().into())
}

/// The answer to a control frame; nothing when the connection is to end.
fn control(shared: &Shared, client: u64, text: &str) -> Option<String> {
    let error = |id: &Value, code: u8, message: &str| {
        Some(json!({"error": {"code": code, "msg": message}, "id": id}).to_string())
    };
    let Ok(request) = serde_json::from_str::<Value>(text) else {
        return Some(
            json!({"code": 3, "msg": "Invalid JSON: expected value at line 1 column 1"}).to_string(),
        );
    };
    let id = request.get("id").cloned().unwrap_or(Value::Null);
    let params = request.get("params").and_then(Value::as_array);
    let names = || {
        params
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
    };
    let mut state = shared.lock();
    let result = match request.get("method").and_then(Value::as_str) {
        Some("SUBSCRIBE") => {
            // Streams of unknown symbols are accepted and stay silent, as on the exchange.
            if let Some(bad) = names().find(|name| !name.contains('@')) {
                return error(&id, 2, &format!("Invalid request: unknown stream `{bad}`"));
            }
            let known = state.clients.get_mut(&client)?;
            known.streams.extend(names());
            let count = known.streams.len();
            state.stats.most_streams = state.stats.most_streams.max(count);
            if count > STREAMS {
                return None;
            }
            Value::Null
        }
        Some("UNSUBSCRIBE") => {
            let known = state.clients.get_mut(&client)?;
            for name in names() {
                known.streams.remove(&name);
            }
            Value::Null
        }
        Some("LIST_SUBSCRIPTIONS") => json!(state.clients.get(&client)?.streams),
        Some("SET_PROPERTY") => {
            let value = params.and_then(|params| params.get(1)).and_then(Value::as_bool);
            let Some(value) = value else {
                return error(&id, 0, "Unknown property");
            };
            state.clients.get_mut(&client)?.combined = value;
            Value::Null
        }
        Some("GET_PROPERTY") => json!(state.clients.get(&client)?.combined),
        other => {
            return error(
                &id,
                2,
                &format!("Invalid request: unknown variant `{}`", other.unwrap_or_default()),
            );
        }
    };
    Some(json!({"result": result, "id": id}).to_string())
}
