//! Long work: once at a time, stoppable, and picked up again after a crash.

use std::time::{Duration, Instant};

use promptpal_app::{App, ErrorKind, JobView, Outcome};
use promptpal_domain::{JobId, JobKind, JobState, Timestamp};
use promptpal_store::{Job, JobOwner, JobProgress, StartedJob};
use promptpal_testkit::exchange::Fault;

use crate::desk::{Desk, csv, exchange, minutes, start, store, until};
use crate::files::import_of;

async fn job(app: &App, id: &JobId) -> JobView {
    app.jobs()
        .await
        .unwrap()
        .into_iter()
        .find(|view| view.job.id == *id)
        .unwrap()
}

#[tokio::test]
async fn the_same_work_is_not_started_twice() {
    let exchange = exchange(60).await;
    exchange.inject(Fault::Silence);
    let desk = Desk::at(&exchange).await;
    let running = desk.app.start_here(minutes()).await.unwrap();
    assert_eq!(desk.app.start_job(minutes()).await.unwrap(), running.id);
    assert_eq!(
        desk.app.start_here(minutes()).await.unwrap_err().kind(),
        ErrorKind::Busy
    );

    // Another program on the same database, such as the command line beside the window.
    let other = start(desk.folder.path(), |_| {}).await;
    assert_eq!(other.run(minutes()).await.unwrap_err().kind(), ErrorKind::Busy);
    assert_eq!(
        job(&other, &running.id).await.job.progress.state,
        JobState::Running
    );
    other.shutdown().await;

    desk.app.cancel_job(&running.id).await.unwrap();
    let began = Instant::now();
    let id = running.id.clone();
    let error = running.outcome().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    let view = job(&desk.app, &id).await;
    assert_eq!((view.job.progress.state, view.live), (JobState::Cancelled, None));
    assert!(view.job.progress.finished.is_some());
    assert_eq!(
        desk.app.cancel_job(&id).await.unwrap_err().kind(),
        ErrorKind::NotFound
    );

    // The pause is over: the same work can be started again, and brings what was missing.
    let again = desk.app.retry_job(&id).await.unwrap();
    until(&desk.app, "the second attempt ends", async || {
        job(&desk.app, &again).await.job.progress.state == JobState::Succeeded
    })
    .await;
    assert_eq!(desk.app.series().await.unwrap()[0].series.rows, 60);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_failed_job_keeps_what_people_need_to_know() {
    let desk = Desk::offline().await;
    let running = desk.app.start_here(minutes()).await.unwrap();
    let id = running.id.clone();
    running.outcome().await.unwrap_err();
    let progress = job(&desk.app, &id).await.job.progress;
    assert_eq!(progress.state, JobState::Failed);
    let error = progress.error.unwrap();
    assert_eq!(error["code"], "offline");
    assert!(error["message"].is_string() && error["hint"].is_string() && error["retryable"] == true);
    assert!(!progress.log.is_empty());
    desk.app.shutdown().await;
}

async fn interrupted(owner: JobOwner) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    std::fs::write(&file, csv(0..100)).unwrap();
    let request = import_of(file, "BTCUSDT");
    let id = JobId("0191d0a0-0000-7000-8000-000000000001".to_owned());
    let left = Job {
        id: id.clone(),
        kind: JobKind::Import,
        key: request.key(),
        title: request.title(),
        unit: String::new(),
        params: serde_json::to_value(&request).unwrap(),
        owner,
        started: Timestamp::from_millis(1_700_000_000_000),
        progress: JobProgress {
            state: JobState::Running,
            phase: "Reading".to_owned(),
            done: 5,
            total: None,
            log: Vec::new(),
            error: None,
            result_id: None,
            finished: None,
        },
    };
    let before = store(folder.path()).await;
    assert_eq!(before.start_job(&left).await.unwrap(), StartedJob::New);
    before.close().await.unwrap();

    let app = start(folder.path(), |_| {}).await;
    assert_eq!(job(&app, &id).await.job.progress.state, JobState::Interrupted);
    let again = app.retry_job(&id).await.unwrap();
    assert_ne!(again, id);
    until(&app, "the work is done after all", async || {
        job(&app, &again).await.job.progress.state == JobState::Succeeded
    })
    .await;
    let series = app.series().await.unwrap();
    assert_eq!(series[0].series.rows, 100);
    assert_eq!(
        job(&app, &again).await.job.progress.result_id,
        Some(series[0].series.id.0)
    );
    app.shutdown().await;
}

#[tokio::test]
async fn what_a_dead_process_left_is_interrupted() {
    // The number is beyond what any system gives out.
    interrupted(JobOwner {
        pid: 3_999_999_999,
        start: "1".to_owned(),
    })
    .await;
    // This process has the number, but began at another time.
    interrupted(JobOwner {
        pid: std::process::id(),
        start: "1".to_owned(),
    })
    .await;
}

/// A process that was killed stays in the list until its parent waits for it.
#[tokio::test]
#[cfg(target_os = "linux")]
async fn what_a_process_left_that_nobody_waited_for_is_interrupted() {
    use sysinfo::{Pid, ProcessStatus, ProcessesToUpdate, System};

    let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
    let pid = Pid::from_u32(child.id());
    let mut system = System::new();
    system.refresh_processes(ProcessesToUpdate::Some(&[pid]), true);
    let start = system.process(pid).unwrap().start_time().to_string();
    child.kill().unwrap();
    while system.process(pid).unwrap().status() != ProcessStatus::Zombie {
        system.refresh_processes(ProcessesToUpdate::Some(&[pid]), false);
    }
    interrupted(JobOwner {
        pid: child.id(),
        start,
    })
    .await;
    child.wait().unwrap();
}

#[tokio::test]
async fn shutdown_ends_everything_and_writes_it_down() {
    let exchange = exchange(60).await;
    let desk = Desk::at(&exchange).await;
    desk.app.work_in_background();
    let Outcome::Fetched(report) = desk.app.run(minutes()).await.unwrap() else {
        panic!()
    };
    desk.app
        .start_live(vec![promptpal_domain::SeriesId(report.series_id)])
        .await
        .unwrap();
    let streams = || exchange.streams();
    until(&desk.app, "the stream is there", async || {
        streams().subscribed >= 1
    })
    .await;
    exchange.inject(Fault::Silence);
    let running = desk.app.start_here(crate::desk::fetch("ETHUSDT")).await.unwrap();
    let id = running.id.clone();

    let began = Instant::now();
    desk.app.shutdown().await;
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert_eq!(running.outcome().await.unwrap_err().kind(), ErrorKind::Cancelled);
    assert!(desk.app.runs().await.is_err(), "the store is closed");
    let wait = async {
        while streams().open > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::desk::LIMIT, wait)
        .await
        .expect("the stream is closed");

    let store = desk.store().await;
    store.integrity_check().await.unwrap();
    let left = store.job(&id).await.unwrap().unwrap();
    assert_eq!(left.progress.state, JobState::Cancelled);
}
