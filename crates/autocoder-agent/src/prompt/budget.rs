//! How the room of a prompt is shared between its parts.

/// Stands for a part without text and heading.
const NONE: &str = "(none)";

/// A part of a prompt whose length nobody knows before.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// The placeholder it stands for.
    pub(super) name: &'static str,
    /// What it says.
    pub(super) text: String,
    /// What it may have in any case, in characters.
    pub(super) floor: usize,
    /// Stands in front of the text; a part without text has neither.
    pub(super) heading: &'static str,
    /// Where the rest of a text that is cut can be read.
    pub(super) rest: String,
}

impl Part {
    /// As long as `room` characters allow.
    fn fitted(&self, room: usize) -> String {
        let text = self.text.trim();
        if text.is_empty() {
            return if self.heading.is_empty() { NONE.to_owned() } else { String::new() };
        }
        let mark = format!("\n\n[cut here; {}]", self.rest);
        let body = if text.chars().count() <= room {
            text.to_owned()
        } else {
            let kept = room.saturating_sub(mark.chars().count());
            text.chars().take(kept).collect::<String>() + &mark
        };
        if self.heading.is_empty() { body } else { format!("\n## {}\n\n{body}\n", self.heading) }
    }

    fn wanted(&self) -> usize {
        self.text.trim().chars().count()
    }

    /// What it takes beside its text.
    fn frame(&self) -> usize {
        match (self.heading.is_empty(), self.text.trim().is_empty()) {
            (true, true) => NONE.len(),
            (true, false) => 0,
            (false, _) => self.heading.chars().count() + 8,
        }
    }
}

/// The values of `parts` within `room` characters: each has its floor, and what is left goes to the first that want it.
pub(super) fn fitted(parts: &[Part], room: usize) -> Vec<(&'static str, String)> {
    let mut left = room.saturating_sub(parts.iter().map(Part::frame).sum());
    let mut rooms: Vec<usize> = Vec::new();
    for part in parts {
        let granted = part.wanted().min(part.floor).min(left);
        left -= granted;
        rooms.push(granted);
    }
    for (part, room) in parts.iter().zip(&mut rooms) {
        let more = part.wanted().saturating_sub(*room).min(left);
        left -= more;
        *room += more;
    }
    parts.iter().zip(rooms).map(|(part, room)| (part.name, part.fitted(room))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(len: usize, floor: usize) -> Part {
        Part { name: "x", text: "y".repeat(len), floor, rest: "z".into(), ..Part::default() }
    }

    #[test]
    fn each_part_has_its_floor_and_the_first_ones_what_is_left() {
        for (parts, room, expected) in [
            (vec![part(10, 5), part(10, 5)], 100, vec![10, 10]),
            (vec![part(100, 50), part(100, 50)], 150, vec![100, 50]),
            (vec![part(100, 40), part(10, 40), part(100, 40)], 120, vec![70, 10, 40]),
            (vec![part(100, 80), part(100, 80)], 100, vec![80, 20]),
        ] {
            let found: Vec<usize> = fitted(&parts, room).iter().map(|(_, text)| text.chars().count()).collect();
            assert_eq!(found, expected, "{parts:?}");
        }
    }

    #[test]
    fn a_part_without_text_has_no_heading() {
        let empty = Part { heading: "Notes", ..part(0, 5) };
        let none = part(0, 5);
        let told = Part { heading: "Notes", ..part(3, 5) };
        let texts: Vec<String> = fitted(&[empty, none, told], 99).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["", "(none)", "\n## Notes\n\nyyy\n"]);
    }
}
