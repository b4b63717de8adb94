/** A hand with a mouse, and a keyboard to type texts. */
import { answered } from "../pages/answered.mjs";

export class Mouse {
  /** @param {import("@playwright/test").Page} page */
  constructor(page) {
    this.page = page;
  }

  /** Presses a link or a button that leads to another page. */
  async follow(target) {
    await answered(this.page, () => target.click());
  }

  /** Ticks a check box. */
  async tick(box) {
    await box.click();
  }

  /** Types a text in place of what stands in a field. */
  async write(field, text) {
    await field.click();
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.type(text);
  }
}
