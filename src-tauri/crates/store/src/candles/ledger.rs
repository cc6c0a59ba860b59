//! The ledger: how the openings of a series stand, read from a row for each stretch.

use promptpal_domain::{Interval, LedgerSpan, LedgerState, SeriesId, Span};
use sqlx::SqliteConnection;

use super::SeriesRow;
use super::absences::{self, Asked};
use super::put::on_grid;
use super::stretches::{CALENDAR, Stretch, Table, ceil, clip, openings, span_of, stretch_of};
use crate::error::Fault;
use crate::{Store, StoreError};

/// Rows of each table that are read at once.
const CHUNK: usize = 10_000;

/// More cells than this a strip does not have.
const MAX_CELLS: u16 = 4096;

/// A cell of a bar that shows how much of a series there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StripCell {
    /// The time of the cell.
    pub span: Span,
    /// Openings of the grid in it whose candles are stored.
    pub present: u64,
    /// Openings that a source has no candle at.
    pub absent: u64,
    /// Openings that are still to be asked for.
    pub pending: u64,
}

/// How neighbouring openings stand.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Present,
    Absent(Asked),
    Pending,
}

/// Neighbouring openings that stand alike, or a part of them.
struct Piece {
    stretch: Stretch,
    state: State,
}

impl Store {
    /// How the openings in `span` stand, ascending, each stretch as long as it can be: the first `limit` of them, at
    /// most 10,000. Parts that different sources have no candle for are stretches of their own.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn ledger(&self, id: SeriesId, span: Span, limit: u32) -> Result<Vec<LedgerSpan>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(CHUNK).min(CHUNK);
        self.read("read the ledger", move |tx| {
            Box::pin(async move {
                let interval = SeriesRow::load(tx, id).await?.key()?.interval;
                let mut rest = clip(stretch_of(span), CALENDAR);
                let mut whole: Vec<Piece> = Vec::new();
                while rest.0 < rest.1 && whole.len() <= limit {
                    let (pieces, known) = pieces(tx, id, interval, rest).await?;
                    pieces.into_iter().for_each(|piece| join(&mut whole, piece));
                    rest.0 = known;
                }
                whole.truncate(limit);
                let spans = whole.into_iter().map(|piece| LedgerSpan {
                    span: span_of(piece.stretch),
                    openings: openings(interval, piece.stretch),
                    state: match piece.state {
                        State::Present => LedgerState::Present,
                        State::Absent(asked) => LedgerState::ExchangeAbsent(asked.evidence()),
                        State::Pending => LedgerState::Pending,
                    },
                });
                Ok(spans.collect())
            })
        })
        .await
    }

    /// `span` as `cells` cells of equal length, at most 4,096, with how the openings in each stand. Where `span` is too
    /// short for so many, there are fewer.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn coverage_strip(
        &self,
        id: SeriesId,
        span: Span,
        cells: u16,
    ) -> Result<Vec<StripCell>, StoreError> {
        self.read("read the ledger", move |tx| {
            Box::pin(async move {
                let interval = SeriesRow::load(tx, id).await?.key()?.interval;
                let mut rest = clip(stretch_of(span), CALENDAR);
                let mut strip = Strip::over(rest, cells.clamp(1, MAX_CELLS));
                while rest.0 < rest.1 {
                    let (pieces, known) = pieces(tx, id, interval, rest).await?;
                    pieces.iter().for_each(|piece| strip.add(interval, piece));
                    rest.0 = known;
                }
                Ok(strip.cells)
            })
        })
        .await
    }
}

/// The pieces from the start of `rest` on, without gaps, and up to where they reach.
async fn pieces(
    connection: &mut SqliteConnection,
    id: SeriesId,
    interval: Interval,
    rest: Stretch,
) -> Result<(Vec<Piece>, i64), Fault> {
    let present = Table::Presence.within(connection, id, rest, CHUNK).await?;
    let absent = absences::within(connection, id, rest, CHUNK).await?;
    let mut known = rest.1;
    if let Some(last) = present.last().filter(|_| present.len() >= CHUNK) {
        known = known.min(last.1);
    }
    if let Some(last) = absent.last().filter(|_| absent.len() >= CHUNK) {
        known = known.min(last.stretch.1);
    }
    let present = on_grid(interval, &present).into_iter().map(|stretch| Piece {
        stretch,
        state: State::Present,
    });
    let absent = absent.into_iter().map(|row| Piece {
        stretch: row.stretch,
        state: State::Absent(row.asked),
    });
    let mut heard: Vec<Piece> = present.chain(absent).collect();
    heard.sort_by_key(|piece| piece.stretch.0);
    let mut whole = Vec::with_capacity(heard.len() * 2 + 1);
    let mut at = ceil(interval, rest.0);
    let mut push = |stretch: Stretch, state: State| {
        if stretch.0 < stretch.1 && openings(interval, stretch) > 0 {
            whole.push(Piece { stretch, state });
        }
    };
    for piece in heard {
        let (from, to) = clip(piece.stretch, (at, known));
        if from < to {
            push((at, from), State::Pending);
            push((from, to), piece.state);
            at = to;
        }
    }
    push((at, known), State::Pending);
    Ok((whole, known))
}

/// Appends a piece, as one with the last where they stand alike on the word of the same source.
fn join(whole: &mut Vec<Piece>, piece: Piece) {
    if let Some(last) = whole.last_mut() {
        let alike = match (&mut last.state, &piece.state) {
            (State::Present, State::Present) | (State::Pending, State::Pending) => true,
            (State::Absent(a), State::Absent(b)) if a.origin.id == b.origin.id => {
                *a = a.and_beside(b);
                true
            }
            _ => false,
        };
        if alike {
            last.stretch.1 = piece.stretch.1;
            return;
        }
    }
    whole.push(piece);
}

struct Strip {
    from: i64,
    width: i64,
    cells: Vec<StripCell>,
}

impl Strip {
    fn over((from, to): Stretch, cells: u16) -> Self {
        let length = to.saturating_sub(from).max(0);
        let width = (length / i64::from(cells) + i64::from(length % i64::from(cells) > 0)).max(1);
        let count = length / width + i64::from(length % width > 0);
        let cell = |number: i64| StripCell {
            span: span_of((from + number * width, (from + (number + 1) * width).min(to))),
            present: 0,
            absent: 0,
            pending: 0,
        };
        Self {
            from,
            width,
            cells: (0..count).map(cell).collect(),
        }
    }

    fn add(&mut self, interval: Interval, piece: &Piece) {
        let first = usize::try_from((piece.stretch.0 - self.from) / self.width).unwrap_or(0);
        for cell in self.cells.iter_mut().skip(first) {
            let part = clip(piece.stretch, stretch_of(cell.span));
            if part.0 >= part.1 {
                break;
            }
            let count = openings(interval, part);
            match piece.state {
                State::Present => cell.present += count,
                State::Absent(_) => cell.absent += count,
                State::Pending => cell.pending += count,
            }
        }
    }
}
