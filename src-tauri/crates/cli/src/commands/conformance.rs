//! conformance.

use std::process::ExitCode;

use promptpal_app::Check;
use serde_json::{Value, json};

use crate::args::ConformanceArgs;
use crate::output::{Output, line};

pub(crate) fn run(args: &ConformanceArgs, output: Output) -> anyhow::Result<ExitCode> {
    let checks = promptpal_app::conformance(&args.dir, &args.data)?;
    let (mut passed, mut failed) = (0_usize, 0_usize);
    for check in &checks {
        let (ok, value, text) = describe(check);
        if ok {
            passed += 1
        } else {
            failed += 1
        }
        line(&if output.is_json() { value.to_string() } else { text })?;
    }
    output.note(&format!("{passed} passed, {failed} failed"));
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn describe(check: &Check) -> (bool, Value, String) {
    let word = |ok: bool| if ok { "ok  " } else { "FAIL" };
    match check {
        Check::Case(case) => {
            let value = json!({ "schema": 1, "kind": "case", "id": case.id, "ok": case.passed,
                "result": case });
            let text = format!(
                "{} {}: {} of {} trades, final equity {}, largest difference: prices {:.1e}, equity {:.1e}, metric {} {:.1e}{}",
                word(case.passed),
                case.id,
                case.trades,
                case.expected_trades,
                case.final_equity,
                case.price_difference,
                case.equity_difference,
                case.metric_difference.0,
                case.metric_difference.1,
                why(case.failure.as_deref()),
            );
            (case.passed, value, text)
        }
        Check::Column(file, column) => {
            let value = json!({ "schema": 1, "kind": "indicator", "file": file, "id": column.column, "ok": column.passed,
                "result": column });
            let text = format!(
                "{} {file} {}: {} values, largest difference {:.1e}{}",
                word(column.passed),
                column.column,
                column.values,
                column.difference,
                why(column.failure.as_deref()),
            );
            (column.passed, value, text)
        }
        Check::Unusable(file, reason) => {
            let value = json!({ "schema": 1, "kind": "file", "id": file, "ok": false, "detail": reason });
            (false, value, format!("FAIL {file}: {reason}"))
        }
    }
}

fn why(failure: Option<&str>) -> String {
    failure.map(|failure| format!(" ({failure})")).unwrap_or_default()
}
