//! One node over all bars at once.

use promptpal_domain::Bars;
use promptpal_indicators::{Column, Frame, LazyGrid, compute_on, sentiment_window, sum};

use super::columns::{self, Numbers, Truths};
use super::{Operands, calendar};
use crate::graph::{FrameId, Graph, Node, NodeId, Price, TESTED};
use crate::longer::Longer;
use crate::{BacktestError, Inputs, truth};

/// The value of a node.
#[derive(Debug)]
pub(crate) enum Value<'a> {
    Numbers(Numbers<'a>),
    Truths(Truths<'a>),
    /// Columns waiting to be picked by `Output`.
    Bundle(Vec<Vec<f64>>),
    /// The same, computed elsewhere.
    Lent(&'a [Vec<f64>]),
}

impl Value<'_> {
    /// Columns that it holds.
    pub(crate) fn columns(&self) -> usize {
        match self {
            Self::Numbers(Numbers::Owned(_)) | Self::Truths(Truths::Column(_)) => 1,
            Self::Numbers(_) | Self::Truths(_) | Self::Lent(_) => 0,
            Self::Bundle(columns) => columns.len(),
        }
    }

    /// The same without its columns.
    pub(crate) fn lent(&self) -> Value<'_> {
        match self {
            Self::Numbers(numbers) => Value::Numbers(numbers.as_ref()),
            Self::Truths(truths) => Value::Truths(truths.as_ref()),
            Self::Bundle(columns) => Value::Lent(columns),
            Self::Lent(columns) => Value::Lent(columns),
        }
    }
}

/// What nodes are computed on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whole<'i> {
    pub(super) graph: &'i Graph,
    pub(super) inputs: &'i Inputs<'i>,
    pub(super) longer: &'i [Longer],
}

impl<'i> Whole<'i> {
    pub(crate) fn new(graph: &'i Graph, inputs: &'i Inputs<'i>, longer: &'i [Longer]) -> Self {
        Self {
            graph,
            inputs,
            longer,
        }
    }

