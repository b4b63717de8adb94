//! What others made, in the folder beside the project or the one that `TANDEM_ORACLES` names.
#![expect(
    clippy::disallowed_methods,
    reason = "only what is under test is kept from reading anything"
)]

use std::io::Write;
use std::path::{Path, PathBuf};

/// The text of one of their files; none is a failure in CI and is said plainly elsewhere.
pub fn text(name: &str) -> Option<String> {
    let folder = std::env::var_os("TANDEM_ORACLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles"),
        PathBuf::from,
    );
    let file = folder.join(name);
    if let Ok(text) = std::fs::read_to_string(&file) {
        return Some(text);
    }
    let missing = file.display();
    assert!(std::env::var_os("CI").is_none(), "{missing} is missing");
    // Past the capture of the test's output.
    let _ = writeln!(std::io::stderr(), "skipped: {missing} is missing");
    None
}
