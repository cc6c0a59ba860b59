//! backtest, strategies, runs, conformance.

use crate::program::{HOUR, Home, START, csv};

pub(crate) const TEST: [&str; 6] = ["backtest", "sma-cross", "--symbol", "BTCUSDT", "--interval", "1h"];

#[test]
fn a_backtest_answers_with_its_whole_report() {
    let home = Home::with_hours(1_000);
    let line = [
        &TEST[..],
        &[
            "--param", "fast=5", "--param", "slow=20", "--fee", "0.001", "--cash", "5000",
        ],
    ]
    .concat();
    let report = home.json(&line);
    assert_eq!(
        (&report["strategy"], &report["bars"], &report["gaps"]),
        (&"sma-cross".into(), &1_000.into(), &0.into())
    );
    assert_eq!(report["params"], serde_json::json!({ "fast": 5, "slow": 20 }));
    let trades = report["trades"].as_array().unwrap();
    assert!(trades.len() > 5);
    for key in [
        "entry_time",
        "exit_time",
        "entry_price",
        "exit_price",
        "size",
        "pnl",
        "return_pct",
        "reason",
    ] {
        assert!(!trades[0][key].is_null(), "{key}: {}", trades[0]);
    }
    for key in [
        "final_equity",
        "total_return",
        "n_closed_trades",
        "win_rate",
        "max_drawdown",
        "bar_sharpe_ddof1",
    ] {
        assert!(report["metrics"][key].is_number(), "{key}");
    }
    for key in ["load_s", "engine_s", "engine_cpu_s"] {
        assert!(report["timing"][key].as_f64().unwrap() >= 0.0, "{key}");
    }
    assert_eq!(report["metrics"]["n_closed_trades"], trades.len());
    assert_eq!(report["hash"].as_str().unwrap().len(), 64);
    assert!(report.as_object().unwrap().contains_key("open_position"));

    let again = home.json(&line);
    assert_eq!((&again["hash"], &again["run"]), (&report["hash"], &report["run"]));
    let file = home.json(
        &[
            &["backtest", "sma-cross", "--data", "hours.csv", "--cash", "5000"],
            &line[6..12],
        ]
        .concat(),
    );
    assert_eq!(
        (&file["trades"], &file["metrics"]),
        (&report["trades"], &report["metrics"])
    );
    assert!(file["run"].is_null(), "a run over a file is kept nowhere");
    let people = home.run(&line);
    assert!(
        people.stdout.contains("Final equity") && people.stdout.contains("Stored as run"),
        "{}",
        people.stdout
    );
}

#[test]
fn a_rotation_runs_over_several_files() {
    let home = Home::with_hours(500);
    // Its twin has the same hours in the other order: it falls where the first rises.
    let text = std::fs::read_to_string(home.path().join("hours.csv")).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let rows: Vec<(&str, &str)> = rows.lines().map(|row| row.split_once(',').unwrap()).collect();
    let twin: Vec<String> = rows
        .iter()
        .zip(rows.iter().rev())
        .map(|((time, _), (_, rest))| format!("{time},{rest}\n"))
        .collect();
    home.file("twin.csv", &format!("{head}\n{}", twin.concat()));
    let line = "backtest momentum-rotation --data hours.csv --data twin.csv --param hold=1 --param days=1 --param length=24";
    let line: Vec<&str> = line.split(' ').collect();
    let report = home.json(&line);
    assert_eq!(report["symbols"], serde_json::json!(["hours", "twin"]));
    let trades = report["trades"].as_array().unwrap();
    assert!(trades.len() > 3, "{}", trades.len());
    let open = report["open_positions"].as_array().cloned().unwrap_or_default();
    for name in ["hours", "twin"] {
        assert!(
            trades.iter().chain(&open).any(|one| one["symbol"] == name),
            "{name}: {report}"
        );
    }
    let people = home.run(&line);
    assert!(people.stdout.contains("Final equity"), "{}", people.stdout);
    home.error(&line[..4], "invalid");
    home.error(
        &[
            "backtest",
            "sma-cross",
            "--data",
            "hours.csv",
            "--data",
            "twin.csv",
        ],
        "invalid",
    );
}

