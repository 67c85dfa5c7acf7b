import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '../../..')
const SERVER = 'packages/server/src'

/**
 * Who may import whom, with the reason. A rule says what the files of one place must not import; places are prefixes of paths
 * within the checkout, packages count by their name.
 */
const FORBIDDEN: readonly { from: string; mustNot: readonly string[]; but?: string; because: string }[] = [
  {
    from: 'packages/protocol/src',
    mustNot: ['@steward/'],
    because: 'agent and server share it, so it depends on neither',
  },
  { from: 'packages/model/src', mustNot: ['@steward/'], because: 'it says what AWS says, and nothing of ours' },
  {
    from: 'packages/agent/src',
    mustNot: ['@steward/server', '@steward/model', '@aws-sdk/'],
    because: 'nodes run it: it must stay small, and knows the server by the wire only',
  },
  {
    from: 'packages/session-client/src',
    mustNot: ['@steward/server', '@steward/agent', '@steward/model', 'node:'],
    because: 'browsers run it: it knows the server by the wire only, and nothing of Node',
  },
  {
    from: 'packages/cli/src',
    mustNot: ['@steward/server', '@steward/agent'],
    because: 'the command line is a client of the public API, like any other',
  },
  {
    from: 'packages/console/src',
    mustNot: ['@steward/server', '@steward/agent', '@steward/testkit', 'steward/', 'node:'],
    because: 'the console is a client of the public API, like any other, and runs in browsers',
  },
  {
    from: `${SERVER}/kernel`,
    mustNot: [`${SERVER}/door`, `${SERVER}/gateway`, `${SERVER}/capabilities`, `${SERVER}/iam`, `${SERVER}/work`],
    because: 'everything stands on the kernel',
  },
  {
    from: `${SERVER}/db`,
    mustNot: [`${SERVER}/door`, `${SERVER}/gateway`, `${SERVER}/capabilities`, `${SERVER}/iam`, `${SERVER}/work`],
    because: 'the database serves whoever asks',
  },
  {
    from: `${SERVER}/door`,
    mustNot: [`${SERVER}/capabilities`],
    because: 'engines consume declarations and never know a capability',
  },
  {
    from: `${SERVER}/gateway`,
    mustNot: [`${SERVER}/capabilities`],
    because: 'engines consume declarations and never know a capability',
  },
  {
    from: `${SERVER}/vault`,
    mustNot: [`${SERVER}/capabilities`, `${SERVER}/door`, `${SERVER}/gateway`, `${SERVER}/work`, `${SERVER}/iam`],
    because: 'who seals a secret declares where it rests; the vault does not know whose it is',
  },
  {
    from: `${SERVER}/work`,
    mustNot: [`${SERVER}/capabilities`, `${SERVER}/door`],
    because: 'a task does not know who woke it',
  },
  {
    from: `${SERVER}/capabilities`,
    mustNot: [`${SERVER}/door`, `${SERVER}/gateway`, `${SERVER}/work`, `${SERVER}/iam`, `${SERVER}/vault`, '@aws-sdk/'],
    but: `${SERVER}/iam/policy/`,
    because: 'capabilities declare; the engines come to them. Only what policies say is theirs to read too',
  },
  {
    from: `${SERVER}/iam/policy`,
    mustNot: [`${SERVER}/db`, `${SERVER}/iam/decide`, `${SERVER}/iam/sealed`],
    because: 'what policies say is pure',
  },
]

/** A capability may import those to its left only, and only their index. */
const ORDER = [
  'tags',
  'settings',
  'iam',
  'events',
  'keys',
  'identity',
  'sign-in',
  'nodes',
  'groups',
  'objects',
  'documents',
  'parameters',
  'logs',
  'commands',
  'sessions',
  'recordings',
  'compliance',
  'inventory',
  'associations',
  'data-sync',
  'topics',
  'resource-groups',
  'audit',
  'evidence',
  'fleet',
]

interface Import {
  readonly file: string
  /** Path within the checkout, or the name of a package. */
  readonly target: string
}

const imports = ['packages', 'e2e', 'bench'].flatMap((folder) => sources(join(ROOT, folder))).flatMap(importsOf)

test('imports stay within their boundaries', () => {
  const broken = FORBIDDEN.flatMap(({ from, mustNot, but, because }) =>
    imports
      .filter(({ file, target }) => file.startsWith(`${from}/`) && mustNot.some((place) => target.startsWith(place)))
      .filter(({ target }) => but === undefined || !target.startsWith(but))
      .map(({ file, target }) => `${file} imports ${target}: ${because}`),
  )
  assert.deepEqual(broken, [])
})

test('a capability imports others through their index, and only towards the left', () => {
  const prefix = `${SERVER}/capabilities/`
  const broken = imports.flatMap(({ file, target }) => {
    if (!file.startsWith(prefix) || !target.startsWith(prefix)) return []
    const [from, to] = [file, target].map((path) => path.slice(prefix.length).split('/')[0]!)
    if (from === to || !target.slice(prefix.length).includes('/')) return []
    if (target !== `${prefix}${to}/index.ts`) return [`${file} imports ${target}, not the index of ${to}`]
    return ORDER.indexOf(to!) < ORDER.indexOf(from!)
      ? []
      : [`${file} imports ${to}, which stands to the right of ${from}`]
  })
  assert.deepEqual(broken, [])
})

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules') && !path.includes('/generated/') && !path.includes('/testing/'))
}

function importsOf(path: string): Import[] {
  const file = relative(ROOT, path)
  const text = readFileSync(path, 'utf8')
  const found = text.matchAll(
    /^(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  )
  return [...found].map((match) => ({ file, target: resolve(file, (match[1] ?? match[2] ?? match[3])!) }))
}

function resolve(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(file), specifier))
  if (specifier.startsWith('#')) return `${file.split('/src/')[0]}/src/${specifier.slice(1)}`
  return specifier
}
