//! Funding rates from a file: a header line, then a payment a line.

use promptpal_domain::Timestamp;

use crate::csv_bars::{split_line, time_ms};
use crate::{BacktestError, FundingRate};

/// Names of the time's column: ours, the exchange's archives, the exchange's interface.
const TIMES: [&str; 5] = ["time", "calc_time", "fundingtime", "funding_time", "timestamp"];
/// Names of the rate's column.
const RATES: [&str; 4] = ["rate", "last_funding_rate", "fundingrate", "funding_rate"];

/// Reads funding rates. Times are milliseconds, seconds or microseconds since 1970, rates are parts: 0.0001 is 0.01 %.
///
/// # Errors
/// [`BacktestError::Funding`] when a column is missing, and [`BacktestError::CsvRow`] with the line at fault.
pub fn funding_from_csv(text: &[u8]) -> Result<Vec<FundingRate>, BacktestError> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let (header, mut rest) = split_line(text);
    let header = String::from_utf8_lossy(header).to_lowercase();
    let place = |names: &[&str]| header.split(',').position(|name| names.contains(&name.trim()));
    let (Some(time_at), Some(rate_at)) = (place(&TIMES), place(&RATES)) else {
        return Err(BacktestError::Funding(
            "the first line must name the columns time and rate",
        ));
    };
    let mut rates = Vec::new();
    let mut line = 1;
    while !rest.is_empty() {
        let (row, after) = split_line(rest);
        rest = after;
        line += 1;
        if row.trim_ascii().is_empty() {
            continue;
        }
        let field = |at: usize| {
            row.split(|&byte| byte == b',')
                .nth(at)
                .unwrap_or_default()
                .trim_ascii()
        };
        let fail = |problem, text: &[u8]| BacktestError::CsvRow {
            line,
            problem,
            text: String::from_utf8_lossy(text.get(..text.len().min(60)).unwrap_or(text)).into_owned(),
        };
        let time = field(time_at);
        let at = time_ms(time).ok_or_else(|| fail("the time is no number", time))?;
        let rate = field(rate_at);
        let value = std::str::from_utf8(rate)
            .ok()
            .and_then(|rate| rate.parse::<f64>().ok());
        rates.push(FundingRate {
            time: Timestamp::from_millis(at),
            rate: value.ok_or_else(|| fail("the rate is no number", rate))?,
        });
    }
    Ok(rates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_our_files_and_the_archives() {
        let ours = funding_from_csv(b"time,rate\n1704067200000,0.0001\r\n1704096000000,-2e-5\n").unwrap();
        assert_eq!(
            ours.iter().map(|f| (f.time.millis(), f.rate)).collect::<Vec<_>>(),
            [(1_704_067_200_000, 0.0001), (1_704_096_000_000, -0.000_02)]
        );
        let archive =
            funding_from_csv(b"calc_time,funding_interval_hours,last_funding_rate\n1704067200000,8,0.0001\n");
        assert_eq!(archive.unwrap(), ours[..1]);
        assert!(matches!(
            funding_from_csv(b"when,rate\n"),
            Err(BacktestError::Funding(_))
        ));
        for row in ["x,0.1", "1704067200000,", "1704067200000,much"] {
            let text = format!("time,rate\n{row}\n");
            assert!(
                matches!(
                    funding_from_csv(text.as_bytes()),
                    Err(BacktestError::CsvRow { line: 2, .. })
                ),
                "{row}"
            );
        }
    }
}
