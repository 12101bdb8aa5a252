//! The same random calls on all three stores at once: the same answers, the oracle's claims, true counters.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "stores_state_machine/call.rs"]
mod call;
#[path = "stores_state_machine/perform.rs"]
mod perform;
#[path = "stores_state_machine/side.rs"]
mod side;
#[path = "stores_state_machine/trio.rs"]
mod trio;

use std::io::Write;
use std::sync::atomic::Ordering;

use proptest::strategy::{BoxedStrategy, Just, Strategy};
use proptest::test_runner::{Config, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use call::{Call, calls};
use trio::{CALLS, Trio};

const SEQUENCES: u32 = 134;
const CALLS_EACH: usize = 80;

/// The store in memory is the reference, so the calls need no model: they name what there is by number.
struct Calls;

impl ReferenceStateMachine for Calls {
    type State = ();
    type Transition = Call;

    fn init_state() -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn transitions((): &()) -> BoxedStrategy<Call> {
        calls()
    }

    fn apply((): (), _: &Call) {}
}

impl StateMachineTest for Trio {
    type SystemUnderTest = Self;
    type Reference = Calls;

    fn init_test((): &()) -> Self {
        Self::with_new_project()
    }

    fn apply(mut trio: Self, (): &(), call: Call) -> Self {
        trio.apply(&call);
        trio
    }

    fn teardown(trio: Self, (): ()) {
        trio.finish();
    }
}

#[test]
fn three_stores_answer_alike() {
    let config = Config { cases: SEQUENCES, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config.clone());
    let result = runner.run(&Calls::sequential_strategy(CALLS_EACH), |((), calls, seen)| {
        Trio::test_sequential(config.clone(), (), calls, seen);
        Ok(())
    });
    let total = CALLS.load(Ordering::Relaxed);
    writeln!(std::io::stdout(), "{total} calls on each of three stores").unwrap();
    if let Err(failure) = result {
        panic!("{failure}");
    }
    assert!(total >= 10_000, "only {total} calls");
}