    fn longer(&self, frame: FrameId) -> Option<&'i Longer> {
        self.longer.get(usize::from(frame).checked_sub(1)?)
    }

    fn bars(&self, frame: FrameId) -> &'i Bars {
        self.longer(frame)
            .map_or(self.inputs.bars(), |longer| &longer.bars)
    }

    fn price(&self, price: Price, frame: FrameId) -> &'i [f64] {
        match self.longer(frame) {
            Some(longer) => longer.column(price),
            None => self.inputs.column(price),
        }
    }

    /// The column of a node; `Output` picks from what `operands` says of its indicator.
    ///
    /// # Errors
    /// [`BacktestError::Indicator`].
    pub(crate) fn compute(&self, id: NodeId, operands: &impl Operands) -> Result<Value<'i>, BacktestError> {
        let frame = self.graph.frame_of(id).unwrap_or(TESTED);
        let len = self.bars(frame).len();
        let Some(node) = self.graph.nodes().get(id.0 as usize) else {
            return Ok(Value::Numbers(Numbers::Scalar(f64::NAN)));
        };
        let (numbers, truths) = (|id| operands.numbers(id), |id| operands.truths(id));
        Ok(match *node {
            Node::Price(price, frame) => Value::Numbers(Numbers::Borrowed(self.price(price, frame))),
            Node::OnTested(of) => Value::Numbers(self.on_tested(of, numbers(of))),
            Node::Constant(bits) => Value::Numbers(Numbers::Scalar(f64::from_bits(bits))),
            Node::Flag(flag) => Value::Truths(Truths::Always(truth::of(flag))),
            Node::Indicator {
                frame,
                id,
                source,
                ref params,
            } => {
                let params: Vec<f64> = params.iter().copied().map(f64::from_bits).collect();
                Value::Bundle(self.indicator(frame, id, source.map(numbers), &params)?)
            }
            Node::Output { of, index } => {
                let column = operands.output(of, index).map(<[f64]>::to_vec);
                Value::Numbers(column.map_or(Numbers::Scalar(f64::NAN), Numbers::Owned))
            }
            Node::Sentiment {
                window_ms,
                half_life_ms,
            } => {
                let closes = self.inputs.close_times();
                let (mean, count) =
                    sentiment_window(self.inputs.sentiment(), &closes, window_ms, half_life_ms);
                Value::Bundle(vec![mean, count.into_iter().map(f64::from).collect()])
            }
            Node::Sum { of, n } => Value::Numbers(Numbers::Owned(sum(&numbers(of).column(len), n))),
            Node::Arithmetic(op, a, b) => {
                let (a, b) = (numbers(a), numbers(b));
                Value::Numbers(columns::numbers(&[&a, &b], len, |out| {
                    columns::arithmetic(op, &a, &b, out);
                }))
            }
            Node::Function(function, a) => {
                let a = numbers(a);
                Value::Numbers(columns::numbers(&[&a], len, |out| {
                    columns::function(function, &a, out);
                }))
            }
            Node::Compare(op, a, b) => {
                let (a, b) = (numbers(a), numbers(b));
                let constant = a.is_scalar() && b.is_scalar();
                Value::Truths(columns::truths(constant, len, |out| {
                    columns::compare(op, &a, &b, out);
                }))
            }
            Node::And(a, b) => self.both(len, truths(a), truths(b), truth::and),
            Node::Or(a, b) => self.both(len, truths(a), truths(b), truth::or),
            Node::Not(a) => self.both(len, truths(a), Truths::Always(truth::UNKNOWN), |a, _| {
                truth::not(a)
            }),
            Node::Rise(a) => Value::Truths(columns::truths(false, len, |out| {
                columns::rise(&truths(a), None, out);
            })),
            Node::Ago { of, n } => match operands.is_condition(of) {
                true => Value::Truths(columns::truths_ago(&truths(of), n, len)),
                false => Value::Numbers(columns::numbers_ago(&numbers(of), n, len)),
            },
            Node::Session { from, to, days } => {
                Value::Truths(calendar::session(&self.inputs.close_times(), from, to, days))
            }
            Node::Every { period_ms } => {
                Value::Truths(calendar::every(&self.inputs.close_times(), period_ms))
            }
            Node::Choose { condition, yes, no } => {
                let (condition, yes, no) = (truths(condition), numbers(yes), numbers(no));
                let mut column = vec![0.0; len];
                columns::choose(&condition, &yes, &no, &mut column);
                Value::Numbers(Numbers::Owned(column))
            }
        })
    }

    fn both(&self, len: usize, a: Truths<'_>, b: Truths<'_>, f: impl Fn(u8, u8) -> u8) -> Value<'i> {
        let constant = a.is_always() && b.is_always();
        Value::Truths(columns::truths(constant, len, |out| {
            columns::zip_truths(&a, &b, out, f);
        }))
    }

    fn on_tested(&self, of: NodeId, numbers: Numbers<'_>) -> Numbers<'i> {
        let longer = self.graph.frame_of(of).and_then(|frame| self.longer(frame));
        match (longer, numbers) {
            (_, Numbers::Scalar(value)) => Numbers::Scalar(value),
            (Some(longer), numbers) => Numbers::Owned(longer.on_tested(&numbers.column(longer.bars.len()))),
            (None, numbers) => Numbers::Owned(numbers.column(self.inputs.bars().len()).into_owned()),
        }
    }

    fn indicator(
        &self,
        frame: FrameId,
        id: &'static str,
        source: Option<Numbers<'_>>,
        params: &[f64],
    ) -> Result<Vec<Vec<f64>>, BacktestError> {
        let bars = self.bars(frame);
        let column = source.as_ref().map(|numbers| numbers.column(bars.len()));
        let values: &[f64] = column.as_deref().unwrap_or(&bars.close);
        // A price column is recognised by where it lies. Only prices have a grid, and none of them is missing.
        let price = column.as_ref().and_then(|column| self.price_of(column, frame));
        let source = Column {
            values,
            grid: price.and_then(|price| self.grid(price, frame)),
            whole: price.is_some(),
        };
        let outputs = compute_on(id, params, &Frame::new(bars, source)?)?;
        Ok(outputs.into_iter().map(|output| output.values).collect())
    }

    fn price_of(&self, column: &[f64], frame: FrameId) -> Option<Price> {
        [Price::Open, Price::High, Price::Low, Price::Close]
            .into_iter()
            .find(|&price| std::ptr::eq(self.price(price, frame), column))
    }

    fn grid(&self, price: Price, frame: FrameId) -> Option<&'i LazyGrid> {
        match self.longer(frame) {
            Some(longer) => longer.grid(price),
            None => self.inputs.grid(price),
        }
    }
}
