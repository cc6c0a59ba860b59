//! How fast it can be at all: loops written for one strategy each, which keep no trade, no equity and no figure.

/// Trades that were closed, and cash plus position at the end, with one unit a trade.
pub(crate) struct Found {
    pub(crate) trades: usize,
    pub(crate) final_equity: f64,
}

struct Account {
    fee: f64,
    cash: f64,
    held: bool,
    trades: usize,
}

impl Account {
    fn new(cash: f64, fee: f64) -> Self {
        Self {
            fee,
            cash,
            held: false,
            trades: 0,
        }
    }

    fn buy(&mut self, price: f64) {
        self.cash -= price * (1.0 + self.fee);
        self.held = true;
    }

    fn sell(&mut self, price: f64) {
        self.cash += price * (1.0 - self.fee);
        self.held = false;
        self.trades += 1;
    }

    fn found(&self, close: f64) -> Found {
        Found {
            trades: self.trades,
            final_equity: self.cash + if self.held { close } else { 0.0 },
        }
    }
}

/// The cross of two simple averages; `cents` are the closes as whole numbers, so that a tie is a tie.
#[inline(never)]
pub(crate) fn sma_cross(open: &[f64], cents: &[i64], fast: usize, slow: usize, account: (f64, f64)) -> Found {
    let len = cents.len();
    let mut account = Account::new(account.0, account.1);
    let mut sums: (i64, i64) = (cents[slow - fast..slow].iter().sum(), cents[..slow].iter().sum());
    // Fast mean against slow mean, both times both lengths.
    let side = |sums: (i64, i64)| (sums.0 * slow as i64 - sums.1 * fast as i64).signum();
    let mut before = side(sums);
    for bar in slow..len {
        sums.0 += cents[bar] - cents[bar - fast];
        sums.1 += cents[bar] - cents[bar - slow];
        let now = side(sums);
        if now != before && bar + 1 < len {
            if !account.held && before <= 0 && now > 0 {
                account.buy(open[bar + 1]);
            } else if account.held && before >= 0 && now < 0 {
                account.sell(open[bar + 1]);
            }
        }
        before = now;
    }
    account.found(cents[len - 1] as f64 / 100.0)
}

/// Wilder's RSI falling below `low` and rising above `high`, with stop and target as parts of the entry's price.
#[inline(never)]
pub(crate) fn rsi_stops(
    [open, high, low, close]: [&[f64]; 4],
    length: usize,
    [below, above]: [f64; 2],
    [stop, target]: [f64; 2],
    account: (f64, f64),
) -> Found {
    let mut account = Account::new(account.0, account.1);
    let part = 1.0 / length as f64;
    let change = |bar: usize| close[bar] - close[bar - 1];
    let mut gain = (1..=length).map(|bar| change(bar).max(0.0)).sum::<f64>() * part;
    let mut loss = (1..=length).map(|bar| (-change(bar)).max(0.0)).sum::<f64>() * part;
    let mut before = 100.0 * gain / (gain + loss);
    let (mut entry, mut buying, mut selling) = (0.0, false, false);
    for bar in length + 1..close.len() {
        if buying {
            account.buy(open[bar]);
            entry = open[bar];
        } else if selling && account.held {
            account.sell(open[bar]);
        }
        // The entry's own bar is not watched.
        if account.held && !buying {
            let (floor, ceiling) = (entry * (1.0 - stop), entry * (1.0 + target));
            if low[bar] <= floor {
                account.sell(floor.min(open[bar]));
            } else if high[bar] >= ceiling {
                account.sell(ceiling.max(open[bar]));
            }
        }
        gain += (change(bar).max(0.0) - gain) * part;
        loss += ((-change(bar)).max(0.0) - loss) * part;
        let now = 100.0 * gain / (gain + loss);
        buying = !account.held && before >= below && now < below;
        selling = account.held && before <= above && now > above;
        before = now;
    }
    account.found(close[close.len() - 1])
}
