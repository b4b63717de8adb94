/** The tab Resources: who may synchronise, and how it goes. */
import { expect, test } from "../test.mjs";
import { answered } from "../pages/answered.mjs";
import { Resources } from "../pages/resources.mjs";
import { ANNA, BELA, CAROL } from "../world/tenant.mjs";

const UTC = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/;

test("Check boxes: enabling is only permission, and nothing runs before the profile was saved", async ({
  admin,
  world,
}) => {
  const resources = await Resources.open(admin, world);
  await expect(resources.box("Carol Nguyen")).not.toBeChecked();
  await expect(resources.row("Carol Nguyen")).toContainText("not enabled");
  await resources.box("Carol Nguyen").check();
  // Nothing is saved yet.
  expect(await world.tandem.api("GET", "/resources/carol")).toMatchObject({ enabled: false });
  await resources.save();
  await expect(resources.notice).toContainText("1 enabled, 0 no longer enabled. Nothing synchronises for a user until");
  await expect(resources.row("Carol Nguyen")).toContainText("when the profile was saved");
  await expect(resources.row("Carol Nguyen").getByRole("link", { name: "N/A" })).toBeVisible();
  await expect(admin.getByRole("button", { name: "Synchronise Carol Nguyen now" })).toBeDisabled();
  await resources.box("Carol Nguyen").uncheck();
  await resources.save();
  await expect(resources.notice).toContainText("0 enabled, 1 no longer enabled.");
});

test("Check box in the header: it ticks all that are shown, and follows them", async ({ admin, world }) => {
  const resources = await Resources.open(admin, world);
  const names = ["Anna Brandt", "Béla Kovács", "Carol Nguyen"];
  await expect(resources.header).not.toBeChecked();
  await resources.search("example.com");
  await resources.header.check();
  for (const name of names) await expect(resources.box(name)).toBeChecked();
  await resources.box("Carol Nguyen").uncheck();
  await expect(resources.header).not.toBeChecked();
  await resources.save();
  // The single boxes count.
  await expect(resources.box("Anna Brandt")).toBeChecked();
  await expect(resources.box("Carol Nguyen")).not.toBeChecked();
  await resources.header.check();
  await resources.save();
  await expect(resources.notice).toContainText("1 enabled");
  for (const name of names) await expect(resources.box(name)).toBeChecked();
  await resources.header.uncheck();
  await resources.save();
  await expect(resources.notice).toContainText("3 no longer enabled");
});

test("Latest attempt: N/A before the first, and it opens the User Profile Advanced Settings", async ({
  admin,
  world,
}) => {
  const resources = await Resources.open(admin, world);
  await resources.row("Carol Nguyen").getByRole("link", { name: "N/A" }).click();
  await expect(admin.getByRole("heading", { level: 1 })).toHaveText("User Profile Advanced Settings: Carol Nguyen");
  await expect(async () => {
    await resources.again();
    await expect(resources.row("Anna Brandt").getByRole("link", { name: UTC })).toBeVisible({ timeout: 100 });
  }).toPass();
  await resources.row("Anna Brandt").getByRole("link", { name: UTC }).click();
  await expect(admin.getByRole("heading", { level: 1 })).toHaveText("User Profile Advanced Settings: Anna Brandt");
});

test("Synchronise now: the row tells by itself that it runs, what came of it, in numbers, and what comes next", async ({
  admin,
  world,
}) => {
  const resources = await Resources.open(admin, world);
  const row = resources.row("Anna Brandt");
  await expect(row).toContainText("succeeded");
  const now = admin.getByRole("button", { name: "Synchronise Anna Brandt now" });
  await expect(now).toBeEnabled();
  await world.emulator.hold(ANNA.mailbox);
  await resources.synchronise("Anna Brandt");
  await expect(row).toContainText("running");
  await expect(now).toBeDisabled();
  await world.emulator.letGo();
  await expect(row).toContainText("succeeded");
  await expect(row).toContainText(/PSA \d+, Exchange \d+/);
  await expect(row.locator("[data-cell=next]")).toHaveText(UTC);
  await expect(now).toBeEnabled();
});

test("Result of the last attempt: what went wrong stands in the row", async ({ admin, world }) => {
  const resources = await Resources.open(admin, world);
  await expect(resources.row("Anna Brandt")).toContainText("succeeded");
  await world.emulator.fault({ mailbox: ANNA.mailbox, path: "delta", count: 0, effect: { kind: "status", status: 403 } });
  await resources.synchronise("Anna Brandt");
  await expect(resources.row("Anna Brandt")).toContainText("failed");
  await expect(resources.row("Anna Brandt")).toContainText("403");
});

