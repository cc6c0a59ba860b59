//! How a backtest is traded, from the form and back from a report.

use promptpal_app::causes::{Config, Fills, Sides};
use promptpal_app::{Direction, Terms};

use super::backtest::values;
use crate::{FillsDto, ParamValue, SideDto, TermsDto};

impl From<TermsDto> for Terms {
    fn from(terms: TermsDto) -> Self {
        Self {
            params: terms
                .params
                .into_iter()
                .map(|param| (param.name, param.value))
                .collect(),
            fee: terms.fee,
            maker_fee: terms.maker_fee,
            slippage_bps: terms.slippage_bps,
            spread_bps: terms.spread_bps,
            impact_bps: terms.impact_bps,
            cash: terms.cash,
            size: terms.size,
            side: terms.side.map(Into::into),
            leverage: terms.leverage,
            maintenance: terms.maintenance,
            tick: terms.tick,
            lot: terms.lot,
            min_notional: terms.min_notional,
            days_per_year: terms.days_per_year,
            fills: terms.fills.map(Into::into),
            funding: terms.funding.map(Into::into),
            minutes: None,
        }
    }
}

impl From<Terms> for TermsDto {
    fn from(terms: Terms) -> Self {
        Self {
            params: values(terms.params),
            fee: terms.fee,
            maker_fee: terms.maker_fee,
            slippage_bps: terms.slippage_bps,
            spread_bps: terms.spread_bps,
            impact_bps: terms.impact_bps,
            cash: terms.cash,
            size: terms.size,
            side: terms.side.map(Into::into),
            leverage: terms.leverage,
            maintenance: terms.maintenance,
            tick: terms.tick,
            lot: terms.lot,
            min_notional: terms.min_notional,
            days_per_year: terms.days_per_year,
            fills: terms.fills.map(Into::into),
            funding: terms.funding.map(|path| path.to_string_lossy().into_owned()),
        }
    }
}

impl From<Direction> for SideDto {
    fn from(side: Direction) -> Self {
        match side {
            Direction::Long => Self::Long,
            Direction::Short => Self::Short,
            Direction::Both => Self::Both,
        }
    }
}

impl From<Fills> for FillsDto {
    fn from(fills: Fills) -> Self {
        match fills {
            Fills::R1 => Self::R1,
            Fills::Minute => Self::Minute,
        }
    }
}

impl TermsDto {
    /// The terms that a run was made by: asked for again, they give the same account.
    pub(super) fn of_run(params: Vec<ParamValue>, config: &Config) -> Self {
        Self {
            params,
            fee: config.fee,
            maker_fee: config.maker_fee,
            slippage_bps: config.slippage_bps,
            spread_bps: config.spread_bps,
            impact_bps: config.impact_bps,
            cash: config.cash,
            size: config.size.to_string(),
            side: Some(match config.side {
                Sides::Long => SideDto::Long,
                Sides::Short => SideDto::Short,
                Sides::Both => SideDto::Both,
            }),
            leverage: config.margin.map(|margin| margin.leverage),
            maintenance: config.margin.map(|margin| margin.maintenance),
            tick: config.filters.tick,
            lot: config.filters.lot,
            min_notional: config.filters.min_notional,
            days_per_year: config.days_per_year,
            fills: Some(config.fills.into()),
            funding: None,
        }
    }
}

impl From<SideDto> for Direction {
    fn from(side: SideDto) -> Self {
        match side {
            SideDto::Long => Self::Long,
            SideDto::Short => Self::Short,
            SideDto::Both => Self::Both,
        }
    }
}

impl From<FillsDto> for Fills {
    fn from(fills: FillsDto) -> Self {
        match fills {
            FillsDto::R1 => Self::R1,
            FillsDto::Minute => Self::Minute,
        }
    }
}

#[cfg(test)]
mod tests {
    use promptpal_app::causes::Config;

    use super::*;

    #[test]
    fn what_a_run_was_made_by_can_be_asked_for_again() {
        let config = Config {
            cash: 2_500.0,
            fee: 0.0004,
            maker_fee: Some(-0.0001),
            slippage_bps: 1.5,
            spread_bps: 2.0,
            impact_bps: 0.5,
            size: "risk:1.5".parse().unwrap(),
            side: Sides::Both,
            fills: Fills::Minute,
            days_per_year: 252.0,
            ..Config::default()
        };
        let dto = TermsDto::of_run(vec![], &config);
        let terms = Terms::from(dto.clone());
        assert_eq!(terms.size, "risk:1.5");
        assert_eq!(terms.side, Some(Direction::Both));
        assert_eq!(terms.fills, Some(Fills::Minute));
        assert_eq!((terms.leverage, terms.maintenance), (None, None));
        let numbers = (terms.cash, terms.fee, terms.maker_fee, terms.slippage_bps);
        assert_eq!(numbers, (2_500.0, 0.0004, Some(-0.0001), 1.5));
        let rest = (terms.spread_bps, terms.impact_bps, terms.days_per_year);
        assert_eq!(rest, (2.0, 0.5, 252.0));
        // What was asked for comes back as it was.
        assert_eq!(TermsDto::from(terms), dto);
        let plain = Terms::from(TermsDto::of_run(vec![], &Config::default()));
        let usual = Terms {
            side: Some(Direction::Long),
            fills: Some(Fills::R1),
            ..Terms::default()
        };
        assert_eq!(plain, usual);
    }
}
