//! Schedules: the windows of the week in which the agents of a project are given new tasks.

use std::fmt;
use std::str::FromStr;

use crate::budget::Weekday;
use crate::ids::{ProjectId, ScheduleId};
use crate::limits::{Checks, InvalidField};
use crate::time::Timestamp;
use crate::vocabulary::closed_enum;

/// Both stores and JSON of JavaScript hold whole numbers up to 2^53 exactly.
const MAX_COST_NUSD: u64 = 1 << 53;

/// A time of the day, to the minute; printed as `HH:MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay {
    /// 0 to 23.
    hour: u8,
    /// 0 to 59.
    minute: u8,
}

/// A text that is no time of the day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is `{0}`, must be a time from `00:00` to `23:59`")]
pub struct NoTimeOfDay(String);

impl TimeOfDay {
    /// 0 to 23.
    #[must_use]
    pub const fn hour(self) -> u8 {
        self.hour
    }

    /// 0 to 59.
    #[must_use]
    pub const fn minute(self) -> u8 {
        self.minute
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl FromStr for TimeOfDay {
    type Err = NoTimeOfDay;

    fn from_str(text: &str) -> Result<Self, NoTimeOfDay> {
        let digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        let parts = text.split_once(':').filter(|(hour, minute)| digits(hour) && digits(minute));
        let time =
            parts.and_then(|(hour, minute)| Some(Self { hour: hour.parse().ok()?, minute: minute.parse().ok()? }));
        let shown = || NoTimeOfDay(text.chars().take(20).flat_map(char::escape_debug).collect());
        time.filter(|time| time.hour < 24 && time.minute < 60).ok_or_else(shown)
    }
}

closed_enum! {
    /// What a schedule says of its window.
    ScheduleKind, "schedule kind" {
        /// New tasks are handed out in it.
        Work = "work",
        /// Quiet hours: nothing new is handed out in it, whatever other windows say.
        Quiet = "quiet",
    }
}

/// A window of the week in which new tasks are handed out, or are not. A project without windows for work that are
/// enabled is open outside of its quiet hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Its id.
    pub id: ScheduleId,
    /// The project.
    pub project: ProjectId,
    /// What it says of its window.
    pub kind: ScheduleKind,
    /// The most that may be used in one window, in nano-USD; then nothing new is handed out until it has ended.
    pub max_cost_nusd: Option<u64>,
    /// The days on which the window begins, in their order, each once.
    pub days: Vec<Weekday>,
    /// When it begins.
    pub starts: TimeOfDay,
    /// When it ends: on the next day unless it is later than the beginning; the same time means a whole day.
    pub ends: TimeOfDay,
    /// The IANA time zone of both.
    pub time_zone: String,
    /// Whether it counts.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts edits.
    pub version: i64,
}

/// What a new schedule is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSchedule {
    /// What it says of its window.
    pub kind: ScheduleKind,
    /// The most that may be used in one window for work, in nano-USD.
    pub max_cost_nusd: Option<u64>,
    /// The days on which the window begins.
    pub days: Vec<Weekday>,
    /// When it begins, `HH:MM`.
    pub starts: String,
    /// When it ends, `HH:MM`.
    pub ends: String,
    /// The IANA time zone of both.
    pub time_zone: String,
    /// Whether it counts.
    pub enabled: bool,
}

/// An edit of a schedule; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchedulePatch {
    /// What it says of its window.
    pub kind: Option<ScheduleKind>,
    /// The most that may be used in one window for work, in nano-USD; `Some(None)`: any amount.
    pub max_cost_nusd: Option<Option<u64>>,
    /// The days on which the window begins.
    pub days: Option<Vec<Weekday>>,
    /// When it begins, `HH:MM`.
    pub starts: Option<String>,
    /// When it ends, `HH:MM`.
    pub ends: Option<String>,
    /// The IANA time zone of both.
    pub time_zone: Option<String>,
    /// Whether it counts.
    pub enabled: Option<bool>,
}

