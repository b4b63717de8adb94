/** The tab General: each of its settings. */
import { expect, test } from "../test.mjs";
import { Settings } from "../pages/settings.mjs";
import { Resources } from "../pages/resources.mjs";
import { EXCHANGE_SERVER, MICROSOFT_365_BY_EWS } from "../world/tenant.mjs";

const open = (page, world) => Settings.open(page, world, "General");

test.describe("before anything was saved", () => {
  test.use({ office: { settings: null, users: [], mailboxes: ["anna@example.com"] } });

  test("Before the tab is filled in: it says what comes first, shows the defaults, and takes what is typed", async ({
    admin,
    world,
  }) => {
    const general = await open(admin, world);
    const first = admin.getByRole("listitem").filter({ hasText: "Gather what your provider has to tell you" });
    await expect(first).toBeVisible();
    await expect(admin.getByText("For Microsoft 365, make an app registration")).toBeVisible();
    await admin.getByRole("link", { name: "the app registration, step by step" }).click();
    await expect(admin.getByRole("heading", { name: "The app registration, step by step" })).toBeInViewport();
    for (const label of ["Enable integration", "Use MS Graph", "Impersonate users with these credentials"]) {
      await expect(general.field(label)).toBeChecked();
    }
    await expect(general.field("Hosted by a third party")).not.toBeChecked();
    await expect(general.field("Version")).toHaveValue("microsoft-365");
    await expect(general.field("Cloud")).toHaveValue("worldwide");
    await expect(general.field("Synchronise every (minutes)")).toHaveValue("30");
    const { app } = world.emulator;
    await general.field("Profile name").fill("Acme");
    await general.field("Directory (tenant) id").fill(app.tenantId);
    await general.field("Application (client) id").fill(app.clientId);
    await general.field("Client secret").fill(app.clientSecret);
    await general.saveWell();
    await expect(first).toBeHidden();
  });
});

test("Enable integration: cleared, nothing runs and who asks is told why; ticked, cycles start with the save", async ({
  admin,
  world,
}) => {
  const general = await open(admin, world);
  await expect(general.field("Enable integration")).toBeChecked();
  await general.field("Enable integration").uncheck();
  await general.saveWell();
  await expect(general.notice("Synchronisation is switched off")).toBeVisible();
  const resources = await Resources.open(admin, world);
  await resources.synchronise("Anna Brandt");
  await expect(admin.getByText("The integration is switched off. Tick Enable integration")).toBeVisible();
  await world.emulator.book("anna@example.com", "After the switch", ...tomorrow(9, 10));
  await general.again();
  await general.field("Enable integration").check();
  await general.saveWell();
  await expect(general.notice("The next synchronisation uses these settings")).toBeVisible();
  await expect(async () => {
    const { items } = await world.tandem.api("GET", "/appointments?resource=anna");
    expect(items.map((it) => it.title)).toContain("After the switch");
  }).toPass();
});

test("Profile name: any label, but there is one", async ({ admin, world }) => {
  const general = await open(admin, world);
  await general.field("Profile name").fill("");
  await general.expectKeptByTheBrowser("Profile name");
  await general.field("Profile name").fill("   ");
  await general.saveInVain();
  await general.expectError("Profile name", "a profile name is required", "enter any label");
  await general.field("Profile name").fill("Acme & Söhne <1>");
  await general.saveWell();
  await expect(general.field("Profile name")).toHaveValue("Acme & Söhne <1>");
});

test("Hosted by a third party: on, the relative path appears on the Synchronization tab; off, it goes", async ({
  admin,
  world,
}) => {
  const general = await open(admin, world);
  const synchronization = new Settings(admin, world, "Synchronization");
  await expect(general.field("Hosted by a third party")).not.toBeChecked();
  await synchronization.again();
  await expect(synchronization.field("Relative path")).toHaveCount(0);
  await general.again();
  await general.field("Hosted by a third party").check();
  await general.saveWell();
  await synchronization.again();
  await expect(synchronization.field("Relative path")).toBeVisible();
  await general.again();
  await general.field("Hosted by a third party").uncheck();
  await general.saveWell();
  await synchronization.again();
  await expect(synchronization.field("Relative path")).toHaveCount(0);
});

