//! The exchange from the command line.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use promptpal_domain::{Interval, Timestamp};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::{CoinbaseDouble, CoinbaseFault, CoinbaseOptions};

const HELP: &str = "advance <ms> | fault <name> | now | requests | quit";

/// The arguments of `promptpal-testkit coinbase`.
#[derive(Clone, Debug, clap::Args)]
pub struct CoinbaseServeOptions {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Virtual seconds in a real one; 0 stands still until `advance` is typed.
    #[arg(long, default_value_t = 1.0)]
    pub speed: f64,
    /// Seed of the tape.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Days of history before the start.
    #[arg(long, default_value_t = 30)]
    pub days: i64,
    /// Virtual time at the start (2024-06-01T12:00:00Z); the present when left out.
    #[arg(long)]
    pub now: Option<Timestamp>,
    /// One minute in so many is without trades; 0 for none.
    #[arg(long, default_value_t = 7)]
    pub quiet_in: u64,
}

/// Runs an exchange until standard input says `quit` or the process is interrupted. Prints its address as one line of
/// JSON, then an answer for each line that is typed. Goes on when standard input ends.
///
/// # Errors
/// When the port cannot be had.
pub async fn serve(options: CoinbaseServeOptions) -> anyhow::Result<()> {
    let present = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock stands before 1970")?;
    let now = options
        .now
        .unwrap_or(Timestamp::from_millis(i64::try_from(present.as_millis())?));
    let from = Interval::Day1.floor(now.plus_millis(-options.days.max(1) * 86_400_000));
    let exchange = CoinbaseDouble::start(CoinbaseOptions {
        speed: Some(options.speed).filter(|speed| *speed > 0.0),
        quiet_in: options.quiet_in,
        port: options.port,
        ..CoinbaseOptions::sample(options.seed, from, now)
    })
    .await?;
    println!(
        "{}",
        json!({
            "rest": exchange.url(), "now": now.millis(), "from": from.millis(),
            "symbols": ["BTC-USD", "ETH-USD", "SOL-USD"], "commands": HELP,
        })
    );
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    loop {
        let line = tokio::select! {
            signal = tokio::signal::ctrl_c() => return signal.context("waiting for ctrl-c"),
            line = lines.next_line() => line?,
        };
        let Some(line) = line else { break };
        match obey(&exchange, &line) {
            Some(answer) => println!("{answer}"),
            None => return Ok(()),
        }
    }
    tokio::signal::ctrl_c().await.context("waiting for ctrl-c")
}

/// Does what a line says and answers; nothing means the end.
fn obey(exchange: &CoinbaseDouble, line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let answer = match (words.next(), words.next()) {
        (Some("advance"), ms) => match ms.map_or(Ok(60_000), str::parse) {
            Ok(ms) => {
                exchange.advance(ms);
                exchange.now().to_string()
            }
            Err(_) => HELP.to_owned(),
        },
        (Some("fault"), Some(name)) => match name.parse::<CoinbaseFault>() {
            Ok(fault) => {
                exchange.inject(fault);
                format!("injected {fault:?}")
            }
            Err(words) => words,
        },
        (Some("now"), None) => exchange.now().to_string(),
        (Some("requests"), None) => format!("{} requests", exchange.requests().len()),
        (Some("quit"), None) => return None,
        _ => HELP.to_owned(),
    };
    Some(answer)
}
