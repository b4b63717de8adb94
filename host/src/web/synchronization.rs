//! The tab *Synchronization*: what travels in which direction, and how far (behaviour, section 1).

use super::form::Form;
use super::general::not_a_number;
use super::input::{Group, Input, tick, ticked};
use crate::contract::{Field, Finding, Settings};
use crate::settings::document::{ExportDocument, SettingsDocument};
use crate::settings::names::{name, named};

const IMPORTS: [(&str, &str); 3] = [
    (
        "all-details",
        "All details: title and description come over",
    ),
    ("no-details", "No details: only start and end come over"),
    ("none", "Do not import"),
];

const SELECTIONS: [(&str, &str); 3] = [
    (
        "own",
        "Those where the user is account manager or opportunity owner",
    ),
    ("territory", "All of the user's territory"),
    ("all", "All"),
];

/// The fields, as they were filled in. `stored`: what was saved last.
pub fn groups(form: &Form, stored: Option<&Settings>) -> Vec<Group> {
    let nothing_comes = (form.text("import") == "none")
        .then_some("Nothing is imported, so there is no free time to send.");
    let by_graph = stored.is_none_or(|stored| stored.use_graph);
    let no_folders = by_graph.then_some("Microsoft Graph cannot reach public folders.");
    let mut contacts = vec![
        Input::one_of(
            form,
            Field::ContactSelection,
            "Which contacts of the PSA go to a user's mailbox. One that leaves the selection by its own data is \
             taken out of the mailbox; one that leaves it by this setting stays.",
            &SELECTIONS,
        ),
        Input::text(
            form,
            Field::PublicContactsFolder,
            "With Exchange Web Services: the names of the folders that lead to a public folder for contacts, joined by \
             slashes, such as Company/Customers. It gets all active contacts of the PSA, whichever go to users. \
             Whoever runs the server makes it, and lets the account write there.",
        )
        .greyed(no_folders),
    ];
    if stored.is_some_and(|stored| stored.hosted) {
        contacts.push(
            Input::text(
                form,
                Field::RelativePath,
                "The folder, or folders joined by slashes, in which your organisation's public folders lie at the hosting \
                 provider. Ask the provider.",
            )
            .greyed(no_folders),
        );
    }
    vec![
        Group {
            legend: "From Exchange to the PSA",
            about: "",
            inputs: vec![
                Input::one_of(
                    form,
                    Field::ImportMode,
                    "A private item is always titled Appointment, without details. Do not import switches the \
                     users' own choice off too.",
                    &IMPORTS,
                ),
                Input::check(
                    form,
                    Field::SendFreeTime,
                    "Items shown as Free come over too and block time. Free items never count toward \
                     availability or productivity. Any other tool that synchronises the same calendar must be \
                     set alike.",
                )
                .greyed(nothing_comes),
            ],
        },
        Group {
            legend: "From the PSA to Exchange",
            about: "What is cleared here no user can export. Copies that were made stay where they are.",
            inputs: vec![
                Input::check(
                    form,
                    Field::ExportAppointments,
                    "Appointments that were made in the PSA. No attendee is written, and nobody is invited.",
                ),
                Input::check(
                    form,
                    Field::ExportToDos,
                    "Those whose action type is shown on the calendar. Time off is never exported.",
                ),
                Input::check(
                    form,
                    Field::ExportServiceCalls,
                    "One copy for each assigned user who synchronises.",
                ),
                Input::check(
                    form,
                    Field::ExportContacts,
                    "Into each user's default contacts folder.",
                ),
            ],
        },
        Group {
            legend: "Contacts",
            about: "",
            inputs: contacts,
        },
        Group {
            legend: "How far a cycle looks",
            about: "Days begin at midnight of the mailbox's time zone. Each user may choose own values.",
            inputs: vec![
                Input::number(
                    form,
                    Field::PastDays,
                    "1 to 30: how far back a cycle looks.",
                    (1, Some(30)),
                ),
                Input::number(
                    form,
                    Field::RecurringDays,
                    "1 to 30: how far ahead a cycle looks for occurrences of series. Single items have no limit.",
                    (1, Some(30)),
                ),
            ],
        },
    ]
}

/// The form filled in with settings.
pub fn filled(document: &SettingsDocument) -> Vec<(&'static str, String)> {
    let ExportDocument {
        appointments,
        to_dos,
        service_calls,
        contacts,
    } = document.export;
    let selection = name(document.contacts_to_export).to_owned();
    let mut fields = vec![
        ("import", name(document.import).to_owned()),
        ("contacts-to-export", selection),
        ("public-folder", document.public_folder.clone()),
        ("relative-path", document.relative_path.clone()),
        ("past-days", document.past_days.to_string()),
        ("recurring-days", document.recurring_days.to_string()),
    ];
    fields.extend(tick("send-free-time", document.send_free_time));
    fields.extend(tick("export.appointments", appointments));
    fields.extend(tick("export.to-dos", to_dos));
    fields.extend(tick("export.service-calls", service_calls));
    fields.extend(tick("export.contacts", contacts));
    fields
}

/// What was typed, in place of what the document has. Gives what could not be read.
pub fn read(form: &Form, document: &mut SettingsDocument) -> Vec<Finding> {
    let mut found = Vec::new();
    document.import = named(form.text("import")).unwrap_or(document.import);
    document.send_free_time = ticked(form, "send-free-time", document.send_free_time);
    document.export = ExportDocument {
        appointments: form.is_ticked("export.appointments"),
        to_dos: form.is_ticked("export.to-dos"),
        service_calls: form.is_ticked("export.service-calls"),
        contacts: form.is_ticked("export.contacts"),
    };
    let selection = form.text("contacts-to-export");
    document.contacts_to_export = named(selection).unwrap_or(document.contacts_to_export);
    // What is greyed or not shown is not sent.
    if let Some(folder) = form.maybe("public-folder") {
        folder.clone_into(&mut document.public_folder);
    }
    if let Some(path) = form.maybe("relative-path") {
        path.clone_into(&mut document.relative_path);
    }
    for (field, name, days) in [
        (Field::PastDays, "past-days", &mut document.past_days),
        (
            Field::RecurringDays,
            "recurring-days",
            &mut document.recurring_days,
        ),
    ] {
        match form.number(name) {
            Ok(number) => *days = number,
            Err(typed) => found.push(not_a_number(field, typed, "1 to 30")),
        }
    }
    found
}
