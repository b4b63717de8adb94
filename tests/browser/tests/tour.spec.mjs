/** The demo's tour, with the mouse, with the keys alone, and in a browser without scripts. */
import { test } from "../test.mjs";
import { Keyboard } from "../tours/keyboard.mjs";
import { Mouse } from "../tours/mouse.mjs";
import { tour } from "../tours/tour.mjs";
import { World } from "../world/world.mjs";

test.describe.configure({ timeout: 180_000 });

const hands = { "with the mouse": Mouse, "with the keys alone": Keyboard };

for (const [how, Hand] of Object.entries(hands)) {
  test(`The demo: it is toured ${how}`, async ({ page, browser }) => {
    await walk(page, browser, Hand, {});
  });
}

test.describe(() => {
  test.use({ javaScriptEnabled: false });

  test("The demo: it is toured without scripts", async ({ page, browser }) => {
    await walk(page, browser, Mouse, { javaScriptEnabled: false });
  });
});

async function walk(page, browser, Hand, options) {
  const demo = await World.demo();
  const contexts = [];
  try {
    await tour(demo, new Hand(page), async () => {
      const context = await browser.newContext(options);
      contexts.push(context);
      return new Hand(await context.newPage());
    });
  } finally {
    for (const context of contexts) await context.close();
    await demo.close();
  }
}
