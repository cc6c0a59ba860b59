//! Evaluates a graph: one pass over whole columns for each node, in native code.

mod calendar;
mod columns;

use promptpal_domain::Bars;
use promptpal_indicators::{Column, Frame, compute_on, sentiment_window, sum};

use crate::graph::{FrameId, Graph, Node, NodeId, Price, TESTED};
use crate::longer::Longer;
use crate::{BacktestError, Inputs, truth};
use columns::Numbers;
pub(crate) use columns::Truths;

/// Bytes that the columns of a run may hold at once.
const MEMORY_LIMIT: usize = 2 << 30;

/// The value of a node.
enum Value<'a> {
    Numbers(Numbers<'a>),
    Truths(Truths),
    /// Columns waiting to be picked by `Output`.
    Bundle(Vec<Vec<f64>>),
}

impl Value<'_> {
    fn columns(&self) -> usize {
        match self {
            Self::Numbers(Numbers::Owned(_)) | Self::Truths(Truths::Column(_)) => 1,
            Self::Numbers(_) | Self::Truths(_) => 0,
            Self::Bundle(columns) => columns.len(),
        }
    }
}

/// The columns a run needs.
#[derive(Debug)]
pub(crate) struct Evaluated<const N: usize> {
    /// Conditions; a missing one stays missing.
    pub(crate) conditions: [Option<Truths>; N],
    /// Numbers, in the order they were asked for.
    pub(crate) numbers: Vec<Vec<f64>>,
}

/// Computes condition and number columns. Calls `cancel` between columns.
///
/// # Errors
/// [`BacktestError::Indicator`], [`BacktestError::TooLarge`], [`BacktestError::Cancelled`].
pub(crate) fn evaluate<const N: usize>(
    graph: &Graph,
    conditions: [Option<NodeId>; N],
    numbers: &[NodeId],
    inputs: &Inputs<'_>,
    cancel: &dyn Fn() -> bool,
) -> Result<Evaluated<N>, BacktestError> {
    let longer = graph
        .longer()
        .iter()
        .map(|&interval| Longer::of(inputs.bars(), interval))
        .collect::<Result<Vec<_>, _>>()?;
    let mut run = Evaluation {
        graph,
        inputs,
        longer: &longer,
        values: Vec::new(),
        readers: readers(graph, conditions.iter().flatten().chain(numbers)),
        held: 0,
    };
    for (index, node) in graph.nodes().iter().enumerate() {
        if run.readers.get(index).is_none_or(|&count| count == 0) {
            run.values.push(None);
            continue;
        }
        if cancel() {
            return Err(BacktestError::Cancelled);
        }
        let value = run.value(node, graph.frame_of(NodeId(index as u32)).unwrap_or(TESTED))?;
        run.held += value.columns();
        if run.held.saturating_mul(inputs.bars().len()).saturating_mul(8) > MEMORY_LIMIT {
            return Err(BacktestError::TooLarge {
                columns: run.held,
                bars: inputs.bars().len(),
                limit_mb: MEMORY_LIMIT >> 20,
            });
        }
        run.values.push(Some(value));
        for read in node.reads() {
            run.release(read);
        }
    }
    let len = inputs.bars().len();
    Ok(Evaluated {
        numbers: numbers
            .iter()
            .map(|&id| run.numbers(id).column(len).into_owned())
            .collect(),
        conditions: conditions.map(|id| match run.values.get_mut(id?.0 as usize)? {
            Some(Value::Truths(truths)) => Some(truths.clone()),
            _ => None,
        }),
    })
}

/// How many nodes and results read each node; 0 where nothing needs it.
fn readers<'a>(graph: &Graph, wanted: impl Iterator<Item = &'a NodeId>) -> Vec<u32> {
    let mut counts = vec![0_u32; graph.nodes().len()];
    let add = |id: NodeId, counts: &mut Vec<u32>| {
        if let Some(count) = counts.get_mut(id.0 as usize) {
            *count += 1;
        }
    };
    for id in wanted {
        add(*id, &mut counts);
    }
    for (index, node) in graph.nodes().iter().enumerate().rev() {
        if counts.get(index).is_some_and(|&count| count > 0) {
            for read in node.reads() {
                add(read, &mut counts);
            }
        }
    }
    counts
}

struct Evaluation<'a, 'i> {
    graph: &'i Graph,
    inputs: &'i Inputs<'a>,
    longer: &'i [Longer],
    values: Vec<Option<Value<'i>>>,
    readers: Vec<u32>,
    held: usize,
}

