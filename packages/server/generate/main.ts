/** Writes what is generated from the server's declarations: `docs/authorization.txt`. */
import { writeFileSync } from 'node:fs'
import { describeAuthorization } from './authorization.ts'

writeFileSync(new URL('../../../docs/authorization.txt', import.meta.url), await describeAuthorization())
