//! Elements of a resource with their types, as an expression walks them.

use std::borrow::Cow;

use super::temporal::Temporal;
use super::types;
use super::value::{Moment, Quantity, Value};
use crate::definitions::definition_of;
use crate::document::{Kind, Node};

/// An element: its value, its companion (`_birthDate`), or both.
#[derive(Debug, Clone, Copy)]
pub struct Element<'d> {
    value: Option<Node<'d>>,
    companion: Option<Node<'d>>,
    of: &'static str,
}

/// An element below another.
pub(crate) struct Child<'d> {
    /// Its name in the definitions: `value`.
    pub(crate) name: &'static str,
    /// Its name in the JSON: `valueQuantity`.
    pub(crate) key: &'d str,
    /// Where it stands in its list.
    pub(crate) place: Option<usize>,
    /// The element.
    pub(crate) element: Element<'d>,
}

impl<'d> Element<'d> {
    /// A resource; `None` if the node is none.
    #[must_use]
    pub fn resource(node: Node<'d>) -> Option<Self> {
        let facts = crate::types::of(&node.text_at("resourceType")?)?;
        Some(Self::new(Some(node), None, facts.name))
    }

    /// A value and its companion, with the type that its element has.
    #[must_use]
    pub(crate) fn new(
        value: Option<Node<'d>>,
        companion: Option<Node<'d>>,
        of: &'static str,
    ) -> Self {
        Self {
            value,
            companion,
            of,
        }
    }

