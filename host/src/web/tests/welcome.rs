//! The mail to who was newly enabled.

use super::world::World;
use crate::contract::{PsaId, SecretState};
use crate::psa::resource;
use crate::settings::document::{CredentialsDocument, ExportDocument, SettingsDocument};
use crate::settings::effective;
use crate::store::cycle_run::Paging;
use crate::store::mail::{self, Mail};
use crate::store::{Tenant, mailbox, settings};
use crate::web::resources::PATH;

const ADA: [(&str, &str); 2] = [("shown", "ada"), ("enabled", "ada")];

/// The tenant's mails, the oldest first.
async fn mails(tenant: &Tenant) -> Vec<Mail> {
    let paging = Paging {
        before: None,
        limit: 100,
    };
    let mut mails = mail::list(tenant, &paging).await.unwrap();
    mails.reverse();
    mails
}

/// Gives a user another name and address.
async fn rename(tenant: &Tenant, user: &str, name: &str, email: &str) {
    let id = PsaId { value: user.into() };
    let mut transaction = tenant.begin().await.unwrap();
    let known = resource::get(&mut transaction, &id).await.unwrap();
    let fields = resource::Resource {
        name: name.into(),
        email: email.into(),
        ..known.fields
    };
    resource::replace(&mut transaction, &id, known.version, &fields)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

async fn save_settings(tenant: &Tenant, document: SettingsDocument) {
    let wanted = effective::settings(&document, SecretState::Absent);
    let version = settings::get(tenant).await.unwrap().version;
    let mut transaction = tenant.begin().await.unwrap();
    settings::save(&mut transaction, &wanted, version)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn everybody_newly_enabled_gets_one_mail_that_says_how() {
    let world = World::at("http://psa.contoso.example").await;
    let admin = world.admin(&world.acme).await;
    rename(&world.acme, "ada", "Ada <Lovelace>", "ada@contoso.example").await;
    rename(
        &world.acme,
        "administrator",
        "Petra Alt",
        "petra@contoso.example",
    )
    .await;
    let export = ExportDocument {
        contacts: false,
        ..ExportDocument::default()
    };
    let document = SettingsDocument {
        export,
        synchronise_every: 20,
        ..SettingsDocument::default()
    };
    save_settings(&world.acme, document).await;
    let both = [&ADA[..], &[("shown", "bob"), ("enabled", "bob")]].concat();
    world
        .post(&admin, PATH, &both)
        .await
        .says(200, &["2 enabled"]);
    let written = mails(&world.acme).await;
    let to: Vec<&str> = written.iter().map(|mail| mail.to[0].as_str()).collect();
    assert_eq!(to, ["ada@contoso.example", "bob@example.com"]);
    let text = &written[0].text;
    for said in [
        "Hello Ada <Lovelace>,",
        "Enabled by: Petra Alt",
        "Your mailbox: ada@contoso.example",
        "From the PSA to Exchange: appointments, to-dos, service calls\n",
        "How often: every 20 minutes",
        "Whom to ask: petra@contoso.example",
        "Nothing is synchronised until you save your choices",
        "http://psa.contoso.example/users/ada/profile\n",
    ] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    let html = written[0].html.as_ref().unwrap();
    assert!(html.contains("Hello Ada &#60;Lovelace&#62;,"), "{html}");
    assert!(
        html.contains("<a href=\"http://psa.contoso.example/users/ada/profile\">"),
        "{html}"
    );
}

#[tokio::test]
async fn who_is_enabled_already_or_again_on_the_same_day_gets_no_second_mail() {
    let world = World::new().await;
    let admin = world.admin(&world.acme).await;
    let off = [("shown", "ada")];
    for fields in [&ADA[..], &ADA, &off, &ADA] {
        world.post(&admin, PATH, fields).await.expect(200);
    }
    assert_eq!(mails(&world.acme).await.len(), 1);
    // The day after, whoever is enabled anew may have forgotten how it goes.
    let database = world.host.store.database();
    database.set_clock_offset(mail::ONCE_IN + 60_000_000);
    for fields in [&ADA[..], &off, &ADA] {
        let admin = world.admin(&world.acme).await;
        world.post(&admin, PATH, fields).await.expect(200);
    }
    assert_eq!(mails(&world.acme).await.len(), 2);
}

#[tokio::test]
async fn an_enabling_that_is_refused_tells_nobody() {
    let world = World::new().await;
    let admin = world.admin(&world.acme).await;
    rename(&world.acme, "ada", "Ada", "").await;
    let refused = world.post(&admin, PATH, &ADA).await;
    refused.says(200, &["0 enabled", "has no e-mail address"]);
    assert!(mails(&world.acme).await.is_empty());
}

#[tokio::test]
async fn a_profile_tab_that_is_saved_for_somebody_who_is_not_enabled_tells_nobody() {
    let world = World::new().await;
    let admin = world.admin(&world.acme).await;
    save_settings(&world.acme, SettingsDocument::default()).await;
    let ada = PsaId {
        value: "ada".into(),
    };
    let version = resource::get(&world.acme, &ada)
        .await
        .unwrap()
        .version
        .number;
    let fields = [
        ("saved-version", version.to_string()),
        ("mailbox", "ada@example.com".to_owned()),
        ("past-days", "7".to_owned()),
        ("recurring-days", "30".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    world
        .post(&admin, "/users/ada/profile", &fields)
        .await
        .says(200, &["Saved."]);
    assert!(mails(&world.acme).await.is_empty());
    // The choices are there already when the user is enabled.
    world.post(&admin, PATH, &ADA).await.expect(200);
    let text = mails(&world.acme).await.remove(0).text;
    assert!(text.contains("Your choices are saved already"), "{text}");
}

#[tokio::test]
async fn who_signs_in_alone_is_asked_for_the_password_and_nobody_for_what_is_switched_off() {
    let world = World::new().await;
    let admin = world.admin(&world.acme).await;
    let document = SettingsDocument {
        enabled: false,
        impersonate: false,
        error_notifications_to: "it@contoso.example".to_owned(),
        credentials: Some(CredentialsDocument::Basic {
            account: String::new(),
            password: None,
        }),
        ..SettingsDocument::default()
    };
    save_settings(&world.acme, document).await;
    world.post(&admin, PATH, &ADA).await.expect(200);
    let text = mails(&world.acme).await.remove(0).text;
    for said in [
        "the password with which you sign in to Exchange",
        "not switched on yet",
        // The administrator of a fresh tenant has no address.
        "Whom to ask: it@contoso.example",
    ] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
}

#[tokio::test]
async fn a_mail_that_nobody_takes_leaves_the_user_enabled() {
    let world = World::new().await;
    let admin = world.admin(&world.acme).await;
    world.post(&admin, PATH, &ADA).await.expect(200);
    let waiting = mails(&world.acme).await.remove(0);
    let mut transaction = world.acme.begin().await.unwrap();
    assert!(
        mail::begin_try(&mut transaction, &waiting.id, 0)
            .await
            .unwrap()
    );
    mail::mark_failed(&mut transaction, &waiting.id, "550 no such user")
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let unsent = mail::unsent(world.host.store.database(), 10).await.unwrap();
    assert_eq!(unsent.len(), 1, "it is tried again");
    let ada = PsaId {
        value: "ada".into(),
    };
    let record = mailbox::of_resource(&world.acme, &ada).await.unwrap();
    assert!(record.unwrap().enabled);
}
