//! What a store is: stories that every backend must tell alike.
//!
//! Each story gets a world on an empty store. A new backend adds one line at the end.

mod attempts;
mod directory;
mod embedded;
mod expecting;
mod facts;
mod finding;
mod invitations;
mod kept_back;
mod ledger_rows;
mod linking;
mod masks;
mod messages;
mod paging;
mod people;
mod records;
mod searching;
mod stating;
mod values;
mod world;

use std::sync::Arc;

use store::Synchronous;
use world::{Opened, Setting};

/// The embedded store in a folder that goes with the story.
fn sqlite(setting: Setting) -> Opened {
    let dir = tempfile::tempdir().unwrap();
    // These stories end without a crash; those with one are told in `embedded`.
    let options = embedded::options(dir.path(), setting, None, Synchronous::Off);
    Opened {
        store: store::open(options).unwrap(),
        keep: Box::new(dir),
    }
}

/// Tells every story once for each backend.
macro_rules! contract {
    ([$($backend:ident)*] $stories:tt) => {
        $( mod $backend { contract! { @tell $backend $stories } } )*
    };
    (@tell $backend:ident { $($module:ident { $($story:ident)* })* }) => {
        $( mod $module { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                let world = crate::world::World::new(crate::$backend).await;
                crate::$module::$story(std::sync::Arc::new(world)).await;
            }
        )* } )*
    };
}

