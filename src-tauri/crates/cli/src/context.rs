//! What every command that needs the program has at hand.

use std::ops::Deref;
use std::time::Duration;

use promptpal_app::{App, AppError, Config, Options};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::args::Global;
use crate::output::Output;

/// How long a command has to end by itself after Ctrl+C.
const GRACE: Duration = Duration::from_millis(500);

/// The running program, the way to print, and Ctrl+C.
pub(crate) struct Context {
    app: App,
    pub(crate) output: Output,
    pub(crate) cancel: CancellationToken,
}

impl Deref for Context {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

impl Context {
    /// Opens the store with what the flags say; `change` sets addresses and parts that a command names.
    pub(crate) async fn open(
        global: &Global,
        output: Output,
        change: impl FnOnce(&mut Options),
    ) -> Result<Self, AppError> {
        let mut options = Options::of_command_line(global.db.clone(), global.config.as_deref())?;
        change(&mut options);
        let app = App::start(options).await?;
        let cancel = CancellationToken::new();
        let stop = cancel.clone();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stop.cancel();
            }
        });
        Ok(Self { app, output, cancel })
    }

    /// Some time after Ctrl+C: what is still under way by then does not end by itself.
    pub(crate) async fn given_up(&self) {
        self.cancel.cancelled().await;
        tokio::time::sleep(GRACE).await;
    }

    pub(crate) fn app(&self) -> &App {
        &self.app
    }
}

/// Addresses of the exchange that a command names go before everything else.
pub(crate) fn exchange(config: &mut Config, rest: Option<Url>, stream: Option<Url>) {
    config.exchange.rest_url = rest.or(config.exchange.rest_url.take());
    config.exchange.stream_url = stream.or(config.exchange.stream_url.take());
}
