import { type Command, Option } from 'commander'
import { parseSince, parseWholeNumber } from '#arguments.ts'
import type { Io } from '#io.ts'

/** `steward params …` */
export function addParams(steward: Command, io: Io, end: (exitCode: number) => void): void {
  const params = steward.command('params').description('parameters and secrets').addHelpText('after', HELP)
  params
    .command('list')
    .description('list parameters as a tree, without their values')
    .argument('[path]', 'only what is under it')
    .option('--json', 'print what the API answers')
    .action(async (path, options) => (await import('#commands/params-list.ts')).paramsList(io, path, options))
  params
    .command('get')
    .description('print a value, decrypted')
    .argument('<name>', 'with :VERSION or :LABEL for another than the latest')
    .option('--json', 'print what the API answers')
    .action(async (name, options) => (await import('#commands/params-get.ts')).paramsGet(io, name, options))
  params
    .command('put')
    .description('write a value: a new parameter, or a new version of one')
    .argument('<name>')
    .argument('[value]', 'read from standard input when left out, so that it is in no list of processes')
    .addOption(new Option('--type <type>', 'default: as it is, or String').choices(TYPES))
    .option('--secure', 'the same as --type SecureString')
    .option('--description <text>', 'what it is for')
    .option('--key <key>', 'id, ARN or alias of the key that a SecureString is encrypted under')
    .addOption(new Option('--tier <tier>').choices(['Standard', 'Advanced', 'Intelligent-Tiering']))
    .option('--new', 'refuse if it is there already')
    .action(async (name, value, options) =>
      (await import('#commands/params-put.ts')).paramsPut(io, name, value, options),
    )
  addVersions(params, io, end)
  addFiles(params, io, end)
  addPublic(params, io)
  addUse(params, io)
}

const TYPES = ['String', 'StringList', 'SecureString']
const version = (text: string) => parseWholeNumber('A version', text, 1, Number.MAX_SAFE_INTEGER)

function addVersions(params: Command, io: Io, end: (exitCode: number) => void): void {
  params
    .command('history')
    .description('list the versions of a parameter')
    .argument('<name>')
    .option('--values', 'with their values, decrypted')
    .option('--json', 'print what the API answers')
    .action(async (name, options) => (await import('#commands/params-history.ts')).paramsHistory(io, name, options))
  params
    .command('diff')
    .description('show what changed between two versions; exit code 1 if something did')
    .argument('<name>')
    .argument('[from]', 'default: the one before', version)
    .argument('[to]', 'default: the latest', version)
    .option('--decrypt', 'show the values of SecureStrings')
    .action(async (name, from, to, options) => {
      end(await (await import('#commands/params-diff.ts')).paramsDiff(io, name, from, to, options))
    })
  params
    .command('rollback')
    .description('make the value of an earlier version the latest again')
    .argument('<name>')
    .argument('<version>', 'its number', version)
    .action(async (name, wanted) => (await import('#commands/params-rollback.ts')).paramsRollback(io, name, wanted))
}

function addFiles(params: Command, io: Io, end: (exitCode: number) => void): void {
  const formats = ['env', 'json']
  params
    .command('export')
    .description('print all parameters under a path with their values, decrypted')
    .argument('[path]')
    .addOption(new Option('--format <format>').choices(formats).default('json'))
    .action(async (path, options) => (await import('#commands/params-export.ts')).paramsExport(io, path, options))
  params
    .command('import')
    .description('write what a file says, where it is not so already; exit code 1 if some of it cannot be')
    .argument('<file>', 'a .env or .json file, or - for standard input')
    .option('--path <path>', 'put names that do not begin with a slash under this path')
    .addOption(new Option('--format <format>', 'default: by the name of the file').choices(formats))
    .option('--secure', 'make all of them SecureStrings')
    .option('--dry-run', 'say what would be written, and write nothing')
    .action(async (file, options) =>
      end(await (await import('#commands/params-import.ts')).paramsImport(io, file, options)),
    )
}

function addPublic(params: Command, io: Io): void {
  params
    .command('publish')
    .description('make the public parameters under a path, which everybody may read, what a file says')
    .argument('<file>', 'a .env or .json file, or - for standard input')
    .requiredOption('--path <path>', 'such as /aws/service/images')
    .addOption(new Option('--format <format>', 'default: by the name of the file').choices(['env', 'json']))
    .option('--prune', 'delete what is there and not in the file')
    .option('--dry-run', 'say what would be written, and write nothing')
    .action(async (file, options) => (await import('#commands/params-publish.ts')).paramsPublish(io, file, options))
}

function addUse(params: Command, io: Io): void {
  const since = () =>
    new Option('--since <time>', 'an instant, or how long ago, such as 30d')
      .argParser(parseSince)
      .default(new Date(Date.now() - NINETY_DAYS_MS), '90d')
  params
    .command('readers')
    .description('list who read a parameter, and when last, as the audit trail knows')
    .argument('<name>')
    .addOption(since())
    .option('--json', 'print JSON')
    .action(async (name, options) => (await import('#commands/params-readers.ts')).paramsReaders(io, name, options))
  params
    .command('unused')
    .description('list the parameters that nobody read')
    .argument('[path]', 'only what is under it')
    .addOption(since())
    .option('--json', 'print what the API answers of them')
    .action(async (path, options) => (await import('#commands/params-unused.ts')).paramsUnused(io, path, options))
}

const NINETY_DAYS_MS = 90 * 86_400_000

const HELP = `
  steward params list /shop
  steward params put /shop/db/password --secure < password.txt
  steward params get /shop/db/password:3
  steward params diff /shop/banner 4 7
  steward params rollback /shop/banner 4
  steward params readers /shop/db/password --since 30d
  steward params export /shop --format env > shop.env
  steward params import shop.env --path /shop-test --dry-run`
