import type { Reader } from '#db/database.ts'
import { listAccessKeys } from '../access-key-store.ts'
import { beginningOf, findAccount, setCredentialReport } from '../account-store.ts'
import { credentialReport, type UserCredentials } from '../credential-report.ts'
import { iam } from '../iam.ts'
import { findLoginProfiles } from '../login-profile-store.ts'
import { listMfaDevices } from '../mfa-device-store.ts'
import { listUsers } from '../user-store.ts'

/** A report is made at most once in so long. */
export const REPORT_HOURS = 4

export const GenerateCredentialReport = iam.write('GenerateCredentialReport', {
  access: () => ({ action: 'iam:GenerateCredentialReport', resources: ['*'] }),

  /** The report is there at once; clients ask again until they hear `COMPLETE`, as with AWS. */
  async handle(_input, { db, scope, now }) {
    const { credentialReport: last, passwordPolicy, rootKeyUsed } = await findAccount(db, scope.account)
    if (last && now.getTime() - last.at.getTime() < REPORT_HOURS * 3_600_000) return { State: 'COMPLETE' }
    const account = { id: scope.account, began: await beginningOf(db, scope.account), passwordPolicy, rootKeyUsed }
    const users = await credentialsIn(db, scope.account)
    await setCredentialReport(db, scope.account, credentialReport(account, users), now)
    return { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' }
  },
})

async function credentialsIn(reader: Reader, account: string): Promise<UserCredentials[]> {
  const users = await listUsers(reader, account)
  const ids = users.map(({ id }) => id)
  const profiles = new Map((await findLoginProfiles(reader, ids)).map((profile) => [profile.userId, profile]))
  const keys = Map.groupBy(await listAccessKeys(reader, account), ({ userId }) => userId)
  const withMfa = new Set((await listMfaDevices(reader, account)).map(({ enabled }) => enabled?.userId))
  return users.map((user) => ({
    user,
    profile: profiles.get(user.id),
    hasMfa: withMfa.has(user.id),
    keys: keys.get(user.id) ?? [],
  }))
}
