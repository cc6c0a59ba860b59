//! A job from the command line: its progress as a bar, Ctrl+C as its cancel.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use promptpal_app::{JobRequest, Outcome, Snapshot};

use crate::context::Context;

/// Starts a job and follows it to its end.
pub(crate) async fn run(context: &Context, request: JobRequest) -> anyhow::Result<Outcome> {
    let running = context.start_here(request).await?;
    let progress = running.progress.clone();
    let cancel = context.cancel.clone();
    let token = progress.cancel_token().clone();
    tokio::spawn(async move {
        cancel.cancelled().await;
        token.cancel();
    });
    let bar = context
        .output
        .shows_progress()
        .then(|| ProgressBar::new_spinner().with_style(style(false)));
    let outcome = running.outcome();
    tokio::pin!(outcome);
    let mut snapshots = progress.watch();
    let mut beat = tokio::time::interval(Duration::from_millis(100));
    let result = loop {
        tokio::select! {
            result = &mut outcome => break result,
            _ = beat.tick() => {
                if let Some(bar) = &bar {
                    draw(bar, &snapshots.borrow_and_update());
                }
            }
        }
    };
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    Ok(result?)
}

fn draw(bar: &ProgressBar, now: &Snapshot) {
    match now.total {
        Some(total) => {
            bar.set_style(style(true));
            bar.set_length(total);
        }
        None => bar.set_style(style(false)),
    }
    bar.set_message(now.phase.to_string());
    bar.set_prefix(now.unit.map(|unit| unit.to_string()).unwrap_or_default());
    bar.set_position(now.done);
    bar.tick();
}

fn style(measured: bool) -> ProgressStyle {
    let template = if measured {
        "{spinner} {msg} {wide_bar} {human_pos}/{human_len} {prefix} {per_sec} {eta}"
    } else {
        "{spinner} {msg} {human_pos} {prefix}"
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
