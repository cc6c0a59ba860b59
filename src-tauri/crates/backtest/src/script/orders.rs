//! The functions of the language that order something.

use rhai::{Dynamic, Engine, NativeCallContext};

use super::params::number;
use super::values::{Away, EntryOrder, Fault, Recording, describe, fault, with_recording};
use crate::graph::{Node, NodeId};
use crate::plan::{Distance, Kind, Plan, Rotation};

/// Longest life of a waiting order, and longest cool-down, in bars.
const MAX_BARS: i64 = 100_000;
/// Most symbols that a rotation holds.
const MAX_HELD: i64 = 100;
/// Most entries of a position.
const MAX_ENTRIES: i64 = 10_000;

type Context<'a> = NativeCallContext<'a>;

/// Where a plan keeps what a call sets.
type Slot<T> = fn(&mut Plan) -> &mut Option<T>;

pub(super) fn register(engine: &mut Engine) {
    signals(engine);
    entry_orders(engine);
    exits(engine);
    rules(engine);
    rotation(engine);
}

fn signals(engine: &mut Engine) {
    let signals: [(&str, Slot<NodeId>); 4] = [
        ("enter_long", |plan| &mut plan.enter_long),
        ("exit_long", |plan| &mut plan.exit_long),
        ("enter_short", |plan| &mut plan.enter_short),
        ("exit_short", |plan| &mut plan.exit_short),
    ];
    let either = |recording: &mut Recording, slot: Slot<NodeId>, condition: &Dynamic| {
        let id = recording.condition_operand(condition)?;
        let either = match *slot(&mut recording.plan) {
            Some(earlier) => recording.node(Node::Or(earlier, id))?,
            None => id,
        };
        *slot(&mut recording.plan) = Some(either);
        Ok(())
    };
    for (name, slot) in signals {
        engine.register_fn(name, move |context: Context<'_>, condition: Dynamic| {
            with_recording(&context, |recording| {
                if order_of(&mut recording.plan, name).is_some_and(|order| *order != Kind::Market) {
                    return Err(mixed(name));
                }
                either(recording, slot, &condition)
            })
        });
    }
    let entries = signals.into_iter().filter(|(name, _)| name.starts_with("enter"));
    for (name, slot) in entries {
        engine.register_fn(
            name,
            move |context: Context<'_>, condition: Dynamic, order: Dynamic| {
                with_recording(&context, |recording| {
                    let Some(EntryOrder(kind)) = order.clone().try_cast::<EntryOrder>() else {
                        let what = describe(&order);
                        return Err(fault(format!(
                            "{name} takes limit_order, stop_order or stop_limit_order after the condition, not {what}"
                        )));
                    };
                    let called = slot(&mut recording.plan).is_some();
                    if let Some(order) = order_of(&mut recording.plan, name) {
                        if called && *order != kind {
                            return Err(mixed(name));
                        }
                        *order = kind;
                    }
                    either(recording, slot, &condition)
                })
            },
        );
    }
}

fn order_of<'p>(plan: &'p mut Plan, name: &str) -> Option<&'p mut Kind<NodeId>> {
    match name {
        "enter_long" => Some(&mut plan.orders.long),
        "enter_short" => Some(&mut plan.orders.short),
        _ => None,
    }
}

fn mixed(name: &str) -> Fault {
    fault(format!(
        "{name} is called with different orders: combine the conditions with | and use one order"
    ))
}

fn entry_orders(engine: &mut Engine) {
    type Make = fn(NodeId, usize) -> Kind<NodeId>;
    let orders: [(&str, Make); 2] = [
        ("limit_order", |price, bars| Kind::Limit { price, bars }),
        ("stop_order", |price, bars| Kind::Stop { price, bars }),
    ];
    for (name, make) in orders {
        let order = move |context: &Context<'_>, price: &Dynamic, bars: usize| {
            with_recording(context, |recording| {
                Ok(EntryOrder(make(recording.tested_operand(price)?, bars)))
            })
        };
        engine.register_fn(name, move |context: Context<'_>, price: Dynamic| {
            order(&context, &price, 1)
        });
        engine.register_fn(
            name,
            move |context: Context<'_>, price: Dynamic, bars: Dynamic| {
                order(&context, &price, whole(name, "bars", &bars, 1, MAX_BARS)?)
            },
        );
    }
    let order = |context: &Context<'_>, trigger: &Dynamic, price: &Dynamic, bars: usize| {
        with_recording(context, |recording| {
            Ok(EntryOrder(Kind::StopLimit {
                trigger: recording.tested_operand(trigger)?,
                price: recording.tested_operand(price)?,
                bars,
            }))
        })
    };
    let name = "stop_limit_order";
    engine.register_fn(
        name,
        move |context: Context<'_>, trigger: Dynamic, price: Dynamic| order(&context, &trigger, &price, 1),
    );
    engine.register_fn(
        name,
        move |context: Context<'_>, trigger: Dynamic, price: Dynamic, bars: Dynamic| {
            order(
                &context,
                &trigger,
                &price,
                whole(name, "bars", &bars, 1, MAX_BARS)?,
            )
        },
    );
}

