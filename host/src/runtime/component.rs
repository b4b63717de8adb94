//! Loading a component: what it is, what it asks for, and why it may be refused.
//!
//! A component is refused as a whole when it imports anything that is not on the list in `link`, or
//! does not export the provider interface. What loads is compiled once, linked once and described
//! once; each session then starts from there in microseconds.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use wasmtime::component::Component as Compiled;

use super::engine::{Engine, Limits};
use super::error::ComponentError;
use super::instance::Session;
use super::link::{self, PROVIDER};
use super::precompiled;
use super::sandbox::Sandbox;
use crate::contract::{Description, PluginPre};

/// A loaded component. Cheap to clone.
#[derive(Clone)]
pub struct Component(Arc<Loaded>);

struct Loaded {
    engine: Engine,
    inspection: Inspection,
    description: Description,
    pre: PluginPre<Sandbox>,
}

/// What can be told about a component without running it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Inspection {
    /// Where it came from: a path, or `embedded`.
    pub origin: String,
    /// SHA-256 of the file, in lower-case hexadecimal.
    pub digest: String,
    /// Bytes of the file.
    pub size: usize,
    /// What it imports, each with a verdict.
    pub imports: Vec<ImportVerdict>,
    /// What it exports.
    pub exports: Vec<String>,
}

/// One import and whether a plugin may have it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ImportVerdict {
    /// The interface with its version.
    pub name: String,
    /// It is on the list.
    pub allowed: bool,
}

impl Component {
    /// Loads a component from a file.
    ///
    /// # Errors
    /// [`ComponentError`], which names the file, what is wrong and what to do.
    pub async fn from_file(engine: &Engine, path: &Path) -> Result<Self, ComponentError> {
        let bytes = read(path).await?;
        Self::from_bytes(engine, &path.display().to_string(), bytes).await
    }

    /// Loads a component from its bytes; `origin` names it in errors.
    ///
    /// # Errors
    /// [`ComponentError`], which names the origin, what is wrong and what to do.
    pub async fn from_bytes(
        engine: &Engine,
        origin: &str,
        bytes: impl Into<Vec<u8>>,
    ) -> Result<Self, ComponentError> {
        let (inspection, compiled) = compile(engine, origin, bytes.into()).await?;
        Self::of_compiled(engine, inspection, &compiled).await
    }

    /// Looks into a component, refused imports included, and loads it if nothing is in the way:
    /// what can be told of it is told also when it is refused.
    ///
    /// # Errors
    /// [`ComponentError`] when it cannot be read or is no component at all.
    pub async fn inspect_file(
        engine: &Engine,
        path: &Path,
    ) -> Result<(Inspection, Result<Self, ComponentError>), ComponentError> {
        let bytes = read(path).await?;
        let (inspection, compiled) = compile(engine, &path.display().to_string(), bytes).await?;
        let loaded = Self::of_compiled(engine, inspection.clone(), &compiled).await;
        Ok((inspection, loaded))
    }

    async fn of_compiled(
        engine: &Engine,
        inspection: Inspection,
        compiled: &Compiled,
    ) -> Result<Self, ComponentError> {
        let pre = check(engine, &inspection, compiled)?;
        // Whoever cannot say what it is in ten seconds will not do better later.
        let limits = Limits {
            call_time: Duration::from_secs(10),
            ..Limits::default()
        };
        let description = Session::describe(engine, &pre, &limits)
            .await
            .map_err(|source| ComponentError::Undescribed {
                origin: inspection.origin.clone(),
                source,
            })?;
        Ok(Self(Arc::new(Loaded {
            engine: engine.clone(),
            inspection,
            description,
            pre,
        })))
    }

    /// What it says of itself.
    pub fn description(&self) -> &Description {
        &self.0.description
    }

    /// What it is made of.
    pub fn inspection(&self) -> &Inspection {
        &self.0.inspection
    }

