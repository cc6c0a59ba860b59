//! Operations on whole columns. A number that is the same on every bar stays one number.

use std::borrow::Cow;

use crate::graph::{Arithmetic, Comparison, Function};
use crate::truth::{self, UNKNOWN};

/// A column of numbers.
#[derive(Debug)]
pub(crate) enum Numbers<'a> {
    /// The same on every bar.
    Scalar(f64),
    /// A column of the bars.
    Borrowed(&'a [f64]),
    /// A computed column.
    Owned(Vec<f64>),
}

impl Numbers<'_> {
    pub(super) fn as_ref(&self) -> Numbers<'_> {
        match self {
            Self::Scalar(value) => Numbers::Scalar(*value),
            Self::Borrowed(column) => Numbers::Borrowed(column),
            Self::Owned(column) => Numbers::Borrowed(column),
        }
    }

    fn operand(&self) -> Operand<'_> {
        match self {
            Self::Scalar(value) => Operand::Scalar(*value),
            Self::Borrowed(column) => Operand::Column(column),
            Self::Owned(column) => Operand::Column(column),
        }
    }

    /// The column itself, written out when it is one number.
    pub(super) fn column(&self, len: usize) -> Cow<'_, [f64]> {
        match self.operand() {
            Operand::Scalar(value) => Cow::Owned(vec![value; len]),
            Operand::Column(column) => Cow::Borrowed(column),
        }
    }
}

enum Operand<'a> {
    Scalar(f64),
    Column(&'a [f64]),
}

/// A column of conditions, see [`crate::truth`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Truths {
    /// The same on every bar.
    Always(u8),
    /// One byte a bar.
    Column(Vec<u8>),
}

/// Applies `f` bar by bar; the four shapes of operands each get a loop of their own, so that it vectorises.
fn zip<T>(a: &Numbers<'_>, b: &Numbers<'_>, f: impl Fn(f64, f64) -> T) -> Result<Vec<T>, T> {
    match (a.operand(), b.operand()) {
        (Operand::Scalar(a), Operand::Scalar(b)) => Err(f(a, b)),
        (Operand::Column(a), Operand::Scalar(b)) => Ok(a.iter().map(|&a| f(a, b)).collect()),
        (Operand::Scalar(a), Operand::Column(b)) => Ok(b.iter().map(|&b| f(a, b)).collect()),
        (Operand::Column(a), Operand::Column(b)) => Ok(a.iter().zip(b).map(|(&a, &b)| f(a, b)).collect()),
    }
}

pub(super) fn arithmetic<'a>(op: Arithmetic, a: &Numbers<'_>, b: &Numbers<'_>) -> Numbers<'a> {
    let result = match op {
        Arithmetic::Add => zip(a, b, |a, b| a + b),
        Arithmetic::Subtract => zip(a, b, |a, b| a - b),
        Arithmetic::Multiply => zip(a, b, |a, b| a * b),
        Arithmetic::Divide => zip(a, b, |a, b| if b == 0.0 { f64::NAN } else { a / b }),
        Arithmetic::Remainder => zip(a, b, |a, b| a % b),
        Arithmetic::Power => zip(a, b, f64::powf),
        // Unlike `f64::min`, a missing operand makes the result missing.
        Arithmetic::Minimum => zip(a, b, |a, b| {
            if a.is_nan() || b.is_nan() {
                f64::NAN
            } else {
                a.min(b)
            }
        }),
        Arithmetic::Maximum => zip(a, b, |a, b| {
            if a.is_nan() || b.is_nan() {
                f64::NAN
            } else {
                a.max(b)
            }
        }),
    };
    result.map_or_else(Numbers::Scalar, Numbers::Owned)
}

pub(super) fn function<'a>(function: Function, a: &Numbers<'_>) -> Numbers<'a> {
    let f = match function {
        Function::Negate => |x: f64| -x,
        Function::Absolute => f64::abs,
        Function::SquareRoot => f64::sqrt,
        Function::Logarithm => |x: f64| if x > 0.0 { x.ln() } else { f64::NAN },
        Function::Exponential => f64::exp,
    };
    match a.operand() {
        Operand::Scalar(value) => Numbers::Scalar(f(value)),
        Operand::Column(column) => Numbers::Owned(column.iter().map(|&x| f(x)).collect()),
    }
}

