//! The REST half.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State as Extract};
use axum::http::{StatusCode, Uri, header};
use axum::response::Response;
use promptpal_domain::{Candle, Decimal, Interval, Timestamp};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::record::RequestRecord;
use super::state::{Pause, Shared, State, eight};
use super::{Fault, archive, tickers};

pub(crate) const HTML: &str = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Something is in the way</h1></body></html>";
/// Beyond any limit a client may have for candles.
const OVERSIZED: usize = 80 << 20;

pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: CancellationToken) {
    let app = Router::new().fallback(answer).with_state(shared);
    let server = axum::serve(listener, app).into_future();
    tokio::select! {
        () = stop.cancelled() => {}
        result = server => result.expect("a loopback server does not fail"),
    }
}

/// Status, body and headers of an answer.
struct Reply {
    status: u16,
    body: Vec<u8>,
    html: bool,
    retry_after: Option<u64>,
}

impl Reply {
    fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            body: body.to_string().into_bytes(),
            html: false,
            retry_after: None,
        }
    }

    fn html(status: u16) -> Self {
        Self {
            status,
            body: HTML.into(),
            html: true,
            retry_after: None,
        }
    }

    fn error(status: u16, code: i32, message: &str) -> Self {
        Self::json(status, &json!({"code": code, "msg": message}))
    }

    fn pause(status: u16, seconds: u64) -> Self {
        let reply = Self::error(status, -1003, "Too much request weight used; please slow down.");
        Self {
            retry_after: Some(seconds),
            ..reply
        }
    }
}

async fn answer(
    Extract(shared): Extract<Arc<Shared>>,
    uri: Uri,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let path = uri.path().to_owned();
    if archive::serves(&path) {
        return archive::respond(&shared, &path);
    }
    let weight = match path.as_str() {
        "/api/v3/klines" => 2,
        "/api/v3/exchangeInfo" => 20,
        tickers::PATH => tickers::weight(&query),
        _ => 1,
    };
    let (reply, used, silent) = {
        let mut state = shared.lock();
        // A script may count requests: this one has come.
        state.fire();
        let pause = state.ignored_pause();
        let fault = if pause.is_none() {
            state.next_rest_fault()
        } else {
            None
        };
        let (used, left) = state.spend(weight);
        let reply = match (pause, fault) {
            (Some(pause), _) => {
                let seconds = pause.until.saturating_duration_since(Instant::now()).as_secs() + 1;
                Reply::pause(if pause.banned { 418 } else { 429 }, seconds)
            }
            (None, Some(fault)) => faulty(&mut state, fault, &path, &query),
            (None, None) if used > state.options.weight_limit => {
                let seconds = state.options.retry_after_s.max(left);
                state.start_pause(seconds, false);
                Reply::pause(429, seconds)
            }
            (None, None) => plain(&state, &path, &query),
        };
        let silent = fault == Some(Fault::Silence);
        let at = state.now();
        state.requests.push(RequestRecord {
            path,
            query: uri.query().unwrap_or_default().to_owned(),
            status: if silent { 0 } else { reply.status },
            at,
            during_pause: pause.is_some_and(Pause::is_known),
        });
        (reply, (used, window_name(&state)), silent)
    };
    if silent {
        std::future::pending::<()>().await;
    }
    let mut response = Response::builder()
        .status(StatusCode::from_u16(reply.status).expect("a status"))
        .header(
            header::CONTENT_TYPE,
            if reply.html {
                "text/html"
            } else {
                "application/json;charset=UTF-8"
            },
        )
        .header(format!("x-mbx-used-weight-{}", used.1.to_lowercase()), used.0)
        .header("x-mbx-used-weight", used.0);
    if let Some(seconds) = reply.retry_after {
        response = response.header(header::RETRY_AFTER, seconds);
    }
    response.body(Body::from(reply.body)).expect("headers are plain")
}

/// `1M` for a minute, `10S` for ten seconds.
fn window_name(state: &State) -> String {
    let (number, letter, _) = window(state);
    format!("{number}{letter}")
}

fn window(state: &State) -> (u64, char, &'static str) {
    match state.options.weight_window.as_secs().max(1) {
        seconds if seconds % 60 == 0 => (seconds / 60, 'M', "MINUTE"),
        seconds => (seconds, 'S', "SECOND"),
    }
}

fn faulty(state: &mut State, fault: Fault, path: &str, query: &HashMap<String, String>) -> Reply {
    match fault {
        Fault::TooManyRequests(seconds) => {
            state.start_pause(seconds, false);
            Reply::pause(429, seconds)
        }
        Fault::Banned(seconds) => {
            state.start_pause(seconds, true);
            Reply::pause(418, seconds)
        }
        Fault::Forbidden => Reply::html(403),
        Fault::Restricted => Reply::error(
            451,
            0,
            "Service unavailable from a restricted location according to the terms of use.",
        ),
        Fault::Unavailable => Reply {
            status: 503,
            body: Vec::new(),
            html: true,
            retry_after: None,
        },
        Fault::BadGateway => Reply::html(502),
        Fault::Html => Reply::html(200),
        Fault::CutJson => {
            let mut reply = plain(state, path, query);
            reply.body.truncate(reply.body.len() / 2);
            reply
        }
        Fault::Oversized => Reply {
            status: 200,
            body: vec![b' '; OVERSIZED],
            html: false,
            retry_after: None,
        },
        _ => plain(state, path, query),
    }
}

