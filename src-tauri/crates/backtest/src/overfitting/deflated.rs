//! The deflated Sharpe ratio.
//!
//! D. H. Bailey, M. Lopez de Prado: "The Deflated Sharpe Ratio: Correcting for Selection Bias, Backtest Overfitting and
//! Non-Normality", Journal of Portfolio Management 40(5), 2014.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

use super::Absence;

/// The Euler-Mascheroni constant.
const EULER_MASCHERONI: f64 = 0.577_215_664_901_532_9;

/// The Sharpe ratio of a search's best run, and what its returns look like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SharpeOfBest {
    /// Mean over standard deviation (ddof 1) of the bar returns, not annualised.
    pub sharpe: f64,
    /// Bar returns that it was measured on.
    pub bars: usize,
    /// Third standardised moment of the returns.
    pub skewness: f64,
    /// Fourth standardised moment of the returns: 3 for a normal distribution.
    pub kurtosis: f64,
}

/// The probability that the best run of a search has a true Sharpe ratio above what the best of as many runs without any skill
/// would have shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeflatedSharpe {
    /// The deflated Sharpe ratio: a probability, from 0 to 1.
    pub value: f64,
    /// Sharpe ratio of the best run's bar returns, not annualised.
    pub sharpe: f64,
    /// What the best of as many trials without skill is expected to have: the threshold.
    pub expected_maximum: f64,
    /// Variance (ddof 1) of the trials' Sharpe ratios, not annualised.
    pub sharpe_variance: f64,
    /// Skewness of the best run's bar returns.
    pub skewness: f64,
    /// Kurtosis of the best run's bar returns: 3 for a normal distribution.
    pub kurtosis: f64,
}

/// The Sharpe ratio that the best of `trials` without any skill is expected to have:
/// `sqrt(variance) * ((1 - g) * Z(1 - 1/N) + g * Z(1 - 1/(N e)))`, with `g` the Euler-Mascheroni constant and `Z` the quantile of the
/// standard normal distribution (equation 1 of the paper, with the mean of the trials at zero). It takes the trials as independent;
/// those of neighbouring parameters are not, so the threshold is rather too high than too low. `NaN` for fewer than two.
#[must_use]
pub fn expected_maximum_sharpe(trials: usize, variance: f64) -> f64 {
    if trials < 2 {
        return f64::NAN;
    }
    let normal = Normal::standard();
    let n = trials as f64;
    let quantile = |above: f64| normal.inverse_cdf(1.0 - above);
    variance.sqrt()
        * ((1.0 - EULER_MASCHERONI) * quantile(1.0 / n)
            + EULER_MASCHERONI * quantile(1.0 / (n * std::f64::consts::E)))
}

/// `P((SR - SR0) * sqrt(T - 1) / sqrt(1 - skewness * SR + (kurtosis - 1) / 4 * SR^2))`, with `SR0` of
/// [`expected_maximum_sharpe`] and `P` the standard normal distribution (equation 2 of the paper).
///
/// # Errors
/// [`Absence`] for fewer than two trials, trials that are all equal, and returns whose shape the formula does not take.
pub fn deflated_sharpe(best: SharpeOfBest, sharpes: &[f64]) -> Result<DeflatedSharpe, Absence> {
    let SharpeOfBest {
        sharpe,
        bars,
        skewness,
        kurtosis,
    } = best;
    match sharpes {
        [] => return Err(Absence::NoTrials),
        [_] => return Err(Absence::OneTrial),
        [first, rest @ ..] if rest.iter().all(|sharpe| sharpe == first) => {
            return Err(Absence::EqualTrials);
        }
        _ => {}
    }
    if bars < 2 {
        return Err(Absence::FewBars);
    }
    let n = sharpes.len() as f64;
    let mean = sharpes.iter().sum::<f64>() / n;
    let squares: f64 = sharpes
        .iter()
        .map(|sharpe| (sharpe - mean) * (sharpe - mean))
        .sum();
    let sharpe_variance = squares / (n - 1.0);
    let expected_maximum = expected_maximum_sharpe(sharpes.len(), sharpe_variance);
    let spread = (1.0 - skewness * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe).sqrt();
    let score = (sharpe - expected_maximum) * (bars as f64 - 1.0).sqrt() / spread;
    if !score.is_finite() {
        return Err(Absence::Undefined);
    }
    Ok(DeflatedSharpe {
        value: Normal::standard().cdf(score),
        sharpe,
        expected_maximum,
        sharpe_variance,
        skewness,
        kurtosis,
    })
}