#[expect(
    clippy::double_comparisons,
    reason = "unlike !=, both are false for a missing number"
)]
pub(super) fn compare(op: Comparison, a: &Numbers<'_>, b: &Numbers<'_>) -> Truths {
    // Both bits stay 0 where a number is missing.
    let bits = |yes: bool, no: bool| u8::from(yes) | u8::from(no) << 1;
    let result = match op {
        Comparison::Greater => zip(a, b, |a, b| bits(a > b, a <= b)),
        Comparison::AtLeast => zip(a, b, |a, b| bits(a >= b, a < b)),
        Comparison::Equal => zip(a, b, |a, b| bits(a == b, a < b || a > b)),
    };
    result.map_or_else(Truths::Always, Truths::Column)
}

pub(super) fn zip_truths(a: &Truths, b: &Truths, f: impl Fn(u8, u8) -> u8) -> Truths {
    match (a, b) {
        (Truths::Always(a), Truths::Always(b)) => Truths::Always(f(*a, *b)),
        (Truths::Column(a), Truths::Always(b)) => Truths::Column(a.iter().map(|&a| f(a, *b)).collect()),
        (Truths::Always(a), Truths::Column(b)) => Truths::Column(b.iter().map(|&b| f(*a, b)).collect()),
        (Truths::Column(a), Truths::Column(b)) => {
            Truths::Column(a.iter().zip(b).map(|(&a, &b)| f(a, b)).collect())
        }
    }
}

pub(super) fn map_truths(a: &Truths, f: impl Fn(u8) -> u8) -> Truths {
    match a {
        Truths::Always(a) => Truths::Always(f(*a)),
        Truths::Column(a) => Truths::Column(a.iter().map(|&a| f(a)).collect()),
    }
}

/// Unknown on the first bar, which has none before it. What never changes never becomes true.
pub(super) fn rise(a: &Truths, len: usize) -> Truths {
    match a {
        Truths::Always(a) => {
            let mut column = vec![truth::rise(*a, *a); len];
            if let Some(first) = column.first_mut() {
                *first = UNKNOWN;
            }
            Truths::Column(column)
        }
        Truths::Column(a) => {
            let later = a.get(1..).unwrap_or_default();
            let first = a.first().map(|_| UNKNOWN);
            Truths::Column(
                first
                    .into_iter()
                    .chain(a.iter().zip(later).map(|(&a, &b)| truth::rise(a, b)))
                    .collect(),
            )
        }
    }
}

/// Unknown on the first `n` bars.
pub(super) fn truths_ago(a: &Truths, n: usize, len: usize) -> Truths {
    let missing = n.min(len);
    let mut shifted = vec![UNKNOWN; missing];
    match a {
        Truths::Always(a) => shifted.resize(len, *a),
        Truths::Column(a) => shifted.extend_from_slice(a.get(..len - missing).unwrap_or_default()),
    }
    Truths::Column(shifted)
}

/// Missing on the first `n` bars.
pub(super) fn numbers_ago<'a>(a: &Numbers<'_>, n: usize, len: usize) -> Numbers<'a> {
    let missing = n.min(len);
    let mut shifted = vec![f64::NAN; missing];
    match a.operand() {
        Operand::Scalar(value) => shifted.resize(len, value),
        Operand::Column(a) => shifted.extend_from_slice(a.get(..len - missing).unwrap_or_default()),
    }
    Numbers::Owned(shifted)
}

pub(super) fn choose<'a>(condition: &Truths, yes: &Numbers<'_>, no: &Numbers<'_>, len: usize) -> Numbers<'a> {
    let (yes, no) = (yes.column(len), no.column(len));
    let pick = |truth: u8, yes: f64, no: f64| match truth {
        truth::TRUE => yes,
        truth::FALSE => no,
        _ => f64::NAN,
    };
    Numbers::Owned(match condition {
        Truths::Always(always) => yes
            .iter()
            .zip(no.iter())
            .map(|(&yes, &no)| pick(*always, yes, no))
            .collect(),
        Truths::Column(column) => column
            .iter()
            .zip(yes.iter().zip(no.iter()))
            .map(|(&truth, (&yes, &no))| pick(truth, yes, no))
            .collect(),
    })
}
