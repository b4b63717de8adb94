/**
 * The tour that the demo offers to whoever tries it, from signing in to a calendar that is the same on both sides. It
 * is walked by a {@link import("./mouse.mjs").Mouse hand}: with the mouse, or with the keys alone.
 */
import { expect } from "@playwright/test";

/** Who joined today, as the demo says. */
const NEWCOMER = { id: "mira", name: "Mira Sommer", mailbox: "mira.sommer@example.com", password: "nine green bottles" };

/** An appointment of the PSA, and one of Exchange, both of the week that is shown first. */
const OF_THE_PSA = "Stand-up of the service desk";
const OF_EXCHANGE = "Lunch and learn";

/**
 * @param {import("../world/world.mjs").World} demo
 * @param hand of the administrator
 * @param handOfUser makes a hand with a browser of its own
 */
export async function tour(demo, hand, handOfUser) {
  const { page } = hand;
  await page.goto(demo.at("/"));
  await signIn(hand, demo.tandem.administrator);

  // Enable her.
  await hand.follow(page.getByRole("link", { name: "Resources" }).first());
  await hand.write(page.getByLabel("Search by name or address"), "mira");
  await hand.follow(page.getByRole("button", { name: "Search" }));
  const row = page.getByRole("row", { name: NEWCOMER.name });
  await expect(row.getByRole("link", { name: "N/A" })).toBeVisible();
  await hand.tick(row.getByLabel(`Enable ${NEWCOMER.name}`));
  await hand.follow(page.getByRole("button", { name: "Save" }).first());
  await expect(page.getByRole("status")).toContainText("1 enabled");
  await expect(row).toContainText("when the profile was saved");

  // Save her profile.
  await hand.follow(row.getByRole("link", { name: "N/A" }));
  const title = `User Profile Advanced Settings: ${NEWCOMER.name}`;
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await hand.follow(page.getByRole("button", { name: "Save" }));
  await expect(page.getByRole("status")).toContainText("The mailbox synchronises with these choices from now on");

  // Synchronise now.
  await hand.follow(page.getByRole("link", { name: "Resources" }).first());
  await hand.write(page.getByLabel("Search by name or address"), "mira");
  // The schedule knows of her too. When its cycle has ended, another can be asked for.
  await expect(async () => {
    await hand.follow(page.getByRole("button", { name: "Search" }));
    await expect(row).toContainText("succeeded", { timeout: 1_000 });
  }).toPass();
  const before = await cycles(demo);
  await hand.follow(row.getByRole("button", { name: `Synchronise ${NEWCOMER.name} now` }));
  await expect.poll(() => cycles(demo)).toBe(before + 1);
  await expect(row).toContainText("succeeded");

  // Let her in, who chooses a password and finds both in her calendar.
  await hand.follow(row.getByRole("link", { name: `Sign-in of ${NEWCOMER.name}` }));
  await hand.follow(page.getByRole("button", { name: "Make a link" }));
  const link = await page.locator("#link").innerText();
  const user = await handOfUser();
  await user.page.goto(demo.at(new URL(link).pathname));
  await user.write(user.page.getByLabel("New password"), NEWCOMER.password);
  await user.write(user.page.getByLabel("The same again"), NEWCOMER.password);
  await user.follow(user.page.getByRole("button", { name: "Choose it and sign in" }));
  await user.follow(user.page.getByRole("link", { name: "Calendar", exact: true }));
  await expect(user.page.getByRole("link", { name: OF_THE_PSA })).toBeVisible();
  await expect(user.page.getByRole("link", { name: OF_EXCHANGE })).toBeVisible();

  // What became of one of them.
  await user.follow(user.page.getByRole("link", { name: OF_THE_PSA }));
  await expect(user.page.getByText("History, the oldest first")).toBeVisible();
  await expect(user.page.locator(".story")).toContainText("Exchange");

  // And Exchange has what the PSA had.
  const subjects = (await demo.emulator.events(NEWCOMER.mailbox)).map((event) => event.subject);
  expect(subjects).toContain(OF_THE_PSA);
  expect(subjects).toContain(OF_EXCHANGE);

  // A dry run has nothing left to do.
  await hand.follow(page.getByRole("link", { name: "Back to Resources" }));
  await hand.write(page.getByLabel("Search by name or address"), "mira");
  await hand.follow(page.getByRole("button", { name: "Search" }));
  await hand.follow(row.getByRole("link", { name: /UTC$/ }));
  await hand.follow(page.getByRole("link", { name: "Dry run, and removing copies" }));
  await hand.follow(page.getByRole("button", { name: "Look what would be done" }));
  await expect(page.getByRole("status")).toContainText("Nothing.");
}

/** How many cycles of hers there were. */
async function cycles(demo) {
  const { items } = await demo.tandem.api("GET", `/runs?resource=${NEWCOMER.id}`);
  return items.length;
}

async function signIn(hand, { name, password }) {
  await hand.write(hand.page.getByLabel("Name"), name);
  await hand.write(hand.page.getByLabel("Password"), password);
  await hand.follow(hand.page.getByRole("button", { name: "Sign in" }));
}
