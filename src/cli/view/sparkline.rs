//! Sparklines: figures in a row as blocks of different height.

/// From the lowest to the highest.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Where there is no figure.
const NOTHING: char = '·';

/// A block for each figure, as high as its part of `top`; a dot where there is none.
pub(super) fn sparkline(figures: impl IntoIterator<Item = Option<f64>>, top: f64) -> String {
    figures.into_iter().map(|figure| figure.map_or(NOTHING, |figure| block(figure, top))).collect()
}

fn block(figure: f64, top: f64) -> char {
    let height = if top > 0.0 { figure / top * 8.0 } else { 0.0 };
    // The lowest block that is not below the figure.
    let reached = (1..=8_u8).zip(BLOCKS).find(|(step, _)| height <= f64::from(*step));
    reached.map_or(BLOCKS[7], |(_, block)| block)
}

#[cfg(test)]
mod tests {
    use super::sparkline;

    #[test]
    fn blocks_are_as_high_as_the_figures() {
        let figures = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0].map(Some);
        assert_eq!(sparkline(figures, 8.0), "▁▁▂▃▄▅▆▇█");
        assert_eq!(sparkline([None, Some(0.5), Some(9.0), Some(f64::NAN)], 1.0), "·▄██");
        assert_eq!(sparkline([Some(0.0), Some(0.0)], 0.0), "▁▁");
        assert_eq!(sparkline([], 1.0), "");
    }
}
