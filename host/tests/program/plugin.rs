//! `tandem plugin inspect FILE`.

use crate::place::Place;

/// A component that imports a file system and nothing else, byte by byte.
fn wants_files() -> Vec<u8> {
    let name = b"wasi:filesystem/types@0.2.6";
    let length = u8::try_from(name.len()).unwrap();
    // The preamble of a component, then a section with the type of an empty instance.
    let mut bytes = b"\0asm\x0d\0\x01\0\x07\x03\x01\x42\x00".to_vec();
    // A section with one import: its name, and that it is an instance of that type.
    bytes.extend([0x0a, length + 5, 0x01, 0x00, length]);
    bytes.extend(name);
    bytes.extend([0x05, 0x00]);
    bytes
}

#[test]
fn both_keys_of_a_grant_are_shown_for_a_tenant() {
    let place = Place::applied();
    std::fs::write(
        place.path("graph.wasm"),
        tandem::runtime::embedded::Embedded::Graph.bytes(),
    )
    .unwrap();
    let bare = place.run(&["plugin", "inspect", "graph.wasm"]).well().out;
    assert!(
        bare.contains("asks for {service-url}: granted only where"),
        "{bare}"
    );
    let arguments = ["plugin", "inspect", "graph.wasm", "--tenant", "acme"];
    let shown = place.run(&arguments).well().out;
    for words in [
        "tenant   acme",
        "asks for {service-url} (http://127.0.0.1:",
        ": granted",
    ] {
        assert!(shown.contains(words), "{shown}");
    }
    let mut arguments = arguments.to_vec();
    arguments.push("--json");
    let printed = place.run(&arguments).well().json();
    assert_eq!(printed["hosts"][0]["template"], "{service-url}");
    assert_eq!(printed["hosts"][0]["granted"], true);
    assert_eq!(printed["name"], "tandem-graph");
    assert_eq!(printed["digest"].as_str().unwrap().len(), 64);
}

#[test]
fn a_component_that_imports_more_is_shown_and_refused_with_the_list() {
    let place = Place::applied();
    std::fs::write(place.path("files.wasm"), wants_files()).unwrap();
    let ended = place.run(&["plugin", "inspect", "files.wasm"]);
    assert_ne!(ended.code, 0);
    assert!(
        ended
            .out
            .contains("import   wasi:filesystem/types@0.2.6 (refused)"),
        "{}{}",
        ended.out,
        ended.err
    );
    assert!(ended.out.contains("digest   "));
    assert!(
        ended.err.contains("wasi:filesystem/types@0.2.6"),
        "{}",
        ended.err
    );
    let printed = place.run(&["plugin", "inspect", "files.wasm", "--json"]);
    assert_ne!(printed.code, 0);
    assert_eq!(printed.json()["imports"][0]["allowed"], false);
}

#[test]
fn plugin_inspect_shows_the_shipped_component() {
    let place = Place::new();
    let file = place.path("graph.wasm");
    std::fs::write(&file, tandem::runtime::embedded::Embedded::Graph.bytes()).unwrap();
    let ended = place.run(&["plugin", "inspect", "graph.wasm"]).well();
    for word in [
        "digest",
        "wasi:http",
        "tandem:sync/provider",
        "plugin ",
        "asks for",
    ] {
        assert!(ended.out.contains(word), "{word}: {ended:?}");
    }
    assert!(!ended.out.contains("(refused)"), "{ended:?}");
}

#[test]
fn plugin_inspect_refuses_damaged_files() {
    let place = Place::new();
    let good = tandem::runtime::embedded::Embedded::Graph.bytes();
    let mut flipped = good.to_vec();
    for byte in flipped.iter_mut().skip(8).take(64) {
        *byte ^= 0xff;
    }
    for (name, bytes) in [
        ("cut.wasm", good[..good.len() / 2].to_vec()),
        ("flipped.wasm", flipped),
        ("empty.wasm", Vec::new()),
        ("text.wasm", b"this is no component".to_vec()),
        // A core module, not a component.
        ("module.wasm", b"\0asm\x01\0\0\0".to_vec()),
    ] {
        std::fs::write(place.path(name), bytes).unwrap();
        place.run(&["plugin", "inspect", name]).refused(&[name]);
    }
    place
        .run(&["plugin", "inspect", "missing.wasm"])
        .refused(&["missing.wasm"]);
}
