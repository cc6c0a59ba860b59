//! The functions of the language beside operators and indicators.

use std::any::TypeId;

use promptpal_domain::Interval;
use rhai::{Dynamic, Engine, ImmutableString, Map, NativeCallContext};

use super::engine::PRICES;
use super::operators::on_series;
use super::params::ParamSpec;
use super::values::{Fault, Kind, LongerBars, Recording, Series, Source, describe, fault, with_recording};
use crate::graph::{Arithmetic, Comparison, Function, Node};

/// Longest look back, in bars.
const MAX_AGO: i64 = 100_000;
/// Longest news window: a year.
const MAX_WINDOW_MS: i64 = 366 * 86_400_000;

type Context<'a> = NativeCallContext<'a>;

pub(super) fn register(engine: &mut Engine) {
    description(engine);
    conditions(engine);
    series(engine);
    clock(engine);
    news(engine);
    longer(engine);
}

fn description(engine: &mut Engine) {
    engine.register_fn(
        "strategy",
        |context: Context<'_>, name: ImmutableString, about: ImmutableString| {
            with_recording(&context, |recording| {
                if name.trim().is_empty() {
                    return Err(fault("the strategy's name is empty"));
                }
                recording.name = Some(name.trim().to_owned());
                recording.about = Some(about.trim().to_owned());
                Ok(())
            })
        },
    );
    let declare = |context: &Context<'_>, name: &str, default: &Dynamic, options: Option<&Map>| {
        let spec = ParamSpec::read(name, default, options).map_err(fault)?;
        with_recording(context, |recording| recording.param(spec))
    };
    engine.register_fn(
        "param",
        move |context: Context<'_>, name: ImmutableString, default: Dynamic| {
            declare(&context, &name, &default, None)
        },
    );
    engine.register_fn(
        "param",
        move |context: Context<'_>, name: ImmutableString, default: Dynamic, options: Map| {
            declare(&context, &name, &default, Some(&options))
        },
    );
}

fn conditions(engine: &mut Engine) {
    let cross = |context: &Context<'_>, a: &Dynamic, b: &Dynamic| {
        with_recording(context, |recording| {
            let (a, b) = (recording.tested_operand(a)?, recording.tested_operand(b)?);
            let above = recording.node(Node::Compare(Comparison::Greater, a, b))?;
            recording.conditions(Node::Rise(above))
        })
    };
    engine.register_fn(
        "crosses_above",
        move |context: Context<'_>, a: Dynamic, b: Dynamic| cross(&context, &a, &b),
    );
    engine.register_fn(
        "crosses_below",
        move |context: Context<'_>, a: Dynamic, b: Dynamic| cross(&context, &b, &a),
    );
    engine.register_fn("becomes_true", |context: Context<'_>, condition: Dynamic| {
        with_recording(&context, |recording| {
            let id = recording.condition_operand(&condition)?;
            recording.conditions(Node::Rise(id))
        })
    });
}

fn series(engine: &mut Engine) {
    engine.register_fn("ago", |context: Context<'_>, series: Series, bars: Dynamic| {
        let n = match bars.as_int() {
            Ok(n) if n < 0 => {
                return Err(fault(format!(
                    "ago({n}) would look into the future: n must be 0 or more"
                )));
            }
            Ok(n) if n > MAX_AGO => {
                return Err(fault(format!("ago({n}) looks back further than {MAX_AGO} bars")));
            }
            Ok(n) => n as usize,
            Err(_) => {
                return Err(fault(format!(
                    "ago takes a whole number of bars, not {}",
                    describe(&bars)
                )));
            }
        };
        with_recording(&context, |recording| {
            let of = recording.id(series)?;
            Ok(Series {
                kind: series.kind,
                source: Source::Node(recording.node(Node::Ago { of, n })?),
            })
        })
    });
    engine.register_fn(
        "choose",
        |context: Context<'_>, condition: Dynamic, yes: Dynamic, no: Dynamic| {
            with_recording(&context, |recording| {
                let condition = recording.condition_operand(&condition)?;
                let (yes, no) = (recording.tested_operand(&yes)?, recording.tested_operand(&no)?);
                recording.numbers(Node::Choose { condition, yes, no })
            })
        },
    );
    engine.register_fn("sum", |context: Context<'_>, series: Series, bars: Dynamic| {
        let n = match bars.as_int() {
            Ok(n @ 1..=5_000) => n as usize,
            _ => {
                return Err(fault(format!(
                    "sum takes a whole number of bars from 1 to 5000, not {}",
                    describe(&bars)
                )));
            }
        };
        with_recording(&context, |recording| {
            let of = recording.number_operand(&Dynamic::from(series))?;
            recording.numbers(Node::Sum { of, n })
        })
    });
    let functions = [
        ("abs", Function::Absolute),
        ("sqrt", Function::SquareRoot),
        ("ln", Function::Logarithm),
        ("exp", Function::Exponential),
    ];
    for (name, function) in functions {
        engine.register_fn(name, move |context: Context<'_>, series: Series| {
            with_recording(&context, |recording| {
                let of = recording.number_operand(&Dynamic::from(series))?;
                recording.numbers(Node::Function(function, of))
            })
        });
    }
    for (name, op) in [("min", Arithmetic::Minimum), ("max", Arithmetic::Maximum)] {
        on_series(engine, name, move |context, a, b| {
            with_recording(context, |recording| {
                let (a, b) = recording.common_operands(a, b)?;
                Ok(Dynamic::from(recording.numbers(Node::Arithmetic(op, a, b))?))
            })
        });
    }
}

