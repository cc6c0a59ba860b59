//! The functions of the language beside operators and indicators.

use std::any::TypeId;

use rhai::{Dynamic, Engine, ImmutableString, Map, NativeCallContext};

use super::operators::on_series;
use super::params::{ParamSpec, number};
use super::values::{Fault, Kind, Part, Recording, Series, Source, describe, fault, with_recording};
use crate::graph::{Arithmetic, Comparison, Function, Node, NodeId, Plan};

/// Longest look back, in bars.
const MAX_AGO: i64 = 100_000;
/// Longest news window: a year.
const MAX_WINDOW_MS: i64 = 366 * 86_400_000;

type Context<'a> = NativeCallContext<'a>;

/// Where a plan keeps what a call sets.
type Slot<T> = fn(&mut Plan) -> &mut Option<T>;

pub(super) fn register(engine: &mut Engine) {
    description(engine);
    orders(engine);
    conditions(engine);
    series(engine);
    news(engine);
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

fn orders(engine: &mut Engine) {
    let signals: [(&str, Slot<NodeId>); 4] = [
        ("enter_long", |plan| &mut plan.enter_long),
        ("exit_long", |plan| &mut plan.exit_long),
        ("enter_short", |plan| &mut plan.enter_short),
        ("exit_short", |plan| &mut plan.exit_short),
    ];
    for (name, slot) in signals {
        engine.register_fn(name, move |context: Context<'_>, condition: Dynamic| {
            with_recording(&context, |recording| {
                let id = recording.condition_operand(&condition)?;
                let either = match *slot(&mut recording.plan) {
                    Some(earlier) => recording.node(Node::Or(earlier, id))?,
                    None => id,
                };
                *slot(&mut recording.plan) = Some(either);
                Ok(())
            })
        });
    }
    let of_price = |divisor: f64, name: &'static str| {
        move |value: Dynamic| -> Result<Part, Fault> {
            match number(&value) {
                Some(value) if value > 0.0 => Ok(Part(value / divisor)),
                Some(value) => Err(fault(format!(
                    "{name}({value}) must be above 0; leave the call out for no limit"
                ))),
                None => Err(fault(format!("{name} takes a number, not {}", describe(&value)))),
            }
        }
    };
    engine.register_fn("percent", of_price(100.0, "percent"));
    engine.register_fn("part", of_price(1.0, "part"));
    let stops: [(&str, Slot<f64>); 2] = [
        ("stop_loss", |plan| &mut plan.stops.loss),
        ("take_profit", |plan| &mut plan.stops.profit),
    ];
    for (name, slot) in stops {
        engine.register_fn(name, move |context: Context<'_>, value: Dynamic| {
            with_recording(&context, |recording| {
                let Some(Part(part)) = value.clone().try_cast::<Part>() else {
                    let what = describe(&value);
                    return Err(fault(format!("{name} takes percent(x) or part(x), not {what}")));
                };
                if name == "stop_loss" && part >= 1.0 {
                    return Err(fault("a stop loss must be below 100 percent"));
                }
                if slot(&mut recording.plan).replace(part).is_some() {
                    return Err(fault(format!("{name} is called twice")));
                }
                Ok(())
            })
        });
    }
}

fn conditions(engine: &mut Engine) {
    let cross = |context: &Context<'_>, a: &Dynamic, b: &Dynamic| {
        with_recording(context, |recording| {
            let (a, b) = (recording.number_operand(a)?, recording.number_operand(b)?);
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
                let (yes, no) = (recording.number_operand(&yes)?, recording.number_operand(&no)?);
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
                let (a, b) = (recording.number_operand(a)?, recording.number_operand(b)?);
                Ok(Dynamic::from(recording.numbers(Node::Arithmetic(op, a, b))?))
            })
        });
    }
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
