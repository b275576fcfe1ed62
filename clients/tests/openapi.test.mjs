// Schemathesis makes requests out of the OpenAPI document, good ones and bad ones, and holds every
// answer against it: nothing is answered by a fault of ours, or in another form than is promised.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { isLong, openExchange } from '../lib/exchange.mjs'
import { DAYS, admit, finding } from '../lib/patient.mjs'

const program = join(import.meta.dirname, '../.venv/bin/schemathesis')
const SEED = 20270111
// With every change the whole interface, a record's type, a directory's, a definition's, and the operations; every type in the long run.
const SOME = '^/(_search)?$|^/(Observation|Patient|Organization|ValueSet)(/|$)'
const EXAMPLES = isLong ? 3 : 4
const CHECKS = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance']

let exchange
let folder
before(async () => {
  exchange = await openExchange()
  folder = mkdtempSync(join(tmpdir(), 'candour-openapi-'))
})
after(async () => {
  await exchange?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

test('schemathesis finds no fault of ours and no answer that breaks its schema', async (context) => {
  const patient = await admit(exchange, 'schema-1', 'Schemawell')
  const doctor = exchange.as('ifeoma-nwosu')
  for (const day of DAYS) await doctor.send('POST', 'Observation', finding(patient, day))
  // So that there is something to find: whoever is named by chance has no record.
  const settings = join(folder, 'schemathesis.toml')
  writeFileSync(settings, `[parameters]\npatient = "${patient}"\nsubject = "${patient}"\n"path.id" = "${patient}"\n`)
  const { code, said } = await run([
    ...['--config-file', settings, 'run', exchange.base.replace(/fhir$/, 'openapi.json')],
    ...['-H', `Authorization: Bearer ${exchange.bearer('ifeoma-nwosu')}`],
    ...['--seed', String(SEED), '--max-examples', String(EXAMPLES), '--phases', 'fuzzing', '--checks', CHECKS.join(',')],
    ...['--workers', '2', '--no-color', '--generation-database', 'none', '--suppress-health-check', 'all'],
    ...(isLong ? [] : ['--include-path-regex', SOME])
  ])
  const [, selected] = /Selected: (\d+)/.exec(said) ?? []
  const [, cases] = /(\d+) generated/.exec(said) ?? []
  context.diagnostic(`${selected} operations, at most ${EXAMPLES} examples of each, ${cases} requests, seed ${SEED}`)
  assert.equal(code, 0, said.slice(-8000))
  assert(Number(cases) >= 100, said.slice(-2000))
})

async function run(args) {
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  const [code] = await once(child, 'close')
  return { code, said }
}
