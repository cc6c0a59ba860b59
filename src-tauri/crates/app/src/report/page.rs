//! A report as one HTML file: no script, nothing loaded from elsewhere, light and dark as the reader's system has it.

use jiff::Timestamp as Instant;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use promptpal_backtest::{FIGURES, Figure, Report, Unit, rolling_sharpe, trade_spread};
use serde_json::Value;

use super::RunFile;
use super::drawing::{Curve, Numbers, classes, curves};
use crate::runs::{drawdown, kept_points};

/// Points of a curve: more than a page is wide.
const POINTS: usize = 2_000;
/// Trades listed; the CSV has them all.
const TRADES: usize = 5_000;
const STYLE: &str = include_str!("page.css");
/// The figures at the top, with what stands below each.
const KEY_FIGURES: &[&str] = &[
    "total_return",
    "bar_annual_return",
    "max_drawdown",
    "bar_sharpe_ddof1",
    "bar_sortino",
    "win_rate",
    "profit_factor",
];

pub(super) fn page(run: &RunFile<'_>) -> String {
    let report = run.report;
    let title = format!("{} on {}", report.strategy, run.series);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content=(concat!("Promptpal ", env!("CARGO_PKG_VERSION")));
                title { (title) " \u{b7} Promptpal" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    header {
                        h1 { (title) }
                        p.faint { (facts(run)) }
                        @if !report.params.is_empty() { p.faint { (params(report)) } }
                    }
                    @for warning in &report.warnings { p.warning { (warning) } }
                    (key_figures(report))
                    (equity(run))
                    (rolling(run))
                    (months(report))
                    (spread(report))
                    (figures(report))
                    (account(report))
                    (trades(report))
                    footer.faint {
                        p { "Same inputs, same hash: " code { (report.hash) } }
                        p { "Times are UTC. Returns of the past promise nothing." }
                    }
                }
            }
        }
    }
    .into_string()
}

fn facts(run: &RunFile<'_>) -> String {
    let report = run.report;
    let fills = match report.fills.as_str() {
        "minute" => "fills resolved on minutes",
        _ => "fills at the next open (R1)",
    };
    format!(
        "{} to {} \u{b7} {} bars of {} \u{b7} {} gaps, not filled in \u{b7} {fills} \u{b7} engine {}",
        day(report.first_bar),
        day(report.last_bar),
        grouped(report.bars as f64, 0),
        report.interval,
        report.gaps,
        report.engine
    )
}

fn params(report: &Report) -> String {
    let each = report
        .params
        .iter()
        .map(|(name, value)| format!("{name} {value}"));
    each.collect::<Vec<_>>().join(" \u{b7} ")
}

fn key_figures(report: &Report) -> Markup {
    let values = serde_json::to_value(&report.metrics).unwrap_or_default();
    let benchmark = serde_json::to_value(&report.benchmark).unwrap_or_default();
    html! {
        section.keys {
            @for figure in KEY_FIGURES.iter().filter_map(|id| FIGURES.iter().find(|figure| figure.id == *id)) {
                div title=(figure.about) {
                    span.faint { (figure.title) }
                    strong class=(tone(figure, number(&values, figure))) { (shown(figure, number(&values, figure))) }
                    @if let Some(held) = number(&benchmark, figure) {
                        span.faint { "buy and hold " (shown(figure, Some(held))) }
                    }
                }
            }
        }
    }
}

fn equity(run: &RunFile<'_>) -> Markup {
    let curve = run.curve;
    let fall = drawdown(run.report.config.cash, &curve.equity);
    let kept = kept_points(&curve.equity, POINTS);
    let pick =
        |column: &[f64]| -> Vec<f64> { kept.iter().filter_map(|at| column.get(*at).copied()).collect() };
    let times: Vec<i64> = kept
        .iter()
        .filter_map(|at| curve.time.get(*at).copied())
        .collect();
    let (equity, held, fall) = (pick(&curve.equity), pick(&curve.benchmark), pick(&fall));
    let line = |values, class, filled| Curve {
        times: &times,
        values,
        class,
        filled,
    };
    html! {
        section {
            h2 { "Equity" span.key.accent { "strategy" } span.key.held { "buy and hold" } }
            (curves(&[line(&held, "held", false), line(&equity, "accent", false)], 320.0, Numbers::Amount, "Equity"))
            h2 { "Drawdown" }
            (curves(&[line(&fall, "loss", true)], 130.0, Numbers::Percent, "Fall from the highest equity so far"))
        }
    }
}

