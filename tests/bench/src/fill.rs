//! A large tenant. One row of each kind is written as the program writes it; the database then makes the
//! others after it, in one statement a kind and the same for both databases.

use kill::Result;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tandem::contract::{
    Appointment, Attempts, Instant, ItemKind, Link, LinkState, MailboxId, Provenance, PsaId,
    PsaReference, RowVersion, SecretState, Side, Span, TenantId, TimedSpan, Weekday,
};
use tandem::host::Host;
use tandem::psa::appointment;
use tandem::psa::resource::{self, Resource, Stretch, WorkingHours};
use tandem::settings::document::{ProfileDocument, SettingsDocument};
use tandem::settings::effective;
use tandem::store::history::{self, Entry};
use tandem::store::look_again::{self, Item, Reason};
use tandem::store::mail::{self, NewMail};
use tandem::store::stop::{self, Extent, Stop};
use tandem::store::{Tenant, cycle_run, link, mailbox, settings};

/// The busy user has one item in so many.
const SHARE: u32 = 50;
/// How many cycles each mailbox had.
const CYCLES: u32 = 10;
/// How many mails were written.
const MAILS: u32 = 2_000;
/// How many items failed, and how many mailboxes ask.
const FAILED: u32 = 300;
const ASKING: u32 = 20;
/// An hour, in microseconds.
const HOUR: i64 = 3_600_000_000;
/// What keys of users begin at, so that all have equally many digits.
const FIRST: u32 = 100_000;

/// How large.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Users, each with a mailbox.
    pub users: u32,
    /// Linked items.
    pub items: u32,
}

/// What was filled.
pub struct Filled {
    /// The tenant.
    pub tenant: Tenant,
    /// The user with the most items.
    pub busy: String,
    /// One of the user's items.
    pub item: String,
    /// A cycle.
    pub run: String,
    /// The last page of the users.
    pub last: u32,
}

/// Fills a tenant.
pub async fn fill(host: &Host, url: &str, size: Size) -> Result<Filled> {
    let id = TenantId {
        value: "large".to_owned(),
    };
    host.store.tenants().create(&id, "Large").await?;
    let tenant = host.store.tenant(&id);
    let first = Rows::write(&tenant).await?;
    let mut connection = Either::open(url).await?;
    for statement in statements(&first, size) {
        connection.execute(statement).await?;
    }
    // What a database that grew over months has, and one that was filled in a minute lacks.
    connection.execute("ANALYZE".to_owned()).await?;
    connection.close().await?;
    write_what_waits(&tenant).await?;
    Ok(Filled {
        tenant,
        busy: first.user,
        // One that was made after the first, with a name in Exchange.
        item: format!("a{}", 10_000_000 + 1),
        run: first.run,
        last: size.users.div_ceil(50),
    })
}

/// The first row of each kind.
struct Rows {
    user: String,
    mailbox: MailboxId,
    item: String,
    run: String,
}

impl Rows {
    async fn write(tenant: &Tenant) -> Result<Self> {
        let document = SettingsDocument {
            profile_name: "Large".to_owned(),
            error_notifications_to: "it@example.com".to_owned(),
            ..SettingsDocument::default()
        };
        let wanted = effective::settings(&document, SecretState::Absent);
        let mut transaction = tenant.begin().await?;
        settings::save(&mut transaction, &wanted, 0).await?;
        let user = PsaId {
            value: format!("u{FIRST}"),
        };
        let fields = Resource {
            name: "Anna Busy".to_owned(),
            email: "anna.busy@example.com".to_owned(),
            working_hours: Some(working_hours()),
            active: true,
            territory: None,
            security_level: None,
        };
        resource::create(&mut transaction, Some(&user), &fields).await?;
        let allowed = mailbox::allow(&mut transaction, &user, &fields.email).await?;
        let profile = effective::profile(&ProfileDocument::default(), &wanted);
        mailbox::save_profile(&mut transaction, &allowed.id, &profile).await?;
        // Monday at six in the morning of this week, in UTC: 1970 began on a Thursday.
        let now = tenant.now().await?.microseconds;
        let monday = now - (now + 3 * 24 * HOUR).rem_euclid(7 * 24 * HOUR);
        let start = Instant {
            microseconds: monday + 6 * HOUR,
        };
        let end = Instant {
            microseconds: monday + 7 * HOUR,
        };
        let visit = Appointment {
            title: "Visit".to_owned(),
            description: "What is to be done there, and by whom.".to_owned(),
            span: Span::Timed(TimedSpan { start, end }),
            private: false,
            free: false,
            recurring: false,
            not_answered: false,
        };
        let item = appointment::create(&mut transaction, &user, &visit)
            .await?
            .id;
        let reference = PsaReference {
            kind: ItemKind::Appointment,
            id: item.clone(),
        };
        let pair = pair(&reference);
        link::insert(&mut transaction, &allowed.id, &pair).await?;
        let run = cycle_run::start(&mut transaction, &allowed.id, "digest", false).await?;
        cycle_run::finish(&mut transaction, &run, Default::default(), None).await?;
        let entry = Entry {
            time: start,
            cycle: run.clone(),
            mailbox: allowed.id.clone(),
            link: Some(pair.id),
            psa: Some(reference),
            exchange: None,
            plugin_digest: "digest".to_owned(),
            rule: None,
            action: "create-exchange".to_owned(),
            fields: vec!["start".to_owned()],
            evidence: None,
            outcome: "done".to_owned(),
            request_id: "request".to_owned(),
            status: 201,
            remark: String::new(),
        };
        history::append(&mut transaction, &[entry]).await?;
        let told = NewMail {
            to: vec!["it@example.com".to_owned()],
            subject: "Synchronisation with Exchange failed: time-out".to_owned(),
            text: "The synchronisation of Anna Busy failed.\n".repeat(10),
            html: Some("<p>The synchronisation of Anna Busy failed.</p>\n".repeat(10)),
            cause: None,
        };
        mail::write(&mut transaction, &told).await?;
        transaction.commit().await?;
        Ok(Self {
            user: user.value,
            mailbox: allowed.id,
            item: item.value,
            run,
        })
    }
}

