//! A real SMTP server (aiosmtpd) in a Python environment under the target directory, made when it
//! is missing. Where it cannot be had, tests say that they were skipped; in CI they fail.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const PACKAGE: &str = "aiosmtpd==1.4.6";

pub struct MailServer {
    pub port: u16,
    folder: TempDir,
    child: Child,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The Python that has the server; none where it cannot be had, which was then said.
fn python() -> Option<PathBuf> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = PYTHON.get_or_init(|| {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("aiosmtpd");
        let python = place.join("bin/python");
        let works = || {
            let mut check = Command::new(&python);
            check.args(["-c", "import aiosmtpd"]).stderr(Stdio::null());
            check.status().is_ok_and(|status| status.success())
        };
        let run = |program: &Path, arguments: &[&str]| {
            let mut command = Command::new(program);
            command.args(arguments).stdout(Stdio::null());
            command.status().is_ok_and(|status| status.success())
        };
        if !works() {
            let place = place.display().to_string();
            run(Path::new("python3"), &["-m", "venv", &place]);
            run(&python, &["-m", "pip", "install", "--quiet", PACKAGE]);
        }
        works().then_some(python)
    });
    if found.is_none() {
        assert_ne!(
            std::env::var("CI").as_deref(),
            Ok("true"),
            "python3 with venv and {PACKAGE} is needed, and in CI every test runs"
        );
        // Not by eprintln, which the test runner swallows.
        let text = format!("SKIPPED: there is no python3 with venv and {PACKAGE}\n");
        std::io::stderr().write_all(text.as_bytes()).unwrap();
    }
    found.clone()
}

impl MailServer {
    /// Starts one; none where it cannot be had.
    pub fn start(more: &[&str]) -> Option<Self> {
        let python = python()?;
        let folder = TempDir::new().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/smtp_server.py");
        let mut child = Command::new(python)
            .arg(script)
            .arg("--folder")
            .arg(folder.path())
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap();
        Some(Self {
            port,
            folder,
            child,
        })
    }

    /// The mails that it took so far.
    pub fn taken(&self) -> Vec<Value> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
            .map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
            .collect()
    }

    /// Waits until it took so many, and a little longer for one too many.
    pub async fn wait_for(&self, count: usize) -> Vec<Value> {
        let start = Instant::now();
        while self.taken().len() < count {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "{count} mails were to come: {:?}",
                self.taken()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tokio::time::sleep(Duration::from_millis(400)).await;
        let taken = self.taken();
        assert_eq!(taken.len(), count, "{taken:?}");
        taken
    }
}
