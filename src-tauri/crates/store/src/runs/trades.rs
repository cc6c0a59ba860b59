//! The table `trades`.

use promptpal_domain::{RunId, Symbol, Timestamp, Trade};
use sqlx::SqliteConnection;

use crate::error::Fault;
use crate::names::{exit_reason, side, side_name, unreadable};
use crate::{Store, StoreError};

#[derive(sqlx::FromRow)]
struct TradeRow {
    symbol: Option<String>,
    side: String,
    entry_time: i64,
    exit_time: i64,
    entry_price: f64,
    exit_price: f64,
    size: f64,
    pnl: f64,
    return_pct: f64,
    reason: String,
}

impl TradeRow {
    fn into_trade(self) -> Result<Trade, StoreError> {
        let symbol = self
            .symbol
            .map(|name| name.parse().map_err(|_| unreadable("trades.symbol", name)));
        Ok(Trade {
            symbol: symbol.transpose()?,
            side: side(&self.side)?,
            entry_time: Timestamp::from_millis(self.entry_time),
            exit_time: Timestamp::from_millis(self.exit_time),
            entry_price: self.entry_price,
            exit_price: self.exit_price,
            size: self.size,
            pnl: self.pnl,
            return_pct: self.return_pct,
            reason: exit_reason(&self.reason)?,
        })
    }
}

impl Store {
    /// A run's closed trades from number `offset` on, at most `limit`.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn trades(&self, run: RunId, offset: u32, limit: u32) -> Result<Vec<Trade>, StoreError> {
        self.read("read the trades of a run", move |tx| {
            Box::pin(async move {
                let rows: Vec<TradeRow> = sqlx::query_as(
                    "SELECT symbol, side, entry_time, exit_time, entry_price, exit_price, size, pnl, return_pct,
                            reason
                     FROM trades WHERE run_id = ?1 AND position >= ?2 ORDER BY position LIMIT ?3",
                )
                .bind(run.0)
                .bind(offset)
                .bind(limit)
                .fetch_all(&mut **tx)
                .await?;
                Ok(rows.into_iter().map(TradeRow::into_trade).collect::<Result<_, _>>()?)
            })
        })
        .await
    }
}

/// Puts a run's trades in place of those it has.
pub(super) async fn replace(
    connection: &mut SqliteConnection,
    run: RunId,
    trades: &[Trade],
) -> Result<(), Fault> {
    sqlx::query("DELETE FROM trades WHERE run_id = ?1")
        .bind(run.0)
        .execute(&mut *connection)
        .await?;
    for (position, trade) in trades.iter().enumerate() {
        sqlx::query(
            "INSERT INTO trades (run_id, position, side, entry_time, exit_time, entry_price, exit_price, size, pnl,
                                 return_pct, reason, symbol)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )
        .bind(run.0)
        .bind(i64::try_from(position).unwrap_or(i64::MAX))
        .bind(side_name(trade.side))
        .bind(trade.entry_time.millis())
        .bind(trade.exit_time.millis())
        .bind(trade.entry_price)
        .bind(trade.exit_price)
        .bind(trade.size)
        .bind(trade.pnl)
        .bind(trade.return_pct)
        .bind(trade.reason.as_str())
        .bind(trade.symbol.as_ref().map(Symbol::as_str))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
