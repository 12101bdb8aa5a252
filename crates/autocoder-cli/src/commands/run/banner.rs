//! The words at a gate: what was done, what it took, and what to type next.

use autocoder_core::run::Tokens;
use autocoder_core::view::PhaseView;
use autocoder_usage::render::grouped;

/// What the banner says beside the phase.
pub(super) struct Facts<'a> {
    /// The phase at its gate.
    pub(super) phase: &'a PhaseView,
    /// What its tasks took.
    pub(super) tokens: Tokens,
    /// Whether these were played.
    pub(super) rehearsal: bool,
    /// How long it took, in seconds, from its start to now.
    pub(super) seconds: Option<i64>,
    /// What changed on the integration branch, when there is one.
    pub(super) diff: Option<String>,
    /// What has to stand in front of a command to reach the same data.
    pub(super) command: &'a str,
}

const LINE: &str = "============================================================";

/// The seed's PHASE COMPLETE banner, with the figures and the exact commands.
pub(super) fn phase_complete(facts: &Facts<'_>) -> String {
    let Facts { phase, command, .. } = facts;
    let played = if facts.rehearsal { " (rehearsal: nothing was spent)" } else { "" };
    let took = facts.seconds.map_or(String::new(), |seconds| format!(" in {}", duration(seconds)));
    let diff = facts.diff.as_ref().map_or(String::new(), |diff| format!("\n  changes    {diff}"));
    format!(
        "\n{LINE}\nPHASE COMPLETE: {name}\n{LINE}\nAll tasks in this phase have been completed.\n\
         Please review and approve to continue to the next phase.\n\n  \
         done       {features}, {tasks}{took}\n  \
         tokens     {total} ({input} in, {output} out; cache {read} read, {write} written){played}{diff}\n\n  \
         approve    {command} phase approve {id}\n  \
         send back  {command} phase reject {id} --reason \"…\" [--reopen TASK]\n{LINE}",
        name = phase.name,
        features = counted(phase.features_completed, "feature"),
        tasks = counted(phase.tasks_completed, "task"),
        total = grouped(facts.tokens.total()),
        input = grouped(facts.tokens.input),
        output = grouped(facts.tokens.output),
        read = grouped(facts.tokens.cache_read),
        write = grouped(facts.tokens.cache_write()),
        id = phase.id,
    )
}

fn counted(count: i64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Seconds as a person says them: `45 s`, `2 min 5 s`, `3 h 20 min`, `2 d 4 h`.
pub(crate) fn duration(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{} s", seconds.max(0)),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn durations_have_two_units() {
        for (seconds, text) in
            [(-1, "0 s"), (59, "59 s"), (125, "2 min 5 s"), (12_000, "3 h 20 min"), (187_200, "2 d 4 h")]
        {
            assert_eq!(duration(seconds), text);
        }
    }
}
