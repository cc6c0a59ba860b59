//! Gaps: the holes between stretches of stored candles, with the reason of each.

use promptpal_domain::{Gap, GapReason, Interval, SeriesId, Span};

use super::SeriesRow;
use super::absences::{self, Absence, Asked};
use super::coverage::MAX_SPANS;
use super::stretches::{Stretch, Table, clip, hull_of, openings, span_of, stretch_of};
use crate::{Store, StoreError};

impl Store {
    /// The first `limit` holes between the stored candles, at most 10,000, ascending.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn gaps(&self, id: SeriesId, limit: u32) -> Result<Vec<Gap>, StoreError> {
        self.read("find the gaps", move |tx| {
            Box::pin(async move {
                let interval = SeriesRow::load(tx, id).await?.key()?.interval;
                let limit = usize::try_from(limit).unwrap_or(MAX_SPANS).min(MAX_SPANS);
                let all = stretch_of(Span::ALL);
                let present = Table::Presence.within(tx, id, all, limit + 1).await?;
                let holes: Vec<Stretch> = present
                    .iter()
                    .zip(present.iter().skip(1))
                    .map(|(before, behind)| (before.1, behind.0))
                    .take(limit)
                    .collect();
                let Some(bounds) = hull_of(&holes) else {
                    return Ok(Vec::new());
                };
                let absences = absences::within(tx, id, bounds, usize::MAX).await?;
                Ok(explained(interval, &holes, &absences))
            })
        })
        .await
    }
}

/// The holes with their reasons; both lists are ascending.
fn explained(interval: Interval, holes: &[Stretch], absences: &[Absence]) -> Vec<Gap> {
    let mut rest = absences;
    let mut gaps = Vec::with_capacity(holes.len());
    for hole in holes {
        let skipped = rest.iter().take_while(|row| row.stretch.1 <= hole.0).count();
        rest = rest.get(skipped..).unwrap_or(&[]);
        let (mut known, mut asked): (u64, Option<Asked>) = (0, None);
        for row in rest.iter().take_while(|row| row.stretch.0 < hole.1) {
            known += openings(interval, clip(row.stretch, *hole));
            asked = Some(match asked {
                None => row.asked.clone(),
                Some(asked) => asked.and_beside(&row.asked),
            });
        }
        let missing = openings(interval, *hole);
        gaps.push(Gap {
            span: span_of(*hole),
            missing,
            reason: match asked {
                Some(asked) if known >= missing => GapReason::ExchangeAbsent(asked.evidence()),
                _ => GapReason::Pending,
            },
        });
    }
    gaps
}
