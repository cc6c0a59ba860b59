//! The first start: the sample workspace, backtests on it, settings.

use promptpal_app::{
    App, ArticlesQuery, BacktestRequest, ChartQuery, Drawn, ErrorKind, JobRequest, Outcome, RunFormat,
    RunOutcome, SampleReport, Settings, Terms, Theme,
};
use promptpal_domain::{Candle, Interval, SeriesId, Span, Venue};
use serde_json::json;

use crate::desk::{Desk, start, store, until};

async fn load(app: &App) -> SampleReport {
    match app.run(JobRequest::Sample).await.unwrap() {
        Outcome::Sampled(report) => report,
        other => panic!("{other:?}"),
    }
}

fn drawn(id: &str, params: &[f64]) -> Drawn {
    Drawn {
        id: id.to_owned(),
        params: params.to_vec(),
        other: None,
    }
}

async fn everything(desk: &Desk) -> Vec<(String, Vec<Candle>)> {
    let store = desk.store().await;
    let mut all = Vec::new();
    for series in store.list_series().await.unwrap() {
        all.push((
            series.key.to_string(),
            store.candles(series.id, Span::ALL, 1_000_000).await.unwrap(),
        ));
    }
    all
}

#[tokio::test]
async fn the_sample_is_the_same_everywhere() {
    let (a, b) = (Desk::offline().await, Desk::with_sample(|_| {}).await);
    let report = load(&a.app).await;
    assert_eq!(report.series, 12);
    assert!(report.articles > 40);
    assert!(report.candles > 20_000);
    let candles = everything(&a).await;
    assert_eq!(candles, everything(&b).await);
    assert_eq!(
        candles
            .iter()
            .map(|(_, candles)| candles.len() as u64)
            .sum::<u64>(),
        report.candles
    );

    let overviews = a.app.series().await.unwrap();
    assert!(
        overviews
            .iter()
            .all(|overview| overview.simulated() && overview.last_price.is_some())
    );
    assert!(
        overviews.iter().any(|overview| overview.series.gaps > 0),
        "markets halt"
    );
    let rows = a
        .app
        .articles(ArticlesQuery {
            limit: 500,
            ..ArticlesQuery::default()
        })
        .await
        .unwrap();
    assert_eq!(rows.len() as u64, report.articles);
    assert!(rows.iter().all(|row| !row.assets.is_empty()));

    a.app.remove_sample().await.unwrap();
    assert!(a.app.series().await.unwrap().is_empty() && a.app.sources().await.unwrap().is_empty());
    a.app.shutdown().await;
    b.app.shutdown().await;
}

#[tokio::test]
async fn a_first_start_fills_the_workspace_by_itself() {
    let desk = Desk::with(|options| {
        options.sample_on_first_run = true;
        options.config.news.crawl_seconds = None;
    })
    .await;
    assert!(desk.app.first_run());
    let mut settings = desk.app.settings();
    settings.crawl_minutes = 0;
    desk.app.save_settings(settings).await.unwrap();
    desk.app.work_in_background();
    until(&desk.app, "the sample is there", async || {
        desk.app.series().await.unwrap().len() == 12
    })
    .await;
    desk.app.shutdown().await;
    let again = start(desk.folder.path(), |_| {}).await;
    assert!(!again.first_run());
    assert_eq!(again.settings().crawl_minutes, 0);
    again.shutdown().await;
}

