//! The REST interface.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State as Extract};
use axum::http::{StatusCode, Uri, header};
use axum::response::Response;
use promptpal_domain::{Candle, Decimal, Interval, Timestamp};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::market::{Market, json_number};
use super::{CoinbaseFault, Shared};
use crate::exchange::RequestRecord;

const HTML: &str = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Something is in the way</h1></body></html>";
const MOST_CANDLES: i64 = 300;
const INTERVALS: [Interval; 6] = [
    Interval::Minute1,
    Interval::Minute5,
    Interval::Minute15,
    Interval::Hour1,
    Interval::Hour6,
    Interval::Day1,
];

type Params = HashMap<String, String>;

pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: CancellationToken) {
    let app = Router::new().fallback(answer).with_state(shared);
    let server = axum::serve(listener, app).into_future();
    tokio::select! {
        () = stop.cancelled() => {}
        result = server => result.expect("a loopback server does not fail"),
    }
}

struct Reply {
    status: u16,
    body: String,
    retry_after: Option<u64>,
}

impl Reply {
    fn new(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            body: body.into(),
            retry_after: None,
        }
    }

    fn json(body: &Value) -> Self {
        Self::new(200, body.to_string())
    }

    fn error(status: u16, message: &str) -> Self {
        Self::new(status, json!({"message": message}).to_string())
    }
}

async fn answer(Extract(shared): Extract<Arc<Shared>>, uri: Uri, Query(query): Query<Params>) -> Response {
    let path = uri.path().to_owned();
    let (reply, silent) = {
        let mut market = shared.lock();
        let allowed = market.spend();
        let fault = market.next_fault(path.ends_with("/candles"));
        let reply = match fault {
            _ if !allowed => Reply::error(429, "Public rate limit exceeded"),
            Some(fault) => faulty(&market, fault, &path, &query),
            None => plain(&market, &path, &query, None),
        };
        let silent = fault == Some(CoinbaseFault::Silence);
        let at = market.now();
        market.requests.push(RequestRecord {
            path,
            query: uri.query().unwrap_or_default().to_owned(),
            status: if silent { 0 } else { reply.status },
            at,
            during_pause: false,
        });
        (reply, silent)
    };
    if silent {
        std::future::pending::<()>().await;
    }
    let kind = if reply.body.starts_with('<') {
        "text/html"
    } else {
        "application/json; charset=utf-8"
    };
    let mut response = Response::builder()
        .status(StatusCode::from_u16(reply.status).expect("a status"))
        .header(header::CONTENT_TYPE, kind);
    if let Some(seconds) = reply.retry_after {
        response = response.header(header::RETRY_AFTER, seconds);
    }
    response.body(Body::from(reply.body)).expect("headers are plain")
}

fn faulty(market: &Market, fault: CoinbaseFault, path: &str, query: &Params) -> Reply {
    match fault {
        CoinbaseFault::TooManyRequests(retry_after) => Reply {
            retry_after,
            ..Reply::error(429, "Public rate limit exceeded")
        },
        CoinbaseFault::Forbidden => Reply::new(403, HTML),
        CoinbaseFault::Restricted => Reply::error(451, "Not available in your location"),
        CoinbaseFault::Unavailable => Reply::error(500, "Internal server error"),
        CoinbaseFault::Html => Reply::new(200, HTML),
        CoinbaseFault::CutJson => {
            let mut reply = plain(market, path, query, None);
            reply.body.truncate(reply.body.len() / 2);
            reply
        }
        CoinbaseFault::OutOfOrder | CoinbaseFault::Late => plain(market, path, query, Some(fault)),
        CoinbaseFault::Silence => Reply::new(200, ""),
    }
}

fn plain(market: &Market, path: &str, query: &Params, fault: Option<CoinbaseFault>) -> Reply {
    let pieces: Vec<&str> = path.split('/').filter(|piece| !piece.is_empty()).collect();
    match pieces.as_slice() {
        ["time"] => {
            let ms = market.now().millis();
            let epoch = ms as f64 / 1000.0;
            Reply::json(&json!({"iso": market.now().to_string(), "epoch": epoch}))
        }
        ["products"] => Reply::json(
            &(0..market.products().len())
                .map(|asset| product(market, asset))
                .collect(),
        ),
        ["products", name, below @ ..] => match (market.find(name), below) {
            (Some(asset), []) => Reply::json(&product(market, asset)),
            (Some(asset), ["stats"]) => stats(market, asset),
            (Some(asset), ["candles"]) => {
                candles(market, asset, query, fault).unwrap_or_else(|refused| refused)
            }
            _ => Reply::error(404, "NotFound"),
        },
        _ => Reply::error(404, "NotFound"),
    }
}