#[test]
fn a_part_of_a_series_can_be_tested() {
    let home = Home::with_hours(500);
    let (from, to) = ((START + 100 * HOUR).to_string(), (START + 300 * HOUR).to_string());
    let report = home.json(&[&TEST[..], &["--from", &from, "--to", &to]].concat());
    assert_eq!(
        (&report["bars"], &report["first_bar"]),
        (&200.into(), &(START + 100 * HOUR).into())
    );
    home.error(&[&TEST[..], &["--from", "2031-01-01"]].concat(), "invalid");
}

#[test]
fn what_is_wrong_with_a_backtest_is_said() {
    let home = Home::with_hours(100);
    home.error(
        &["backtest", "no-such", "--symbol", "BTCUSDT", "--interval", "1h"],
        "not_found",
    );
    home.error(
        &["backtest", "sma-cross", "--symbol", "ETHUSDT", "--interval", "1h"],
        "not_found",
    );
    let check = |more: &[&str]| home.error(&[&TEST[..], more].concat(), "invalid");
    check(&["--param", "speed=3"]);
    check(&["--param", "fast=0"]);
    check(&["--size", "half"]);
    check(&["--cash", "0"]);
    check(&["--fee=-0.1"]);
    home.file("broken.rhai", "let x = ;\n");
    check_script(&home);
    home.error(
        &["backtest", "gone.rhai", "--symbol", "BTCUSDT", "--interval", "1h"],
        "file",
    );
    home.error(&["backtest", "sma-cross", "--data", "gone.csv"], "file");
}

/// Two minutes for each hour of `csv`: up to the high, then down to the low.
fn minutes(hours: std::ops::Range<i64>) -> String {
    let mut text = "open_time,open,high,low,close,volume\n".to_owned();
    for row in csv(hours).lines().skip(1) {
        let fields: Vec<f64> = row.split(',').map(|field| field.parse().unwrap()).collect();
        let [time, open, high, low, close, _] = fields[..] else {
            panic!("{row}");
        };
        let (top, bottom) = (open.max(close), open.min(close));
        text += &format!("{time},{open:.2},{high:.2},{bottom:.2},{top:.2},1\n");
        text += &format!("{},{top:.2},{top:.2},{low:.2},{close:.2},1\n", time + 60_000.0);
    }
    text
}

#[test]
fn stops_are_watched_on_minutes_where_there_are_any() {
    let home = Home::with_hours(400);
    home.file("minutes.csv", &minutes(100..400));
    home.file(
        "stops.rhai",
        "enter_long(close > close.ago(1));\nbracket(percent(1), percent(1));\n",
    );
    let line = ["backtest", "stops.rhai", "--data", "hours.csv"];
    let bars = home.json(&line);
    assert_eq!(
        (&bars["fills"], &bars["fine_share"]),
        (&"r1".into(), &serde_json::Value::Null)
    );
    let fine = home.json(&[&line[..], &["--fills", "minute", "--minutes", "minutes.csv"]].concat());
    assert_eq!(
        (&fine["fills"], &fine["fine_share"]),
        (&"minute".into(), &0.75.into())
    );
    assert_ne!(fine["hash"], bars["hash"]);
    assert_ne!(fine["trades"], bars["trades"]);
    home.error(&[&line[..], &["--fills", "minute"]].concat(), "invalid");

    home.json(&["import", "minutes.csv", "--symbol", "BTCUSDT", "--interval", "1m"]);
    let stored = [
        "backtest",
        "stops.rhai",
        "--symbol",
        "BTCUSDT",
        "--interval",
        "1h",
    ];
    let found = home.json(&[&stored[..], &["--fills", "auto"]].concat());
    assert_eq!(found["trades"], fine["trades"]);
    assert_eq!(home.json(&stored)["trades"], bars["trades"]);
    // Nothing of this one is filled within a bar.
    assert_eq!(
        home.json(&[&TEST[..], &["--fills", "auto"]].concat())["fills"],
        "r1"
    );
}

