//! Values that other programs computed: TA-Lib's C library and pandas-ta-classic, on a market of our own. See
//! `tests/golden/make.py`.

use promptpal_domain::{Bars, Interval};
use promptpal_indicators::compute;

/// Largest difference, relative to the value or to a thousandth of the column's usual size. The file has 13 digits.
const LIMIT: f64 = 1e-9;

fn columns() -> Vec<(String, Vec<f64>)> {
    let csv = include_str!("../golden/values.csv");
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let mut columns: Vec<(String, Vec<f64>)> = header
        .iter()
        .map(|name| ((*name).to_owned(), Vec::new()))
        .collect();
    for row in lines {
        assert_eq!(row.len(), columns.len());
        for (column, value) in columns.iter_mut().zip(row) {
            column.1.push(if value.is_empty() {
                f64::NAN
            } else {
                value.parse().unwrap()
            });
        }
    }
    columns
}

fn market(columns: &[(String, Vec<f64>)]) -> Bars {
    let column = |name: &str| columns.iter().find(|(id, _)| id == name).unwrap().1.clone();
    let mut bars = Bars::empty(Interval::Hour1, 2, 3);
    bars.open = column("open");
    bars.high = column("high");
    bars.low = column("low");
    bars.close = column("close");
    bars.volume = column("volume");
    bars.open_time = (0..bars.close.len() as i64)
        .map(|hour| hour * 3_600_000)
        .collect();
    bars
}

#[test]
fn agrees_with_other_programs() {
    let columns = columns();
    let bars = market(&columns);
    let (mut checked, mut failures) = (0, Vec::new());
    for (name, expected) in columns.iter().skip(5) {
        // id(parameters).output
        let (id, rest) = name.split_once('(').unwrap();
        let (params, output) = rest.split_once(").").unwrap();
        let params: Vec<f64> = params
            .split(';')
            .filter(|p| !p.is_empty())
            .map(|p| p.parse().unwrap())
            .collect();
        let outputs = compute(id, &params, &bars).unwrap_or_else(|error| panic!("{name}: {error}"));
        let got = &outputs
            .iter()
            .find(|o| o.name == output)
            .unwrap_or_else(|| panic!("{name}"))
            .values;
        let sizes: Vec<f64> = expected.iter().filter(|v| !v.is_nan()).map(|v| v.abs()).collect();
        assert!(sizes.len() > 40, "{name}");
        let floor = sizes.iter().sum::<f64>() / sizes.len() as f64 * 1e-3;
        let differs = |got: f64, expected: f64| {
            if got.is_nan() || expected.is_nan() {
                return got.is_nan() != expected.is_nan();
            }
            (got - expected).abs() / expected.abs().max(floor) > LIMIT
        };
        let mut pairs = got.iter().zip(expected).enumerate();
        if let Some((at, (got, expected))) = pairs.find(|&(_, (&got, &expected))| differs(got, expected)) {
            failures.push(format!("{name} bar {at}: {got}, not {expected}"));
        }
        checked += 1;
    }
    assert!(failures.is_empty(), "{failures:#?}");
    assert_eq!(checked, columns.len() - 5);
    assert!(checked > 60);
}