test("Version: one of five, Microsoft 365 at first, and it decides which interface may be chosen", async ({
  admin,
  world,
}) => {
  const general = await open(admin, world);
  await expect(general.field("Version")).toHaveValue("microsoft-365");
  expect(await general.field("Version").locator("option").allInnerTexts()).toEqual([
    "Exchange 2013",
    "Exchange 2016",
    "Exchange 2019",
    "Exchange Subscription Edition",
    "Microsoft 365",
  ]);
  await general.field("Version").selectOption("Exchange 2019");
  await general.field("Server address").fill("mail.acme.example");
  await general.saveInVain();
  await general.expectError("Use MS Graph", "Microsoft Graph reaches mailboxes in Microsoft 365 only");
  await expect(general.field("Version")).toHaveValue("exchange-2019");
});

test("Server address: a host name, Microsoft's own for Microsoft 365, and never an IP address", async ({
  admin,
  world,
}) => {
  const general = await open(admin, world);
  await expect(general.field("Server address")).toHaveValue("outlook.office365.com");
  for (const address of ["10.0.0.1", "10.0.0.1:443", "::1", "[2001:db8::1]", "[2001:db8::1]:443"]) {
    await general.field("Server address").fill(address);
    await general.saveInVain();
    await general.expectError("Server address", "is an IP address, and the server address must be a host name");
    await expect(general.field("Server address")).toHaveValue(address);
  }
  await general.field("Server address").fill("https://mail.acme.example/owa");
  await general.saveInVain();
  await general.expectError("Server address", "is not a host name", "without https://, port or path");
  await general.field("Server address").fill("");
  await general.saveWell();
  await expect(general.field("Server address")).toHaveValue("outlook.office365.com");
});

test.describe("with Exchange Server", () => {
  test.use({ office: { settings: EXCHANGE_SERVER } });

  test("Virtual directory: EWS/Exchange.asmx unless the provider has another", async ({ admin, world }) => {
    const general = await open(admin, world);
    await expect(general.field("Virtual directory")).toHaveValue("EWS/Exchange.asmx");
    await general.field("Virtual directory").fill("mail/EWS/Exchange.asmx");
    await general.save();
    await expect(general.notice("Not saved yet.")).toContainText("A full re-synchronisation");
    await admin.getByRole("link", { name: "Leave everything as it is" }).click();
    await expect(general.field("Virtual directory")).toHaveValue("EWS/Exchange.asmx");
  });

  test("Domain: needed with an account on-premises, but not for name@domain nor when hosted", async ({
    admin,
    world,
  }) => {
    const general = await open(admin, world);
    await expect(general.field("Domain")).toHaveValue("EXAMPLE");
    await general.field("Domain").fill("");
    await general.saveInVain();
    await general.expectError("Domain", "the Windows domain is required", "enter the domain");
    await general.field("Account").fill("service@acme.example");
    await general.field("Password").fill("another");
    await general.save();
    await expect(general.field("Domain")).not.toHaveAttribute("aria-invalid", "true");
    await general.again();
    await general.field("Domain").fill("");
    await general.field("Hosted by a third party").check();
    await general.save();
    await expect(general.field("Domain")).not.toHaveAttribute("aria-invalid", "true");
  });

  test("Credentials (basic): Exchange 2013 to Subscription Edition take an account and password", async ({
    admin,
    world,
  }) => {
    const general = await open(admin, world);
    for (const version of ["Exchange 2013", "Exchange 2016", "Exchange 2019", "Exchange Subscription Edition"]) {
      await general.field("Version").selectOption(version);
      await general.saveConfirmed();
      await expect(general.field("Account")).toHaveValue("service");
    }
    await general.field("Account").fill("");
    await general.saveInVain();
    await general.expectError("Account", "the account is required");
    await expect(general.field("Password")).toHaveValue("");
    await expect(admin.getByText("It is set. Leave the field empty to keep it.")).toBeVisible();
    expect(await admin.content()).not.toContain("correct horse");
  });

  test("Credentials (OAuth): Exchange Server takes an app registration too", async ({ admin, world }) => {
    const general = await open(admin, world);
    const { app } = world.emulator;
    await general.choice("An app registration (OAuth 2.0 client credentials)").check();
    await general.field("Directory (tenant) id").fill(app.tenantId);
    await general.field("Application (client) id").fill(app.clientId);
    // The password that is stored is no client secret.
    await general.saveInVain();
    await general.expectError("Client secret", "the client secret is required");
    await general.field("Client secret").fill(app.clientSecret);
    await general.saveWell();
    expect(await world.tandem.settings()).toMatchObject({ credentials: { kind: "oauth" } });
  });

  test("Impersonate users with these credentials: cleared, each user enters an own password", async ({
    admin,
    world,
  }) => {
    const general = await open(admin, world);
    await expect(general.field("Impersonate users with these credentials")).toBeChecked();
    await general.field("Impersonate users with these credentials").uncheck();
    await general.saveWell();
    await admin.goto(world.at("/users/anna/profile"));
    await expect(admin.getByLabel("Own password")).toBeVisible();
  });
});

