//! The seam: what every venue behind it does, here with Binance's protocol.

use std::sync::Arc;
use std::time::Duration;

use promptpal_domain::{Candle, Interval, Span, Timestamp};
use promptpal_market::{
    BucketState, Exchange as Venue, History, HistoryEvent, HistoryPage, LiveEvent, LiveRequest, MarketError,
    Order, VenuesConfig, resample_marked, venues,
};
use promptpal_testkit::exchange::{Exchange, Fault};
use tokio_util::sync::CancellationToken;

use crate::setting::*;

/// What a history told, in its own order.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) pages: Vec<HistoryPage>,
    pub(crate) waits: Vec<String>,
    pub(crate) error: Option<MarketError>,
}

impl Heard {
    /// The candles as they belong, from pages that went back in time.
    pub(crate) fn candles(&self) -> Vec<Candle> {
        self.pages
            .iter()
            .rev()
            .flat_map(|page| page.candles.iter().cloned())
            .collect()
    }

    /// The one span that pages going back in time cover.
    pub(crate) fn covered(&self) -> Span {
        for pair in self.pages.windows(2) {
            assert_eq!(pair[1].covered.to(), pair[0].covered.from(), "pages adjoin");
        }
        span(
            self.pages.last().unwrap().covered.from(),
            self.pages[0].covered.to(),
        )
    }
}

pub(crate) async fn hear(mut history: History) -> Heard {
    let mut heard = Heard::default();
    while let Some(event) = tokio::time::timeout(LIMIT, history.recv())
        .await
        .expect("the history goes on")
    {
        match event {
            Ok(HistoryEvent::Page(page)) => {
                let inside = |candle: &Candle| page.covered.contains(candle.open_time);
                assert!(page.candles.iter().all(inside));
                heard.pages.push(page);
            }
            Ok(HistoryEvent::Waiting { reason, .. }) => heard.waits.push(format!("{reason:?}")),
            Err(error) => heard.error = Some(error),
        }
    }
    heard
}

