//! Sweeps as jobs: counted, kept, called off.

use promptpal_app::{
    App, BacktestRequest, ErrorKind, Event, JobRequest, MOST_KEPT_RUNS, Outcome, SweepAxis, SweepOutcome,
    SweepRequest, Terms, Unit,
};
use promptpal_domain::Interval;

use crate::desk::{Desk, until};

async fn request(app: &App, axes: &[(&str, f64, f64, f64)]) -> SweepRequest {
    let series = app
        .find_series(&"BTCUSDT".parse().unwrap(), Interval::Hour1, None)
        .await
        .unwrap();
    let axis = |&(name, from, to, step): &(&str, f64, f64, f64)| SweepAxis {
        name: name.to_owned(),
        from,
        to,
        step,
    };
    SweepRequest {
        run: BacktestRequest {
            strategy: "sma-cross".to_owned(),
            script: None,
            series: series.id.0,
            others: Vec::new(),
            from: None,
            to: None,
            terms: Terms {
                // What the form holds of a parameter that is tried does not count.
                params: vec![("fast".to_owned(), 7.0), ("slow".to_owned(), 30.0)],
                ..Terms::default()
            },
        },
        axes: axes.iter().map(axis).collect(),
    }
}

fn swept(outcome: Outcome) -> SweepOutcome {
    match outcome {
        Outcome::Swept(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_sweep_is_counted_and_kept() {
    let desk = Desk::with_sample(|_| {}).await;
    let app = &desk.app;
    let wanted = request(app, &[("fast", 4.0, 12.0, 4.0), ("slow", 20.0, 30.0, 10.0)]).await;
    let mut facts = app.bus().listen();
    let running = app.start_here(JobRequest::Sweep(wanted.clone())).await.unwrap();
    let progress = running.progress.clone();
    let outcome = swept(running.outcome().await.unwrap());
    let last = progress.watch().borrow().clone();
    assert_eq!((last.done, last.total, last.unit), (6, Some(6), Some(Unit::Runs)));
    assert_eq!(outcome.runs, 6);
    until(app, "it is announced", async || {
        std::iter::from_fn(|| facts.try_recv().ok()).any(|fact| fact == Event::SweepFinished(outcome.sweep))
    })
    .await;

    let view = app.sweep_report(outcome.sweep).await.unwrap();
    assert_eq!(view.request, wanted);
    assert_eq!(view.line, app.sweeps().await.unwrap()[0]);
    assert_eq!(view.line.series.map(|id| id.0), Some(wanted.run.series));
    assert_eq!(
        (view.line.summary.runs, &view.line.summary.hash),
        (6, &view.sweep.hash)
    );
    let rows = &view.sweep.rows;
    assert_eq!(
        rows[1].params,
        [("fast".to_owned(), 4.0), ("slow".to_owned(), 30.0)]
    );
    assert!(view.sweep.overfitting.deflated_sharpe.found().is_some());

    // A row is what the run alone gives.
    let mut alone = wanted.run.clone();
    alone.terms.params.clone_from(&rows[1].params);
    let Outcome::Ran(run) = app.run(JobRequest::Backtest(alone)).await.unwrap() else {
        panic!("no run");
    };
    assert_eq!(rows[1].metrics.as_ref(), Some(&run.report.metrics));

    // The same again is the same sweep.
    let again = swept(app.run(JobRequest::Sweep(wanted)).await.unwrap());
    assert_eq!(again.sweep, outcome.sweep);
    assert_eq!(app.sweep_report(again.sweep).await.unwrap().sweep, view.sweep);
    app.delete_sweep(outcome.sweep).await.unwrap();
    assert!(app.sweeps().await.unwrap().is_empty());
    assert_eq!(app.runs().await.unwrap().len(), 1, "the run of a row stays");
    let gone = app.sweep_report(outcome.sweep).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_sweep_that_is_called_off_keeps_nothing() {
    let desk = Desk::with_sample(|_| {}).await;
    let wanted = request(
        &desk.app,
        &[("fast", 1.0, 100.0, 1.0), ("slow", 101.0, 200.0, 1.0)],
    )
    .await;
    let running = desk.app.start_here(JobRequest::Sweep(wanted)).await.unwrap();
    let mut watch = running.progress.watch();
    watch
        .wait_for(|now| now.total == Some(MOST_KEPT_RUNS as u64))
        .await
        .unwrap();
    desk.app.cancel_job(&running.id).await.unwrap();
    let error = running.outcome().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(desk.app.sweeps().await.unwrap().is_empty());
    desk.app.shutdown().await;
}

#[tokio::test]
async fn what_cannot_be_swept_says_why() {
    let desk = Desk::with_sample(|_| {}).await;
    let app = &desk.app;
    for (axes, said) in [
        (
            vec![("fast", 1.0, 101.0, 1.0), ("slow", 101.0, 200.0, 1.0)],
            "10100 runs",
        ),
        (vec![("fast", 5.0, 2.0, 1.0)], "above the last"),
        (vec![("fast", 2.0, 5.0, 0.0)], "above 0"),
        (vec![("fast", 2.0, 5.0, 0.5)], "whole"),
        (vec![("quick", 2.0, 5.0, 1.0)], "no parameter 'quick'"),
        (vec![], "no parameter to try"),
    ] {
        let wanted = request(app, &axes).await;
        let error = app.run(JobRequest::Sweep(wanted)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{axes:?}");
        assert!(error.to_string().contains(said), "{error}");
    }
    let mut several = request(app, &[("fast", 2.0, 5.0, 1.0)]).await;
    several.run.others = vec![several.run.series];
    let error = app.run(JobRequest::Sweep(several)).await.unwrap_err();
    assert!(error.to_string().contains("one symbol"), "{error}");
    assert!(app.sweeps().await.unwrap().is_empty());
    desk.app.shutdown().await;
}
