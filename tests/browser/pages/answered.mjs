/** Does something that leads to another page, and waits until that page is there. */
export async function answered(page, act) {
  await Promise.all([page.waitForEvent("domcontentloaded"), act()]);
}