fn exits(engine: &mut Engine) {
    let of_price = |divisor: f64, name: &'static str| {
        move |value: Dynamic| -> Result<Away, Fault> {
            match number(&value) {
                Some(value) if value > 0.0 => Ok(Away(Distance::Part(value / divisor))),
                Some(value) => Err(fault(format!(
                    "{name}({value}) must be above 0; leave the call out for no limit"
                ))),
                None => Err(fault(format!("{name} takes a number, not {}", describe(&value)))),
            }
        }
    };
    engine.register_fn("percent", of_price(100.0, "percent"));
    engine.register_fn("part", of_price(1.0, "part"));
    engine.register_fn("distance", |context: Context<'_>, price: Dynamic| {
        with_recording(&context, |recording| {
            Ok(Away(Distance::Column(recording.tested_operand(&price)?)))
        })
    });
    let stops: [(&str, Slot<Distance<NodeId>>); 3] = [
        ("stop_loss", |plan| &mut plan.stops.loss),
        ("take_profit", |plan| &mut plan.stops.profit),
        ("trailing_stop", |plan| &mut plan.stops.trail),
    ];
    let set = |recording: &mut Recording, name: &str, slot: Slot<Distance<NodeId>>, value: &Dynamic| {
        let Some(Away(distance)) = value.clone().try_cast::<Away>() else {
            let what = describe(value);
            return Err(fault(format!(
                "{name} takes percent(x), part(x) or distance(x), not {what}"
            )));
        };
        if name != "take_profit" && matches!(distance, Distance::Part(part) if part >= 1.0) {
            return Err(fault("a stop must be below 100 percent"));
        }
        if slot(&mut recording.plan).replace(distance).is_some() {
            return Err(fault(format!("{name} is called twice")));
        }
        Ok(())
    };
    for (name, slot) in stops {
        engine.register_fn(name, move |context: Context<'_>, value: Dynamic| {
            with_recording(&context, |recording| set(recording, name, slot, &value))
        });
    }
    engine.register_fn(
        "bracket",
        move |context: Context<'_>, loss: Dynamic, profit: Dynamic| {
            with_recording(&context, |recording| {
                set(recording, "stop_loss", |plan| &mut plan.stops.loss, &loss)?;
                set(recording, "take_profit", |plan| &mut plan.stops.profit, &profit)
            })
        },
    );
}

fn rules(engine: &mut Engine) {
    engine.register_fn("pyramiding", |context: Context<'_>, entries: Dynamic| {
        let entries = whole("pyramiding", "entries", &entries, 1, MAX_ENTRIES)?;
        with_recording(&context, |recording| {
            once(
                "pyramiding",
                &mut recording.plan.pyramiding,
                u32::try_from(entries).unwrap_or(u32::MAX),
            )
        })
    });
    engine.register_fn("cooldown", |context: Context<'_>, bars: Dynamic| {
        let bars = whole("cooldown", "bars", &bars, 0, MAX_BARS)?;
        with_recording(&context, |recording| {
            once("cooldown", &mut recording.plan.cooldown, bars)
        })
    });
    engine.register_fn("order_share", |context: Context<'_>, share: Dynamic| {
        if number(&share).is_some_and(|share| !(share > 0.0 && share <= 1.0)) {
            return Err(fault("order_share takes a part above 0 and at most 1"));
        }
        with_recording(&context, |recording| {
            let share = recording.tested_operand(&share)?;
            once("order_share", &mut recording.plan.share, share)
        })
    });
}

fn rotation(engine: &mut Engine) {
    let rotate =
        |context: &Context<'_>, score: &Dynamic, hold: &Dynamic, when: &Dynamic, only: Option<&Dynamic>| {
            let hold = whole("rotate", "hold", hold, 1, MAX_HELD)?;
            with_recording(context, |recording| {
                let rotation = Rotation {
                    score: recording.tested_operand(score)?,
                    hold,
                    when: recording.condition_operand(when)?,
                    eligible: only.map(|only| recording.condition_operand(only)).transpose()?,
                };
                once("rotate", &mut recording.plan.rotation, rotation)
            })
        };
    engine.register_fn(
        "rotate",
        move |context: Context<'_>, score: Dynamic, hold: Dynamic, when: Dynamic| {
            rotate(&context, &score, &hold, &when, None)
        },
    );
    engine.register_fn(
        "rotate",
        move |context: Context<'_>, score: Dynamic, hold: Dynamic, when: Dynamic, eligible: Dynamic| {
            rotate(&context, &score, &hold, &when, Some(&eligible))
        },
    );
}

fn once<T>(name: &str, slot: &mut Option<T>, value: T) -> Result<(), Fault> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(fault(format!("{name} is called twice"))),
    }
}

/// A whole number within bounds.
fn whole(name: &str, what: &str, value: &Dynamic, least: i64, most: i64) -> Result<usize, Fault> {
    match value.as_int() {
        Ok(count) if (least..=most).contains(&count) => Ok(usize::try_from(count).unwrap_or(usize::MAX)),
        _ => Err(fault(format!(
            "{name}: {what} must be a whole number from {least} to {most}, not {}",
            describe(value)
        ))),
    }
}
