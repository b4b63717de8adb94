//! Compiled components, kept on disk: compiling one takes seconds, loading what was compiled
//! milliseconds.
//!
//! What lies here is machine code that the program will run, so nobody else may write it:
//!
//! - the directory belongs to the user who runs the program and is open to nobody else (0700); one
//!   that is not so is refused, and every file is checked for its owner and its rights again;
//! - a file's name carries the component's digest and a hash of compiler, settings and machine, so
//!   that another version of either never meets it;
//! - a file begins with the digest of what follows. A damaged, cut or foreign one is thrown away,
//!   and the component compiled anew;
//! - a file appears whole or not at all, under its name only once it is written.
//!
//! A cache that cannot be used costs seconds and nothing else: no failure here ends a start, but
//! for a directory that the operator named and that is not safe.

use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::component::hex;

/// How a file begins; another form of file would begin otherwise.
const MAGIC: &[u8] = b"tandem compiled component 1\n";
/// Bytes of a digest.
const DIGEST: usize = 32;
/// How the names of this cache's files end.
const ENDING: &str = "compiled";
/// What nobody has used for so long is removed.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Why a directory is no place for compiled components.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// It cannot be made or looked at.
    #[error(
        "{path} cannot be used for compiled plugins: {source}; name another as plugin-cache, or none with \"\""
    )]
    Directory {
        /// Which directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others could plant code in it.
    #[error(
        "{path} is no safe place for compiled plugins: {reason}; run `chmod 700` on a directory of your own, or name \
         another as plugin-cache"
    )]
    Unsafe {
        /// Which directory.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// A directory of compiled components.
#[derive(Debug, Clone)]
pub struct Cache {
    directory: PathBuf,
    /// The user who runs this program.
    user: u32,
}

impl Cache {
    /// Opens a directory, and makes it where it is missing.
    ///
    /// # Errors
    /// [`CacheError`] when it cannot be made, or others could write to it.
    #[cfg(unix)]
    pub fn open(directory: &Path) -> Result<Self, CacheError> {
        use std::os::unix::fs::{DirBuilderExt, MetadataExt};
        let failed = |source| CacheError::Directory {
            path: directory.to_owned(),
            source,
        };
        let not_safe = |reason: String| CacheError::Unsafe {
            path: directory.to_owned(),
            reason,
        };
        if let Some(parent) = directory.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        match fs::DirBuilder::new().mode(0o700).create(directory) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(failed(error));
            }
            Ok(()) | Err(_) => {}
        }
        let found = fs::symlink_metadata(directory).map_err(failed)?;
        if !found.is_dir() {
            return Err(not_safe("it is no directory".to_owned()));
        }
        if found.mode() & 0o077 != 0 {
            let mode = found.mode() & 0o777;
            return Err(not_safe(format!("others may enter it (mode {mode:o})")));
        }
        // The standard library does not tell whose process this is; a file of ours does.
        let own = directory.join(format!(".{}", Uuid::new_v4()));
        let user = File::create_new(&own).and_then(|file| Ok(file.metadata()?.uid()));
        let removed = fs::remove_file(&own);
        let user = user
            .and_then(|user| removed.map(|()| user))
            .map_err(failed)?;
        if found.uid() != user {
            return Err(not_safe(format!(
                "it belongs to user {}, and this program runs as {user}",
                found.uid()
            )));
        }
        Ok(Self {
            directory: directory.to_owned(),
            user,
        })
    }

    /// There is no way here to tell whose files these are.
    ///
    /// # Errors
    /// Always.
    #[cfg(not(unix))]
    pub fn open(directory: &Path) -> Result<Self, CacheError> {
        Err(CacheError::Unsafe {
            path: directory.to_owned(),
            reason: "on this system the owner of files is not checked".to_owned(),
        })
    }

    /// What was compiled of a component for this engine; none when it was not, or what lies there
    /// cannot be trusted, which is then removed.
    pub(super) fn get(&self, engine: &wasmtime::Engine, component: &str) -> Option<Vec<u8>> {
        let path = self.path(engine, component);
        match self.read(&path) {
            Ok(compiled) => Some(compiled),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "a compiled plugin is thrown away");
                self.remove(engine, component);
                None
            }
        }
    }

    /// Keeps what was compiled of a component. Nothing but time is lost when that fails.
    pub(super) fn put(&self, engine: &wasmtime::Engine, component: &str, compiled: &[u8]) {
        let path = self.path(engine, component);
        if let Err(error) = self.write(&path, compiled) {
            tracing::warn!(path = %path.display(), %error, "a compiled plugin was not kept");
        }
        self.sweep();
    }

    /// Throws away what turned out to be of no use.
    pub(super) fn remove(&self, engine: &wasmtime::Engine, component: &str) {
        // Where it cannot be removed, it is found to be of no use again.
        let _ = fs::remove_file(self.path(engine, component));
    }

    fn path(&self, engine: &wasmtime::Engine, component: &str) -> PathBuf {
        let mut hasher = Stable(Sha256::new());
        engine.precompile_compatibility_hash().hash(&mut hasher);
        let engine: String = hex(&hasher.0.finalize()).chars().take(32).collect();
        self.directory
            .join(format!("{component}-{engine}.{ENDING}"))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        self.trust(&file)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let foreign = || io::Error::other("it is cut, or no compiled plugin");
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(foreign)?;
        let (digest, compiled) = rest.split_at_checked(DIGEST).ok_or_else(foreign)?;
        if Sha256::digest(compiled).as_slice() != digest {
            return Err(io::Error::other("it is damaged"));
        }
        // Used now; only what nobody uses is swept.
        let _ = file.set_modified(SystemTime::now());
        Ok(compiled.to_vec())
    }

    #[cfg(unix)]
    fn trust(&self, file: &File) -> io::Result<()> {
        use std::os::unix::fs::MetadataExt;
        let found = file.metadata()?;
        if !found.is_file() || found.uid() != self.user || found.mode() & 0o022 != 0 {
            return Err(io::Error::other("others could have written it"));
        }
        Ok(())
    }

    #[cfg(not(unix))]
    fn trust(&self, _: &File) -> io::Result<()> {
        Err(io::Error::other("nobody knows who wrote it"))
    }

    fn write(&self, path: &Path, compiled: &[u8]) -> io::Result<()> {
        let unfinished = self.directory.join(format!(".{}", Uuid::new_v4()));
        let written = create(&unfinished).and_then(|mut file| {
            file.write_all(MAGIC)?;
            file.write_all(&Sha256::digest(compiled))?;
            file.write_all(compiled)?;
            file.sync_all()?;
            fs::rename(&unfinished, path)
        });
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        written
    }

    /// Removes what nobody has used for long: other versions, and what an end in the middle left.
    fn sweep(&self) {
        let Ok(entries) = fs::read_dir(&self.directory) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let unused = entry
                .metadata()
                .and_then(|found| found.modified())
                .ok()
                .and_then(|used| used.elapsed().ok())
                .is_some_and(|unused| unused > KEPT);
            if unused && (name.ends_with(ENDING) || name.starts_with('.')) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

#[cfg(unix)]
fn create(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = File::options();
    options.write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path) -> io::Result<File> {
    File::create_new(path)
}

/// A hash that is the same in every run and on every day.
struct Stable(Sha256);

impl Hasher for Stable {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Never asked for: the whole digest is taken.
    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests;
