//! What scripts hold in their variables, and the recording of what they ask for.

use std::sync::{Arc, Mutex, MutexGuard};

use promptpal_domain::Interval;
use promptpal_indicators::Indicator;
use rhai::{Dynamic, EvalAltResult, NativeCallContext, Position};

use super::params::{ParamSpec, number};
use crate::graph::{FrameId, Node, NodeId, Price, TESTED};
use crate::plan::{Distance, Kind as Order, Plan};

/// A fault of a call, which gets its position from the engine.
pub(super) type Fault = Box<EvalAltResult>;

/// A column: of numbers, or of conditions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Series {
    pub(super) kind: Kind,
    pub(super) source: Source,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Numbers,
    Conditions,
}

/// Where a column is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Source {
    /// A column of the bars.
    Price(Price, FrameId),
    /// A node of the recording.
    Node(NodeId),
}

/// All columns of an indicator that gives several.
#[derive(Clone, Debug)]
pub(super) struct Bundle {
    pub(super) id: &'static str,
    pub(super) columns: Vec<(&'static str, NodeId)>,
}

/// Bars of a longer interval: `timeframe("4h")`.
#[derive(Clone, Copy, Debug)]
pub(super) struct LongerBars(pub(super) FrameId);

/// How far from the entry's price an exit is: `percent(3)` is a part of 0.03.
#[derive(Clone, Copy, Debug)]
pub(super) struct Away(pub(super) Distance<NodeId>);

/// How an entry is ordered: `limit_order(close)`.
#[derive(Clone, Copy, Debug)]
pub(super) struct EntryOrder(pub(super) Order<NodeId>);

/// What one run of a script asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Recording {
    given: Vec<(String, f64)>,
    pub(super) plan: Plan,
    pub(super) params: Vec<ParamSpec>,
    pub(super) name: Option<String>,
    pub(super) about: Option<String>,
}

impl Recording {
    pub(super) fn new(given: &[(String, f64)]) -> Self {
        Self {
            given: given.to_vec(),
            ..Self::default()
        }
    }

    /// Declares a parameter and hands back its value.
    pub(super) fn param(&mut self, spec: ParamSpec) -> Result<Dynamic, Fault> {
        let given = self
            .given
            .iter()
            .find(|(name, _)| *name == spec.name)
            .map(|(_, value)| *value);
        let value = given.unwrap_or(spec.default);
        let integer = spec.integer;
        match self.params.iter().find(|known| known.name == spec.name) {
            Some(known) if *known == spec => {}
            Some(_) => {
                return Err(fault(format!(
                    "parameter '{}' is declared twice, differently",
                    spec.name
                )));
            }
            None => self.params.push(spec),
        }
        if self.params.len() > 32 {
            return Err(fault("a strategy has at most 32 parameters"));
        }
        if integer && value.fract() == 0.0 {
            Ok(Dynamic::from_int(value as i64))
        } else {
            Ok(Dynamic::from_float(value))
        }
    }

    pub(super) fn node(&mut self, node: Node) -> Result<NodeId, Fault> {
        let max = crate::graph::Graph::MAX_NODES;
        self.plan.graph.node(node).map_err(|_| {
            fault(format!(
                "the strategy needs more than {max} column operations; build series outside of loops"
            ))
        })
    }

    pub(super) fn numbers(&mut self, node: Node) -> Result<Series, Fault> {
        Ok(Series {
            kind: Kind::Numbers,
            source: Source::Node(self.node(node)?),
        })
    }

    pub(super) fn conditions(&mut self, node: Node) -> Result<Series, Fault> {
        Ok(Series {
            kind: Kind::Conditions,
            source: Source::Node(self.node(node)?),
        })
    }

    /// The node of a column.
    pub(super) fn id(&mut self, series: Series) -> Result<NodeId, Fault> {
        match series.source {
            Source::Node(id) => Ok(id),
            Source::Price(price, frame) => self.node(Node::Price(price, frame)),
        }
    }

    /// A column or a number as a node that holds numbers.
    pub(super) fn number_operand(&mut self, value: &Dynamic) -> Result<NodeId, Fault> {
        if let Some(series) = value.clone().try_cast::<Series>() {
            return match series.kind {
                Kind::Numbers => self.id(series),
                Kind::Conditions => Err(fault("a condition stands where a number is needed")),
            };
        }
        match number(value) {
            Some(number) => self.node(Node::Constant(number.to_bits())),
            None => Err(fault(format!(
                "a series or a number is needed here, not {}",
                describe(value)
            ))),
        }
    }

    /// The same on the tested bars: what is known of a longer one at each close.
    pub(super) fn tested_operand(&mut self, value: &Dynamic) -> Result<NodeId, Fault> {
        let id = self.number_operand(value)?;
        self.on_tested(id)
    }

    fn on_tested(&mut self, id: NodeId) -> Result<NodeId, Fault> {
        match self.plan.graph.frame_of(id) {
            Some(TESTED) | None => Ok(id),
            Some(_) => self.node(Node::OnTested(id)),
        }
    }

