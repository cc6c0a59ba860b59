//! Operations on whole columns. A number that is the same on every bar stays one number.

use std::borrow::Cow;
use std::iter::repeat;

use multiversion::multiversion;
pub(super) use promptpal_indicators::{EQUAL, GREATER, LESS};

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

    pub(super) const fn is_scalar(&self) -> bool {
        matches!(self, Self::Scalar(_))
    }

    /// The same without the first values.
    fn from(&self, first: usize) -> Numbers<'_> {
        match self.operand() {
            Operand::Scalar(value) => Numbers::Scalar(value),
            Operand::Column(column) => Numbers::Borrowed(column.get(first..).unwrap_or_default()),
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
pub(crate) enum Truths<'a> {
    /// The same on every bar.
    Always(u8),
    /// One byte a bar.
    Column(Cow<'a, [u8]>),
}

impl Truths<'_> {
    pub(super) const fn is_always(&self) -> bool {
        matches!(self, Self::Always(_))
    }

    pub(super) fn as_ref(&self) -> Truths<'_> {
        match self {
            Self::Always(truth) => Truths::Always(*truth),
            Self::Column(column) => Truths::Column(Cow::Borrowed(column)),
        }
    }
}

/// Writes `f` of both into `out`, bar by bar; the shapes of operands each get a loop of their own, so that it vectorises.
#[multiversion(targets("x86_64+avx+avx2"))]
fn zip<T: Copy>(a: &Numbers<'_>, b: &Numbers<'_>, out: &mut [T], f: impl Fn(f64, f64) -> T) {
    match (a.operand(), b.operand()) {
        (Operand::Scalar(a), Operand::Scalar(b)) => out.fill(f(a, b)),
        (Operand::Column(a), Operand::Scalar(b)) => {
            for (out, &a) in out.iter_mut().zip(a) {
                *out = f(a, b);
            }
        }
        (Operand::Scalar(a), Operand::Column(b)) => {
            for (out, &b) in out.iter_mut().zip(b) {
                *out = f(a, b);
            }
        }
        (Operand::Column(a), Operand::Column(b)) => {
            for (out, (&a, &b)) in out.iter_mut().zip(a.iter().zip(b)) {
                *out = f(a, b);
            }
        }
    }
}

/// What `write` writes, as one number where all operands are.
pub(super) fn numbers<'a>(
    operands: &[&Numbers<'_>],
    len: usize,
    write: impl FnOnce(&mut [f64]),
) -> Numbers<'a> {
    if operands.iter().all(|numbers| numbers.is_scalar()) {
        let mut value = [f64::NAN];
        write(&mut value);
        return Numbers::Scalar(value[0]);
    }
    let mut column = vec![0.0; len];
    write(&mut column);
    Numbers::Owned(column)
}

/// The same for conditions; `constant` says whether all operands are.
pub(super) fn truths<'a>(constant: bool, len: usize, write: impl FnOnce(&mut [u8])) -> Truths<'a> {
    if constant {
        let mut value = [UNKNOWN];
        write(&mut value);
        return Truths::Always(value[0]);
    }
    let mut column = vec![UNKNOWN; len];
    write(&mut column);
    Truths::Column(Cow::Owned(column))
}

pub(super) fn arithmetic(op: Arithmetic, a: &Numbers<'_>, b: &Numbers<'_>, out: &mut [f64]) {
    match op {
        Arithmetic::Add => zip(a, b, out, |a, b| a + b),
        Arithmetic::Subtract => zip(a, b, out, |a, b| a - b),
        Arithmetic::Multiply => zip(a, b, out, |a, b| a * b),
        Arithmetic::Divide => zip(a, b, out, |a, b| if b == 0.0 { f64::NAN } else { a / b }),
        Arithmetic::Remainder => zip(a, b, out, |a, b| a % b),
        Arithmetic::Power => zip(a, b, out, f64::powf),
        // Unlike `f64::min`, a missing operand makes the result missing.
        Arithmetic::Minimum => zip(a, b, out, |a, b| {
            if a.is_nan() || b.is_nan() {
                f64::NAN
            } else {
                a.min(b)
            }
        }),
        Arithmetic::Maximum => zip(a, b, out, |a, b| {
            if a.is_nan() || b.is_nan() {
                f64::NAN
            } else {
                a.max(b)
            }
        }),
    }
}

