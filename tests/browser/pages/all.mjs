/** The pages that links lead an administrator to, by what is alike in their paths. */

/** The pages of administrators alone. */
export const ADMIN_PAGES = [
  "/admin/exchange/general",
  "/admin/exchange/synchronization",
  "/admin/exchange/resources",
  "/admin/exchange/cycles",
  "/admin/exchange/waiting-for-you",
  "/admin/exchange/mails",
];

/** All of them. Where a page is one of many, `{}` stands for what tells them apart. */
export const PAGES = [
  ...ADMIN_PAGES,
  "/admin/exchange/resources/{}/plan",
  "/admin/exchange/resources/{}/sign-in",
  "/admin/exchange/cycles/{}",
  "/users/{}/calendar",
  "/users/{}/profile",
  "/users/{}/items/{}/{}",
  "/password",
];

/** What is alike in a page's path. */
export function kind(path) {
  return path
    .replace(/^\/users\/[^/]+/, "/users/{}")
    .replace(/\/items\/[^/]+\/[^/]+$/, "/items/{}/{}")
    .replace(/\/resources\/[^/]+\//, "/resources/{}/")
    .replace(/\/cycles\/[^/]+$/, "/cycles/{}");
}
