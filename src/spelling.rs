//! Spelling: what somebody meant who has written what is not known.

use crate::id::Capability;

/// The known word that is at most a third of its letters away from `word`, and is not `word` itself; the first of them where
/// several are as near.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates = known.into_iter().map(|known| (distance(word, known), known));
    let (distance, nearest) = candidates.filter(|(distance, _)| *distance > 0).min()?;
    (distance * 3 <= word.chars().count()).then_some(nearest)
}

/// The known capability that may have been meant: its domain and its skill are each at most a third of the letters away, and
/// it is not `capability` itself.
pub(crate) fn resembling<'a>(
    capability: &Capability,
    known: impl IntoIterator<Item = &'a Capability>,
) -> Option<&'a Capability> {
    let (domain, skill) = parts(capability);
    let away = |known: &'a Capability| {
        let (known_domain, known_skill) = parts(known);
        Some(within_a_third(domain, known_domain)? + within_a_third(skill, known_skill)?)
    };
    let candidates = known.into_iter().filter_map(|known| Some((away(known)?, known)));
    candidates.filter(|(distance, _)| *distance > 0).min().map(|(_, known)| known)
}

fn parts(capability: &Capability) -> (&str, &str) {
    capability.as_str().split_once(':').unwrap_or((capability.as_str(), ""))
}

fn within_a_third(from: &str, to: &str) -> Option<usize> {
    // The lengths alone tell most of them apart.
    let is_near = |distance: usize| distance * 3 <= from.len();
    if !is_near(from.len().abs_diff(to.len())) {
        return None;
    }
    Some(distance(from, to)).filter(|distance| is_near(*distance))
}

/// How many letters must be put in, taken out or exchanged to make one of the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in to.iter().enumerate() {
            let exchanged = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = exchanged.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_of_two_words_is_the_fewest_changes() {
        for (from, to, changes) in
            [("", "abc", 3), ("kitten", "sitting", 3), ("budget", "budget", 0), ("ab", "ba", 2)]
        {
            assert_eq!(distance(from, to), changes, "{from} {to}");
        }
    }

    #[test]
    fn a_word_that_resembles_nothing_has_no_nearest() {
        let known = ["cost_per_hour", "budget"];
        assert_eq!(nearest("budgte", known), Some("budget"));
        assert_eq!(nearest("rails", known), None);
        assert_eq!(nearest("budget", known), None, "what is known is no slip of the hand");
    }

    #[test]
    fn a_capability_resembles_what_it_may_be_a_slip_of_and_not_what_is_merely_beside_it() {
        let known: Vec<Capability> =
            ["integration:sip", "integration:ndi", "code:rust"].map(|name| name.parse().unwrap()).into();
        let meant = |text: &str| resembling(&text.parse().unwrap(), &known).map(Capability::as_str);
        assert_eq!(meant("intergration:sip"), Some("integration:sip"));
        assert_eq!(meant("integration:sit"), Some("integration:sip"));
        assert_eq!(meant("code:rusty"), Some("code:rust"));
        assert_eq!(meant("integration:webrtc"), None);
        assert_eq!(meant("integration:h323"), None, "another skill of the same domain");
        assert_eq!(meant("code:rust"), None, "what is known is no slip of the hand");
    }
}
