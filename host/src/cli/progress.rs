//! How far a long command is: a bar on a terminal, nothing elsewhere, where each mailbox's own line
//! tells it.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often a bar moves although nothing ended.
const TICK: Duration = Duration::from_millis(200);

/// The progress over some mailboxes.
pub struct Progress(Option<ProgressBar>);

impl Progress {
    /// Over so many. There is a bar only for several, and where somebody sees it.
    #[must_use]
    pub fn over(mailboxes: usize) -> Self {
        Self::on(mailboxes, std::io::stderr().is_terminal())
    }

    fn on(mailboxes: usize, terminal: bool) -> Self {
        if mailboxes < 2 || !terminal {
            return Self(None);
        }
        let length = u64::try_from(mailboxes).unwrap_or(u64::MAX);
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
        let form = "{bar:30} {pos}/{len} mailboxes, {elapsed} so far, {eta} to go  {wide_msg}";
        if let Ok(style) = ProgressStyle::with_template(form) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        Self(Some(bar))
    }

    /// A mailbox's turn comes.
    pub fn begin(&self, address: &str) {
        if let Some(bar) = &self.0 {
            bar.set_message(address.to_owned());
        }
    }

    /// It is over.
    pub fn done(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }

    /// Prints without the bar in the way.
    pub fn around<R>(&self, print: impl FnOnce() -> R) -> R {
        match &self.0 {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_only_for_several_mailboxes_at_a_terminal() {
        assert!(Progress::on(2, true).0.is_some());
        assert!(Progress::on(1, true).0.is_none());
        assert!(Progress::on(2, false).0.is_none());
    }
}
