/** What a save of the tabs does and tells. */
import { expect, test } from "../test.mjs";
import { answered } from "../pages/answered.mjs";
import { Resources } from "../pages/resources.mjs";
import { Settings } from "../pages/settings.mjs";
import { ANNA, CAROL } from "../world/tenant.mjs";

test("Success: it is confirmed, and what could not be checked has a warning icon", async ({ admin, world }) => {
  const synchronization = await Settings.open(admin, world, "Synchronization");
  await synchronization.field("Past calendar items (days)").fill("5");
  await synchronization.saveWell();
  await expect(synchronization.notice("The next synchronisation uses these settings")).toBeVisible();
  await synchronization.expectWarning("Export appointments", "Writing to calendars cannot be tried without writing");
  // From the other tab it can be told too, by the field's name.
  const general = await Settings.open(admin, world, "General");
  await general.field("Profile name").fill("Acme Ltd");
  await general.saveWell();
  const told = general.notice("On the other tabs");
  await expect(told).toContainText("Export appointments");
  await expect(told).toContainText("Writing to calendars cannot be tried without writing");
  await expect(told.locator(".finding.warning svg.icon")).toBeVisible();
});

test("Failure: the server's own answer stands at the field, with what to do, and what was typed stays", async ({
  admin,
  world,
}) => {
  const general = await Settings.open(admin, world, "General");
  await general.field("Profile name").fill("Another name");
  await general.field("Client secret").fill("not the secret");
  await general.saveInVain();
  await general.expectError("Client secret", "The client secret is not that of the app", "Copy the secret's value");
  await expect(general.field("Profile name")).toHaveValue("Another name");
  await expect(general.field("Client secret")).toHaveValue("");
  expect(await admin.content()).not.toContain("not the secret");
  await general.field("Application (client) id").fill("00000000-0000-4000-8000-000000000000");
  await general.field("Client secret").fill(world.emulator.app.clientSecret);
  await general.saveInVain();
  await general.expectError("Application (client) id", "The directory knows no app with this client id");
});

test("Several wrong fields: the answer leads to each of them", async ({ admin, world }) => {
  const general = await Settings.open(admin, world, "General");
  await general.field("Profile name").fill(" ");
  await general.field("Test mailbox").fill("nobody");
  await general.saveInVain();
  await expect(admin.getByRole("alert")).toContainText("2 fields need your attention");
  for (const label of ["Profile name", "Test mailbox"]) {
    await general.expectError(label);
    await admin.getByRole("alert").getByRole("link", { name: label }).click();
    await expect(general.field(label)).toBeFocused();
    await expect(general.field(label)).toBeInViewport();
  }
});

test("Server down: a warning, and it is saved", async ({ admin, world }) => {
  const general = await Settings.open(admin, world, "General");
  await world.emulator.stop();
  await general.field("Profile name").fill("Saved all the same");
  await general.saveWell();
  await general.expectWarning("Cloud", "could not be asked: nothing answered there");
  expect(await world.tandem.settings()).toMatchObject({ "profile-name": "Saved all the same" });
});

test.describe("a mailbox out of reach", () => {
  test.use({ office: { users: [ANNA, CAROL] } });

  test("403 on one mailbox: no fault of the tenant's settings", async ({ admin, world }) => {
    const refusal = { kind: "status", status: 403, code: "ErrorAccessDenied" };
    await world.emulator.fault({ mailbox: ANNA.mailbox, count: 0, effect: refusal });
    const general = await Settings.open(admin, world, "General");
    await general.field("Profile name").fill("Acme Ltd");
    await general.saveWell();
    await general.expectWarning("Test mailbox", "The app may not read the calendar of anna@example.com", "403");
  });
});

