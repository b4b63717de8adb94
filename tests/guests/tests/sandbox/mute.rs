use std::path::Path;

use tandem::runtime::{Component, ComponentError, Engine, EngineSettings, Inspection};

fn engine() -> Engine {
    Engine::new(&EngineSettings::default()).unwrap()
}

async fn refusal(bytes: &[u8]) -> ComponentError {
    match Component::from_bytes(&engine(), "thing.wasm", bytes).await {
        Ok(_) => panic!("it was loaded"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn a_component_without_the_provider_interface_is_refused() {
    let bytes = std::fs::read(guests::MUTE).unwrap();
    let error = refusal(&bytes).await;
    assert!(
        matches!(error, ComponentError::MissingExport { .. }),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "thing.wasm: it does not export tandem:sync/provider@1.0.0; it exports nothing; \
         build it against wit/ of this host"
    );
}

#[tokio::test]
async fn a_core_module_is_refused_with_the_way_to_make_it_a_component() {
    let error = refusal(b"\0asm\x01\0\0\0").await;
    assert!(
        matches!(error, ComponentError::CoreModule { .. }),
        "{error}"
    );
    assert!(error.to_string().contains("wasm-tools component new"));
}

#[tokio::test]
async fn a_damaged_file_is_refused_by_name() {
    let mut bytes = std::fs::read(guests::SPIN).unwrap();
    bytes.truncate(bytes.len() / 2);
    for damaged in [bytes.as_slice(), b"", b"(component)", b"\x7fELF"] {
        let error = refusal(damaged).await;
        assert!(matches!(error, ComponentError::Damaged { .. }), "{error}");
        assert!(error.to_string().starts_with("thing.wasm: "), "{error}");
    }
}

#[tokio::test]
async fn a_missing_file_is_refused_with_its_path() {
    let error = Component::from_file(&engine(), Path::new("/no/such.wasm")).await;
    let text = error.err().unwrap().to_string();
    assert!(
        text.starts_with("/no/such.wasm: cannot read the plugin"),
        "{text}"
    );
}

#[tokio::test]
async fn an_inspection_tells_what_a_component_is_made_of() {
    let inspection = Inspection::of_file(&engine(), Path::new(guests::WANDERER))
        .await
        .unwrap();
    assert_eq!(inspection.digest.len(), 64);
    assert_eq!(inspection.exports, ["tandem:sync/provider@1.0.0"]);
    let http = inspection
        .imports
        .iter()
        .find(|import| import.name.starts_with("wasi:http/outgoing-handler@"));
    assert!(http.is_some_and(|import| import.allowed));
}
