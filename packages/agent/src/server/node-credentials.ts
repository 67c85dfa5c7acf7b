/*
 * The node's role token: asked for with the node's own key, renewed at half of its life, and written to a file for
 * scripts that call the API. When the server asks for it the key is replaced: the new key is on the disk before the
 * server hears of it, so whichever of the two the server knows after a crash is at hand.
 */

import { join } from 'node:path'
import type { Credentials } from '@steward/protocol/signature.ts'
import { type Configuration, writeConfiguration } from '#configuration.ts'
import { replaceFile } from '#durable-file.ts'
import { type Log, sentenceOf } from '#log.ts'
import { newKeys } from '#server/registration.ts'
import { type Endpoint, type RoleToken, requestRoleToken, ServiceError, updatePublicKey } from '#server/ssm-client.ts'
import type { StateDirectory } from '#state-directory.ts'

export type NodeCredentialsOptions = {
  endpoint: Endpoint
  configuration: Configuration
  state: StateDirectory
  log: Log
}

export class NodeCredentials {
  readonly #options: NodeCredentialsOptions
  #configuration: Configuration
  #token: RoleToken | undefined
  #requesting: Promise<RoleToken> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(options: NodeCredentialsOptions) {
    this.#options = options
    this.#configuration = options.configuration
  }

  /** Credentials that are valid now. Rejects with the reason when the server gives none. */
  async current(): Promise<Credentials> {
    const token = this.#token
    if (token && token.expiresAt - this.#options.endpoint.clock.now() > 30_000) return token.credentials
    return (await this.refresh()).credentials
  }

  /** Asks for a new token; several callers share one request. */
  refresh(): Promise<RoleToken> {
    this.#requesting ??= this.#request().finally(() => {
      this.#requesting = undefined
    })
    return this.#requesting
  }

  /** Forgets the token: the server does not take it any more. */
  forget(): void {
    this.#token = undefined
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  async #request(): Promise<RoleToken> {
    const token = await this.#requestWithEitherKey()
    this.#token = token
    await this.#share(token.credentials)
    this.#renewLater(token)
    if (token.updateKeyPair)
      await this.#replaceKey().catch((error: unknown) => this.#warn('the key could not be replaced', error))
    return token
  }

  async #requestWithEitherKey(): Promise<RoleToken> {
    const { endpoint } = this.#options
    try {
      return await requestRoleToken(endpoint, this.#configuration)
    } catch (error) {
      const { nextPrivateKey } = this.#configuration
      if (!nextPrivateKey || !(error instanceof ServiceError) || error.status >= 500) throw error
      const token = await requestRoleToken(endpoint, { ...this.#configuration, privateKey: nextPrivateKey })
      await this.#keep({ privateKey: nextPrivateKey, nextPrivateKey: undefined })
      return token
    }
  }

  async #replaceKey(): Promise<void> {
    const keys = await newKeys()
    await this.#keep({ nextPrivateKey: keys.privateKey })
    await updatePublicKey(this.#options.endpoint, this.#configuration, keys.publicKey)
    await this.#keep({ privateKey: keys.privateKey, nextPrivateKey: undefined })
    this.#options.log.info('the key of this node was replaced')
  }

  async #keep(change: Partial<Configuration>): Promise<void> {
    this.#configuration = { ...this.#configuration, ...change }
    await writeConfiguration(this.#options.state.configuration, this.#configuration)
  }

  /** AWS_SHARED_CREDENTIALS_FILE of scripts: with the server's address, so that AWS's tools call it and nobody else. */
  async #share({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Promise<void> {
    const { endpoint, state } = this.#options
    const authority = join(state.root, 'ca.pem')
    const lines = [
      '[default]',
      `aws_access_key_id = ${accessKeyId}`,
      `aws_secret_access_key = ${secretAccessKey}`,
      `aws_session_token = ${sessionToken}`,
      `region = ${endpoint.region}`,
      `endpoint_url = ${endpoint.url}`,
      ...(endpoint.ca ? [`ca_bundle = ${authority}`] : []),
    ]
    try {
      if (endpoint.ca) await replaceFile(authority, endpoint.ca)
      await replaceFile(state.credentials, `${lines.join('\n')}\n`)
    } catch (error) {
      this.#warn('the credentials could not be shared with scripts', error)
    }
  }

  #renewLater(
    token: RoleToken,
    afterMs = (token.expiresAt - this.#options.endpoint.clock.now()) * (0.45 + Math.random() * 0.1),
  ): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#renew(token), Math.min(Math.max(afterMs, 1000), 2 ** 31 - 1)).unref()
  }

  async #renew(token: RoleToken): Promise<void> {
    try {
      await this.refresh()
    } catch (error) {
      this.#warn('the role token could not be renewed', error)
      this.#renewLater(token, 10_000 + Math.random() * 20_000)
    }
  }

  #warn(message: string, error: unknown): void {
    this.#options.log.warn(message, { why: sentenceOf(error) })
  }
}
