//! What the host itself has to tell in the history.

use crate::capability::http::RefusedRequest;
use crate::contract::{Instant, MailboxId, Remark};
use crate::store::history::Entry;

/// What the history says of a provider's remark.
pub fn remarked(remark: &Remark, blank: Entry) -> Entry {
    Entry {
        exchange: remark.item.clone(),
        outcome: remark.code.clone(),
        remark: remark.text.clone(),
        ..blank
    }
}

/// What the history says of requests that the host refused to send.
pub fn refusals(refused: &[RefusedRequest], blank: &Entry) -> impl Iterator<Item = Entry> {
    refused.iter().map(|request| Entry {
        outcome: "refused by the host".to_owned(),
        remark: format!("{}: {}", request.url, request.reason),
        ..blank.clone()
    })
}

/// An entry of what the host itself has to tell.
pub fn blank_entry(
    cycle: &str,
    mailbox: &MailboxId,
    digest: &str,
    now: Instant,
    action: &str,
) -> Entry {
    Entry {
        time: now,
        cycle: cycle.to_owned(),
        mailbox: mailbox.clone(),
        link: None,
        psa: None,
        exchange: None,
        plugin_digest: digest.to_owned(),
        rule: None,
        action: action.to_owned(),
        fields: Vec::new(),
        evidence: None,
        outcome: String::new(),
        request_id: String::new(),
        status: 0,
        remark: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::ExchangeId;

    fn blank() -> Entry {
        let mailbox = MailboxId {
            value: "anna".into(),
        };
        blank_entry(
            "cycle",
            &mailbox,
            "digest",
            Instant { microseconds: 7 },
            "observe",
        )
    }

    #[test]
    fn a_remark_is_told_of_its_item() {
        let remark = Remark {
            item: Some(ExchangeId {
                value: "item".into(),
            }),
            code: "event-unreadable".into(),
            text: "it has no start".into(),
        };
        let entry = remarked(&remark, blank());
        assert_eq!(entry.exchange, remark.item);
        assert_eq!(entry.outcome, remark.code);
        assert_eq!(entry.remark, remark.text);
        assert_eq!((entry.cycle, entry.action), (blank().cycle, blank().action));
    }
}