async fn backtest(app: &App, fast: f64) -> RunOutcome {
    let series = app
        .find_series(&"BTCUSDT".parse().unwrap(), Interval::Hour1, None)
        .await
        .unwrap();
    assert_eq!(series.key.venue, Venue::simulated());
    let terms = Terms {
        params: vec![("fast".to_owned(), fast), ("slow".to_owned(), 30.0)],
        ..Terms::default()
    };
    let request = BacktestRequest {
        strategy: "sma-cross".to_owned(),
        script: None,
        others: Vec::new(),
        series: series.id.0,
        from: None,
        to: None,
        terms,
    };
    match app.run(JobRequest::Backtest(request)).await.unwrap() {
        Outcome::Ran(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_rotation_over_several_series_is_kept_with_all_of_them() {
    let desk = Desk::with_sample(|_| {}).await;
    let mut hours = desk.app.series().await.unwrap();
    hours.retain(|one| one.series.key.interval == Interval::Hour1);
    assert!(hours.len() > 2, "{}", hours.len());
    let request = BacktestRequest {
        strategy: "momentum-rotation".to_owned(),
        script: None,
        series: hours[0].series.id.0,
        others: hours.iter().skip(1).map(|one| one.series.id.0).collect(),
        from: None,
        to: None,
        terms: Terms {
            params: vec![("hold".to_owned(), 1.0), ("days".to_owned(), 1.0)],
            ..Terms::default()
        },
    };
    let ran = async |request: BacktestRequest| desk.app.run(JobRequest::Backtest(request)).await;
    let running = desk
        .app
        .start_here(JobRequest::Backtest(request.clone()))
        .await
        .unwrap();
    let progress = running.progress.clone();
    let Outcome::Ran(first) = running.outcome().await.unwrap() else {
        panic!("no run");
    };
    let last = progress.watch().borrow().clone();
    assert_eq!(Some(last.done), last.total, "its progress reaches its end");
    assert!(last.done > first.report.bars as u64);
    let trades = &first.report.trades;
    assert!(trades.len() > 10, "{}", trades.len());
    let line = desk.app.runs().await.unwrap().remove(0);
    assert_eq!(line.series, Some(hours[0].series.id));
    let others: Vec<_> = hours.iter().skip(1).map(|one| Some(one.series.id)).collect();
    assert_eq!(line.others, others);
    let view = desk.app.run_report(first.run).await.unwrap();
    assert_eq!(&view.report.trades, trades);
    assert_eq!(view.curve.equity.len(), view.curve.benchmark.len());
    let store = desk.store().await;
    let stored = store.trades(first.run, 0, 10_000).await.unwrap();
    assert!(stored.iter().all(|trade| trade.symbol.is_some()));
    store.close().await.unwrap();

    let file = desk.folder.path().join("trades.csv");
    desk.app
        .export_run(first.run, RunFormat::Trades, &file)
        .await
        .unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let symbol = trades[0].symbol.as_deref().unwrap();
    let begins = format!(
        "symbol,entry_time,exit_time,entry_bar,exit_bar,side,size,entry_price,exit_price,pnl,return_pct,reason,entries,funding\n{symbol},{},",
        trades[0].entry_time
    );
    assert!(text.starts_with(&begins), "{text}");
    let page = desk.folder.path().join("report.html");
    desk.app
        .export_run(first.run, RunFormat::Html, &page)
        .await
        .unwrap();
    assert!(
        std::fs::read_to_string(&page)
            .unwrap()
            .contains("<th>Symbol</th>")
    );

    let changed = |change: fn(&mut BacktestRequest)| {
        let mut request = request.clone();
        change(&mut request);
        request
    };
    // The order counts: it decides between equal scores.
    let Outcome::Ran(turned) = ran(changed(|request| request.others.reverse())).await.unwrap() else {
        panic!("no run");
    };
    assert_ne!(first.report.hash, turned.report.hash);
    for (wrong, expected) in [
        (changed(|request| request.others.clear()), "name two or more"),
        (
            changed(|request| {
                request.strategy = "sma-cross".to_owned();
                request.terms.params.clear();
            }),
            "trades one symbol",
        ),
        (
            changed(|request| request.others = vec![request.series]),
            "given twice",
        ),
        (
            changed(|request| request.terms.funding = Some("f.csv".into())),
            "neither funding rates",
        ),
    ] {
        let error = ran(wrong).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_backtest_is_kept_and_can_be_repeated() {
    let desk = Desk::with_sample(|_| {}).await;
    let first = backtest(&desk.app, 10.0).await;
    let second = backtest(&desk.app, 10.0).await;
    assert_eq!((first.run, &first.report.hash), (second.run, &second.report.hash));
    let other = backtest(&desk.app, 11.0).await;
    assert_ne!(first.report.hash, other.report.hash);
    assert!(first.report.trades.len() > 20);
    assert_eq!(
        desk.app.runs().await.unwrap().len(),
        2,
        "the same run is kept once"
    );

    let view = desk.app.run_report(first.run).await.unwrap();
    assert_eq!(view.report.metrics, first.report.metrics);
    assert_eq!(view.report.trades, first.report.trades);
    let summary = &view.line.summary;
    assert_eq!(
        (summary.trades, &summary.hash),
        (first.report.trades.len() as u64, &first.report.hash)
    );
    assert_eq!(view.curve.equity.len(), view.curve.time.len());
    assert_eq!(view.curve.equity.len(), view.drawdown.len());
    assert_eq!(
        view.curve.equity.last().copied(),
        first.report.equity.last().copied()
    );
    assert!(view.drawdown.iter().all(|fall| (-1.0..=0.0).contains(fall)));
    let store = desk.store().await;
    assert_eq!(
        store.trades(first.run, 0, 10_000).await.unwrap().len(),
        first.report.trades.len()
    );

    let file = desk.folder.path().join("run.json");
    let export = async |format, name: &str| {
        let file = desk.folder.path().join(name);
        desk.app.export_run(first.run, format, &file).await.unwrap();
        std::fs::read_to_string(&file).unwrap()
    };
    export(RunFormat::Json, "run.json").await;
    let written: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(
        (&written["schema"], &written["hash"]),
        (&json!(1), &json!(first.report.hash))
    );
    let trades = export(RunFormat::Trades, "trades.csv").await;
    assert_eq!(trades.lines().count(), first.report.trades.len() + 1);
    let (line, trade) = (trades.lines().nth(1).unwrap(), &first.report.trades[0]);
    let fields: Vec<&str> = line.split(',').collect();
    assert_eq!(fields[0], trade.entry_time.to_string());
    assert_eq!(fields[8].parse::<f64>().unwrap(), trade.pnl);
    let equity = export(RunFormat::Equity, "equity.csv").await;
    assert_eq!(equity.lines().count(), first.report.bars + 1);
    let last: Vec<&str> = equity.lines().last().unwrap().split(',').collect();
    assert_eq!(last[1].parse::<f64>().unwrap(), first.report.metrics.final_equity);
    let page = export(RunFormat::Html, "report.html").await;
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains(&first.report.hash));
    assert_eq!(
        page.matches("<svg").count(),
        4,
        "equity, drawdown, rolling Sharpe, trades"
    );
    assert!(!page.contains("<script") && !page.contains("src=") && !page.contains("NaN"));
    assert!(page.contains("Buy and hold") && page.contains("ddof 1"));
    assert_eq!(view.rolling.window, 90);
    assert_eq!(
        view.spread.counts.iter().sum::<u32>() as usize,
        first.report.trades.len()
    );
    desk.app.set_run_note(first.run, "the first").await.unwrap();
    desk.app.delete_run(other.run).await.unwrap();
    assert_eq!(desk.app.runs().await.unwrap().len(), 1);
    assert_eq!(
        desk.app.run_report(other.run).await.unwrap_err().kind(),
        ErrorKind::NotFound
    );
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_chart_shows_the_newest_bars_with_warm_indicators() {
    let desk = Desk::with_sample(|_| {}).await;
    let series = desk
        .app
        .find_series(&"ETHUSDT".parse().unwrap(), Interval::Hour1, None)
        .await
        .unwrap();
    let query = ChartQuery {
        series: series.id,
        before: None,
        limit: 200,
        indicators: vec![drawn("sma", &[50.0])],
    };
    let chart = desk.app.chart(query.clone()).await.unwrap();
    assert_eq!(
        (chart.bars.len(), chart.lines.len(), chart.has_older),
        (200, 1, true)
    );
    assert!(chart.lines[0].values.iter().all(|value| value.is_finite()));
    assert_eq!(
        chart.bars.open_time.last().copied(),
        series.first_last.map(|(_, last)| last.millis())
    );
    let unknown = ChartQuery {
        indicators: vec![drawn("nonsense", &[])],
        ..query
    };
    assert_eq!(
        desk.app.chart(unknown).await.unwrap_err().kind(),
        ErrorKind::NotFound
    );
    desk.app.shutdown().await;
}

#[tokio::test]
async fn two_series_are_held_against_each_other() {
    let desk = Desk::with_sample(|_| {}).await;
    let find = async |symbol: &str, interval: Interval| {
        let found = desk
            .app
            .find_series(&symbol.parse().unwrap(), interval, None)
            .await;
        found.unwrap().id
    };
    let (bitcoin, ether) = (
        find("BTCUSDT", Interval::Hour1).await,
        find("ETHUSDT", Interval::Hour1).await,
    );
    let daily = find("BTCUSDT", Interval::Day1).await;
    let chart = async |other: Option<SeriesId>| {
        let query = ChartQuery {
            series: bitcoin,
            before: None,
            limit: 300,
            indicators: vec![Drawn {
                other,
                ..drawn("correlation", &[50.0])
            }],
        };
        desk.app.chart(query).await
    };
    let with_itself = chart(Some(bitcoin)).await.unwrap();
    let ones = &with_itself.lines[0].values;
    assert!(ones.iter().all(|value| (value - 1.0).abs() < 1e-9), "{ones:?}");
    let with_ether = chart(Some(ether)).await.unwrap();
    let values = &with_ether.lines[0].values;
    assert!(values.iter().any(|value| value.is_finite()));
    assert!(
        values
            .iter()
            .all(|value| value.is_nan() || (-1.0..0.999).contains(value)),
        "{values:?}"
    );
    for other in [None, Some(daily)] {
        assert_eq!(chart(other).await.unwrap_err().kind(), ErrorKind::Invalid);
    }
    desk.app.shutdown().await;
}

#[tokio::test]
async fn users_strategies_are_kept_beside_the_programs_own() {
    let desk = Desk::offline().await;
    let built_in = desk.app.strategies().await.unwrap();
    let source = built_in
        .iter()
        .find(|view| view.id == "sma-cross")
        .unwrap()
        .source
        .clone();
    let check = async |id: &str| desk.app.save_strategy(id, source.clone()).await;
    assert_eq!(check("sma-cross").await.unwrap_err().kind(), ErrorKind::Invalid);
    assert_eq!(check("No Name").await.unwrap_err().kind(), ErrorKind::Invalid);
    assert!(!check("mine").await.unwrap().builtin);
    assert_eq!(desk.app.strategy_source("mine").await.unwrap(), source);
    assert!(desk.app.check_script(source).await.unwrap().is_empty());
    assert!(
        !desk
            .app
            .check_script("let x = ;".to_owned())
            .await
            .unwrap()
            .is_empty()
    );
    desk.app.delete_strategy("mine").await.unwrap();
    assert_eq!(desk.app.strategies().await.unwrap().len(), built_in.len());
    desk.app.shutdown().await;
}

#[tokio::test]
async fn settings_that_cannot_be_read_are_kept_aside() {
    let folder = tempfile::tempdir().unwrap();
    let broken = json!({ "theme": "plaid", "crawl_minutes": 7 });
    let before = store(folder.path()).await;
    before.put_setting("settings", &broken).await.unwrap();
    before.close().await.unwrap();

    let app = start(folder.path(), |_| {}).await;
    assert_eq!(app.settings(), Settings::default());
    let after = store(folder.path()).await;
    assert_eq!(after.setting("settings.unreadable").await.unwrap(), Some(broken));
    app.save_settings(Settings {
        theme: Theme::Dark,
        ..Settings::default()
    })
    .await
    .unwrap();
    app.shutdown().await;
    let app = start(folder.path(), |_| {}).await;
    assert_eq!(app.settings().theme, Theme::Dark);
    app.shutdown().await;
}
