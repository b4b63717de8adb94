//! Compiled components on disk, as the program uses them.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::place::Place;

const INSPECT: [&str; 5] = ["plugin", "inspect", "graph.wasm", "--config", "tandem.toml"];

fn with_plugin() -> Place {
    let place = Place::applied();
    fs::write(
        place.path("graph.wasm"),
        tandem::runtime::embedded::Embedded::Graph.bytes(),
    )
    .unwrap();
    place
}

fn compiled(place: &Place, directory: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(place.path(directory)).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn what_was_compiled_is_used_again_and_damage_costs_only_time() {
    let place = with_plugin();
    place.operator("plugin-cache = \"plugins\"\n");
    let first = place.run(&INSPECT).well().out;
    let files = compiled(&place, "plugins");
    assert_eq!(files.len(), 1, "{files:?}");
    let whole = fs::read(&files[0]).unwrap();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write(&files[0], &damaged).unwrap();
    let ended = place.run(&INSPECT).well();
    assert_eq!(ended.out, first);
    assert!(ended.err.contains("it is damaged"), "{}", ended.err);
    assert_ne!(fs::read(&files[0]).unwrap(), damaged, "compiled anew");
    let ended = place.run(&INSPECT).well();
    assert_eq!((ended.out, ended.err), (first, String::new()));
}

#[test]
fn a_directory_that_others_may_write_is_refused_when_named_and_unused_by_default() {
    let place = with_plugin();
    fs::create_dir(place.path("open")).unwrap();
    let everybody = fs::Permissions::from_mode(0o777);
    fs::set_permissions(place.path("open"), everybody.clone()).unwrap();
    place.operator("plugin-cache = \"open\"\n");
    let ended = place.run(&INSPECT);
    assert_ne!(ended.code, 0);
    assert!(ended.err.contains("no safe place"), "{}", ended.err);
    assert!(compiled(&place, "open").is_empty());

    fs::create_dir(place.path("tandem-plugins")).unwrap();
    fs::set_permissions(place.path("tandem-plugins"), everybody).unwrap();
    let text = fs::read_to_string(place.path("tandem.toml")).unwrap();
    place.write(
        "tandem.toml",
        &text.replace("plugin-cache = \"open\"\n", ""),
    );
    let ended = place.run(&INSPECT).well();
    assert!(
        ended.err.contains("compiled at each start"),
        "{}",
        ended.err
    );
    assert!(compiled(&place, "tandem-plugins").is_empty());
}

#[test]
fn the_demo_keeps_nothing_unless_it_is_told_where() {
    let place = with_plugin();
    let folder = tempfile::TempDir::new().unwrap();
    let demo = |more: &[&str]| {
        let mut command = place.command(&["demo", "--once", "--json"]);
        let ended = command.args(more).current_dir(folder.path()).output();
        assert!(ended.unwrap().status.success());
        fs::read_dir(folder.path()).unwrap().count()
    };
    assert_eq!(demo(&[]), 0);
    assert_eq!(demo(&["--plugin-cache", "plugins"]), 1);
}
