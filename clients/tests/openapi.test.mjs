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
import { ownersOf, partOf } from '../lib/openapi.mjs'
import { DAYS, admit, finding } from '../lib/patient.mjs'

const program = join(import.meta.dirname, '../.venv/bin/schemathesis')
const SEED = 20270111
// With every change the whole interface, a record's type, a directory's, a definition's, and the operations; every type in the long run.
const SOME = ['', '_search', 'Observation', 'Patient', 'Organization', 'ValueSet']
const EXAMPLES = isLong ? 2 : 4
// In the long run so many types at a time, and so long for them: of 1,736 operations at once its memory and time grow without end.
const TYPES_AT_ONCE = 10
const SECONDS = isLong ? 80 : 300
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

/** The document as it is served, in the parts that are tested one after another. */
async function parts() {
  const served = await fetch(exchange.base.replace(/fhir$/, 'openapi.json'))
  const document = await served.json()
  const all = isLong ? ownersOf(document) : SOME
  const groups = []
  while (groups.flat().length < all.length) groups.push(all.slice(groups.flat().length).slice(0, isLong ? TYPES_AT_ONCE : all.length))
  return groups.map((owners) => partOf(document, owners))
}

test('schemathesis finds no fault of ours and no answer that breaks its schema', async (context) => {
  const patient = await admit(exchange, 'schema-1', 'Schemawell')
  const doctor = exchange.as('ifeoma-nwosu')
  for (const day of DAYS) await doctor.send('POST', 'Observation', finding(patient, day))
  // So that there is something to find: whoever is named by chance has no record.
  const settings = join(folder, 'schemathesis.toml')
  writeFileSync(settings, `[parameters]\npatient = "${patient}"\nsubject = "${patient}"\n"path.id" = "${patient}"\n`)
  const sum = { selected: 0, tested: 0, cases: 0 }
  const faults = []
  for (const part of await parts()) {
    const began = Date.now()
    const found = await held(part, settings)
    for (const key of Object.keys(sum)) sum[key] += found[key]
    if (found.isWrong) faults.push(found.said.slice(-8000))
    const seconds = Math.round((Date.now() - began) / 1000)
    if (isLong) console.log(`${part.owners[0]} to ${part.owners.at(-1)}: ${found.tested} of ${found.selected} operations, ${found.cases} requests in ${seconds} s`)
  }
  context.diagnostic(`${sum.tested} of ${sum.selected} operations, at most ${EXAMPLES} examples of each, ${sum.cases} requests, seed ${SEED}`)
  assert.deepEqual(faults, [])
  assert(sum.cases >= 100, `${sum.cases} requests`)
  assert(sum.tested * 2 > sum.selected, `only ${sum.tested} operations were reached in time`)
})

/** Holds the program against a part of the document. */
async function held(part, settings) {
  const file = join(folder, 'openapi.json')
  writeFileSync(file, JSON.stringify(part.document))
  const { isWrong, said } = await run([
    ...['--config-file', settings, 'run', file, '--url', exchange.base],
    ...['-H', `Authorization: Bearer ${exchange.bearer('ifeoma-nwosu')}`],
    ...['--seed', String(SEED), '--max-examples', String(EXAMPLES), '--phases', 'fuzzing', '--checks', CHECKS.join(',')],
    ...['--workers', '2', '--no-color', '--generation-database', 'none', '--suppress-health-check', 'all']
  ])
  const number = (pattern) => Number(pattern.exec(said)?.[1] ?? 0)
  return { isWrong, said, selected: number(/Selected: (\d+)/), tested: number(/Tested: (\d+)/), cases: number(/(\d+) generated/) }
}

/** Runs it until it has done or its time is over; what it found wrong by then counts. */
async function run(args) {
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let isCut = false
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  // As Ctrl-C, so that it sums up.
  const end = setTimeout(() => (isCut = child.kill('SIGINT')), SECONDS * 1000)
  const [code] = await once(child, 'close')
  clearTimeout(end)
  return { said, isWrong: isCut ? /= (FAILURES|ERRORS) =/.test(said) : code !== 0 }
}
