//! Runs work over foreign bytes where it can do no harm: off the runtime, on a stack of its own, its panics contained.

/// Recursive tree walks of the parsers need more than the usual two MiB on pages that nest deeply.
const STACK_BYTES: usize = 64 << 20;

/// The result of `work` from a thread of its own; `None` when it panicked or no thread could be had.
///
/// Dropping the future does not stop the thread: its result is thrown away when it is done.
pub(crate) async fn blocking<T: Send + 'static>(
    what: &'static str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let thread = std::thread::Builder::new()
        .name(format!("news: {what}"))
        .stack_size(STACK_BYTES);
    let started = thread.spawn(move || {
        // The receiver is gone when nobody waits any more.
        let _ = sender.send(work());
    });
    started.ok()?;
    receiver.await.ok()
}

/// The same for callers without a runtime.
pub(crate) fn joined<T: Send>(what: &'static str, work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name(format!("news: {what}"))
            .stack_size(STACK_BYTES);
        thread.spawn_scoped(scope, work).ok()?.join().ok()
    })
}
