//! Microsoft's schema and published examples, for tests: they lie beside the project.

use std::path::PathBuf;

/// The folder with both, or none where it is missing.
fn folder() -> Option<PathBuf> {
    let beside = || {
        PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/oracles"
        ))
    };
    let root = std::env::var_os("TANDEM_ORACLES").map_or_else(beside, PathBuf::from);
    let folder = root.join("ews");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "{} is missing",
        folder.display()
    );
    eprintln!("skipped: {} is missing", folder.display());
    None
}

/// A file of the schema.
pub fn schema(name: &str) -> Option<String> {
    let path = folder()?.join("schema").join(name);
    Some(std::fs::read_to_string(path).unwrap())
}

/// The names and texts of the answers among the examples, faults included.
pub fn answers() -> Option<Vec<(String, Vec<u8>)>> {
    let mut answers = Vec::new();
    for entry in std::fs::read_dir(folder()?.join("examples")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let message = name.split("--").next().unwrap();
        if message.ends_with("Response") || message == "Fault" {
            answers.push((name, std::fs::read(&path).unwrap()));
        }
    }
    Some(answers)
}
