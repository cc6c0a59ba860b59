//! The task that owns the only writing connection.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::BoxFuture;
use crate::StoreError;
use crate::error::Fault;

/// Whether the connection can be used for the next write.
enum Health {
    Sound,
    Suspect,
}

type Work = Box<dyn for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Health> + Send>;

enum Message {
    Write(Work),
    Close(oneshot::Sender<Result<(), StoreError>>),
}

/// Hands writes to the task. The task ends when it is closed or when the last handle is dropped, in both cases after
/// the writes that were handed in.
#[derive(Debug)]
pub(super) struct Writer {
    queue: mpsc::Sender<Message>,
}

impl Writer {
    pub(super) async fn start(options: SqliteConnectOptions, queue: usize) -> Result<Self, StoreError> {
        let connection = options
            .connect()
            .await
            .map_err(|source| StoreError::from_sql("open the database", source))?;
        let (sender, receiver) = mpsc::channel(queue.max(1));
        tokio::spawn(serve(connection, options, receiver));
        Ok(Self { queue: sender })
    }

    pub(super) async fn run<T, F>(&self, doing: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, Fault>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Work = Box::new(move |connection| {
            Box::pin(async move {
                let (outcome, health) = transact(connection, doing, work).await;
                // Nobody waits any more: the write stands all the same.
                let _ = reply.send(outcome);
                health
            })
        });
        self.queue
            .send(Message::Write(job))
            .await
            .map_err(|_| StoreError::Closed { doing })?;
        answer.await.map_err(|_| StoreError::Closed { doing })?
    }

    pub(super) async fn close(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        if self.queue.send(Message::Close(reply)).await.is_err() {
            return Ok(());
        }
        answer.await.unwrap_or(Ok(()))
    }
}

async fn serve(
    mut connection: SqliteConnection,
    options: SqliteConnectOptions,
    mut queue: mpsc::Receiver<Message>,
) {
    let mut closers = Vec::new();
    while let Some(message) = queue.recv().await {
        match message {
            Message::Write(work) => {
                if let Health::Suspect = work(&mut connection).await {
                    match options.connect().await {
                        Ok(fresh) => connection = fresh,
                        Err(error) => tracing::error!(%error, "the writer could not reopen the database"),
                    }
                }
            }
            Message::Close(reply) => {
                // What is queued already is still written; nothing new gets in.
                queue.close();
                closers.push(reply);
            }
        }
    }
    let outcome = checkpoint_and_close(connection).await;
    if closers.is_empty()
        && let Err(error) = &outcome
    {
        tracing::error!(%error, "the database was not closed properly");
    }
    let mut outcome = Some(outcome);
    for reply in closers {
        let _ = reply.send(outcome.take().unwrap_or(Ok(())));
    }
}

async fn checkpoint_and_close(mut connection: SqliteConnection) -> Result<(), StoreError> {
    let failed = |source| StoreError::from_sql("close the database", source);
    // Another process may still read the log; then the checkpoint is partial, which is no failure.
    let emptied = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut connection)
        .await;
    let optimized = sqlx::query("PRAGMA optimize").execute(&mut connection).await;
    connection.close().await.map_err(failed)?;
    emptied.and(optimized).map(|_| ()).map_err(failed)
}

async fn transact<T, F>(
    connection: &mut SqliteConnection,
    doing: &'static str,
    work: F,
) -> (Result<T, StoreError>, Health)
where
    F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, Fault>>,
{
    let mut tx = match connection.begin_with("BEGIN IMMEDIATE").await {
        Ok(tx) => tx,
        Err(source) => {
            let health = match source {
                sqlx::Error::Database(_) => Health::Sound,
                _ => Health::Suspect,
            };
            return (Err(StoreError::from_sql(doing, source)), health);
        }
    };
    let error = match unless_panicking(work(&mut tx)).await {
        Some(Ok(value)) => {
            return match tx.commit().await {
                Ok(()) => (Ok(value), Health::Sound),
                Err(source) => (Err(StoreError::from_sql(doing, source)), Health::Suspect),
            };
        }
        Some(Err(fault)) => fault.while_doing(doing),
        None => StoreError::Panicked { doing },
    };
    // SQLite itself rolls back on a full disk; sqlx then counts a transaction that is not there.
    let health = if tx.rollback().await.is_ok() {
        Health::Sound
    } else {
        Health::Suspect
    };
    (Err(error), health)
}

/// The future's output, or `None` where it panics (the panic hook has reported it by then).
async fn unless_panicking<T>(mut future: BoxFuture<'_, T>) -> Option<T> {
    poll_fn(
        |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(value)) => Poll::Ready(Some(value)),
            Err(_) => Poll::Ready(None),
        },
    )
    .await
}