pub(super) fn function(function: Function, a: &Numbers<'_>, out: &mut [f64]) {
    let f = match function {
        Function::Negate => |x: f64| -x,
        Function::Absolute => f64::abs,
        Function::SquareRoot => f64::sqrt,
        Function::Logarithm => |x: f64| if x > 0.0 { x.ln() } else { f64::NAN },
        Function::Exponential => f64::exp,
    };
    zip(a, &Numbers::Scalar(0.0), out, |x, _| f(x));
}

#[expect(
    clippy::double_comparisons,
    reason = "unlike !=, both are false for a missing number"
)]
pub(super) fn compare(op: Comparison, a: &Numbers<'_>, b: &Numbers<'_>, out: &mut [u8]) {
    match op {
        Comparison::Greater => zip_truth(a, b, out, |a, b| a > b, |a, b| a <= b),
        Comparison::AtLeast => zip_truth(a, b, out, |a, b| a >= b, |a, b| a < b),
        Comparison::Equal => zip_truth(a, b, out, |a, b| a == b, |a, b| a < b || a > b),
    }
}

/// Writes where `yes` and `no` hold; both bits stay 0 where a number is missing.
fn zip_truth(
    a: &Numbers<'_>,
    b: &Numbers<'_>,
    out: &mut [u8],
    yes: impl Fn(f64, f64) -> bool,
    no: impl Fn(f64, f64) -> bool,
) {
    zip_bits(a, b, out, (yes, no, |_, _| false));
}

/// Writes the order of two columns, from which comparisons in both directions follow.
pub(super) fn order(a: &Numbers<'_>, b: &Numbers<'_>, out: &mut [u8]) {
    zip_bits(a, b, out, (|a, b| a > b, |a, b| a < b, |a, b| a == b));
}

/// Where an order is one of `yes`.
pub(super) fn ordered(order: &Truths<'_>, yes: u8, out: &mut [u8]) {
    let unused = Truths::Always(UNKNOWN);
    zip_truths(order, &unused, out, |order, _| {
        u8::from(order & yes != 0) | u8::from(order & !yes != 0) << 1
    });
}

/// Writes what three conditions say of both, as the lowest bits of a byte.
fn zip_bits<F, G, H>(a: &Numbers<'_>, b: &Numbers<'_>, out: &mut [u8], bits: (F, G, H))
where
    F: Fn(f64, f64) -> bool,
    G: Fn(f64, f64) -> bool,
    H: Fn(f64, f64) -> bool,
{
    let byte = |a, b| u8::from(bits.0(a, b)) | u8::from(bits.1(a, b)) << 1 | u8::from(bits.2(a, b)) << 2;
    let (groups, rest) = out.as_chunks_mut();
    let done = groups.len() * GROUP;
    match (a.operand(), b.operand()) {
        (Operand::Column(a), Operand::Column(b)) => {
            group_bits(a.as_chunks().0.iter(), b.as_chunks().0.iter(), groups, &bits);
        }
        (Operand::Column(a), Operand::Scalar(b)) => {
            group_bits(a.as_chunks().0.iter(), repeat(&[b; GROUP]), groups, &bits);
        }
        (Operand::Scalar(a), Operand::Column(b)) => {
            group_bits(repeat(&[a; GROUP]), b.as_chunks().0.iter(), groups, &bits);
        }
        (Operand::Scalar(a), Operand::Scalar(b)) => groups.fill([byte(a, b); GROUP]),
    }
    zip(&a.from(done), &b.from(done), rest, byte);
}

/// Bars that are compared together.
const GROUP: usize = 32;

