//! How far a few outcomes are to be believed: the lower bound of Wilson's score interval.
//!
//! Pure. Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the
//! American Statistical Association 22 (1927), pages 209-212. With s successes of n and z = 1.96, the 97.5th percentile of
//! the normal distribution, the true rate lies, with 95 % confidence, not below
//!
//! ```text
//! ( s + z²/2 − z·√( s·(n−s)/n + z²/4 ) ) / ( n + z² )
//! ```
//!
//! The middle of the interval, (s + z²/2) / (n + z²), is the rate as if z² ≈ 4 more outcomes were known, half of them good:
//! the neutral prior. So 1 of 1 counts 0.21, 95 of 100 count 0.89, and 1.0 is never reached.

use super::share::number;

/// The 97.5th percentile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// What the true rate of success is not below, with 95 % confidence; `None` of nothing.
pub(super) fn lower_bound(successes: u64, n: u64) -> Option<f64> {
    let (s, whole, square) = (number(successes.min(n)), number(n), Z * Z);
    let spread = Z * (s * (whole - s) / whole + square / 4.0).sqrt();
    let bound = (s + square / 2.0 - spread) / (whole + square);
    (n > 0).then_some(bound.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What floating point may err by.
    const ROUNDING: f64 = 1e-12;

    fn bound(successes: u64, n: u64) -> f64 {
        lower_bound(successes, n).unwrap()
    }

    #[test]
    fn one_lucky_run_does_not_beat_ninety_five_of_a_hundred() {
        let cases = [
            (0, 1, "0.000"),
            (1, 1, "0.207"),
            (4, 4, "0.510"),
            (0, 99, "0.000"),
            (99, 99, "0.963"),
            (50, 100, "0.404"),
            (95, 100, "0.888"),
            (100, 100, "0.963"),
            (0, 101, "0.000"),
            (95, 101, "0.876"),
            (101, 101, "0.963"),
        ];
        for (successes, n, expected) in cases {
            assert_eq!(format!("{:.3}", bound(successes, n)), expected, "{successes} of {n}");
        }
        assert_eq!(format!("{:.2} {:.2}", bound(1, 1), bound(95, 100)), "0.21 0.89");
        assert_eq!(lower_bound(0, 0), None);
    }

    /// Up to 2000 outcomes, some of them good.
    fn counts() -> impl Strategy<Value = (u64, u64)> {
        (1_u64..2000).prop_flat_map(|n| (0..=n, Just(n)))
    }

    proptest! {
        #[test]
        fn the_bound_lies_between_nothing_and_the_rate((successes, n) in counts()) {
            let bound = bound(successes, n);
            prop_assert!((0.0..=number(successes) / number(n) + ROUNDING).contains(&bound), "{bound}");
        }

        #[test]
        fn one_more_success_never_lowers_it_and_one_more_failure_never_raises_it((successes, n) in counts()) {
            let before = bound(successes, n);
            prop_assert!(bound(successes + 1, n + 1) >= before - ROUNDING);
            prop_assert!(bound(successes, n + 1) <= before + ROUNDING);
            prop_assert!(successes == n || bound(successes + 1, n) >= before - ROUNDING);
        }

        #[test]
        fn every_pair_of_counts_has_a_bound_or_none(successes: u64, n: u64) {
            let bound = lower_bound(successes, n);
            prop_assert_eq!(bound.is_none(), n == 0);
            prop_assert!(bound.is_none_or(|bound| (0.0..=1.0).contains(&bound)));
        }
    }
}