impl<'i> Evaluation<'_, 'i> {
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

    /// One reader fewer; the column goes when it was the last.
    fn release(&mut self, id: NodeId) {
        let at = id.0 as usize;
        if let Some(count) = self.readers.get_mut(at) {
            *count = count.saturating_sub(1);
            if *count == 0
                && let Some(value) = self.values.get_mut(at).and_then(Option::take)
            {
                self.held = self.held.saturating_sub(value.columns());
            }
        }
    }

    fn numbers(&self, id: NodeId) -> Numbers<'_> {
        match self.values.get(id.0 as usize) {
            Some(Some(Value::Numbers(numbers))) => numbers.as_ref(),
            _ => Numbers::Scalar(f64::NAN),
        }
    }

    fn truths(&self, id: NodeId) -> &Truths {
        match self.values.get(id.0 as usize) {
            Some(Some(Value::Truths(truths))) => truths,
            _ => &Truths::Always(truth::UNKNOWN),
        }
    }

    /// `frame` are the bars that the node stands on.
    fn value(&mut self, node: &Node, frame: FrameId) -> Result<Value<'i>, BacktestError> {
        let len = self.bars(frame).len();
        Ok(match *node {
            Node::Price(price, frame) => Value::Numbers(Numbers::Borrowed(self.price(price, frame))),
            Node::OnTested(of) => Value::Numbers(self.on_tested(of)),
            Node::Constant(bits) => Value::Numbers(Numbers::Scalar(f64::from_bits(bits))),
            Node::Flag(flag) => Value::Truths(Truths::Always(truth::of(flag))),
            Node::Indicator {
                frame,
                id,
                source,
                ref params,
            } => {
                let params: Vec<f64> = params.iter().copied().map(f64::from_bits).collect();
                Value::Bundle(self.indicator(frame, id, source, &params)?)
            }
            Node::Output { of, index } => {
                let column = match self.values.get_mut(of.0 as usize) {
                    Some(Some(Value::Bundle(columns))) => columns.get_mut(index).map(std::mem::take),
                    _ => None,
                };
                // The column has moved here: it is counted where it lies now.
                self.held = self.held.saturating_sub(1);
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
            Node::Sum { of, n } => Value::Numbers(Numbers::Owned(sum(&self.numbers(of).column(len), n))),
            Node::Arithmetic(op, a, b) => {
                Value::Numbers(columns::arithmetic(op, &self.numbers(a), &self.numbers(b)))
            }
            Node::Function(function, a) => Value::Numbers(columns::function(function, &self.numbers(a))),
            Node::Compare(op, a, b) => {
                Value::Truths(columns::compare(op, &self.numbers(a), &self.numbers(b)))
            }
            Node::And(a, b) => Value::Truths(columns::zip_truths(self.truths(a), self.truths(b), truth::and)),
            Node::Or(a, b) => Value::Truths(columns::zip_truths(self.truths(a), self.truths(b), truth::or)),
            Node::Not(a) => Value::Truths(columns::map_truths(self.truths(a), truth::not)),
            Node::Rise(a) => Value::Truths(columns::rise(self.truths(a), len)),
            Node::Ago { of, n } => match self.values.get(of.0 as usize) {
                Some(Some(Value::Truths(truths))) => Value::Truths(columns::truths_ago(truths, n, len)),
                _ => Value::Numbers(columns::numbers_ago(&self.numbers(of), n, len)),
            },
            Node::Session { from, to, days } => {
                Value::Truths(calendar::session(&self.inputs.close_times(), from, to, days))
            }
            Node::Every { period_ms } => {
                Value::Truths(calendar::every(&self.inputs.close_times(), period_ms))
            }
            Node::Choose { condition, yes, no } => Value::Numbers(columns::choose(
                self.truths(condition),
                &self.numbers(yes),
                &self.numbers(no),
                len,
            )),
        })
    }

    fn on_tested(&self, of: NodeId) -> Numbers<'i> {
        let longer = self.graph.frame_of(of).and_then(|frame| self.longer(frame));
        match (longer, self.numbers(of)) {
            (_, Numbers::Scalar(value)) => Numbers::Scalar(value),
            (Some(longer), Numbers::Borrowed(column)) => Numbers::Owned(longer.on_tested(column)),
            (Some(longer), Numbers::Owned(column)) => Numbers::Owned(longer.on_tested(&column)),
            (None, numbers) => Numbers::Owned(numbers.column(self.inputs.bars().len()).into_owned()),
        }
    }

    fn indicator(
        &self,
        frame: FrameId,
        id: &'static str,
        source: Option<NodeId>,
        params: &[f64],
    ) -> Result<Vec<Vec<f64>>, BacktestError> {
        let bars = self.bars(frame);
        let numbers = source.map(|source| self.numbers(source));
        let column = numbers.as_ref().map(|numbers| numbers.column(bars.len()));
        let source = match &column {
            // A price column is recognised by where it lies; only prices have a grid.
            Some(column) => Column {
                values: column,
                grid: self.grid_of(column, frame),
            },
            None => Column {
                values: &bars.close,
                grid: None,
            },
        };
        let outputs = compute_on(id, params, &Frame::new(bars, source)?)?;
        Ok(outputs.into_iter().map(|output| output.values).collect())
    }

    fn grid_of(&self, column: &[f64], frame: FrameId) -> Option<&promptpal_indicators::Grid> {
        let price = [Price::Open, Price::High, Price::Low, Price::Close]
            .into_iter()
            .find(|&price| std::ptr::eq(self.price(price, frame), column))?;
        match self.longer(frame) {
            Some(longer) => longer.grid(price),
            None => self.inputs.grid(price),
        }
    }
}
