//! The price columns of bars, and the grids that they lie on.

use promptpal_domain::Bars;
use promptpal_indicators::LazyGrid;

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
#[derive(Debug)]
pub(crate) struct Grids([LazyGrid; 4]);

impl Grids {
    /// Those of bars whose prices have so many decimals.
    pub(crate) fn of(price_scale: u8) -> Self {
        let grid = || LazyGrid::new(price_scale);
        Self([grid(), grid(), grid(), grid()])
    }

    /// The grid of a column; volumes have none.
    pub(crate) const fn get(&self, price: Price) -> Option<&LazyGrid> {
        let [open, high, low, close] = &self.0;
        match price {
            Price::Open => Some(open),
            Price::High => Some(high),
            Price::Low => Some(low),
            Price::Close => Some(close),
            Price::Volume => None,
        }
    }
}
