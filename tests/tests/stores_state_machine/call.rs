//! The calls there are. Numbers pick from what there is at the moment; some pick what is not there.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Budgets left, in basis points, around the edges of the bands.
const LEVELS: [Option<u32>; 8] = [None, None, Some(2_501), Some(2_500), Some(1_001), Some(1_000), Some(501), Some(500)];
/// Steps of the clock in seconds, around the edges of leases and back-offs.
const STEPS: [i64; 7] = [1, 30, 119, 120, 121, 3_600, 86_400];
/// Priorities near each other, so that a day of waiting turns their order.
const PRIORITIES: [i32; 6] = [0, 460, 500, 501, 540, 560];

/// One call, or a change of what is around the stores.
#[derive(Clone, Debug)]
pub(crate) enum Call {
    Advance(i64),
    SetLevel { left: Option<u32>, payable: Option<u32> },
    AddPhase(Option<i32>),
    AddFeature { phase: Option<usize>, priority: i32 },
    AddTask { feature: Option<usize>, complexity: u8, priority: i32, on: Vec<usize> },
    CreateTasks { feature: usize, siblings: Vec<usize> },
    SetDependencies { task: usize, on: Vec<usize> },
    Claim(usize),
    Peek(usize),
    Reap,
    Holder { act: Act, claim: usize, fencing: Fencing },
    SkipAsPerson(usize),
    Answer(usize),
    Reopen(usize),
    Regress(usize),
    PickForRegression(u64),
    StartPhase(usize),
    Submit(usize),
    Approve(usize),
    ApproveActive,
    Reject { phase: usize, tasks: Vec<usize> },
    ReopenPhase(usize),
    EditTask { task: usize, priority: i32, complexity: u8 },
    EditFeature { feature: usize, priority: i32 },
    EditPhase { phase: usize, order: i32 },
    DeleteTask(usize, bool),
    DeleteFeature(usize, bool),
    DeletePhase(usize, bool),
    Assign { feature: usize, agent: Option<usize> },
    Tell { agent: usize, wanted: usize },
    Pause,
    Resume,
    StartProject,
    SetWriters(u32),
    JoinCrew(usize),
    Import(usize),
    ImportExport,
}

impl Call {
    /// Whether rows may come in by this, whose ids are to be learned before the next call.
    pub(crate) fn may_add(&self) -> bool {
        matches!(
            self,
            Self::AddPhase(_)
                | Self::AddFeature { .. }
                | Self::AddTask { .. }
                | Self::CreateTasks { .. }
                | Self::Reject { .. }
                | Self::Regress(_)
                | Self::Import(_)
                | Self::ImportExport
        )
    }
}

/// What the holder of a claim does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Pass,
    Fail,
    Release,
    Skip,
    Ask,
    Renew,
}

/// With the right proof, or a wrong one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fencing {
    Right,
    OtherAgent,
    OlderAttempt,
}

/// Any call, the ordinary ones more often.
pub(crate) fn calls() -> BoxedStrategy<Call> {
    let many = |most| vec(0..64usize, 0..=most);
    let pick = || 0..64usize;
    let priority = || select(&PRIORITIES[..]);
    let around = prop_oneof![
        2 => select(&STEPS[..]).prop_map(Call::Advance),
        1 => (select(&LEVELS[..]), option::of(0..6u32)).prop_map(|(left, payable)| Call::SetLevel { left, payable }),
        1 => (1..=2u32).prop_map(Call::SetWriters),
        1 => (0..3usize, 0..9usize).prop_map(|(agent, wanted)| Call::Tell { agent, wanted }),
        1 => prop_oneof![Just(Call::Pause), Just(Call::Resume), Just(Call::StartProject)],
        1 => (0..2usize).prop_map(Call::JoinCrew),
    ];
    let act = prop_oneof![
        6 => Just(Act::Pass), 1 => Just(Act::Fail), 1 => Just(Act::Release), 1 => Just(Act::Skip),
        1 => Just(Act::Ask), 1 => Just(Act::Renew),
    ];
    let fencing =
        prop_oneof![9 => Just(Fencing::Right), 1 => Just(Fencing::OtherAgent), 1 => Just(Fencing::OlderAttempt)];
    let work = prop_oneof![
        6 => (0..3usize).prop_map(Call::Claim),
        1 => (0..3usize).prop_map(Call::Peek),
        8 => (act, 0..3usize, fencing).prop_map(|(act, claim, fencing)| Call::Holder { act, claim, fencing }),
        1 => Just(Call::Reap),
        1 => pick().prop_map(Call::SkipAsPerson),
        2 => pick().prop_map(Call::Answer),
        1 => pick().prop_map(Call::Reopen),
        1 => pick().prop_map(Call::Regress),
        1 => (0..4u64).prop_map(Call::PickForRegression),
    ];
    let gate = prop_oneof![
        1 => pick().prop_map(Call::StartPhase),
        1 => pick().prop_map(Call::Submit),
        1 => pick().prop_map(Call::Approve),
        4 => Just(Call::ApproveActive),
        3 => (pick(), many(3)).prop_map(|(phase, tasks)| Call::Reject { phase, tasks }),
        1 => pick().prop_map(Call::ReopenPhase),
    ];
    let plan = prop_oneof![
        1 => option::of(0..6i32).prop_map(Call::AddPhase),
        2 => (option::of(pick()), priority()).prop_map(|(phase, priority)| Call::AddFeature { phase, priority }),
        4 => (option::of(pick()), 1..=5u8, priority(), many(2)).prop_map(|(feature, complexity, priority, on)| {
            Call::AddTask { feature, complexity, priority, on }
        }),
        1 => (pick(), vec(0..4usize, 1..4)).prop_map(|(feature, siblings)| Call::CreateTasks { feature, siblings }),
        3 => (pick(), many(3)).prop_map(|(task, on)| Call::SetDependencies { task, on }),
        2 => (pick(), priority(), 1..=5u8).prop_map(|(task, priority, complexity)| {
            Call::EditTask { task, priority, complexity }
        }),
        1 => (pick(), priority()).prop_map(|(feature, priority)| Call::EditFeature { feature, priority }),
        1 => (pick(), 0..6i32).prop_map(|(phase, order)| Call::EditPhase { phase, order }),
        3 => (pick(), any::<bool>()).prop_map(|(task, force)| Call::DeleteTask(task, force)),
        1 => (pick(), any::<bool>()).prop_map(|(feature, force)| Call::DeleteFeature(feature, force)),
        1 => (pick(), Just(false)).prop_map(|(phase, force)| Call::DeletePhase(phase, force)),
        2 => (pick(), option::of(0..3usize)).prop_map(|(feature, agent)| Call::Assign { feature, agent }),
        2 => (0..3usize).prop_map(Call::Import),
        1 => Just(Call::ImportExport),
    ];
    prop_oneof![3 => around, 12 => work, 2 => gate, 5 => plan].boxed()
}
