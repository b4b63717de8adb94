//! Each rule of the law in one sentence, and the name by which programs know it.
//!
//! The list is complete: a new rule of the contract does not compile without its words here.

use crate::contract::Rule;

/// A rule's name, which never changes, and its sentence.
const fn facts(rule: Rule) -> (&'static str, &'static str) {
    match rule {
        Rule::PsaItemIsNew => (
            "psa_item_is_new",
            "The PSA item has no copy in Exchange yet.",
        ),
        Rule::ExchangeItemIsNew => (
            "exchange_item_is_new",
            "The Exchange item has no copy in the PSA yet.",
        ),
        Rule::CopiedItemIsNew => (
            "copied_item_is_new",
            "A user copied one of our copies; the second one is a new item of Exchange.",
        ),
        Rule::MadeAgainAfterChange => (
            "made_again_after_change",
            "The original changed after its copy had been deleted, so the copy is made again.",
        ),
        Rule::ServiceCallMadeAgain => (
            "service_call_made_again",
            "The copy of a service call was deleted; it is made again, once.",
        ),
        Rule::PsaItemMoved => ("psa_item_moved", "The item was moved in the PSA."),
        Rule::PsaItemChanged => ("psa_item_changed", "The item was changed in the PSA."),
        Rule::ExchangeItemMoved => ("exchange_item_moved", "The item was moved in Exchange."),
        Rule::ExchangeItemChanged => (
            "exchange_item_changed",
            "The item was changed in Exchange, where it comes from.",
        ),
        Rule::SettingsChanged => (
            "settings_changed",
            "A setting changed what is shown of the item.",
        ),
        Rule::BothMovedPsaWins => (
            "both_moved_psa_wins",
            "The item was moved on both sides; the PSA wins.",
        ),
        Rule::ServiceCallUndone => (
            "service_call_undone",
            "The copy of a service call was changed in Exchange; the change is undone.",
        ),
        Rule::UndoingStopped => (
            "undoing_stopped",
            "The change was undone three times already; now it stays until the service call changes.",
        ),
        Rule::MeetingNotMoved => (
            "meeting_not_moved",
            "The original is a meeting and moving it would mail its attendees; the PSA's copy goes back.",
        ),
        Rule::OccurrenceNotMoved => (
            "occurrence_not_moved",
            "Exchange cannot move the occurrence there; the PSA's copy goes back.",
        ),
        Rule::CopyTextIgnored => (
            "copy_text_ignored",
            "The copy's text was changed; the original's text stays the truth.",
        ),
        Rule::PsaItemDeleted => ("psa_item_deleted", "The item was deleted in the PSA."),
        Rule::PsaItemLeftSelection => (
            "psa_item_left_selection",
            "By its own data the PSA item is no longer among those that travel.",
        ),
        Rule::ResourceTakenOff => (
            "resource_taken_off",
            "The user was taken off the service call, or somebody else does the to-do now.",
        ),
        Rule::ExchangeItemDeleted => (
            "exchange_item_deleted",
            "The item was deleted in Exchange, where it comes from.",
        ),
        Rule::MeetingCancelled => ("meeting_cancelled", "The organiser cancelled the meeting."),
        Rule::MeetingDeclined => ("meeting_declined", "The user declined the meeting."),
        Rule::BecameFree => (
            "became_free",
            "The item is now shown as free, and free time is not sent.",
        ),
        Rule::CopyDeletedByUser => (
            "copy_deleted_by_user",
            "The user deleted the copy; the original stays, and the copy is not made again until the original changes.",
        ),
        Rule::BothGone => ("both_gone", "The item is gone on both sides."),
        Rule::RemovedByAdmin => (
            "removed_by_admin",
            "An admin had all copies removed that Tandem made.",
        ),
        Rule::RelinkedByMarker => (
            "relinked_by_marker",
            "The pair was found again by the marker on the Exchange item.",
        ),
        Rule::RelinkedByReference => (
            "relinked_by_reference",
            "The pair was found again by the reference that the PSA's row holds.",
        ),
        Rule::RelinkedByContent => (
            "relinked_by_content",
            "The pair was found again by its equal content.",
        ),
        Rule::ContentAmbiguous => (
            "content_ambiguous",
            "Several items have the same content; none of them is linked, and somebody has to look.",
        ),
        Rule::MarkedWithoutRecord => (
            "marked_without_record",
            "The item carries our marker, but the PSA has no such record; it is left alone.",
        ),
        Rule::CopyReleased => (
            "copy_released",
            "Somebody invited others to our copy; from now on it is theirs and is never written again.",
        ),
        Rule::OnlyVersionDiffers => (
            "only_version_differs",
            "The item has a new version, and nothing in it differs.",
        ),
        Rule::Agreed => ("agreed", "Both sides have the same content."),
        Rule::HandedOver => (
            "handed_over",
            "The mailbox went over to another provider, which knows the item by another id.",
        ),
        Rule::BeforeWindow => (
            "before_window",
            "The item ends before the days that are looked at.",
        ),
        Rule::OutsideWindow => (
            "outside_window",
            "The occurrence lies outside the days that are looked at.",
        ),
        Rule::SwitchedOff => (
            "switched_off",
            "The settings or the user's profile do not let such items travel.",
        ),
        Rule::FreeNotSent => (
            "free_not_sent",
            "The item is shown as free, and free time is not sent.",
        ),
        Rule::KeptAtHome => ("kept_at_home", "Such items stay where they are."),
        Rule::CopyIsSeries => (
            "copy_is_series",
            "The copy was made a series by its user, and is left alone until it is single again.",
        ),
        Rule::Waiting => ("waiting", "The item waits for approval or for somebody."),
    }
}

/// The name by which programs know a rule.
#[must_use]
pub const fn name(rule: Rule) -> &'static str {
    facts(rule).0
}

/// What a rule says, in one sentence for people.
#[must_use]
pub const fn sentence(rule: Rule) -> &'static str {
    facts(rule).1
}

/// Whether a rule that leads to no write says nothing that somebody would want to look into, so
/// that a table may count such items instead of listing them.
#[must_use]
pub const fn is_routine(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::BeforeWindow
            | Rule::OutsideWindow
            | Rule::SwitchedOff
            | Rule::FreeNotSent
            | Rule::KeptAtHome
            | Rule::OnlyVersionDiffers
            | Rule::Agreed
            | Rule::HandedOver
            | Rule::BothGone
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::text::choice;

    #[test]
    fn a_rule_has_the_contracts_name_and_one_sentence() {
        // The JSON interface derives its names from the contract; these are written out.
        for rule in [
            Rule::PsaItemIsNew,
            Rule::BothMovedPsaWins,
            Rule::ServiceCallUndone,
            Rule::MarkedWithoutRecord,
            Rule::OnlyVersionDiffers,
            Rule::Waiting,
        ] {
            assert_eq!(choice(&rule).unwrap(), name(rule));
        }
        let said = sentence(Rule::BothMovedPsaWins);
        assert!(said.ends_with('.') && said.matches('.').count() == 1);
    }
}
