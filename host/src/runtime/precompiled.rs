//! The one place where machine code from a file becomes a component.

use wasmtime::component::Component;

use super::cache::Cache;

/// The component with this digest as it was compiled before; none when it has to be compiled.
pub(super) fn load(cache: &Cache, engine: &wasmtime::Engine, component: &str) -> Option<Component> {
    let compiled = cache.get(engine, component)?;
    #[expect(
        unsafe_code,
        reason = "the bytes are what this program wrote: the cache checks their digest, and that nobody else \
                  could write the file or its directory"
    )]
    // SAFETY: `deserialize` asks for bytes that `Component::serialize` gave, unmodified. The cache
    // hands out only files of this user's in a directory that is closed to others, whose digest is
    // right; engine and version are checked by wasmtime itself.
    let loaded = unsafe { Component::deserialize(engine, &compiled) };
    match loaded {
        Ok(component) => Some(component),
        Err(error) => {
            tracing::warn!(
                error = format!("{error:#}"),
                "a compiled plugin is thrown away"
            );
            cache.remove(engine, component);
            None
        }
    }
}

/// Keeps a component that was compiled.
pub(super) fn keep(cache: &Cache, engine: &wasmtime::Engine, digest: &str, compiled: &Component) {
    match compiled.serialize() {
        Ok(bytes) => cache.put(engine, digest, &bytes),
        Err(error) => {
            tracing::warn!(
                error = format!("{error:#}"),
                "a compiled plugin was not kept"
            );
        }
    }
}
