//! The contract of the ports: what every store has to do, as cases that take an empty store.
#![expect(clippy::unwrap_used, reason = "a case that cannot go on has failed")]

pub mod accounting;
pub mod agents;
pub mod bands;
pub mod bed;
pub mod claims;
pub mod counters;
pub mod dependencies;
pub mod feed;
pub mod finding;
pub mod gates;
pub mod imported;
pub mod leases;
pub mod notes;
pub mod observations;
pub mod outcomes;
pub mod path;
pub mod plan_files;
pub mod reasons;
pub mod records;
pub mod removals;
pub mod requests;
pub mod specs;
pub mod tenancy;
pub mod tokens;
pub mod units;
pub mod usage;
pub mod webhooks;

pub use bed::Bed;
pub use counters::{assert_counters, assert_counters_of};

/// Makes one test of every case. `$open` is an `async fn(TestClock) -> (Arc<dyn Store>, Guard)`; the guard lives as long
/// as the case.
#[macro_export]
macro_rules! contract_tests {
    ($open:path) => {
        $crate::contract_tests! { $open;
            path: two_phases_are_worked_and_approved_to_the_end;
            claims: a_claim_is_exclusive;
            claims: asking_again_while_holding_gives_the_same_task;
            claims: looking_ahead_takes_nothing;
            claims: one_agent_writes_to_a_feature_unless_more_are_allowed;
            claims: assigned_features_are_the_only_ones_an_agent_gets;
            claims: many_claimers_never_get_the_same_task;
            leases: a_lapsed_lease_is_free_and_the_late_writer_is_fenced;
            leases: an_agents_own_lapsed_task_comes_first;
            leases: a_renewed_lease_lives_on;
            leases: a_wrong_fence_changes_nothing;
            outcomes: passing_twice_with_the_same_claim_is_once;
            outcomes: failures_back_off_and_block_in_the_end;
            outcomes: a_long_row_of_failures_backs_off_an_hour_at_most;
            outcomes: reopening_a_blocked_task_starts_its_failures_over;
            outcomes: reopening_a_passing_task_takes_its_feature_back;
            outcomes: a_skipped_task_goes_behind_all_others_and_is_counted;
            outcomes: a_question_waits_for_its_answer;
            outcomes: releasing_is_no_failure;
            outcomes: evidence_is_kept_newest_first;
            dependencies: a_task_waits_for_others_in_and_across_features;
            dependencies: a_circle_is_refused_and_named;
            dependencies: a_later_phase_cannot_come_first;
            dependencies: taking_a_dependency_away_frees_the_task;
            dependencies: tasks_of_one_request_may_depend_on_each_other;
            gates: rejecting_reopens_the_named_tasks;
            gates: rejecting_without_tasks_adds_a_finding;
            gates: a_second_rejection_adds_to_the_same_findings;
            gates: deciding_on_a_phase_that_does_not_wait_is_a_conflict;
            gates: agents_cannot_decide;
            gates: an_approval_is_taken_back_only_while_no_later_phase_has_started;
            gates: nothing_is_added_or_reopened_at_the_gate;
            gates: new_work_makes_a_completed_project_active_again;
            gates: a_phase_is_submitted_by_hand_only_when_it_is_finished;
            gates: a_review_shows_the_tasks_of_a_phase_with_their_last_evidence;
            removals: deleting_the_last_open_task_submits_the_phase;
            removals: deleting_frees_what_depended_on_it;
            removals: what_an_agent_holds_is_deleted_only_by_force;
            removals: a_feature_without_tasks_waits_for_its_spec;
            removals: a_deleted_project_is_gone;
            bands: critical_hands_out_nothing_new;
            bands: low_hands_out_small_tasks_only;
            bands: moderate_completes_what_is_started;
            bands: equality_belongs_to_the_stricter_band;
            bands: priority_and_waiting_order_the_work;
            reasons: every_reason_is_given_when_it_holds;
            reasons: a_paused_project_or_agent_gets_nothing_new;
            reasons: a_refusing_provider_is_waited_for;
            reasons: a_lapsed_claim_is_in_nobodys_way;
            plan_files: a_plan_comes_back_as_it_went_in;
            plan_files: importing_again_loses_no_status;
            plan_files: a_problem_changes_nothing;
            plan_files: a_moved_task_takes_its_status_along;
            plan_files: tasks_of_one_name_are_told_apart;
            plan_files: a_file_of_a_thousand_tasks_comes_in_at_once;
            imported: an_import_is_known_by_its_file;
            imported: what_is_counted_is_told_by_message_and_source;
            imported: prices_of_a_version_stay_as_they_are;
            records: usage_counts_a_message_once_and_grows_to_the_fuller_count;
            records: usage_adds_up_by_what_it_is_asked_for;
            records: a_run_ends_once;
            records: a_run_is_found_by_its_id;
            records: a_setting_is_what_was_written_last;
            records: a_crew_keeps_a_second_one_out;
            accounting: budgets_are_kept_edited_and_deleted;
            accounting: a_bad_budget_is_refused_and_agents_change_none;
            accounting: budgets_and_schedules_go_with_what_they_belong_to;
            accounting: schedules_are_kept_edited_and_deleted;
            accounting: a_setting_of_a_change_is_written_with_it;
            accounting: usage_is_grouped_by_what_it_is_asked_for;
            usage: every_sum_is_that_of_the_single_records;
            usage: usage_by_groups_is_that_of_the_single_records;
            usage: usage_outlives_its_project;
            accounting: finished_tasks_are_counted_since_a_moment;
            observations: finished_tasks_teach_what_they_took;
            feed: every_change_has_its_event_and_ids_rise;
            feed: the_feed_goes_on_behind_a_cursor;
            feed: the_inbox_shows_what_needs_a_person;
            feed: regression_takes_the_least_recently_verified_first;
            feed: a_regression_reopens_or_adds_a_repair;
            feed: lists_are_paged_and_filtered;
            tenancy: a_foreign_id_is_as_missing_as_none;
            tenancy: a_name_is_taken_once;
            tenancy: edits_change_what_they_name;
            tenancy: agents_are_registered_and_told_what_to_do;
            units: a_stale_row_is_refused_and_nothing_is_written;
            units: a_unit_that_is_dropped_changes_nothing;
            units: units_of_one_project_wait_for_each_other;
            units: ids_are_consecutive_and_never_given_twice;
            requests: a_key_is_used_once;
            requests: a_refused_request_leaves_its_key_unused;
            requests: the_first_reply_stays_until_the_receipt_is_forgotten;
            requests: another_version_than_the_expected_one_is_stale;
            requests: answers_carry_the_stored_version;
            webhooks: a_webhook_is_added_edited_and_deleted;
            webhooks: the_outbox_moves_its_cursor_once;
            webhooks: due_deliveries_are_leased_one_a_webhook;
            webhooks: a_delivery_is_tried_until_it_is_taken_or_dead;
            webhooks: two_senders_never_get_the_same_delivery;
            tokens: a_token_is_made_and_taken_back;
            tokens: a_bad_token_is_not_made;
            specs: a_spec_is_asked_for_begun_and_stopped;
            specs: the_conversation_about_a_spec_is_kept;
            specs: accepted_proposals_become_tasks;
            specs: a_bad_decision_is_refused_as_a_whole;
            specs: a_foreign_feature_has_no_spec;
            notes: notes_are_kept_for_their_phase;
            notes: a_turn_about_a_spec_is_due_when_a_person_has_spoken;
            notes: a_plan_a_test_and_a_review_are_due_by_what_is_stored;
            finding: a_graph_shows_tasks_and_what_waits_for_what;
            finding: a_search_finds_names_the_higher_first;
            finding: history_goes_backwards;
            agents: a_feature_is_given_to_a_new_agent;
            agents: a_deleted_agent_leaves_its_features;
        }
    };
    ($open:path; $($group:ident: $case:ident;)*) => { $(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            let clock = $crate::clock::TestClock::default();
            let (store, _guard) = $open(clock.clone()).await;
            let mut bed = $crate::contract::Bed::new(store, clock);
            $crate::contract::$group::$case(&mut bed).await;
            bed.assert_counters().await;
        }
    )* };
}
