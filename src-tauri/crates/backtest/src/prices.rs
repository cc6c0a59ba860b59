//! The price columns of bars, and the grids that they lie on.

use std::sync::OnceLock;

use promptpal_domain::Bars;
use promptpal_indicators::Grid;

use crate::graph::Price;

/// A column of the bars.
pub(crate) fn column(bars: &Bars, price: Price) -> &[f64] {
    match price {
        Price::Open => &bars.open,
        Price::High => &bars.high,
        Price::Low => &bars.low,
        Price::Close => &bars.close,
        Price::Volume => &bars.volume,
    }
}

/// The columns of some bars in whole units of their decimals, each worked out on first use.
#[derive(Debug, Default)]
pub(crate) struct Grids([OnceLock<Option<Grid>>; 4]);

impl Grids {
    /// The grid of a column of the bars, if it lies on one. It must be asked for the same bars each time.
    pub(crate) fn of(&self, bars: &Bars, price: Price) -> Option<&Grid> {
        let [open, high, low, close] = &self.0;
        let slot = match price {
            Price::Open => open,
            Price::High => high,
            Price::Low => low,
            Price::Close => close,
            Price::Volume => return None,
        };
        slot.get_or_init(|| Grid::of(column(bars, price), bars.price_scale))
            .as_ref()
    }
}
