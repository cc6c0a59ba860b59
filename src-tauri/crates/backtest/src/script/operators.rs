//! Arithmetic, comparisons and logic on series.
//!
//! Every comparison goes through here, of plain values too: the language's own says `false` for operands that cannot be
//! compared, and a strategy would never trade without a word.

use std::any::TypeId;
use std::cmp::Ordering;

use rhai::{Dynamic, Engine, NativeCallContext};

use super::params::number;
use super::values::{Bundle, Fault, Kind, Series, describe, fault, with_recording};
use crate::graph::{Arithmetic, Comparison, Function, Node};

/// Whether a comparison holds for two plain values in this order.
type Holds = fn(Ordering) -> bool;

pub(super) fn register(engine: &mut Engine) {
    let arithmetic = [
        ("+", Arithmetic::Add),
        ("-", Arithmetic::Subtract),
        ("*", Arithmetic::Multiply),
        ("/", Arithmetic::Divide),
        ("%", Arithmetic::Remainder),
        ("**", Arithmetic::Power),
    ];
    for (symbol, op) in arithmetic {
        on_series(engine, symbol, move |context, a, b| {
            with_recording(context, |recording| {
                let (a, b) = recording.common_operands(a, b)?;
                Ok(Dynamic::from(recording.numbers(Node::Arithmetic(op, a, b))?))
            })
        });
    }
    let comparisons: [(&str, Holds); 6] = [
        (">", Ordering::is_gt),
        (">=", Ordering::is_ge),
        ("<", Ordering::is_lt),
        ("<=", Ordering::is_le),
        ("==", Ordering::is_eq),
        ("!=", Ordering::is_ne),
    ];
    let anything = [TypeId::of::<Dynamic>(); 2];
    for (symbol, holds) in comparisons {
        engine.register_raw_fn(
            symbol,
            anything,
            move |context: NativeCallContext<'_>, args: &mut [&mut Dynamic]| match args {
                [a, b] => compare(&context, symbol, holds, a, b),
                _ => Err(fault("a comparison has two sides")),
            },
        );
    }
    on_series(engine, "&", |context, a, b| logic(context, a, b, Node::And));
    on_series(engine, "|", |context, a, b| logic(context, a, b, Node::Or));
    engine.register_fn("!", |context: NativeCallContext<'_>, series: Series| {
        with_recording(&context, |recording| {
            let id = recording.condition_operand(&Dynamic::from(series))?;
            recording.conditions(Node::Not(id))
        })
    });
    engine.register_fn("-", |context: NativeCallContext<'_>, series: Series| {
        with_recording(&context, |recording| {
            let id = recording.number_operand(&Dynamic::from(series))?;
            recording.numbers(Node::Function(Function::Negate, id))
        })
    });
    // `&&`, `||`, `if` and `while` ask for a plain bool and report the type's name; the fault gets its hint later.
}

/// Registers an operator for every pair of operands of which one is a series or an indicator with several columns.
pub(super) fn on_series(
    engine: &mut Engine,
    symbol: &'static str,
    act: impl Fn(&NativeCallContext<'_>, &Dynamic, &Dynamic) -> Result<Dynamic, Fault>
    + Send
    + Sync
    + Copy
    + 'static,
) {
    let (any, series, bundle) = (
        TypeId::of::<Dynamic>(),
        TypeId::of::<Series>(),
        TypeId::of::<Bundle>(),
    );
    let pairs = [
        [series, any],
        [any, series],
        [series, series],
        [bundle, any],
        [any, bundle],
        [bundle, bundle],
        [series, bundle],
        [bundle, series],
    ];
    for pair in pairs {
        engine.register_raw_fn(
            symbol,
            pair,
            move |context: NativeCallContext<'_>, args: &mut [&mut Dynamic]| match args {
                [a, b] => act(&context, a, b),
                _ => Err(fault("an operator has two sides")),
            },
        );
    }
}

fn logic(
    context: &NativeCallContext<'_>,
    a: &Dynamic,
    b: &Dynamic,
    node: fn(crate::graph::NodeId, crate::graph::NodeId) -> Node,
) -> Result<Dynamic, Fault> {
    with_recording(context, |recording| {
        let (a, b) = (recording.condition_operand(a)?, recording.condition_operand(b)?);
        Ok(Dynamic::from(recording.conditions(node(a, b))?))
    })
}

fn compare(
    context: &NativeCallContext<'_>,
    symbol: &str,
    holds: Holds,
    a: &Dynamic,
    b: &Dynamic,
) -> Result<Dynamic, Fault> {
    if a.is::<Series>() || b.is::<Series>() {
        return compare_series(context, symbol, a, b);
    }
    if let (Some(a), Some(b)) = (number(a), number(b)) {
        return Ok(a.partial_cmp(&b).is_some_and(holds).into());
    }
    if let (Ok(a), Ok(b)) = (a.clone().into_string(), b.clone().into_string()) {
        return Ok(holds(a.cmp(&b)).into());
    }
    if let (Ok(a), Ok(b)) = (a.as_bool(), b.as_bool())
        && matches!(symbol, "==" | "!=")
    {
        return Ok(holds(a.cmp(&b)).into());
    }
    Err(fault(format!(
        "{} cannot be compared with {} by {symbol}",
        describe(a),
        describe(b)
    )))
}

fn compare_series(
    context: &NativeCallContext<'_>,
    symbol: &str,
    a: &Dynamic,
    b: &Dynamic,
) -> Result<Dynamic, Fault> {
    let conditions = |value: &Dynamic| {
        value
            .clone()
            .try_cast::<Series>()
            .is_some_and(|s| s.kind == Kind::Conditions)
    };
    if conditions(a) || conditions(b) {
        return Err(fault(format!(
            "{} cannot be compared with {} by {symbol}",
            describe(a),
            describe(b)
        )));
    }
    with_recording(context, |recording| {
        let (a, b) = (recording.tested_operand(a)?, recording.tested_operand(b)?);
        let (op, a, b) = match symbol {
            ">" => (Comparison::Greater, a, b),
            "<" => (Comparison::Greater, b, a),
            ">=" => (Comparison::AtLeast, a, b),
            "<=" => (Comparison::AtLeast, b, a),
            _ => (Comparison::Equal, a, b),
        };
        let compared = recording.conditions(Node::Compare(op, a, b))?;
        if symbol != "!=" {
            return Ok(Dynamic::from(compared));
        }
        let id = recording.id(compared)?;
        Ok(Dynamic::from(recording.conditions(Node::Not(id))?))
    })
}
