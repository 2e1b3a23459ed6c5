//! Shrinking: the same failure from a shorter history.

/// Removes pieces, large ones first, as long as what is left still fails; the last failure with its history. None
/// when even the whole does not fail a second time.
pub(super) fn shrunk<O: Clone, F>(
    mut history: Vec<O>,
    mut fails: impl FnMut(&[O]) -> Option<F>,
) -> Option<(Vec<O>, F)> {
    let mut failure = fails(&history)?;
    let mut piece = history.len().div_ceil(2);
    loop {
        let mut start = 0;
        while start < history.len() && history.len() > 1 {
            let end = (start + piece).min(history.len());
            let shorter = [&history[..start], &history[end..]].concat();
            match fails(&shorter) {
                Some(shorter_failure) => (history, failure) = (shorter, shorter_failure),
                None => start = end,
            }
        }
        if piece == 1 {
            return Some((history, failure));
        }
        piece = piece.div_ceil(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_needed_stays() {
        let fails =
            |history: &[u32]| (history.contains(&7) && history.contains(&60)).then_some(history.len());
        assert_eq!(shrunk((0..100).collect(), fails), Some((vec![7, 60], 2)));
        assert_eq!(shrunk((0..5).collect(), fails), None);
    }
}
