//! sweep.

use crate::backtest::TEST;
use crate::program::Home;

#[test]
fn a_sweep_runs_every_combination() {
    let home = Home::with_hours(600);
    let sweep = [
        "--sweep",
        "slow=20..40:10",
        "--sweep",
        "fast=3,5",
        "--cash",
        "5000",
    ];
    let stored = home.json(&[&TEST[..], &sweep].concat());
    assert_eq!(stored["axes"], serde_json::json!(["slow", "fast"]));
    let rows = stored["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[1]["params"], serde_json::json!({ "slow": 20, "fast": 5 }));
    // A row is what a run alone gives, here and over a file, on any number of threads.
    let alone = ["--param", "slow=20", "--param", "fast=5", "--cash", "5000"];
    assert_eq!(
        rows[1]["metrics"],
        home.json(&[&TEST[..], &alone].concat())["metrics"]
    );
    let over_file = ["backtest", "sma-cross", "--data", "hours.csv", "--threads", "2"];
    let file = home.json(&[&over_file[..], &sweep, &["--report", "rows.csv"]].concat());
    assert_eq!(file["rows"], stored["rows"]);
    assert_eq!(file["overfitting"], stored["overfitting"]);
    let overfitting = &stored["overfitting"];
    assert_eq!(overfitting["trials"], 6);
    let best = &rows[overfitting["best"].as_u64().unwrap() as usize]["metrics"]["bar_sharpe_ddof1"];
    let ratios = rows.iter().map(|row| row["metrics"]["bar_sharpe_ddof1"].as_f64());
    assert_eq!(
        ratios.max_by(|a, b| a.partial_cmp(b).unwrap()).unwrap(),
        best.as_f64()
    );
    for figure in ["deflated_sharpe", "overfitting_probability"] {
        let value = overfitting[figure]["found"]["value"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&value), "{overfitting}");
    }
    assert_eq!(home.json(&["runs", "list"])["runs"].as_array().unwrap().len(), 1);

    let rows = std::fs::read_to_string(home.path().join("rows.csv")).unwrap();
    let mut lines = rows.lines();
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("slow,fast,final_equity,total_return,")
    );
    assert!(lines.next().unwrap().starts_with("20,3,"));
    assert_eq!(lines.count(), 5);

    let people = home.run(
        &[
            &over_file[..],
            &sweep,
            &["--sort", "n_closed_trades", "--top", "2"],
        ]
        .concat(),
    );
    assert!(
        people.stdout.contains("6 sets of parameters"),
        "{}",
        people.stdout
    );
    let shown: Vec<&str> = people
        .stdout
        .lines()
        .filter(|line| line.contains('%') && line.contains('│'))
        .collect();
    assert_eq!(shown.len(), 3, "{}", people.stdout);
    for part in [
        "6 of 6 runs traded",
        "Deflated Sharpe ratio",
        "for the best Sharpe ratio (slow ",
    ] {
        assert!(people.stdout.contains(part), "{part}: {}", people.stdout);
    }
    assert!(
        shown[2].contains("Probability of backtest overfitting"),
        "{}",
        people.stdout
    );
    let one = home.run(&[&over_file[..], &["--sweep", "fast=5"]].concat());
    assert!(
        one.stdout.contains("not known: only one run traded"),
        "{}",
        one.stdout
    );
    assert!(
        shown[0].contains(" 20 ") && shown[0].contains(" 3 "),
        "{}",
        people.stdout
    );
}

#[test]
fn a_sweep_that_makes_no_sense_says_why() {
    let home = Home::with_hours(100);
    let with = |sweep: &[&'static str]| [&["backtest", "sma-cross", "--data", "hours.csv"], sweep].concat();
    for (sweep, said) in [
        (vec!["--sweep", "quick=1,2"], "no parameter 'quick'"),
        (vec!["--sweep", "fast=0..3"], "it must be from 1 to 400"),
        (vec!["--sweep", "fast=2,3", "--param", "fast=4"], "given twice"),
    ] {
        let error = home.error(&with(&sweep), "invalid");
        assert!(error["message"].as_str().unwrap().contains(said), "{error}");
    }
    assert_eq!(home.run(&with(&["--sweep", "fast=5..2"])).code, 2);
    assert_eq!(home.run(&with(&["--sort", "sqn"])).code, 2);
    let luck = home.run(&with(&["--sweep", "fast=2,3", "--sort", "luck"]));
    assert!(
        luck.code == 2 && luck.stderr.contains("bar_sharpe_ddof1"),
        "{}",
        luck.stderr
    );
}
