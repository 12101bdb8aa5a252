//! A status as text.

use autocoder_core::agent::AgentStatus;
use autocoder_core::feature::FeatureStatus;
use autocoder_core::phase::PhaseStatus;
use autocoder_core::project::ProjectStatus;
use autocoder_core::view::{AgentView, FeatureView, PhaseView};
use autocoder_usage::gauge::Gauge;

use super::facts::{Facts, active};
use crate::commands::usage::used_line;
use crate::next_steps::{answers, headline};
use crate::output::{Output, Style, bar};
use crate::root::Root;

const BAR: usize = 20;
const NAME: usize = 32;

pub(super) fn text(Root { config, output }: &Root, facts: &Facts) -> String {
    let command = config.command();
    let tree = tree(output, facts, &command);
    let parts = [heading(output, facts), tree, agents(output, facts), needs(output, facts, &command)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn heading(output: &Output, Facts { project, tasks, usage, rehearsal, .. }: &Facts) -> String {
    let style = match project.status {
        ProjectStatus::Active => Style::Good,
        ProjectStatus::Paused => Style::Warning,
        ProjectStatus::Completed | ProjectStatus::Archived => Style::Faint,
    };
    let name = output.style(Style::Strong, &project.title);
    let status = output.style(style, project.status.as_str());
    let mut text = format!("{name}  {status}  {}\n", project.path);
    text.push_str(&format!("tasks   {}", bar(tasks.passing, tasks.total(), BAR)));
    for (count, words) in [
        (tasks.in_progress, "in progress"),
        (tasks.needs_input, "asking"),
        (tasks.blocked, "blocked"),
        (tasks.pending, "pending"),
    ] {
        if count > 0 {
            text.push_str(&format!(", {count} {words}"));
        }
    }
    text.push_str(&format!("\nbudget  {}\n", line_of(usage)));
    if rehearsal.used > 0 || rehearsal.limit.is_some() {
        text.push_str(&format!("        rehearsal: {}\n", line_of(rehearsal)));
    }
    if let Some(holder) = &project.driven_by {
        text.push_str(&format!("driven by {holder}\n"));
    }
    text
}

fn line_of(gauge: &Gauge) -> String {
    used_line(gauge.used, gauge.limit, gauge.window.end)
}

fn tree(output: &Output, facts: &Facts, command: &str) -> String {
    let active = active(&facts.phases);
    let mut text = String::new();
    for phase in &facts.phases {
        text.push_str(&phase_line(output, phase));
        for feature in facts.features.iter().filter(|feature| feature.phase_id == phase.id) {
            text.push_str(&feature_line(output, feature));
        }
        if Some(phase.id) == active && facts.features_left_out > 0 {
            text.push_str(&format!("    … and {} more\n", facts.features_left_out));
        }
    }
    if text.is_empty() {
        let name = &facts.project.name;
        text = format!("no phases yet; next: {command} plan import FILE --project {name}\n");
    }
    text
}

fn phase_line(output: &Output, phase: &PhaseView) -> String {
    let (mark, style) = match phase.status {
        PhaseStatus::Pending => ("○", Style::Faint),
        PhaseStatus::InProgress => ("◐", Style::Note),
        PhaseStatus::AwaitingApproval => ("◆", Style::Warning),
        PhaseStatus::Completed => ("●", Style::Good),
    };
    let name = fitted(&format!("{} {}", phase.id, phase.name), NAME + 2);
    let progress = bar(phase.tasks_completed, phase.task_count, BAR);
    let status = phase.status.as_str().replace('_', " ");
    format!("{}  {progress}  {status}\n", output.style(style, &format!("{mark} {name}")))
}

fn feature_line(output: &Output, feature: &FeatureView) -> String {
    let (mark, style) = match feature.status {
        FeatureStatus::Pending | FeatureStatus::Speccing => ("·", Style::Faint),
        FeatureStatus::Ready => ("○", Style::Faint),
        FeatureStatus::InProgress => ("◐", Style::Note),
        FeatureStatus::Completed => ("●", Style::Good),
    };
    let name = fitted(&format!("{} {}", feature.id, feature.name), NAME);
    let progress = bar(feature.tasks_completed, feature.task_count, BAR);
    let whom = feature.agent_id.as_ref().map(|agent| format!("  for {agent}")).unwrap_or_default();
    let status = feature.status.as_str().replace('_', " ");
    format!("  {}  {progress}  {status}{whom}\n", output.style(style, &format!("{mark} {name}")))
}

fn agents(output: &Output, facts: &Facts) -> String {
    if facts.agents.is_empty() {
        return String::new();
    }
    let lines = facts.agents.iter().map(|agent| agent_line(output, agent, facts));
    format!("{}\n{}", output.style(Style::Strong, "Agents"), lines.collect::<String>())
}

fn agent_line(output: &Output, agent: &AgentView, facts: &Facts) -> String {
    let style = match agent.status {
        AgentStatus::Working => Style::Good,
        AgentStatus::Waiting | AgentStatus::Paused => Style::Warning,
        AgentStatus::Crashed => Style::Bad,
        AgentStatus::Idle | AgentStatus::Stopped => Style::Faint,
    };
    let task = agent.task_id.map(|id| {
        let name = facts.agents_tasks.get(&id).map_or("", String::as_str);
        format!("  task {id} \"{name}\"")
    });
    let detail = if agent.detail.is_empty() { String::new() } else { format!("  {}", agent.detail) };
    let alone = task.is_none() && detail.is_empty();
    let padded = if alone { agent.status.to_string() } else { format!("{:<8}", agent.status) };
    let status = output.style(style, &padded);
    format!("  {:<14} {:<12} {status}{}{detail}\n", agent.id.0, agent.runner, task.unwrap_or_default())
}

fn needs(output: &Output, facts: &Facts, command: &str) -> String {
    if facts.inbox.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", output.style(Style::Strong, "Needs you"));
    for item in &facts.inbox {
        text.push_str(&format!("  {}\n", output.style(Style::Warning, &headline(item))));
        for answer in answers(item, command) {
            text.push_str(&format!("    {}\n", output.style(Style::Note, &answer)));
        }
    }
    if facts.inbox_left_out > 0 {
        text.push_str(&format!("  … and {} more: {command} inbox\n", facts.inbox_left_out));
    }
    text
}

/// The text in exactly `width` columns.
fn fitted(text: &str, width: usize) -> String {
    let columns = console::measure_text_width(text);
    if columns <= width {
        return format!("{text}{}", " ".repeat(width - columns));
    }
    let cut = console::truncate_str(text, width, "…").into_owned();
    let columns = console::measure_text_width(&cut);
    format!("{cut}{}", " ".repeat(width.saturating_sub(columns)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_the_same_width() {
        for text in ["", "short", "exactly-10", "much longer than ten", "日本語の長い名前です"] {
            assert_eq!(console::measure_text_width(&fitted(text, 10)), 10, "{text}");
        }
    }
}
