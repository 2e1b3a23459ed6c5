//! A course of values in one line of characters.

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Where there is no value.
const NOTHING: char = '·';

/// The values as bars, from nothing up to `full`, or to the largest when that is more; a dot where there is none.
pub(super) fn sparkline(values: impl IntoIterator<Item = impl Into<Option<f64>>>, full: f64) -> String {
    let values: Vec<Option<f64>> = values.into_iter().map(Into::into).collect();
    let full = values.iter().flatten().copied().fold(full, f64::max);
    values.iter().map(|value| value.map_or(NOTHING, |value| bar(value, full))).collect()
}

fn bar(value: f64, full: f64) -> char {
    let share = if full > 0.0 { value / full } else { 0.0 };
    let (last, rest) = (BARS[BARS.len() - 1], &BARS[..BARS.len() - 1]);
    // Each bar stands for an eighth; the last one for all that is full.
    let higher = rest.iter().zip(1_u32..).find(|(_, eighth)| share < f64::from(*eighth) / 8.0);
    higher.map_or(last, |(bar, _)| *bar)
}

#[cfg(test)]
mod tests {
    use super::sparkline;

    #[test]
    fn bars_rise_with_the_values() {
        assert_eq!(sparkline((0..=8).map(f64::from), 8.0), "▁▂▃▄▅▆▇██");
        assert_eq!(sparkline([0.0, 5.0, 10.0], 10.0), "▁▅█");
        assert_eq!(sparkline([10.0, 40.0], 20.0), "▃█", "more than is allowed is the measure");
        assert_eq!(sparkline([0.0, 0.0], 0.0), "▁▁");
        assert_eq!(sparkline([None, Some(1.0), None, Some(f64::NAN)], 1.0), "·█·█");
        assert_eq!(sparkline([0.0; 0], 1.0), "");
    }
}
