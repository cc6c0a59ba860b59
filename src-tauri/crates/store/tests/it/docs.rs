//! The worked example of docs/data-format.md prints what the page says.

use std::path::Path;
use std::process::Command;

use promptpal_domain::{Candle, CandleSource, Span};
use promptpal_store::{EquityCurve, NewRun};

use crate::fixtures::{HOUR, NOW, at, d, flat, key, page_of, series, span, workspace};

const FIRST: i64 = 1_502_942_400_000;

fn candle(hour: i64, prices: [&str; 4], volume: &str, trades: i64) -> Candle {
    let [open, high, low, close] = prices.map(d);
    Candle {
        open,
        high,
        low,
        close,
        trades: Some(trades),
        ..flat(FIRST + hour * HOUR, "1", volume)
    }
}

/// The first block of a language on the page.
fn block<'p>(page: &'p str, language: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

#[tokio::test]
async fn the_worked_example_prints_what_the_page_says() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    let candles = vec![
        candle(0, ["4261.48", "4313.62", "4261.32", "4308.83"], "47.181009", 171),
        candle(1, ["4308.83", "4328.69", "4291.37", "4315.32"], "23.234916", 102),
        candle(4, ["4333.32", "4377.85", "4333.32", "4360.69"], "0.972807", 28),
    ];
    let times: Vec<i64> = candles.iter().map(|candle| candle.open_time.millis()).collect();
    let asked = span(FIRST, FIRST + 5 * HOUR);
    let page = page_of(CandleSource::Rest, "api.binance.com", candles, Some(asked));
    w.store.put_page(id, page, NOW).await.unwrap();
    let curve = vec![10_000.0, 10_015.06, 10_120.36];
    let run = NewRun {
        strategy: "buy-and-hold".to_owned(),
        series: key("BTCUSDT", "1h"),
        others: Vec::new(),
        span: Span::new(at(FIRST), at(FIRST + 5 * HOUR)).unwrap(),
        params: Vec::new(),
        finished: NOW,
        bars: 3,
        gaps: 1,
        total_return: 0.012_036,
        benchmark_return: 0.012_036,
        sharpe: None,
        max_drawdown: 0.0,
        hash: "00".repeat(32),
        note: String::new(),
        report: b"{}".to_vec(),
        equity: EquityCurve {
            time: times,
            equity: curve.clone(),
            benchmark: curve,
        },
        trades: Vec::new(),
    };
    w.store.put_run(run).await.unwrap();

    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/data-format.md");
    let page = std::fs::read_to_string(page).unwrap();
    let script = w.folder.path().join("read.py");
    std::fs::write(&script, block(&page, "python")).unwrap();
    // The program still has the file open, as it would when somebody tries this.
    let output = match Command::new("python3").arg(&script).arg(w.store.path()).output() {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("data format: no python3, the example was not run");
            return;
        }
        Err(error) => panic!("{error}"),
    };
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), block(&page, "text"));
}
