//! "Did you mean": the known word nearest to an unknown one.

/// The most edits that still count as a slip.
const MOST_EDITS: usize = 3;

/// The known word nearest to `wanted` by insertions, deletions, replacements and swaps of neighbours, if it is near.
pub(super) fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = wanted.chars().take(256).flat_map(char::to_lowercase).collect();
    let bound = (wanted.len() / 2).min(MOST_EDITS);
    let mut best: Option<(usize, &str)> = None;
    for word in known {
        let limit = best.map_or(bound + 1, |(edits, _)| edits);
        if wanted.len().abs_diff(word.chars().count()) >= limit {
            continue;
        }
        let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        let edits = distance(&wanted, &letters);
        if edits < limit {
            best = Some((edits, word));
        }
    }
    best.map(|(_, word)| word)
}

/// The optimal string alignment distance, three rows at a time.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut edits = (above[j] + usize::from(a != b)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                edits = edits.min(before[j - 1] + 1);
            }
            row.push(edits);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_a_stranger_none() {
        let known = ["steps", "name", "depends_on", "complexity"];
        for (wanted, expected) in [
            ("stpes", Some("steps")),
            ("Name", Some("name")),
            ("depend_on", Some("depends_on")),
            ("compelxity", Some("complexity")),
            ("colour", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(wanted, known), expected, "{wanted}");
        }
    }
}
