/** Every page, for people who see it in the dark, on a telephone, in part or not at all. */
import { expectAccessible, expectNoSidewaysScroll } from "../accessible.mjs";
import { PAGES, kind } from "../pages/all.mjs";
import { signIn } from "../pages/sign_in.mjs";
import { expect, test } from "../test.mjs";
import { World } from "../world/world.mjs";

const DESK = { width: 1280, height: 900 };
const TELEPHONE = { width: 390, height: 844 };

test("Every page: axe-core finds nothing, in the light, in the dark and on a telephone, which need not be scrolled sideways", async ({
  page,
}) => {
  test.setTimeout(300_000);
  const demo = await World.demo();
  try {
    await page.goto(demo.at("/sign-in"));
    await expectForEverybody(page);
    await signIn(page, demo, demo.tandem.administrator);
    const seen = new Set();
    const ahead = [new URL(page.url()).pathname];
    while (ahead.length > 0) {
      const path = ahead.shift();
      if (seen.has(kind(path))) continue;
      seen.add(kind(path));
      await page.goto(demo.at(path));
      await expectForEverybody(page);
      const links = await page.locator("a[href^='/']").evaluateAll((all) => all.map((link) => link.pathname));
      ahead.push(...links.filter((link) => link !== "/"));
    }
    expect([...seen]).toEqual(expect.arrayContaining(PAGES));
    await page.goto(demo.at("/no-such-page"));
    await expectForEverybody(page);
  } finally {
    await demo.close();
  }
});

test("Skip link: the first key leads past the menu", async ({ admin, world }) => {
  await admin.goto(world.at("/admin/exchange/general"));
  await admin.keyboard.press("Tab");
  const skip = admin.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await admin.keyboard.press("Enter");
  await admin.keyboard.press("Tab");
  await expect(admin.getByRole("main").getByRole("link", { name: "General" })).toBeFocused();
});

async function expectForEverybody(page) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize(TELEPHONE);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await page.setViewportSize(DESK);
}