/// From 8 to 17 o'clock on working days.
fn working_hours() -> WorkingHours {
    use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
    WorkingHours {
        zone: "Europe/Berlin".to_owned(),
        stretches: [Monday, Tuesday, Wednesday, Thursday, Friday]
            .map(|day| Stretch {
                day,
                from: 8 * 60,
                to: 17 * 60,
            })
            .into(),
    }
}

fn pair(psa: &PsaReference) -> Link {
    let never = Attempts {
        count: 0,
        version: RowVersion { number: 1 },
    };
    Link {
        id: link::new_id(),
        kind: psa.kind,
        origin: Side::Psa,
        psa: Some(psa.clone()),
        exchange: None,
        provenance: Provenance::Own,
        state: LinkState::Linked,
        generation: 1,
        base: None,
        undoing: never,
        remaking: never,
        refused: None,
    }
}

/// Questions and failed items, a few of them.
async fn write_what_waits(tenant: &Tenant) -> Result<()> {
    let mailboxes = mailbox::list(tenant).await?;
    let mut transaction = tenant.begin().await?;
    for (number, record) in mailboxes.iter().take(FAILED as usize).enumerate() {
        let id = &record.mailbox.id;
        if number < ASKING as usize {
            let question = Stop {
                cycle: format!("run-{number}"),
                reason: stop::Reason::MostChanged,
                extent: Extent::default(),
                approved: false,
            };
            stop::ask(&mut transaction, id, &question).await?;
        }
        let item = Item::Psa(PsaReference {
            kind: ItemKind::Appointment,
            id: PsaId {
                value: format!("a{}", 10_000_000 + number),
            },
        });
        look_again::add(
            &mut transaction,
            id,
            &item,
            Reason::Failed,
            std::time::Duration::ZERO,
            "the server refused the request for good",
        )
        .await?;
    }
    Ok(transaction.commit().await?)
}

/// `INSERT … SELECT` over the numbers from one to another; `{i}` is the number, `t` the first row.
fn after(
    table: &str,
    first: &str,
    (from, to): (u32, u32),
    columns: &[(&str, &str)],
    all: &str,
) -> String {
    let names: Vec<&str> = all.split_whitespace().collect();
    let values: Vec<String> = names
        .iter()
        .map(|name| {
            let own = columns.iter().find(|(column, _)| column == name);
            own.map_or_else(|| format!("t.{name}"), |(_, value)| (*value).to_owned())
        })
        .collect();
    format!(
        "INSERT INTO {table} ({}) WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to})
         SELECT {} FROM n CROSS JOIN (SELECT * FROM {table} WHERE {first}) t",
        names.join(", "),
        values.join(", ")
    )
}

