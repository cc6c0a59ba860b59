//! The exchange from the command line.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use promptpal_domain::{Interval, Timestamp};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::{Exchange, ExchangeOptions, Fault, Script};

const HELP: &str =
    "advance <ms> | drop | stall | fault <name> [number] | script <name|file> | now | requests | quit";

/// The arguments of `promptpal-testkit exchange`.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeOptions {
    /// Port of REST on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub port_rest: u16,
    /// Port of the streams on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub port_ws: u16,
    /// Virtual seconds in a real one; 0 stands still until `advance` is typed.
    #[arg(long, default_value_t = 60.0)]
    pub speed: f64,
    /// Interval of the candles that are meant to be followed: a step of `advance` without a number.
    #[arg(long, default_value = "1m")]
    pub interval: Interval,
    /// Seed of the tape.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Days of history before the start.
    #[arg(long, default_value_t = 30)]
    pub days: i64,
    /// Virtual time at the start (2024-06-01T12:00:00Z); the present when left out.
    #[arg(long)]
    pub now: Option<Timestamp>,
    /// Weight a minute that clients may use.
    #[arg(long, default_value_t = 6000)]
    pub weight_limit: u32,
    /// A script of faults: a name of --list-scripts, or a file.
    #[arg(long)]
    pub script: Option<String>,
    /// Lists the scripts that come with the program, and ends.
    #[arg(long)]
    pub list_scripts: bool,
}

/// Runs an exchange until standard input says `quit` or the process is interrupted. Prints its addresses as one line of
/// JSON, then an answer for each line that is typed. Goes on when standard input ends.
///
/// # Errors
/// When a port cannot be had.
pub async fn serve(options: ServeOptions) -> anyhow::Result<()> {
    if options.list_scripts {
        for script in Script::all() {
            println!("{:<18} {}", script.name(), script.about());
        }
        return Ok(());
    }
    let script = options.script.as_deref().map(script_of).transpose()?;
    let present = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock stands before 1970")?;
    let now = options
        .now
        .unwrap_or(Timestamp::from_millis(i64::try_from(present.as_millis())?));
    let from = Interval::Day1.floor(now.plus_millis(-options.days.max(1) * 86_400_000));
    let exchange = Exchange::start(ExchangeOptions {
        speed: Some(options.speed).filter(|speed| *speed > 0.0),
        rest_port: options.port_rest,
        stream_port: options.port_ws,
        weight_limit: options.weight_limit,
        ..ExchangeOptions::sample(options.seed, from, now)
    })
    .await?;
    println!(
        "{}",
        json!({
            "rest": exchange.rest_url(), "ws": exchange.stream_url(), "now": now.millis(), "from": from.millis(),
            "symbols": ["BTCUSDT", "ETHUSDT", "SOLUSDT"], "interval": options.interval.as_str(), "commands": HELP,
        })
    );
    if let Some(script) = &script {
        exchange.run_script(script);
    }
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    loop {
        let line = tokio::select! {
            signal = tokio::signal::ctrl_c() => return signal.context("waiting for ctrl-c"),
            line = lines.next_line() => line?,
        };
        let Some(line) = line else { break };
        match obey(&exchange, &line, options.interval) {
            Some(answer) => println!("{answer}"),
            None => return Ok(()),
        }
    }
    tokio::signal::ctrl_c().await.context("waiting for ctrl-c")
}

/// The script of this name, or in this file.
fn script_of(name: &str) -> anyhow::Result<Script> {
    if let Some(script) = Script::named(name) {
        return Ok(script);
    }
    let text = std::fs::read_to_string(name).with_context(|| {
        format!("'{name}' is neither a script of --list-scripts nor a file that can be read")
    })?;
    Script::parse(name, &text).with_context(|| format!("the script '{name}'"))
}

/// Does what a line says and answers; nothing means the end.
fn obey(exchange: &Exchange, line: &str, interval: Interval) -> Option<String> {
    let (word, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
    let rest = Some(rest.trim()).filter(|rest| !rest.is_empty());
    let answer = match (word, rest) {
        ("advance", ms) => {
            let ms = ms.map_or(Ok(interval.nominal_millis()), str::parse);
            ms.map_or_else(
                |_| HELP.to_owned(),
                |ms| format!("{} events", exchange.advance(ms)),
            )
        }
        ("drop", None) => {
            exchange.drop_connections();
            "dropped".to_owned()
        }
        ("stall", None) => {
            exchange.stall();
            "stalled".to_owned()
        }
        ("fault", Some(name)) => match name.parse::<Fault>() {
            Ok(fault) => {
                exchange.inject(fault);
                format!("injected {fault:?}")
            }
            Err(error) => error.to_string(),
        },
        ("script", Some(name)) => match script_of(name) {
            Ok(script) => {
                exchange.run_script(&script);
                format!("runs {}: {}", script.name(), script.about())
            }
            Err(error) => format!("{error:#}"),
        },
        ("now", None) => exchange.now().to_string(),
        ("requests", None) => {
            format!("{} requests, {:?}", exchange.requests().len(), exchange.streams())
        }
        ("quit", None) => return None,
        _ => HELP.to_owned(),
    };
    Some(answer)
}