    /// The type: of a primitive, of data, of a resource, or the path of an element with elements of
    /// its own, such as `Patient.contact`.
    #[must_use]
    pub fn of(&self) -> &'static str {
        self.of
    }

    /// The node that has the value, or if there is none the companion.
    #[must_use]
    pub fn node(&self) -> Option<Node<'d>> {
        self.value.or(self.companion)
    }

    /// Whether it is of a primitive type.
    #[must_use]
    pub fn is_primitive(&self) -> bool {
        types::is_primitive(self.of)
    }

    /// Whether it is a primitive that has nothing but an id or extensions.
    pub(super) fn is_absent(&self) -> bool {
        self.is_primitive() && self.value.is_none()
    }

    /// Whether it has neither a value nor anything below but an id.
    pub(crate) fn says_nothing(&self) -> bool {
        if self.is_primitive() && self.value.is_some() {
            return false;
        }
        let members = self.value.iter().chain(&self.companion);
        let mut members = members.flat_map(Node::children);
        members.all(|member| member.key() == "id")
    }

    /// Whether it is a resource.
    pub(crate) fn is_resource(&self) -> bool {
        crate::types::of(self.of).is_some()
    }

    /// Whether its type has an element of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        definition_of(self.of).is_some_and(|definition| definition.element(name).is_some())
    }

    /// Every element below, in the order of the JSON.
    pub(crate) fn placed(&self) -> Vec<Child<'d>> {
        let mut found = Vec::new();
        self.each(None, &mut |child| found.push(child));
        found
    }

    /// Calls for each element below, or for each of one name.
    pub(super) fn each(&self, wanted: Option<&str>, visit: &mut dyn FnMut(Child<'d>)) {
        // Ids and extensions of a primitive are in its companion.
        let (node, of) = match self.is_primitive() {
            true => (self.companion, "Element"),
            false => (self.value, self.of),
        };
        let (Some(node), Some(definition)) = (node, definition_of(of)) else {
            return;
        };
        for member in node.children() {
            let key = member.key();
            let (bare, is_companion) = match key.strip_prefix('_') {
                Some(bare) => (bare, true),
                None => (key, false),
            };
            if wanted.is_some_and(|wanted| !bare.starts_with(wanted)) {
                continue;
            }
            let Some((element, kind)) = definition.element(bare) else {
                continue;
            };
            if wanted.is_some_and(|wanted| wanted != element.name) {
                continue;
            }
            let other = match is_companion {
                // Already met, or about to be, at its value.
                true if node.member(bare).is_some() => continue,
                true => None,
                false if types::is_primitive(kind.name) => companion_of(node, bare),
                false => None,
            };
            let mut meet = |place, value, companion| {
                if let Some(found) = Self::of_type(value, companion, kind.name) {
                    visit(Child {
                        name: element.name,
                        key: bare,
                        place,
                        element: found,
                    });
                }
            };
            match is_companion {
                true => pairs(None, Some(member), &mut meet),
                false => pairs(Some(member), other, &mut meet),
            }
        }
    }

    fn of_type(
        value: Option<Node<'d>>,
        companion: Option<Node<'d>>,
        of: &'static str,
    ) -> Option<Self> {
        match of {
            "Resource" => Self::resource(value?),
            of => Some(Self::new(value, companion, of)),
        }
    }

    /// The elements below of one name.
    pub(super) fn named(&self, name: &str) -> Vec<Self> {
        let mut found = Vec::new();
        self.each(Some(name), &mut |child| found.push(child.element));
        found
    }

    /// The text of a primitive.
    pub(super) fn text(&self) -> Option<Cow<'d, str>> {
        match self.is_primitive() && !types::is_temporal(self.of) {
            true => self.value?.as_str(),
            false => None,
        }
    }

    /// The text of a primitive as it is written, whatever its type.
    pub(super) fn written(&self) -> Option<Cow<'d, str>> {
        let value = self.value.filter(|_| self.is_primitive())?;
        Some(match value.as_str() {
            Some(text) => text,
            None => Cow::Borrowed(value.raw()),
        })
    }

    /// The value that it stands for, if it is a primitive or a quantity.
    pub(super) fn plain(&self) -> Option<Value<'d>> {
        if types::is_a(self.of, "Quantity") {
            return self.quantity().map(Value::Quantity);
        }
        let value = self.value.filter(|_| self.is_primitive())?;
        Some(match value.kind() {
            Kind::True | Kind::False => Value::Boolean(value.as_bool()?),
            Kind::Number if self.of == "decimal" => Value::Decimal(value.raw().parse().ok()?),
            Kind::Number => match value.raw().parse() {
                Ok(whole) => Value::Integer(whole),
                Err(_) => Value::Decimal(value.raw().parse().ok()?),
            },
            Kind::String => {
                let text = value.as_str()?;
                let temporal = types::is_temporal(self.of).then(|| Temporal::parse(&text));
                match temporal.flatten() {
                    Some(temporal) => Value::Temporal(Moment(temporal)),
                    None => Value::Text(text),
                }
            }
            _ => return None,
        })
    }

    fn quantity(&self) -> Option<Quantity> {
        let node = self.value?;
        let value = node.member("value")?.raw().parse().ok()?;
        let unit = node.text_at("code").or_else(|| node.text_at("unit"));
        Some(Quantity {
            value,
            unit: unit.map(Cow::into_owned).unwrap_or_default(),
        })
    }
}

fn companion_of<'d>(parent: Node<'d>, name: &str) -> Option<Node<'d>> {
    let mut members = parent.children();
    members.find(|member| member.key().strip_prefix('_') == Some(name))
}

/// Values with their companions, and where they stand in a list.
fn pairs<'d>(
    values: Option<Node<'d>>,
    companions: Option<Node<'d>>,
    meet: &mut dyn FnMut(Option<usize>, Option<Node<'d>>, Option<Node<'d>>),
) {
    let member = values.or(companions);
    let is_list = member.is_some_and(|member| member.kind() == Kind::Array);
    let mut values = values.into_iter().flat_map(|member| member.items());
    let mut companions = companions.into_iter().flat_map(|member| member.items());
    let there = |node: &Node<'d>| node.kind() != Kind::Null;
    for place in 0.. {
        let (value, companion) = (values.next(), companions.next());
        if value.is_none() && companion.is_none() {
            return;
        }
        let (value, companion) = (value.filter(there), companion.filter(there));
        if value.is_some() || companion.is_some() {
            meet(is_list.then_some(place), value, companion);
        }
    }
}
