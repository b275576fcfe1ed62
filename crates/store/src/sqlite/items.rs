//! Rows for items: values that are found only together belong to an item of a resource, which the
//! index tables know by a row number below zero.

/// Items of one resource; `fhir::index` counts them in 16 bits.
const ITEMS: i64 = 1 << 16;

/// The row number of an item.
pub(super) fn of_item(row: i64, item: u16) -> i64 {
    -(row * ITEMS + i64::from(item))
}

/// The first and last row number that a resource's items can have.
pub(super) fn of_row(row: i64) -> (i64, i64) {
    (of_item(row, u16::MAX), of_item(row, 0))
}

/// The row of the resource to which an item belongs.
pub(super) fn resource(item: i64) -> i64 {
    -item / ITEMS
}

/// The resource's row, as SQL over the row number of an item.
pub(super) const RESOURCE: &str = "(-row) / 65536";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_lie_between_the_ends_of_their_row() {
        let (first, last) = of_row(7);
        assert!(first <= of_item(7, 300) && of_item(7, 300) <= last);
        assert!(last < of_row(6).0);
        assert_eq!(resource(of_item(7, 300)), 7);
    }
}