test("Cloud: one of four, worldwide at first", async ({ admin, world }) => {
  const general = await open(admin, world);
  await expect(general.field("Cloud")).toHaveValue("worldwide");
  await expect(general.field("Cloud")).toHaveAccessibleDescription(/for Microsoft Graph only/);
  expect(await general.field("Cloud").locator("option").count()).toBe(4);
  await general.field("Cloud").selectOption("China (21Vianet)");
  await general.saveWell();
  expect(await world.tandem.settings()).toMatchObject({ cloud: "china" });
});

test("Use MS Graph: on for Microsoft 365; cleared, it is a hand-over that is announced first", async ({
  admin,
  world,
}) => {
  const general = await open(admin, world);
  await expect(general.field("Use MS Graph")).toBeChecked();
  await general.field("Use MS Graph").uncheck();
  await general.save();
  await expect(general.notice("Not saved yet.")).toContainText("A hand-over to the other interface");
  expect(await world.tandem.settings()).toMatchObject({ "use-graph": true });
  await expect(general.field("Use MS Graph")).not.toBeChecked();
});

test.describe("with Exchange Web Services in Microsoft 365", () => {
  test.use({ office: { settings: MICROSOFT_365_BY_EWS } });

  test("Use MS Graph: left off for Microsoft 365, its dates stand at the field", async ({ admin, world }) => {
    const general = await open(admin, world);
    await general.expectWarning("Use MS Graph", "by default since 2026-10-01 and ends it on 2027-04-01");
    await general.field("Use MS Graph").check();
    await general.save();
    await expect(general.notice("Not saved yet.")).toContainText("A hand-over to the other interface");
    await admin.getByLabel("Start it").check();
    await admin.getByRole("button", { name: "Save and start it" }).click();
    await expect(general.notice("Saved.")).toBeVisible();
    await expect(general.field("Use MS Graph")).toBeChecked();
    await expect(general.field("Use MS Graph")).not.toHaveAccessibleDescription(/Warning/);
  });
});

