#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::*;

const NAME: &str = "0123";

fn engine() -> wasmtime::Engine {
    wasmtime::Engine::default()
}

fn place() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("made/here");
    (folder, path)
}

fn only_file(directory: &Path) -> PathBuf {
    let files: Vec<_> = fs::read_dir(directory).unwrap().flatten().collect();
    assert_eq!(files.len(), 1);
    files[0].path()
}

#[test]
fn what_was_kept_comes_back_for_the_same_engine_and_component_only() {
    let (_folder, path) = place();
    let cache = Cache::open(&path).unwrap();
    let engine = engine();
    assert_eq!(cache.get(&engine, NAME), None);
    cache.put(&engine, NAME, b"code");
    assert_eq!(cache.get(&engine, NAME).unwrap(), b"code");
    assert_eq!(cache.get(&engine, "4567"), None);
    let mut other = wasmtime::Config::new();
    other.epoch_interruption(true);
    let other = wasmtime::Engine::new(&other).unwrap();
    assert_eq!(cache.get(&other, NAME), None);
    // Opened again, as by the next start.
    assert!(Cache::open(&path).unwrap().get(&engine, NAME).is_some());
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_damaged_file_is_thrown_away() {
    let (_folder, path) = place();
    let cache = Cache::open(&path).unwrap();
    let engine = engine();
    for damage in 0..3 {
        cache.put(&engine, NAME, b"code");
        let file = only_file(&path);
        let mut bytes = fs::read(&file).unwrap();
        match damage {
            0 => *bytes.last_mut().unwrap() ^= 1,
            1 => bytes.truncate(bytes.len() - 1),
            _ => bytes = b"something else".to_vec(),
        }
        fs::write(&file, bytes).unwrap();
        assert_eq!(cache.get(&engine, NAME), None);
        assert!(!file.exists());
    }
}

#[test]
fn a_file_that_others_may_write_is_thrown_away() {
    let (_folder, path) = place();
    let cache = Cache::open(&path).unwrap();
    cache.put(&engine(), NAME, b"code");
    let file = only_file(&path);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(cache.get(&engine(), NAME), None);
    assert!(!file.exists());
}

#[test]
fn a_directory_that_others_may_enter_is_refused() {
    let (_folder, path) = place();
    fs::create_dir_all(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o770)).unwrap();
    let refused = Cache::open(&path).unwrap_err().to_string();
    assert!(refused.contains("others may enter it"), "{refused}");
    assert!(refused.contains("chmod 700"), "{refused}");
}

#[test]
fn a_link_in_place_of_the_directory_is_refused() {
    let (folder, path) = place();
    let own = folder.path().join("own");
    Cache::open(&own).unwrap();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(&own, &path).unwrap();
    assert!(matches!(Cache::open(&path), Err(CacheError::Unsafe { .. })));
}

#[test]
fn what_nobody_uses_is_swept_and_what_is_used_stays() {
    let (_folder, path) = place();
    let cache = Cache::open(&path).unwrap();
    cache.put(&engine(), "old", b"code");
    let old = only_file(&path);
    let long_ago = SystemTime::now() - KEPT - Duration::from_secs(60);
    File::open(&old).unwrap().set_modified(long_ago).unwrap();
    assert!(cache.get(&engine(), "old").is_some(), "to use it keeps it");
    cache.put(&engine(), NAME, b"code");
    assert!(old.exists());
    File::open(&old).unwrap().set_modified(long_ago).unwrap();
    cache.put(&engine(), NAME, b"code");
    assert!(!old.exists());
}