/// A loop for each condition: with one alone, compilers go from numbers of eight bytes to single bytes in vectors.
#[multiversion(targets("x86_64+avx+avx2"))]
fn group_bits<'n>(
    a: impl Iterator<Item = &'n [f64; GROUP]>,
    b: impl Iterator<Item = &'n [f64; GROUP]>,
    out: &mut [[u8; GROUP]],
    bits: &(
        impl Fn(f64, f64) -> bool,
        impl Fn(f64, f64) -> bool,
        impl Fn(f64, f64) -> bool,
    ),
) {
    for (out, (a, b)) in out.iter_mut().zip(a.zip(b)) {
        let [mut first, mut second, mut third] = [[0_u8; GROUP]; 3];
        for (bit, (&a, &b)) in first.iter_mut().zip(a.iter().zip(b)) {
            *bit = u8::from(bits.0(a, b));
        }
        for (bit, (&a, &b)) in second.iter_mut().zip(a.iter().zip(b)) {
            *bit = u8::from(bits.1(a, b));
        }
        for (bit, (&a, &b)) in third.iter_mut().zip(a.iter().zip(b)) {
            *bit = u8::from(bits.2(a, b));
        }
        for (out, (first, (second, third))) in out.iter_mut().zip(first.iter().zip(second.iter().zip(&third)))
        {
            *out = first | second << 1 | third << 2;
        }
    }
}

#[multiversion(targets("x86_64+avx+avx2"))]
pub(super) fn zip_truths(a: &Truths<'_>, b: &Truths<'_>, out: &mut [u8], f: impl Fn(u8, u8) -> u8) {
    match (a, b) {
        (Truths::Always(a), Truths::Always(b)) => out.fill(f(*a, *b)),
        (Truths::Column(a), Truths::Always(b)) => {
            for (out, &a) in out.iter_mut().zip(a.iter()) {
                *out = f(a, *b);
            }
        }
        (Truths::Always(a), Truths::Column(b)) => {
            for (out, &b) in out.iter_mut().zip(b.iter()) {
                *out = f(*a, b);
            }
        }
        (Truths::Column(a), Truths::Column(b)) => {
            for (out, (&a, &b)) in out.iter_mut().zip(a.iter().zip(b.iter())) {
                *out = f(a, b);
            }
        }
    }
}

/// Where `a` becomes true. `before` is what it was on the bar before the first; there is none before the very first, and what
/// never changes never becomes true.
#[multiversion(targets("x86_64+avx+avx2"))]
pub(super) fn rise(a: &Truths<'_>, before: Option<u8>, out: &mut [u8]) {
    let Some((first, out)) = out.split_first_mut() else {
        return;
    };
    let now = match a {
        Truths::Always(a) => Some(*a),
        Truths::Column(a) => a.first().copied(),
    };
    *first = before
        .zip(now)
        .map_or(UNKNOWN, |(before, now)| truth::rise(before, now));
    match a {
        Truths::Always(a) => out.fill(truth::rise(*a, *a)),
        Truths::Column(a) => {
            let later = a.get(1..).unwrap_or_default();
            for (out, (&before, &now)) in out.iter_mut().zip(a.iter().zip(later)) {
                *out = truth::rise(before, now);
            }
        }
    }
}

/// Unknown on the first `n` bars.
pub(super) fn truths_ago<'a>(a: &Truths<'_>, n: usize, len: usize) -> Truths<'a> {
    let missing = n.min(len);
    let mut shifted = vec![UNKNOWN; missing];
    match a {
        Truths::Always(a) => shifted.resize(len, *a),
        Truths::Column(a) => shifted.extend_from_slice(a.get(..len - missing).unwrap_or_default()),
    }
    Truths::Column(Cow::Owned(shifted))
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

pub(super) fn choose(condition: &Truths<'_>, yes: &Numbers<'_>, no: &Numbers<'_>, out: &mut [f64]) {
    let pick = |truth: u8, yes: f64, no: f64| match truth {
        truth::TRUE => yes,
        truth::FALSE => no,
        _ => f64::NAN,
    };
    match condition {
        Truths::Always(always) => zip(yes, no, out, |yes, no| pick(*always, yes, no)),
        Truths::Column(column) => {
            let (yes, no) = (yes.column(out.len()), no.column(out.len()));
            for (out, (&truth, (&yes, &no))) in
                out.iter_mut().zip(column.iter().zip(yes.iter().zip(no.iter())))
            {
                *out = pick(truth, yes, no);
            }
        }
    }
}
