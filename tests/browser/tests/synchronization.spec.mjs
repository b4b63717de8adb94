/** The tab Synchronization: each of its settings. */
import { expect, test } from "../test.mjs";
import { BOXES, Profile } from "../pages/profile.mjs";
import { Resources } from "../pages/resources.mjs";
import { Settings } from "../pages/settings.mjs";
import { EXCHANGE_SERVER } from "../world/tenant.mjs";

const open = (page, world) => Settings.open(page, world, "Synchronization");

test("Import Exchange appointments: all details at first, no details, or nothing, which switches what hangs on it off", async ({
  admin,
  world,
}) => {
  const synchronization = await open(admin, world);
  await expect(synchronization.choice(/^All details/)).toBeChecked();
  await synchronization.choice(/^No details/).check();
  await synchronization.saveWell();
  expect(await world.tandem.settings()).toMatchObject({ import: "no-details" });
  await synchronization.choice("Do not import").check();
  await synchronization.saveWell();
  await synchronization.expectGreyed("Send free time", "Nothing is imported, so there is no free time to send");
  const profile = await Profile.open(admin, world, "anna");
  await expect(profile.field("Synchronise appointments to the PSA")).toBeDisabled();
  // What was ticked before is so again.
  await synchronization.again();
  await synchronization.choice(/^All details/).check();
  await synchronization.saveWell();
  await expect(synchronization.field("Send free time")).toBeEnabled();
  await expect(synchronization.field("Send free time")).toBeChecked();
});

test("Send free time: on at first, and any other tool on the same calendar must be set alike", async ({
  admin,
  world,
}) => {
  const synchronization = await open(admin, world);
  const box = synchronization.field("Send free time");
  await expect(box).toBeChecked();
  await expect(box).toHaveAccessibleDescription(/never count toward availability or productivity/);
  await expect(box).toHaveAccessibleDescription(/Any other tool that synchronises the same calendar must be set alike/);
  await box.uncheck();
  await synchronization.saveWell();
  await expect(box).not.toBeChecked();
  expect(await world.tandem.settings()).toMatchObject({ "send-free-time": false });
});

for (const [box, setting] of Object.entries(BOXES).slice(1)) {
  test(`${setting}: on at first; cleared, no user can`, async ({ admin, world }) => {
    const synchronization = await open(admin, world);
    await expect(synchronization.field(setting)).toBeChecked();
    await synchronization.field(setting).uncheck();
    await synchronization.saveWell();
    const profile = await Profile.open(admin, world, "anna");
    for (const other of Object.keys(BOXES)) {
      await expect(profile.field(other)).toBeEnabled({ enabled: other !== box });
    }
    await expect(profile.field(box)).toHaveAccessibleDescription(/administrator has switched this off/);
  });
}

test("Contacts to export: the user's own at first, or the territory's, or all", async ({ admin, world }) => {
  const synchronization = await open(admin, world);
  await expect(synchronization.choice(/account manager or opportunity owner/)).toBeChecked();
  for (const [choice, stored] of [
    ["All of the user's territory", "territory"],
    [/^All$/, "all"],
  ]) {
    await synchronization.choice(choice).check();
    await synchronization.saveWell();
    await expect(synchronization.choice(choice)).toBeChecked();
    expect(await world.tandem.settings()).toMatchObject({ "contacts-to-export": stored });
  }
});

test("Public folder of all contacts: greyed with the reason over Graph", async ({ admin, world }) => {
  const synchronization = await open(admin, world);
  await synchronization.expectGreyed("Public folder of all contacts", "Microsoft Graph cannot reach public folders");
});

test.describe("with Exchange Server", () => {
  test.use({ office: { settings: EXCHANGE_SERVER } });

  test("Public folder of all contacts: with Exchange Web Services its path is typed, and the contacts go there", async ({
    admin,
    world,
  }) => {
    await world.emulator.addPublicFolder("Company/Customers");
    await world.tandem.api("POST", "/contacts", { given_name: "Ada", surname: "Albers", emails: ["ada@customer.example"] });
    const synchronization = await open(admin, world);
    await expect(synchronization.field("Public folder of all contacts")).toHaveValue("");
    await synchronization.field("Public folder of all contacts").fill("Company/Customers");
    await synchronization.saveWell();
    await expect(synchronization.field("Public folder of all contacts")).toHaveValue("Company/Customers");
    await Resources.open(admin, world);
    await expect(admin.getByRole("region", { name: "Public folder of all contacts" })).toContainText("Company/Customers");
    await expect(async () => {
      const contacts = await world.emulator.publicContacts("Company/Customers");
      expect(JSON.stringify(contacts)).toContain("Albers");
    }).toPass();
  });

  test("Relative path: shown where a third party hosts Exchange, and nowhere else", async ({ admin, world }) => {
    const synchronization = await open(admin, world);
    await expect(synchronization.field("Relative path")).toHaveCount(0);
    const general = await Settings.open(admin, world, "General");
    await general.field("Hosted by a third party").check();
    await general.saveWell();
    await synchronization.again();
    await synchronization.field("Relative path").fill("customers/acme");
    await synchronization.saveWell();
    await expect(synchronization.field("Relative path")).toHaveValue("customers/acme");
  });
});

for (const [label, usual, name] of [
  ["Past calendar items (days)", "7", "past-days"],
  ["Recurring calendar items (days)", "30", "recurring-days"],
]) {
  test(`${label}: 1 to 30, ${usual} at first`, async ({ admin, world }) => {
    const synchronization = await open(admin, world);
    await expect(synchronization.field(label)).toHaveValue(usual);
    for (const typed of ["0", "31", "-1", "1.5", ""]) {
      await synchronization.field(label).fill(typed);
      await synchronization.expectKeptByTheBrowser(label);
    }
    for (const typed of ["0", "31", "1.5", ""]) {
      await synchronization.withoutTheBrowsersChecks();
      await synchronization.field(label).fill(typed);
      await synchronization.saveInVain();
      await synchronization.expectError(label, "1 to 30");
      await expect(synchronization.field(label)).toHaveValue(typed);
    }
    for (const typed of ["1", "30"]) {
      await synchronization.field(label).fill(typed);
      await synchronization.saveWell();
      expect(await world.tandem.settings()).toMatchObject({ [name]: Number(typed) });
    }
  });
}
