// Transactions: the whole of Synthea's sample, a person a bundle; conditions within bundles; and that
// a bundle is there whole or not at all, whenever the program is killed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { isLong, openExchange } from '../lib/exchange.mjs'
import { admitted, lacking, synthea } from '../oracle/records.mjs'

const skip = lacking()
// The most kills that hit a transaction under way; each costs a start.
const KILLS = isLong ? 100 : 6

let exchange
before(async () => (exchange = await openExchange()))
after(() => exchange?.close())

const entryOf = (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } })
const transaction = (entry) => ({ resourceType: 'Bundle', type: 'transaction', entry })
const isCreated = (one) => one.response.status.startsWith('201')

test("the whole of Synthea's sample, a transaction for each person", { skip }, async (context) => {
  const system = exchange.as('hospital-records')
  const people = synthea()
  const nobodys = people.get('')
  const sent = await system.send('POST', '', { resourceType: 'Bundle', type: 'batch', entry: nobodys.map(entryOf) })
  assert.equal(sent.body.entry.filter(isCreated).length, nobodys.length)
  people.delete('')

  let stored = 0
  let largest = 0
  const started = performance.now()
  for (const [person, record] of people) {
    const { status, body, text } = await system.send('POST', '', transaction(record.map(entryOf)))
    assert.equal(status, 200, `${person}: ${text.slice(0, 300)}`)
    assert.equal(body.entry.filter(isCreated).length, record.length, person)
    stored += record.length
    largest = Math.max(largest, record.length)
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  context.diagnostic(`${people.size} transactions, ${stored} resources in ${seconds} s, the largest with ${largest}; ${nobodys.length} of nobody's before them`)
  assert.equal(stored + nobodys.length, 7160)

  // Sent again, nothing changes.
  const [, smallest] = [...people].sort((one, other) => one[1].length - other[1].length)[0]
  const again = await system.send('POST', '', transaction(smallest.map(entryOf)))
  assert(again.body.entry.every((one) => one.response.status.startsWith('200') && one.response.etag === 'W/"1"'))
})

const weight = (subject, value, identifier) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'Weight' },
  subject: { reference: subject },
  valueQuantity: { value },
  ...(identifier ? { identifier: [{ system: 'urn:orders', value: identifier }] } : {})
})

test('entries refer to one another, and a bundle about two people is refused whole', async () => {
  const system = exchange.as('hospital-records')
  const patient = 'urn:uuid:3fdc72f4-a11d-4a9d-9260-a9f745779e1d'
  const entry = [
    { fullUrl: 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a', resource: weight(patient, 71), request: { method: 'POST', url: 'Observation' } },
    { fullUrl: patient, resource: { resourceType: 'Patient', name: [{ family: 'Bundlewell' }] }, request: { method: 'POST', url: 'Patient' } },
    { resource: { ...admitted('x'), id: undefined, subject: { reference: patient } }, request: { method: 'POST', url: 'Encounter' } }
  ]
  const { status, body, text } = await system.send('POST', '', transaction(entry))
  assert.equal(status, 200, text)
  const id = /Patient\/(\w+)\//.exec(body.entry[1].response.location)[1]
  const found = await exchange.as('ifeoma-nwosu').get(`Observation?patient=${id}`)
  assert.equal(found.body.entry[0].resource.subject.reference, `Patient/${id}`)

  const other = { resource: { resourceType: 'Patient', id: 'bundle-other', name: [{ family: 'Otherwell' }] }, request: { method: 'PUT', url: 'Patient/bundle-other' } }
  const both = await system.send('POST', '', transaction([{ resource: weight(`Patient/${id}`, 72), request: { method: 'POST', url: 'Observation' } }, other]))
  assert.equal(both.status, 422)
  assert.equal((await exchange.as('ifeoma-nwosu').get(`Observation?patient=${id}&_summary=count`)).body.total, 1)
})

test('one wrong entry undoes all others', async () => {
  const system = exchange.as('hospital-records')
  const patient = { resourceType: 'Patient', id: 'undone', name: [{ family: 'Undonewell' }] }
  await system.send('PUT', 'Patient/undone', patient)
  await system.send('PUT', 'Encounter/now-undone', admitted('undone'))
  const good = [1, 2, 3].map((value) => entryOf({ ...weight('Patient/undone', value), id: `undone-${value}` }))
  const wrong = entryOf({ ...weight('Patient/undone', 4), id: 'undone-4', status: 'weighed' })
  const { status, body } = await system.send('POST', '', transaction([...good, wrong]))
  assert.equal(status, 400)
  assert.match(body.issue[0].expression[0], /entry\[3\]|Observation\.status/)
  const found = await exchange.as('ifeoma-nwosu').get('Observation?patient=undone&_summary=count')
  assert.equal(found.body.total, 0)
})

test('a bundle is there whole or not at all, whenever the program is killed', async (context) => {
  const system = exchange.as('hospital-records')
  const doctor = () => exchange.as('ifeoma-nwosu')
  await system.send('PUT', 'Patient/killed', { resourceType: 'Patient', id: 'killed', name: [{ family: 'Killwell' }] })
  await system.send('PUT', 'Encounter/now-killed', admitted('killed'))
  const size = 60
  const bundle = (round) =>
    transaction(Array.from({ length: size }, (_, place) => entryOf({ ...weight('Patient/killed', round, `${round}`), id: `killed-${round}-${place}` })))
  let [acknowledged, whole, none] = [0, 0, 0]
  // Just started, as after each kill: nothing is warm.
  await exchange.kill()
  await exchange.restart()
  const began = performance.now()
  assert.equal((await system.send('POST', '', bundle(0))).status, 200)
  const usual = performance.now() - began
  const counted = async (round) => (await doctor().get(`Observation?patient=killed&identifier=urn:orders|${round}&_summary=count`)).body.total
  assert.equal(await counted(0), size, 'what was acknowledged is counted')
  for (let round = 1; round <= KILLS; round++) {
    const sent = system.send('POST', '', bundle(round)).then(
      ({ status }) => status === 200,
      () => false
    )
    await new Promise((resolve) => setTimeout(resolve, (3 * usual * round) / KILLS))
    await exchange.kill()
    const isTold = await sent
    await exchange.restart()
    const total = await counted(round)
    assert(total === 0 || total === size, `${total} of ${size} are there`)
    assert(!isTold || total === size, 'what was acknowledged is there')
    if (isTold) acknowledged++
    if (total === size) whole++
    else none++
  }
  context.diagnostic(`${KILLS} kills: ${whole} bundles whole, ${acknowledged} of them acknowledged, ${none} not there at all`)
})
