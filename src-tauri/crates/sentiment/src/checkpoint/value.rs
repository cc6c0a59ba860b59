//! What a pickle of tensors can be made of. Nothing here does anything.

use std::rc::Rc;

use super::Fault;
use crate::tensors::TensorKind;

/// Nothing in a dictionary of tensors is nested deeper.
const DEEPEST: u8 = 16;

/// The names that a dictionary of tensors needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Global {
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
    Storage(TensorKind),
}

impl Global {
    pub(super) fn named(module: &str, name: &str) -> Result<Self, Fault> {
        Ok(match (module, name) {
            ("collections", "OrderedDict") => Self::OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2") => Self::RebuildTensor,
            ("torch._utils", "_rebuild_parameter") => Self::RebuildParameter,
            ("torch", storage) => {
                let kind = match storage {
                    "DoubleStorage" => TensorKind::F64,
                    "FloatStorage" => TensorKind::F32,
                    "HalfStorage" => TensorKind::F16,
                    "BFloat16Storage" => TensorKind::Bf16,
                    "LongStorage" => TensorKind::I64,
                    "IntStorage" => TensorKind::I32,
                    "ByteStorage" => TensorKind::U8,
                    "BoolStorage" => TensorKind::Bool,
                    _ => return Err(Fault::Foreign(format!("{module}.{name}"))),
                };
                Self::Storage(kind)
            }
            _ => return Err(Fault::Foreign(format!("{module}.{name}"))),
        })
    }
}

/// Some numbers of the file, by name.
#[derive(Clone, Debug)]
pub(super) struct StorageName {
    pub(super) kind: TensorKind,
    pub(super) key: Rc<str>,
    pub(super) numbers: u64,
}

/// A tensor: which numbers, from which on, in which shape.
#[derive(Clone, Debug)]
pub(super) struct Tensor {
    pub(super) storage: StorageName,
    pub(super) offset: u64,
    pub(super) shape: Vec<u64>,
    strides: Vec<u64>,
}

impl Tensor {
    /// Whether its numbers stand one after the other, the last side changing fastest.
    pub(super) fn is_contiguous(&self) -> bool {
        let mut expected = 1_u64;
        for (side, stride) in self.shape.iter().zip(&self.strides).rev() {
            if *side > 1 && *stride != expected {
                return false;
            }
            expected = expected.saturating_mul(*side);
        }
        self.shape.len() == self.strides.len()
    }
}

/// A value on the stack. Cheap to clone: what can be large is shared or lies among the nodes of the machine.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// None, a boolean, a fraction: present and of no interest.
    Plain,
    Number(i64),
    Text(Rc<str>),
    Tuple {
        items: Rc<[Value]>,
        depth: u8,
    },
    /// A list or a dictionary, which can still grow: its place among the nodes.
    Node(usize),
    Global(Global),
    Storage(StorageName),
    Tensor(Rc<Tensor>),
}

impl Value {
    pub(super) fn tuple(items: Vec<Value>) -> Result<Self, Fault> {
        let deepest = items.iter().map(|item| match item {
            Self::Tuple { depth, .. } => *depth,
            _ => 0,
        });
        let depth = deepest.max().unwrap_or(0) + 1;
        if depth > DEEPEST {
            return Err(Fault::TooLarge);
        }
        Ok(Self::Tuple {
            items: items.into(),
            depth,
        })
    }

    pub(super) fn items(&self) -> Result<&[Value], Fault> {
        match self {
            Self::Tuple { items, .. } => Ok(items),
            _ => Err(odd("a tuple")),
        }
    }

    /// `('storage', class, key, device, numbers)`, as a storage is named in a pickle.
    pub(super) fn storage(&self) -> Result<StorageName, Fault> {
        match self.items()? {
            [
                Self::Text(word),
                Self::Global(Global::Storage(kind)),
                Self::Text(key),
                Self::Text(_),
                Self::Number(numbers),
                rest @ ..,
            ] if &**word == "storage" && matches!(rest, [] | [Self::Plain]) => Ok(StorageName {
                kind: *kind,
                key: Rc::clone(key),
                numbers: u64::try_from(*numbers).map_err(|_| odd("a number of numbers"))?,
            }),
            _ => Err(odd("a storage")),
        }
    }

    /// What a call of a known name yields.
    pub(super) fn called(of: Global, arguments: &[Value]) -> Result<Self, Fault> {
        match (of, arguments) {
            (Global::RebuildTensor, [Self::Storage(storage), Self::Number(offset), shape, strides, ..]) => {
                Ok(Self::Tensor(Rc::new(Tensor {
                    storage: storage.clone(),
                    offset: u64::try_from(*offset).map_err(|_| odd("an offset"))?,
                    shape: shape.sides()?,
                    strides: strides.sides()?,
                })))
            }
            (Global::RebuildParameter, [tensor @ Self::Tensor(_), ..]) => Ok(tensor.clone()),
            _ => Err(odd("a tensor")),
        }
    }

    fn sides(&self) -> Result<Vec<u64>, Fault> {
        let side = |item: &Self| match item {
            Self::Number(number) => u64::try_from(*number).map_err(|_| odd("a side of a tensor")),
            _ => Err(odd("a side of a tensor")),
        };
        self.items()?.iter().map(side).collect()
    }
}

/// Something else stands where this should.
pub(super) fn odd(what: &str) -> Fault {
    Fault::Unknown(format!("{what} is missing where it should stand"))
}
