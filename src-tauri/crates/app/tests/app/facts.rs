//! The bus: whoever hears of a fact finds it in the store.

use promptpal_app::{BacktestRequest, Event, JobRequest, Terms};
use promptpal_store::Store;
use promptpal_testkit::news_site::{NewsSite, NewsSiteOptions};
use tokio::sync::broadcast::error::RecvError;

use crate::desk::{Desk, add_feeds, csv};
use crate::files::import_of;

#[derive(Debug, Default)]
struct Heard {
    candles: usize,
    articles: usize,
    runs: usize,
    jobs: usize,
}

/// Looks each fact up through a connection of its own, at the moment it is heard.
async fn look_up(store: &Store, event: &Event, heard: &mut Heard) {
    match event {
        Event::CandlesStored(id) => {
            assert!(store.series(*id).await.unwrap().rows > 0);
            heard.candles += 1;
        }
        Event::ArticlesStored(ids) => {
            for id in ids {
                store.article(*id).await.unwrap();
            }
            heard.articles += ids.len();
        }
        Event::RunFinished(id) => {
            store.run(*id).await.unwrap();
            heard.runs += 1;
        }
        Event::JobChanged(id) => {
            assert!(store.job(id).await.unwrap().is_some());
            heard.jobs += 1;
        }
        _ => {}
    }
}

#[tokio::test]
async fn a_fact_is_announced_after_its_commit() {
    let site = NewsSite::start(NewsSiteOptions::default()).await;
    let desk = Desk::offline().await;
    let (store, mut facts) = (desk.store().await, desk.app.bus().listen());
    let listener = tokio::spawn(async move {
        let mut heard = Heard::default();
        loop {
            match facts.recv().await {
                Ok(Event::SettingsChanged) => return heard,
                Ok(event) => look_up(&store, &event, &mut heard).await,
                Err(RecvError::Lagged(missed)) => panic!("{missed} facts missed"),
                Err(RecvError::Closed) => return heard,
            }
        }
    });

    // More than one transaction of candles.
    desk.app
        .run(import_of(desk.file("a.csv", &csv(0..12_000)), "BTCUSDT"))
        .await
        .unwrap();
    add_feeds(&desk.app, &site).await;
    desk.app.run(JobRequest::crawl_all()).await.unwrap();
    let series = desk.app.series().await.unwrap()[0].series.id.0;
    let terms = Terms {
        params: vec![("fast".to_owned(), 3.0), ("slow".to_owned(), 9.0)],
        ..Terms::default()
    };
    let request = BacktestRequest {
        strategy: "sma-cross".to_owned(),
        script: None,
        others: Vec::new(),
        series,
        from: None,
        to: None,
        terms,
    };
    desk.app.run(JobRequest::Backtest(request)).await.unwrap();
    desk.app.save_settings(desk.app.settings()).await.unwrap();

    let heard = listener.await.unwrap();
    assert!(heard.candles >= 3, "{heard:?}");
    assert_eq!(
        (heard.articles, heard.runs),
        (9, 1),
        "listed, then with their text, then with their place among the others: {heard:?}"
    );
    assert!(heard.jobs >= 6, "{heard:?}");
    desk.app.shutdown().await;
}
