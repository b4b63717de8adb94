/**
 * A hand that has no mouse. It comes to everything with the Tab key, sees at each step where it is, and is never led
 * another way than the page is read.
 */
import { expect } from "@playwright/test";
import { answered } from "../pages/answered.mjs";

/** More steps than any page has things to come to. */
const MOST_STEPS = 200;

export class Keyboard {
  /** @param {import("@playwright/test").Page} page */
  constructor(page) {
    this.page = page;
  }

  /** Presses a link or a button that leads to another page. */
  async follow(target) {
    await this.#reach(target);
    await answered(this.page, () => this.page.keyboard.press("Enter"));
  }

  /** Ticks a check box. */
  async tick(box) {
    await this.#reach(box);
    await this.page.keyboard.press("Space");
    await expect(box).toBeChecked();
  }

  /** Types a text in place of what stands in a field. */
  async write(field, text) {
    await this.#reach(field);
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.type(text);
  }

  async #reach(target) {
    await target.waitFor();
    for (let step = 0; step < MOST_STEPS; step += 1) {
      if (await target.evaluate((it) => it === document.activeElement)) return;
      await this.page.evaluate(() => (window.before = document.activeElement));
      await this.page.keyboard.press("Tab");
      const seen = await this.page.evaluate(focus);
      expect(seen.isMarked, `the focus on ${seen.what} is to be seen`).toBe(true);
      expect(seen.isAfter, `${seen.what} comes after what was left`).toBe(true);
    }
    throw new Error(`no number of Tab keys leads to ${target}`);
  }
}

/** Where the focus is, in the browser. */
function focus() {
  const here = document.activeElement;
  const before = window.before;
  const { outlineStyle, outlineWidth } = getComputedStyle(here);
  const box = here.getBoundingClientRect();
  const isInWindow =
    box.width > 0 && box.top < innerHeight && box.bottom > 0 && box.left < innerWidth && box.right > 0;
  const isFromOutside = here === document.body || before === document.body;
  return {
    what: here.outerHTML.slice(0, 120),
    isMarked: here === document.body || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && isInWindow),
    isAfter: isFromOutside || Boolean(before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING),
  };
}