fn plain(state: &State, path: &str, query: &HashMap<String, String>) -> Reply {
    match path {
        "/api/v3/ping" => Reply::json(200, &json!({})),
        "/api/v3/time" => Reply::json(200, &json!({"serverTime": state.now().millis()})),
        "/api/v3/exchangeInfo" => exchange_info(state, query.get("symbol").map(String::as_str)),
        "/api/v3/klines" => klines(state, query).unwrap_or_else(|reply| reply),
        tickers::PATH => match tickers::last_24_hours(state, query) {
            Ok(rows) => Reply::json(200, &rows),
            Err((code, message)) => Reply::error(400, code, message),
        },
        _ => Reply::html(404),
    }
}

fn exchange_info(state: &State, only: Option<&str>) -> Reply {
    if only.is_some_and(|symbol| state.options.tape.find(symbol).is_none()) {
        return Reply::error(400, -1121, "Invalid symbol.");
    }
    let (number, _, unit) = window(state);
    let step = |decimals: u8| eight(Decimal::new(1, decimals));
    let symbols: Vec<Value> = state
        .options
        .tape
        .assets()
        .iter()
        .filter(|asset| only.is_none_or(|only| only == asset.symbol.as_str()))
        .map(|asset| {
            let quote = asset.symbol.as_str().strip_prefix(asset.asset.as_str()).unwrap_or("USDT");
            json!({
                "symbol": asset.symbol.as_str(), "status": "TRADING",
                "baseAsset": asset.asset.as_str(), "baseAssetPrecision": 8,
                "quoteAsset": quote, "quotePrecision": 8, "quoteAssetPrecision": 8,
                "orderTypes": ["LIMIT", "MARKET"], "isSpotTradingAllowed": true,
                "filters": [
                    {"filterType": "PRICE_FILTER", "minPrice": step(asset.price_decimals), "maxPrice": "1000000.00000000",
                     "tickSize": step(asset.price_decimals)},
                    {"filterType": "LOT_SIZE", "minQty": step(asset.volume_decimals), "maxQty": "9000.00000000",
                     "stepSize": step(asset.volume_decimals)},
                ],
                "permissions": [], "permissionSets": [["SPOT"]],
            })
        })
        .collect();
    Reply::json(
        200,
        &json!({
            "timezone": "UTC", "serverTime": state.now().millis(),
            "rateLimits": [
                {"rateLimitType": "REQUEST_WEIGHT", "interval": unit, "intervalNum": number,
                 "limit": state.options.weight_limit},
                {"rateLimitType": "RAW_REQUESTS", "interval": "MINUTE", "intervalNum": 5, "limit": 300_000},
            ],
            "exchangeFilters": [], "symbols": symbols,
        }),
    )
}

fn klines(state: &State, query: &HashMap<String, String>) -> Result<Reply, Reply> {
    let required = |name: &str| {
        query.get(name).filter(|text| !text.is_empty()).ok_or_else(|| {
            let message = format!("Mandatory parameter '{name}' was not sent, was empty/null, or malformed.");
            Reply::error(400, -1102, &message)
        })
    };
    let number = |name: &str| match query.get(name).map(|text| text.parse::<i64>()) {
        None => Ok(None),
        Some(Ok(value)) if value >= 0 => Ok(Some(value)),
        Some(_) => Err(Reply::error(
            400,
            -1100,
            &format!("Illegal characters found in parameter '{name}'."),
        )),
    };
    let symbol = required("symbol")?;
    if symbol.contains('/') {
        return Err(Reply::error(
            400,
            -1100,
            "Illegal characters found in parameter 'symbol'.",
        ));
    }
    let interval: Interval = required("interval")?
        .parse()
        .map_err(|_| Reply::error(400, -1120, "Invalid interval."))?;
    let tape = &state.options.tape;
    let asset = tape
        .find(symbol)
        .ok_or_else(|| Reply::error(400, -1121, "Invalid symbol."))?;
    let limit = usize::try_from(number("limit")?.unwrap_or(500).clamp(1, 1000)).expect("at most 1000");
    let now = state.now();
    let last = number("endTime")?.map_or(now, |ms| Timestamp::from_millis(ms).min(now));
    let candles = match number("startTime")?.map(Timestamp::from_millis) {
        None => tape.newest(asset, interval, limit, last, now),
        Some(from) => {
            // Far more than a page would be joined for nothing.
            let holes = 2 * 400;
            let enough = from.plus_millis(interval.nominal_millis().saturating_mul(limit as i64 + holes));
            let first = tape.candles(asset, interval, from, last.plus_millis(1).min(enough), now);
            let mut all = if first.len() < limit && enough <= last {
                tape.candles(asset, interval, from, last.plus_millis(1), now)
            } else {
                first
            };
            all.truncate(limit);
            all
        }
    };
    let rows: Vec<Value> = candles.iter().map(|candle| row(interval, candle)).collect();
    Ok(Reply::json(200, &Value::Array(rows)))
}

fn row(interval: Interval, candle: &Candle) -> Value {
    let amount = |value: Option<Decimal>| eight(value.unwrap_or(Decimal::ZERO));
    json!([
        candle.open_time.millis(),
        eight(candle.open),
        eight(candle.high),
        eight(candle.low),
        eight(candle.close),
        eight(candle.volume),
        interval.next(candle.open_time).millis() - 1,
        amount(candle.quote_volume),
        candle.trades.unwrap_or(0),
        amount(candle.taker_base_volume),
        amount(candle.taker_quote_volume),
        "0",
    ])
}
