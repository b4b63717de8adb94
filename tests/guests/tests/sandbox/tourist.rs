use std::path::Path;

use tandem::runtime::{Component, ComponentError, Engine, EngineSettings, Inspection};

#[tokio::test]
async fn a_component_that_wants_files_or_sockets_is_refused_with_the_whole_list() {
    let engine = Engine::new(&EngineSettings::default()).unwrap();
    let error = Component::from_file(&engine, Path::new(guests::TOURIST)).await;
    let Err(ComponentError::ForbiddenImports { imports, origin }) = error else {
        panic!("it was loaded");
    };
    assert_eq!(origin, guests::TOURIST);
    for wanted in [
        "wasi:filesystem/types@",
        "wasi:filesystem/preopens@",
        "wasi:sockets/tcp@",
    ] {
        assert!(
            imports.iter().any(|import| import.starts_with(wanted)),
            "{imports:?}"
        );
    }
    assert!(!imports.iter().any(|import| import.starts_with("wasi:cli/")));
}

#[tokio::test]
async fn what_is_refused_can_still_be_inspected() {
    let engine = Engine::new(&EngineSettings::default()).unwrap();
    let inspection = Inspection::of_file(&engine, Path::new(guests::TOURIST))
        .await
        .unwrap();
    assert!(inspection.imports.iter().any(|import| !import.allowed));
    assert!(inspection.imports.iter().any(|import| import.allowed));
}
