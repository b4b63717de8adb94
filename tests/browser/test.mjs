/**
 * What every test has: a world of its own, a browser in which the administrator is signed in, and two
 * promises that are held against each page a test comes through: the browser has nothing to complain
 * about (scripts, the security policy, missing assets), and where a test ends, the page can be used by
 * people who do not see it.
 */
import { test as base } from "@playwright/test";
import { expectAccessible } from "./accessible.mjs";
import { watch } from "./complaints.mjs";
import { signIn } from "./pages/sign_in.mjs";
import { World } from "./world/world.mjs";

export { expect } from "@playwright/test";

export const test = base.extend({
  /** What the world is made of; see {@link World.open}. */
  office: [{}, { option: true }],

  /** The world, which ends with the test. */
  world: async ({ office }, use) => {
    const world = await World.open(office);
    await use(world);
    await world.close();
  },

  page: async ({ page, javaScriptEnabled }, use) => {
    const complaints = watch(page);
    await use(page);
    complaints.expectNone();
    // Without scripts nobody can look into the page.
    if (javaScriptEnabled !== false && page.url().startsWith("http")) await expectAccessible(page);
  },

  /** A page in which the tenant's administrator is signed in. */
  admin: async ({ world, page }, use) => {
    await signIn(page, world, world.tandem.administrator);
    await use(page);
  },
});
