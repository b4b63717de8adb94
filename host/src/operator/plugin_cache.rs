//! Where the operator's file has compiled plugins kept.

use std::path::{Path, PathBuf};

use crate::runtime::{Cache, CacheError};

/// The directory that is named, or else the usual one; none when the name is empty.
///
/// # Errors
/// When a directory that was named is not safe. The usual one is then not used, and that is said.
pub(super) fn open(named_one: Option<&Path>, database: &str) -> Result<Option<Cache>, CacheError> {
    if named_one.is_some() {
        return named(named_one);
    }
    Ok(default_cache(database).and_then(|directory| {
        Cache::open(&directory)
            .inspect_err(|error| tracing::warn!(%error, "plugins are compiled at each start"))
            .ok()
    }))
}

/// The directory that is named; none when none is, or the name is empty.
///
/// # Errors
/// When it is not safe.
pub(super) fn named(directory: Option<&Path>) -> Result<Option<Cache>, CacheError> {
    directory
        .filter(|directory| !directory.as_os_str().is_empty())
        .map(Cache::open)
        .transpose()
}

/// Where compiled plugins lie when the file does not say: beside a database that is a file, else
/// in the user's cache directory. A database that goes with the program keeps nothing.
fn default_cache(database: &str) -> Option<PathBuf> {
    const NAME: &str = "tandem-plugins";
    match database.split_once(':') {
        Some(("sqlite", ":memory:")) => None,
        Some(("sqlite", path)) => {
            let path = Path::new(path.strip_prefix("//").unwrap_or(path));
            Some(path.parent().unwrap_or(Path::new("")).join(NAME))
        }
        _ => {
            let of = |name| std::env::var_os(name).filter(|value| !value.is_empty());
            of("XDG_CACHE_HOME")
                .map(PathBuf::from)
                .or_else(|| of("HOME").map(|home| PathBuf::from(home).join(".cache")))
                .map(|directory| directory.join(NAME))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiled_plugins_lie_beside_the_database() {
        let of = |url| default_cache(url).unwrap();
        assert_eq!(of("sqlite:tandem.db"), Path::new("tandem-plugins"));
        assert_eq!(
            of("sqlite:///var/t/tandem.db"),
            Path::new("/var/t/tandem-plugins")
        );
        assert_eq!(default_cache("sqlite::memory:"), None);
    }
}