    /// SHA-256 of the file, in lower-case hexadecimal.
    pub fn digest(&self) -> &str {
        &self.0.inspection.digest
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(super) fn pre(&self) -> &PluginPre<Sandbox> {
        &self.0.pre
    }
}

impl Inspection {
    /// Looks into a component without running it, refused imports included.
    ///
    /// # Errors
    /// [`ComponentError`] when it cannot be read or is no component.
    pub async fn of_file(engine: &Engine, path: &Path) -> Result<Self, ComponentError> {
        let bytes = read(path).await?;
        let (inspection, _) = compile(engine, &path.display().to_string(), bytes).await?;
        Ok(inspection)
    }
}

async fn read(path: &Path) -> Result<Vec<u8>, ComponentError> {
    tokio::fs::read(path)
        .await
        .map_err(|source| ComponentError::Unreadable {
            path: path.to_owned(),
            source,
        })
}

/// Compiles away from the threads that answer requests: it takes most of a second, unless it was
/// compiled before.
async fn compile(
    engine: &Engine,
    origin: &str,
    bytes: Vec<u8>,
) -> Result<(Inspection, Compiled), ComponentError> {
    // Magic number and version of a core module; a component's differ in the last four bytes.
    if bytes.starts_with(b"\0asm\x01\0\0\0") {
        return Err(ComponentError::CoreModule {
            origin: origin.to_owned(),
        });
    }
    let damaged = |text: String| ComponentError::Damaged {
        origin: origin.to_owned(),
        text,
    };
    // Text would compile too; only what was built is taken.
    if !bytes.starts_with(b"\0asm") {
        return Err(damaged("it does not begin like WebAssembly".to_owned()));
    }
    let (wasmtime, cache) = (engine.wasmtime().clone(), engine.cache().cloned());
    let (compiled, digest, size) = tokio::task::spawn_blocking(move || {
        let digest = hex(&Sha256::digest(&bytes));
        let known = cache
            .as_ref()
            .and_then(|cache| precompiled::load(cache, &wasmtime, &digest));
        if let Some(compiled) = known {
            return Ok((compiled, digest, bytes.len()));
        }
        let compiled = Compiled::from_binary(&wasmtime, &bytes)?;
        if let Some(cache) = &cache {
            precompiled::keep(cache, &wasmtime, &digest, &compiled);
        }
        Ok::<_, wasmtime::Error>((compiled, digest, bytes.len()))
    })
    .await
    .map_err(|error| damaged(error.to_string()))?
    .map_err(|error| damaged(format!("{error:#}")))?;

    let shape = compiled.component_type();
    let imports = shape
        .imports(engine.wasmtime())
        .map(|(name, _)| ImportVerdict {
            name: name.to_owned(),
            allowed: link::is_allowed(name),
        })
        .collect();
    let exports = shape
        .exports(engine.wasmtime())
        .map(|(name, _)| name.to_owned())
        .collect();
    let inspection = Inspection {
        origin: origin.to_owned(),
        digest,
        size,
        imports,
        exports,
    };
    Ok((inspection, compiled))
}

fn check(
    engine: &Engine,
    inspection: &Inspection,
    compiled: &Compiled,
) -> Result<PluginPre<Sandbox>, ComponentError> {
    let origin = inspection.origin.clone();
    let refused: Vec<String> = inspection
        .imports
        .iter()
        .filter(|import| !import.allowed)
        .map(|import| import.name.clone())
        .collect();
    if !refused.is_empty() {
        return Err(ComponentError::ForbiddenImports {
            origin,
            imports: refused,
        });
    }
    if !inspection.exports.iter().any(|export| export == PROVIDER) {
        return Err(ComponentError::MissingExport {
            origin,
            missing: PROVIDER,
            exports: inspection.exports.clone(),
        });
    }
    engine
        .linker()
        .instantiate_pre(compiled)
        .and_then(PluginPre::new)
        .map_err(|error| ComponentError::OtherContract {
            origin,
            text: format!("{error:#}"),
        })
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
