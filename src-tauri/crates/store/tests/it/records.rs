//! Runs, strategies, settings and jobs.

use promptpal_domain::{ExitReason, JobId, JobKind, JobState, RunId, Side, SweepId, Trade};
use promptpal_store::{EquityCurve, Job, JobOwner, JobProgress, NewRun, NewSweep, StartedJob, StoreError};
use serde_json::json;

use crate::fixtures::{NOW, at, key, span, workspace};

fn trade(entry: i64, pnl: f64) -> Trade {
    Trade {
        symbol: (entry % 2 == 0).then(|| "ETHUSDT".parse().unwrap()),
        side: if pnl < 0.0 { Side::Short } else { Side::Long },
        entry_time: at(entry),
        exit_time: at(entry + 10),
        entry_price: 100.1,
        exit_price: 101.3,
        size: 0.1 + 0.2,
        pnl,
        return_pct: pnl / 100.0,
        reason: ExitReason::Signal,
    }
}

fn run(hash: &str, finished: i64, trades: Vec<Trade>) -> NewRun {
    NewRun {
        strategy: "sma-cross".to_owned(),
        series: key("BTCUSDT", "1h"),
        others: vec!["ETHUSDT".parse().unwrap(), "币安人生USDT".parse().unwrap()],
        span: span(0, 1000),
        params: vec![("slow".to_owned(), 30.0), ("fast".to_owned(), 0.1)],
        finished: at(finished),
        bars: 58_419,
        gaps: 28,
        total_return: 6.464_042_109_932_349,
        benchmark_return: -0.5,
        sharpe: None,
        max_drawdown: -0.25,
        hash: hash.to_owned(),
        note: "first".to_owned(),
        report: b"{\"schema\":1}".to_vec(),
        equity: EquityCurve {
            time: vec![1, 2, 5],
            equity: vec![1e4, 9.9e3, 1.1e4],
            benchmark: vec![1e4, 1e4, 5e3],
        },
        trades,
    }
}

#[tokio::test]
async fn a_run_comes_back_as_it_was() {
    let w = workspace().await;
    let trades = vec![trade(1, 5.5), trade(20, -1.25), trade(40, 3.0)];
    let new = run("aa", 10, trades.clone());
    let id = w.store.put_run(new.clone()).await.unwrap();
    let found = w.store.run(id).await.unwrap();
    assert_eq!((&found.report, &found.equity), (&new.report, &new.equity));
    let summary = found.summary;
    assert_eq!(
        (summary.total_return, summary.sharpe, summary.trades),
        (new.total_return, None, 3)
    );
    assert_eq!(
        (&summary.params, summary.span, &summary.series, &summary.others),
        (&new.params, new.span, &new.series, &new.others)
    );
    assert_eq!(w.store.trades(id, 0, 100).await.unwrap(), trades);
    assert_eq!(w.store.trades(id, 1, 1).await.unwrap(), trades[1..2]);
    assert_eq!(w.store.run_by_hash("aa").await.unwrap(), Some(summary));
    assert_eq!(w.store.run_by_hash("bb").await.unwrap(), None);
}

