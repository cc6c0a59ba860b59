//! The model that says of each block how likely it is the article's: small decision trees over the numbers of [`super::features`].
//!
//! The trees are data: `block_model.txt` has one a line, written by `training/article_blocks.py`, which says what they were
//! made from and how well they judge pages that they have not seen.

use std::sync::LazyLock;

use super::features::{COUNT, Row};

/// The trees, in preorder: `n:t` asks whether number `n` is at most `t`, anything else is a leaf.
const TREES: &str = include_str!("block_model.txt");

/// A node of a tree. Where the answer is yes, the next node follows; else the one at `otherwise`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Node {
    Question {
        number: usize,
        at_most: f32,
        otherwise: usize,
    },
    Leaf(f32),
}

static MODEL: LazyLock<Vec<Vec<Node>>> = LazyLock::new(|| {
    TREES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(tree)
        .collect()
});

/// How likely the block with these numbers is part of the article, 0 to 1.
pub(super) fn likelihood(row: &Row) -> f32 {
    let sum: f32 = MODEL.iter().map(|tree| answer(tree, row)).sum();
    1.0 / (1.0 + (-sum).exp())
}

fn answer(tree: &[Node], row: &Row) -> f32 {
    let mut at = 0;
    loop {
        match tree.get(at) {
            Some(Node::Question {
                number,
                at_most,
                otherwise,
            }) => {
                let yes = row.get(*number).is_some_and(|value| value <= at_most);
                // `otherwise` lies ahead: every step goes on.
                at = if yes { at + 1 } else { *otherwise };
            }
            Some(Node::Leaf(value)) => return *value,
            None => return 0.0,
        }
    }
}

/// Reads a line; `None` when it is no whole tree.
fn tree(line: &str) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    let mut words = line.split_ascii_whitespace();
    grow(&mut words, &mut nodes, 0)?;
    words.next().is_none().then_some(nodes)
}

fn grow<'a>(words: &mut impl Iterator<Item = &'a str>, nodes: &mut Vec<Node>, depth: usize) -> Option<()> {
    let word = words.next().filter(|_| depth < 64)?;
    let Some((number, at_most)) = word.split_once(':') else {
        nodes.push(Node::Leaf(word.parse().ok()?));
        return Some(());
    };
    let number = number.parse().ok().filter(|number| *number < COUNT)?;
    let (at, at_most) = (nodes.len(), at_most.parse().ok()?);
    nodes.push(Node::Leaf(0.0));
    grow(words, nodes, depth + 1)?;
    let otherwise = nodes.len();
    *nodes.get_mut(at)? = Node::Question {
        number,
        at_most,
        otherwise,
    };
    grow(words, nodes, depth + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_tree() {
        let lines = TREES.lines().filter(|line| !line.starts_with('#')).count();
        assert!(lines > 10, "{lines}");
        assert_eq!(MODEL.len(), lines);
    }

    #[test]
    fn trees_are_walked() {
        let nodes = tree("0:1.5 1:2 -1 0.5 3").unwrap_or_default();
        let check = |first: f32, second: f32, expected: f32| {
            let mut row = [0.0; COUNT];
            row[..2].copy_from_slice(&[first, second]);
            assert_eq!(answer(&nodes, &row), expected, "{first} {second}");
        };
        check(1.0, 2.0, -1.0);
        check(1.5, 2.1, 0.5);
        check(1.6, 0.0, 3.0);
        for broken in ["", "0:1 2", "0:1 2 3 4", "900:1 2 3", "0:x 1 2", "x"] {
            assert_eq!(tree(broken), None, "{broken}");
        }
    }
}
