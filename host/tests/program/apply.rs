//! `tandem apply FILE`: the tenant's file.

use tandem::store::cycle_run::Paging;
use tandem::store::mail;

use crate::place::{ANNA, Place};

#[test]
fn apply_writes_settings_and_users_and_again_it_changes_nothing() {
    let place = Place::new();
    place.write("acme.toml", &place.acme());
    let ended = place.run(&["apply", "acme.toml"]).well();
    assert!(
        ended.out.contains("`acme`: settings saved, 1 users"),
        "{ended:?}"
    );
    let secret = place.exchange.credentials().client_secret;
    assert!(!ended.out.contains(&secret) && !ended.err.contains(&secret));
    let ended = place.run(&["apply", "acme.toml"]).well();
    assert!(ended.out.contains("settings unchanged"), "{ended:?}");
    assert!(!ended.out.contains("re-synchronisation"), "{ended:?}");
}

#[test]
fn a_file_that_only_names_a_tenant_makes_it_and_leaves_the_rest_to_the_pages() {
    let place = Place::new();
    place.write("acme.toml", "tenant = \"acme\"\n");
    let ended = place.run(&["apply", "acme.toml"]).well();
    assert!(ended.out.contains("tenant `acme` made"), "{ended:?}");
    let before = place.dump();
    place.run(&["apply", "acme.toml"]).well();
    assert_eq!(place.dump(), before);
    place.run(&["administrator"]).well();
    place.run(&["token", "create"]).well();
    // Users need settings to be chosen within.
    let user = "[[resource]]\nid = \"anna\"\nname = \"Anna\"\nmailbox = \"anna@example.com\"\n";
    place.write("acme.toml", &format!("tenant = \"acme\"\n{user}"));
    place.run(&["apply", "acme.toml"]).refused(&["[settings]"]);
    place.write("acme.toml", &place.acme());
    place.run(&["apply", "acme.toml"]).well();
}

#[test]
fn a_file_without_the_secret_keeps_the_stored_one() {
    let place = Place::applied();
    let text: String = place
        .acme()
        .lines()
        .filter(|line| !line.starts_with("client-secret"))
        .map(|line| format!("{line}\n"))
        .collect();
    place.write("acme.toml", &text.replace("Acme", "Acme Ltd"));
    place.run(&["apply", "acme.toml"]).well();
    place.sync(&[]).well();
}

#[test]
fn apply_refuses_what_is_wrong_names_it_and_leaves_everything_as_it_was() {
    let place = Place::applied();
    let before = place.dump();
    let acme = place.acme();
    let secret = place.exchange.credentials().client_secret;
    let settings = |line: &str| acme.replace("[settings]\n", &format!("[settings]\n{line}\n"));
    let second = format!(
        "{acme}\n[[resource]]\nid = \"bela\"\nname = \"Bela\"\nmailbox = \"{}\"\n",
        ANNA.to_uppercase()
    );
    let cases: Vec<(String, Vec<&str>)> = vec![
        (settings("past-day = 3"), vec!["past-day", "line 4"]),
        (settings("past-days = 31"), vec!["31", "1 to 30"]),
        (settings("past-days = -1"), vec!["line 4"]),
        (
            settings("synchronise-every = 9"),
            vec!["9 minutes", "10 minutes or more"],
        ),
        (
            settings("server-address = \"10.0.0.1:443\""),
            vec!["10.0.0.1:443", "host name"],
        ),
        (
            settings("version = \"exchange-1999\""),
            vec!["exchange-1999"],
        ),
        (
            settings("version = \"exchange-2019\"\nuse-graph = true"),
            vec!["Graph"],
        ),
        (
            settings("error-notifications-to = \"nobody\""),
            vec!["nobody", "e-mail"],
        ),
        (acme.replace("\"Acme\"", "\" \""), vec!["profile name"]),
        (acme.replace(ANNA, "anna"), vec!["`anna`", "resource"]),
        (
            acme.replace("\"acme\"", "\"Acme Ltd\""),
            vec!["Acme Ltd", "lower-case"],
        ),
        (
            acme.replace("kind = \"oauth\"", "kind = \"magic\""),
            vec!["magic"],
        ),
        (acme.replace("[settings]", "[setting]"), vec!["setting"]),
        (acme.replace("client-id = ", "client-id "), vec!["line"]),
        (second, vec!["ANNA@EXAMPLE.COM", "anna", "bela"]),
        (String::new(), vec!["tenant"]),
    ];
    for (text, words) in cases {
        place.write("wrong.toml", &text);
        let mut all = words;
        all.push("wrong.toml");
        let ended = place.run(&["apply", "wrong.toml"]).refused(&all);
        assert!(!ended.err.contains(&secret), "{ended:?}");
        assert_eq!(before, place.dump(), "{text}");
    }
    place
        .run(&["apply", "missing.toml"])
        .refused(&["missing.toml", "cannot be read"]);
    assert_eq!(before, place.dump());
}

#[test]
fn a_new_tenant_with_anything_wrong_is_not_made() {
    let place = Place::applied();
    let before = place.dump();
    let other = place
        .acme()
        .replace("\"acme\"", "\"other\"")
        .replace("Acme", "Other");
    let twice =
        format!("{other}\n[[resource]]\nid = \"bela\"\nname = \"Bela\"\nmailbox = \"{ANNA}\"\n");
    place.write("other.toml", &twice);
    place.run(&["apply", "other.toml"]).refused(&[ANNA]);
    assert_eq!(before, place.dump());
    let bad_id = other.replace("id = \"anna\"", "id = \"an na\"");
    place.write("other.toml", &bad_id);
    place.run(&["apply", "other.toml"]).refused(&["an na"]);
    assert_eq!(before, place.dump());
}

#[test]
fn a_wrong_secret_is_refused_when_it_is_saved_and_nothing_changes() {
    let place = Place::applied();
    place.appointment("Visit", false);
    let before = place.dump();
    let secret = place.exchange.credentials().client_secret;
    let wrong = "not~the-secret-of-anybody";
    place.write("wrong.toml", &place.acme().replace(&secret, wrong));
    let ended = place.run(&["apply", "wrong.toml"]);
    let ended = ended.refused(&["wrong.toml", "AADSTS7000215", "to do:"]);
    assert!(
        !ended.err.contains(wrong) && !ended.err.contains(&secret),
        "{ended:?}"
    );
    assert_eq!(before, place.dump());
    place.sync(&[]).well();
    assert_eq!(place.calendar(), ["Visit"]);
}

#[test]
fn apply_tells_each_newly_enabled_user_once_what_is_left_to_do() {
    let place = Place::new();
    place
        .exchange
        .add_mailbox("bela@example.com", "W. Europe Standard Time");
    let bela = "\n[[resource]]\nid = \"bela\"\nname = \"Béla\"\nmailbox = \"bela@example.com\"\n";
    place.write("acme.toml", &format!("{}{bela}", place.acme()));
    place.run(&["apply", "acme.toml"]).well();
    place.run(&["apply", "acme.toml"]).well();
    let mails = place.in_the_database(async |tenant| {
        let paging = Paging {
            before: None,
            limit: 10,
        };
        mail::list(tenant, &paging).await.unwrap()
    });
    assert_eq!(mails.len(), 2, "{mails:?}");
    for (address, left) in [
        (ANNA, "nothing is left to do"),
        ("bela@example.com", "Nothing is synchronised until"),
    ] {
        let mail = mails.iter().find(|mail| mail.to == [address]).unwrap();
        let text = &mail.text;
        assert!(text.contains("Enabled by: the operator"), "{text}");
        assert!(text.contains(left), "{text}");
    }
}