fn product(market: &Market, asset: usize) -> Value {
    let (name, base, price_decimals, volume_decimals) = market.products().swap_remove(asset);
    let step = |decimals: u8| Decimal::new(1, decimals).to_string();
    json!({
        "id": name, "base_currency": base, "quote_currency": "USD", "display_name": name.replace('-', "/"),
        "quote_increment": step(price_decimals), "base_increment": step(volume_decimals), "min_market_funds": "1",
        "margin_enabled": false, "post_only": false, "limit_only": false, "cancel_only": false, "status": "online",
        "status_message": "", "trading_disabled": false, "fx_stablecoin": false, "auction_mode": false,
    })
}

fn stats(market: &Market, asset: usize) -> Reply {
    let minutes = market.last_day(asset);
    let text = |value: Option<Decimal>| value.map(|value| value.to_string());
    let units = |scale: u8| {
        minutes
            .iter()
            .map(move |m| m.volume.units_at(scale).expect("one scale"))
            .sum::<i64>()
    };
    let scale = minutes.iter().map(|m| m.volume.scale()).max().unwrap_or(0);
    let volume = Decimal::new(units(scale), scale).to_string();
    Reply::json(&json!({
        "open": text(minutes.first().map(|m| m.open)), "high": text(minutes.iter().map(|m| m.high).max()),
        "low": text(minutes.iter().map(|m| m.low).min()), "last": text(minutes.last().map(|m| m.close)),
        "volume": volume, "volume_30day": volume,
    }))
}

fn candles(
    market: &Market,
    asset: usize,
    query: &Params,
    fault: Option<CoinbaseFault>,
) -> Result<Reply, Reply> {
    let seconds = query
        .get("granularity")
        .map_or(Ok(60), |text| text.parse::<i64>());
    let interval = seconds
        .ok()
        .and_then(|seconds| {
            INTERVALS
                .into_iter()
                .find(|i| i.nominal_millis() == seconds * 1000)
        })
        .ok_or_else(|| Reply::error(400, "Unsupported granularity"))?;
    let step = interval.nominal_millis();
    let instant = |name: &str| {
        let time = query.get(name).map(|text| text.parse::<Timestamp>());
        time.transpose()
            .map_err(|_| Reply::error(400, &format!("Invalid {name}")))
    };
    let (start, end) = match (instant("start")?, instant("end")?) {
        (Some(start), Some(end)) => (start, end),
        // One of them alone is ignored.
        _ => (market.now().plus_millis(-step * (MOST_CANDLES - 1)), market.now()),
    };
    if end.since(start).div_euclid(step) + 1 > MOST_CANDLES {
        let words =
            "granularity too small for the requested time range. Count of aggregations requested exceeds 300";
        return Err(Reply::error(400, words));
    }
    // One candle before the start comes along where there is room.
    let from = if end.since(start).div_euclid(step) + 1 < MOST_CANDLES {
        start.plus_millis(-step)
    } else {
        start
    };
    let mut found = market.candles(asset, interval, from, end.plus_millis(1).min(market.now()));
    found.reverse();
    match fault {
        Some(CoinbaseFault::Late) => drop(found.drain(..found.len().min(2))),
        Some(CoinbaseFault::OutOfOrder) => {
            let half = found.len() / 2;
            found.rotate_left(half);
            found.extend(found.first().cloned());
        }
        _ => {}
    }
    let rows: Vec<String> = found.iter().map(row).collect();
    Ok(Reply::new(200, format!("[{}]", rows.join(","))))
}

/// `[time, low, high, open, close, volume]`
fn row(candle: &Candle) -> String {
    let seconds = candle.open_time.seconds();
    let price = |value| json_number(value, false);
    format!(
        "[{seconds},{},{},{},{},{}]",
        price(candle.low),
        price(candle.high),
        price(candle.open),
        price(candle.close),
        json_number(candle.volume, (seconds / 60) % 5 == 0),
    )
}
