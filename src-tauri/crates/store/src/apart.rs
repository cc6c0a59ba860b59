//! Work that takes too long for the runtime's threads.

use crate::StoreError;

/// Does such work, as packing and unpacking is, on a thread of its own.
///
/// # Errors
/// Those of the work, and [`StoreError::Panicked`].
pub(crate) async fn apart<T: Send + 'static>(
    doing: &'static str,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(StoreError::Panicked { doing }))
}