#[tokio::test]
async fn the_same_run_again_keeps_number_and_note() {
    let w = workspace().await;
    let id = w
        .store
        .put_run(run("aa", 10, vec![trade(1, 1.0), trade(2, 2.0)]))
        .await
        .unwrap();
    let other = w.store.put_run(run("bb", 20, vec![])).await.unwrap();
    w.store.set_run_note(id, "the good one").await.unwrap();
    assert_eq!(
        w.store.put_run(run("aa", 30, vec![trade(1, 1.0)])).await.unwrap(),
        id
    );
    let runs = w.store.runs(9).await.unwrap();
    let seen: Vec<_> = runs.iter().map(|r| (r.id, r.trades, r.note.as_str())).collect();
    assert_eq!(seen, [(id, 1, "the good one"), (other, 0, "first")]);
    assert_eq!(w.store.runs(1).await.unwrap().len(), 1);
    assert_eq!(w.store.trades(id, 0, 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_deleted_run_is_gone_with_everything() {
    let w = workspace().await;
    let id = w.store.put_run(run("aa", 10, vec![trade(1, 1.0)])).await.unwrap();
    w.store.delete_run(id).await.unwrap();
    assert!(matches!(w.store.run(id).await, Err(StoreError::NotFound { .. })));
    assert!(w.store.trades(id, 0, 9).await.unwrap().is_empty());
    assert!(matches!(
        w.store.delete_run(id).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(matches!(
        w.store.set_run_note(RunId(9), "").await,
        Err(StoreError::NotFound { .. })
    ));
    w.store.integrity_check().await.unwrap();
}

#[tokio::test]
async fn impossible_runs_are_refused() {
    let w = workspace().await;
    let mut uneven = run("aa", 10, vec![]);
    uneven.equity.time.pop();
    assert!(matches!(
        w.store.put_run(uneven).await,
        Err(StoreError::UnevenColumns { .. })
    ));
    let mut nan = run("aa", 10, vec![]);
    nan.total_return = f64::NAN;
    assert!(matches!(
        w.store.put_run(nan).await,
        Err(StoreError::Refused { .. })
    ));
    assert!(w.store.runs(9).await.unwrap().is_empty());
}

fn sweep(hash: &str, finished: i64) -> NewSweep {
    NewSweep {
        strategy: "sma-cross".to_owned(),
        series: key("BTCUSDT", "1h"),
        span: span(0, 1000),
        axes: vec!["fast".to_owned(), "slow".to_owned()],
        runs: 6,
        finished: at(finished),
        hash: hash.to_owned(),
        request: json!({ "strategy": "sma-cross" }),
        result: b"{\"rows\":[]}".repeat(2_000),
    }
}

#[tokio::test]
async fn a_sweep_comes_back_as_it_was() {
    let w = workspace().await;
    let new = sweep("aa", 10);
    let id = w.store.put_sweep(new.clone()).await.unwrap();
    let later = w.store.put_sweep(sweep("bb", 20)).await.unwrap();
    let found = w.store.sweep(id).await.unwrap();
    assert_eq!((&found.request, &found.result), (&new.request, &new.result));
    let summary = &found.summary;
    assert_eq!((summary.id, summary.runs, summary.finished), (id, 6, at(10)));
    assert_eq!(
        (
            &summary.strategy,
            &summary.series,
            summary.span,
            &summary.axes,
            &summary.hash
        ),
        (&new.strategy, &new.series, new.span, &new.axes, &new.hash)
    );
    let ids = |found: Vec<promptpal_domain::SweepSummary>| found.iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(ids(w.store.sweeps(9).await.unwrap()), [later, id]);
    // The same once more takes the place of the first, and is the newest then.
    assert_eq!(w.store.put_sweep(sweep("aa", 30)).await.unwrap(), id);
    assert_eq!(ids(w.store.sweeps(1).await.unwrap()), [id]);

    w.store.delete_sweep(id).await.unwrap();
    let gone = |error| matches!(error, StoreError::NotFound { what: "sweep", .. });
    assert!(gone(w.store.sweep(id).await.unwrap_err()));
    assert!(gone(w.store.delete_sweep(SweepId(99)).await.unwrap_err()));
    assert_eq!(ids(w.store.sweeps(9).await.unwrap()), [later]);
}

#[tokio::test]
async fn strategies_and_settings() {
    let w = workspace().await;
    w.store.put_strategy("mine", "let a = 1;", NOW).await.unwrap();
    w.store
        .put_strategy("mine", "let a = 2;", NOW.plus_millis(9))
        .await
        .unwrap();
    let found = w.store.strategy("mine").await.unwrap().unwrap();
    assert_eq!(
        (found.script.as_str(), found.created, found.updated),
        ("let a = 2;", NOW, NOW.plus_millis(9))
    );
    assert_eq!(w.store.strategies().await.unwrap()[0].name, "mine");
    w.store.delete_strategy("mine").await.unwrap();
    assert_eq!(w.store.strategy("mine").await.unwrap(), None);
    assert!(matches!(
        w.store.delete_strategy("mine").await,
        Err(StoreError::NotFound { .. })
    ));

    let watchlist = json!(["BTCUSDT", "币安人生USDT"]);
    assert_eq!(w.store.setting("watchlist").await.unwrap(), None);
    w.store.put_setting("watchlist", &json!(null)).await.unwrap();
    w.store.put_setting("watchlist", &watchlist).await.unwrap();
    assert_eq!(w.store.setting("watchlist").await.unwrap(), Some(watchlist));
    w.store.delete_setting("watchlist").await.unwrap();
    w.store.delete_setting("watchlist").await.unwrap();
    assert_eq!(w.store.setting("watchlist").await.unwrap(), None);
}

fn job(id: &str, key: &str, pid: u32) -> Job {
    Job {
        id: JobId(id.to_owned()),
        kind: JobKind::Fetch,
        key: key.to_owned(),
        title: "Fetch BTCUSDT 1h".to_owned(),
        unit: "candles".to_owned(),
        params: json!({"symbol": "BTCUSDT"}),
        owner: JobOwner {
            pid,
            start: format!("start of {pid}"),
        },
        started: NOW,
        progress: JobProgress {
            state: JobState::Running,
            phase: "asking".to_owned(),
            done: 0,
            total: None,
            log: vec!["begun".to_owned()],
            error: None,
            result_id: None,
            finished: None,
        },
    }
}

#[tokio::test]
async fn the_same_job_is_not_started_twice() {
    let w = workspace().await;
    let first = job("1", "fetch a", 7);
    assert_eq!(w.store.start_job(&first).await.unwrap(), StartedJob::New);
    let again = w.store.start_job(&job("2", "fetch a", 8)).await.unwrap();
    assert_eq!(again, StartedJob::AlreadyActive(first.id.clone()));
    assert_eq!(w.store.job(&first.id).await.unwrap(), Some(first.clone()));

    let mut progress = first.progress;
    progress.state = JobState::Failed;
    progress.done = 10;
    progress.total = Some(20);
    progress.error = Some(json!({"code": "offline"}));
    progress.finished = Some(NOW.plus_millis(100));
    w.store.update_job(&first.id, progress.clone()).await.unwrap();
    assert_eq!(w.store.job(&first.id).await.unwrap().unwrap().progress, progress);
    assert_eq!(
        w.store.start_job(&job("2", "fetch a", 8)).await.unwrap(),
        StartedJob::New
    );
    progress.state = JobState::Running;
    let refused = w.store.update_job(&first.id, progress.clone()).await;
    assert!(matches!(refused, Err(StoreError::Refused { .. })));
    let missing = w.store.update_job(&JobId("9".to_owned()), progress).await;
    assert!(matches!(missing, Err(StoreError::NotFound { .. })));
    let ids: Vec<_> = w
        .store
        .jobs(9)
        .await
        .unwrap()
        .into_iter()
        .map(|job| job.id.0)
        .collect();
    assert_eq!(ids, ["2", "1"]);
}

#[tokio::test]
async fn only_jobs_of_dead_processes_are_interrupted() {
    let w = workspace().await;
    for (id, pid) in [("1", 7), ("2", 8), ("3", 7)] {
        w.store.start_job(&job(id, id, pid)).await.unwrap();
    }
    let mut done = job("3", "3", 7).progress;
    done.state = JobState::Succeeded;
    w.store.update_job(&JobId("3".to_owned()), done).await.unwrap();
    let alive = |owner: &JobOwner| owner.pid == 8 && owner.start == "start of 8";
    let later = NOW.plus_millis(50);
    assert_eq!(
        w.store.interrupt_running_jobs(alive, later).await.unwrap(),
        [JobId("1".to_owned())]
    );
    let found = w
        .store
        .job(&JobId("1".to_owned()))
        .await
        .unwrap()
        .unwrap()
        .progress;
    assert_eq!(
        (found.state, found.finished),
        (JobState::Interrupted, Some(later))
    );
    assert!(
        w.store
            .interrupt_running_jobs(alive, later)
            .await
            .unwrap()
            .is_empty()
    );
}
