//! The machine of a pickle, as far as dictionaries of tensors need it.
//! <https://github.com/python/cpython/blob/3.12/Lib/pickletools.py> says what the bytes mean.

use std::collections::HashMap;
use std::io::Read;
use std::rc::Rc;

use super::Fault;
use super::value::{Global, Tensor, Value, odd};

/// No dictionary of tensors takes more steps, has longer texts or remembers more.
const MOST_STEPS: u64 = 4_000_000;
const LONGEST_TEXT: u64 = 1 << 16;
const MOST_REMEMBERED: usize = 1 << 20;
const LONGEST_LINE: usize = 256;

/// A list or a dictionary that is being filled.
#[derive(Debug, Default)]
struct Node {
    items: Vec<Value>,
    pairs: Vec<(Value, Value)>,
}

/// A pickle that was read to its end.
#[derive(Debug)]
pub(super) struct Pickle {
    root: Value,
    nodes: Vec<Node>,
}

impl Pickle {
    /// The number that it is.
    pub(super) fn number(&self) -> Option<i64> {
        match self.root {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The texts of the list that it is.
    pub(super) fn texts(&self) -> Result<Vec<String>, Fault> {
        let Value::Node(at) = self.root else {
            return Err(odd("a list"));
        };
        let text = |item: &Value| match item {
            Value::Text(text) => Ok((**text).to_owned()),
            _ => Err(odd("a text")),
        };
        let items = self.nodes.get(at).map(|node| node.items.as_slice());
        items.unwrap_or_default().iter().map(text).collect()
    }

    /// The tensors of the dictionary that it is.
    pub(super) fn tensors(&self) -> Result<Vec<(String, Tensor)>, Fault> {
        let Value::Node(at) = self.root else {
            return Err(odd("a dictionary of tensors"));
        };
        let pair = |(key, value): &(Value, Value)| match (key, value) {
            (Value::Text(name), Value::Tensor(tensor)) => Ok(((**name).to_owned(), (**tensor).clone())),
            _ => Err(odd("a tensor with its name")),
        };
        let pairs = self.nodes.get(at).map(|node| node.pairs.as_slice());
        pairs.unwrap_or_default().iter().map(pair).collect()
    }
}

/// Reads one pickle. Nothing after its end is touched.
pub(super) fn read(from: &mut impl Read) -> Result<Pickle, Fault> {
    let mut machine = Machine {
        from,
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
        nodes: Vec::new(),
    };
    for _ in 0..MOST_STEPS {
        if let Some(root) = machine.step()? {
            return Ok(Pickle {
                root,
                nodes: machine.nodes,
            });
        }
    }
    Err(Fault::TooLarge)
}

struct Machine<'r, R> {
    from: &'r mut R,
    stack: Vec<Value>,
    marks: Vec<usize>,
    memo: HashMap<u32, Value>,
    nodes: Vec<Node>,
}

impl<R: Read> Machine<'_, R> {
    /// One step; the root when it was the last.
    fn step(&mut self) -> Result<Option<Value>, Fault> {
        let [code] = self.bytes()?;
        match code {
            b'.' => return self.pop().map(Some),
            0x80 => drop(self.bytes::<1>()?),
            0x95 => drop(self.bytes::<8>()?),
            b'(' => self.marks.push(self.stack.len()),
            b'0' => drop(self.pop()?),
            b'N' | 0x88 | 0x89 => self.stack.push(Value::Plain),
            b'G' => {
                self.bytes::<8>()?;
                self.stack.push(Value::Plain);
            }
            b'K' => {
                let [number] = self.bytes()?;
                self.stack.push(Value::Number(number.into()));
            }
            b'M' => {
                let number = u16::from_le_bytes(self.bytes()?);
                self.stack.push(Value::Number(number.into()));
            }
            b'J' => {
                let number = i32::from_le_bytes(self.bytes()?);
                self.stack.push(Value::Number(number.into()));
            }
            0x8a => self.long()?,
            b'X' => {
                let length = u32::from_le_bytes(self.bytes()?);
                self.text(length.into())?;
            }
            0x8c | b'U' => {
                let [length] = self.bytes()?;
                self.text(length.into())?;
            }
            b'q' => {
                let [at] = self.bytes()?;
                self.remember(at.into())?;
            }
            b'r' => {
                let at = u32::from_le_bytes(self.bytes()?);
                self.remember(at)?;
            }
            0x94 => {
                let at = u32::try_from(self.memo.len()).map_err(|_| Fault::TooLarge)?;
                self.remember(at)?;
            }
            b'h' => {
                let [at] = self.bytes()?;
                self.recall(at.into())?;
            }
            b'j' => {
                let at = u32::from_le_bytes(self.bytes()?);
                self.recall(at)?;
            }
            b'}' | b']' => self.grow(),
            b')' => self.stack.push(Value::tuple(Vec::new())?),
            0x85..=0x87 => {
                let from = self.stack.len().checked_sub(usize::from(code - 0x84));
                self.tuple(from.ok_or_else(|| odd("a value"))?)?;
            }
            b't' => {
                let from = self.marks.pop().ok_or_else(|| odd("a mark"))?;
                self.tuple(from)?;
            }
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                self.stack.push(Value::Global(Global::named(&module, &name)?));
            }
            0x93 => {
                let (name, module) = (self.pop()?, self.pop()?);
                let (Value::Text(module), Value::Text(name)) = (module, name) else {
                    return Err(odd("a name"));
                };
                self.stack.push(Value::Global(Global::named(&module, &name)?));
            }
            b'Q' => {
                let storage = self.pop()?.storage()?;
                self.stack.push(Value::Storage(storage));
            }
            b'R' => self.call()?,
            // The state of a dictionary beside its pairs: versions of modules, of no interest.
            b'b' => drop(self.pop()?),
            b's' | b'u' | b'a' | b'e' => self.fill(code)?,
            _ => return Err(Fault::Foreign(format!("step {code:#04x}"))),
        }
        Ok(None)
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        self.from.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn pop(&mut self) -> Result<Value, Fault> {
        self.stack.pop().ok_or_else(|| odd("a value"))
    }

