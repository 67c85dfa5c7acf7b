/** The store of secrets that the operator configured, for the accounts that it is for. */
import type { Clock } from '#kernel/clock.ts'
import type { Scope } from '#kernel/scope.ts'
import type { SecretStore } from '#kernel/secret-store.ts'
import type { SecretStoreSetting } from '#kernel/secret-store-setting.ts'
import { openHashicorpVault } from './hashicorp-vault.ts'
import { openSecretFiles } from './secret-files.ts'
import { openSecretsManager } from './secrets-manager.ts'

/**
 * Whatever it is, all that is asked of it lies under its prefix. Unless that names the account, the secrets are those of the
 * installation's own, and other accounts find none.
 */
export function openSecretStore(setting: SecretStoreSetting, ownAccount: string, clock: Clock): SecretStore {
  const store = opened(setting, clock)
  const { prefix } = setting
  const isForAll = prefix.includes('{account}')
  return {
    ...store,
    async read(scope, name, version) {
      if (!isForAll && scope.account !== ownAccount) return undefined
      return store.read(scope, placed(prefix, scope, name), version)
    },
  }
}

function opened(setting: SecretStoreSetting, clock: Clock): SecretStore {
  switch (setting.kind) {
    case 'vault':
      return openHashicorpVault(setting)
    case 'secrets-manager':
      return openSecretsManager(setting, clock)
    case 'files':
      return openSecretFiles(setting)
  }
}

function placed(prefix: string, { account, region }: Scope, name: string): string {
  const place = prefix.replaceAll('{account}', account).replaceAll('{region}', region).replace(/\/+$/, '')
  return place === '' ? name : `${place}/${name}`
}