#[test]
fn a_run_states_its_account_and_the_exchange() {
    let home = Home::with_hours(400);
    home.file(
        "funding.csv",
        &format!("time,rate\n{},0.001\n", START + 100 * HOUR),
    );
    home.file("hold.rhai", "enter_long(true);\nstop_loss(percent(50));\n");
    let line = ["backtest", "hold.rhai", "--data", "hours.csv"];
    let with = |more: &[&str]| home.json(&[&line[..], more].concat());
    assert!(
        with(&["--funding", "funding.csv"])["metrics"]["funding_paid"]
            .as_f64()
            .unwrap()
            > 0.0
    );
    let lots = with(&["--lot", "10", "--tick", "0.5", "--min-notional", "100"]);
    assert_eq!(lots["open_position"]["size"].as_f64().unwrap() % 10.0, 0.0);
    assert!(
        with(&["--leverage", "20"])["metrics"]["liquidations"]
            .as_u64()
            .unwrap()
            > 0
    );
    let volatility = |days: &str| {
        let report = with(&["--days-per-year", days]);
        assert_eq!(report["config"]["days_per_year"].to_string(), format!("{days}.0"));
        report["metrics"]["bar_volatility"].as_f64().unwrap()
    };
    // A year of a quarter of the days has half of the volatility.
    assert!((volatility("360") / volatility("90") - 2.0).abs() < 1e-12);
    let risk = with(&["--size", "risk:1", "--maker-fee=-0.0001"]);
    assert_eq!(risk["config"]["maker_fee"], -0.0001);
    let wrong = |more: &[&str]| home.error(&[&line[..], more].concat(), "invalid");
    wrong(&["--leverage", "0.5"]);
    wrong(&["--lot=-1"]);
    wrong(&["--days-per-year", "0"]);
    wrong(&["--size", "risk:0"]);
    home.error(
        &["backtest", "sma-cross", "--data", "hours.csv", "--size", "risk:1"],
        "invalid",
    );
    home.error(&[&line[..], &["--funding", "gone.csv"]].concat(), "file");
}

fn check_script(home: &Home) {
    home.error(
        &[
            "backtest",
            "broken.rhai",
            "--symbol",
            "BTCUSDT",
            "--interval",
            "1h",
        ],
        "invalid",
    );
    let checked = home.json_with(1, &["strategies", "check", "broken.rhai"]);
    assert_eq!(checked["ok"], false);
    let problem = &checked["problems"][0];
    assert_eq!(problem["line"], 1);
    assert!(
        problem["column"].as_u64().unwrap() > 0 && problem["message"].is_string(),
        "{problem}"
    );
    let people = home.run(&["strategies", "check", "broken.rhai"]);
    assert!(people.stdout.starts_with("broken.rhai:1:"), "{}", people.stdout);
}

#[test]
fn strategies_are_listed_shown_and_can_be_files() {
    let home = Home::with_hours(300);
    let listed = home.json(&["strategies", "list"]);
    let ids: Vec<&str> = listed["strategies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert!(
        ids.contains(&"sma-cross") && ids.contains(&"buy-and-hold"),
        "{ids:?}"
    );
    let source = home.run(&["strategies", "show", "sma-cross"]).stdout;
    home.file("own.rhai", &source);
    assert_eq!(home.json(&["strategies", "check", "own.rhai"])["ok"], true);
    home.error(&["strategies", "show", "no-such"], "not_found");
    assert!(home.run(&["strategies", "docs"]).stdout.contains("sma"));

    let own = home.json(&["backtest", "own.rhai", "--symbol", "BTCUSDT", "--interval", "1h"]);
    assert_eq!(own["strategy"], "own");
    assert_eq!(own["trades"], home.json(&TEST)["trades"]);
}

