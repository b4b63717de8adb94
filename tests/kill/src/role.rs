//! The parts that this program plays beside its own.
//!
//! The harness starts its own file again under another name, so that whoever builds it has built the
//! processes that it kills, from the same sources.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// A part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The program `tandem`, as it is.
    Tandem,
    /// The same host, which falls at a named point.
    Stumbler,
}

impl Role {
    const ALL: [Self; 2] = [Self::Tandem, Self::Stumbler];

    fn name(self) -> &'static str {
        match self {
            Self::Tandem => "tandem",
            Self::Stumbler => "tandem-stumbler",
        }
    }

    /// The part that this process was started for; none: the harness.
    #[must_use]
    pub fn of_this_process() -> Option<Self> {
        let name = std::env::args_os().next()?;
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// A command that plays this part; `program` is the harness's own file.
    #[must_use]
    pub fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.arg0(self.name());
        command
    }
}