    fn text(&mut self, length: u64) -> Result<(), Fault> {
        if length > LONGEST_TEXT {
            return Err(Fault::TooLarge);
        }
        let mut text = String::new();
        let read = (&mut *self.from).take(length).read_to_string(&mut text)?;
        if read as u64 != length {
            return Err(Fault::Broken("a text ends early".to_owned()));
        }
        self.stack.push(Value::Text(Rc::from(text)));
        Ok(())
    }

    /// A line of the old form of names.
    fn line(&mut self) -> Result<String, Fault> {
        let mut line = Vec::new();
        loop {
            match self.bytes()? {
                [b'\n'] => break,
                _ if line.len() == LONGEST_LINE => return Err(Fault::TooLarge),
                [byte] => line.push(byte),
            }
        }
        String::from_utf8(line).map_err(|_| odd("a name"))
    }

    /// A whole number of up to 255 bytes; one that is too large for us is of no interest.
    fn long(&mut self) -> Result<(), Fault> {
        let [length] = self.bytes()?;
        let mut bytes = vec![0; length.into()];
        self.from.read_exact(&mut bytes)?;
        let negative = bytes.last().is_some_and(|last| *last >= 0x80);
        let filled: [u8; 8] = std::array::from_fn(|at| {
            let rest = if negative { 0xff } else { 0 };
            bytes.get(at).copied().unwrap_or(rest)
        });
        self.stack.push(if bytes.len() <= 8 {
            Value::Number(i64::from_le_bytes(filled))
        } else {
            Value::Plain
        });
        Ok(())
    }

    fn remember(&mut self, at: u32) -> Result<(), Fault> {
        if self.memo.len() == MOST_REMEMBERED {
            return Err(Fault::TooLarge);
        }
        let top = self.stack.last().ok_or_else(|| odd("a value"))?.clone();
        self.memo.insert(at, top);
        Ok(())
    }

    fn recall(&mut self, at: u32) -> Result<(), Fault> {
        let value = self.memo.get(&at).ok_or_else(|| odd("a value"))?.clone();
        self.stack.push(value);
        Ok(())
    }

    fn grow(&mut self) {
        self.stack.push(Value::Node(self.nodes.len()));
        self.nodes.push(Node::default());
    }

    fn tuple(&mut self, from: usize) -> Result<(), Fault> {
        let items = self.since(from)?;
        self.stack.push(Value::tuple(items)?);
        Ok(())
    }

    /// Takes what lies on the stack from a place on.
    fn since(&mut self, from: usize) -> Result<Vec<Value>, Fault> {
        if from > self.stack.len() {
            return Err(odd("a mark"));
        }
        Ok(self.stack.split_off(from))
    }

    fn call(&mut self) -> Result<(), Fault> {
        let (arguments, of) = (self.pop()?, self.pop()?);
        let Value::Global(of) = of else {
            return Err(odd("a name that is called"));
        };
        match (of, arguments.items()?) {
            (Global::OrderedDict, []) => self.grow(),
            (of, arguments) => {
                let made = Value::called(of, arguments)?;
                self.stack.push(made);
            }
        }
        Ok(())
    }

    /// Puts values into the list, or pairs into the dictionary, below them.
    fn fill(&mut self, code: u8) -> Result<(), Fault> {
        let from = match code {
            b'a' => self.stack.len().checked_sub(1),
            b's' => self.stack.len().checked_sub(2),
            _ => self.marks.pop(),
        };
        let values = self.since(from.ok_or_else(|| odd("a value"))?)?;
        let Some(Value::Node(at)) = self.stack.last() else {
            return Err(odd("a list or a dictionary"));
        };
        let node = self
            .nodes
            .get_mut(*at)
            .ok_or_else(|| odd("a list or a dictionary"))?;
        if matches!(code, b'a' | b'e') {
            node.items.extend(values);
            return Ok(());
        }
        let mut values = values.into_iter();
        while let Some(key) = values.next() {
            let value = values.next().ok_or_else(|| odd("a value of a pair"))?;
            node.pairs.push((key, value));
        }
        Ok(())
    }
}