fn clock(engine: &mut Engine) {
    let session = |context: &Context<'_>, hours: &str, days: &str| {
        let (from, to) = hours_of(hours)?;
        let days = days_of(days)?;
        with_recording(context, |recording| {
            recording.conditions(Node::Session { from, to, days })
        })
    };
    engine.register_fn(
        "in_session",
        move |context: Context<'_>, hours: ImmutableString| session(&context, &hours, "mon-sun"),
    );
    engine.register_fn(
        "in_session",
        move |context: Context<'_>, hours: ImmutableString, days: ImmutableString| {
            session(&context, &hours, &days)
        },
    );
    engine.register_fn("every", |context: Context<'_>, period: ImmutableString| {
        let period_ms = duration(&period)?;
        with_recording(&context, |recording| {
            recording.conditions(Node::Every { period_ms })
        })
    });
}

fn news(engine: &mut Engine) {
    let column = |recording: &mut Recording, window_ms: i64, half_life_ms: i64, index: usize| {
        let of = recording.node(Node::Sentiment {
            window_ms,
            half_life_ms,
        })?;
        let id = recording.node(Node::Output { of, index })?;
        Ok(Series {
            kind: Kind::Numbers,
            source: Source::Node(id),
        })
    };
    engine.register_fn(
        "sentiment",
        move |context: Context<'_>, window: ImmutableString| {
            let window = duration(&window)?;
            with_recording(&context, |recording| column(recording, window, window / 2, 0))
        },
    );
    engine.register_fn(
        "sentiment",
        move |context: Context<'_>, window: ImmutableString, half_life: ImmutableString| {
            let (window, half_life) = (duration(&window)?, duration(&half_life)?);
            with_recording(&context, |recording| column(recording, window, half_life, 0))
        },
    );
    engine.register_fn(
        "sentiment_count",
        move |context: Context<'_>, window: ImmutableString| {
            let window = duration(&window)?;
            with_recording(&context, |recording| column(recording, window, window / 2, 1))
        },
    );
    for name in ["sentiment", "sentiment_count"] {
        engine.register_raw_fn(
            name,
            [TypeId::of::<i64>()],
            move |_: Context<'_>, _: &mut [&mut Dynamic]| {
                Err::<Dynamic, Fault>(fault(format!(
                    "{name} takes a span of time in quotes, such as {name}(\"6h\")"
                )))
            },
        );
    }
}

fn longer(engine: &mut Engine) {
    engine.register_fn("timeframe", |context: Context<'_>, name: ImmutableString| {
        let interval: Interval = name.trim().parse().map_err(|_| {
            fault(format!(
                "\"{name}\" is no length of a bar: write 5m, 1h, 4h, 1d, 1w or 1M"
            ))
        })?;
        with_recording(&context, |recording| recording.longer(interval))
    });
    for (name, price) in PRICES {
        engine.register_get(name, move |bars: &mut LongerBars| Series {
            kind: Kind::Numbers,
            source: Source::Price(price, bars.0),
        });
    }
}

/// Reads `30m`, `6h`, `2d`, `1w` as milliseconds.
fn duration(text: &str) -> Result<i64, Fault> {
    let text = text.trim();
    let unit = match text.chars().last() {
        Some('s') => 1_000,
        Some('m') => 60_000,
        Some('h') => 3_600_000,
        Some('d') => 86_400_000,
        Some('w') => 7 * 86_400_000,
        _ => 0,
    };
    let count = text
        .get(..text.len().saturating_sub(1))
        .and_then(|count| count.parse::<i64>().ok());
    match count.and_then(|count| count.checked_mul(unit)) {
        Some(ms) if (1..=MAX_WINDOW_MS).contains(&ms) => Ok(ms),
        _ => Err(fault(format!(
            "\"{text}\" is no span of time: write 30m, 6h, 2d or 1w, at most 366d"
        ))),
    }
}

/// Reads `08:00-16:30` as minutes since midnight.
fn hours_of(text: &str) -> Result<(u32, u32), Fault> {
    let minute = |text: &str| {
        let (hour, minute) = text.trim().split_once(':')?;
        let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
        (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
    };
    text.split_once('-')
        .and_then(|(from, to)| minute(from).zip(minute(to)))
        .filter(|(from, to)| from != to)
        .ok_or_else(|| {
            fault(format!(
                "\"{text}\" are no hours: write 08:00-16:30 (UTC), 22:00-04:00 over midnight or 00:00-24:00"
            ))
        })
}

/// Reads `mon-fri` or `sat,sun` as bits, Monday first.
fn days_of(text: &str) -> Result<u8, Fault> {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let day = |name: &str| NAMES.iter().position(|known| *known == name.trim());
    let mut days = 0;
    for part in text.split(',') {
        let range = match part.split_once('-') {
            Some((from, to)) => day(from).zip(day(to)),
            None => day(part).map(|day| (day, day)),
        };
        let Some((mut at, to)) = range else {
            return Err(fault(format!("\"{text}\" are no days: write mon-fri or sat,sun")));
        };
        days |= 1 << at;
        while at != to {
            at = (at + 1) % 7;
            days |= 1 << at;
        }
    }
    Ok(days)
}