fn rolling(run: &RunFile<'_>) -> Markup {
    let rolling = rolling_sharpe(
        &run.curve.time,
        &run.curve.equity,
        run.report.config.days_per_year,
    );
    if rolling.points.is_empty() {
        return html! {};
    }
    let (times, values): (Vec<i64>, Vec<f64>) = rolling.points.iter().copied().unzip();
    let kept = kept_points(&values, POINTS);
    let times: Vec<i64> = kept.iter().filter_map(|at| times.get(*at).copied()).collect();
    let values: Vec<f64> = kept.iter().filter_map(|at| values.get(*at).copied()).collect();
    let curve = Curve {
        times: &times,
        values: &values,
        class: "accent",
        filled: true,
    };
    html! {
        section {
            h2 { "Rolling Sharpe" span.faint { "of the last " (rolling.window) " daily returns" } }
            (curves(&[curve], 150.0, Numbers::Plain, "Sharpe ratio of a trailing window"))
        }
    }
}

fn months(report: &Report) -> Markup {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut years: Vec<i64> = report.monthly.iter().map(|month| month.year).collect();
    years.dedup();
    let of = |year: i64, month: u32| {
        let mut all = report.monthly.iter();
        all.find(|entry| (entry.year, entry.month) == (year, month))
            .map(|entry| entry.value)
    };
    let total = |year: i64| {
        let all = report.monthly.iter().filter(|entry| entry.year == year);
        all.fold(1.0, |level, entry| level * (1.0 + entry.value)) - 1.0
    };
    html! {
        section {
            h2 { "Monthly return, %" }
            table.months {
                thead { tr { th {} @for name in NAMES { th { (name) } } th { "Year" } } }
                tbody {
                    @for year in years {
                        tr {
                            th { (year) }
                            @for month in 1..=12 {
                                @match of(year, month) {
                                    Some(value) => td style=(shade(value)) { (format!("{:.1}", value * 100.0)) },
                                    None => td {},
                                }
                            }
                            td { (format!("{:.1}", total(year) * 100.0)) }
                        }
                    }
                }
            }
        }
    }
}

/// The colour of a month: the stronger, the further from zero; full at 20 %.
fn shade(value: f64) -> String {
    let name = if value < 0.0 { "loss" } else { "gain" };
    let share = (value.abs() / 0.2).min(1.0) * 55.0;
    format!("background:color-mix(in srgb,var(--{name}) {share:.0}%,transparent)")
}

fn spread(report: &Report) -> Markup {
    let spread = trade_spread(report.trades.iter().map(|trade| trade.return_pct));
    let Some(quantiles) = spread.quantiles else {
        return html! {};
    };
    let names = ["worst", "5 %", "25 %", "median", "75 %", "95 %", "best"];
    html! {
        section {
            h2 { "Returns of the trades" span.faint { "the outer bars also hold what lies beyond" } }
            (classes(spread.from, spread.width, &spread.counts, 150.0, "Trades by their return"))
            p.faint {
                @for (name, value) in names.iter().zip(quantiles) {
                    span.pair { (name) " " b { (percent(value)) } }
                }
            }
        }
    }
}

fn figures(report: &Report) -> Markup {
    let values = serde_json::to_value(&report.metrics).unwrap_or_default();
    let benchmark = serde_json::to_value(&report.benchmark).unwrap_or_default();
    html! {
        section {
            h2 { "All figures" }
            table.figures {
                thead { tr { th { "Figure" } th.number { "Strategy" } th.number { "Buy and hold" } th { "How it is worked out" } } }
                tbody {
                    @for figure in FIGURES {
                        tr {
                            th { (figure.title) }
                            td.number { (shown(figure, number(&values, figure))) }
                            td.number { @if let Some(held) = number(&benchmark, figure) { (shown(figure, Some(held))) } }
                            td.faint { (figure.about) }
                        }
                    }
                }
            }
        }
    }
}

fn account(report: &Report) -> Markup {
    let config = serde_json::to_value(&report.config).unwrap_or_default();
    let settings: Vec<(String, String)> = config
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.replace('_', " "), value.to_string().replace('"', "")))
        .collect();
    html! {
        section {
            h2 { "Account and costs" }
            dl { @for (name, value) in settings { div { dt.faint { (name) } dd { (value) } } } }
        }
    }
}

