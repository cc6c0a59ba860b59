//! Agreement with other engines, where the shared reference files are at hand.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use promptpal_backtest::{
    Config, Inputs, bars_from_csv, builtin, case_data_path, check_case, check_indicators, indicator_times,
    run,
};
use promptpal_domain::Bars;

/// The folder of shared data, or nothing where it does not exist.
fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared");
    let folder = std::env::var_os("PROMPTPAL_SHARED").map_or(beside, PathBuf::from);
    if folder.join("reference").is_dir() {
        return Some(folder);
    }
    println!("conformance: no shared data, not run");
    None
}

fn files(folder: &Path, matches: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| matches(&path.file_name().unwrap().to_string_lossy()))
        .collect();
    files.sort();
    files
}

#[test]
fn every_reference_case_agrees() {
    let Some(shared) = shared() else { return };
    let mut data: HashMap<String, Bars> = HashMap::new();
    let mut failed = Vec::new();
    let cases = files(&shared.join("reference"), |name| {
        name.starts_with('c') && name.ends_with(".json")
    });
    assert_eq!(cases.len(), 13);
    for path in cases {
        let case = fs::read_to_string(path).unwrap();
        let name = case_data_path(&case).unwrap();
        let bars = data
            .entry(name.clone())
            .or_insert_with(|| bars_from_csv(&fs::read(shared.join("data").join(&name)).unwrap()).unwrap());
        let result = check_case(&case, bars).unwrap();
        println!("{result:?}");
        if !result.passed {
            failed.push(result);
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn every_reference_column_agrees() {
    let Some(shared) = shared() else { return };
    let candles: Vec<Bars> = files(&shared.join("data/candles"), |name| {
        name.ends_with("1h_201708_202404.csv") || name.starts_with("ethusdt_1m")
    })
    .iter()
    .map(|path| bars_from_csv(&fs::read(path).unwrap()).unwrap())
    .collect();
    let references = files(&shared.join("reference"), |name| {
        name.starts_with("indicators_") && name.ends_with(".csv")
    });
    assert_eq!(references.len(), 2);
    for path in references {
        let csv = fs::read_to_string(&path).unwrap();
        let times = indicator_times(&csv).unwrap();
        let bars = candles
            .iter()
            .find(|bars| bars.open_time[0] == times.first && bars.open_time[times.rows - 1] == times.last)
            .unwrap();
        let results = check_indicators(&csv, bars).unwrap();
        assert_eq!(results.len(), 55);
        let failed: Vec<_> = results.iter().filter(|result| !result.passed).collect();
        assert!(failed.is_empty(), "{}: {failed:#?}", path.display());
        let worst = results.iter().map(|result| result.difference).fold(0.0, f64::max);
        println!("{}: 55 columns, largest difference {worst:e}", path.display());
    }
}

#[test]
fn the_built_in_cross_gives_the_promised_figures() {
    let Some(shared) = shared() else { return };
    let bars =
        bars_from_csv(&fs::read(shared.join("data/candles/btcusdt_1h_201708_202404.csv")).unwrap()).unwrap();
    let script = builtin("sma-cross").unwrap().script().unwrap();
    let config = Config {
        fee: 0.001,
        cash: 10_000.0,
        ..Config::default()
    };
    let params = [("fast".to_owned(), 10.0), ("slow".to_owned(), 30.0)];
    let report = run(
        &script,
        &params,
        &Inputs::new(&bars, &[]).unwrap(),
        &config,
        &|| false,
    )
    .unwrap();
    assert_eq!(
        (report.bars, report.gaps, report.metrics.n_closed_trades),
        (58_419, 28, 1_179)
    );
    assert!((report.metrics.final_equity / 74_640.421_099_323_49 - 1.0).abs() < 1e-9);

    // The daily geometric figures are those of backtesting.py, whose own equity differs by 1e-8.
    let reference = fs::read_to_string(shared.join("reference/c1_sma_10_30_btc1h.json")).unwrap();
    let reference: serde_json::Value = serde_json::from_str(&reference).unwrap();
    let stats = &reference["backtestingpy"]["stats"];
    for (name, ours, factor) in [
        ("Sharpe Ratio", report.metrics.daily_geometric_sharpe, 1.0),
        ("Sortino Ratio", report.metrics.daily_geometric_sortino, 1.0),
        ("Calmar Ratio", report.metrics.daily_geometric_calmar, 1.0),
        (
            "Volatility (Ann.) [%]",
            report.metrics.daily_volatility_annual,
            100.0,
        ),
        ("Return (Ann.) [%]", report.metrics.daily_gmean_annual, 100.0),
        ("SQN", report.metrics.sqn, 1.0),
    ] {
        let (ours, theirs) = (ours.unwrap() * factor, stats[name].as_f64().unwrap());
        assert!((ours / theirs - 1.0).abs() < 1e-6, "{name}: {ours} and {theirs}");
    }
}