    /// Two numbers on the same bars: those of both where they agree, else the tested ones.
    pub(super) fn common_operands(&mut self, a: &Dynamic, b: &Dynamic) -> Result<(NodeId, NodeId), Fault> {
        let (a, b) = (self.number_operand(a)?, self.number_operand(b)?);
        let graph = &self.plan.graph;
        match (graph.frame_of(a), graph.frame_of(b)) {
            (Some(one), Some(other)) if one != other => Ok((self.on_tested(a)?, self.on_tested(b)?)),
            _ => Ok((a, b)),
        }
    }

    /// Longer bars made of the tested ones.
    pub(super) fn longer(&mut self, interval: Interval) -> Result<LongerBars, Fault> {
        let max = crate::graph::Graph::MAX_LONGER;
        let frame = self.plan.graph.frame(interval);
        frame
            .map(LongerBars)
            .map_err(|_| fault(format!("a strategy looks at no more than {max} timeframes")))
    }

    /// A condition or `true`/`false` as a node that holds conditions.
    pub(super) fn condition_operand(&mut self, value: &Dynamic) -> Result<NodeId, Fault> {
        if let Some(series) = value.clone().try_cast::<Series>() {
            return match series.kind {
                Kind::Conditions => self.id(series),
                Kind::Numbers => Err(fault(
                    "a condition is needed here, not a series of numbers: compare it with something",
                )),
            };
        }
        match value.as_bool() {
            Ok(flag) => self.node(Node::Flag(flag)),
            Err(_) => Err(fault(format!(
                "a condition is needed here, not {}",
                describe(value)
            ))),
        }
    }

    /// All outputs of an indicator, on the bars of its source where it has one.
    pub(super) fn indicator(
        &mut self,
        indicator: &'static Indicator,
        frame: FrameId,
        source: Option<NodeId>,
        params: &[f64],
    ) -> Result<Bundle, Fault> {
        let params = indicator
            .complete(params)
            .map_err(|error| fault(error.to_string()))?;
        let params = params.into_iter().map(f64::to_bits).collect();
        let frame = source
            .and_then(|id| self.plan.graph.frame_of(id))
            .unwrap_or(frame);
        let of = self.node(Node::Indicator {
            frame,
            id: indicator.id,
            source,
            params,
        })?;
        let columns = indicator.outputs.iter().enumerate();
        let columns = columns.map(|(index, output)| Ok((output.id, self.node(Node::Output { of, index })?)));
        Ok(Bundle {
            id: indicator.id,
            columns: columns.collect::<Result<_, Fault>>()?,
        })
    }
}

/// The recording of the run that makes this call.
pub(super) fn with_recording<T>(
    context: &NativeCallContext<'_>,
    act: impl FnOnce(&mut Recording) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let shared = context
        .tag()
        .and_then(|tag| tag.clone().try_cast::<Arc<Mutex<Recording>>>());
    let shared = shared.ok_or_else(|| fault("there is no run to record"))?;
    let mut recording: MutexGuard<'_, Recording> = match shared.lock() {
        Ok(recording) => recording,
        Err(poisoned) => poisoned.into_inner(),
    };
    act(&mut recording)
}

/// A fault with this message at the place of the call.
pub(super) fn fault(message: impl Into<String>) -> Fault {
    EvalAltResult::ErrorRuntime(message.into().into(), Position::NONE).into()
}

/// What a value is, for a message.
pub(super) fn describe(value: &Dynamic) -> String {
    if let Some(series) = value.clone().try_cast::<Series>() {
        return match series.kind {
            Kind::Numbers => "a series of numbers".to_owned(),
            Kind::Conditions => "a condition".to_owned(),
        };
    }
    if let Some(bundle) = value.clone().try_cast::<Bundle>() {
        return bundle.describe();
    }
    if value.is::<LongerBars>() {
        return "a timeframe: pick .open, .high, .low, .close or .volume".to_owned();
    }
    match value.type_name() {
        "i64" | "f64" => format!("the number {value}"),
        "string" | "&str" | "ImmutableString" => "a text".to_owned(),
        "bool" => "true or false".to_owned(),
        "()" => "nothing".to_owned(),
        "array" => "an array".to_owned(),
        "map" => "a map".to_owned(),
        "percentage" => "a percentage".to_owned(),
        "order" => "an order".to_owned(),
        name if name.contains("Away") => "a percentage".to_owned(),
        name if name.contains("EntryOrder") => "an order".to_owned(),
        name => name.to_owned(),
    }
}

impl Bundle {
    /// "macd, which gives several series: pick .macd, .signal or .histogram"
    pub(super) fn describe(&self) -> String {
        let names: Vec<String> = self.columns.iter().map(|(name, _)| format!(".{name}")).collect();
        format!(
            "{}, which gives several series: pick {}",
            self.id,
            names.join(", ")
        )
    }
}
