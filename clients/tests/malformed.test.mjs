// What is malformed is refused in words, and never by a fault of ours; what is well formed is stored.
// HL7's StructureDefinitions, read by a judge that shares nothing with the program, say which is which.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { each, isLong, openExchange } from '../lib/exchange.mjs'
import { parametersOf } from '../oracle/definitions.mjs'
import { broken, mutant, nonsense } from '../oracle/mutants.mjs'
import { chance } from '../oracle/questions.mjs'
import { admitted, contribute, examples, lacking } from '../oracle/records.mjs'
import { faultOf } from '../oracle/structure.mjs'

const MANY = isLong ? { mutants: 6_000, broken: 2_000, queries: 4_000 } : { mutants: 500, broken: 150, queries: 350 }
const SHOWN = 8
const skip = lacking()

let exchange
let system
let sound
let patient
before(async () => {
  if (skip) return
  exchange = await openExchange()
  system = exchange.as('hospital-records')
  const all = examples()
  await contribute(system, all)
  await contribute(system, [admitted('example')])
  patient = (await exchange.as('ifeoma-nwosu').get('Patient/example')).body.id
  // Those that are taken as they are: what a change of them does is then told from their structure.
  const told = await each(all, 4, (one) => system.send('PUT', `${one.resourceType}/${one.id}`, one))
  const isSmall = (one) => JSON.stringify(one).length < 8_000
  sound = all.filter((one, place) => told[place].status < 300 && isSmall(one) && !['Patient', 'Consent', 'Bundle', 'Encounter', 'AuditEvent'].includes(one.resourceType))
})
after(() => exchange?.close())

/** Puts a resource; of two at once one is asked to look again. */
async function puts(address, text) {
  const answer = await system.send('PUT', address, text)
  return answer.status === 409 ? puts(address, text) : answer
}

/** That an answer is a refusal in words, or none. */
function unfit({ status, body, text }) {
  if (status >= 500) return `answered ${status}: ${text.slice(0, 200)}`
  if (status >= 400 && body?.resourceType !== 'OperationOutcome') return `answered ${status} without an outcome: ${text.slice(0, 200)}`
  return undefined
}

test('a changed resource is stored if and only if its structure is right', { skip }, async (context) => {
  assert(sound.length > 300, `${sound.length} examples`)
  const draw = chance(11)
  const all = Array.from({ length: MANY.mutants }, () => {
    const from = draw.pick(sound)
    return { from, ...mutant(from, draw) }
  })
  let [stored, refused, structural] = [0, 0, 0]
  const faults = await each(all, 4, async ({ from, what, text, isStructural }) => {
    const answer = await puts(`${from.resourceType}/${from.id}`, text)
    const wrong = unfit(answer)
    if (wrong) return `${from.resourceType}/${from.id} ${what}: ${wrong}`
    answer.status < 300 ? stored++ : refused++
    if (!isStructural) return undefined
    structural++
    const fault = faultOf(JSON.parse(text))
    const isStored = answer.status < 300
    if (isStored === !fault) return undefined
    return `${from.resourceType}/${from.id} ${what}: answered ${answer.status} ${answer.body?.issue?.[0]?.details?.text ?? ''} ${answer.body?.issue?.[0]?.expression ?? ''}, judged ${fault ?? 'right'}`
  })
  const wrong = faults.filter(Boolean)
  context.diagnostic(`${all.length} changed: ${stored} stored, ${refused} refused; ${structural} judged, ${wrong.length} differ`)
  assert.equal(wrong.length, 0, `${wrong.length} differ:\n  ${wrong.slice(0, SHOWN).join('\n  ')}`)
  assert(stored > all.length / 20 && refused > all.length / 4, `${stored} stored, ${refused} refused`)
})

test('what is no JSON, or the worst of it, is refused in words', { skip }, async (context) => {
  const draw = chance(12)
  const all = Array.from({ length: MANY.broken }, () => {
    const from = draw.pick(sound)
    return { from, bytes: broken(JSON.stringify(from), draw) }
  })
  const statuses = new Map()
  const faults = await each(all, 4, async ({ from, bytes }) => {
    const method = draw.happens(0.2) ? 'POST' : 'PUT'
    const answer = await system.send(method, method === 'POST' ? from.resourceType : `${from.resourceType}/${from.id}`, bytes)
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    return unfit(answer)
  })
  const wrong = faults.filter(Boolean)
  context.diagnostic(`${all.length} broken: ${[...statuses].map(([status, count]) => `${count} answered ${status}`).join(', ')}`)
  assert.deepEqual(wrong.slice(0, SHOWN), [])
})

test('a query that makes no sense is answered in words', { skip }, async (context) => {
  const doctor = exchange.as('ifeoma-nwosu')
  const draw = chance(13)
  const types = ['Observation', 'Condition', 'Encounter', 'Patient', 'Organization', 'ValueSet', 'MedicationRequest', 'Location']
  const all = Array.from({ length: MANY.queries }, () => {
    const type = draw.pick(types)
    return nonsense(type, [...parametersOf(type).keys()], patient, draw)
  })
  let found = 0
  const faults = await each(all, 4, async (query) => {
    const answer = await doctor.get(query)
    if (answer.status === 200) found++
    const wrong = unfit(answer)
    return wrong && `${query}: ${wrong}`
  })
  const wrong = faults.filter(Boolean)
  context.diagnostic(`${all.length} queries, ${found} answered, ${all.length - found} refused`)
  assert.deepEqual(wrong.slice(0, SHOWN), [])
})

test('the program is well after all this', { skip }, async () => {
  const ready = await fetch(exchange.base.replace(/fhir$/, 'readyz'))
  assert.equal(ready.status, 200)
  assert.doesNotMatch(exchange.said(), /panicked/)
})
