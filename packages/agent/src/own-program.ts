import { fileURLToPath } from 'node:url'

/** The file that starts this very program again. The bundle is one file; a checkout has its main.ts. */
export function ownProgram(): string {
  const here = fileURLToPath(import.meta.url)
  return here.endsWith('.ts') ? fileURLToPath(new URL('./main.ts', import.meta.url)) : here
}