#[test]
fn a_run_over_a_file_writes_its_report_too() {
    let home = Home::new();
    home.file("candles.csv", &csv(0..200));
    let line = ["backtest", "sma-cross", "--data", "candles.csv", "--report"];
    let run = home.json(&[&line[..], &["report.html"]].concat());
    let page = std::fs::read_to_string(home.path().join("report.html")).unwrap();
    assert!(page.contains("sma-cross on candles.csv") && page.contains(run["hash"].as_str().unwrap()));
    home.json(&[&line[..], &["trades.csv"]].concat());
    let trades = std::fs::read_to_string(home.path().join("trades.csv")).unwrap();
    assert_eq!(
        trades.lines().count(),
        run["trades"].as_array().unwrap().len() + 1
    );
}

#[test]
fn runs_are_listed_shown_compared_exported_and_deleted() {
    let home = Home::with_hours(300);
    let run = |fast: &str| home.json(&[&TEST[..], &["--param", fast]].concat())["run"].to_string();
    let (a, b) = (run("fast=5"), run("fast=7"));
    assert_ne!(a, b);
    assert_eq!(home.json(&["runs", "list"])["runs"].as_array().unwrap().len(), 2);
    let shown = home.json(&["runs", "show", &a]);
    assert_eq!(shown["params"]["fast"], 5);
    assert!(shown["metrics"]["final_equity"].is_number() && shown["trades"].is_null());
    assert!(home.json(&["runs", "show", &a, "--trades"])["trades"].is_array());
    let compared = home.json(&["runs", "compare", &a, &b]);
    assert_eq!(compared["runs"].as_array().unwrap().len(), 2);
    home.json(&["runs", "export", &a, "--out", "run.json"]);
    let written = std::fs::read(home.path().join("run.json")).unwrap();
    let written: serde_json::Value = serde_json::from_slice(&written).unwrap();
    assert_eq!(written["hash"], shown["hash"]);
    home.json(&["runs", "export", &a, "--out", "run.html"]);
    home.json(&["runs", "export", &a, "--out", "curve.csv", "--format", "equity"]);
    let page = std::fs::read_to_string(home.path().join("run.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains(shown["hash"].as_str().unwrap()));
    let curve = std::fs::read_to_string(home.path().join("curve.csv")).unwrap();
    assert_eq!(curve.lines().count(), 301);
    home.error(&["runs", "export", &a, "--out", "run.json/run.html"], "file");
    home.json(&["runs", "delete", &a]);
    home.error(&["runs", "show", &a], "not_found");
}

#[test]
fn conformance_fails_where_one_value_differs() {
    let home = Home::new();
    let text = csv(0..50);
    let closes: Vec<f64> = text
        .lines()
        .skip(1)
        .map(|row| row.split(',').nth(4).unwrap().parse().unwrap())
        .collect();
    let reference = |wrong: f64| {
        let mut rows = "open_time,sma_3\n".to_owned();
        for hour in 0..50_usize {
            let value = match hour {
                0 | 1 => String::new(),
                40 => format!("{}", closes[38..=40].iter().sum::<f64>() / 3.0 + wrong),
                _ => format!("{}", closes[hour - 2..=hour].iter().sum::<f64>() / 3.0),
            };
            rows.push_str(&format!(
                "{},{value}\n",
                START + i64::try_from(hour).unwrap() * HOUR
            ));
        }
        rows
    };
    std::fs::create_dir(home.path().join("data")).unwrap();
    std::fs::create_dir(home.path().join("reference")).unwrap();
    home.file("data/hours.csv", &text);
    let line = ["conformance", "reference", "--data", "data"];
    home.error(&line, "invalid");
    home.file("reference/indicators_hours.csv", &reference(0.0));
    let passed = home.json(&line);
    assert_eq!((&passed["ok"], &passed["id"]), (&true.into(), &"sma_3".into()));
    home.file("reference/indicators_hours.csv", &reference(0.001));
    assert_eq!(home.json_with(1, &line)["ok"], false);
    assert!(home.run(&line).stdout.starts_with("FAIL"));
}
