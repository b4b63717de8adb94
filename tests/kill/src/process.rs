//! A process that can be killed, stopped and continued, and never outlives its handle.

use std::fs::OpenOptions;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::Result;

/// A process of ours.
#[derive(Debug)]
pub struct Process {
    child: Child,
}

impl Process {
    /// Starts one that says whatever it says at the end of a file.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(mut command: Command, log: &Path) -> Result<Self> {
        let log = OpenOptions::new().create(true).append(true).open(log)?;
        let errors = log.try_clone()?;
        command.env_remove("TANDEM_KEY").env_remove("RUST_LOG");
        command.stdin(Stdio::null()).stdout(log).stderr(errors);
        Ok(Self {
            child: command.spawn()?,
        })
    }

    /// Kills it, as `kill -9` does.
    ///
    /// # Errors
    /// When it ended before by itself.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            return Err(format!("a host ended by itself: {status}").into());
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Lets it go on after it was stopped.
    ///
    /// # Errors
    /// When it is gone.
    pub fn go_on(&self) -> Result<()> {
        Ok(kill_process(Pid::from_child(&self.child), Signal::CONT)?)
    }

    /// Whether it is gone. One that was not killed is a failure.
    ///
    /// # Errors
    /// When it ended by itself.
    pub fn was_killed(&mut self) -> Result<bool> {
        match self.child.try_wait()? {
            None => Ok(false),
            Some(status) if status.signal() == Some(Signal::KILL.as_raw()) => Ok(true),
            Some(status) => Err(format!("a host ended by itself: {status}").into()),
        }
    }

    /// Waits until it was killed; false when that does not come.
    ///
    /// # Errors
    /// When it ended by itself.
    pub async fn until_killed(&mut self, patience: Duration) -> Result<bool> {
        let began = Instant::now();
        while began.elapsed() < patience {
            if self.was_killed()? {
                return Ok(true);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(false)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Errors only say that it is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
