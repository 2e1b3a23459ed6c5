//! Shares: counts held against each other. What was not counted has none.

/// A count as a number.
#[expect(clippy::cast_precision_loss, reason = "nobody counts to 2^53")]
pub(super) fn number(count: u64) -> f64 {
    count as f64
}

/// `part` of `whole`.
pub(super) fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| number(part) / number(whole))
}

/// To three places, so that figures have no tail of binary fractions.
pub(super) fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
