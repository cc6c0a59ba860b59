//! The exchanges, each in a process of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};
use promptpal_testkit::busy_exchange::{self, BusyOptions};
use promptpal_testkit::exchange::{Exchange, ExchangeOptions};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::backfill;

/// Where a double listens.
pub(crate) struct Addresses {
    pub(crate) rest: String,
    pub(crate) stream: String,
}

/// A double at work; it ends when this is dropped.
pub(crate) struct Double {
    pub(crate) addresses: Addresses,
    process: Child,
    output: BufReader<ChildStdout>,
}

impl Double {
    /// Starts this program again, as the double of that name.
    pub(crate) fn start(name: &str, numbers: &[u64]) -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg(name)
            .args(numbers.iter().map(u64::to_string))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut output = BufReader::new(process.stdout.take().context("no output")?);
        let told = line(&mut output)?;
        let text = |name: &str| {
            let found = told.get(name).and_then(Value::as_str);
            found.map(str::to_owned).with_context(|| format!("no {name}"))
        };
        let addresses = Addresses {
            rest: text("rest")?,
            stream: text("stream")?,
        };
        Ok(Self {
            addresses,
            process,
            output,
        })
    }

    /// Asks for the next line.
    pub(crate) fn ask(&mut self) -> Result<Value> {
        self.process
            .stdin
            .as_mut()
            .context("no input")?
            .write_all(b"\n")?;
        line(&mut self.output)
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn line(output: &mut BufReader<ChildStdout>) -> Result<Value> {
    let mut text = String::new();
    output.read_line(&mut text)?;
    serde_json::from_str(&text).context("the double said nothing")
}

/// Serves as the double of this name; `None` where there is none.
pub(crate) fn serve(runtime: &Runtime, name: &str, numbers: &[String]) -> Option<Result<()>> {
    match name {
        "busy" => Some(numbers_of(numbers).and_then(|[symbols, rate, seconds]| {
            let options = BusyOptions {
                symbols: usize::try_from(symbols)?,
                rate,
                seconds,
                // A program asks for what it has missed when it connects; by then it is done with that.
                pause: 10,
            };
            runtime.block_on(busy_exchange::serve(options))
        })),
        "exchange" => Some(runtime.block_on(exchange())),
        _ => None,
    }
}

fn numbers_of(texts: &[String]) -> Result<[u64; 3]> {
    let numbers: Vec<u64> = texts.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    numbers.try_into().ok().context("three numbers are wanted")
}

/// An exchange that answers each line of its input with what its clients have used.
async fn exchange() -> Result<()> {
    let exchange = Exchange::start(ExchangeOptions {
        weight_limit: backfill::LIMIT,
        weight_window: Duration::from_secs(backfill::WINDOW_S),
        ..ExchangeOptions::sample(1, backfill::from()?, backfill::to()?)
    })
    .await?;
    answer(&json!({ "rest": exchange.rest_url(), "stream": exchange.stream_url() }))?;
    let mut lines = std::io::stdin().lock().lines();
    while let Some(Ok(_)) = lines.next() {
        let requests = exchange.requests();
        let pages = requests.iter().filter(|request| request.path.ends_with("klines"));
        let refused = requests.iter().filter(|request| request.status == 429);
        answer(&json!({ "pages": pages.count(), "refused": refused.count() }))?;
    }
    Ok(())
}

fn answer(value: &Value) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{value}")?;
    out.flush()?;
    Ok(())
}