fn newest_first(client: &dyn Venue, name: &str, interval: Interval, asked: Span) -> History {
    client.history(
        symbol(name),
        interval,
        asked,
        Order::NewestFirst,
        CancellationToken::new(),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_sixteen_intervals_come_from_either_end() {
    // Forty days hold one halt of some hours.
    let exchange = Exchange::start(options(40 * 1440)).await.unwrap();
    let client = client(&exchange);
    for interval in Interval::ALL {
        let from = match interval {
            Interval::Second1 => exchange.now().plus_millis(-100 * MINUTE),
            Interval::Minute1 => start().plus_millis(17 * DAY + 1),
            _ => Timestamp::EPOCH,
        };
        let asked = span(from, exchange.now());
        let before = exchange.count("/api/v3/klines");
        let heard = hear(newest_first(&client, "ETHUSDT", interval, asked)).await;
        assert!(heard.error.is_none() && heard.waits.is_empty(), "{heard:?}");
        let expected = tape(&exchange, "ETHUSDT", interval, from, exchange.now());
        assert_eq!(heard.candles(), expected, "{interval}");
        // The second that begins now has not been in the span.
        let forming = interval.floor(exchange.now());
        let live = heard.pages[0].live.as_ref().map(|live| live.candle.open_time);
        assert_eq!(live, Some(forming).filter(|at| asked.contains(*at)), "{interval}");
        assert_eq!(heard.covered(), span(from, forming), "{interval}");
        assert!(heard.pages[1..].iter().all(|page| page.live.is_none()));
        let pages = exchange.count("/api/v3/klines") - before;
        assert!(
            pages <= expected.len() / 1000 + 1,
            "{interval}: {pages} pages of {} candles",
            expected.len()
        );
        let told = listen(client.history(symbol("ETHUSDT"), interval, asked, CancellationToken::new())).await;
        assert_eq!(told.candles, expected, "{interval}, oldest first");
    }
    assert!(exchange.requests().iter().all(|request| request.status == 200));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn joined_minutes_are_the_exchanges_own_candles() {
    let exchange = Exchange::start(options(40 * 1440)).await.unwrap();
    let client = client(&exchange);
    let asked = span(Timestamp::EPOCH, exchange.now());
    let minutes = hear(newest_first(&client, "SOLUSDT", Interval::Minute1, asked))
        .await
        .candles();
    for interval in Interval::ALL.into_iter().skip(1) {
        let own = hear(newest_first(&client, "SOLUSDT", interval, asked))
            .await
            .candles();
        let mut joined = resample_marked(&minutes, Interval::Minute1, interval).unwrap();
        joined.retain(|bucket| interval.next(bucket.candle.open_time) <= exchange.now());
        assert!(
            joined.iter().map(|bucket| &bucket.candle).eq(own.iter()),
            "{interval}"
        );
        // The halt of the tape shows.
        let missing = joined.iter().any(|bucket| bucket.state == BucketState::Holed);
        assert_eq!(
            missing,
            (interval > Interval::Minute1) && !joined.is_empty(),
            "{interval}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newest_page_comes_first_and_the_rest_is_what_is_missing() {
    let exchange = Exchange::start(options(5000)).await.unwrap();
    let client = client(&exchange);
    let asked = span(start(), exchange.now());
    let cancel = CancellationToken::new();
    let mut history = client.history_in(
        Order::NewestFirst,
        symbol("BTCUSDT"),
        Interval::Minute1,
        asked,
        cancel.clone(),
    );
    let Some(Ok(HistoryEvent::Page(first))) = history.recv().await else {
        panic!("a page comes first");
    };
    cancel.cancel();
    while history.recv().await.is_some() {}
    assert_eq!(first.candles.len(), 999, "a page less the forming candle");
    assert_eq!(first.covered.to(), Interval::Minute1.floor(exchange.now()));
    // Nothing has to be remembered: what is not covered is asked for.
    let rest = span(start(), first.covered.from());
    let heard = hear(newest_first(&client, "BTCUSDT", Interval::Minute1, rest)).await;
    assert_eq!(heard.covered(), rest);
    let mut all = heard.candles();
    all.extend(first.candles);
    assert_eq!(
        all,
        tape(&exchange, "BTCUSDT", Interval::Minute1, start(), exchange.now())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_edges_of_a_span_are_kept_from_behind() {
    let exchange = Exchange::start(options(3000)).await.unwrap();
    let client = client(&exchange);
    let at = |minutes: i64| start().plus_millis(minutes * MINUTE);
    let now = exchange.now();
    let forming = Interval::Minute1.floor(now);
    let check = async |asked: Span, count: usize, covered: Span, live: bool| {
        let heard = hear(newest_first(&client, "BTCUSDT", Interval::Minute1, asked)).await;
        assert!(heard.error.is_none(), "{heard:?}");
        assert_eq!(
            (heard.candles().len(), heard.covered()),
            (count, covered),
            "{asked}"
        );
        assert_eq!(heard.pages[0].live.is_some(), live, "{asked}");
    };
    let past = span(at(10), at(1510));
    check(past, 1500, past, false).await;
    let odd = span(at(10).plus_millis(1), at(12).plus_millis(1));
    check(odd, 2, odd, false).await;
    // Before the first candle there is nothing, and that is settled.
    check(
        span(Timestamp::EPOCH, at(5)),
        5,
        span(Timestamp::EPOCH, at(5)),
        false,
    )
    .await;
    check(
        span(Timestamp::EPOCH, at(0)),
        0,
        span(Timestamp::EPOCH, at(0)),
        false,
    )
    .await;
    // The forming candle and the future settle nothing.
    check(span(forming, now), 0, span(forming, forming), true).await;
    check(
        span(at(2990), now.plus_millis(DAY)),
        10,
        span(at(2990), forming),
        true,
    )
    .await;
    let future = span(now.plus_millis(DAY), now.plus_millis(2 * DAY));
    check(future, 0, span(future.from(), future.from()), false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pauses_and_failures_are_told_on_the_way_back_too() {
    let exchange = Exchange::start(options(3000)).await.unwrap();
    let client = client(&exchange);
    client.symbol(&symbol("BTCUSDT")).await.unwrap();
    for fault in [
        Fault::Unavailable,
        Fault::Html,
        Fault::CutJson,
        Fault::TooManyRequests(1),
    ] {
        exchange.inject(fault);
    }
    let asked = span(start(), exchange.now());
    let heard = hear(newest_first(&client, "BTCUSDT", Interval::Minute1, asked)).await;
    let kinds: Vec<_> = heard
        .waits
        .iter()
        .map(|wait| wait.split('(').next().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["Failure", "Failure", "Failure", "Pause"],
        "{:?}",
        heard.waits
    );
    assert_eq!(
        heard.candles(),
        tape(&exchange, "BTCUSDT", Interval::Minute1, start(), exchange.now())
    );
    assert_eq!(exchange.requests_during_pause(), 0);
    exchange.inject(Fault::Restricted);
    let heard = hear(newest_first(&client, "BTCUSDT", Interval::Minute1, asked)).await;
    assert!(
        matches!(heard.error, Some(MarketError::Restricted { .. })),
        "{heard:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_of_24_hours_are_exact_and_in_the_order_asked_for() {
    let exchange = Exchange::start(options(2 * 1440)).await.unwrap();
    let client = client(&exchange);
    client.symbol(&symbol("BTCUSDT")).await.unwrap();
    let before = client.limits().used;
    let wanted = [symbol("SOLUSDT"), symbol("BTCUSDT")];
    let tickers = Venue::tickers(&client, &wanted).await.unwrap();
    assert_eq!(client.limits().used - before, 2);
    assert_eq!(
        tickers.iter().map(|t| &t.symbol).collect::<Vec<_>>(),
        wanted.iter().collect::<Vec<_>>()
    );
    let now = exchange.now();
    let minutes = tape(
        &exchange,
        "SOLUSDT",
        Interval::Minute1,
        now.plus_millis(-DAY),
        now,
    );
    let sol = &tickers[0];
    assert_eq!((sol.at, sol.open_24h), (now, minutes[0].open));
    assert!(
        minutes
            .iter()
            .all(|minute| minute.high <= sol.high_24h && sol.low_24h <= minute.low)
    );
    // All but the forming minute, whose part is the difference.
    let closed: i64 = minutes
        .iter()
        .map(|minute| minute.volume.units_at(8).unwrap())
        .sum();
    let forming = sol.volume_24h.units_at(8).unwrap() - closed;
    assert!(forming > 0 && sol.quote_volume_24h.is_some());
    let unknown = client.tickers(&[symbol("NOUSDT")]).await.unwrap_err();
    assert!(matches!(unknown, MarketError::UnknownSymbol(_)));
    assert!(client.tickers(&[]).await.unwrap().is_empty());
    // More than a hundred are all: the rest of the answer is dropped.
    let many: Vec<_> = (0..101).map(|_| symbol("ETHUSDT")).collect();
    let all = client.tickers(&many).await.unwrap();
    assert!(all.len() == 101 && all.iter().all(|ticker| ticker.symbol == symbol("ETHUSDT")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn live_candles_come_through_the_seam() {
    let exchange = Exchange::start(options(125)).await.unwrap();
    let client: Arc<dyn Venue> = Arc::new(client(&exchange));
    let request = LiveRequest {
        series: vec![(symbol("BTCUSDT"), Interval::Minute1)],
        tickers: Vec::new(),
    };
    let cancel = CancellationToken::new();
    let mut events = client.live(request, cancel.clone());
    let mut next = async || {
        tokio::time::timeout(LIMIT, events.recv())
            .await
            .expect("events come")
    };
    assert!(matches!(next().await, Some(LiveEvent::Connected { since: None })));
    exchange.advance(MINUTE);
    loop {
        match next().await {
            Some(LiveEvent::Candle(live)) if live.closed => break,
            Some(LiveEvent::Stopped(error)) => panic!("{error}"),
            Some(_) => {}
            None => panic!("the stream has ended"),
        }
    }
    cancel.cancel();
    while tokio::time::timeout(Duration::from_secs(5), next())
        .await
        .expect("it ends")
        .is_some()
    {}
}

#[tokio::test]
async fn every_venue_is_known_by_its_own_name() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let all = venues(VenuesConfig::own().unwrap(), &clock()).unwrap();
    let names: Vec<_> = all
        .iter()
        .map(|venue| venue.venue().as_str().to_owned())
        .collect();
    assert_eq!(names, ["binance", "binance-us", "coinbase"]);
    let mut distinct = names.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), names.len());
    for venue in &all {
        let traits = venue.traits();
        assert!(traits.intervals.is_sorted() && traits.intervals.contains(&Interval::Minute1));
        assert!(!traits.title.is_empty() && !traits.reach.is_empty() && traits.host.contains('.'));
        assert!(traits.example.parse::<promptpal_domain::Symbol>().is_ok());
        assert_eq!(venue.limits().used, 0, "nothing was sent");
    }
}
