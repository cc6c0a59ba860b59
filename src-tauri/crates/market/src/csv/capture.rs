//! Recordings of the exchange's stream: `<seconds since 1970>: <frame>` a line, the first line the address.

use std::io::{BufRead, Read};

use promptpal_domain::{Interval, Symbol, Venue};

use super::Row;
use super::report::{RowError, RowProblem};
use crate::binance::frame::Frame;

/// Longest line that is read.
const LONGEST_LINE: u64 = 1 << 20;

pub(crate) struct Capture<R: BufRead> {
    file: R,
    line: u64,
    text: Vec<u8>,
    symbol: Symbol,
    interval: Interval,
    venue: Venue,
    ended: bool,
}

impl<R: BufRead> Capture<R> {
    pub(crate) fn new(file: R, symbol: Symbol, interval: Interval) -> Self {
        Self {
            file,
            line: 0,
            text: Vec::new(),
            symbol,
            interval,
            venue: Venue::binance(),
            ended: false,
        }
    }

    pub(crate) fn next_row(&mut self) -> Option<Row> {
        if self.ended {
            return None;
        }
        self.line += 1;
        self.text.clear();
        let broken = |line, text: String| {
            Row::Broken(RowError {
                line,
                reason: RowProblem::BrokenOff(text),
            })
        };
        match self
            .file
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut self.text)
        {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) => {
                self.ended = true;
                return Some(broken(self.line, error.to_string()));
            }
        }
        if self.text.len() as u64 == LONGEST_LINE {
            self.ended = true;
            return Some(broken(
                self.line,
                format!("a line is longer than {LONGEST_LINE} bytes"),
            ));
        }
        let text = String::from_utf8_lossy(&self.text);
        let text = text.trim();
        Some(match self.read(text) {
            Ok(row) => row,
            Err(reason) => Row::Problem(RowError {
                line: self.line,
                reason,
            }),
        })
    }

    fn read(&self, text: &str) -> Result<Row, RowProblem> {
        let frame = text
            .split_once(": ")
            .filter(|(at, _)| at.parse::<f64>().is_ok())
            .map(|(_, frame)| frame);
        let Some(frame) = frame else {
            // The address on top, blank lines, and what the recorder itself sent.
            let is_address = text.starts_with("wss://") || text.starts_with("ws://");
            return if text.is_empty() || is_address {
                Ok(Row::Ignored)
            } else {
                Err(problem(text))
            };
        };
        match Frame::parse(frame, &self.venue) {
            Ok(Frame::Candle(live))
                if live.closed
                    && live.series.symbol == self.symbol
                    && live.series.interval == self.interval =>
            {
                Ok(Row::Candle {
                    line: self.line,
                    candle: live.candle,
                })
            }
            Ok(_) => Ok(Row::Ignored),
            Err(error) => Err(RowProblem::Frame(error.to_string())),
        }
    }
}

fn problem(text: &str) -> RowProblem {
    RowProblem::Frame(crate::net::beginning(text.as_bytes()))
}