fn trades(report: &Report) -> Markup {
    let all = report.trades.len();
    let several = !report.symbols.is_empty();
    html! {
        section {
            h2 { "Trades" span.faint {
                (grouped(all as f64, 0)) " closed"
                @if all > TRADES { ", the last " (grouped(TRADES as f64, 0)) " shown" }
                @for open in report.open_position.iter().chain(&report.open_positions) {
                    ", " (open.symbol.as_deref().unwrap_or("one")) " open since " (moment(open.entry_time)) " at " (grouped(open.entry_price, 2)) " ("
                    (grouped(open.unrealized_pnl, 2)) ")"
                }
            } }
            table.trades {
                thead { tr {
                    @if several { th { "Symbol" } }
                    th { "Entry" } th { "Exit" } th { "Side" } th.number { "Units" } th.number { "Entry price" }
                    th.number { "Exit price" } th.number { "P&L" } th.number { "Return" } th { "Reason" }
                } }
                tbody {
                    @for trade in report.trades.iter().skip(all.saturating_sub(TRADES)).rev() {
                        @let tone = if trade.pnl < 0.0 { "number loss" } else { "number gain" };
                        tr {
                            @if several { td { (trade.symbol.as_deref().unwrap_or_default()) } }
                            td { (moment(trade.entry_time)) }
                            td { (moment(trade.exit_time)) }
                            td { @if trade.size < 0.0 { "Short" } @else { "Long" } }
                            td.number { (significant(trade.size.abs())) }
                            td.number { (grouped(trade.entry_price, decimals(trade.entry_price))) }
                            td.number { (grouped(trade.exit_price, decimals(trade.exit_price))) }
                            td class=(tone) { (grouped(trade.pnl, 2)) }
                            td class=(tone) { (percent(trade.return_pct)) }
                            td.faint { (trade.reason.as_str()) }
                        }
                    }
                }
            }
        }
    }
}

/// A figure's value, where there is one.
fn number(values: &Value, figure: &Figure) -> Option<f64> {
    values.get(figure.id).and_then(Value::as_f64)
}

fn tone(figure: &Figure, value: Option<f64>) -> &'static str {
    match value {
        Some(value) if figure.id == "total_return" && value < 0.0 => "loss",
        Some(_) if figure.id == "total_return" => "gain",
        _ => "",
    }
}

fn shown(figure: &Figure, value: Option<f64>) -> String {
    let Some(value) = value else {
        return "\u{2013}".to_owned();
    };
    match figure.unit {
        Unit::Part => percent(value),
        Unit::Quote => grouped(value, 2),
        Unit::Ratio => format!("{value:.2}").replace('-', "\u{2212}"),
        Unit::Count => grouped(value, if value.fract() == 0.0 { 0 } else { 1 }),
        Unit::Milliseconds => format!("{:.1} d", value / 86_400_000.0),
    }
}

fn percent(value: f64) -> String {
    format!("{:.2}%", value * 100.0).replace('-', "\u{2212}")
}

/// With commas between thousands.
fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, part) = text
        .split_once('.')
        .map_or((text.as_str(), None), |(whole, part)| (whole, Some(part)));
    let mut out = String::with_capacity(text.len() + 8);
    if value < 0.0 {
        out.push('\u{2212}');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(part) = part {
        out.push('.');
        out.push_str(part);
    }
    out
}

/// Decimals that show a price to at least five digits.
fn decimals(price: f64) -> usize {
    let digits = price.abs().max(1e-9).log10().floor() as i64;
    usize::try_from(4 - digits).unwrap_or(0).clamp(2, 10)
}

fn significant(value: f64) -> String {
    grouped(value, decimals(value).min(8))
}

fn moment(at: i64) -> String {
    Instant::from_millisecond(at)
        .map_or_else(|_| at.to_string(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}

fn day(at: i64) -> String {
    Instant::from_millisecond(at).map_or_else(|_| at.to_string(), |at| at.strftime("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(grouped(1_234_567.891, 2), "1,234,567.89");
        assert_eq!(grouped(-999.0, 0), "\u{2212}999");
        assert_eq!(percent(-0.01234), "\u{2212}1.23%");
        assert_eq!(
            (decimals(65_000.0), decimals(1.5), decimals(0.000_012)),
            (2, 4, 9)
        );
        assert_eq!(moment(1_709_251_200_000), "2024-03-01 00:00");
    }
}
