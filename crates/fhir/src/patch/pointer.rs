//! JSON pointers (<https://www.rfc-editor.org/rfc/rfc6901>).

use crate::document::{Kind, Node};

/// A way from the whole document to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pointer(Vec<Step>);

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A member, or an item by a text that is no number.
    Name(String),
    /// An item, or a member of that name.
    Item(usize),
    /// Behind the last item.
    End,
}

impl Pointer {
    /// Reads `/name/0/family`; `None` if it is not one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self(Vec::new()));
        }
        let steps = text.strip_prefix('/')?.split('/');
        Some(Self(steps.map(Step::parse).collect()))
    }

    /// The value that it leads to.
    pub(super) fn find<'d>(&self, root: Node<'d>) -> Option<Node<'d>> {
        self.0.iter().try_fold(root, |node, step| step.from(node))
    }

    /// The way to what holds the value, and the last step.
    pub(super) fn parent(&self) -> Option<(Self, &Step)> {
        let (last, above) = self.0.split_last()?;
        Some((Self(above.to_vec()), last))
    }

    /// Whether it leads through another.
    pub(super) fn is_below(&self, other: &Self) -> bool {
        self.0.len() > other.0.len() && self.0.starts_with(&other.0)
    }
}

impl Step {
    fn parse(text: &str) -> Self {
        let is_number = text == "0" || !text.starts_with('0');
        match text.parse() {
            _ if text == "-" => Self::End,
            Ok(item) if is_number && !text.starts_with('+') => Self::Item(item),
            _ => Self::Name(text.replace("~1", "/").replace("~0", "~")),
        }
    }

    fn from<'d>(&self, node: Node<'d>) -> Option<Node<'d>> {
        match (self, node.kind()) {
            (Self::Name(name), Kind::Object) => node.member(name),
            (Self::Item(item), Kind::Object) => node.member(&item.to_string()),
            (Self::Item(item), Kind::Array) => node.children().nth(*item),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_steps_with_slashes_between() {
        let steps = |text: &str| Pointer::parse(text).map(|pointer| pointer.0);
        let name = |text: &str| Step::Name(text.to_owned());
        assert_eq!(steps(""), Some(vec![]));
        assert_eq!(
            steps("/a~1b/0/-"),
            Some(vec![name("a/b"), Step::Item(0), Step::End])
        );
        assert_eq!(steps("/01"), Some(vec![name("01")]));
        assert_eq!(steps("a"), None);
    }
}
