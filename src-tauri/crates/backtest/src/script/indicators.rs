//! Every indicator of the catalogue as a function of the language.

use std::any::TypeId;

use promptpal_indicators::{Indicator, all};
use rhai::{Dynamic, Engine, ImmutableString, NativeCallContext};

use super::params::number;
use super::values::{Bundle, Fault, Kind, LongerBars, Series, Source, describe, fault, with_recording};
use crate::graph::TESTED;

/// `id(source, params...)`, `id(params...)` or `id(timeframe, params...)`; parameters left out at the end take their defaults.
pub(super) fn register(engine: &mut Engine) {
    for indicator in all() {
        let sources = usize::from(indicator.takes_column());
        // One more than there are, so that too many get a message of ours.
        for arguments in sources..=sources + indicator.params.len() + 1 {
            engine.register_raw_fn(
                indicator.id,
                vec![TypeId::of::<Dynamic>(); arguments],
                move |context: NativeCallContext<'_>, args: &mut [&mut Dynamic]| {
                    call(&context, indicator, args)
                },
            );
        }
    }
    engine.register_indexer_get(
        |bundle: &mut Bundle, name: ImmutableString| -> Result<Series, Fault> {
            let found = bundle.columns.iter().find(|(id, _)| *id == name.as_str());
            match found {
                Some(&(_, id)) => Ok(Series {
                    kind: Kind::Numbers,
                    source: Source::Node(id),
                }),
                None => Err(fault(format!("there is no .{name} in {}", bundle.describe()))),
            }
        },
    );
}

fn call(
    context: &NativeCallContext<'_>,
    indicator: &'static Indicator,
    args: &mut [&mut Dynamic],
) -> Result<Dynamic, Fault> {
    let (source, frame, params) = match (indicator.takes_column(), &*args) {
        (true, [source, params @ ..]) => (Some(source), TESTED, params),
        (false, [first, rest @ ..]) => match (**first).clone().try_cast::<LongerBars>() {
            Some(bars) => (None, bars.0, rest),
            None => (None, TESTED, &*args),
        },
        (_, params) => (None, TESTED, params),
    };
    let params: Vec<f64> = params
        .iter()
        .zip(
            indicator
                .params
                .iter()
                .map(|spec| spec.name)
                .chain(std::iter::repeat("one argument too many")),
        )
        .map(|(value, name)| {
            number(value).ok_or_else(|| {
                fault(format!(
                    "{}: {name} must be a number, not {}",
                    indicator.id,
                    describe(value)
                ))
            })
        })
        .collect::<Result<_, Fault>>()?;
    with_recording(context, |recording| {
        let source = match source {
            Some(source) if source.is::<Series>() => Some(recording.number_operand(source)?),
            Some(other) => {
                let id = indicator.id;
                return Err(fault(format!(
                    "{id} needs a series first, such as {id}(close, ...), not {}",
                    describe(other)
                )));
            }
            None => None,
        };
        let bundle = recording.indicator(indicator, frame, source, &params)?;
        Ok(match *bundle.columns.as_slice() {
            [(_, id)] => Dynamic::from(Series {
                kind: Kind::Numbers,
                source: Source::Node(id),
            }),
            _ => Dynamic::from(bundle),
        })
    })
}
