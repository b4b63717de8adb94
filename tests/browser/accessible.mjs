/** Whether people who do not see a page, or only in part, can use it. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect } from "@playwright/test";

/** Holds the page against every rule of axe-core, the best practices included. */
export async function expectAccessible(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}\n${node.failureSummary}`));
  expect(told, `what axe-core finds at ${page.url()}`).toEqual([]);
}

/** Nothing of the page lies beside the window, so that nobody has to move it sideways. */
export async function expectNoSidewaysScroll(page) {
  const { content, window } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }));
  expect(content, `the width of ${page.url()}`).toBeLessThanOrEqual(window);
}
