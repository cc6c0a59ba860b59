//! An exchange that is only busy: candles of one second of many symbols, frame after frame at a steady rate. For
//! measurements; what it trades has no sense, and nothing goes wrong on it.
//!
//! A connection that is subscribed to the candles of as many symbols as there are gets, after a pause, `rate` frames a second in
//! turn over the symbols, each with the present as its event time: of a new second, a symbol's first frame closes its last
//! candle. After `seconds` the connection is closed. REST knows the time, and no candles.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::routing::get;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, accept_async};

/// How busy it is.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct BusyOptions {
    /// Symbols: S0000USDT, S0001USDT and so on.
    #[arg(long, default_value_t = 200)]
    pub symbols: usize,
    /// Frames a second.
    #[arg(long, default_value_t = 2000)]
    pub rate: u64,
    /// Seconds for which frames are sent.
    #[arg(long, default_value_t = 20)]
    pub seconds: u64,
    /// Seconds before the first of them.
    #[arg(long, default_value_t = 3)]
    pub pause: u64,
}

impl BusyOptions {
    /// Frames that each connection gets.
    #[must_use]
    pub const fn frames(self) -> u64 {
        self.rate * self.seconds
    }
}

/// Runs it until standard input ends. Prints its addresses as one line of JSON.
///
/// # Errors
/// When a port cannot be had.
pub async fn serve(options: BusyOptions) -> anyhow::Result<()> {
    let rest = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let stream = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!(
        "{}",
        json!({
            "rest": format!("http://{}/", rest.local_addr()?),
            "stream": format!("ws://{}/", stream.local_addr()?),
        })
    );
    let time = || async { axum::Json(json!({ "serverTime": now_ms() })) };
    let routes = Router::new()
        .route("/api/v3/time", get(time))
        .route("/api/v3/klines", get(|| async { axum::Json(json!([])) }));
    tokio::spawn(async move { axum::serve(rest, routes).await });
    tokio::spawn(async move {
        while let Ok((socket, _)) = stream.accept().await {
            tokio::spawn(connection(socket, options));
        }
    });
    let mut input = tokio::io::stdin();
    while input.read(&mut [0; 64]).await? > 0 {}
    Ok(())
}

async fn connection(socket: TcpStream, options: BusyOptions) {
    let _ = socket.set_nodelay(true);
    let Ok(mut socket) = accept_async(socket).await else {
        return;
    };
    if subscribed(&mut socket, options.symbols).await.is_none() {
        return;
    }
    tokio::time::sleep(Duration::from_secs(options.pause)).await;
    let (mut sink, mut source) = socket.split();
    // A client may subscribe to more, and waits for the answer.
    let (answers, mut answered) = tokio::sync::mpsc::unbounded_channel();
    let reading = tokio::spawn(async move {
        while let Some(Ok(message)) = source.next().await {
            if let Some((_, reply)) = answer(&message) {
                let _ = answers.send(reply);
            }
        }
    });
    let begun = tokio::time::Instant::now();
    let mut ticks = tokio::time::interval(Duration::from_millis(1));
    let mut opens = vec![0; options.symbols];
    let mut sent = 0;
    while sent < options.frames() {
        ticks.tick().await;
        let due = options.rate * begun.elapsed().as_millis() as u64 / 1000;
        while sent < due.min(options.frames()) {
            let symbol = sent as usize % options.symbols;
            let text = frame(symbol, &mut opens[symbol], sent);
            if sink.feed(Message::text(text)).await.is_err() {
                return;
            }
            sent += 1;
        }
        while let Ok(reply) = answered.try_recv() {
            let _ = sink.feed(reply).await;
        }
        if sink.flush().await.is_err() {
            return;
        }
    }
    let _ = sink.close().await;
    reading.abort();
}

/// Waits for the subscription of that many streams and answers each request.
async fn subscribed(socket: &mut WebSocketStream<TcpStream>, count: usize) -> Option<()> {
    let mut streams = BTreeSet::new();
    while streams.len() < count {
        let message = socket.next().await?.ok()?;
        if let Some((names, reply)) = answer(&message) {
            streams.extend(names);
            socket.send(reply).await.ok()?;
        }
    }
    Some(())
}

/// The streams that a request names, and the answer to it; nothing for what is no request.
fn answer(message: &Message) -> Option<(Vec<String>, Message)> {
    let request: Value = serde_json::from_str(message.to_text().ok()?).ok()?;
    let names = request["params"].as_array()?.iter();
    let names = names
        .filter_map(Value::as_str)
        .filter(|name| name.contains("@kline_"));
    let reply = json!({ "result": null, "id": request["id"] });
    Some((
        names.map(str::to_owned).collect(),
        Message::text(reply.to_string()),
    ))
}

/// The next frame of a symbol whose candle opened at `open`; 0 before its first.
fn frame(symbol: usize, open: &mut i64, number: u64) -> String {
    let now = now_ms();
    let second = now - now % 1000;
    let closed = *open != 0 && *open < second;
    let of = if closed { *open } else { second };
    *open = second;
    let cents = 10_000 + symbol as u64 * 100 + number % 90;
    format!(
        concat!(
            r#"{{"stream":"s{symbol:04}usdt@kline_1s","data":{{"e":"kline","E":{now},"s":"S{symbol:04}USDT","k":{{"t":{of},"#,
            r#""T":{end},"s":"S{symbol:04}USDT","i":"1s","f":{number},"L":{number},"o":"{whole}.00000000","#,
            r#""c":"{whole}.{part:02}000000","h":"{whole}.99000000","l":"{whole}.00000000","v":"{number}.12340000","#,
            r#""n":7,"x":{closed},"q":"{number}.48274130","V":"1.21150000","Q":"48.06611950","B":"0"}}}}}}"#
        ),
        symbol = symbol,
        now = now,
        of = of,
        end = of + 999,
        number = number,
        whole = cents / 100,
        part = cents % 100,
        closed = closed,
    )
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}
