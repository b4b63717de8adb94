/** The README's pictures, of the demo: written to target/browser/pictures. */
import { mkdir } from "node:fs/promises";
import { answered } from "../pages/answered.mjs";
import { Resources } from "../pages/resources.mjs";
import { signIn } from "../pages/sign_in.mjs";
import { expect, test } from "../test.mjs";
import { LEFT } from "../world/place.mjs";
import { World } from "../world/world.mjs";

const BELA = { name: "Béla Kovács", user: "bela", mailbox: "bela.kovacs@example.com" };

test("Pictures: the tabs, a dry run, an item's history and a calendar", async ({ page }) => {
  test.setTimeout(180_000);
  await mkdir(`${LEFT}/pictures`, { recursive: true });
  const picture = (name) => page.screenshot({ path: `${LEFT}/pictures/${name}.png` });
  const demo = await World.demo();
  try {
    await page.setViewportSize({ width: 1280, height: 860 });
    await signIn(page, demo, demo.tandem.administrator);
    for (const tab of ["general", "synchronization"]) {
      await page.goto(demo.at(`/admin/exchange/${tab}`));
      await picture(tab);
    }
    const resources = await Resources.open(page, demo);
    await expect(resources.row(BELA.name)).toContainText("succeeded", { timeout: 60_000 });
    await expect(page.getByText("running")).toHaveCount(0, { timeout: 60_000 });
    await picture("resources");

    // Somebody moves an appointment in Outlook, and makes another.
    await demo.emulator.move(BELA.mailbox, "Call with the distributor", "2026-11-27T13:30:00", "2026-11-27T14:15:00");
    await demo.emulator.book(BELA.mailbox, "Offer for Möwe Hotels", "2026-11-26T13:00:00", "2026-11-26T14:00:00");
    await page.goto(demo.at(`/admin/exchange/resources/${BELA.user}/plan`));
    await answered(page, () => page.getByRole("button", { name: "Look what would be done" }).click());
    await expect(page.getByRole("rowheader", { name: "Offer for Möwe Hotels" })).toBeVisible();
    await picture("dry-run");

    await resources.again();
    await resources.synchronise(BELA.name);
    await expect(resources.row(BELA.name)).toContainText(/PSA 2, Exchange 0/);
    await signIn(page, demo, demo.tandem.user);
    await page.getByRole("link", { name: "Calendar", exact: true }).click();
    await expect(page.getByRole("link", { name: "Offer for Möwe Hotels" })).toBeVisible();
    await picture("calendar");
    await page.getByRole("link", { name: "Call with the distributor" }).click();
    await expect(page.locator(".story > li")).toHaveCount(2);
    await picture("history");
  } finally {
    await demo.close();
  }
});