impl NewSchedule {
    /// The schedule; `knows_zone` says whether a time zone exists.
    ///
    /// # Errors
    /// Every field that breaks a rule.
    pub fn make(
        self,
        (id, project, now): (ScheduleId, ProjectId, Timestamp),
        knows_zone: impl Fn(&str) -> bool,
    ) -> Result<Schedule, Vec<InvalidField>> {
        let mut checks = Checks::default();
        let mut days = self.days;
        days.sort_unstable();
        days.dedup();
        if days.is_empty() {
            checks.refuse("days", "must name at least one day");
        }
        checks.time_zone("time_zone", &self.time_zone, knows_zone);
        let (kind, max_cost_nusd) = (self.kind, self.max_cost_nusd);
        if kind == ScheduleKind::Quiet && max_cost_nusd.is_some() {
            checks.refuse("max_cost_nusd", "goes only with a window for work");
        }
        if max_cost_nusd.is_some_and(|cost| cost > MAX_COST_NUSD) {
            checks.refuse("max_cost_nusd", format!("must be at most {MAX_COST_NUSD}"));
        }
        let [starts, ends] = [("starts", &self.starts), ("ends", &self.ends)]
            .map(|(field, text)| text.parse().map_err(|error: NoTimeOfDay| checks.refuse(field, error.to_string())));
        checks.finish()?;
        let at = |time: Result<TimeOfDay, ()>| time.expect("a time that does not read was refused above");
        let (starts, ends, time_zone, enabled) = (at(starts), at(ends), self.time_zone, self.enabled);
        Ok(Schedule {
            id,
            project,
            kind,
            max_cost_nusd,
            days,
            starts,
            ends,
            time_zone,
            enabled,
            created_at: now,
            version: 1,
        })
    }
}

impl SchedulePatch {
    /// The schedule after the edit.
    ///
    /// # Errors
    /// Every field that breaks a rule.
    pub fn apply(self, schedule: Schedule, knows_zone: impl Fn(&str) -> bool) -> Result<Schedule, Vec<InvalidField>> {
        let Schedule { id, project, created_at, version, .. } = schedule;
        let after = NewSchedule {
            kind: self.kind.unwrap_or(schedule.kind),
            max_cost_nusd: self.max_cost_nusd.unwrap_or(schedule.max_cost_nusd),
            days: self.days.unwrap_or(schedule.days),
            starts: self.starts.unwrap_or_else(|| schedule.starts.to_string()),
            ends: self.ends.unwrap_or_else(|| schedule.ends.to_string()),
            time_zone: self.time_zone.unwrap_or(schedule.time_zone),
            enabled: self.enabled.unwrap_or(schedule.enabled),
        };
        Ok(Schedule { version, ..after.make((id, project, created_at), knows_zone)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new() -> NewSchedule {
        NewSchedule {
            kind: ScheduleKind::Work,
            max_cost_nusd: None,
            days: vec![Weekday::Friday, Weekday::Monday, Weekday::Friday],
            starts: "22:00".to_owned(),
            ends: "06:30".to_owned(),
            time_zone: "UTC".to_owned(),
            enabled: true,
        }
    }

    fn make(new: NewSchedule) -> Result<Schedule, Vec<String>> {
        let made = new.make((ScheduleId(1), ProjectId(2), Timestamp(3)), |zone| zone == "UTC");
        made.map_err(|fields| fields.into_iter().map(|field| field.field).collect())
    }

    #[test]
    fn days_are_kept_in_order_and_once() {
        let made = make(new()).unwrap();
        assert_eq!(made.days, [Weekday::Monday, Weekday::Friday]);
        assert_eq!((made.starts.to_string(), made.ends.to_string()), ("22:00".to_owned(), "06:30".to_owned()));
    }

    #[test]
    fn every_bad_schedule_names_its_fields() {
        for bad in ["24:00", "1:00", "12:60", "-1:00", "+1:00", "12:0a", "12.00", "", "١٢:٠٠"] {
            assert_eq!(make(NewSchedule { starts: bad.to_owned(), ..new() }), Err(vec!["starts".to_owned()]), "{bad}");
        }
        let bad = NewSchedule { days: Vec::new(), ends: "x".to_owned(), time_zone: "Mars".to_owned(), ..new() };
        assert_eq!(make(bad), Err(["days", "time_zone", "ends"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn quiet_hours_have_no_cost() {
        let quiet = NewSchedule { kind: ScheduleKind::Quiet, max_cost_nusd: Some(1), ..new() };
        assert_eq!(make(quiet), Err(vec!["max_cost_nusd".to_owned()]));
        let dear = NewSchedule { max_cost_nusd: Some(MAX_COST_NUSD + 1), ..new() };
        assert_eq!(make(dear), Err(vec!["max_cost_nusd".to_owned()]));
    }

    #[test]
    fn an_edit_changes_what_it_names() {
        let before = make(new()).unwrap();
        let patch = SchedulePatch { enabled: Some(false), ..SchedulePatch::default() };
        assert_eq!(patch.apply(before.clone(), |_| true), Ok(Schedule { enabled: false, ..before }));
    }
}
