/** The tab MS Exchange of a user. */
import { expect, test } from "../test.mjs";
import { BOXES, Profile } from "../pages/profile.mjs";
import { Settings } from "../pages/settings.mjs";
import { ANNA, BELA, CAROL, MICROSOFT_365, OWN_PASSWORDS } from "../world/tenant.mjs";

test.describe("where not everything is allowed", () => {
  const settings = (app) => ({
    ...MICROSOFT_365(app),
    "past-days": 5,
    "recurring-days": 21,
    export: { contacts: false },
  });
  test.use({ office: { settings } });

  test("Before the first save: the boxes show what the tenant allows, the days are the tenant's, and nothing runs", async ({
    admin,
    world,
  }) => {
    const profile = await Profile.open(admin, world, "bela");
    await expect(admin.getByText("Nothing synchronises until you save this tab once.")).toBeVisible();
    for (const box of Object.keys(BOXES)) {
      await expect(profile.field(box)).toBeChecked({ checked: box !== "Export contacts" });
      await expect(profile.field(box)).toBeEnabled({ enabled: box !== "Export contacts" });
    }
    await expect(profile.field("Mailbox address")).toHaveValue(BELA.mailbox);
    await expect(profile.field("Past calendar items (days)")).toHaveValue("5");
    await expect(profile.field("Recurring calendar items (days)")).toHaveValue("21");
    const runs = async () => (await world.tandem.api("GET", "/runs?resource=bela")).items;
    expect(await runs()).toEqual([]);
    await profile.saveWell();
    await expect(admin.getByText("Nothing synchronises until you save this tab once.")).toBeHidden();
    await expect(async () => expect(await runs()).not.toEqual([])).toPass();
  });
});

test("Synchronise appointments to the PSA: disabled while the tenant does not import", async ({ admin, world }) => {
  const profile = await Profile.open(admin, world, "anna");
  await expect(profile.field("Synchronise appointments to the PSA")).toBeEnabled();
  const synchronization = await Settings.open(admin, world, "Synchronization");
  await synchronization.choice("Do not import").check();
  await synchronization.saveWell();
  await Profile.open(admin, world, "anna");
  await expect(profile.field("Synchronise appointments to the PSA")).toBeDisabled();
  await expect(profile.field("Synchronise appointments to the PSA")).toHaveAccessibleDescription(/switched this off/);
});

test("Exports: users keep control, and may switch everything off", async ({ admin, world }) => {
  const profile = await Profile.open(admin, world, "anna");
  for (const box of Object.keys(BOXES)) await profile.field(box).uncheck();
  await profile.saveWell();
  for (const box of Object.keys(BOXES)) await expect(profile.field(box)).not.toBeChecked();
  await profile.field("Export to-dos").check();
  await profile.saveWell();
  await expect(profile.field("Export to-dos")).toBeChecked();
  await expect(profile.field("Export appointments")).not.toBeChecked();
});

test("Past and recurring days: own ones, 1 to 30", async ({ admin, world }) => {
  const profile = await Profile.open(admin, world, "anna");
  for (const label of ["Past calendar items (days)", "Recurring calendar items (days)"]) {
    for (const typed of ["0", "31", ""]) {
      await profile.field(label).fill(typed);
      await admin.getByRole("button", { name: "Save" }).click();
      await expect(profile.field(label)).toBeFocused();
      expect(await profile.field(label).evaluate((it) => it.validity.valid)).toBe(false);
    }
    await profile.field(label).fill("30");
  }
  await profile.field("Past calendar items (days)").fill("1");
  await profile.saveWell();
  await expect(profile.field("Past calendar items (days)")).toHaveValue("1");
  await expect(profile.field("Recurring calendar items (days)")).toHaveValue("30");
});

test("Mailbox address: an address, and nobody else's; what was typed stays", async ({ admin, world }) => {
  const profile = await Profile.open(admin, world, "anna");
  for (const [typed, told] of [
    ["nobody", "`nobody` is not an e-mail address"],
    [BELA.mailbox, "belongs to user bela"],
  ]) {
    await profile.field("Mailbox address").fill(typed);
    await profile.field("Export contacts").uncheck();
    await profile.saveInVain();
    await profile.expectError("Mailbox address", told);
    await expect(profile.field("Mailbox address")).toHaveValue(typed);
    await expect(profile.field("Export contacts")).not.toBeChecked();
  }
  await profile.field("Mailbox address").fill("anna.brandt@example.com");
  await profile.saveWell();
});

test("Own password: not asked for where one sign-in serves all", async ({ admin, world }) => {
  const profile = await Profile.open(admin, world, "anna");
  await expect(profile.field("Mailbox address")).toBeVisible();
  await expect(profile.field("Own password")).toHaveCount(0);
});

test.describe("where each user signs in alone", () => {
  test.use({ office: { settings: OWN_PASSWORDS } });

  test("Own password: asked for where impersonation is off, used, and never shown again", async ({ admin, world }) => {
    await world.emulator.addAccount(ANNA.mailbox, "annas own words");
    const profile = await Profile.open(admin, world, "anna");
    await profile.field("Own password").fill("not hers");
    await profile.saveWell();
    await profile.testConnection();
    await expect(admin.getByRole("status")).toContainText("The connection does not work.");
    await profile.field("Own password").fill(" annas own words ");
    await profile.saveWell();
    await expect(profile.field("Own password")).toHaveValue("");
    await expect(admin.getByText("It is set. Leave the field empty to keep it.")).toBeVisible();
    expect(await admin.content()).not.toContain("annas own words");
    await profile.testConnection();
    await expect(admin.getByRole("status")).toContainText("The connection works.");
  });
});

test.describe("where a mailbox is not there", () => {
  test.use({ office: { mailboxes: [ANNA.mailbox, CAROL.mailbox] } });

  test("Test connection: says clearly whether it works, and if not what to do", async ({ admin, world }) => {
    const profile = await Profile.open(admin, world, "anna");
    await profile.testConnection();
    await expect(admin.getByRole("status")).toContainText("The connection works.");
    await Profile.open(admin, world, "bela");
    await profile.testConnection();
    await expect(admin.getByRole("status")).toContainText("The connection does not work.");
    await expect(admin.getByRole("status")).toContainText(`The directory knows no mailbox ${BELA.mailbox}`);
    await expect(admin.getByRole("status")).toContainText("Check the address");
  });
});
