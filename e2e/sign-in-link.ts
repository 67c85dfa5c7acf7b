import { steward } from './clients.ts'
import type { Installation } from './installation.ts'

/** A link of `steward console` that signs the root in and leads to a page of the console. */
export async function signInLink(installation: Installation, path = '/'): Promise<string> {
  const { out, err } = await steward(installation, ['console'])
  const code = /#one-time=[\w-]+/.exec(out.toString())
  if (!code) throw new Error(err)
  return `${installation.url}/console${path}${code[0]}`
}
