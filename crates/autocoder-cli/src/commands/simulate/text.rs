//! The answer of a simulation for people.

use autocoder_usage::simulate::{Moments, PolicyOutcome, Range, Simulation};

use crate::exit::count;
use crate::output::{Output, details, table, time};
use autocoder_usage::render::grouped;

pub(super) fn report(output: &Output, found: &Simulation) -> String {
    let left = match (found.left_tokens, found.limit_tokens) {
        (Some(left), Some(limit)) => format!("{} of {} tokens left", grouped(left), grouped(limit)),
        _ => "nothing is limited".to_owned(),
    };
    let until = found.ends_at.map(|at| format!(", until {}", time(at))).unwrap_or_default();
    let head = details(&[
        ("budget", format!("{left}{until}")),
        ("plan", plan_line(found)),
        ("needs", format!("{} tokens", range(found.tokens_needed))),
        ("costs", learned(found)),
        ("plays", format!("{} with {}, seed {}", found.plays, count(found.agents as usize, "agent"), found.seed)),
        ("gates", gates(found)),
    ]);
    let outcomes: Vec<_> = found.policies.iter().map(|outcome| one(found, outcome)).collect();
    let compared = if found.policies.len() > 1 { format!("\n\n{}", comparison(output, found)) } else { String::new() };
    format!("{head}\n{}{compared}", outcomes.join("\n"))
}

fn plan_line(found: &Simulation) -> String {
    let done =
        if found.features_finished > 0 { format!(", {} finished", found.features_finished) } else { String::new() };
    let without = match found.features_without_tasks {
        0 => String::new(),
        more => format!("; {} without tasks left out", count(more as usize, "feature")),
    };
    let features = count(found.features as usize, "feature");
    format!("{features}{done}, {} to go{without}", count(found.tasks_open as usize, "task"))
}

fn learned(found: &Simulation) -> String {
    match found.learned_from {
        0 => "a guess: no task is finished yet".to_owned(),
        tasks => format!("learned from {}", count(tasks as usize, "finished task")),
    }
}

fn gates(found: &Simulation) -> String {
    match found.gate_hours {
        hours if hours > 0.0 => format!("approved {hours} hours after the last task"),
        _ => "approved at once (--gate-hours says otherwise)".to_owned(),
    }
}

fn one(found: &Simulation, outcome: &PolicyOutcome) -> String {
    let position = &outcome.position;
    let by = if found.policies.len() > 1 { format!(" ({})", outcome.policy.as_str()) } else { String::new() };
    let mut lines = vec![format!("Finished when it is over{by}: {}", position.median)];
    if position.low != position.high {
        lines.push(format!("  in 80 % of the plays from {} to {}", position.low, position.high));
    }
    lines.push(format!("  over on {}", moments(outcome.ends_at)));
    let (used, lost) = (range(outcome.tokens_used), range(outcome.tokens_unfinished));
    lines.push(format!("  {used} tokens used, {lost} of them in unfinished features"));
    for phase in &outcome.by_phase {
        let at = phase.finished_at.map(|at| format!(", finished on {}", moments(at))).unwrap_or_default();
        let (name, finished) = (&phase.name, range(phase.finished));
        lines.push(format!(
            "  {name}: {finished} of {} features, whole in {} % of the plays{at}",
            phase.features, phase.complete_percentage
        ));
    }
    lines.join("\n")
}

fn comparison(output: &Output, found: &Simulation) -> String {
    let row = |outcome: &PolicyOutcome| {
        let whole = format!("{} %", outcome.complete_percentage);
        let numbers = [outcome.features, outcome.phases, outcome.tokens_used, outcome.tokens_unfinished].map(range);
        [vec![outcome.policy.as_str().to_owned()], numbers.to_vec(), vec![whole]].concat()
    };
    let header = ["policy", "features", "phases", "tokens used", "in unfinished", "whole plan"];
    table(output.width(), &header, found.policies.iter().map(row))
}

/// "17 (15–19)", or one number.
fn range(range: Range) -> String {
    let Range { median, low, high } = range;
    if low == high { grouped(median) } else { format!("{} ({}–{})", grouped(median), grouped(low), grouped(high)) }
}

fn moments(at: Moments) -> String {
    if at.earliest == at.latest {
        return time(at.median);
    }
    format!("{} ({} to {})", time(at.median), time(at.earliest), time(at.latest))
}
