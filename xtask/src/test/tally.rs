//! Counts tests from what their runners print.

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: u32,
    pub(super) failed: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Runner {
    Nextest,
    CargoTest,
    Vitest,
    Playwright,
}

impl Runner {
    pub(super) fn tally(self, lines: &[String]) -> Tally {
        match self {
            // A failed test's own output may hold a summary: only the last one is nextest's.
            Self::Nextest => lines.iter().rev().find_map(|line| nextest_summary(line)).unwrap_or_default(),
            Self::CargoTest => cargo_results(lines),
            Self::Vitest => lines.iter().rev().find_map(|line| vitest_summary(line)).unwrap_or_default(),
            Self::Playwright => playwright_summary(lines),
        }
    }
}

fn cargo_results(lines: &[String]) -> Tally {
    let (mut sum, mut in_captured_output) = (Tally::default(), false);
    for line in lines {
        in_captured_output = match line.as_str() {
            "failures:" => false,
            line => in_captured_output || (line.starts_with("---- ") && line.ends_with(" stdout ----")),
        };
        let result = line.strip_prefix("test result: ").filter(|_| !in_captured_output);
        if let Some((_, counts)) = result.and_then(|result| result.split_once(". ")) {
            let tally = counted(counts, ';');
            sum = Tally { passed: sum.passed + tally.passed, failed: sum.failed + tally.failed };
        }
    }
    sum
}

fn nextest_summary(line: &str) -> Option<Tally> {
    let (head, counts) = line.trim_start().strip_prefix("Summary [")?.split_once(" run: ")?;
    let whole = head.ends_with("tests") || head.ends_with("test");
    whole.then(|| counted(&without_parentheses(counts), ','))
}

/// `Tests  1 failed | 22 passed (23)`.
fn vitest_summary(line: &str) -> Option<Tally> {
    let counts = line.trim_start().strip_prefix("Tests ")?;
    Some(counted(counts.split('(').next()?, '|'))
}

/// Its last lines, one count each: `2 failed`, `1 flaky`, `3 did not run`, `23 passed (1.2m)`.
fn playwright_summary(lines: &[String]) -> Tally {
    let last = |word: &str| {
        lines.iter().rev().find_map(|line| {
            let (count, rest) = line.trim().split_once(' ')?;
            let what = rest.split(" (").next()?;
            (what == word).then(|| count.parse::<u32>().ok())?
        })
    };
    let sum = |words: &[&str]| words.iter().filter_map(|word| last(word)).sum();
    Tally { passed: sum(&["passed", "flaky"]), failed: sum(&["failed", "interrupted", "did not run"]) }
}

/// Sums `5 passed, 1 failed, 2 timed out, 3 skipped`: all but passed and what did not run is a failure.
fn counted(counts: &str, separator: char) -> Tally {
    let mut tally = Tally::default();
    for part in counts.split(separator) {
        let Some((count, what)) = part.trim().split_once(' ') else { continue };
        let Ok(count) = count.parse::<u32>() else { continue };
        match what {
            "passed" => tally.passed += count,
            "failed" | "timed out" | "exec failed" => tally.failed += count,
            _ => {}
        }
    }
    tally
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_u32;
    let outside = |c: &char| {
        match c {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    text.chars().filter(outside).collect::<String>().replace(" ,", ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(runner: Runner, text: &str) -> (u32, u32) {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let Tally { passed, failed } = runner.tally(&lines);
        (passed, failed)
    }

    #[test]
    fn the_summary_of_nextest_is_counted() {
        for (text, counts) in [
            ("     Summary [   2.847s] 4 tests run: 4 passed, 0 skipped", (4, 0)),
            ("     Summary [   0.010s] 1 test run: 1 passed, 12 skipped", (1, 0)),
            ("  Summary [  9s] 9 tests run: 4 passed (1 slow, 2 flaky), 2 failed, 3 timed out, 1 skipped", (4, 5)),
            ("  Summary [  9s] 5 tests run: 3 passed (1 leaky), 1 failed, 1 exec failed, 0 skipped", (3, 2)),
            ("  Summary [  9s] 3/4 tests run: 2 passed, 1 failed, 0 skipped", (2, 1)),
            ("test result: ok. 5 passed; 0 failed;", (0, 0)),
            ("error: could not compile", (0, 0)),
        ] {
            assert_eq!(tally(Runner::Nextest, text), counts, "{text}");
        }
    }

    #[test]
    fn a_summary_inside_a_failed_tests_output_is_not_counted() {
        let text = "Summary [ 1s] 7 tests run: 7 passed\nSummary [ 2s] 2 tests run: 1 passed, 1 failed, 0 skipped";
        assert_eq!(tally(Runner::Nextest, text), (1, 1));
    }

    #[test]
    fn the_summary_of_vitest_is_counted() {
        for (text, counts) in [
            (" Test Files  3 passed (3)\n      Tests  23 passed (23)\n   Duration  2s", (23, 0)),
            (" Test Files  1 failed | 2 passed (3)\n      Tests  1 failed | 22 passed | 4 skipped (27)", (22, 1)),
            ("No test files found", (0, 0)),
        ] {
            assert_eq!(tally(Runner::Vitest, text), counts, "{text}");
        }
    }

    #[test]
    fn the_last_lines_of_playwright_are_counted() {
        let failed = "Running 30 tests using 2 workers\n  2 failed\n    [desktop] › a.spec.ts:3:1 › 7 passed by ─\n  1 flaky\n    \
                      [phone] › b\n  3 skipped\n  4 did not run\n  20 passed (1.2m)";
        for (text, counts) in [(failed, (21, 6)), ("  12 passed (9.3s)", (12, 0)), ("Error: no tests", (0, 0))] {
            assert_eq!(tally(Runner::Playwright, text), counts, "{text}");
        }
    }

    #[test]
    fn the_results_of_cargo_test_are_summed() {
        let first = "test result: ok. 5 passed; 0 failed; 2 ignored; 0 measured; 1 filtered out; finished in 0.1s";
        let captured = "failures:\n\n---- a stdout ----\ntest result: ok. 50 passed; 0 failed\n\nfailures:\n    a\n";
        let second = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s";
        assert_eq!(tally(Runner::CargoTest, &format!("{first}\n{captured}\n{second}")), (8, 2));
    }
}
