// How the cost of searching, creating and reading grows with what is held: the same questions over ten
// thousand resources and over a million, decided and logged like any others.
//
//   node scripts/bench/search.mjs [--sizes 10000,1000000] [--samples 200] [--bin PROGRAM]
//
// alone measures nothing else, and prints what run.mjs puts into the report.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startDemo, token } from '../demo.mjs'
import { percentile } from './machine.mjs'
import { birthOf, familyOf, givenOf, identifierOf, recordOf, writePeople } from './people.mjs'

// Whoever looks for people too often is asked to wait: these take turns.
const FINDERS = ['ruksana-chaudhry', 'lachlan-baxter', 'maggie-torrance', 'kirsten-halcrow', 'sheila-mathieson', 'aonghas-macphail']
const READER = 'ruksana-chaudhry'
/** So many questions that look for a person: they are limited for each worker. */
const FOUND = 60

/** The questions, each as an address made from the number of a person. */
const SHAPES = {
  name: (number) => `Patient?name=${givenOf(number)}%20${familyOf(number)}&birthdate=${birthOf(number)}`,
  identifier: (number) => `Patient?identifier=${identifierOf(number).system}%7C${identifierOf(number).value}`,
  'birth date': (number) => `Patient?_id=bench-${number}&birthdate=ge1930-01-01`,
  'patient + code': (number) => `Observation?patient=bench-${number}&code=http://loinc.org%7C8867-4`,
  'patient + dates': (number) => `Observation?patient=bench-${number}&date=ge2022-01-01&date=lt2025-01-01`,
  'patient + value': (number) => `Observation?patient=bench-${number}&code-value-quantity=http://loinc.org%7C2339-0$gt100`,
  chain: (number) => `Observation?patient=bench-${number}&encounter:Encounter.status=in-progress&_count=10`,
  _has: (number) => `Encounter?patient=bench-${number}&_has:Observation:encounter:code=http://loinc.org%7C718-7`,
  _include: (number) => `Observation?patient=bench-${number}&code=http://loinc.org%7C29463-7&_include=Observation:encounter`,
  _revinclude: (number) => `Encounter?patient=bench-${number}&_revinclude=Condition:encounter`,
  sorted: (number) => `Observation?patient=bench-${number}&_sort=-date&_count=5`,
  everything: (number) => `Patient/bench-${number}/$everything`
}

/** Asks one question after another; p50, p99 and how many a second. */
async function timed(samples, ask) {
  const times = []
  const started = performance.now()
  for (let sample = 0; sample < samples; sample++) {
    const from = performance.now()
    await ask(sample)
    times.push(performance.now() - from)
  }
  const seconds = (performance.now() - started) / 1000
  return { p50_ms: percentile(times, 50), p99_ms: percentile(times, 99), per_second: Math.round(samples / seconds), samples }
}

/** Fills a new exchange with so many resources, and asks. */
async function measure(bin, scratch, size, samples) {
  const folder = mkdtempSync(join(scratch, 'search-'))
  const data = join(folder, 'demo')
  await (await startDemo({ bin, data })).stop()
  const file = join(folder, 'people.ndjson')
  const people = writePeople(file, size)
  const started = performance.now()
  const command = ['import', file, '--data', data, '--as', 'hospital', '--json', '--rejects', join(folder, 'rejects')]
  const told = JSON.parse(execFileSync(bin, command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  const importSeconds = (performance.now() - started) / 1000
  const report = { resources: told.created, people, import_per_second: Math.round(told.created / importSeconds), shapes: {} }

  const server = await startDemo({ bin, data })
  try {
    const bearers = FINDERS.map((name) => token(bin, data, name, 'TREAT'))
    const reader = bearers[FINDERS.indexOf(READER)]
    const system = token(bin, data, 'hospital-records', 'TREAT')
    const send = async (path, bearer, options = {}) => {
      const headers = { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/fhir+json' }
      const reply = await fetch(`${server.base}/fhir/${path}`, { ...options, headers })
      const body = await reply.text()
      if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${body.slice(0, 200)}`)
      return body
    }
    // Spread over everybody, the same people for the same size.
    const somebody = (sample) => (sample * 7919 + 13) % people
    for (const [name, address] of Object.entries(SHAPES)) {
      const finds = name === 'name' || name === 'identifier'
      const bearer = (sample) => (finds ? bearers[sample % bearers.length] : reader)
      await send(address(somebody(samples)), bearer(0))
      report.shapes[name] = await timed(finds ? Math.min(samples, FOUND) : samples, (sample) => send(address(somebody(sample)), bearer(sample)))
    }
    report.read = await timed(samples, (sample) => send(`Observation/bench-${somebody(sample)}-1`, reader))
    report.create = await timed(samples, (sample) => {
      const { id, ...finding } = recordOf(somebody(sample)).at(-1)
      return send(finding.resourceType, system, { method: 'POST', body: JSON.stringify(finding) })
    })
  } finally {
    await server.stop()
  }
  report.bytes_on_disk_per_resource = Math.round(sizeOf(data) / report.resources)
  rmSync(folder, { recursive: true, force: true })
  return report
}

function sizeOf(folder) {
  const listed = execFileSync('find', [folder, '-type', 'f'], { encoding: 'utf8' }).trim().split('\n')
  return listed.reduce((sum, file) => sum + statSync(file).size, 0)
}

/** One report for each size. */
export async function measureSearches({ bin, scratch, sizes, samples }) {
  const reports = []
  for (const size of sizes) {
    console.error(`searching among ${size} resources`)
    reports.push(await measure(bin, scratch, size, samples))
  }
  return reports
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = resolve(import.meta.dirname, '../..')
  const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target')
  const { values } = parseArgs({
    options: {
      bin: { type: 'string', default: join(target, 'release/candour') },
      sizes: { type: 'string', default: '10000,1000000' },
      samples: { type: 'string', default: '200' }
    }
  })
  mkdirSync(target, { recursive: true })
  const scratch = mkdtempSync(join(target, 'bench-'))
  try {
    const sizes = values.sizes.split(',').map(Number)
    const reports = await measureSearches({ bin: resolve(values.bin), scratch, sizes, samples: Number(values.samples) })
    console.log(JSON.stringify(reports, null, 2))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
