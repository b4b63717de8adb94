//! When an item takes place: who moved it, and who follows (behaviour, section 2).

use crate::contract::{Base, Rule, Span};

/// Which side is moved, where to, and why.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Move {
    /// Both sides are where they belong.
    Neither,
    /// The PSA item goes there.
    Psa(Span, Rule),
    /// The Exchange item goes there.
    Exchange(Span, Rule),
}

/// An item that the PSA originates. Where nothing was ever agreed on, the origin's time counts.
pub fn of_psa_item(base: Option<&Base>, psa: Span, exchange: Span) -> Move {
    if psa == exchange {
        return Move::Neither;
    }
    let Some(base) = base else {
        return Move::Exchange(psa, Rule::PsaItemMoved);
    };
    match moved(base, psa, exchange) {
        (true, true) => Move::Exchange(psa, Rule::BothMovedPsaWins),
        (true, false) => Move::Exchange(psa, Rule::PsaItemMoved),
        (false, true) => Move::Psa(exchange, Rule::ExchangeItemMoved),
        (false, false) => Move::Neither,
    }
}

/// An item that Exchange originates. `goes_back` says why its original may not be moved; then the
/// PSA's copy returns to it.
pub fn of_exchange_item(
    base: Option<&Base>,
    psa: Span,
    exchange: Span,
    goes_back: Option<Rule>,
) -> Move {
    if psa == exchange {
        return Move::Neither;
    }
    let Some(base) = base else {
        return Move::Psa(exchange, Rule::ExchangeItemMoved);
    };
    match (moved(base, psa, exchange), goes_back) {
        ((true, _), Some(rule)) => Move::Psa(exchange, rule),
        ((true, true), None) => Move::Exchange(psa, Rule::BothMovedPsaWins),
        ((true, false), None) => Move::Exchange(psa, Rule::PsaItemMoved),
        ((false, true), _) => Move::Psa(exchange, Rule::ExchangeItemMoved),
        ((false, false), _) => Move::Neither,
    }
}

/// A service call: its copy never moves it. `undoes`: what the copy's user did to its time is put
/// right; else it stays until somebody changes the call.
pub fn of_service_call(
    base: Option<&Base>,
    psa: Span,
    exchange: Span,
    original_changed: bool,
    undoes: bool,
) -> Move {
    if psa == exchange {
        return Move::Neither;
    }
    let Some(base) = base else {
        return Move::Exchange(psa, Rule::PsaItemMoved);
    };
    match moved(base, psa, exchange) {
        (true, true) => Move::Exchange(psa, Rule::BothMovedPsaWins),
        (true, false) => Move::Exchange(psa, Rule::PsaItemMoved),
        (false, _) if original_changed => Move::Exchange(psa, Rule::PsaItemChanged),
        (false, true) if undoes => Move::Exchange(psa, Rule::ServiceCallUndone),
        (false, _) => Move::Neither,
    }
}

fn moved(base: &Base, psa: Span, exchange: Span) -> (bool, bool) {
    (
        psa != base.psa.digest.span,
        exchange != base.exchange.digest.span,
    )
}
