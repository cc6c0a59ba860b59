//! A run over several symbols on one account.

mod basket;

use promptpal_domain::Bars;
use sha2::{Digest, Sha256};

use crate::evaluate::{Wanted, evaluate};
use crate::execution::{Ranked, rotate};
use crate::graph::NodeId;
use crate::plan::{Plan, Rotation};
use crate::{BacktestError, Config, Fills, Inputs, Report, Script, Sides, Sizing, run};

/// One of the symbols of a rotation.
#[derive(Debug)]
pub struct Leg<'a> {
    /// What it is called in the report.
    pub name: String,
    /// Its bars and scored articles.
    pub inputs: Inputs<'a>,
}

/// Most symbols of a rotation.
const MAX_LEGS: usize = 500;

/// Runs a strategy that asks for `rotate(score, hold, when)` over several symbols with bars of one length. Scores are
/// evaluated on each of them, `when` on the basket of all; the account buys and sells by the ranks of the scores (see
/// `docs/strategy-language.md`).
///
/// The report's bars are those of the basket, which comes with it: at the open times of all symbols, the same amount in each
/// from its first bar on. The benchmark is to hold it. Trades and open positions carry their symbol.
///
/// # Errors
/// Those of [`run()`]; [`BacktestError::Rotation`] when the script does not rotate, for fewer than two symbols, more than 500,
/// a name that comes twice or bars of different lengths; [`BacktestError::Setting`] for what a rotation does not do: another
/// size than all, short selling, margin, finer bars.
pub fn run_rotation(
    script: &Script,
    params: &[(String, f64)],
    legs: &[Leg<'_>],
    config: &Config,
    cancel: &dyn Fn() -> bool,
) -> Result<(Report, Bars), BacktestError> {
    config.validate()?;
    check_config(config)?;
    let params = script.resolve(params)?;
    let plan = script.plan(&params)?;
    let Some(rotation) = plan.rotation else {
        return Err(BacktestError::Rotation(
            "this strategy trades one symbol: for several, the script must say rotate(score, hold, when)",
        ));
    };
    check_legs(legs)?;
    let Rotation {
        score,
        hold,
        when,
        eligible,
    } = rotation;
    let mut symbols = Vec::with_capacity(legs.len());
    for leg in legs {
        let (score, may_be_held) = evaluated(&plan, &[score], eligible, &leg.inputs, cancel)?;
        symbols.push(Ranked {
            name: &leg.name,
            bars: leg.inputs.bars(),
            score: score.into_iter().next().unwrap_or_default(),
            eligible: eligible.map(|_| may_be_held),
        });
    }
    let all: Vec<_> = legs.iter().map(|leg| leg.inputs.bars()).collect();
    let basket = basket::basket(&all);
    let gaps = legs.iter().map(|leg| leg.inputs.gaps()).sum();
    let inputs = Inputs::new(&basket, &[])?.in_place_of(digest(legs), gaps);
    let (_, when) = evaluated(&plan, &[], Some(when), &inputs, cancel)?;
    let (outcome, open_positions) = rotate(&symbols, &basket.open_time, &when, hold, config, cancel)?;
    let mut report = run::report(script, params, &plan, &inputs, config, outcome);
    report.symbols = legs.iter().map(|leg| leg.name.clone()).collect();
    for position in &open_positions {
        let leg = legs
            .iter()
            .find(|leg| position.symbol.as_deref() == Some(&leg.name));
        let last = leg.and_then(|leg| leg.inputs.bars().open_time.last());
        if last.is_some_and(|last| *last < report.last_bar) {
            report.warnings.push(format!(
                "The bars of {} end while it is held; it counts with its last close.",
                position.symbol.as_deref().unwrap_or_default()
            ));
        }
    }
    report.open_positions = open_positions;
    Ok((report, basket))
}

/// Columns of numbers, and whether a condition is true at each bar.
fn evaluated(
    plan: &Plan,
    numbers: &[NodeId],
    condition: Option<NodeId>,
    inputs: &Inputs<'_>,
    cancel: &dyn Fn() -> bool,
) -> Result<(Vec<Vec<f64>>, Vec<bool>), BacktestError> {
    let conditions: Vec<(NodeId, u8)> = condition.into_iter().map(|id| (id, 1)).collect();
    let wanted = Wanted {
        conditions: &conditions,
        numbers,
    };
    let found = evaluate(&plan.graph, wanted, inputs, &|_| None, cancel)?;
    Ok((
        found.numbers,
        found.signals.into_iter().map(|signal| signal != 0).collect(),
    ))
}

fn check_config(config: &Config) -> Result<(), BacktestError> {
    let refuse = |setting, value: String, rule| Err(BacktestError::Setting { setting, value, rule });
    if config.size != Sizing::All {
        let rule = "a rotation shares the account among what it holds: it must be all";
        return refuse("size", config.size.to_string(), rule);
    }
    if config.side != Sides::Long {
        return refuse(
            "side",
            config.side.as_str().to_owned(),
            "a rotation only buys: it must be long",
        );
    }
    if let Some(margin) = config.margin {
        return refuse(
            "leverage",
            margin.leverage.to_string(),
            "a rotation borrows nothing: leave it out",
        );
    }
    if config.fills == Fills::Minute {
        let rule = "a rotation trades at opens only, so finer bars decide nothing: it must be r1";
        return refuse("fills", config.fills.as_str().to_owned(), rule);
    }
    Ok(())
}

fn check_legs(legs: &[Leg<'_>]) -> Result<(), BacktestError> {
    let refuse = |what| Err(BacktestError::Rotation(what));
    let Some((first, others)) = legs.split_first().filter(|(_, others)| !others.is_empty()) else {
        return refuse("a rotation needs two symbols or more");
    };
    if legs.len() > MAX_LEGS {
        return refuse("a rotation takes at most 500 symbols");
    }
    let interval = first.inputs.bars().interval;
    if others.iter().any(|leg| leg.inputs.bars().interval != interval) {
        return refuse("the bars of all symbols of a rotation must have one length");
    }
    let mut names: Vec<&str> = legs.iter().map(|leg| leg.name.as_str()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair.first() == pair.last()) {
        return refuse("a symbol of a rotation is given twice");
    }
    if legs.iter().any(|leg| !leg.inputs.funding().is_empty()) {
        return refuse("a rotation pays no funding: leave it out");
    }
    Ok(())
}

/// The fingerprint of all symbols with their names, in their order: it decides between equal scores.
fn digest(legs: &[Leg<'_>]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for leg in legs {
        hasher.update((leg.name.len() as u64).to_le_bytes());
        hasher.update(&leg.name);
        hasher.update(leg.inputs.digest());
    }
    hasher.finalize().into()
}