test("Synchronise every (minutes): 30 at first, a whole number, at least 10, one for all", async ({ admin, world }) => {
  const general = await open(admin, world);
  const label = "Synchronise every (minutes)";
  await expect(general.field(label)).toHaveValue("30");
  await expect(general.field(label)).toHaveAccessibleDescription(/may be longer when the server is busy/);
  for (const typed of ["9", "0", "-10", "10.5", ""]) {
    await general.field(label).fill(typed);
    await general.expectKeptByTheBrowser(label);
  }
  // Who gets past the browser is told the rule by the page.
  for (const [typed, told] of [
    ["9", "a cycle every 9 minutes is too often"],
    ["10.5", "`10.5` is not a whole number"],
    ["", "is not a whole number"],
  ]) {
    await general.withoutTheBrowsersChecks();
    await general.field(label).fill(typed);
    await general.saveInVain();
    await general.expectError(label, told, "10");
  }
  await general.field(label).fill("10");
  await general.saveWell();
  expect(await world.tandem.settings()).toMatchObject({ "synchronise-every": 10 });
});

test("Credentials (OAuth): ids and secret are needed, stray spaces go, and the secret is never shown again", async ({
  admin,
  world,
}) => {
  const general = await open(admin, world);
  const { app } = world.emulator;
  await expect(general.field("Directory (tenant) id")).toHaveValue(app.tenantId);
  await general.field("Directory (tenant) id").fill(" ");
  await general.field("Application (client) id").fill("");
  await general.saveInVain();
  await general.expectError("Directory (tenant) id", "the directory \\(tenant\\) id is required");
  await general.expectError("Application (client) id", "the application \\(client\\) id is required");
  await general.field("Directory (tenant) id").fill(` ${app.tenantId} `);
  await general.field("Application (client) id").fill(app.clientId);
  await general.field("Client secret").fill(` ${app.clientSecret} `);
  await general.saveWell();
  await expect(general.field("Directory (tenant) id")).toHaveValue(app.tenantId);
  await expect(general.field("Client secret")).toHaveValue("");
  await expect(admin.getByText("It is set. Leave the field empty to keep it.")).toBeVisible();
  expect(await admin.content()).not.toContain(app.clientSecret);
});

test("Credentials (OAuth): Microsoft 365 takes nothing else, and says why", async ({ admin, world }) => {
  const general = await open(admin, world);
  for (const isHosted of [false, true]) {
    await general.again();
    await general.field("Hosted by a third party").setChecked(isHosted);
    await general.choice("An account and its password (basic authentication)").check();
    await general.field("Account").fill("service@acme.example");
    await general.field("Password").fill("secret");
    await general.saveInVain();
    await general.expectError("Account", "Microsoft 365 no longer accepts an account and password");
    await expect(general.field("Account")).toHaveValue("service@acme.example");
  }
});

test("Test mailbox: the first enabled user's unless another is named", async ({ admin, world }) => {
  const general = await open(admin, world);
  await expect(general.field("Test mailbox")).toHaveValue("");
  await general.field("Test mailbox").fill("nobody");
  await general.saveInVain();
  await general.expectError("Test mailbox", "`nobody` is not an e-mail address");
  await general.field("Test mailbox").fill("ghost@example.com");
  await general.saveInVain();
  await general.expectError("Test mailbox", "The directory knows no mailbox ghost@example.com", "Check the address");
  await general.field("Test mailbox").fill("bela@example.com");
  await general.saveWell();
  await expect(general.field("Test mailbox")).toHaveAccessibleDescription(/Checked: The calendar can be read/);
});

test("Error notifications to: addresses between semicolons, each checked, a last semicolon does no harm", async ({
  admin,
  world,
}) => {
  const general = await open(admin, world);
  const label = "Error notifications to";
  await general.field(label).fill("it@acme.example; nobody ; boss@acme.example");
  await general.saveInVain();
  await general.expectError(label, "`nobody` is not an e-mail address", "separated by semicolons");
  await expect(general.field(label)).toHaveValue("it@acme.example; nobody ; boss@acme.example");
  await general.field(label).fill(" it@acme.example ;boss@acme.example; ");
  await general.saveWell();
  expect((await world.tandem.settings())["error-notifications-to"]).toMatch(/it@acme\.example; ?boss@acme\.example/);
});

function tomorrow(from, to) {
  const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const at = (hour) => `${day}T${String(hour).padStart(2, "0")}:00:00`;
  return [at(from), at(to)];
}
