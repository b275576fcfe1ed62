//! Every element of a resource, with the invariants that stand there.

use super::table::{of_element, of_type};
use super::{Invariant, Told};
use crate::fhirpath::{Element, Environment};

/// Evaluates every invariant on every element of a resource that it stands at.
pub(super) fn walk<'d>(root: &Element<'d>, told: &mut Told) {
    let environment = Environment {
        resource: *root,
        root: *root,
        bundle: None,
    };
    let path = Path {
        above: None,
        name: root.of(),
        place: None,
    };
    resource(root, &environment, &path, told);
}

/// The way to an element; written out only where there is something to say of it.
struct Path<'p> {
    above: Option<&'p Path<'p>>,
    name: &'p str,
    place: Option<usize>,
}

impl Path<'_> {
    fn written(&self) -> String {
        let mut text = match self.above {
            Some(above) => above.written() + ".",
            None => String::new(),
        };
        text.push_str(self.name);
        if let Some(place) = self.place {
            text.push_str(&format!("[{place}]"));
        }
        text
    }
}

/// A resource by itself, contained in another, or in an entry of a Bundle.
fn resource<'d>(
    element: &Element<'d>,
    environment: &Environment<'d>,
    path: &Path<'_>,
    told: &mut Told,
) {
    if element.has("contained") {
        hold(of_type("DomainResource"), element, environment, path, told);
    }
    hold(of_type(element.of()), element, environment, path, told);
    below(element, environment, path, told);
}

fn below<'d>(
    element: &Element<'d>,
    environment: &Environment<'d>,
    path: &Path<'_>,
    told: &mut Told,
) {
    for child in element.placed() {
        let path = Path {
            above: Some(path),
            name: child.key,
            place: child.place,
        };
        let own = &child.element;
        if own.is_resource() {
            let inner = environment.within(element, own, child.name);
            hold(
                of_element(element.of(), child.name),
                own,
                &inner,
                &path,
                told,
            );
            resource(own, &inner, &path, told);
            continue;
        }
        // All that is asked of every element is that it says something; almost all do.
        if own.says_nothing() {
            hold(of_type("Element"), own, environment, &path, told);
        }
        for invariants in [of_element(element.of(), child.name), of_type(own.of())] {
            hold(invariants, own, environment, &path, told);
        }
        below(own, environment, &path, told);
    }
}

fn hold<'d>(
    invariants: &'static [Invariant],
    element: &Element<'d>,
    environment: &Environment<'d>,
    path: &Path<'_>,
    told: &mut Told,
) {
    for invariant in invariants {
        told.hold(invariant, element, environment, &|| path.written());
    }
}