test("Welcome mail: who is newly enabled is written to, and how it went stands under Mails", async ({ admin, world }) => {
  const resources = await Resources.open(admin, world);
  await resources.box(CAROL.name).check();
  await resources.save();
  await admin.getByRole("link", { name: "Mails" }).click();
  const mail = admin.getByRole("row").filter({ hasText: CAROL.mailbox });
  await expect(mail).toHaveCount(1);
  await expect(mail).toContainText("Your calendar can now be synchronised with Exchange");
  await mail.locator("summary").click();
  await expect(mail.locator(".text")).toContainText(`/users/${CAROL.id}/profile`);
});

test("Pilot group: while it goes first nothing runs for anybody else, and each row says so", async ({ admin, world }) => {
  const resources = await Resources.open(admin, world);
  const row = resources.row(ANNA.name);
  const now = admin.getByRole("button", { name: `Synchronise ${ANNA.name} now` });
  await expect(row).toContainText("succeeded");
  await answered(admin, () => admin.getByRole("button", { name: "Let only the pilot group synchronise" }).click());
  await expect(row).toContainText("not in the pilot group");
  await expect(now).toBeDisabled();
  await admin.getByRole("checkbox", { name: `${ANNA.name} in the pilot group` }).check();
  await resources.save();
  await expect(resources.notice).toContainText("1 joined the pilot group.");
  await expect(row).not.toContainText("not in the pilot group");
  await resources.synchronise(ANNA.name);
  await expect(row).toContainText("succeeded");
  await answered(admin, () => admin.getByRole("button", { name: "Let everybody synchronise" }).click());
  await expect(admin.getByText("Only the pilot group synchronises.")).toBeHidden();
});

test.describe("two with one address", () => {
  const twin = { id: "twin", name: "Twin of Anna", mailbox: "ANNA@example.com", enabled: false };
  test.use({ office: { users: [ANNA, BELA, twin], mailboxes: [ANNA.mailbox, BELA.mailbox] } });

  test("Two users with one mailbox address: the second is refused by name, and others are not", async ({
    admin,
    world,
  }) => {
    await world.tandem.api("POST", "/resources", { name: "Nobody's address", email: "" });
    const resources = await Resources.open(admin, world);
    await resources.box("Béla Kovács").uncheck();
    await resources.save();
    await resources.box("Twin of Anna").check();
    await resources.box("Béla Kovács").check();
    await resources.box("Nobody's address").check();
    await resources.save();
    await expect(resources.notice).toContainText("1 enabled");
    await expect(resources.notice).toContainText(/Twin of Anna: .*belongs to user anna/i);
    await expect(resources.notice).toContainText(/Nobody's address: has no e-mail address/);
    await expect(resources.box("Twin of Anna")).not.toBeChecked();
    await expect(resources.box("Béla Kovács")).toBeChecked();
  });
});

test.describe("5,000 users", () => {
  const users = Array.from({ length: 5_000 }, (_, number) => {
    const id = `u${String(number).padStart(4, "0")}`;
    return { id, name: `User ${id}`, mailbox: `${id}@example.com`, enabled: false };
  });
  test.use({ office: { users, mailboxes: [CAROL.mailbox] } });

  test("Search and paging: 5,000 users are found, leafed through and enabled", async ({ admin, world }) => {
    const resources = await Resources.open(admin, world);
    await expect(admin.getByText("Users 1 to 50 of 5001, by name")).toBeVisible();
    await admin.getByRole("link", { name: "Last page" }).click();
    await expect(admin.getByText("Users 5001 to 5001 of 5001")).toBeVisible();
    await admin.getByRole("link", { name: "Previous page" }).click();
    await expect(admin.getByText("Users 4951 to 5000 of 5001")).toBeVisible();
    await admin.getByRole("link", { name: "First page" }).click();
    await admin.getByRole("link", { name: "Next page" }).click();
    await expect(admin.getByText("Users 51 to 100 of 5001")).toBeVisible();
    await resources.search("U123");
    await expect(admin.getByText("Users 1 to 10 of 10")).toBeVisible();
    await admin.getByRole("radio", { name: "all 10 users found, on all pages" }).check();
    await resources.header.check();
    await resources.save();
    await expect(admin.getByRole("alert")).toContainText("This enables all 10 users that are found");
    await admin.getByRole("button", { name: "Enable all 10" }).click();
    await expect(resources.notice).toContainText("10 enabled");
    await resources.search("nobody at all");
    await expect(admin.getByText("Nobody is found.")).toBeVisible();
    await admin.getByRole("link", { name: "Show everybody" }).click();
    await expect(admin.getByText("Users 1 to 50 of 5001, by name")).toBeVisible();
  });
});