test("Full re-synchronisation: announced, and started only when it is confirmed", async ({ admin, world }) => {
  const general = await Settings.open(admin, world, "General");
  await general.field("Server address").fill("outlook.acme.example");
  await general.save();
  await expect(general.notice("Not saved yet.")).toContainText("No second copy is made");
  await expect(general.field("Server address")).toHaveValue("outlook.acme.example");
  expect(await world.tandem.settings()).toMatchObject({ "server-address": "outlook.office365.com" });
  await admin.getByLabel("Start it").check();
  await answered(admin, () => admin.getByRole("button", { name: "Save and start it" }).click());
  await expect(general.notice("Saved.")).toContainText("A full re-synchronisation");
  expect(await world.tandem.settings()).toMatchObject({ "server-address": "outlook.acme.example" });
});

test("While a cycle runs: refused with the hint, what was typed stays, and what shapes no cycle is saved", async ({
  admin,
  world,
}) => {
  await runACycle(admin, world);
  const synchronization = await Settings.open(admin, world, "Synchronization");
  await synchronization.field("Past calendar items (days)").fill("3");
  await synchronization.saveInVain();
  const refusal = synchronization.notice("Nothing was saved.");
  await expect(refusal).toContainText("because a synchronisation is in progress; try again later");
  await expect(refusal).toContainText("raise the interval to at least an hour, wait, save, and set it back");
  await expect(synchronization.field("Past calendar items (days)")).toHaveValue("3");
  const general = await Settings.open(admin, world, "General");
  await general.field("Synchronise every (minutes)").fill("60");
  await general.field("Error notifications to").fill("it@acme.example");
  await general.saveWell();
  await general.field("Enable integration").uncheck();
  await general.saveWell();
  expect(await world.tandem.settings()).toMatchObject({ enabled: false, "synchronise-every": 60 });
});

test("Save when the running ones end: new cycles are held, and the page tells when it is saved", async ({
  admin,
  world,
}) => {
  await runACycle(admin, world);
  const synchronization = await Settings.open(admin, world, "Synchronization");
  await synchronization.field("Past calendar items (days)").fill("3");
  await synchronization.saveInVain();
  await answered(admin, () => admin.getByRole("button", { name: "Save when the running ones end" }).click());
  await expect(admin.getByRole("status")).toContainText("One synchronisation is still running; new ones are held back");
  expect(await world.tandem.settings()).toMatchObject({ "past-days": 7 });
  await world.emulator.letGo();
  await expect(synchronization.notice("Saved.")).toBeVisible();
  await expect(synchronization.field("Past calendar items (days)")).toHaveValue("3");
});

test("Save when the running ones end: it can be given up", async ({ admin, world }) => {
  await runACycle(admin, world);
  const synchronization = await Settings.open(admin, world, "Synchronization");
  await synchronization.field("Past calendar items (days)").fill("3");
  await synchronization.saveInVain();
  await answered(admin, () => admin.getByRole("button", { name: "Save when the running ones end" }).click());
  await answered(admin, () => admin.getByRole("button", { name: /^Save nothing/ }).click());
  await expect(synchronization.notice("Nothing was saved.")).toContainText("Synchronisations begin again");
  expect(await world.tandem.settings()).toMatchObject({ "past-days": 7 });
});

test("Somebody else saved meanwhile: it is told, and nothing is overwritten", async ({ admin, world, context }) => {
  const general = await Settings.open(admin, world, "General");
  const other = await Settings.open(await context.newPage(), world, "General");
  await other.field("Profile name").fill("The first to save");
  await other.saveWell();
  await general.field("Profile name").fill("The second");
  await general.saveInVain();
  await expect(general.notice("Somebody else saved settings")).toBeVisible();
  await expect(general.field("Profile name")).toHaveValue("The second");
});

/** Has a cycle of Anna's run until the emulator lets it go on. */
async function runACycle(page, world) {
  const resources = await Resources.open(page, world);
  await expect(resources.row(ANNA.name)).toContainText("succeeded");
  await world.emulator.hold(ANNA.mailbox);
  await resources.synchronise(ANNA.name);
  await expect(resources.row(ANNA.name)).toContainText("running");
}
