//! Runs over several symbols on one account.

use std::time::Instant;

use promptpal_backtest::Script;
use promptpal_domain::{Series, SeriesId, Symbol};

use super::RunOutcome;
use super::compute::{LegMaterial, compute_rotation};
use crate::phase::{Step, Unit};
use crate::progress::Progress;
use crate::requests::BacktestRequest;
use crate::{App, AppError};

impl App {
    /// Reads each series as far as it goes and runs the script over all of them.
    pub(super) async fn rotate(
        &self,
        request: &BacktestRequest,
        script: Script,
        first: Series,
        progress: &Progress,
    ) -> Result<RunOutcome, AppError> {
        let mut all = vec![first];
        for id in &request.others {
            all.push(self.store().series(SeriesId(*id)).await?);
        }
        let key = all.first().map(|series| series.key.clone());
        let key = key.ok_or_else(|| AppError::Internal("a rotation without a series".to_owned()))?;
        if let Some(other) = all.iter().find(|series| series.key.venue != key.venue) {
            return Err(AppError::invalid(
                format!("{key} and {} are of different venues", other.key),
                "One account is at one venue: choose symbols of the same.",
            ));
        }
        let began = Instant::now();
        let mut legs = Vec::with_capacity(all.len());
        for series in &all {
            progress.check()?;
            progress.phase(Step::ReadingSeries.of([&series.key]), Unit::Bars, None);
            let span = Self::limited(series, request.from, request.to)?;
            legs.push(LegMaterial {
                name: series.key.symbol.to_string(),
                bars: self.store().bars(series.id, span).await?,
                points: self.points_of(&series.key, span).await?,
            });
        }
        let load_s = began.elapsed().as_secs_f64();
        let bars = legs.iter().map(|leg| leg.bars.len() as u64).sum();
        let symbols: Vec<&str> = legs.iter().map(|leg| leg.name.as_str()).collect();
        let symbols = symbols.join(", ");
        progress.phase(
            Step::Testing.of([request.strategy.clone(), symbols]),
            Unit::Bars,
            Some(bars),
        );
        let (strategy, terms) = (request.strategy.clone(), request.terms.clone());
        let cancel = progress.cancel_token().clone();
        let mut finished = tokio::task::spawn_blocking(move || {
            compute_rotation(&script, strategy, &legs, &terms, &|| cancel.is_cancelled())
        })
        .await??;
        finished.timing.load_s += load_s;
        // The basket has fewer bars than its symbols together, of which this is said to be a part.
        progress.reached(bars);
        let others: Vec<Symbol> = all.into_iter().skip(1).map(|series| series.key.symbol).collect();
        self.keep(finished, key, others).await
    }
}