fn statements(first: &Rows, size: Size) -> Vec<String> {
    let others = (1, size.users - 1);
    let items = (1, size.items - 1);
    let busy = size.items / SHARE;
    let (user, mailbox) = (&first.user, &first.mailbox.value);
    // The busy user's items come first; every other item belongs to one of the others in turn.
    let owner = |of: &str, prefix: &str| {
        format!(
            "CASE WHEN i < {busy} THEN '{of}' ELSE '{prefix}' || ({FIRST} + 1 + i % {}) END",
            others.1
        )
    };
    let (of_user, of_mailbox) = (owner(user, "u"), owner(mailbox, "m"));
    // Forty in each week of the busy user's, one an hour.
    let shift = format!("(i / 40) * {} + (i % 40) * {HOUR} * 3", 7 * 24 * HOUR);
    let (start, end) = (
        format!("t.start_at + {shift}"),
        format!("t.end_at + {shift}"),
    );
    let (begins, ends) = (format!("t.begins + {shift}"), format!("t.ends + {shift}"));
    let key = format!("u{FIRST}");
    let name = format!(
        "CASE i % 4 WHEN 0 THEN 'Anna' WHEN 1 THEN 'Béla' WHEN 2 THEN 'Chiara' ELSE 'Dan' END || ' ' || ({FIRST} + i)"
    );
    let email = format!("'u' || ({FIRST} + i) || '@example.com'");
    let user_key = format!("'u' || ({FIRST} + i)");
    let mailbox_key = format!("'m' || ({FIRST} + i)");
    let in_turn = format!("'m' || ({FIRST} + 1 + i % {})", others.1);
    let item = "'a' || (10000000 + i)";
    let psa = "'Appointment:a' || (10000000 + i)";
    let exchange = "'x' || (10000000 + i)";
    let pair = "'l' || (10000000 + i)";
    let run = "'run-' || (10000000 + i)";
    vec![
        after(
            "resource",
            &format!("id = '{key}'"),
            others,
            &[("id", &user_key), ("name", &name), ("email", &email)],
            "tenant id version name email working_hours active created changed",
        ),
        after(
            "mailbox",
            &format!("id = '{mailbox}'"),
            others,
            &[
                ("id", &mailbox_key),
                ("resource", &user_key),
                ("address", &email),
                ("address_key", &email),
                ("last_attempt", "t.created"),
            ],
            "tenant id resource address address_key enabled profile relink next_due lease_until fence \
             last_attempt failures created",
        ),
        after(
            "appointment",
            &format!("id = '{}'", first.item),
            items,
            &[
                ("id", item),
                ("resource", &of_user),
                ("title", "'Visit ' || i"),
                ("start_at", &start),
                ("end_at", &end),
                ("begins", &begins),
                ("ends", &ends),
            ],
            "tenant id resource version person_version origin deleted title description start_at end_at \
             begins ends private free recurring not_answered created changed",
        ),
        after(
            "link",
            &format!("mailbox = '{mailbox}'"),
            items,
            &[
                ("id", pair),
                ("mailbox", &of_mailbox),
                ("psa", psa),
                ("exchange_id", exchange),
            ],
            "tenant id mailbox kind origin psa exchange_id state generation undoing remaking changed provenance",
        ),
        after(
            "cycle_run",
            &format!("id = '{}'", first.run),
            (1, size.users * CYCLES),
            &[("id", run), ("mailbox", &in_turn)],
            "tenant id mailbox plugin_digest dry_run started finished psa_writes exchange_writes requests \
             batch_parts failed duration",
        ),
        after(
            "history",
            &format!("cycle = '{}'", first.run),
            items,
            &[
                ("id", "'h' || (10000000 + i)"),
                ("mailbox", &of_mailbox),
                ("cycle", run),
                ("link", pair),
                ("psa", psa),
                ("exchange_id", exchange),
            ],
            "tenant id mailbox cycle time link psa exchange_id plugin_digest action fields outcome request_id status remark",
        ),
        after(
            "mail",
            "cause IS NULL",
            (1, MAILS),
            &[("id", "'mail-' || (10000000 + i)"), ("sent", "t.created")],
            "tenant id recipients subject body html created sent failures",
        ),
    ]
}

/// A connection of our own to either database.
enum Either {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Either {
    async fn open(url: &str) -> Result<Self> {
        Ok(match url.starts_with("sqlite:") {
            true => Self::Sqlite(SqliteConnection::connect(url).await?),
            false => Self::Postgres(PgConnection::connect(url).await?),
        })
    }

    async fn execute(&mut self, statement: String) -> Result<()> {
        let query = AssertSqlSafe(statement);
        match self {
            Self::Sqlite(connection) => {
                sqlx::query(query).execute(connection).await?;
            }
            Self::Postgres(connection) => {
                sqlx::query(query).execute(connection).await?;
            }
        }
        Ok(())
    }

    async fn close(self) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }
}
