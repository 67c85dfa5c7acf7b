/**
 * The terminal addons that the bundle carries, by platform (`linux-x64`): gzip in base64. Empty in a checkout, which has the
 * packages; filled in by build.mjs.
 */
export const embeddedAddons: { readonly [platform: string]: string } = {}
