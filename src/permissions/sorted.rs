//! Small sets. Most of those that are made for each wildcard of a definition have one element, for which a
//! tree would take the room of eleven.

/// A set whose elements stand in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sorted<T>(Vec<T>);

impl<T> Default for Sorted<T> {
    fn default() -> Self {
        Sorted(Vec::new())
    }
}

impl<T: Ord> Sorted<T> {
    /// Adds an element unless it is there. Elements that come in order are appended.
    pub(super) fn insert(&mut self, element: T) {
        if self.0.is_empty() {
            self.0.reserve_exact(1);
        }
        if self.0.last().is_none_or(|last| *last < element) {
            self.0.push(element);
        } else if let Err(place) = self.0.binary_search(&element) {
            self.0.insert(place, element);
        }
    }

    /// All elements, in order.
    pub(super) fn as_slice(&self) -> &[T] {
        &self.0
    }
}

impl<T: Ord> Extend<T> for Sorted<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, elements: I) {
        elements.into_iter().for_each(|element| self.insert(element));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_stand_in_order_and_once() {
        for elements in [[1, 2, 3], [3, 2, 1], [2, 2, 1], [1, 3, 1]] {
            let mut sorted = Sorted::default();
            sorted.extend(elements);
            let set = std::collections::BTreeSet::from(elements);
            assert!(sorted.as_slice().iter().eq(&set), "{elements:?}");
        }
    }
}