contract! { [sqlite] {
    records {
        a_resource_reads_back_as_it_is_served_and_as_it_was_received
        a_resource_is_found_under_its_own_type_only
        an_update_adds_a_version_and_the_earlier_one_stays
        of_two_updates_of_one_version_one_is_refused
        a_deleted_resource_reads_as_a_deletion_and_is_in_no_list
        a_deleted_resource_can_come_back
        the_same_bytes_again_are_known_by_their_hash
        a_change_is_written_whole_or_not_at_all
        a_refused_change_leaves_the_others_of_its_batch
        a_resource_cannot_be_moved_to_somebody_else
        naming_other_people_is_noted
        an_agency_finds_its_own_contribution_by_identifier_and_nobody_elses
        the_labellers_report_counts_current_resources
        what_is_read_for_ourselves_needs_no_permit
    }
    masks {
        what_the_mask_holds_back_is_in_no_answer
        totals_and_pages_are_those_of_a_world_without_what_is_hidden
        a_single_locked_resource_is_held_back_though_its_class_is_open
        a_permit_opens_nobody_elses_record
        a_label_raised_since_covers_earlier_versions
        a_label_lowered_since_does_not_open_earlier_versions
        two_people_in_one_home_stay_apart
    }
    invitations {
        each_code_that_is_tried_is_counted_and_no_more_than_may_be
        of_two_who_open_one_link_one_is_told
    }
    facts {
        what_is_said_is_among_the_facts_and_moves_them_only_if_it_differs
        whoever_acts_is_found_by_who_they_are_and_no_longer_once_it_is_taken_back
        after_a_parting_what_only_restrains_counts_for_both
        a_boundary_in_time_parts_a_class_and_the_mask_names_its_rows
    }
    people {
        facts_are_whole_and_sorted
        facts_of_an_unknown_person_are_absent
        facts_move_only_when_they_differ
        a_class_that_comes_or_goes_moves_the_facts
        linking_two_records_moves_the_facts_of_both
        a_linked_record_is_read_across_its_homes
        a_class_of_which_every_row_is_locked_is_said_to_be
        an_objection_to_a_single_resource_holds_across_homes
        a_relationship_counts_for_the_person_whose_resource_proves_it
        protection_is_a_fact_of_the_home
        home_keys_and_decision_facts_are_kept_as_given
    }
    expecting {
        a_withdrawal_between_deciding_and_committing_stops_the_disclosure
        a_revoked_token_commits_nothing
        a_worker_who_left_commits_nothing
        other_policies_in_force_ask_for_a_new_decision
        a_retried_operation_gets_its_first_receipts
        two_at_once_under_one_key_are_one
        a_retry_does_not_get_round_a_withdrawal
    }
    ledger_rows {
        a_chain_has_no_gaps_and_each_link_follows_from_the_last
        chain_time_goes_forward_though_the_clock_goes_back
        a_receipt_is_signed_and_says_nothing_of_how_many_views_there_are
        entries_come_newest_first_and_only_to_whom_they_belong
        concurrent_commits_leave_every_chain_whole
        waiting_commitments_enter_the_log_once_and_can_be_proven
        a_partial_tile_is_the_beginning_of_what_it_became
        an_empty_log_has_no_checkpoint
        everything_holds_together_after_a_busy_day
        a_clock_behind_the_log_is_not_sound
        an_epoch_is_a_leaf_of_the_log_and_says_where_every_view_stood
        epochs_follow_one_another_and_speak_of_leaves_that_are_there
    }
    stating {
        leaves_that_a_copy_lacks_are_taken_over_with_the_statement_that_says_so
        leaves_that_do_not_lead_to_what_was_seen_are_not_taken_over
        a_log_that_is_handed_on_is_signed_by_both_keys_once_and_then_by_the_next
        without_its_leaves_a_log_begins_a_second_future_and_says_so
    }
    kept_back {
        what_is_held_back_is_counted_until_it_is_opened_and_opened_once
        what_is_held_to_a_date_falls_due_on_it_and_can_be_held_on
        what_is_erased_leaves_its_commitment_and_nothing_else
        nothing_is_erased_under_a_legal_hold
        of_two_who_erase_one_entry_one_is_told
        every_entry_is_claimed_in_the_order_of_its_chain
    }
    searching {
        codes_are_found_with_and_without_their_system
        not_finds_what_has_no_such_code
        dates_compare_as_ranges
        words_are_found_from_their_start_whole_or_anywhere
        references_are_found_by_type_and_id
        uris_are_found_exactly
        missing_values_can_be_asked_for
        ids_can_be_asked_for
        conditions_must_all_hold
        many_alternatives_are_one_condition
        an_update_replaces_what_a_resource_is_found_by
        directory_resources_are_found_apart_from_peoples
    }
    values {
        quantities_compare_by_number_and_unit
        a_composite_asks_for_values_of_the_same_item
        items_go_with_their_resource
        a_composite_of_which_nothing_is_indexed_finds_nothing
        what_cannot_be_compared_is_there_all_the_same
        a_parameter_of_one_type_misses_references_to_others
        words_of_codes_identifiers_of_types_and_codes_of_sets
        a_plain_code_is_of_the_system_that_its_element_implies
        whoever_is_not_said_to_have_died_is_alive
        a_uri_is_found_with_what_is_above_and_below_it
        a_place_is_found_by_how_far_away_it_is
        an_answer_is_sorted_by_any_parameter_and_pages_go_on
    }
    linking {
        a_chain_follows_what_is_open_and_the_directory
        a_chain_through_what_is_hidden_finds_nothing
        a_reverse_chain_asks_only_what_is_open
        what_goes_with_an_answer_is_open_too
        nothing_of_somebody_else_comes_along
        orders_and_totals_are_those_of_what_is_open
        a_directory_search_follows_the_directory_only
    }
    paging {
        pages_follow_one_another_in_order_of_arrival
        dates_sort_both_ways_with_undated_last
        several_types_are_one_order_and_one_total
        last_updated_sorts_both_ways
        a_person_walked_page_by_page_is_seen_once_though_others_write
        everything_comes_type_by_type_and_since_a_time
        everything_comes_from_a_time_to_a_time_with_what_is_of_any
        the_chronology_begins_with_the_newest
        nothing_on_a_page_still_has_a_total
        a_snapshot_does_not_move
    }
    directory {
        the_directory_is_read_whole_and_shared_until_it_changes
        an_agency_keeps_its_home
    }
    messages {
        of_two_who_move_one_message_one_looks_again
        requests_are_counted_by_when_they_were_sent_and_nothing_else_is
        a_list_is_ordered_by_harm_and_then_by_what_is_due_first
        whoever_is_barred_has_no_line_about_that_person
        what_is_due_belongs_to_one_at_a_time_and_is_done_once
        what_falls_together_falls_whole_or_not_at_all
        somebody_is_looked_at_again_once_at_the_moment_that_was_set_last
    }
    attempts {
        attempts_are_told_alone_or_from_the_fifth_on_and_once
        what_is_a_day_old_no_longer_counts
        refusals_about_ten_people_within_a_day_are_told_together
    }
    finding {
        people_are_found_by_identifier_with_or_without_its_system
        people_are_found_by_all_parts_of_a_name_and_birth_date
        everyone_found_comes_with_all_their_subjects
        a_renamed_person_is_no_longer_found_by_the_old_keys
        no_more_people_than_asked_for
    }
} }

/// What every story takes.
type Shared = Arc<world::World>;
